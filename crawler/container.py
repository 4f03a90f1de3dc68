"""Finds the elements that hold the text of an article, and the blocks in and before them that belong to it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from lxml.html import HtmlElement

from crawler.blocks import Block, read_blocks
from crawler.furniture import furniture_names, intro_names

SENTENCE = 60
"""Weight from which a block counts as a paragraph."""
MOST_LINKED = 0.5
MOST_LINKED_TEXT = 0.75
LIST_WORTH = 0.3
"""Lists seldom are an article; lists of teasers often are long."""
FEW_UNLINKED = 25
LONGEST_LABEL = 45
SENTENCE_ENDS = (".", "!", "?", "…", ":", ";", "。", "！", "？", "”", "“", '"', "»", "’", "'", ")")
DECAY = 0.85
LEAST_LEFT = 0.35
"""Where less than this share of a page's paragraphs is left, its class names do not mean what they say."""
LARGEST_FURNITURE = 0.3
LARGEST_CARD = 600
TEXT_TAGS = frozenset({"p", "li", "blockquote", "pre", "dd", "dt", "td", "th"})
ROLES = frozenset(
    {"navigation", "complementary", "dialog", "banner", "contentinfo", "search", "menu", "toolbar"}
)


def read_body(tree: HtmlElement, description: str | None = None) -> list[Block]:
    """The blocks of the article's text, in order; empty when the page has no paragraphs.

    `description` is what the page says it is about; a standfirst often says the same.
    """
    everything = list(read_blocks(tree))
    if not any(map(_is_paragraph, everything)):
        _reveal(tree)
        everything = list(read_blocks(tree))
    weights = _weigh(everything)
    total = max(weights.values(), default=0)
    if not total:
        return []
    h1 = {element for title in tree.iter("h1") for element in (title, *title.iterancestors())}
    blocks = list(read_blocks(tree, _furniture(tree, everything, weights, h1)))
    if max(_weigh(blocks).values(), default=0) < LEAST_LEFT * total:
        blocks = list(read_blocks(tree, _furniture(tree, everything, weights, h1, is_doubtful=True)))
    return _body(_in_scope(blocks), description)


def _in_scope(blocks: list[Block]) -> list[Block]:
    """The blocks of the article under the first headline, where the page shows others at length beside it."""
    weights = _weigh(blocks)
    articles = {element: weight for element, weight in weights.items() if element.tag == "article"}
    first = next((block.element for block in blocks if block.element.tag == "h1"), None)
    scope = next((e for e in first.iterancestors() if e in articles), None) if first is not None else None
    if scope is None or articles[scope] < LARGEST_CARD:
        return blocks
    others = [e for e in articles if e is not scope and articles[e] >= LARGEST_CARD and scope not in e.iter()]
    if not any(scope not in e.iterancestors() for e in others):
        return blocks
    return [block for block in blocks if scope in (block.element, *block.element.iterancestors())]


def _body(blocks: list[Block], description: str | None) -> list[Block]:
    container = _container(blocks)
    if container is None:
        return []
    parts = _same_named(container, blocks)
    inside = [i for i, block in enumerate(blocks) if parts & {block.element, *block.element.iterancestors()}]
    before = blocks[: inside[0]]
    headlines = {block.element.get("class") for block in before if block.element.tag == "h1"}
    body = _until_next_headline([blocks[i] for i in inside], headlines)
    return _without_repeats(_intro(before, description) + _without_labels(body))


def _reveal(tree: HtmlElement) -> None:
    """Show what a page hides until its scripts have run."""
    for element in tree.iter():
        if isinstance(element.tag, str):
            for name in ("hidden", "aria-hidden", "style"):
                element.attrib.pop(name, None)


def _is_paragraph(block: Block) -> bool:
    return block.weight >= SENTENCE and block.link_share < MOST_LINKED and not block.is_heading


def _weigh(blocks: Iterable[Block]) -> dict[HtmlElement, int]:
    """The weight of all paragraphs under each element."""
    weights: dict[HtmlElement, int] = defaultdict(int)
    for block in blocks:
        if _is_paragraph(block):
            for element in (block.element, *block.element.iterancestors()):
                weights[element] += block.weight
    return weights


def _furniture(
    tree: HtmlElement,
    blocks: list[Block],
    weights: dict[HtmlElement, int],
    h1: set[HtmlElement],
    *,
    is_doubtful: bool = False,
) -> frozenset[HtmlElement]:
    """The elements that are no text of the article by their names, and cards that lead to other articles.

    Where names are doubtful, those that stand on much of the page's text are passed over.
    """
    total, named = max(weights.values()), defaultdict[str, int](int)
    for element, weight in weights.items():
        named[_names(element)] += weight
    largest = LARGEST_FURNITURE * total
    found = {
        element
        for element in tree.iter()
        if isinstance(element.tag, str)
        and element not in h1
        and _is_furniture(element)
        and (weights.get(element, 0) <= largest or not is_doubtful)
        and (named.get(_names(element), 0) <= largest or not is_doubtful)
    }
    cards = (_card(block, weights, min(LARGEST_CARD, largest)) for block in blocks if _is_link(block))
    return frozenset(found | {card for card in cards if card not in h1})


