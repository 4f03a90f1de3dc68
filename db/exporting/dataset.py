"""Writes a data set: the files of its format, and the papers that say what it is.

The same store, query and options give byte-identical files. Files appear whole or not at all, `datapackage.json`
last: a folder that has one is finished. An export that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import orjson

from db.errors import InputFileError, UsageError, WorkError
from db.exporting.croissant import croissant
from db.exporting.files import ExportedFile, file_hash, told_failures, whole_file
from db.exporting.formats import Format, Partition, Target, find_format
from db.exporting.hashing import hashing, writes
from db.exporting.package import data_package
from db.exporting.pages import citation, citation_line, codebook_page, readme
from db.exporting.papers import Facts, gather_facts
from db.exporting.selection import choosing
from db.history import Moment, is_recorded, latest_change, moment_of
from db.query import EventQuery
from db.store import Store

PACKAGE = "datapackage.json"
UNFINISHED = "unfinished.json"
"""What an interrupted export has finished; the next one with the same question takes it over."""
PAPERS = ("README.md", "CODEBOOK.md", "CITATION.cff", "croissant.json", PACKAGE)


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
    advance: Callable[[], None] = lambda: None,
) -> list[ExportedFile]:
    """Write the events that match `query`, with all that belongs to them, and return the files written.

    Raises InputFileError when the folder cannot be made or written, UsageError for an unknown format or one that
    cannot do without texts, WorkError when the folder holds something that is not a data set of ours.
    """
    options = options or Options()
    chosen = find_format(file_format)
    if chosen.needs_texts and not options.texts:
        raise UsageError(
            f"{chosen.name} is made of the texts themselves; --no-text needs csv, jsonl, parquet, huggingface, stata, "
            "spss, web-annotation, geojson, gdelt or polecat"
        )
    since = _since(store, options.changes_since)
    prepare(folder)
    with told_failures(folder), choosing(store.db, query, since) as selection, hashing(store) as content:
        target = Target(
            folder=folder,
            selection=selection,
            texts=options.texts,
            partition=options.partition,
            advance=advance,
        )
        files = _write_parts(target, chosen, key_of(store, query, chosen, options))
        facts = gather_facts(
            selection,
            query,
            chosen,
            texts=options.texts,
            licence=options.licence,
            content_hash=content(),
            since=since.at if since else None,
        )
        write_papers(folder, facts, files)
        (folder / UNFINISHED).unlink(missing_ok=True)
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


def prepare(folder: Path) -> None:
    """Make the folder, or empty it of an earlier data set of ours; what others put there is never touched."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        present = {p.name for p in folder.iterdir()}
    except OSError as error:
        raise InputFileError(
            f"{folder} cannot be used as a folder: {error.strerror}. Name another one"
        ) from error
    if present and not present & {PACKAGE, UNFINISHED}:
        raise WorkError(
            f"{folder} holds other files ({sorted(present)[0]}, ...). Name an empty or new folder"
        )
    if PACKAGE in present:
        _remove_earlier(folder)
    for part in folder.rglob("*.part"):
        part.unlink(missing_ok=True)
    if not (folder / UNFINISHED).exists():
        (folder / UNFINISHED).write_bytes(b"{}")


def write_papers(folder: Path, facts: Facts, files: list[ExportedFile]) -> None:
    """Write README, codebook, citation, Croissant and, last, the data package."""
    papers = {
        "README.md": readme(facts, files),
        "CODEBOOK.md": codebook_page(facts, files),
        "CITATION.cff": citation(facts),
        "croissant.json": croissant(facts, files, citation_line(facts)),
        PACKAGE: data_package(facts, files),
    }
    for name, content in papers.items():
        with whole_file(folder, name) as path:
            path.write_bytes(content)


def _remove_earlier(folder: Path) -> None:
    try:
        package = orjson.loads((folder / PACKAGE).read_bytes())
        names = [str(resource["path"]) for resource in package["resources"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WorkError(
            f"{folder / PACKAGE} is no description of ours. Name an empty or new folder"
        ) from error
    root = folder.resolve()
    # The package goes first: a folder that is being emptied is no finished data set.
    for name in (PACKAGE, *PAPERS, *names):
        path = (folder / name).resolve()
        if path.is_relative_to(root) and path != root:
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                path.parent.rmdir() if path.parent != root else None
    folder.mkdir(exist_ok=True)
    (folder / UNFINISHED).write_bytes(b"{}")


def _write_parts(target: Target, chosen: Format, key: str) -> list[ExportedFile]:
    done = _finished_parts(target.folder, key)
    for part in chosen.parts:
        if part.name not in done:
            done[part.name] = list(part.write(target))
            _remember(target.folder, key, done)
    return [file for part in chosen.parts for file in done[part.name]]


def _finished_parts(folder: Path, key: str) -> dict[str, list[ExportedFile]]:
    try:
        content = orjson.loads((folder / UNFINISHED).read_bytes())
        parts = {
            name: [ExportedFile(**{**file, "columns": tuple(file["columns"])}) for file in files]
            for name, files in content["parts"].items()
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    if content["key"] != key:
        return {}
    return {name: files for name, files in parts.items() if all(_holds(folder, f) for f in files)}


def _holds(folder: Path, file: ExportedFile) -> bool:
    path = folder / file.name
    return path.is_file() and path.stat().st_size == file.bytes and file_hash(path) == file.sha256


def _remember(folder: Path, key: str, done: dict[str, list[ExportedFile]]) -> None:
    parts = {name: [asdict(file) for file in files] for name, files in done.items()}
    with whole_file(folder, UNFINISHED) as path:
        path.write_bytes(orjson.dumps({"key": key, "parts": parts}))
