"""Where a person's name ends in Vietnamese text, and where it stands again in short."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from spacy.tokens import Doc

from nlp.names.findings import Finding, covering

_PARTICLES = frozenset({"von", "der", "van", "de", "bin", "al", "da", "la", "del", "di", "ibn", "el"})
_LONGEST = 5
_BREAKS = frozenset({"\n", ".", ",", ";", ":", "(", ")", "“", "”", '"'})


def name_end(words: Sequence[str], start: int, taken: Mapping[int, Finding]) -> int:
    """The end of the run of capitalised syllables from `start`, or `start` when no person's name begins there."""
    known = taken.get(start)
    if known is not None and known.kind == "person":
        return known.end
    end = start
    while end < len(words) and end - start < _LONGEST:
        word = words[end]
        if (
            end in taken
            and taken[end].kind != "person"
            and (end == start or taken[end].end - taken[end].start > 1 or "name" in taken[end].clues)
            and not _lies_inside(words, start, end, taken)
        ):
            break
        if (word[0].isupper() and any(c.isalpha() for c in word) and not any(c.isdigit() for c in word)) or (
            word in _PARTICLES
            and words[end + 1 : end + 2]
            and (words[end + 1][0].isupper() or words[end + 1] in _PARTICLES)
        ):
            end += 1
        elif word == "-" and end > start and words[end + 1 : end + 2] and words[end + 1].isalpha():
            end += 2  # "Han Duck-soo"
        else:
            break
    return end


def _lies_inside(words: Sequence[str], start: int, place: int, taken: Mapping[int, Finding]) -> bool:
    """Whether a syllable that is a country's name elsewhere is in the midst of a name: "Nhật" of "Nguyễn Nhật Minh"."""
    following = words[place + 1 : place + 2]
    return (
        start < place
        and taken[place].end - taken[place].start == 1
        and not words[start].isascii()
        and bool(following)
        and following[0][:1].isupper()
        and following[0].isalpha()
        and place + 1 not in taken
    )


def starts_sentence(doc: Doc, place: int) -> bool:
    """Whether the word is big because a sentence begins."""
    before = place - 1
    while before >= 0 and doc[before].text in ("“", '"', "'", "‘", "-", "–"):
        before -= 1
    return before < 0 or doc[before].is_space or doc[before].text in (".", "!", "?", "…", ":")


def past_portfolio(words: Sequence[str], start: int, taken: Mapping[int, Finding]) -> int:
    """Where the name begins after "Bộ trưởng Lương thực": a portfolio is one big syllable and then small ones."""
    place = start + 1
    while place < min(start + _LONGEST, len(words)) and words[place].isalpha() and words[place].islower():
        place += 1
    shaped = start + 1 < place < len(words) and words[start][:1].isupper() and words[place][:1].isupper()
    known = taken.get(place)
    if not shaped or start in taken:
        return start
    return known.end if known is not None and known.kind == "country" else place


def names_again(words: Sequence[str], findings: Sequence[Finding]) -> Iterator[Finding]:
    """Short forms of people of the text: "Trump" anywhere, "Tập" where no other capitalised syllable is beside it."""
    taken = covering(findings)
    short: set[str] = set()
    for finding in findings:
        if finding.kind == "person" and finding.end - finding.start > 1:
            short.update({words[finding.start], words[finding.end - 1]})
    for place, word in enumerate(words):
        if word not in short or place in taken or len(word) < 2:
            continue
        before = words[place - 1] if place else "\n"
        after = words[place + 1] if place + 1 < len(words) else "\n"
        alone = not after[:1].isupper() and not (before[:1].isupper() and before.isalpha())
        if alone and (_is_foreign(word) or (before not in _BREAKS and not before.isspace())):
            yield Finding(
                start=place, end=place + 1, kind="person", form="short", rule="named before", weight=40
            )


def _is_foreign(word: str) -> bool:
    """Whether a syllable is no Vietnamese one: longer than they are, or with letters they lack."""
    return len(word) > 4 or any(letter in "fjwzFJWZ" for letter in word) or (word.isascii() and len(word) > 3)
