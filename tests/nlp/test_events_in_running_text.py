"""What running news gets wrong first: passives of headlines, pronouns, dates of older measures, orders, trade flows."""

from __future__ import annotations

import pytest
from spacy.language import Language

from db.model import EventMention
from tests.nlp.coding import code


def only(nlp: Language, text: str, event_type: str) -> EventMention:
    found = [event for event in code(nlp, [text])[0] if event.event_type == event_type]
    assert len(found) == 1, (text, found)
    return found[0]


def sides(event: EventMention) -> tuple[list[str], list[str]]:
    return [one.country for one in event.actor], [one.country for one in event.recipient]


@pytest.mark.parametrize(
    ("headline", "event_type", "expected"),
    [
        ("Chilean envoy expelled from Gabon", "COERCE", (["GAB"], ["CHL"])),
        ("Two reporters detained in Tajikistan", "COERCE", (["TJK"], ["TJK"])),
        ("Nine killed in blast in Maputo", "ASSAULT", ([], ["MOZ"])),
        ("Four nurses killed as M23 shells Congolese town", "ASSAULT", ([], ["COD"])),
        ("Former premier jailed for fraud in Nepal", "COERCE", (["NPL"], ["NPL"])),
        ("Belgium jails ex-spy", "COERCE", (["BEL"], ["BEL"])),
    ],
)
def test_the_subject_of_a_bare_passive_is_whom_it_was_done_to(
    english: Language, headline: str, event_type: str, expected: tuple[list[str], list[str]]
) -> None:
    assert sides(only(english, headline, event_type)) == expected


def test_who_expelled_an_envoy_is_left_open_where_nobody_is_named(english: Language) -> None:
    assert [e for e in code(english, ["Two Peruvian diplomats expelled"])[0] if e.actor] == []


def test_a_pronoun_never_means_another_than_the_body_that_speaks(english: Language) -> None:
    text = "Ghana and Togo urged a halt to the fighting. The FLN-Z said it would accept the plan."
    assert [sides(e) for e in code(english, [text])[0] if e.event_type == "AGREE"] == []


def test_parties_to_a_war_belong_to_none_of_those_who_plead_with_them(english: Language) -> None:
    event = only(english, "Oman and Kuwait urged the warring parties to lay down their arms.", "REQUEST")
    assert sides(event) == (["OMN", "KWT"], [])


def test_an_adverb_of_another_verb_makes_no_phrasal_verb(english: Language) -> None:
    text = "Laos has not lowered its levy. It would take years to win them back."
    assert [e.event_type for e in code(english, [text])[0]] == ["RETREAT"]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("A ban on maize exports imposed in May 2022 was lifted by Zambia on Tuesday.", ("2025-10-14", None)),
        ("Peru lifted a duty on sugar that it had introduced in March 2023.", (None, None)),
        ("Malawi scrapped the tobacco quota in force since December 2021.", (None, None)),
        ("Kenya cut its sugar tariff, a step that takes effect on May 1, 2026.", (None, "2026-05-01")),
    ],
)
def test_the_day_a_measure_began_is_not_the_day_it_was_lifted(
    english: Language, text: str, dates: tuple[str | None, str | None]
) -> None:
    event = only(english, text, "RETREAT")
    assert (event.event_date, event.effective_date) == dates


def test_a_vietnamese_measure_that_ends_is_not_dated_by_its_beginning(vietnamese: Language) -> None:
    event = only(vietnamese, "Peru dỡ bỏ lệnh cấm xuất khẩu đường áp dụng từ ngày 20/7/2023.", "RETREAT")
    assert (event.event_date, event.effective_date) == (None, None)


def test_a_flow_of_goods_a_day_is_no_gift(english: Language) -> None:
    assert code(english, ["Iraq supplied 310,000 barrels a day to Jordan in May."]) == [()]
    assert sides(only(english, "Iraq gave 20,000 tonnes of wheat to Jordan.", "AID")) == (["IRQ"], ["JOR"])


def test_who_signs_or_gives_an_order_does_what_it_says(vietnamese: Language) -> None:
    signed = only(
        vietnamese, "Tổng thống Chile Gabriel Boric ký sắc lệnh áp thuế 15% lên thép Peru.", "SANCTION"
    )
    assert (sides(signed), signed.instrument) == ((["CHL"], ["PER"]), "import_tariff")
    ordered = only(vietnamese, "Algeria ra lệnh ngừng nhập khẩu thịt gà Brazil.", "SANCTION")
    assert (sides(ordered), ordered.instrument) == ((["DZA"], ["BRA"]), "import_ban")


