"""Whose figure it is, towards whom, and of what goods: country, partner and commodity of an observation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from db.model import INTERNATIONAL, UNKNOWN_COUNTRY, Mention
from nlp.figures.indicators import dimension_of
from nlp.figures.observation_frames import Frame
from nlp.layers import CommodityMention

_PLACES = frozenset({"country", "government", "bloc"})
_TO = re.compile(r"\b(?:to|into|sang|tới|đến|vào)\s+(?:the\s+|thị\s+trường\s+)?$", re.IGNORECASE)
_FROM = re.compile(r"\b(?:from|từ)\s+(?:the\s+|thị\s+trường\s+)?$", re.IGNORECASE)
_WITH = re.compile(r"\b(?:with|với)\s+(?:the\s+)?$", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|giữa)\s+(?:the\s+)?$", re.IGNORECASE)
_BOTH = re.compile(r"\s*(?:and|và|với)\s+(?:the\s+)?", re.IGNORECASE)
_POSSESSED = re.compile(r"^[^,;:]{0,30}\bcủa\s+$", re.IGNORECASE)
_BALANCE = ("trade", "surplus", "deficit", "song phương", "hai chiều", "thương mại", "thặng dư", "thâm hụt")
_ANAPHOR = re.compile(
    r"\b(?:the\s+country|its|their|the\s+nation|nước\s+này|quốc\s+gia\s+này)\b", re.IGNORECASE
)
_WORLDWIDE = frozenset({"price", "price_change", "exchange_rate"})
"""Indicators that need no country: what a text tells of London's copper price is not its last country's."""
_FARTHEST = 90


def parties_of(
    text: str, frame: Frame, mentions: Sequence[Mention], indicator: str
) -> tuple[str | None, str | None]:
    """Country and partner as ISO codes: "China's exports to the US" is (CHN, USA); None where the text leaves it open.

    Where the sentence names no country of its own, it is that of the ministry that gives the figure, else the one the
    text spoke of last ("the country's",
    "nước này"), else the one it spoke of most; a price without a country has none.
    """
    here = [
        m for m in mentions if _is_place(m) and frame.sentence[0] <= m.start and m.end <= frame.sentence[1]
    ]
    partner = _partner(text, frame, here)
    rest = [m for m in here if partner is None or m.country != partner.country]
    own = _owner(text, frame, rest) or _reporting_body(text, frame, mentions)
    if own is None and indicator not in _WORLDWIDE:
        earlier = [
            m
            for m in mentions
            if _is_place(m)
            and m.end <= frame.trigger.start
            and (partner is None or m.country != partner.country)
        ]
        own = _in_focus(text, frame, earlier)
    return (own.country if own else None), (partner.country if partner else None)


def commodity_near(
    text: str, frame: Frame, commodities: Sequence[CommodityMention], indicator: str
) -> str | None:
    """The codebook's name of the goods nearest to the indicator word in the sentence.

    A price, or a figure in tonnes, is always of some goods: where the sentence names none, of those that most of
    the text before it is about. None where that is open too.
    """
    here = [c for c in commodities if frame.sentence[0] <= c.start and c.end <= frame.sentence[1]]
    if here:
        return min(here, key=lambda c: (_gap(frame, c), c.start)).name
    goods = dimension_of(frame.quantity.unit_normalized) in ("mass", "volume") or indicator.startswith(
        "price"
    )
    counts = Counter(c.name for c in commodities if c.end <= frame.trigger.start) if goods else Counter()
    most = counts.most_common(1)
    return most[0][0] if most and 2 * most[0][1] > counts.total() else None


def _gap(frame: Frame, commodity: CommodityMention) -> int:
    after = commodity.start >= frame.trigger.end
    return abs(commodity.start - frame.trigger.end if after else frame.trigger.start - commodity.end)


def _is_place(mention: Mention) -> bool:
    return mention.kind in _PLACES and mention.country not in (UNKNOWN_COUNTRY, INTERNATIONAL)


def _reporting_body(text: str, frame: Frame, mentions: Sequence[Mention]) -> Mention | None:
    """The ministry that the sentence gives the figure on the word of: "Theo Bộ Kinh tế Brazil, kim ngạch ..."."""
    before = text[frame.sentence[0] : frame.trigger.start]
    bodies = [
        m
        for m in mentions
        if m.kind == "ministry"
        and frame.sentence[0] <= m.start
        and m.end <= frame.trigger.start
        and m.country not in (UNKNOWN_COUNTRY, INTERNATIONAL)
    ]
    return bodies[-1] if bodies and not _ANAPHOR.search(before) else None


def _in_focus(text: str, frame: Frame, earlier: Sequence[Mention]) -> Mention | None:
    if not earlier or _ANAPHOR.search(text[frame.sentence[0] : frame.trigger.start]):
        return earlier[-1] if earlier else None
    counts = Counter(mention.country for mention in earlier)
    return max(reversed(earlier), key=lambda mention: counts[mention.country])


def _partner(text: str, frame: Frame, mentions: Sequence[Mention]) -> Mention | None:
    for mention in mentions:
        before = text[max(frame.sentence[0], mention.start - 20) : mention.start]
        if not 0 <= mention.start - frame.trigger.end <= _FARTHEST:
            continue
        if frame.form.startswith(("import", "nhập khẩu", "lượng nhập", "kim ngạch nhập")) or (
            frame.is_verb and frame.form in ("buy", "purchase")
        ):
            if _FROM.search(before):
                return mention
        elif _TO.search(before) or (frame.form.endswith(_BALANCE) and _WITH.search(before)):
            return mention
    return _other_of_two(text, frame, mentions)


def _other_of_two(text: str, frame: Frame, mentions: Sequence[Mention]) -> Mention | None:
    """The second of the two that trade "between Russia and India" is told of; the first is whose figure it is."""
    after = [m for m in mentions if 0 <= m.start - frame.trigger.end <= _FARTHEST]
    for one, other in pairwise(after):
        told = _BETWEEN.search(text[max(0, one.start - 15) : one.start])
        if told and _BOTH.fullmatch(text[one.end : other.start]):
            return other
    return None


def _owner(text: str, frame: Frame, mentions: Sequence[Mention]) -> Mention | None:
    """The country right before the indicator word, else right after it ("của Trung Quốc"), else the clause's first."""
    before = [m for m in mentions if m.end <= frame.trigger.start]
    after = [
        m for m in mentions if 0 <= m.start - frame.trigger.end <= _FARTHEST and m.end <= frame.quantity.start
    ]
    anaphor = _ANAPHOR.search(text[frame.sentence[0] : frame.trigger.start])
    possessor = next((m for m in after if _POSSESSED.search(text[frame.trigger.end : m.start])), None)
    if possessor is not None:
        return possessor  # "xuất khẩu của Việt Nam", whoever the clause is about
    nearer = [m for m in after if _opens_clause(text, frame, m)]
    if nearer:
        return nearer[-1]
    close = [m for m in before if not re.search(r"[,;:]", text[m.end : frame.trigger.start])]
    if close:
        return close[-1]
    owned = [
        m
        for m in after
        if re.search(
            r"\b(?:of|from|by|in|into|between|của|tại|ở|từ|vào|giữa)\s+(?:the\s+)?$",
            text[max(0, m.start - 10) : m.start],
            re.IGNORECASE,
        )
    ]
    if owned:
        return owned[0]
    if before and not anaphor:
        return before[-1]
    return None


def _opens_clause(text: str, frame: Frame, mention: Mention) -> bool:
    """Whether a country opens the clause of the figure itself: "OPEC's output fell, while Iraq pumped 4 million"."""
    between = text[frame.trigger.end : mention.start]
    return (
        re.search(r",\s+(?:(?:while|but|and|whereas|riêng|còn|trong khi|nhưng)\s+)(?:the\s+)?$", between)
        is not None
    )
