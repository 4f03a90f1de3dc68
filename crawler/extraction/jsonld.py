"""Reads what a page says of itself in JSON-LD: the one object that is the article, however it is wrapped."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml.html import HtmlElement

from crawler.addresses import canonical_url

ARTICLE_TYPES = re.compile(r"(?:Article|NewsArticle|BlogPosting|Report|Reportage|LiveBlogPosting|News)$")
MAX_SCRIPT = 2_000_000
Object = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What JSON-LD says of the article; empty where it says nothing."""

    headline: str | None = None
    authors: tuple[str, ...] = ()
    corporate_authors: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    publisher: str | None = None
    section: str | None = None
    image: str | None = None
    language: str | None = None
    url: str | None = None
    is_free: bool = True
    organisations: frozenset[str] = field(default_factory=frozenset)


def read_statement(tree: HtmlElement, url: str) -> Statement:
    """The article's own statement; that for this page's address where a page carries several."""
    objects = [found for script in _scripts(tree) for found in _objects(script)]
    by_id = {str(found["@id"]): found for found in objects if "@id" in found and len(found) > 1}
    articles = [found for found in objects if _is_article(found)]
    if not articles:
        return Statement(organisations=frozenset(_organisations(objects)))
    here = canonical_url(url)
    article = next(
        (found for found in articles if here and canonical_url(_address(found) or "") == here), None
    )
    article = article or next((found for found in articles if _text(found.get("headline"))), articles[0])
    return _statement(article, by_id, objects)


def _statement(article: Object, by_id: dict[str, Object], objects: list[Object]) -> Statement:
    people = [_resolved(person, by_id) for person in _listed(article.get("author") or article.get("creator"))]
    publisher = next((_resolved(p, by_id) for p in _listed(article.get("publisher"))), None)
    return Statement(
        headline=_text(article.get("headline")) or _text(article.get("name")),
        authors=tuple(name for person in people if not _is_organisation(person) for name in _names(person)),
        corporate_authors=tuple(
            name for person in people if _is_organisation(person) for name in _names(person)
        ),
        published=_text(article.get("datePublished")) or _text(article.get("dateCreated")),
        modified=_text(article.get("dateModified")),
        publisher=next(iter(_names(publisher)), None) if publisher else None,
        section=next((_text(s) for s in _listed(article.get("articleSection")) if _text(s)), None),
        image=next((_image(_resolved(i, by_id)) for i in _listed(article.get("image"))), None),
        language=_text(article.get("inLanguage")),
        url=_address(article),
        is_free=str(article.get("isAccessibleForFree", True)).strip().lower() not in ("false", "0", "no"),
        organisations=frozenset(
            {*_organisations(objects), *(name for p in people if _is_organisation(p) for name in _names(p))}
        ),
    )


def _scripts(tree: HtmlElement) -> Iterator[str]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            text = "".join(script.itertext())
            if text.strip() and len(text) <= MAX_SCRIPT:
                yield text


def _objects(script: str) -> Iterator[Object]:
    """Every object of a script, at any depth that a wrapper gives it."""
    waiting = [_parse(script)]
    while waiting:
        found = waiting.pop(0)
        if isinstance(found, list):
            waiting[:0] = found
        elif isinstance(found, dict):
            yield found
            for key in ("@graph", "mainEntity", "mainEntityOfPage", "publisher", "itemListElement"):
                waiting.extend(item for item in _listed(found.get(key)) if isinstance(item, (dict, list)))


def _parse(script: str) -> Any:
    text = script.strip().removeprefix("<!--").removesuffix("-->").strip().rstrip(";")
    text = re.sub(r"^\s*(?://)?\s*<!\[CDATA\[|(?://)?\s*\]\]>\s*$", "", text)
    repairs = (
        lambda t: t,
        lambda t: re.sub(r",\s*([}\]])", r"\1", t),
        lambda t: re.sub(r'\\(?!["\\/bfnrtu])', r"\\\\", t),
        html.unescape,
    )
    for repair in repairs:
        text = repair(text)
        try:
            return json.JSONDecoder(strict=False).raw_decode(text)[0]
        except (ValueError, RecursionError):
            continue
    return None


def _is_article(found: Object) -> bool:
    return any(isinstance(kind, str) and ARTICLE_TYPES.search(kind) for kind in _listed(found.get("@type")))


def _is_organisation(found: Any) -> bool:
    kinds = _listed(found.get("@type")) if isinstance(found, dict) else []
    return "Person" not in kinds and any(
        isinstance(kind, str) and kind.endswith(("Organization", "Corporation", "WebSite")) for kind in kinds
    )


def _organisations(objects: list[Object]) -> Iterator[str]:
    for found in objects:
        if _is_organisation(found):
            yield from _names(found)


def _resolved(value: Any, by_id: dict[str, Object]) -> Any:
    if isinstance(value, dict) and "@id" in value and "name" not in value:
        return by_id.get(str(value["@id"]), value)
    return value


def _names(person: Any) -> Iterator[str]:
    values = _listed(person.get("name")) if isinstance(person, dict) else [person]
    if isinstance(person, dict) and not values and _text(person.get("familyName")):
        values = [f"{_text(person.get('givenName')) or ''} {_text(person.get('familyName'))}"]
    for value in values:
        if isinstance(value, str) and value.strip():
            yield _text(value) or ""


def _image(value: Any) -> str | None:
    if isinstance(value, dict):
        value = next(iter(_listed(value.get("url") or value.get("contentUrl"))), None)
    return value if isinstance(value, str) and value.strip() else None


def _address(article: Object) -> str | None:
    for value in (article.get("mainEntityOfPage"), article.get("url"), article.get("@id")):
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str) and value.startswith("http"):
            return value
    return None


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    plain = html.unescape(html.unescape(re.sub(r"</?[a-z][^<>]*>", "", value)))
    return " ".join(plain.split()) or None
