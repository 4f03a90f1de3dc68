"""Finds the parties that a phrase names: mentions by token, through possessors, modifiers and of-phrases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from spacy.tokens import Doc, Token

from db.model import UNKNOWN_COUNTRY, Mention, Participant
from nlp.coding.grammar import coordinated, prepositional
from nlp.layers import CommodityMention, read_layer

_WEIGHT = {
    "person": 5,
    "government": 4,
    "ministry": 4,
    "organisation": 3,
    "bloc": 3,
    "party": 3,
    "company": 3,
}
_BODIES = frozenset({"person", "government", "ministry", "organisation", "bloc", "party"})
_INSIDE = ("of", "in", "from", "between", "among", "throughout", "within", "across", "including", "for", "at")
_PRONOUNS = frozenset({"it", "they", "he", "she", "we", "i", "its", "their", "his", "her", "our", "them"})


@dataclass(frozen=True, slots=True)
class Tags:
    """The layers of one document by token index."""

    mentions: dict[int, Mention] = field(default_factory=dict)
    commodities: dict[int, CommodityMention] = field(default_factory=dict)

    def named(self, token: Token) -> Mention | None:
        """The mention that covers the token and has a country, if any."""
        mention = self.mentions.get(token.i)
        return mention if mention is not None and mention.country != UNKNOWN_COUNTRY else None

    def is_state(self, token: Token) -> bool:
        """Whether a country itself is named here, not its people or goods."""
        mention = self.mentions.get(token.i)
        return mention is not None and mention.kind in ("country", "bloc") and mention.form != "adjective"

    def is_body(self, token: Token) -> bool:
        """Whether a person or an organisation is named here, of a known country or not."""
        mention = self.mentions.get(token.i)
        return mention is not None and mention.kind in _BODIES


def index_tags(doc: Doc) -> Tags:
    """Mentions and commodities by the tokens they cover; persons and bodies win over countries inside them."""
    tags = Tags()
    for mention in sorted(read_layer(doc, Mention), key=_strength):
        span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
        for token in span if span is not None else ():
            tags.mentions[token.i] = mention
    for commodity in read_layer(doc, CommodityMention):
        span = doc.char_span(commodity.start, commodity.end, alignment_mode="expand")
        for token in span if span is not None else ():
            tags.commodities[token.i] = commodity
    return tags


def parties(head: Token | None, tags: Tags, depth: int = 0) -> list[Participant]:
    """The parties that the phrase under `head` stands for, coordinated ones each for itself."""
    if head is None or depth > 4:
        return []
    found: list[Participant] = []
    for token in coordinated(head):
        found += _party(token, tags, depth)
    return unique(found)


def participant(mention: Mention) -> Participant:
    """A mention in a role."""
    return Participant(
        start=mention.start,
        end=mention.end,
        text=mention.text,
        entity_id=mention.entity_id,
        name=mention.name,
        country=mention.country,
        sector=mention.sector or ("BUS" if mention.kind == "company" else "GOV"),
        role=mention.role,
    )


def unique(found: Iterable[Participant]) -> list[Participant]:
    """One participant an entity, the first of each."""
    kept: dict[str, Participant] = {}
    for one in found:
        kept.setdefault(one.entity_id or one.text, one)
    return list(kept.values())


def is_pronoun(token: Token) -> bool:
    """Whether the word only points back."""
    return token.lower_ in _PRONOUNS


def _strength(mention: Mention) -> tuple[int, int]:
    known = mention.country != UNKNOWN_COUNTRY
    return (10 if known else 0) + _WEIGHT.get(mention.kind, 1), mention.end - mention.start


def _party(head: Token, tags: Tags, depth: int) -> list[Participant]:
    mention = tags.named(head)
    if mention is not None and any(child.lower_ == "ethnic" for child in head.children):
        return _at_home(head, mention, tags)
    if mention is not None:
        return [participant(mention), *_joined(head, mention, tags)]
    modified = _modified(head, tags, depth)
    if modified:
        return modified
    for preposition, noun in prepositional(head):
        if preposition in _INSIDE and not (preposition == "at" and _is_place(noun, tags)):
            found = parties(noun, tags, depth + 1)
            if found:
                return [_widened(one, head) for one in found]
    for child in head.children:
        if child.dep_ == "appos" and tags.named(child):
            return parties(child, tags, depth + 1)
    return _held_by(head, tags, depth)


def _modified(head: Token, tags: Tags, depth: int) -> list[Participant]:
    """Whom the words before a noun name: "Chinese toys", "India's Reliance", "the Peru office"."""
    modifiers = [
        child
        for child in head.children
        if child.dep_ in ("poss", "nmod", "compound", "amod", "nummod") and child.i < head.i
    ]
    for child in modifiers:
        if child.lower_ == "backed" and head.lemma_.lower() in _BACKED:
            continue  # "Rwandan-backed rebels" are no Rwandans
        found = _modifier(child, tags, depth)
        if found and (own := _own_name(head, found[0], tags)):
            return [own]
        if found:
            return [_widened(one, head) for one in found]
    return []


def _held_by(head: Token, tags: Tags, depth: int) -> list[Participant]:
    """Whose a thing is that a participle tells: "a house belonging to a Chilean", "a mine run by Peru"."""
    for child in head.children:
        if child.dep_ == "acl" and child.lemma_.lower() in _HOLDING:
            for name, noun in prepositional(child):
                if name in ("to", "by") and (found := parties(noun, tags, depth + 1)):
                    return found
    return []


def _is_place(noun: Token, tags: Tags) -> bool:
    mention = tags.mentions.get(noun.i)
    return mention is not None and mention.kind == "place"


def _own_name(head: Token, owner: Participant, tags: Tags) -> Participant | None:
    """The body that a country's name stands before, as one of that country: "India's Reliance"."""
    mention = tags.mentions.get(head.i)
    if mention is None or mention.country != UNKNOWN_COUNTRY or mention.kind not in _OWNED:
        return None
    return replace(participant(mention), country=owner.country)


