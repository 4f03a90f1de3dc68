"""The codebook tests itself: its example sentences give their entry, or must not."""

from __future__ import annotations

from spacy.language import Language

from db.codebook import Examples, load_codebook
from db.model import EventMention
from tests.nlp.coding import code


def faults(english: Language, entries: dict[str, Examples], field: str) -> list[str]:
    """Positive examples without their entry, negative ones with it."""
    wanted = [(name, s, True) for name, e in entries.items() for s in e.positive]
    wanted += [(name, s, False) for name, e in entries.items() for s in e.negative]
    found = code(english, [sentence for _, sentence, _ in wanted], published="2025-06-02")
    return [
        f"{'lacks' if should else 'must not be'} {name}: {sentence}"
        for (name, sentence, should), events in zip(wanted, found, strict=True)
        if should != (name in {getattr(event, field) for event in events})
    ]


def test_examples_of_types(english: Language) -> None:
    entries = {name: kind.examples for name, kind in load_codebook().types.items()}
    assert faults(english, entries, "event_type") == []


def test_examples_of_instruments(english: Language) -> None:
    entries = {name: instrument.examples for name, instrument in load_codebook().instruments.items()}
    assert faults(english, entries, "instrument") == []


def test_examples_of_stages(english: Language) -> None:
    entries = {name: stage.examples for name, stage in load_codebook().stages.items()}
    assert faults(english, entries, "stage") == []


def test_examples_of_modes(english: Language) -> None:
    modes = load_codebook().modes
    found = code(english, [mode.example for mode in modes.values()], published="2025-06-02")

    def fits(name: str, events: tuple[EventMention, ...]) -> bool:
        return any((event.event_type, event.mode) == (modes[name].types[0], name) for event in events)

    assert [name for name, events in zip(modes, found, strict=True) if not fits(name, events)] == []


def test_examples_of_roles(english: Language) -> None:
    roles = load_codebook().roles
    for name, role in roles.items():
        for events in code(english, role.examples.positive):
            assert any(getattr(event, name) for event in events), name
        for events in code(english, role.examples.negative):
            assert not any(getattr(event, name) for event in events), name
