"""The seal: sums over every page of the database and every archive file, so that one flipped byte is found.

SQLite checks how its pages hang together, not what they say, and a gzip member not its own header. The seal stands
beside the database (`dateline.db-seal`) and holds for as long as nobody writes: every transaction of ours that
changes something counts the database's `user_version` on, and a seal of another count says nothing about pages.
Archive files never change after their run, so their sums hold for ever.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from db.connection import lock_wait
from db.store import Store

FORMAT = 1
DIGEST_SIZE = 8
BLOCK = 1 << 20
PATIENCE_MS = 500
Progress = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What a seal file says: of which count of writes it is, the sums of the pages, and of the archive's files."""

    generation: int
    page_size: int
    pages: tuple[bytes, ...]
    archive: dict[str, tuple[int, str]] = field(default_factory=dict)
    damage: str | None = None


def seal_path(database: Path) -> Path:
    """Where the seal of a database stands: `dateline.db-seal` beside `dateline.db`."""
    return database.with_name(database.name + "-seal")


def seal_store(store: Store) -> bool:
    """Write the seal of a store opened for writing; False where a reader or writer at work is in the way.

    What the log holds is brought into the database file first, and nobody writes meanwhile.
    """
    if not _empty_the_log(store.db):
        return False
    known = _archive_sums(read_seal(store.path))
    store.db.execute("BEGIN IMMEDIATE")
    try:
        if _log_is_used(store.path):
            return False
        generation = store.db.execute("PRAGMA user_version").fetchone()[0]
        page_size = store.db.execute("PRAGMA page_size").fetchone()[0]
        sums = b"".join(page_sums(store.path, page_size))
    finally:
        store.db.rollback()
    files = {}
    for file in archive_files(store.archive):
        size = file.stat().st_size
        before = known.get(file.name)
        files[file.name] = before if before and before[0] == size else (size, file_sum(file))
    head: dict[str, Any] = {
        "format": FORMAT,
        "generation": generation,
        "page_size": page_size,
        "archive": files,
    }
    _write(seal_path(store.path), head, sums)
    return True


def read_seal(database: Path) -> Seal | None:
    """The seal of a database, or None where there is none; `damage` says so when its own sum does not hold."""
    try:
        content = seal_path(database).read_bytes()
    except OSError:
        return None
    head, _, rest = content.partition(b"\n")
    own, sums = rest[:32], rest[32:]
    if hashlib.sha256(head + sums).digest() != own:
        return Seal(generation=-1, page_size=0, pages=(), damage="it does not match its own sum")
    values = json.loads(head)
    pages = tuple(sums[i : i + DIGEST_SIZE] for i in range(0, len(sums), DIGEST_SIZE))
    archive = {name: (size, digest) for name, (size, digest) in values["archive"].items()}
    return Seal(generation=values["generation"], page_size=values["page_size"], pages=pages, archive=archive)


def check_seal(store: Store, progress: Progress | None = None) -> Iterator[str]:
    """Every page and archive file that is no longer as it was sealed; nothing where there is no seal."""
    seal = read_seal(store.path)
    if seal is None:
        return
    if seal.damage:
        yield f"{seal_path(store.path)}: the seal is damaged: {seal.damage}"
        return
    yield from _changed_files(store, seal, progress)
    if _log_is_used(store.path):
        return
    generation = store.db.execute("PRAGMA user_version").fetchone()[0]
    if generation == seal.generation or _only_the_count_changed(store.path, seal):
        yield from _changed_pages(store.db, store.path, seal)


def page_sums(database: Path, page_size: int) -> Iterator[bytes]:
    """The sum of each page of a database file."""
    with database.open("rb") as file:
        while page := file.read(page_size):
            yield hashlib.blake2b(page, digest_size=DIGEST_SIZE).digest()


def archive_files(folder: Path) -> list[Path]:
    """The files of an archive, by name."""
    return sorted(folder.glob("*.warc.gz")) if folder.is_dir() else []


def file_sum(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _archive_sums(seal: Seal | None) -> dict[str, tuple[int, str]]:
    return {} if seal is None else seal.archive


def _changed_files(store: Store, seal: Seal, progress: Progress | None) -> Iterator[str]:
    for name, (size, digest) in seal.archive.items():
        path = store.archive / name
        try:
            now = path.stat().st_size
            # A file may have grown since, while its run went on; what was sealed of it must still be there.
            if now < size or _sum_of_beginning(path, size) != digest:
                yield f"archive {path}: its bytes are not those that were sealed"
        except OSError as error:
            yield f"archive {path}: the file cannot be read ({error.strerror})"
        if progress:
            progress()


def _changed_pages(db: Database, database: Path, seal: Seal) -> Iterator[str]:
    number = 0
    for number, now in enumerate(page_sums(database, seal.page_size), 1):
        if number > len(seal.pages) or seal.pages[number - 1] != now:
            yield f"page {number} of {database}{_owner(db, number)}: its bytes are not those that were sealed"
    if number < len(seal.pages):
        yield f"{database}: {len(seal.pages) - number} of its pages are gone"


def _only_the_count_changed(database: Path, seal: Seal) -> bool:
    """Whether the count of writes differs and nothing else: then it was damaged, for a write changes other pages."""
    now = page_sums(database, seal.page_size)
    return all(a == b for number, (a, b) in enumerate(zip(now, seal.pages, strict=False)) if number > 0)


def _owner(db: Database, page: int) -> str:
    """Which table or index a page belongs to, where SQLite can tell."""
    import sqlite3

    try:
        row = db.execute("SELECT name FROM dbstat WHERE pageno = ?", [page]).fetchone()
    except sqlite3.Error:
        return ""
    return f" (of {row[0]})" if row else " (of no table)"


def _sum_of_beginning(path: Path, size: int) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while size > 0 and (block := file.read(min(BLOCK, size))):
            digest.update(block)
            size -= len(block)
    return digest.hexdigest()


def _empty_the_log(db: Database) -> bool:
    """Bring the log into the database file; False where somebody is reading or writing."""
    db.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
    try:
        return not db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        db.execute(f"PRAGMA busy_timeout = {int(lock_wait() * 1000)}")


def _log_is_used(database: Path) -> bool:
    log = database.with_name(database.name + "-wal")
    try:
        return log.stat().st_size > 0
    except OSError:
        return False


def _write(path: Path, head: dict[str, Any], sums: bytes) -> None:
    line = json.dumps(head, sort_keys=True).encode()
    temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
    with temporary.open("wb") as file:
        file.write(line + b"\n" + hashlib.sha256(line + sums).digest() + sums)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