def test_an_order_that_is_suspended_is_an_easing(vietnamese: Language) -> None:
    text = "Chính phủ Bỉ ngày 3/10 thông báo đình chỉ lệnh can thiệp vào nhà sản xuất chip Melexis."
    event = only(vietnamese, text, "RETREAT")
    assert (event.stage, event.attribution and event.attribution.text) == ("suspended", "Chính phủ Bỉ")
    assert code(vietnamese, ["Yemen ngừng tuân thủ lệnh ngừng bắn."]) == [()]


def test_a_firm_that_bears_a_capitals_name_is_not_its_country(english: Language) -> None:
    text = "Laos has let Vientiane Mineral and Codelco export copper. Vientiane was granted a quota of 900 tonnes."
    (events,) = code(english, [text])
    assert {one.country for event in events for one in (*event.actor, *event.recipient)} <= {
        "LAO",
        "CHL",
        "---",
    }
    (events,) = code(
        english, ["Chad has let Amman Mineral export copper. Amman was granted a quota of 900 tonnes."]
    )
    assert {one.country for event in events for one in (*event.actor, *event.recipient)} == {"TCD"}


def test_a_treaty_named_after_a_capital_is_not_its_country(english: Language) -> None:
    (events,) = code(english, ["Fiji criticised Chile for leaving the Paris Agreement."])
    assert {one.country for event in events for one in (*event.actor, *event.recipient)} == {"FJI", "CHL"}


def test_the_day_on_which_something_ends_is_not_the_day_of_the_act(english: Language) -> None:
    delayed = only(english, "Gabon has delayed a ban on raw timber exports until 2029.", "RETREAT")
    assert (delayed.event_date, delayed.effective_date) == (None, None)


def test_a_threat_and_what_came_after_it_are_two_acts_with_days_of_their_own(english: Language) -> None:
    text = "Chile had threatened a 46 percent duty on Peruvian goods in April before cutting it in July."
    (events,) = code(english, [text])
    assert [(e.event_type, e.content_type, e.event_date) for e in events] == [
        ("THREATEN", "SANCTION", "2025-04"),
        ("RETREAT", None, "2025-07"),
    ]


def test_a_warrant_is_executed_without_a_death(english: Language) -> None:
    assert code(english, ["Peru said its navy had executed a seizure warrant for the trawler."])[0] == ()
    assert sides(only(english, "Sudan executed two prisoners.", "ASSAULT")) == (["SDN"], ["SDN"])


def test_who_may_sell_has_not_sold(english: Language) -> None:
    (events,) = code(english, ["Ghana has allowed Togo to export maize again."])
    assert [(e.event_type, sides(e)[0]) for e in events] == [("RETREAT", ["GHA"])]


def test_a_deal_that_anybody_might_strike_is_not_struck(english: Language) -> None:
    (events,) = code(english, ["Nepal said it opposed any deal struck at its expense."])
    assert {e.modality for e in events if e.event_type == "SUPPORT"} <= {"hypothetical"}


def test_a_court_sentences_somebody_of_its_own_country(english: Language) -> None:
    text = (
        "A court in Dhaka sentenced former prime minister Sheikh Hasina to death for a crackdown on students."
    )
    event = only(english, text, "SANCTION")
    assert (sides(event), event.instrument) == ((["BGD"], ["BGD"]), None)


def test_a_new_subject_after_and_acts_for_itself(vietnamese: Language) -> None:
    text = "Hai nước sẽ rút vũ khí khỏi biên giới và Lào sẽ trả tự do cho 18 binh sĩ Campuchia."
    event = only(vietnamese, text, "AGREE")
    assert sides(event) == (["LAO"], ["KHM"])
    both = only(vietnamese, "Lào và Campuchia sẽ ký hiệp định về cá.", "AGREE")
    assert sides(both) == (["LAO", "KHM"], [])


@pytest.mark.parametrize(
    ("text", "said_by"),
    [
        (
            "Bộ Ngoại giao Chile hoan nghênh quyết định và cho biết sẽ tiếp tục đàm phán.",
            "Bộ Ngoại giao Chile",
        ),
        ("Thủ tướng Lào và Thủ tướng Campuchia ký tuyên bố chung về hòa bình.", None),
    ],
)
def test_the_source_of_a_statement_is_its_speaker_alone(
    vietnamese: Language, text: str, said_by: str | None
) -> None:
    (events,) = code(vietnamese, [text])
    assert events
    assert [e.attribution.text if e.attribution else None for e in events] == [said_by] * len(events)