def _is_furniture(element: HtmlElement) -> bool:
    if element.tag in ("body", "html", "main", "article"):
        return False
    if element.tag in ("aside", "form") or element.get("role") in ROLES:
        return True
    return furniture_names().search(_tokens(_names(element))) is not None


def _is_link(block: Block) -> bool:
    return block.is_heading and block.link_share > 0.8


def _card(block: Block, weights: dict[HtmlElement, int], largest: float) -> HtmlElement:
    """The largest element around a linked headline that holds little more than it."""
    card = block.element
    while (parent := card.getparent()) is not None and weights.get(parent, 0) <= largest:
        if parent.tag in TEXT_TAGS:
            break
        card = parent
    return card


def _names(element: HtmlElement) -> str:
    return f"{element.tag} {element.get('class') or ''} {element.get('id') or ''}"


@cache
def _tokens(names: str) -> str:
    """Class names as plain words: "relatedBox__item" as " related box item "."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", names)
    return f" {' '.join(re.split(r'[^A-Za-z0-9]+', apart)).lower()} "


def _container(blocks: list[Block]) -> HtmlElement | None:
    """The element with the most paragraphs close under it."""
    scores: dict[HtmlElement, float] = defaultdict(float)
    for block in blocks:
        if not _is_paragraph(block):
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
        around = [block.element, *block.element.iterancestors()]
        is_reached = is_reached or container in around
        if is_reached and block.element.tag == "h1" and container not in around:
            break
        if not container.iterancestors() or container not in around:
            parts |= {e for e in around if e.get("class") == name and e.tag == container.tag}
    return parts


def _intro(blocks: list[Block], description: str | None) -> list[Block]:
    """The standfirst: what stands between headline and text, and is named or reads like one."""
    h1 = max((i for i, block in enumerate(blocks) if block.element.tag == "h1"), default=None)
    after = blocks[h1 + 1 :] if h1 is not None else []
    return [block for block in after if _is_intro(block, description)]


def _is_intro(block: Block, description: str | None) -> bool:
    if block.link_share > MOST_LINKED / 2 or block.weight < SENTENCE / 2:
        return False
    if description and block.text[:SENTENCE] == description[:SENTENCE]:
        return True
    around = (block.element, *block.element.iterancestors())
    named = any(intro_names().search(_tokens(_names(element))) for element in around[:3])
    return named or (block.weight >= SENTENCE and block.element.tag in ("p", "h2", "h3"))


def _until_next_headline(blocks: list[Block], headlines: set[str | None]) -> list[Block]:
    """The blocks before another headline like the first: some pages go on with the next article below."""
    before, seen = 0, set(headlines)
    for i, block in enumerate(blocks):
        if block.element.tag == "h1":
            if before > LARGEST_CARD and block.element.get("class") in seen:
                return blocks[:i]
            seen.add(block.element.get("class"))
        before += block.weight if _is_paragraph(block) else 0
    return blocks


def _without_labels(blocks: list[Block]) -> list[Block]:
    """The blocks without lists of links, the labels above these, lone labels, and headings of nothing."""
    kept: list[Block] = []
    is_listing = True
    for block in reversed(blocks):
        if block.element.tag == "h1":
            continue
        if _is_list_of_links(block):
            is_listing = True
            continue
        if block.is_heading:
            is_label = is_listing or (kept[-1].is_heading and _rank(kept[-1]) < _rank(block))
        else:
            is_label = _is_label(block) and (is_listing or block.element.tag not in TEXT_TAGS)
        if not is_label:
            kept.append(block)
            is_listing = False
    return kept[::-1]


def _is_list_of_links(block: Block) -> bool:
    return block.link_share > MOST_LINKED_TEXT and len(block.text) - block.linked < FEW_UNLINKED


def _is_label(block: Block) -> bool:
    """Whether a block is too short for a sentence and does not end like one."""
    return block.element.tag not in ("li", "td", "th") and block.weight < LONGEST_LABEL and not block.text.endswith(SENTENCE_ENDS)


def _rank(block: Block) -> int:
    return int(block.element.tag[1])


def _without_repeats(blocks: list[Block]) -> list[Block]:
    seen: set[str] = set()
    return [
        block
        for block in blocks
        if block.weight < SENTENCE or not (block.text in seen or seen.add(block.text))  # type: ignore[func-returns-value]
    ]
