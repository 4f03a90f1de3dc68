"""Whose figure it is, towards whom, and of what goods: country, partner and commodity of an observation."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Doc

from db.model import INTERNATIONAL, UNKNOWN_COUNTRY, Mention
from nlp.layers import CommodityMention
from nlp.observation_frames import Frame

_PLACES = frozenset({"country", "government", "bloc"})
_TO = re.compile(r"\b(?:to|into|sang|tới|đến|vào)\s+(?:the\s+|thị\s+trường\s+)?$", re.IGNORECASE)
_FROM = re.compile(r"\b(?:from|từ)\s+(?:the\s+|thị\s+trường\s+)?$", re.IGNORECASE)
_WITH = re.compile(r"\b(?:with|với)\s+(?:the\s+)?$", re.IGNORECASE)
_FARTHEST = 90


def parties_of(doc: Doc, frame: Frame, mentions: Sequence[Mention]) -> tuple[str | None, str | None]:
    """Country and partner as ISO codes: "China's exports to the US" is (CHN, USA); None where the text leaves it open.

    Where the sentence names no country of its own ("the country's", "nước này", "customs data"), it is the one
    that the text spoke of last.
    """
    here = [
        m for m in mentions if _is_place(m) and frame.sentence[0] <= m.start and m.end <= frame.sentence[1]
    ]
    partner = _partner(doc, frame, here)
    rest = [m for m in here if partner is None or m.country != partner.country]
    own = _owner(doc, frame, rest)
    if own is None:
        earlier = [
            m
            for m in mentions
            if _is_place(m)
            and m.end <= frame.trigger.start
            and (partner is None or m.country != partner.country)
        ]
        own = earlier[-1] if earlier else None
    return (own.country if own else None), (partner.country if partner else None)


def commodity_near(doc: Doc, frame: Frame, commodities: Sequence[CommodityMention]) -> str | None:
    """The codebook's name of the goods nearest to the indicator word in the sentence; None for none."""
    here = [c for c in commodities if frame.sentence[0] <= c.start and c.end <= frame.sentence[1]]
    if not here:
        return None

    def distance(commodity: CommodityMention) -> tuple[int, int]:
        after = commodity.start >= frame.trigger.end
        gap = commodity.start - frame.trigger.end if after else frame.trigger.start - commodity.end
        return abs(gap), commodity.start

    return min(here, key=distance).name


def _is_place(mention: Mention) -> bool:
    return mention.kind in _PLACES and mention.country not in (UNKNOWN_COUNTRY, INTERNATIONAL)


def _partner(doc: Doc, frame: Frame, mentions: Sequence[Mention]) -> Mention | None:
    for mention in mentions:
        before = doc.text[max(frame.sentence[0], mention.start - 20) : mention.start]
        if not 0 <= mention.start - frame.trigger.end <= _FARTHEST:
            continue
        if frame.form.startswith(("import", "nhập khẩu", "lượng nhập", "kim ngạch nhập")) or (
            frame.is_verb and frame.form in ("buy", "purchase")
        ):
            if _FROM.search(before):
                return mention
        elif _TO.search(before) or (
            frame.form.endswith(("trade", "song phương", "hai chiều")) and _WITH.search(before)
        ):
            return mention
    return None


def _owner(doc: Doc, frame: Frame, mentions: Sequence[Mention]) -> Mention | None:
    """The country right before the indicator word, else right after it ("của Trung Quốc"), else the clause's first."""
    before = [m for m in mentions if m.end <= frame.trigger.start]
    after = [
        m for m in mentions if 0 <= m.start - frame.trigger.end <= _FARTHEST and m.end <= frame.quantity.start
    ]
    anaphor = re.search(
        r"\b(?:the\s+country|its|their|the\s+nation|nước\s+này|quốc\s+gia\s+này)\b",
        doc.text[frame.sentence[0] : frame.trigger.start],
        re.IGNORECASE,
    )
    close = [m for m in before if not re.search(r"[,;:]", doc.text[m.end : frame.trigger.start])]
    if close:
        return close[-1]
    owned = [
        m
        for m in after
        if re.search(
            r"\b(?:of|from|by|in|của|tại|ở|từ)\s+(?:the\s+)?$",
            doc.text[max(0, m.start - 10) : m.start],
            re.IGNORECASE,
        )
    ]
    if owned:
        return owned[0]
    if before and not anaphor:
        return before[-1]
    return None
