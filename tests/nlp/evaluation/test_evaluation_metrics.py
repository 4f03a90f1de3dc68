"""Each figure on tiny cases worked out by hand; a metric that counts otherwise fails here."""

from __future__ import annotations

from typing import Any

import pytest

from db.model import (
    Commodity,
    CountryCount,
    EventMention,
    EventQuantity,
    Mention,
    Observation,
    Participant,
    Quantity,
    TaggedDocument,
    Tagger,
    TimeExpression,
)
from nlp.evaluation.dates import DateScorer
from nlp.evaluation.entities import EntityScorer, trim
from nlp.evaluation.events import EventScorer
from nlp.evaluation.figures import Figure, sentence_around
from nlp.evaluation.gold import DatesGold, EntitiesGold, EventsGold, ObservationsGold, QuantitiesGold
from nlp.evaluation.matching import BCubed, pair_off
from nlp.evaluation.observations import ObservationScorer
from nlp.evaluation.quantities import QuantityScorer
from nlp.evaluation.scoring import Scorer


def tagged(text: str, **layers: Any) -> TaggedDocument:
    tagger = Tagger(name="test", version="0", model="none")
    return TaggedDocument(id="t", language="en", document=text, tagger=tagger, **layers)


def counts(scorer: Scorer) -> dict[str, tuple[int | None, int, int]]:
    return {figure.name: (figure.right, figure.predicted, figure.gold) for figure in scorer.figures()}


def figure(scorer: Scorer, name: str) -> Figure:
    return next(one for one in scorer.figures() if one.name == name)


# names

TEXT = "The Bank of Peru warned Ana Ruiz's firm. Ruiz met Jo Li in Lima."


def name(words: str, kind: str, entity: str = "", **more: Any) -> Mention:
    start = TEXT.index(words)
    return Mention(
        start=start,
        end=start + len(words),
        text=words,
        kind=kind,  # type: ignore[arg-type]
        form=more.pop("form", "full"),
        entity_id=entity,
        name=words,
        **more,
    )


def gold_name(words: str, label: str, entity: str | None = None, **more: Any) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "label": label, "entity": entity, **more}


def entities(ents: list[dict[str, Any]], found: tuple[Mention, ...], **more: Any) -> EntityScorer:
    scorer = EntityScorer()
    gold = EntitiesGold.model_validate({"id": "t", "text": TEXT, "ents": ents, **more})
    codes = tuple(CountryCount(code=code, name=code, count=1) for code in ("PER", "USA"))
    scorer.add(gold, tagged(TEXT, mentions=found, countries=codes))
    return scorer


def test_a_name_is_right_only_with_its_label_and_its_span_but_for_article_and_possessive() -> None:
    scorer = entities(
        [gold_name("Bank of Peru", "ORG"), gold_name("Ana Ruiz", "PERSON"), gold_name("Lima", "PLACE")],
        (
            name("The Bank of Peru", "ministry"),
            name("Ana Ruiz's", "person"),
            name("Lima", "company"),
            name("Jo Li", "person"),
        ),
    )
    assert counts(scorer) == {"PERSON": (1, 2, 1), "PLACE": (0, 0, 1), "ORG": (1, 2, 1), "ALL": (2, 4, 3)}
    overall = figure(scorer, "ALL")
    assert (overall.precision, overall.recall) == (0.5, pytest.approx(2 / 3))
    assert overall.f1 == pytest.approx(4 / 7)


def test_a_span_one_character_off_is_wrong() -> None:
    scorer = entities([gold_name("Ana Ruiz", "PERSON")], (name("Ana Rui", "person"),))
    assert counts(scorer)["PERSON"] == (0, 1, 1)


def test_nominal_mentions_and_other_labels_are_not_scored() -> None:
    scorer = entities([gold_name("Peru", "OTHER")], (name("firm", "company", form="nominal"),))
    assert counts(scorer)["ALL"] == (0, 0, 0)
    assert figure(scorer, "ALL").f1 is None


def test_a_name_inside_a_wider_phrase_of_its_label_counts_neither_way() -> None:
    ents = [gold_name("Lima", "PLACE")]
    wider = [gold_name("Bank of Peru", "PLACE")]
    assert counts(entities(ents, (name("Peru", "country"),), mentions=wider))["PLACE"] == (0, 0, 1)
    assert counts(entities(ents, (name("Peru", "country"),)))["PLACE"] == (0, 1, 1)


