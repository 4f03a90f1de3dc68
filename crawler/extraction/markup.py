"""Turns the bytes of a page into a tree, as a browser would, and text of a tree into words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from parsel.csstranslator import HTMLTranslator
from w3lib.encoding import html_body_declared_encoding, html_to_unicode, http_content_type_encoding, read_bom

NOT_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
"""Characters that no tree takes, as `str.translate` wants them."""
NO_CHARACTER = re.compile(r"[\x01-\x08\x0e-\x1f\x7f\ufffd]")
DAMAGED = 0.02
"""The share of control and replacement characters from which bytes are no text in any encoding."""
ENOUGH = 20_000
"""Characters that tell it."""
INLINE = frozenset(
    {
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
    }
    | {"mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
)
INVISIBLE_CHARACTERS = re.compile(r"[\u200b\u200c\u2060\ufeff\u00ad]")
ENDS, BEGINNINGS = frozenset(':!?.…”“"»’'), frozenset('„“"«‘¿¡')
INVISIBLE = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "button", "form"})
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_translator = HTMLTranslator()


def decode(body: bytes, content_type: str | None = None) -> str:
    """The page's text: by byte order mark, header, declaration, in that order, else by what the bytes are.

    A declaration that the bytes contradict loses: text that is valid UTF-8 with accents is UTF-8.
    """
    if read_bom(body)[0] is None:
        declared = http_content_type_encoding(content_type) or html_body_declared_encoding(body)
        if declared != "utf-8" and not body.isascii():
            try:
                return body.decode("utf-8")
            except UnicodeDecodeError:
                pass
        if declared == "utf-8" and _is_not_utf8(body):
            return body.decode("cp1252", "replace")
    return html_to_unicode(content_type, body, auto_detect_fun=_detect, default_encoding="utf-8")[1]


def is_text(decoded: str) -> bool:
    """Whether decoded bytes are text at all, apart from a damaged place or two."""
    beginning = decoded[:ENOUGH]
    return len(NO_CHARACTER.findall(beginning)) <= DAMAGED * len(beginning)


def without_controls(text: str) -> str:
    """A text without the characters that no tree takes: nearly always the text itself."""
    return text.translate(NOT_XML) if any(chr(code) in text for code in NOT_XML) else text


def parse(text: str) -> HtmlElement | None:
    """The tree of a page; None when there is nothing in it. Deeper nesting than lxml's limit is cut off."""
    clean = without_controls(XML_DECLARATION.sub("", text))
    if not clean.strip():
        return None
    try:
        return document_fromstring(
            clean, parser=HTMLParser(encoding=None, remove_comments=True, remove_pis=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


class MetaTags:
    """The `meta` elements of a page by name, property or itemprop, in small letters."""

    def __init__(self, tree: HtmlElement) -> None:
        self._values: dict[str, list[str]] = {}
        for element in tree.iter("meta"):
            content = element.get("content")
            for attribute in ("property", "name", "itemprop"):
                name = element.get(attribute)
                if name and content and content.strip():
                    self._values.setdefault(name.strip().lower(), []).append(tidy(content))
                    break

    def first(self, *names: str) -> str | None:
        """The first value of the first name that has one."""
        return next((self._values[name][0] for name in names if name in self._values), None)

    def all(self, *names: str) -> list[str]:
        """All values of the first name that has one."""
        return next((self._values[name] for name in names if name in self._values), [])


def select(tree: HtmlElement, css: str) -> list[HtmlElement]:
    """The elements that a CSS selector finds, in the order of the page."""
    found = _compiled(css)(tree)
    return (
        [element for element in found if isinstance(element, HtmlElement)] if isinstance(found, list) else []
    )


def words(element: HtmlElement | None, *, between: str = "") -> str:
    """The visible text of an element, with single spaces.

    `between` parts two elements that follow each other without a space, which only their style sets apart.
    """
    if element is None:
        return ""
    pieces: list[str] = []
    _collect(element, pieces, between)
    return tidy("".join(pieces))


def tidy(text: str) -> str:
    """Text with single spaces, no invisible characters, and no space before punctuation that took none."""
    plain = text if text.isascii() else INVISIBLE_CHARACTERS.sub("", text)
    return " ".join(plain.split())


def first_words(tree: HtmlElement, selectors: Iterable[str]) -> str | None:
    """The text of the first element that a list of selectors, tried in order, finds with any text."""
    for css in selectors:
        for element in select(tree, css):
            if text := words(element):
                return text
    return None


@cache
def _compiled(css: str) -> etree.XPath:
    return etree.XPath(_translator.css_to_xpath(css))


def _collect(element: HtmlElement, pieces: list[str], between: str) -> None:
    if element.text:
        pieces.append(element.text)
    for child in element:
        if isinstance(child.tag, str) and child.tag not in INVISIBLE:
            block = child.tag not in INLINE
            if block:
                pieces.append(" ")
            elif between and _is_glued(child, pieces):
                pieces.append(between)
            _collect(child, pieces, between)
            if block:
                pieces.append(" ")
        if child.tail:
            pieces.append(child.tail)


def _is_glued(child: HtmlElement, pieces: list[str]) -> bool:
    former, before = child.getprevious(), pieces[-1][-1:] if pieces else ""
    if former is None or former.tail or not (before.isalnum() or before in ENDS):
        return False
    after = next((text for text in child.itertext() if text), "")[:1]
    return after.isalnum() or after in BEGINNINGS


def _is_not_utf8(body: bytes) -> bool:
    """Whether bytes declared as UTF-8 are plainly something else, not just damaged in a place or two."""
    damaged = body.decode("utf-8", "replace").count("\ufffd")
    return damaged > 3 and damaged * 2 > sum(byte > 127 for byte in body)


def _detect(body: bytes) -> str | None:
    try:
        body.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(body[:200_000]).best()
        return best.encoding if best else "cp1252"
