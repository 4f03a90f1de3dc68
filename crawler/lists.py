"""Reads lists of addresses: one a line, empty lines and lines that begin with # passed over."""

from __future__ import annotations

import sys
from pathlib import Path

from crawler.addresses import clean_url
from db.errors import InputFileError


def read_urls(file: str) -> list[str]:
    """The addresses of a file, or of standard input for `-`.

    Raises `InputFileError` for a missing file and for a line that is no address, naming file and line.
    """
    name = "standard input" if file == "-" else file
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputFileError(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    urls: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        address = line.strip()
        if not address or address.startswith("#"):
            continue
        if clean_url(address) is None:
            raise InputFileError(f"{name}:{number}: not a web address: {address[:100]!r}")
        urls.append(address)
    return urls
