"""The folder of a data set while it is being written: nothing stands in it that its data package will not name.

Files are written in `unfinished/` within it and take their places when all are there, `datapackage.json` last. An
export that was killed leaves a note of its files: the next one goes on from there when it asks the same, and clears
them away when it does not.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import orjson

from db.errors import InputFileError, WorkError
from db.exporting.files import ExportedFile, file_hash, told_failures, whole_file

PACKAGE = "datapackage.json"
PLACED = "datapackage.json.part"
"""The package of a data set of which all other files are in their places."""
PAPERS = ("README.md", "CODEBOOK.md", "CITATION.cff", "croissant.json", PACKAGE, PLACED)
UNFINISHED = "unfinished"
NOTE = "finished.json"
MANY = 1_000
"""From so many files on, one sync of all disks is quicker than one of each file."""

Parts = dict[str, list[ExportedFile]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """Where a data set is being written; made by `working_in`."""

    folder: Path
    key: str
    done: Parts = field(default_factory=dict)
    """The files of the parts that are finished, by part."""
    begun: Parts = field(default_factory=dict)
    """Files of parts that are not, as far as they were noted."""

    @property
    def path(self) -> Path:
        """The folder to write files in."""
        return self.folder / UNFINISHED

    def remember(self, part: str, files: list[ExportedFile]) -> None:
        """Note a part as finished, so that it need not be written again."""
        self.done[part] = files
        self.begun.pop(part, None)
        self._write_note()

    def remember_begun(self, part: str, files: list[ExportedFile]) -> None:
        """Note what is finished of a part that takes long."""
        self.begun[part] = files
        self._write_note()

    def _write_note(self) -> None:
        done, begun = (
            {part: [asdict(file) for file in files] for part, files in parts.items()}
            for parts in (self.done, self.begun)
        )
        with whole_file(self.path, NOTE) as path:
            path.write_bytes(orjson.dumps({"key": self.key, "done": done, "begun": begun}))

    def publish(self, papers: dict[str, bytes]) -> None:
        """Put the files and papers in their places, the package last: from then on the data set is whole."""
        for name, content in papers.items():
            (self.path / name).write_bytes(content)
        names = [file.name for files in self.done.values() for file in files]
        _settle([self.path / name for name in (*names, *papers)])
        for name in (*names, *(paper for paper in papers if paper != PACKAGE)):
            _move(self.path / name, self.folder / name)
        _move(self.path / PACKAGE, self.folder / PLACED)
        shutil.rmtree(self.path)
        _move(self.folder / PLACED, self.folder / PACKAGE)


@contextmanager
def working_in(folder: Path, key: str) -> Iterator[Workplace]:
    """Take a folder for a data set: a new or empty one, or one that holds an earlier data set of ours and nothing else.

    `key` says what is asked; what an interrupted export with the same key has finished is taken over. Raises
    InputFileError when it cannot be a folder, WorkError when it holds other files, when another export is writing
    there, or when the disk takes no more.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise InputFileError(
            f"{folder} cannot be used as a folder: {error.strerror}. Name another one"
        ) from error
    try:
        _lock(held, folder)
        with told_failures(folder):
            done, begun = _make_room(folder, key)
            yield Workplace(folder=folder, key=key, done=done, begun=begun)
    finally:
        os.close(held)


def _make_room(folder: Path, key: str) -> tuple[Parts, Parts]:
    """Clear away what an earlier export left, or take over what it has finished of the same."""
    noted, done, begun = _note(folder)
    ours = {*PAPERS, *_packaged(folder), *(file.name for files in done.values() for file in files)}
    present = _files(folder)
    others = sorted(present - ours)
    if others:
        raise WorkError(
            f"{folder} holds other files ({others[0]}{', ...' if len(others) > 1 else ''}). Move them away, or name an "
            "empty or new folder"
        )
    if noted != key or PACKAGE in present:
        _empty(folder, present)
        done, begun = {}, {}
    (folder / UNFINISHED).mkdir(exist_ok=True)
    for name in _files(folder):
        _move(folder / name, folder / UNFINISHED / name)
    at = folder / UNFINISHED
    return (
        {part: files for part, files in done.items() if all(_holds(at, file) for file in files)},
        {part: [file for file in files if _holds(at, file)] for part, files in begun.items()},
    )


def _empty(folder: Path, present: set[str]) -> None:
    # A folder that is being emptied is no finished data set, and must still say what is ours in it if we are killed.
    if PACKAGE in present:
        _move(folder / PACKAGE, folder / PLACED)
    for name in present - {PLACED}:
        _remove(folder, name)
    shutil.rmtree(folder / UNFINISHED, ignore_errors=True)
    _remove(folder, PLACED)


def _note(folder: Path) -> tuple[str, Parts, Parts]:
    """What an interrupted export was asked, what it has finished and begun; empty where there is none."""
    try:
        content = orjson.loads((folder / UNFINISHED / NOTE).read_bytes())
        done, begun = (
            {
                part: [ExportedFile(**{**file, "columns": tuple(file["columns"])}) for file in files]
                for part, files in content[state].items()
            }
            for state in ("done", "begun")
        )
        return str(content["key"]), done, begun
    except (OSError, ValueError, KeyError, TypeError):
        return "", {}, {}


def _packaged(folder: Path) -> set[str]:
    """The files that the package of an earlier data set names."""
    for name in (PACKAGE, PLACED):
        with contextlib.suppress(FileNotFoundError):
            try:
                package = orjson.loads((folder / name).read_bytes())
                return {str(resource["path"]) for resource in package["resources"]}
            except (ValueError, KeyError, TypeError) as error:
                raise WorkError(
                    f"{folder / name} is no description of ours. Name an empty or new folder"
                ) from error
    return set()


def _files(folder: Path) -> set[str]:
    """The files of a folder and of the folders in it, apart from unfinished ones."""
    found = set()
    for at, _, names in os.walk(folder):
        place = Path(at).relative_to(folder)
        if place.parts[:1] != (UNFINISHED,):
            found |= {(place / name).as_posix() for name in names}
    return found


def _holds(folder: Path, file: ExportedFile) -> bool:
    path = folder / file.name
    return path.is_file() and path.stat().st_size == file.bytes and file_hash(path) == file.sha256


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)


def _remove(folder: Path, name: str) -> None:
    path = folder / name
    path.unlink(missing_ok=True)
    for parent in path.relative_to(folder).parents:
        with contextlib.suppress(OSError):
            (folder / parent).rmdir() if parent.parts else None


def _settle(paths: list[Path]) -> None:
    """Have the files on the disk before a package names them."""
    if len(paths) > MANY:
        os.sync()
        return
    for path in paths:
        with path.open("rb+") as file:
            os.fsync(file.fileno())


def _lock(held: int, folder: Path) -> None:
    """Keep the folder to ourselves until it is closed, or we are killed; some network disks know no locks."""
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise WorkError(
            f"another export is writing to {folder}. Wait for it to end, or name another folder"
        ) from error
    except OSError:
        return
