"""What a server answered, freed from Scrapy's types, and whether it is a page at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from scrapy.http import Response

from crawler.fetching.failures import GIVE_AN_ARTICLE, Trouble

WEB_PAGE = re.compile(r"html|^text/plain|^$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer: final address, status, headers, decoded body."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The first header of this name, in any case; None if there is none."""
        return next((value for key, value in self.headers if key.lower() == name), None)


def answer_of(response: Response) -> Answer:
    """The answer in a Scrapy response."""
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return Answer(url=response.url, status=response.status, headers=headers, body=response.body)


def trouble_of_page(response: Response, asked: str) -> Trouble | None:
    """Why an answer with a good status is no article page; None when it may be one."""
    header = response.headers.get("Content-Type") or b""
    content_type = header.decode("latin-1").partition(";")[0].strip()
    if not WEB_PAGE.search(content_type):
        return Trouble(f"not a web page but {content_type}", "skipped", remedy=GIVE_AN_ARTICLE)
    if not response.body.strip():
        return Trouble("the server sent an empty page")
    if urlsplit(response.url).path in ("", "/") and urlsplit(asked).path not in ("", "/"):
        return Trouble("the address leads to the front page", "skipped", remedy=GIVE_AN_ARTICLE)
    return None
