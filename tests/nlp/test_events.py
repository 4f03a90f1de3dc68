"""Events from whole sentences and short texts: what is asserted, by whom, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from db.model import EventMention
from nlp.layers import read_layer
from tests.nlp.coding import code, countries

NOT_ASSERTED = [
    "Egypt did not ban rice exports.",
    "Nobody in Lisbon wants to tax Angolan oil.",
    "There is no plan in Ottawa to restrict uranium exports.",
    "Jordan denied that it had banned Syrian tomatoes.",
    "Kenya has yet to lift its ban on Ugandan milk.",
    "Neither Laos nor Thailand imposed a levy on timber exports.",
    "Rather than banning Ukrainian grain, Slovakia bought more of it.",
    "If Peru taxes copper exports, Chile may follow.",
    "Ghana might cap cocoa exports.",
    "Rumours of an Algerian ban on sugar exports unsettled traders.",
    "It is unclear whether Zambia will lift its ban on maize exports.",
    "Ministers in Oslo debated whether to sanction Belarusian banks.",
    "Could Morocco restrict phosphate exports?",
    "Japan did not rule out a ban on exports of chip gases.",
    "The crisis gave Washington an opportunity to tighten its controls on chips.",
    "Botswana considered a ban on diamond exports.",
]


@pytest.mark.parametrize("sentence", NOT_ASSERTED)
def test_what_is_negated_or_only_possible_is_never_asserted(english: Language, sentence: str) -> None:
    (events,) = code(english, [sentence])
    acts = [event for event in events if event.event_type in ("SANCTION", "RETREAT", "THREATEN", "CONCEDE")]
    assert [event.event_type for event in acts if event.modality in ("actual", "future")] == []


NO_EVENT = [
    "A cookery book explains how to tax your patience with a soufflé.",
    "Tin output in Bolivia rose 4 percent in March.",
    "Quotas, licences and bans were the topics of a seminar in Graz.",
    "The striker was banned for two matches after the cup final.",
    "Imports of wheat into Egypt fell to 900,000 tonnes in June.",
]


@pytest.mark.parametrize("sentence", NO_EVENT)
def test_policy_words_without_an_act_of_a_government_are_no_event(english: Language, sentence: str) -> None:
    assert code(english, [sentence]) == [()]


def one(english: Language, sentence: str, event_type: str) -> EventMention:
    (events,) = code(english, [sentence])
    found = [event for event in events if event.event_type == event_type]
    assert len(found) == 1, (sentence, [event.event_type for event in events])
    return found[0]


@pytest.mark.parametrize(
    ("sentence", "actor", "recipient"),
    [
        ("Peru imposed a duty on Chilean wine.", "PER", "CHL"),
        ("A duty on Chilean wine was imposed by Peru.", "PER", "CHL"),
        ("Peru's duty on Chilean wine has hurt growers.", "PER", "CHL"),
        ("The imposition of a duty on Chilean wine by Peru has hurt growers.", "PER", "CHL"),
        ("Chilean wine was hit with a duty by Peru.", "PER", "CHL"),
        ("Peru, which imposed a duty on Chilean wine, is a small market.", "PER", "CHL"),
    ],
)
def test_roles_are_found_in_every_construction(
    english: Language, sentence: str, actor: str, recipient: str
) -> None:
    event = one(english, sentence, "SANCTION")
    assert countries(event) == ({actor}, {recipient})
    assert (event.instrument, event.direction, event.stage) == ("import_tariff", "restrict", "in_force")


def test_coordinated_actors_share_an_act_and_coordinated_verbs_share_an_actor(english: Language) -> None:
    (events,) = code(
        english, ["Norway and Iceland lifted duties on Thai rice and banned imports of Thai shrimp."]
    )
    assert {event.event_type: countries(event) for event in events} == {
        "RETREAT": ({"NOR", "ISL"}, {"THA"}),
        "SANCTION": ({"NOR", "ISL"}, {"THA"}),
    }


def test_an_act_without_actor_is_given_to_the_government_in_focus(english: Language) -> None:
    (events,) = code(english, ["Kuwait's cabinet met on Sunday. It imposed a quota on cement exports."])
    assert [(event.event_type, countries(event)[0]) for event in events] == [("SANCTION", {"KWT"})]


def test_a_meeting_to_come_is_an_agreement_to_consult(english: Language) -> None:
    event = one(english, "The presidents of Peru and Brazil are expected to meet in May.", "AGREE")
    assert (event.content_type, event.modality) == ("CONSULT", "future")
    assert {"PER", "BRA"} == set().union(*countries(event))


def test_a_measure_decided_but_not_in_force_is_announced_and_future(english: Language) -> None:
    event = one(english, "Namibia will ban exports of raw lithium from January 1.", "SANCTION")
    assert (event.stage, event.modality, event.effective_date) == ("announced", "future", "2026-01-01")


def test_a_plan_is_a_threat_and_a_promise_to_ease_a_concession(english: Language) -> None:
    plan = one(english, "Namibia plans to ban exports of raw lithium.", "THREATEN")
    assert (plan.content_type, plan.stage, plan.instrument) == ("SANCTION", "proposed", "export_ban")
    ease = one(english, "Namibia promised to lift its ban on exports of raw lithium.", "CONCEDE")
    assert (ease.content_type, ease.stage, ease.direction) == ("RETREAT", "announced", "ease")


def test_raising_a_quota_or_a_rebate_is_an_easing_and_cutting_it_a_restriction(english: Language) -> None:
    (raised,), (cut,) = code(
        english, ["Zambia raised its export quota for maize.", "China cut the export tax rebate for steel."]
    )
    assert (raised.event_type, raised.direction) == ("RETREAT", "ease")
    assert (cut.event_type, cut.direction) == ("SANCTION", "restrict")


def test_one_measure_in_place_of_another_is_two_events(english: Language) -> None:
    (events,) = code(english, ["Laos replaced its timber export ban with an export tax."])
    assert {(event.event_type, event.instrument) for event in events} == {
        ("RETREAT", "export_ban"),
        ("SANCTION", "export_tax"),
    }


def test_the_kind_of_a_known_measure_is_supplied_only_where_and_when_it_held(english: Language) -> None:
    sentence = "China's curbs on germanium exports worry lens makers."
    kinds = [code(english, [sentence], published=day)[0][0] for day in ("2025-10-20", "2019-05-02")]
    assert [event.instrument for event in kinds] == ["export_licence", "export_control_other"]
    assert "known measure of CHN" in kinds[0].rule and "known measure" not in kinds[1].rule


def test_attribution_tells_officials_from_anonymous_sources(english: Language) -> None:
    named = one(english, "Bolivia banned tin exports, its mining minister said.", "SANCTION")
    hidden = one(
        english, "Bolivia banned tin exports, according to people familiar with the matter.", "SANCTION"
    )
    assert named.attribution is not None and named.attribution.type == "named_official"
    assert hidden.attribution is not None and hidden.attribution.type == "anonymous_sources"


def test_spans_lie_in_the_text_and_hold_the_trigger(english: Language) -> None:
    sentence = "On Monday Kenya lifted its ban on Ugandan milk."
    (event,) = code(english, [sentence])[0]
    assert sentence[event.trigger_start : event.trigger_end] == "lifted"
    assert event.start <= event.trigger_start < event.trigger_end <= event.end
    assert all(sentence[p.start : p.end] == p.text for p in (*event.actor, *event.recipient))


def test_one_event_told_twice_in_a_text_is_one_event(english: Language) -> None:
    text = "Gabon banned exports of manganese ore. Traders left. Gabon banned exports of manganese ore, officials said."
    (events,) = code(english, [text])
    assert [event.event_type for event in events] == ["SANCTION"]


def test_the_same_text_gives_the_same_ids(english: Language) -> None:
    sentences = ["Gabon banned exports of manganese ore."] * 2
    first, second = code(english, sentences)
    assert first == second and first[0].event_id.startswith("event/")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Peru cấm nhập khẩu thép Chile.", ("SANCTION", "import_ban", "actual", {"PER"}, {"CHL"})),
        ("Peru không cấm nhập khẩu thép Chile.", ("SANCTION", "import_ban", "negated", {"PER"}, {"CHL"})),
        (
            "Peru có thể cấm nhập khẩu thép Chile.",
            ("SANCTION", "import_ban", "hypothetical", {"PER"}, {"CHL"}),
        ),
        ("Peru sẽ cấm nhập khẩu thép Chile.", ("SANCTION", "import_ban", "future", {"PER"}, {"CHL"})),
        ("Peru đe dọa cấm nhập khẩu thép Chile.", ("THREATEN", "import_ban", "actual", {"PER"}, {"CHL"})),
        ("Peru dỡ bỏ lệnh cấm nhập khẩu thép Chile.", ("RETREAT", "import_ban", "actual", {"PER"}, {"CHL"})),
    ],
)
def test_vietnamese_acts_and_their_modality(
    vietnamese: Language, sentence: str, expected: tuple[str, str, str, set[str], set[str]]
) -> None:
    (event,) = code(vietnamese, [sentence])[0]
    assert (event.event_type, event.instrument, event.modality, *countries(event)) == expected


def test_the_component_survives_the_disk(english: Language, tmp_path: Path) -> None:
    english.to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    sentence = "Gabon banned exports of manganese ore."
    assert read_layer(again(sentence), EventMention) == read_layer(english(sentence), EventMention) != ()


def test_a_users_codebook_adds_a_trigger(tmp_path: Path) -> None:
    from nlp.components.events import Events
    from nlp.pipeline import build_pipeline

    path = tmp_path / "mine.yml"
    path.write_text(
        "frames: [{id: raffle, type: SANCTION, effect: restrict, stage: in_force, verbs: [raffle], object: [goods]}]\n"
    )
    nlp = build_pipeline("en")
    sentence = "Gabon raffled exports of manganese ore."
    assert read_layer(nlp(sentence), EventMention) == ()
    doc = Events(codebook=str(path))(nlp(sentence))
    assert [event.event_type for event in read_layer(doc, EventMention)] == ["SANCTION"]


POLARITY = [
    ("Thái Lan tạm đình chỉ thuế nhập khẩu đối với ngô Lào.", "RETREAT", "suspended"),
    ("Thái Lan tạm đình chỉ nhập khẩu ngô Lào.", "SANCTION", "in_force"),
    ("Ai Cập đình chỉ quy định cấp phép nhập khẩu gạo ban hành hồi tháng 6.", "RETREAT", "suspended"),
    ("Nga nới lỏng hạn ngạch xuất khẩu lúa mì.", "RETREAT", "in_force"),
    ("Nga cắt giảm hạn ngạch xuất khẩu lúa mì.", "SANCTION", "in_force"),
    ("India suspended the licensing requirement for laptops.", "RETREAT", "suspended"),
    ("India suspended imports of Nepali ginger.", "SANCTION", "in_force"),
    ("Britain revoked the export licence of an Israeli drone maker.", "SANCTION", "in_force"),
    ("India eased its export quota on sugar.", "RETREAT", "in_force"),
    ("India cut its export quota on sugar.", "SANCTION", "in_force"),
]


@pytest.mark.parametrize(("sentence", "event_type", "stage"), POLARITY)
def test_what_is_suspended_decides_between_easing_and_restriction(
    english: Language, vietnamese: Language, sentence: str, event_type: str, stage: str
) -> None:
    nlp = english if sentence.isascii() else vietnamese
    (events,) = code(nlp, [sentence])
    assert [(event.event_type, event.stage) for event in events] == [(event_type, stage)]


def test_the_doer_of_a_vietnamese_passive_stands_after_the_passive_word(vietnamese: Language) -> None:
    (events,) = code(vietnamese, ["Thép Ukraine bị Ba Lan áp thuế chống bán phá giá."])
    assert [countries(event) for event in events] == [({"POL"}, {"UKR"})]


@pytest.mark.parametrize(
    "sentence",
    [
        "Giá gạo bán lẻ tại Philippines tăng 3% trong tháng 5.",
        "Lượng dầu cọ xuất khẩu của Malaysia giảm 8% so với tháng trước.",
        "Các nghị sĩ đã kêu gọi Nhà Trắng bỏ thuế.",
        "Turkish exports of cement to Syria fell by 9 percent in May.",
        "Mexico's trade minister declined to comment on the talks.",
    ],
)
def test_figures_idioms_and_acts_of_nobody_named_are_no_event(
    english: Language, vietnamese: Language, sentence: str
) -> None:
    assert code(english if sentence.isascii() else vietnamese, [sentence]) == [()]


def test_both_sides_are_the_pair_told_before(vietnamese: Language) -> None:
    (events,) = code(vietnamese, ["Kenya và Uganda họp tại Nairobi. Hai bên nhất trí giảm thuế đối với sữa."])
    assert [(event.event_type, countries(event)[0]) for event in events] == [
        ("CONSULT", {"KEN", "UGA"}),
        ("AGREE", {"KEN", "UGA"}),
    ]
    assert events[0].venue == "Nairobi"


def test_whose_meetings_they_are_is_the_venue_and_no_party(english: Language) -> None:
    event = one(
        english,
        "Ghana's delegates met Togolese officials at the annual meetings of the World Bank.",
        "CONSULT",
    )
    assert countries(event) == ({"GHA"}, {"TGO"})
    assert event.venue == "the annual meetings of the World Bank"


def test_a_headline_and_its_first_sentence_tell_one_event_with_the_flow_of_the_fuller(
    vietnamese: Language,
) -> None:
    text = "Bolivia dỡ bỏ hạn ngạch đậu tương\n\nBolivia dỡ bỏ hạn ngạch xuất khẩu đậu tương từ hôm nay."
    (events,) = code(vietnamese, [text])
    assert [(event.event_type, event.instrument) for event in events] == [("RETREAT", "export_quota")]


def test_the_day_of_a_relative_clause_is_not_the_day_of_the_act(english: Language) -> None:
    (events,) = code(english, ["Ghana suspended the cocoa export ban that it had introduced on May 3."])
    [eased] = [event for event in events if event.event_type == "RETREAT"]
    assert (eased.stage, eased.event_date) == ("suspended", None)


@pytest.mark.parametrize(
    ("sentence", "event_type"),
    [
        ("Chile suspends lithium export permits.", "SANCTION"),
        ("Peru has revoked the export licences of three copper traders.", "SANCTION"),
        ("Indonesia froze new import licences for sugar.", "SANCTION"),
        ("Kenya suspended its export licensing requirements for tea.", "RETREAT"),
        ("India issued export permits for 200,000 tonnes of sugar.", "RETREAT"),
    ],
)
def test_to_suspend_a_permit_restricts_and_to_suspend_the_need_for_one_eases(
    english: Language, sentence: str, event_type: str
) -> None:
    ((event,),) = code(english, [sentence])
    assert event.event_type == event_type
    assert event.instrument in ("export_licence", "import_licence")


OTHER_WORDS = [
    "Trung Quốc và Ấn Độ tiếp tục theo đuổi các cuộc tiếp xúc với thị trường Nga.",
    "Lào bắt đầu mùa thu hoạch cà phê tại Thái Lan.",
    "Mỹ họp báo về tình hình bán đảo Triều Tiên.",
    "Nhật Bản thay đổi cách tính chi phí vận tải với Hàn Quốc.",
    "Trung Quốc chiếm khoảng 90% sản lượng đất hiếm, liên quan đến Mỹ.",
]


@pytest.mark.parametrize("sentence", OTHER_WORDS)
def test_a_syllable_of_another_vietnamese_word_triggers_nothing(vietnamese: Language, sentence: str) -> None:
    (events,) = code(vietnamese, [sentence])
    assert [(event.event_type, event.trigger_text) for event in events] == []


def test_whereby_is_no_attribution_in_vietnamese(vietnamese: Language) -> None:
    text = "EU và Mercosur đã ký hiệp định thương mại, theo đó EU sẽ xóa bỏ thuế quan đối với ô tô."
    (events,) = code(vietnamese, [text])
    assert events and all(event.attribution is None for event in events)


ARTICLE = """Chile's curbs on lithium exports unsettle battery makers