def test_adjectives_count_where_the_gold_groups_names() -> None:
    found = (name("Peru", "country", "country/PER", form="adjective"),)
    assert counts(entities([gold_name("Lima", "PLACE")], found))["PLACE"] == (0, 0, 1)
    assert counts(entities([gold_name("Lima", "PLACE", "lima")], found))["PLACE"] == (0, 1, 1)


def test_country_and_role_of_a_person_are_scored_where_the_gold_tells_them() -> None:
    ents = [
        gold_name("Ana Ruiz", "PERSON", "ana", country="PER", role="President"),
        gold_name("Jo Li", "PERSON", "jo", country="CHN", role="Premier"),
    ]
    found = (
        name("Ana Ruiz", "person", "a", country="PER", role="president"),
        name("Jo Li", "person", "b", country="CHN", role="Mayor"),
    )
    scorer = entities(ents, found, countries=["PER", "CHN"])
    assert counts(scorer)["person with country"] == (2, 2, 2)
    assert counts(scorer)["person with role"] == (1, 2, 2)
    assert counts(scorer)["countries"] == (1, 2, 2)


def test_right_role_of_the_wrong_country_is_wrong() -> None:
    ents = [gold_name("Ana Ruiz", "PERSON", "ana", country="PER", role="President")]
    scorer = entities(ents, (name("Ana Ruiz", "person", "a", country="CHL", role="President"),))
    assert counts(scorer)["person with country"] == (0, 1, 1)
    assert counts(scorer)["person with role"] == (0, 1, 1)


@pytest.mark.parametrize(
    ("text", "trimmed"),
    [
        ("the EU", "EU"),
        ("A An apple", "apple"),
        ("Ruiz’s", "Ruiz"),
        ("farmers'", "farmers"),
        ("The", "The"),
    ],
)
def test_trimming_takes_articles_and_possessives_and_never_everything(text: str, trimmed: str) -> None:
    start, end = trim(text, 0, len(text))
    assert text[start:end] == trimmed


def test_b_cubed_of_one_group_split_in_two() -> None:
    grouping = BCubed()
    grouping.add({"a": "x", "b": "x", "c": "x", "d": "y"}, {"a": "1", "b": "1", "c": "2", "d": "2"})
    result = grouping.figure("grouping")
    # precision: a 1, b 1, c 1/2, d 1/2; recall: a 2/3, b 2/3, c 1/3, d 1
    assert result.precision == pytest.approx(3 / 4)
    assert result.recall == pytest.approx(2 / 3)


def test_b_cubed_counts_a_missed_name_against_recall_only() -> None:
    grouping = BCubed()
    grouping.add({"a": "x", "b": "x"}, {"a": "1"})
    assert grouping.figure("g").precision == 1
    assert grouping.figure("g").recall == pytest.approx(1 / 4)


def test_pairs_are_one_to_one_and_the_best_comes_first() -> None:
    candidates = [((1.0,), 0, 0), ((2.0,), 0, 1), ((1.0,), 1, 1), ((1.0,), 2, 0)]
    assert pair_off(candidates) == [(0, 1), (2, 0)]


# amounts


def amount(value: float, unit: str = "dollar", **more: Any) -> Quantity:
    return Quantity(start=0, end=1, text="x", value=value, unit_normalized=unit, **more)


def quantities(gold: list[dict[str, Any]], *found: Quantity) -> QuantityScorer:
    scorer = QuantityScorer()
    line = QuantitiesGold.model_validate({"id": "t", "text": "A text.", "quantities": gold})
    scorer.add(line, tagged("A text.", quantities=found))
    return scorer


def test_amounts_need_value_then_unit_then_change_then_concept() -> None:
    gold = [
        {"value": 5, "unit": "Dollar", "change": "up", "concepts": ["Steel", "exports"]},
        {"value": 7, "unit": "euro", "change": "=", "concepts": ["-"]},
        {"value": 9, "unit": "-", "change": "=", "concepts": ["rice"]},
    ]
    scorer = quantities(
        gold,
        amount(5.00001, change="up", concepts=("exports",)),
        amount(7, "dollar", change="="),
        amount(8, "-"),
        amount(1),
    )
    assert counts(scorer) == {
        "value": (2, 4, 3),
        "value+unit": (1, 4, 3),
        "value+change": (2, 4, 3),
        "value+concept (shares a word)": (2, 4, 3),
        "value+concept (same words)": (1, 4, 3),
        "value+unit+change": (1, 4, 3),
    }
    assert sorted(slip.error for slip in scorer.slips) == ["false alarm", "false alarm", "missed", "wrong"]


