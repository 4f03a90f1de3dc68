"""`dateline extract`: JSON lines of pages in, JSON lines of articles out, in the same order."""

from __future__ import annotations

import contextlib
import gzip
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast
from urllib.parse import urlsplit

import orjson

from crawler.addresses import is_within
from crawler.extraction.page import Page
from crawler.fetching.settings import MAX_BODY
from crawler.sources import Source
from crawler.workers import Work, read_all
from db.errors import InputFileError
from db.line_problems import LineProblems
from db.model import Article, as_json


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of input, what they are called in messages, and where paths in them start."""

    stream: IO[bytes]
    name: str
    folder: Path


class _BadLine(Exception):
    """What is wrong with a line, in words."""

    def __init__(self, fact: str, page_id: str = "", url: str = "") -> None:
        super().__init__(fact)
        self.page_id, self.url = page_id, url


@contextlib.contextmanager
def open_lines(file: str) -> Iterator[Lines]:
    """A file of JSON lines, or standard input for `-`; raises `InputFileError` when it cannot be opened."""
    if file == "-":
        yield Lines(sys.stdin.buffer, "standard input", Path())
        return
    with contextlib.ExitStack() as opened:
        try:
            stream = opened.enter_context(Path(file).open("rb"))
        except OSError as error:
            raise InputFileError(f"{file} cannot be read: {error.strerror}") from error
        yield Lines(stream, file, Path(file).parent)


def extract_lines(lines: Lines, out: BinaryIO, sources: dict[str, Source], *, workers: int = 1) -> int:
    """Write one article a line and return the exit code: 0 if all lines were good, else 1.

    A bad line gives an article with `error` (and the id where it can be read) and one message that names
    file and line; the next line goes on. A page that holds no article is no bad line.
    """
    problems = LineProblems(lines.name, 'a JSON object with "id", "url" and "html" or "html_file"')

    def work() -> Iterator[Work]:
        for number, line in enumerate(lines.stream, start=1):
            if not line.strip():
                continue
            try:
                page = _read_line(line, lines.folder)
            except _BadLine as error:
                problems.bad(f"{number}: {error}")
                yield Article(id=error.page_id, url=error.url, error=str(error))
                continue
            problems.good()
            yield page, _source_of(page.url, sources)

    for article in read_all(work(), workers=workers):
        out.write(orjson.dumps(as_json(article)) + b"\n")
    out.flush()
    return problems.close()


def _read_line(line: bytes, folder: Path) -> Page:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise _BadLine(f"not JSON: {error}") from error
    if not isinstance(record, dict):
        raise _BadLine("not a JSON object")
    page_id, url = _text(record.get("id")), _text(record.get("url"))
    if not page_id:
        raise _BadLine("the key 'id' is missing", url=url)
    if not url:
        raise _BadLine("the key 'url' is missing", page_id)
    try:
        urlsplit(url)
    except ValueError as error:
        raise _BadLine(f"the key 'url' holds no address: {url[:100]!r}", page_id, url) from error
    try:
        body, content_type = _body(record, folder)
    except _BadLine as error:
        raise _BadLine(str(error), page_id, url) from error
    return Page(id=page_id, url=url, body=body, content_type=content_type)


def _body(record: dict[str, object], folder: Path) -> tuple[bytes, str | None]:
    if isinstance(html := record.get("html"), str):
        return html.encode("utf-8", "replace"), "text/html; charset=utf-8"
    name = record.get("html_file")
    if not isinstance(name, str):
        raise _BadLine("neither 'html' nor 'html_file' holds a page")
    try:
        with (folder / name).open("rb") as file, _unpacking(file, name) as unpacked:
            body = unpacked.read(MAX_BODY + 1)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise _BadLine(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(body) > MAX_BODY:
        raise _BadLine(f"{name} holds more than {MAX_BODY // 2**20} MB")
    return body, None


def _unpacking(file: BinaryIO, name: str) -> contextlib.closing[IO[bytes]]:
    packed = name.endswith(".gz")
    return contextlib.closing(cast(IO[bytes], gzip.GzipFile(fileobj=file)) if packed else file)


def _source_of(url: str, sources: dict[str, Source]) -> Source | None:
    return next((source for source in sources.values() if is_within(url, source.sites)), None)


def _text(value: object) -> str:
    return str(value) if isinstance(value, (str, int, float)) else ""