_OWNED = frozenset({"organisation", "company", "party", "ministry"})


def _at_home(people: Token, mention: Mention, tags: Tags) -> list[Participant]:
    """A minority belongs to the country it lives in: "ethnic Albanians in southern Serbia"."""
    holders = [people, people.head] if people.dep_ in ("nsubj", "nsubjpass", "dobj") else [people]
    for holder in holders:
        for preposition, noun in prepositional(holder):
            if preposition in ("in", "of", "inside") and (place := parties(noun, tags)):
                return [replace(participant(mention), country=place[0].country, entity_id=None, name=None)]
    return [participant(mention)]


def _joined(head: Token, mention: Mention, tags: Tags) -> list[Participant]:
    """The other parties of "Greek and Turkish ministers", where the mention covers only the second."""
    if mention.form != "nominal":
        return []
    adjectives = [child for child in head.children if child.dep_ in ("amod", "compound", "nmod")]
    others = [tags.named(token) for child in adjectives for token in coordinated(child)]
    return [participant(other) for other in others if other is not None and other.country != mention.country]


def _modifier(child: Token, tags: Tags, depth: int) -> list[Participant]:
    found = [participant(mention) for token in coordinated(child) if (mention := tags.named(token))]
    if not found:
        for inner in child.children:
            joined = child.lower_ in _JOINED and inner.dep_ in ("npadvmod", "advmod")
            if (joined or inner.dep_ in ("poss", "nmod", "compound", "amod")) and tags.named(inner):
                return _modifier(inner, tags, depth + 1)
        if child.dep_ == "poss":
            return _party(child, tags, depth + 1) if depth < 4 else []
    return found


def _widened(one: Participant, head: Token) -> Participant:
    """The country's own span is kept; the noun tells the sector ("Chinese companies")."""
    lemma = head.lemma_.lower()
    if one.sector == "GOV" and (lemma in _FIRMS or lemma.endswith("maker")) and lemma not in _RULE_MAKERS:
        return replace(one, sector="BUS")
    return one


_BACKED = frozenset(
    {
        "rebel",
        "militia",
        "fighter",
        "insurgent",
        "militant",
        "separatist",
        "faction",
        "guerrilla",
        "force",
        "group",
    }
)
_HOLDING = frozenset({"belong", "own", "operate", "run", "hold"})
_JOINED = frozenset(
    {"owned", "backed", "led", "based", "controlled", "run", "flagged", "made", "built", "born", "held"}
)
"""Participles that join a country to a thing: "Russian-owned refineries"."""
_RULE_MAKERS = frozenset({"lawmaker", "policymaker", "peacemaker", "decisionmaker"})
_FIRMS = frozenset(
    [
        "company",
        "firm",
        "supplier",
        "exporter",
        "importer",
        "refiner",
        "bank",
        "producer",
    ]
)
