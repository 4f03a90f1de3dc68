"""Finds the elements that hold the text of an article, and the blocks in and before them that belong to it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from copy import deepcopy
from functools import lru_cache

from lxml.html import HtmlElement

from crawler.extraction.blocks import Block, Skip, element_names, name_tokens, read_blocks
from crawler.extraction.furniture import furniture_names, is_box_label
from crawler.extraction.markup import words
from crawler.extraction.trimming import TEXT_TAGS, trim

LIST_WORTH = 0.3
"""Lists seldom are an article; lists of teasers often are long."""
DECAY = 0.85
LEAST_LEFT = 0.35
"""Where less than this share of a page's paragraphs is left, its class names do not mean what they say."""
LARGEST_FURNITURE = 0.3
LINKED_HEADLINE = 0.8
LARGEST_CARD = 600
HIDING = frozenset({"hidden", "d-none", "is-hidden", "hide", "invisible"})
SHOWING = re.compile(r"^(?:\w+:|d-(?:sm|md|lg|xl|xxl)-)(?:block|flex|grid|inline)")
ROLES = frozenset(
    {"navigation", "complementary", "dialog", "banner", "contentinfo", "search", "menu", "toolbar"}
)


def read_body(tree: HtmlElement, description: str | None = None) -> list[Block]:
    """The blocks of the article's text, in order; empty when the page has no paragraphs.

    `description` is what the page says it is about; a standfirst often says the same.
    """
    everything = read_blocks(tree)
    if not any(block.is_paragraph for block in everything):
        tree = deepcopy(tree)
        _reveal(tree)
        everything = read_blocks(tree)
    weights = _weigh(everything)
    total = max(weights.values(), default=0)
    if not total:
        return []
    h1 = {element for title in tree.iter("h1") for element in (title, *title.iterancestors())}
    blocks = read_blocks(tree, _furniture(everything, weights, h1))
    if max(_weigh(blocks).values(), default=0) < LEAST_LEFT * total:
        blocks = read_blocks(tree, _furniture(everything, weights, h1, is_doubtful=True))
    return _body(_in_scope(blocks), description)


def _in_scope(blocks: list[Block]) -> list[Block]:
    """The blocks of the article under the first headline, where the page shows others at length beside it."""
    weights = _weigh(blocks)
    first = next((block for block in blocks if block.element.tag == "h1"), None)
    scope = next((e for e in first.around if e.tag == "article"), None) if first else None
    if first is None or scope is None or weights.get(scope, 0) < LARGEST_CARD:
        return blocks
    is_alone = not any(
        weight >= LARGEST_CARD
        and element.tag == "article"
        and element not in first.around
        and scope not in element.iterancestors()
        for element, weight in weights.items()
    )
    if is_alone:
        return blocks
    return [block for block in blocks if scope in block.around]


def _body(blocks: list[Block], description: str | None) -> list[Block]:
    container = _container(blocks)
    if container is None:
        return []
    parts = _same_named(container, blocks)
    inside = [i for i, block in enumerate(blocks) if parts & set(block.around)]
    return trim(blocks[: inside[0]], [blocks[i] for i in inside], description)


def _reveal(tree: HtmlElement) -> None:
    """Show what a page hides until its scripts have run."""
    for element in tree.iter():
        if isinstance(element.tag, str):
            for name in ("hidden", "aria-hidden", "style"):
                element.attrib.pop(name, None)


def _weigh(blocks: Iterable[Block]) -> dict[HtmlElement, int]:
    """The weight of all paragraphs under each element."""
    weights: dict[HtmlElement, int] = defaultdict(int)
    for block in blocks:
        if block.is_paragraph:
            for element in block.around:
                weights[element] += block.weight
    return weights


def _furniture(
    blocks: list[Block], weights: dict[HtmlElement, int], h1: set[HtmlElement], *, is_doubtful: bool = False
) -> Skip:
    """Tells the elements that are no text of the article by their names, and cards that lead to other articles.

    Where names are doubtful, those that stand on much of the page's text are passed over.
    """
    total, named = max(weights.values()), defaultdict[str, int](int)
    for element, weight in weights.items():
        named[element_names(element)] += weight
    largest = LARGEST_FURNITURE * total
    most = min(LARGEST_CARD, largest)
    boxes = [_card(block, weights, most) for block in blocks if _is_link(block)]
    boxes += [_card(block, weights, most, is_first=True) for block in blocks if is_box_label(block.text)]
    cards = {card for card in boxes if card not in h1}

    def is_skipped(element: HtmlElement) -> bool:
        if element in cards:
            return True
        names = element_names(element)
        return (
            _is_furniture(element, names)
            and element not in h1
            and weights.get(element, 0) <= largest
            and (not is_doubtful or named.get(names, 0) <= largest)
        )

    return is_skipped


def _is_furniture(element: HtmlElement, names: str) -> bool:
    if element.tag in ("body", "html", "main", "article"):
        return False
    if element.tag in ("aside", "form") or element.get("role") in ROLES:
        return True
    return _is_hidden(element.get("class") or "") or _is_named_furniture(names)


@lru_cache(10_000)
def _is_named_furniture(names: str) -> bool:
    return furniture_names().search(name_tokens(names)) is not None


@lru_cache(10_000)
def _is_hidden(names: str) -> bool:
    """Whether a class hides an element on screens of every width."""
    classes = names.split()
    return not HIDING.isdisjoint(classes) and not any(SHOWING.search(name) for name in classes)


def _is_link(block: Block) -> bool:
    return block.is_heading and block.link_share > LINKED_HEADLINE


def _card(
    block: Block, weights: dict[HtmlElement, int], largest: float, *, is_first: bool = False
) -> HtmlElement:
    """The largest element around a linked headline that holds little more than it; `is_first`: that begins with it."""
    card = block.element
    while (parent := card.getparent()) is not None and weights.get(parent, 0) <= largest:
        if parent.tag in TEXT_TAGS or (is_first and _has_text_before(card)):
            break
        card = parent
    return card


def _has_text_before(element: HtmlElement) -> bool:
    parent = element.getparent()
    if parent is None or (parent.text or "").strip():
        return True
    former = element.itersiblings(preceding=True)
    return any((e.tail or "").strip() or (isinstance(e.tag, str) and words(e)) for e in former)


def _container(blocks: list[Block]) -> HtmlElement | None:
    """The element with the most paragraphs close under it."""
    scores: dict[HtmlElement, float] = defaultdict(float)
    for block in blocks:
        if not block.is_paragraph:
            continue
        worth = block.weight * (1 - block.link_share) * (LIST_WORTH if block.element.tag == "li" else 1)
        is_leaf = block.element.tag in ("p", "li", "blockquote")
        element = block.element.getparent() if is_leaf else block.element
        while element is not None and element.tag != "html":
            scores[element] += worth
            worth *= DECAY
            element = element.getparent()
    return max(scores, key=lambda element: scores[element], default=None)


def _same_named(container: HtmlElement, blocks: list[Block]) -> set[HtmlElement]:
    """The container and the elements of its class before the next `h1`: some sites cut an article into parts."""
    name = container.get("class")
    if not name:
        return {container}
    parts, is_reached = {container}, False
    for block in blocks:
        around = block.around
        if container in around:
            is_reached = True
        elif is_reached and block.element.tag == "h1":
            break
        else:
            parts |= {e for e in around if e.get("class") == name and e.tag == container.tag}
    return parts