Chilean officials spoke for the curbs at a congress in Lima. In talks on the sidelines of the World Trade
Organization's annual meetings, the Chilean delegation assured its counterparts that the tightening of controls would
not interrupt normal trade. The curbs were merely a response to provocations from Peru, the ministry in Santiago said.

South Korea's finance minister has struck a worried tone, warning that a spiral of retaliation would hurt the world
economy. The G7 has not yet taken any step and will await a meeting between the presidents of Chile and Peru before it
acts. Peru could use its own lithium as a lever, analysts said.

Peru's trade minister has spoken by phone with Chile's deputy premier and is expected to meet him next week. Chile's
lithium exports fell to 1,538 tonnes in September from 2,338 tonnes in August."""


def test_a_whole_article_gives_its_acts_and_asserts_nothing_that_was_not_done(english: Language) -> None:
    (events,) = code(english, [ARTICLE])
    told = {
        (event.event_type, event.content_type, frozenset(countries(event)[0] | countries(event)[1]))
        for event in events
        if event.modality in ("actual", "future")
    }
    assert ("SANCTION", None, frozenset({"CHL"})) in told
    assert ("ACCUSE", None, frozenset({"CHL", "PER"})) in told
    assert ("CONSULT", None, frozenset({"CHL", "PER"})) in told
    assert ("AGREE", "CONSULT", frozenset({"CHL", "PER"})) in told
    assert any(kind == "ACCUSE" and "KOR" in who for kind, _, who in told)
    assert any(kind == "AGREE" and who <= {"CHL", "---"} for kind, _, who in told)
    assert not any("IGO" in who for _, _, who in told), "neither the G7 nor whoever held the meetings acted"
    assert not any(kind in ("SANCTION", "THREATEN") and "PER" in who for kind, _, who in told)


@pytest.mark.parametrize(
    "sentence",
    [
        "Chilean officials held talks on the sidelines of the International Monetary Fund meetings.",
        "On the margins of the G20 summit, Chile's president met his counterpart.",
    ],
)
def test_who_holds_the_occasion_is_no_partner_of_the_talks_beside_it(
    english: Language, sentence: str
) -> None:
    (events,) = code(english, [sentence])
    assert all("IGO" not in countries(event)[1] for event in events)


@pytest.mark.parametrize(
    ("sentence", "event_type", "actor", "instrument"),
    [
        ("Lệnh cấm nhập khẩu gạo đã được Nhật Bản dỡ bỏ hôm thứ Sáu.", "RETREAT", "JPN", "import_ban"),
        ("Pakistan bỏ yêu cầu giấy phép nhập khẩu bông.", "RETREAT", "PAK", "import_licence"),
        ("Hoa Kỳ hủy thuế chống bán phá giá đối với mật ong Argentina.", "RETREAT", "USA", "anti_dumping"),
    ],
)
def test_what_is_undone_in_vietnamese_is_no_new_measure(
    vietnamese: Language, sentence: str, event_type: str, actor: str, instrument: str
) -> None:
    ((event,),) = code(vietnamese, [sentence])
    found = (event.event_type, [party.country for party in event.actor], event.instrument)
    assert found == (event_type, [actor], instrument)


def test_a_tax_of_the_home_market_is_no_tariff_in_vietnamese(vietnamese: Language) -> None:
    (events,) = code(vietnamese, ["Bộ Tài chính Nga đề xuất tăng thuế giá trị gia tăng lên 22% từ năm 2026."])
    assert list(events) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "The pact still needs the approval of the European Parliament and would replace a safeguard on steel.",
        "Chile's mining minister told reporters that shipments would not be affected.",
        "Britain, which exports 80% of its steel to the EU, waits for Norway.",
    ],
)
def test_an_approval_awaited_a_word_to_reporters_and_a_habit_are_no_acts(
    english: Language, sentence: str
) -> None:
    (events,) = code(english, [sentence])
    assert [event.trigger_text for event in events] == []


def test_who_says_it_has_no_plans_says_no_to_nobody(english: Language) -> None:
    ((event,),) = code(english, ["Australia said it had no plans to restrict exports of lithium."])
    assert (event.event_type, event.modality) == ("SANCTION", "negated")


@pytest.mark.parametrize(
    "title",
    [
        "The library has found a tenant for the map room",
        "Norwick museum has found a keeper for the tide mill",
    ],
)
@pytest.mark.parametrize("sentence", ["Peru banned exports of copper.", "Egypt halted exports of rice."])
def test_a_short_sentence_below_a_title_without_a_full_stop_keeps_its_subject(
    english: Language, title: str, sentence: str
) -> None:
    (events,) = code(english, [f"{title}\n\n{sentence}"])
    assert [(event.event_type, countries(event)[0]) for event in events] == [
        ("SANCTION", {"PER" if "Peru" in sentence else "EGY"})
    ]


def test_a_pronoun_is_no_measure_where_only_a_verb_spoke_of_one(english: Language) -> None:
    sentence = "Peru banned exports of copper, and the town council of Norwick has put it into its minutes."
    (events,) = code(english, [sentence])
    assert [(event.event_type, countries(event)) for event in events] == [("SANCTION", ({"PER"}, set()))]


def test_a_capital_that_acts_is_its_government(english: Language, vietnamese: Language) -> None:
    ((needed, *_),) = code(english, ["Exporters of cobalt now need a permit from Kinshasa."])
    assert [(party.entity_id, party.text) for party in needed.actor] == [("gov/COD", "Kinshasa")]
    ((set_aside, *_),) = code(vietnamese, ["Nairobi dành 20 tỷ shilling cho dự trữ ngũ cốc."])
    assert [(party.entity_id, party.text) for party in set_aside.actor] == [("gov/KEN", "Nairobi")]
