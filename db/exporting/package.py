"""`datapackage.json`: the data set as a Frictionless Data Package, with schemas, foreign keys and hashes."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any

import orjson

from db.exporting.files import MEDIA_TYPES, ExportedFile
from db.exporting.papers import DESCRIPTION, TEXT_NOTE, TITLE, Facts
from db.exporting.tables import Field, Shape, allowed_values, fields_of, load_tables

_TYPES = {"string": "string", "integer": "integer", "number": "number", "json": "string"}
_TABULAR = (".csv", ".tsv", ".jsonl", ".parquet")


def data_package(facts: Facts, files: list[ExportedFile], papers: dict[str, bytes]) -> bytes:
    """The descriptor of all files; its bytes depend on the data and the query alone.

    The last resources are the `papers`, as files that are no data, so that readers check their bytes as well.
    """
    pieces = Counter(file.table for file in files)
    whole = {file.table for file in files if pieces[file.table] == 1 and _is_table(file)}
    package = {
        "profile": "data-package",
        "name": "dateline-export",
        "title": TITLE,
        "description": DESCRIPTION,
        "version": facts.version,
        "licenses": [
            {"name": facts.licence, "title": "for the annotations; see text_rights for the articles"}
        ],
        "contributors": [{"title": facts.program, "role": "wrangler"}],
        "created_by": facts.program,
        "taggers": list(facts.taggers),
        "query": facts.filters,
        "since": facts.since,
        "changes_until": facts.changes_until,
        "content_hash": facts.content_hash,
        "as_of": facts.as_of,
        "languages": list(facts.languages),
        "first_day": facts.first_day,
        "last_day": facts.last_day,
        "licence": facts.licence,
        "format": facts.format.name,
        "texts": facts.texts,
        "text_rights": TEXT_NOTE,
        "resources": [
            *(_resource(facts, file, whole) for file in files),
            *(_paper(name, content) for name, content in papers.items()),
        ],
    }
    return (
        orjson.dumps({k: v for k, v in package.items() if v is not None}, option=orjson.OPT_INDENT_2) + b"\n"
    )


def shape_of(name: str) -> Shape:
    """The shape of a table in a file of this name."""
    return "nested" if name.endswith(".jsonl") else "flat"


def _is_table(file: ExportedFile) -> bool:
    """Whether a reader of data packages can take the file for a table; it stumbles over empty JSON lines."""
    suffix = PurePosixPath(file.name).suffix
    return file.table is not None and suffix in _TABULAR and (file.rows > 0 or suffix != ".jsonl")


def _paper(name: str, content: bytes) -> dict[str, Any]:
    suffix = PurePosixPath(name).suffix
    return {
        "name": name.lower(),
        "path": name,
        "profile": "data-resource",
        "type": "file",
        "format": suffix[1:],
        "mediatype": MEDIA_TYPES[suffix],
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{sha256(content).hexdigest()}",
        "paper": True,
    }


def _resource(facts: Facts, file: ExportedFile, whole: set[str | None]) -> dict[str, Any]:
    suffix = PurePosixPath(file.name).suffix
    name = file.table if file.table in whole else re.sub(r"[^a-z0-9._-]+", "-", file.name.lower())
    resource: dict[str, Any] = {
        "name": name,
        "path": file.name,
        "format": suffix[1:],
        "mediatype": MEDIA_TYPES.get(suffix, "text/plain"),
        "encoding": "utf-8",
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }
    if file.table:
        resource["table"] = file.table
    if file.table is None or not _is_table(file):
        return {**resource, "profile": "data-resource", "type": "file"}
    if suffix == ".parquet":
        # As a table, Frictionless would read Parquet through pandas and check neither bytes nor hash.
        resource |= {"profile": "data-resource", "type": "file"}
    else:
        resource |= {"profile": "tabular-data-resource", "type": "table", "rows": file.rows}
    if file.table not in load_tables():
        header = {} if file.table == "polecat" else {"header": False}
        resource["dialect"] = {"delimiter": "\t", "quoteChar": "\0", **header}
        return resource | {"schema": {"fields": [{"name": c, "type": "string"} for c in file.columns]}}
    texts = facts.texts if suffix in (".jsonl", ".parquet") or facts.format.name == "csv" else False
    fields = fields_of(file.table, shape_of(file.name), texts=texts)
    return resource | {
        "title": load_tables()[file.table].title,
        "schema": _schema(file.table, fields, whole, suffix),
    }


def _schema(name: str, fields: list[Field], whole: set[str | None], suffix: str) -> dict[str, Any]:
    table = load_tables()[name]
    return {
        "fields": [_field(field, suffix, required=field.name in table.key) for field in fields],
        "primaryKey": list(table.key),
        "missingValues": [""] if suffix == ".csv" else [],
        "foreignKeys": [
            {
                "fields": [column],
                "reference": {"resource": "" if parent == name else parent, "fields": ["id"]},
            }
            for column, parent in table.references.items()
            if parent in whole
        ],
    }


def _field(field: Field, suffix: str, *, required: bool) -> dict[str, Any]:
    kind = _TYPES[field.column.type]
    if suffix == ".jsonl" and field.column.type == "json":
        kind = "any"
    described: dict[str, Any] = {"name": field.name, "type": kind, "description": field.column.description}
    constraints: dict[str, Any] = {"required": True} if required else {}
    values = allowed_values(field.column)
    if values:
        # A cell that a spreadsheet would run has an apostrophe before it.
        guarded = ["'" + v if suffix == ".csv" and v in ("=", "+", "-") else v for v in values]
        constraints["enum"] = guarded
    return {**described, "constraints": constraints} if constraints else described
