"""Vietnamese acts that are not told by their doer: from the bearer's side, in the next clause, looking back."""

from __future__ import annotations

import pytest
from spacy.language import Language

from tests.nlp.coding import code, countries

TOLD_IN_VIETNAMESE = {
    "the sufferer before, the measure after": (
        "Kenya bị Na Uy tăng thuế cá ngừ lên 12%.",
        ("SANCTION", {"NOR"}, {"KEN"}),
    ),
    "the favoured before, the measure after": (
        "Kenya được Na Uy giảm thuế còn 5%.",
        ("RETREAT", {"NOR"}, {"KEN"}),
    ),
    "the sufferer in the next clause": (
        "Sau khi bị Oslo đưa vào danh sách đen, hãng chip Malaysia tìm đối tác mới.",
        ("SANCTION", {"NOR"}, {"MYS"}),
    ),
    "bearer of a measure": (
        "Doanh nghiệp Oman phải chịu thêm 10% thuế khi vào thị trường Kenya.",
        ("SANCTION", {"KEN"}, {"OMN"}),
    ),
    "who enjoys a rate": ("Hàng dệt may Togo được hưởng thuế 0% khi vào EU.", ("RETREAT", {"EUE"}, {"TGO"})),
    "what a protest is about": ("Nông dân Pháp đổ ra đường phản đối Chile.", ("PROTEST", {"FRA"}, {"CHL"})),
    "at whom sanctions are aimed": (
        "EU thông qua gói trừng phạt nhằm vào Belarus.",
        ("SANCTION", {"EUE"}, {"BLR"}),
    ),
    "whose words are told": (
        "Theo ông Trump, hàng hóa Oman vào Mỹ sẽ chịu thuế 20%.",
        ("SANCTION", {"USA"}, {"OMN"}),
    ),
    "market before the verb": (
        "Gốm sứ Togo xuất sang Kenya phải chịu thuế 15%.",
        ("SANCTION", {"KEN"}, {"TGO"}),
    ),
    "what a measure holds no longer": (
        "Cá ngừ Oman không còn phải chịu thuế nhập khẩu của Kenya.",
        ("RETREAT", {"KEN"}, {"OMN"}),
    ),
    "one another": ("Chad và Niger áp thuế lẫn nhau.", ("SANCTION", {"TCD"}, {"NER"})),
    "whose envoys": (
        "Chad và Niger trục xuất hai nhà ngoại giao của nhau.",
        ("SANCTION", {"TCD"}, {"NER"}),
    ),
    "who hosts the talks of others": (
        "Togo chủ trì cuộc đàm phán giữa Chad và Niger.",
        ("CONSULT", {"TGO", "TCD", "NER"}, set()),
    ),
    "who gives what is received": ("Chad nhận được mười xe tăng từ Oman.", ("AID", {"OMN"}, {"TCD"})),
    "answer to a blow": ("Iran thử tên lửa mới, Na Uy phản đối.", ("ACCUSE", {"NOR"}, {"IRN"})),
    "refusal after a promise": (
        "Togo từng hứa với Oman dỡ bỏ thuế muối nhưng nay từ chối.",
        ("REJECT", {"TGO"}, {"OMN"}),
    ),
    "under whose pressure": ("Togo dỡ bỏ thuế muối trước sức ép của Oman.", ("RETREAT", {"TGO"}, set())),
    "partner behind an adjective": (
        "Togo phê chuẩn hiệp định thương mại tự do với Oman.",
        ("SUPPORT", {"TGO"}, {"OMN"}),
    ),
    "more of the same act": (
        "Togo dỡ bỏ thuế nhập khẩu bông, theo đó bông Oman được vào nước này miễn thuế.",
        ("RETREAT", {"TGO"}, {"OMN"}),
    ),
}


@pytest.mark.parametrize("name", TOLD_IN_VIETNAMESE)
def test_vietnamese_act_told_from_another_side_has_its_parties(vietnamese: Language, name: str) -> None:
    sentence, wanted = TOLD_IN_VIETNAMESE[name]
    [events] = code(vietnamese, [sentence])
    assert wanted in [(event.event_type, *countries(event)) for event in events]


@pytest.mark.parametrize(
    ("text", "event_type"),
    [
        ("Chile siết xuất khẩu đồng, các nhà máy lo thiếu nguyên liệu.", "SANCTION"),
        ("Na Uy lấy làm tiếc về quyết định của Togo và nói sẽ hành động nếu cần.", "ACCUSE"),
    ],
)
def test_materials_and_what_follows_a_statement_are_no_condition(
    vietnamese: Language, text: str, event_type: str
) -> None:
    [events] = code(vietnamese, [text])
    assert [one.modality for one in events if one.event_type == event_type] == ["actual"]


@pytest.mark.parametrize(
    "text",
    [
        "Togo dỡ bỏ thuế muối Oman ba năm sau khi biện pháp này có hiệu lực.",
        "Togo dỡ bỏ thuế muối Oman. Quyết định này có hiệu lực từ ngày 1/5.",
        "Togo tạm hoãn thuế muối Oman, theo đó thuế này chỉ có hiệu lực từ năm sau.",
    ],
)
def test_a_look_back_sets_no_lifted_measure_in_force_again(vietnamese: Language, text: str) -> None:
    [events] = code(vietnamese, [text])
    assert {(one.event_type, one.direction) for one in events} == {("RETREAT", "ease")}


def test_who_was_favoured_acts_in_the_clause_after(vietnamese: Language) -> None:
    [events] = code(vietnamese, ["Kenya được Na Uy giảm thuế sau khi mở cửa thị trường cho hàng Na Uy."])
    assert [countries(event) for event in events] == [({"NOR"}, {"KEN"}), ({"KEN"}, {"NOR"})]
