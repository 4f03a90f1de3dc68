"""`croissant.json`: the data set's files, tables and columns in MLCommons Croissant, for machine learning tools."""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath
from typing import Any

import orjson

from db.exporting.files import MEDIA_TYPES, ExportedFile
from db.exporting.package import shape_of
from db.exporting.papers import DESCRIPTION, TITLE, Facts
from db.exporting.tables import fields_of, load_tables

CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {"string": "sc:Text", "integer": "sc:Integer", "number": "sc:Float", "json": "sc:Text"}
_TURNED = ("date", "modified")
"""Readers of JSON lines that stand on pandas turn columns of these names into timestamps, which no type allows; lists
of objects have no type either. Both are in the file all the same."""
_READABLE = (".csv", ".jsonl", ".parquet")


def croissant(facts: Facts, files: list[ExportedFile], citation: str) -> bytes:
    """The description of all files; tables that are one file can be loaded record by record."""
    pieces = Counter(file.table for file in files)
    single = [file for file in files if file.table in load_tables() and pieces[file.table] == 1]
    described = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "dateline-export",
        "description": f"{TITLE}. {DESCRIPTION}",
        "license": licence_address(facts.licence),
        "url": f"urn:sha256:{facts.content_hash}",
        "version": facts.version,
        "datePublished": facts.as_of[:10],
        "citeAs": citation,
        "creator": {"@type": "sc:Organization", "name": facts.program},
        "inLanguage": list(facts.languages),
        "distribution": [_file(file) for file in files],
        "recordSet": [
            _records(facts, file) for file in single if PurePosixPath(file.name).suffix in _READABLE
        ],
    }
    return orjson.dumps(described, option=orjson.OPT_INDENT_2) + b"\n"


def licence_address(licence: str) -> str:
    """The address of a licence by its SPDX name."""
    return f"https://spdx.org/licenses/{licence}.html"


def _file(file: ExportedFile) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "contentUrl": file.name,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": MEDIA_TYPES.get(PurePosixPath(file.name).suffix, "text/plain"),
        "sha256": file.sha256,
    }


def _records(facts: Facts, file: ExportedFile) -> dict[str, Any]:
    assert file.table is not None
    table = load_tables()[file.table]
    texts = facts.texts and facts.format.name in ("csv", "jsonl", "parquet", "huggingface")
    fields = fields_of(file.table, shape_of(file.name), texts=texts)
    records: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": file.table,
        "name": file.table,
        "description": table.description,
        "key": [{"@id": f"{file.table}/{column}"} for column in table.key],
    }
    records["field"] = [
        {
            "@type": "cr:Field",
            "@id": f"{file.table}/{field.name}",
            "name": field.name,
            "description": field.column.description,
            "dataType": _TYPES[field.column.type],
            "source": {"fileObject": {"@id": file.name}, "extract": {"column": field.name}},
        }
        for field in fields
        if not (file.name.endswith(".jsonl") and (field.column.type == "json" or field.name in _TURNED))
    ]
    return records