@pytest.mark.parametrize(
    ("text", "event_type", "date"),
    [
        ("Ngày 10/10, Lào đình chỉ nhập khẩu gà Peru.", "SANCTION", "2025-10-10"),
        ("Hồi tháng 7, Chile áp thuế 20% lên thép Peru.", "SANCTION", "2025-07"),
        ("Ngày 10/10, Chile dọa áp thuế lên thép Peru từ ngày 1/11.", "THREATEN", "2025-10-10"),
        ("Chile dọa áp thuế lên thép Peru từ ngày 1/11.", "THREATEN", None),
    ],
)
def test_a_vietnamese_date_in_front_dates_the_act_and_that_of_a_threat_does_not(
    vietnamese: Language, text: str, event_type: str, date: str | None
) -> None:
    assert only(vietnamese, text, event_type).event_date == date


def test_what_a_condition_follows_is_not_done(vietnamese: Language) -> None:
    event = only(vietnamese, "Chile áp thuế 100% lên thép Peru nếu Lima nuốt lời.", "SANCTION")
    assert event.modality == "hypothetical"
    done = only(vietnamese, "Chile đã áp thuế 9% lên thép Peru và sẽ tăng nếu Lima nuốt lời.", "SANCTION")
    assert done.modality == "actual"


def test_to_prepare_is_no_passive(vietnamese: Language) -> None:
    event = only(vietnamese, "Chile chuẩn bị áp thuế lên thép Peru.", "THREATEN")
    assert sides(event) == (["CHL"], ["PER"])


def test_a_clause_behind_the_goods_says_from_when_a_measure_holds(vietnamese: Language) -> None:
    text = "Ngày 9/10, Chile siết kiểm soát xuất khẩu lithium, đồng và bạc, có hiệu lực từ ngày 8/11."
    event = only(vietnamese, text, "SANCTION")
    assert (event.event_date, event.effective_date) == ("2025-10-09", "2025-11-08")


def test_a_firm_that_stops_buying_makes_no_policy(english: Language) -> None:
    (events,) = code(english, ["India's Relindra said it would stop importing Russian crude from May 20."])
    assert [e.event_type for e in events if e.modality in ("actual", "future")] == []
    assert sides(only(english, "Gabon said it would stop importing Russian crude.", "SANCTION")) == (
        ["GAB"],
        ["RUS"],
    )


def test_visas_that_are_refused_are_a_sanction(english: Language, vietnamese: Language) -> None:
    assert sides(only(english, "Fiji was revoking the visas of Peruvian judges.", "SANCTION")) == (
        ["FJI"],
        ["PER"],
    )
    assert sides(only(vietnamese, "Lào thu hồi thị thực của các thẩm phán Peru.", "SANCTION")) == (
        ["LAO"],
        ["PER"],
    )


def test_a_measure_that_takes_the_place_of_another_is_told_with_it(english: Language) -> None:
    (events,) = code(english, ["Gabon replaced its ban on timber exports with quotas in October."])
    assert [(e.event_type, e.instrument, e.stage) for e in events] == [
        ("RETREAT", "export_ban", "lifted"),
        ("SANCTION", "export_quota", "in_force"),
    ]


def test_what_is_done_by_way_of_an_answer_has_the_day_of_the_answer(english: Language) -> None:
    event = only(english, "Hanoi responded on October 4 by blocking exports of Chilean chips.", "SANCTION")
    assert event.event_date == "2025-10-04"


def test_an_international_body_has_no_police_and_no_parties_of_its_own(english: Language) -> None:
    accused = only(english, "Amnesty International accused the police of abducting activists.", "ACCUSE")
    assert "IGO" not in sides(accused)[1]
    killed = only(english, "Human Rights Watch said troops executed 71 civilians.", "ASSAULT")
    assert "IGO" not in [*sides(killed)[0], *sides(killed)[1]]
    pleaded = only(english, "Fiji called on all parties to exercise restraint.", "REQUEST")
    assert sides(pleaded) == (["FJI"], [])


def test_a_junta_is_not_of_the_country_whose_troops_it_expels(english: Language) -> None:
    text = "Gabon's rulers said they would tax oil. Then the junta expelled Belgian troops."
    assert sides(only(english, text, "COERCE")) == (["GAB"], ["BEL"])


def test_another_act_of_the_sentence_lends_no_date(english: Language) -> None:
    text = "Chile declared a nature reserve in September; Peru's envoy criticised the step."
    assert only(english, text, "ACCUSE").event_date is None


