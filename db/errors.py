"""The errors that Dateline raises on purpose, one base class per question a caller asks.

DatelineError                     anything a user can mend; its text is one line, fit for stderr
├── UsageError                    the call was wrong: exit code 2
│   ├── InputFileError            a file named on the command line is missing or unreadable
│   ├── DataFileError             a declaration or reference file breaks its own rules
│   └── ModelError                the language model asked for is not installed or unfit
└── WorkError                     the call was right, the work failed: exit code 1
    ├── StoreError                the database cannot be used
    │   ├── NotOurDatabase        a SQLite file (or no SQLite file) that Dateline did not make
    │   ├── NewerDatabase         made by a newer version of the program
    │   └── StoreLocked           another process is writing
    ├── CrawlError                a crawl could not be started or ended badly
    ├── NotFound                  an id or name that the database does not hold
    └── VerificationFailed        something stored no longer matches its witness
"""

from __future__ import annotations

from pathlib import Path


class DatelineError(Exception):
    """Base of every error a user can mend; `exit_code` is the process's exit status."""

    exit_code = 1


class UsageError(DatelineError):
    """The call itself was wrong."""

    exit_code = 2


class InputFileError(UsageError):
    """A file named on the command line is missing or cannot be read."""


class DataFileError(UsageError):
    """A declaration or reference file breaks its own rules; says file, place and fact."""

    def __init__(self, file: Path | str, place: str, fact: str, *, remedy: str = "") -> None:
        self.file, self.place, self.fact = Path(file), place, fact
        where = f"{file}, {place}" if place else f"{file}"
        super().__init__(f"{where}: {fact}" + (f". {remedy}" if remedy else ""))


class ModelError(UsageError):
    """The language model asked for is not installed or lacks a component Dateline needs."""


class WorkError(DatelineError):
    """The call was right but the work failed."""


class StoreError(WorkError):
    """The database cannot be used."""


class NotOurDatabase(StoreError):
    """A file that Dateline did not make."""


class NewerDatabase(StoreError):
    """A database made by a newer version of the program."""


class StoreLocked(StoreError):
    """Another process is writing to the database."""


class CrawlError(WorkError):
    """A crawl could not be started, or ended badly."""


class NotFound(WorkError):
    """An id or name that the database does not hold."""


class VerificationFailed(WorkError):
    """Something stored no longer matches its witness."""
