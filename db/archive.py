"""The archive of every page read: WARC files, one group of them a run, each record with its digest.

A record is on the disk before any row refers to it: call `sync` between writing pages and committing rows.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from isal import isal_zlib
from isal.igzip_lib import IsalError
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordbuilder import RecordBuilder
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders

from db.errors import InputFileError, VerificationFailed
from db.model import WarcReference

ROLL_AT = 256 * 1024 * 1024
MAX_BODY = 20 * 1024 * 1024
MAX_RECORD = MAX_BODY + 1024 * 1024
BLOCK = 1 << 16
Headers = tuple[tuple[str, str], ...]
GZIP_LEVEL = 2
"""Of ISA-L's four: a sixth of the time of zlib's level 4, for a tenth more space."""
WRITER = RecordBuilder(warc_version="WARC/1.1")
# The body is kept as decoded, so what described its form on the wire would be wrong.
WIRE_HEADERS = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedPage:
    """A page as it came: final address, HTTP status, headers, decoded body."""

    url: str
    status: int
    headers: Headers
    body: bytes
    fetched: datetime

    def header(self, name: str) -> str | None:
        """The first header of this name, in any case; None if there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def payload_digest(body: bytes) -> str:
    """The digest that rows and records carry: `sha256:` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(body).hexdigest()


class ArchiveWriter:
    """Writes `RUN-00000.warc.gz` and so on into a folder; a file is begun with its first page."""

    def __init__(self, folder: Path, run_id: str, *, roll_at: int = ROLL_AT) -> None:
        self._folder, self._run_id, self._roll_at = folder, run_id, roll_at
        self._file: BinaryIO | None = None
        self._number = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(
        self, url: str, status: int, headers: Iterable[tuple[str, str]], body: bytes, fetched: datetime
    ) -> WarcReference:
        """Append one page and say where it lies; it is safe only after `sync`."""
        file = self._open()
        offset, digest = file.tell(), payload_digest(body)
        kept = [(name, value) for name, value in headers if name.lower() not in WIRE_HEADERS]
        http = StatusAndHeaders(str(status), [*kept, ("Content-Length", str(len(body)))], protocol="HTTP/1.1")
        record = WRITER.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(),
            length=0,
            http_headers=http,
            warc_headers_dict={
                "WARC-Date": f"{fetched.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
                "WARC-Payload-Digest": digest,
            },
        )
        self._append(record, http.to_ascii_bytes(), body)
        return WarcReference(file=self._name(), offset=offset, digest=digest)

    def sync(self) -> None:
        """Bring everything written so far to the disk."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Sync and close the current file."""
        if self._file is not None:
            self.sync()
            self._file.close()
            self._file = None

    def _open(self) -> BinaryIO:
        if self._file is not None and self._file.tell() >= self._roll_at:
            self.close()
            self._number += 1
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            # "x": two runs never share a file, so a torn end of a killed run is followed by nothing.
            self._file = (self._folder / self._name()).open("xb")
            about = {"software": "Dateline", "format": "WARC File Format 1.1"}
            record = WRITER.create_warcinfo_record(self._name(), about)
            self._append(record, record.raw_stream.read())
        return self._file

    def _append(self, record: ArcWarcRecord, *block: bytes) -> None:
        """Write a record as a gzip member of its own."""
        assert self._file is not None
        record.rec_headers.replace_header("Content-Type", record.content_type)
        record.rec_headers.replace_header("Content-Length", str(sum(map(len, block))))
        # Not with warcio's own writer: it packs with zlib's level 9, which takes ten times as long for a tenth less
        # space, and copies and hashes every page once more.
        packer = isal_zlib.compressobj(GZIP_LEVEL, isal_zlib.DEFLATED, 16 + isal_zlib.MAX_WBITS)
        for part in (record.rec_headers.to_bytes(encoding="utf-8"), *block, b"\r\n\r\n"):
            self._file.write(packer.compress(part))
        self._file.write(packer.flush())

    def _name(self) -> str:
        return f"{self._run_id}-{self._number:05d}.warc.gz"


def read_record(folder: Path, reference: WarcReference) -> ArchivedPage:
    """The page at a reference; raises `VerificationFailed` naming file and offset unless it is that page."""
    place = f"{folder / reference.file} at offset {reference.offset}"
    try:
        with (folder / reference.file).open("rb") as file:
            file.seek(reference.offset)
            plain = _read_member(file)
        record = next(iter(ArchiveIterator(io.BytesIO(plain), check_digests=False)), None)
        if record is None or record.rec_type != "response":
            raise VerificationFailed(f"{place}: no page lies there")
        page = _page(record)
    except FileNotFoundError as error:
        raise VerificationFailed(f"{place}: the file is not there") from error
    except (OSError, ArchiveLoadFailed, IsalError, EOFError, ValueError, AttributeError) as error:  # type: ignore[misc]
        raise VerificationFailed(f"{place}: no readable page begins there") from error
    if payload_digest(page.body) != reference.digest:
        raise VerificationFailed(
            f"{place}: the page is not the one that was kept ({payload_digest(page.body)}, "
            f"expected {reference.digest})"
        )
    return page


def read_pages(path: Path) -> Iterator[ArchivedPage]:
    """Every response of a WARC or ARC file, in its order; `InputFileError` when it is not such a file."""
    try:
        with path.open("rb") as file:
            if not _is_archive(file):
                raise InputFileError(f"{path} is not a WARC file, or is damaged")
            for record in ArchiveIterator(file, arc2warc=True):
                if record.rec_type == "response" and record.http_headers is not None:
                    yield _page(record)
    except OSError as error:
        raise InputFileError(f"{path} cannot be read: {error.strerror or error}") from error
    except (ArchiveLoadFailed, zlib.error, EOFError, ValueError) as error:
        raise InputFileError(f"{path} is not a WARC file, or is damaged") from error


def _is_archive(file: BinaryIO) -> bool:
    """Whether a file begins like a WARC or ARC file, packed or not; the file is at its beginning again."""
    beginning = file.read(BLOCK)
    file.seek(0)
    if beginning.startswith(b"\x1f\x8b"):
        with contextlib.suppress(IsalError):  # type: ignore[arg-type]
            beginning = isal_zlib.decompressobj(16 + isal_zlib.MAX_WBITS).decompress(beginning, 64)
    return beginning.lstrip().startswith((b"WARC/", b"filedesc:"))


def _read_member(file: BinaryIO) -> bytes:
    """What one gzip member holds; raises EOFError when it is cut off, `IsalError` when it is damaged."""
    unpacker = isal_zlib.decompressobj(16 + isal_zlib.MAX_WBITS)
    parts: list[bytes] = []
    left = MAX_RECORD
    while not unpacker.eof and left > 0:
        block = unpacker.unconsumed_tail or file.read(BLOCK)
        if not block:
            raise EOFError
        parts.append(unpacker.decompress(block, left))
        left -= len(parts[-1])
    return b"".join(parts)


def _page(record: ArcWarcRecord) -> ArchivedPage:
    headers = record.rec_headers
    stated = headers.get_header("WARC-Date") or "1970-01-01T00:00:00Z"
    http = record.http_headers
    return ArchivedPage(
        url=headers.get_header("WARC-Target-URI") or "",
        status=int(http.get_statuscode() or 0),
        headers=tuple((str(name), str(value)) for name, value in http.headers),
        body=record.content_stream().read(MAX_BODY + 1)[:MAX_BODY],
        fetched=datetime.fromisoformat(stated.replace("Z", "+00:00")),
    )