def test_a_tariff_is_one_on_imports_whatever_controls_a_state_has_on_exports(english: Language) -> None:
    event = only(english, "Trump said he would set tariffs of 300 percent on semiconductors.", "SANCTION")
    assert event.instrument == "import_tariff"


def test_a_ban_on_rallies_bans_no_goods(english: Language) -> None:
    (events,) = code(
        english, ["A court suspended a ban on demonstrations in Nairobi that police had announced."]
    )
    assert [e.instrument for e in events] == [None] * len(events)


def test_where_something_is_signed_is_no_partner(english: Language) -> None:
    text = "The leaders of Chad and Togo signed a joint declaration at the White House on Friday."
    assert sides(only(english, text, "SUPPORT")) == (["TCD", "TGO"], [])


def test_who_grants_a_right_gives_no_subsidy(english: Language) -> None:
    event = only(english, "Chad agreed to grant Togo exclusive rights to a transit corridor.", "AGREE")
    assert event.instrument is None


def test_what_is_looked_into_is_not_done(english: Language) -> None:
    event = only(english, "Kenya is looking into banning maize imports.", "SANCTION")
    assert event.modality == "hypothetical"


def test_papers_that_are_handed_in_are_no_arms(english: Language) -> None:
    assert code(english, ["Chad and Togo handed in their papers in Geneva."]) == [()]


def test_who_receives_aid_does_not_give_it(english: Language, vietnamese: Language) -> None:
    english_event = only(english, "Cuba received 20 tonnes of aid from Chile.", "AID")
    vietnamese_event = only(vietnamese, "Cuba tiếp nhận 20 tấn hàng viện trợ của Chile sau bão.", "AID")
    assert sides(english_event) == sides(vietnamese_event) == (["CHL"], ["CUB"])


def test_what_is_stopped_is_not_done(vietnamese: Language) -> None:
    event = only(vietnamese, "Colombia đình chỉ chia sẻ tình báo với Peru.", "COOPERATE")
    assert event.modality == "negated"


def test_what_is_done_has_no_day_to_come(english: Language) -> None:
    event = only(english, "Chile banned imports of Russian gas from January 2027.", "SANCTION")
    assert (event.event_date, event.effective_date) == (None, "2027-01")


def test_a_capital_that_is_accused_is_its_government(english: Language) -> None:
    event = only(english, "Gabon accused Lima of plotting.", "ACCUSE")
    assert [one.entity_id for one in event.recipient] == ["gov/PER"]


@pytest.mark.parametrize(
    ("text", "event_type"),
    [
        ("Nga phóng 45 tên lửa vào Ukraine.", "ASSAULT"),
        ("Venezuela tuyên bố huy động 200.000 binh sĩ.", "MOBILIZE"),
        ("Mỹ điều nhóm tác chiến tàu sân bay tới Caribe.", "MOBILIZE"),
    ],
)
def test_vietnamese_words_of_arms_with_numbers_between(
    vietnamese: Language, text: str, event_type: str
) -> None:
    only(vietnamese, text, event_type)


def test_the_junta_of_a_place_is_not_that_of_the_text_before(english: Language) -> None:
    text = "India's envoy in Accra asked for help. In neighbouring Togo, the junta took over two mines last year."
    event = only(english, text, "SANCTION")
    assert sides(event) == (["TGO"], [])


def test_a_permit_of_a_mine_is_no_export_licence(english: Language) -> None:
    event = only(english, "Togo revoked the permit of a mine.", "SANCTION")
    assert event.instrument is None


def test_who_is_said_to_break_rules_accuses_nobody(english: Language) -> None:
    event = only(english, "China's market regulator said that Nvidia had violated the law.", "ACCUSE")
    assert sides(event) == (["CHN"], ["USA"])


def test_lawmakers_without_an_article_may_be_anybodys(english: Language) -> None:
    (events,) = code(english, ["Beijing opened a probe. Lawmakers have threatened to hold hearings."])
    assert [e.event_type for e in events] == ["ACCUSE"]


def test_where_a_deal_was_struck_is_no_partner(english: Language) -> None:
    event = only(english, "US and Chinese negotiators reached a framework deal in Madrid.", "SUPPORT")
    assert "ESP" not in [*sides(event)[0], *sides(event)[1]]


def test_nobody_grants_relief_to_himself(english: Language) -> None:
    event = only(english, "Mexico obtained a 90-day extension from tariffs.", "RETREAT")
    assert sides(event) == ([], ["MEX"])