def test_a_prediction_serves_one_gold_amount_only() -> None:
    gold = [{"value": 5, "unit": "dollar"}, {"value": 5, "unit": "dollar"}]
    assert counts(quantities(gold, amount(5)))["value"] == (1, 1, 2)


def test_the_best_of_two_amounts_of_one_value_is_taken() -> None:
    gold = [{"value": 5, "unit": "euro"}, {"value": 5, "unit": "dollar"}]
    assert counts(quantities(gold, amount(5, "dollar"), amount(5, "euro")))["value+unit"] == (2, 2, 2)


def test_a_range_agrees_with_the_same_range_only() -> None:
    gold = [{"value": [5, 6], "unit": "dollar"}]
    assert counts(quantities(gold, amount(5, value_high=6.0)))["value"] == (1, 1, 1)
    assert counts(quantities(gold, amount(5, value_high=7.0)))["value"] == (0, 1, 1)
    assert counts(quantities(gold, amount(5)))["value"] == (0, 1, 1)
    assert counts(quantities([{"value": 5}], amount(5, value_high=6.0)))["value"] == (0, 1, 1)


def test_what_the_gold_does_not_tell_is_not_scored() -> None:
    assert set(counts(quantities([{"value": 5, "unit": "dollar"}], amount(5)))) == {"value", "value+unit"}
    mixed = quantities(
        [{"value": 5, "change": "up"}, {"value": 6}], amount(5, "-", change="up"), amount(6, "-")
    )
    assert counts(mixed)["value+change"] == (1, 1, 1)


# dates


def timex(start: int, end: int, value: str) -> TimeExpression:
    return TimeExpression(start=start, end=end, text="x", type="DATE", value=value)


def test_dates_strict_relaxed_and_resolvable() -> None:
    scorer = DateScorer()
    spans = [(0, 4, "2025"), (5, 9, "2025-01-02T10:00"), (10, 14, "P3M"), (20, 24, "2024")]
    gold = DatesGold.model_validate(
        {
            "id": "t",
            "text": "x" * 40,
            "timexes": [{"start": s, "end": e, "type": "DATE", "value": v} for s, e, v in spans],
        }
    )
    found = (
        timex(0, 4, "2025"),
        timex(4, 9, "2025-01-02t10:00:00"),
        timex(10, 14, "P2M"),
        timex(30, 34, "2020"),
    )
    scorer.add(gold, tagged("x" * 40, dates=found))
    assert counts(scorer) == {
        "strict": (2, 4, 4),
        "relaxed": (3, 4, 4),
        "strict+value": (1, 4, 4),
        "relaxed+value": (2, 4, 4),
        "resolvable": (1, 3, 3),
    }


def test_of_two_overlapping_dates_the_same_span_is_the_match() -> None:
    scorer = DateScorer()
    line = {
        "id": "t",
        "text": "x" * 20,
        "timexes": [{"start": 5, "end": 8, "type": "DATE", "value": "2025"}],
    }
    found = (timex(0, 20, "2020"), timex(5, 8, "2025"))
    scorer.add(DatesGold.model_validate(line), tagged("x" * 20, dates=found))
    assert counts(scorer)["strict+value"] == (1, 2, 1)


# observations


def observed(identity: str, value: float, **more: Any) -> Observation:
    fields = {
        "indicator": "export_volume",
        "country": "CHL",
        "unit": "metric ton",
        "period": "2025-01",
        **more,
    }
    return Observation(id=identity, start=0, end=1, text="x", value=value, **fields)


def observations(*found: Observation) -> ObservationScorer:
    same = {"indicator": "export_volume", "country": "CHL", "unit": "metric ton"}
    gold = [
        {**same, "id": "a", "value": 10, "period": "2025-01", "change_from": "b"},
        {**same, "id": "b", "value": 20, "period": "2024-12"},
    ]
    scorer = ObservationScorer()
    line = ObservationsGold.model_validate({"id": "t", "text": "A text.", "observations": gold})
    scorer.add(line, tagged("A text.", observations=found))
    return scorer


