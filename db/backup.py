"""Copies a store while it is being written, and proves the copy before it takes its place."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from db.connection import connect, store_errors
from db.errors import InputFileError, VerificationFailed
from db.seal import archive_files, seal_store
from db.store import Store, archive_folder
from db.verification import content_hash

STEP = 2000
"""Pages copied at a time, between two words about the progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A finished backup: its file, bytes, articles, content hash, and the archive files copied and kept."""

    path: Path
    bytes: int
    articles: int
    content_hash: str
    archive_copied: int
    archive_kept: int


def backup_store(
    source: Path, target: Path, *, archive: bool = True, progress: Callable[[int, int], None] | None = None
) -> Backup:
    """Copy the database `source` to `target`, with its archive of pages beside it unless `archive` is false.

    Readers and writers go on meanwhile; the copy is what was committed when it began. It is checked (structure,
    foreign keys, content hash equal to the original's) before it replaces what stood at `target`; archive files
    that are there already are kept. `progress` hears pages done and pages in all. Raises InputFileError when the
    target is the store itself or its folder is missing, VerificationFailed when the copy is not equal, StoreError
    when the disk is full; whatever stood at `target` is then as it was.
    """
    _check_target(source, target)
    part = target.with_name(target.name + ".part")
    db = connect(source, "read")
    try:
        with store_errors(target):
            expected, articles = _copy(db, part, progress)
            _prove(part, expected)
            copied, kept = _copy_archive(source, target) if archive else (0, 0)
            part.replace(target)
            _remove_traces(target)
    finally:
        db.close()
        part.unlink(missing_ok=True)
    sealed = connect(target, "write")
    try:
        seal_store(Store(sealed, target))
    finally:
        sealed.close()
    return Backup(
        path=target,
        bytes=target.stat().st_size,
        articles=articles,
        content_hash=expected,
        archive_copied=copied,
        archive_kept=kept,
    )


def _check_target(source: Path, target: Path) -> None:
    if not target.absolute().parent.is_dir():
        raise InputFileError(
            f"the folder {target.absolute().parent} does not exist. Create it, or name another"
        )
    if target.exists() and source.exists() and target.samefile(source):
        raise InputFileError(f"{target} is the store itself. Name another file for the backup")
    if target.is_dir():
        raise InputFileError(f"{target} is a folder. Name a file for the backup")


def _copy(db: Database, part: Path, progress: Callable[[int, int], None] | None) -> tuple[str, int]:
    """Copy what is committed now; returns its content hash and its number of articles."""
    part.unlink(missing_ok=True)
    # In a read transaction: what others commit meanwhile is not seen, and the copy need not begin anew.
    db.execute("BEGIN")
    articles = int(db.execute("SELECT count(*) FROM articles").fetchone()[0])
    copy = sqlite3.connect(part)
    try:
        db.conn.backup(
            copy,
            pages=STEP,
            progress=lambda _, left, total: progress(total - left, total) if progress else None,
        )
        expected = content_hash(db)
    finally:
        copy.close()
        db.rollback()
    return expected, articles


def _prove(part: Path, expected: str) -> None:
    """Raise VerificationFailed unless the copy is whole and holds what the original held."""
    copy = Database(sqlite3.connect(part))
    try:
        faults = [row[0] for row in copy.execute("PRAGMA integrity_check") if row[0] != "ok"]
        faults += [f"{row[0]} row {row[1]} has no parent" for row in copy.execute("PRAGMA foreign_key_check")]
        if not faults and content_hash(copy) != expected:
            faults = ["its content hash is not that of the original"]
    except sqlite3.DatabaseError as error:
        faults = [str(error)]
    finally:
        copy.close()
    if faults:
        raise VerificationFailed(
            f"the copy {part} is not sound: {faults[0]}. Check the disk it is written to"
        )
    with part.open("rb") as file:
        os.fsync(file.fileno())


def _copy_archive(source: Path, target: Path) -> tuple[int, int]:
    """Bring the archive's files beside the copy; they never change once written, so those there are kept."""
    origin, folder = archive_folder(source), archive_folder(target)
    copied = kept = 0
    for file in archive_files(origin):
        there = folder / file.name
        if there.exists() and there.stat().st_size == file.stat().st_size:
            kept += 1
            continue
        folder.mkdir(exist_ok=True)
        part = there.with_name(there.name + ".part")
        shutil.copyfile(file, part)
        part.replace(there)
        copied += 1
    return copied, kept


def _remove_traces(target: Path) -> None:
    """A log left by what stood at the target before must not be read into the new file."""
    for end in ("-wal", "-shm", "-seal"):
        target.with_name(target.name + end).unlink(missing_ok=True)
