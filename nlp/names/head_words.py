"""What head words show: where an English body's name begins and ends, and what kind of thing a name names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Span, Token

from db.model import Kind
from nlp.facts.name_words import NameWords
from nlp.names.findings import Finding


def kind_by_head(span: Span, words: NameWords) -> Kind | None:
    """What the head word says: that of "Bank of Japan" is "Bank", that of "Orange County" is "County"."""
    texts = [token.text for token in span]
    if len(texts) < 2:
        return None
    head = texts[-1]
    for place, text in enumerate(texts[1:], 1):
        if text in ("of", "for", "on", "in"):
            head = texts[place - 1]
            break
    if head in words.party or head.rstrip("s") + "y" == "Party":
        return "party"
    if head in words.organisation:
        return "organisation"
    if texts[-1] in words.company:
        return "company"
    if head in words.place or texts[0] in words.place_before:
        return "place"
    return None


def names_by_head_word(doc: Doc, words: NameWords) -> Iterator[Finding]:
    """Names that a head word makes: "Social Democratic and Labour Party", "House of Commons of Canada"."""
    heads = words.party | words.organisation
    place = 0
    while place < len(doc):
        if not is_capital(doc[place]) or doc[place].text in words.not_names:
            place += 1
            continue
        end = _run_end(doc, place, heads, words)
        span = doc[place:end]
        kind = kind_by_head(span, words)
        if kind in ("party", "organisation") and len(span) > 1:
            start = _run_start(doc, place, end)
            label = _exact_label(doc, start, end)
            if (label == "PERSON" and end - start == 2) or (label == "GPE" and kind != "party"):
                place = end
                continue
            yield Finding(start=start, end=end, kind=kind, rule="head word", weight=70)
        place = max(end, place + 1)


def _exact_label(doc: Doc, start: int, end: int) -> str:
    """What the model calls exactly these words, if it does."""
    inside = doc[start].ent_iob_ == "B" and all(token.ent_iob_ == "I" for token in doc[start + 1 : end])
    ends = end == len(doc) or doc[end].ent_iob_ != "I"
    return doc[start].ent_type_ if inside and ends else ""


def _run_end(doc: Doc, start: int, heads: frozenset[str], words: NameWords) -> int:
    """Where the run of capitalised words ends; small words join once a head word stands on one side."""
    end = start + 1
    seen_head = doc[start].text in heads
    while end < len(doc):
        token = doc[end]
        if is_capital(token) and token.text not in words.not_names:
            seen_head = seen_head or token.text in heads
            end += 1
        elif token.text in ("'s", "’s") and not seen_head and end + 1 < len(doc) and is_capital(doc[end + 1]):
            following = _plain_run_end(doc, end + 1, words)
            if doc[end - 1].text not in words.owners or doc[following - 1].text not in heads:
                break
            end += 1
        elif token.text in ("of", "for", "and", "&", "on", "-") and (
            step := _link_end(doc, end, heads, words, seen_head)
        ):
            end = step
        else:
            break
    return end


def _link_end(doc: Doc, place: int, heads: frozenset[str], words: NameWords, seen_head: bool) -> int | None:
    """Past the small word, if a capitalised word follows and a head word justifies the join."""
    after = place + 1
    if after < len(doc) and doc[after].text == "the" and doc[place].text in ("of", "for", "and", "on"):
        after += 1
    if after >= len(doc) or not is_capital(doc[after]) or doc[after].text in words.not_names:
        return None
    if doc[after].ent_type_ == "PERSON" and doc[place].text in ("of", "and"):
        return None
    link = doc[place].text
    following = _plain_run_end(doc, after, words)
    ends_in_head = doc[following - 1].text in heads
    if link in ("of", "for", "on"):
        return after if seen_head or (ends_in_head and link == "of") else None
    if link == "-":
        return after if not doc[place - 1].whitespace_ and not doc[place].whitespace_ else None
    before_head = doc[place - 1].text in heads
    if before_head:
        return None
    joined = any(token.text in ("of", "for") for token in doc[max(0, place - 4) : place])
    labels = {doc[place - 1].ent_type_, doc[after].ent_type_}
    if link == "and" and doc[place + 1].text == "the":
        return (
            after
            if seen_head
            and joined
            and not any(t.text in heads for t in doc[after:following])
            and "PERSON" not in labels
            and doc[place - 2].text != "of"
            else None
        )
    if seen_head and joined:
        return (
            after
            if not labels & {"PERSON", "GPE"} and not any(t.text in heads for t in doc[after:following])
            else None
        )
    if not doc[place - 1].text.endswith(("ic", "al", "ist", "ive", "ish", "ary", "ous", "ese", "ace", "ent")):
        return None
    if ends_in_head and following - after >= 1 and not seen_head and not labels & {"PERSON", "GPE"}:
        return after
    return None


def _plain_run_end(doc: Doc, start: int, words: NameWords) -> int:
    end = start
    while end < len(doc) and is_capital(doc[end]) and doc[end].text not in words.not_names:
        end += 1
    return end


def _run_start(doc: Doc, start: int, end: int) -> int:
    """Past a first word that is big only because the sentence begins with it."""
    first = doc[start]
    if first.is_sent_start and end - start > 2 and first.pos_ not in ("PROPN", "ADJ", "NOUN"):
        return start + 1
    return start


def is_capital(token: Token) -> bool:
    return token.text[0].isupper()


def election_words(doc: Doc, texts: Sequence[str], words: NameWords) -> Iterator[int]:
    """The words of names like "2019 Canadian federal election" or "1970 Senate election in Ohio"."""
    for place in [place for place, text in enumerate(texts) if text in words.election]:
        start = place
        while start > 0 and (
            texts[start - 1][0].isupper()
            or texts[start - 1] in words.election_middle
            or texts[start - 1] in ("'s", "-")
        ):
            start -= 1
        if start == 0 or not (texts[start - 1].isdigit() and len(texts[start - 1]) == 4):
            continue
        end = place + 1
        if end + 1 < len(texts) and texts[end] == "in":
            after = end + (2 if texts[end + 1] == "the" else 1)
            following = _plain_run_end(doc, after, words) if after < len(texts) else after
            end = following if following > after else end
        yield from range(start - 1, end)