def test_observations_field_by_field() -> None:
    scorer = observations(observed("1", 10, commodity="copper"), observed("2", 20), observed("3", 30))
    result = counts(scorer)
    assert result["value"] == (2, 3, 2)
    assert result["value+indicator"] == result["value+country"] == result["value+unit"] == (2, 3, 2)
    assert result["value+commodity"] == (1, 3, 2)
    assert result["value+period"] == (1, 3, 2)
    assert result["all fields"] == (0, 3, 2)


def test_a_change_link_needs_both_ends_and_the_right_direction() -> None:
    linked = observations(observed("1", 10, change_from="2"), observed("2", 20))
    assert counts(linked)["change link"] == (1, 1, 1)
    reversed_link = observations(observed("1", 10), observed("2", 20, change_from="1"))
    assert counts(reversed_link)["change link"] == (0, 1, 1)
    no_link = observations(observed("1", 10), observed("2", 20))
    assert counts(no_link)["change link"] == (0, 0, 1)


# events


def happened(event_type: str, actors: str = "", recipients: str = "", **more: Any) -> EventMention:
    def parties(codes: str) -> tuple[Participant, ...]:
        return tuple(Participant(start=0, end=1, text="x", country=code) for code in codes.split())

    return EventMention(
        event_id="e",
        start=0,
        end=1,
        trigger_start=0,
        trigger_end=1,
        event_type=event_type,
        actor=parties(actors),
        recipient=parties(recipients),
        **more,
    )


def told(event_type: str, actors: str = "", recipients: str = "", **more: Any) -> dict[str, Any]:
    return {
        "event_type": event_type,
        "actor": [{"country": code} for code in actors.split()],
        "recipient": [{"country": code} for code in recipients.split()],
        **more,
    }


def events(gold: list[dict[str, Any]], *found: EventMention, per_type: bool = False) -> EventScorer:
    scorer = EventScorer(per_type=per_type)
    line = EventsGold.model_validate({"id": "t", "sentence": "A sentence.", "events": gold})
    scorer.add(line, tagged("A sentence.", events=found))
    return scorer


def test_type_quad_dyad_and_triple_of_asserted_events() -> None:
    scorer = events(
        [told("SANCTION", "CHN", "USA JPN"), told("REQUEST", "USA", "CHN")],
        happened("SANCTION", "CHN", "USA"),
        happened("ACCUSE", "USA", "CHN"),
        happened("ACCUSE", "USA", "CHN"),
        per_type=True,
    )
    result = counts(scorer)
    assert result["sentence"] == (1, 1, 1)
    assert result["type"] == (1, 3, 2)
    assert result["quad"] == (2, 3, 2)
    assert result["actor"] == (2, 2, 2)
    assert result["recipient"] == (2, 2, 3)
    assert result["dyad"] == (2, 3, 3)
    assert result["triple"] == (1, 3, 3)
    assert result["type ACCUSE"] == (0, 2, 0)


def test_an_event_where_there_is_none_is_a_false_alarm() -> None:
    assert counts(events([], happened("AID", "CHN")))["sentence"] == (0, 1, 0)


@pytest.mark.parametrize("modality", ["negated", "hypothetical"])
def test_unreal_events_told_as_real_are_counted(modality: str) -> None:
    scorer = events([told("SANCTION", "CHN", modality=modality)], happened("SANCTION", "CHN"))
    assert counts(scorer)["negated or hypothetical asserted"] == (None, 1, 1)
    assert counts(scorer)["type"] == (0, 1, 0)
    right = events(
        [told("SANCTION", "CHN", modality=modality)], happened("SANCTION", "CHN", modality="negated")
    )
    assert counts(right)["negated or hypothetical asserted"] == (None, 0, 1)


def test_two_sided_acts_may_hold_their_parties_on_either_side() -> None:
    both = counts(events([told("CONSULT", "USA CHN")], happened("CONSULT", "CHN", "USA")))
    assert (both["actor"], both["triple"]) == ((2, 2, 2), (1, 1, 1))
    swapped = counts(events([told("AGREE", "USA", "CHN")], happened("AGREE", "CHN", "USA")))
    assert swapped["triple"] == (1, 1, 1)
    one_sided = counts(events([told("AID", "USA", "CHN")], happened("AID", "CHN", "USA")))
    assert one_sided["triple"] == (0, 1, 1)


