"""Trims the blocks that a container holds to the text of its article, and adds the standfirst above them."""

from __future__ import annotations

from crawler.extraction.blocks import SENTENCE, Block, element_names, name_tokens
from crawler.extraction.furniture import intro_names, is_dated

MOST_LINKED = 0.25
LAST_BEFORE = 8
MOST_LINKED_TEXT = 0.75
FEW_UNLINKED = 25
LONGEST_LABEL = 45
ENOUGH_BEFORE = 600
"""Weight of text after which another headline begins another article."""
SENTENCE_ENDS = (".", "!", "?", "…", ":", ";", "。", "！", "？", "”", "“", '"', "»", "’", "'", ")")
CELL_TAGS = frozenset({"td", "th"})
LIST_TAGS = CELL_TAGS | {"li"}
TEXT_TAGS = LIST_TAGS | {"p", "blockquote", "pre", "dd", "dt"}
INTRO_TAGS = frozenset({"p", "h2", "h3"})


def trim(before: list[Block], inside: list[Block], description: str | None) -> list[Block]:
    """The standfirst among the blocks before the container, and the text of the article among those inside it."""
    headlines = {block.element.get("class") for block in before if block.element.tag == "h1"}
    body = _without_labels(_until_next_headline(inside, headlines))
    return _without_repeats([*_intro(before, description), *body])


def _intro(blocks: list[Block], description: str | None) -> list[Block]:
    """The standfirst: what stands between headline and text, and is named or reads like one."""
    h1 = max((i for i, block in enumerate(blocks) if block.element.tag == "h1"), default=None)
    if h1 is None:
        return [block for block in blocks[-LAST_BEFORE:] if _is_named_intro(block, description)]
    return [block for block in blocks[h1 + 1 :] if _is_intro(block, description)]


def _is_intro(block: Block, description: str | None) -> bool:
    is_plain = (
        block.weight >= SENTENCE and block.link_share <= MOST_LINKED and block.element.tag in INTRO_TAGS
    )
    return is_plain or _is_named_intro(block, description)


def _is_named_intro(block: Block, description: str | None) -> bool:
    if block.link_share > MOST_LINKED or block.weight < SENTENCE / 2:
        return False
    if description and block.text[:SENTENCE] == description[:SENTENCE]:
        return True
    return any(intro_names().search(name_tokens(element_names(element))) for element in block.around[:3])


def _until_next_headline(blocks: list[Block], headlines: set[str | None]) -> list[Block]:
    """The blocks before another headline like the first: some pages go on with the next article below."""
    before, seen = 0, set(headlines)
    for i, block in enumerate(blocks):
        if block.element.tag == "h1":
            if before > ENOUGH_BEFORE and block.element.get("class") in seen:
                return blocks[:i]
            seen.add(block.element.get("class"))
        before += block.weight if block.is_paragraph else 0
    return blocks


def _without_labels(blocks: list[Block]) -> list[Block]:
    """The blocks without lists of links, the labels above these, lone labels, and headings of nothing."""
    kept: list[Block] = []
    is_listing = True
    written_as = {element_names(block.element) for block in blocks if block.is_paragraph}
    for block in reversed(blocks):
        if block.element.tag == "h1":
            continue
        if _is_list_of_links(block):
            is_listing = True
            continue
        if block.is_heading:
            is_label = is_listing or (kept[-1].is_heading and _rank(kept[-1]) < _rank(block))
        else:
            is_text = block.element.tag in TEXT_TAGS or element_names(block.element) in written_as
            is_label = _is_label(block, is_listing) and (is_listing or not is_text)
            is_label = is_label or (block.element.tag not in CELL_TAGS and is_dated(block.text))
        if not is_label:
            kept.append(block)
            is_listing = False
    return kept[::-1]


def _is_list_of_links(block: Block) -> bool:
    return block.link_share > MOST_LINKED_TEXT and len(block.text) - block.linked < FEW_UNLINKED


def _is_label(block: Block, is_listing: bool) -> bool:
    """Whether a block is too short for a sentence and does not end like one."""
    if block.element.tag in LIST_TAGS or block.weight >= LONGEST_LABEL:
        return False
    return not block.text.endswith(SENTENCE_ENDS) or (is_listing and block.text.endswith((":", "…", "...")))


def _rank(block: Block) -> int:
    return int(block.element.tag[1])


def _without_repeats(blocks: list[Block]) -> list[Block]:
    """The blocks, paragraphs once each: some pages hold their text twice, for small screens and for large ones."""
    seen: set[str] = set()
    kept: list[Block] = []
    for block in blocks:
        if block.weight < SENTENCE or block.text not in seen:
            kept.append(block)
        seen.add(block.text)
    return kept
