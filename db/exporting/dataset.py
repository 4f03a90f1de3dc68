"""Writes a data set: the files of its format, and the papers that say what it is.

The same store, query and options give byte-identical files. Files appear whole or not at all, `datapackage.json`
last: a folder that has one is finished. An export that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

import orjson

from db.errors import InputFileError, UsageError, WorkError
from db.exporting.croissant import croissant
from db.exporting.files import ExportedFile
from db.exporting.formats import Format, Part, Partition, Target, find_format
from db.exporting.hashing import hashing, writes
from db.exporting.package import data_package
from db.exporting.pages import citation, citation_line, codebook_page, readme
from db.exporting.papers import Facts, gather_facts
from db.exporting.parquet_tables import is_by_month
from db.exporting.selection import choosing
from db.exporting.tables import load_tables
from db.exporting.workplace import PACKAGE, Workplace, working_in
from db.history import Moment, is_recorded, latest_change, moment_of
from db.progress import Begin
from db.query import EventQuery
from db.store import Store
from db.verification import CONTENT_TABLES

NOTE_EVERY = 5.0
"""Seconds after which the files of a part that takes long are noted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a data set is written: with the articles' words or not, under which licence, in months or not."""

    texts: bool = True
    licence: str = "CC-BY-4.0"
    partition: Partition = "auto"
    changes_since: str | None = None
    """A run's id, a date or the folder of an earlier data set: only what changed since."""


def export_dataset(
    store: Store,
    folder: Path,
    file_format: str,
    query: EventQuery,
    options: Options | None = None,
    begin: Begin = lambda step, count: lambda number: None,
) -> list[ExportedFile]:
    """Write the events that match `query`, with all that belongs to them, and return the files written.

    Raises what `working_in` raises, and UsageError for an unknown format or one that cannot do without texts.
    """
    options = options or Options()
    chosen = find_format(file_format)
    if chosen.needs_texts and not options.texts:
        raise UsageError(
            f"{chosen.name} is made of the texts themselves; --no-text needs csv, jsonl, parquet, huggingface, stata, "
            "spss, web-annotation, geojson, gdelt or polecat"
        )
    since = _since(store, options.changes_since)
    with (
        choosing(store.db, query, since) as selection,
        working_in(folder, key_of(store, query, chosen, options)) as work,
    ):
        target = Target(
            folder=work.path, selection=selection, texts=options.texts, partition=options.partition
        )
        with hashing(store, selection.sums if _reads_everything(chosen, target) else None) as content:
            files = _write_parts(target, chosen, work, begin)
            total = content()
        facts = gather_facts(
            selection,
            query,
            chosen,
            texts=options.texts,
            licence=options.licence,
            content_hash=total,
            since=since.at if since else None,
        )
        work.publish(papers_of(facts, files))
    return files


def _since(store: Store, told: str | None) -> Moment | None:
    if told is None:
        return None
    if not is_recorded(store.db):
        raise WorkError(
            f"{store.path} has changes that a run has not finished with. Finish it with 'dateline tag', then export"
        )
    package = Path(told) / PACKAGE
    if not package.is_file():
        return moment_of(store.db, told)
    try:
        return Moment(at=str(orjson.loads(package.read_bytes())["changes_until"]), after=True)
    except (ValueError, KeyError, TypeError) as error:
        raise InputFileError(f"{package} does not say until when its changes go: {error!r}") from error


def key_of(store: Store, query: EventQuery, chosen: Format, options: Options) -> str:
    """What makes two exports the same: state of the store, question, program and options."""
    state = (str(store.path.absolute()), writes(store.db), latest_change(store.db))
    return repr((state, version("dateline"), query, chosen.name, options))


def papers_of(facts: Facts, files: list[ExportedFile]) -> dict[str, bytes]:
    """README, codebook, citation, Croissant and the data package, by name."""
    papers = {
        "README.md": readme(facts, files),
        "CODEBOOK.md": codebook_page(facts, files),
        "CITATION.cff": citation(facts),
        "croissant.json": croissant(facts, files, citation_line(facts)),
    }
    return {**papers, PACKAGE: data_package(facts, files, papers)}


def _reads_everything(chosen: Format, target: Target) -> bool:
    """Whether all content is read in the order in which it is summed up."""
    content = load_tables().keys() & set(CONTENT_TABLES)
    return content <= {part.name for part in chosen.parts} and not (
        chosen.months and any(is_by_month(target, table) for table in content)
    )


def _written(part: Part, target: Target, work: Workplace) -> list[ExportedFile]:
    files: list[ExportedFile] = []
    noted = time.monotonic()
    for file in part.write(target):
        files.append(file)
        if time.monotonic() - noted > NOTE_EVERY:
            work.remember_begun(part.name, files)
            noted = time.monotonic()
    return files


def _write_parts(target: Target, chosen: Format, work: Workplace, begin: Begin) -> list[ExportedFile]:
    for part in chosen.parts:
        if part.name not in work.done:
            rows = part.name if part.name in load_tables() else chosen.rows
            advance = begin(part.name, partial(target.selection.count, rows))
            finished = {file.name: file for file in work.begun.get(part.name, ())}
            target = replace(target, advance=advance, finished=finished)
            work.remember(part.name, _written(part, target, work))
    return [file for part in chosen.parts for file in work.done[part.name]]