def test_policy_fields_and_strict() -> None:
    policy = {"instrument": "export_ban", "direction": "restrict", "stage": "in_force"}
    gold = [
        told(
            "SANCTION",
            "CHN",
            **policy,
            commodities=[{"name": "tin", "hs": ["8001"]}],
            quantities=[{"value": 100, "unit": "Tonne"}],
        ),
        told("RETREAT", "USA", instrument="tariff", modality="future"),
    ]
    scorer = events(
        gold,
        happened(
            "SANCTION",
            "CHN",
            **policy,
            commodities=(Commodity(name="tin_ore", hs=("8001",)),),
            quantities=(
                EventQuantity(value=100.05, unit="tonne", role="scope"),
                EventQuantity(value=5, unit="%", role="rate"),
            ),
        ),
        happened("RETREAT", "USA", instrument="quota"),
    )
    result = counts(scorer)
    assert result["instrument"] == (1, 2, 2)
    assert result["direction"] == result["stage"] == (1, 1, 1)
    assert result["modality"] == (1, 2, 2)
    assert result["commodity"] == (1, 1, 1)
    assert result["quantity"] == (1, 2, 1)
    assert result["strict"] == (1, 2, 2)


def test_policy_figures_are_left_out_where_the_gold_has_no_instrument() -> None:
    assert "strict" not in counts(events([told("AID", "CHN")], happened("AID", "CHN")))


def test_accepted_values_are_as_good_and_optional_events_count_neither_way() -> None:
    gold = [
        told(
            "SANCTION",
            "CHN",
            instrument="export_licence",
            accept={"instrument": ["export_control_other"], "event_type": ["THREATEN"]},
        )
    ]
    result = counts(events(gold, happened("THREATEN", "CHN", instrument="export_control_other")))
    assert result["type"] == result["strict"] == (1, 1, 1)
    optional = [told("AID", "CHN", optional=True)]
    assert (
        counts(events(optional))["type"]
        == counts(events(optional, happened("AID", "CHN")))["type"]
        == (0, 0, 0)
    )


def test_a_pledge_is_as_good_future_as_actual_but_an_act_is_not() -> None:
    pledge = events(
        [told("THREATEN", "CHN", instrument=None, modality="future")], happened("THREATEN", "CHN")
    )
    assert counts(pledge)["modality"] == (1, 1, 1)
    act = events([told("SANCTION", "CHN", instrument=None, modality="future")], happened("SANCTION", "CHN"))
    assert counts(act)["modality"] == (0, 1, 1)


def test_the_sentence_of_a_slip_is_the_one_that_holds_it() -> None:
    text = "First one. Ana Ruiz spoke! Last one."
    start = text.index("Ruiz")
    assert sentence_around(text, start, start + 4) == "Ana Ruiz spoke!"


def test_b_cubed_leaves_names_out_that_the_gold_does_not_hold() -> None:
    grouping = BCubed()
    grouping.add({"a": "x", "b": "x"}, {"a": "1", "b": "1", "stranger": "1"})
    assert (grouping.figure("g").precision, grouping.figure("g").recall) == (1, 1)


def test_the_same_words_means_no_word_more() -> None:
    gold = [{"value": 5, "change": "=", "concepts": ["rice"]}]
    result = counts(quantities(gold, amount(5, "-", concepts=("rice", "price"))))
    assert result["value+concept (shares a word)"] == (1, 1, 1)
    assert result["value+concept (same words)"] == (0, 1, 1)


def test_each_of_several_like_events_counts() -> None:
    twice = [told("AID", "CHN"), told("AID", "JPN")]
    assert counts(events(twice, happened("AID", "CHN"), happened("AID", "JPN")))["type"] == (2, 2, 2)


def test_an_event_told_as_unreal_is_not_asserted() -> None:
    assert counts(events([], happened("AID", "CHN", modality="negated")))["sentence"] == (0, 0, 0)


def test_a_real_event_told_as_real_is_not_wrongly_asserted() -> None:
    scorer = events([told("AID", "CHN", modality="future")], happened("AID", "CHN"))
    assert counts(scorer)["negated or hypothetical asserted"] == (None, 0, 0)


def test_strict_asks_for_the_modality_too() -> None:
    gold = [told("SANCTION", "CHN", instrument="export_ban", modality="future")]
    found = happened("SANCTION", "CHN", instrument="export_ban")
    assert counts(events(gold, found))["strict"] == (0, 1, 1)


def test_recipients_are_not_taken_for_actors() -> None:
    result = counts(events([told("AID", "CHN", "KEN")], happened("AID", "KEN", "USA")))
    assert (result["actor"], result["recipient"]) == ((0, 1, 1), (0, 1, 1))
