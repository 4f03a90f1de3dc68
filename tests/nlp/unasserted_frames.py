"""Sentence frames in which an act is denied, doubted or only thought of, and acts to put into them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Act:
    """An act in the forms that the frames ask for."""

    base: str
    past: str
    gerund: str
    noun: str


ACTS = (
    Act("ban exports of tin", "banned exports of tin", "banning exports of tin", "a ban on tin exports"),
    Act("impose a tariff on Chilean wine", "imposed a tariff on Chilean wine", "imposing a tariff on Chilean wine",
        "a tariff on Chilean wine"),
    Act("raise its export tax on zinc", "raised its export tax on zinc", "raising its export tax on zinc",
        "an increase in its export tax on zinc"),
    Act("lift the quota on Bolivian maize", "lifted the quota on Bolivian maize", "lifting the quota on Bolivian maize",
        "the lifting of the quota on Bolivian maize"),
    Act("suspend its duties on Thai rice", "suspended its duties on Thai rice", "suspending its duties on Thai rice",
        "a suspension of its duties on Thai rice"),
    Act("sanction two Belarusian banks", "sanctioned two Belarusian banks", "sanctioning two Belarusian banks",
        "sanctions on two Belarusian banks"),
    Act("open a dumping probe into Indian paper", "opened a dumping probe into Indian paper",
        "opening a dumping probe into Indian paper", "a dumping probe into Indian paper"),
    Act("restrict shipments of lithium to Japan", "restricted shipments of lithium to Japan",
        "restricting shipments of lithium to Japan", "restrictions on shipments of lithium to Japan"),
    Act("expel the Chilean ambassador", "expelled the Chilean ambassador", "expelling the Chilean ambassador",
        "the expulsion of the Chilean ambassador"),
    Act("attack Ecuador", "attacked Ecuador", "attacking Ecuador", "an attack on Ecuador"),
    Act("arrest the Bolivian leader", "arrested the Bolivian leader", "arresting the Bolivian leader",
        "the arrest of the Bolivian leader"),
    Act("send troops to the border with Chile", "sent troops to the border with Chile",
        "sending troops to the border with Chile", "the deployment of troops to the border with Chile"),
    Act("sign a trade pact with Kenya", "signed a trade pact with Kenya", "signing a trade pact with Kenya",
        "the signing of a trade pact with Kenya"),
    Act("nationalise a Swiss copper mine", "nationalised a Swiss copper mine", "nationalising a Swiss copper mine",
        "the nationalisation of a Swiss copper mine"),
    Act("subsidise its rice growers", "subsidised its rice growers", "subsidising its rice growers",
        "a subsidy for its rice growers"),
)  # fmt: skip

ENGLISH = (
    # denied
    "Peru did not {base}.", "Peru has not {past}.", "Peru never {past}.", "Peru has never {past}, an official said.",
    "Peru has yet to {base}.", "Peru denied that it had {past}.", "Peru denied {gerund}.",
    "Peru's minister denied reports that Lima had {past}.", "It is not true that Peru {past}.",
    "Reports that Peru had {past} are untrue.", "Peru dismissed rumours that it had {past}.",
    "Peru stopped short of {gerund}.", "Peru refrained from {gerund}.", "Peru failed to {base}.",
    "Instead of {gerund}, Peru waited.", "Rather than {base}, Peru waited.", "Peru left without {gerund}.",
    "Peru is far from {gerund}.", "Peru avoided {gerund}.", "Nobody in Peru {past}.", "Neither Peru nor Chad {past}.",
    "Peru has no plans to {base}.", "Peru has no intention of {gerund}.", "Peru will not {base}.",
    "Peru would not {base}, its minister said.", "Peru won't {base}.", "Peru abandoned plans to {base}.",
    "Peru ruled out {gerund}.", "Peru decided against {gerund}.", "Peru decided not to {base}.",
    "Peru resisted calls to {base}.", "Peru no longer wants to {base}.", "At no time has Peru {past}.",
    "Peru hesitated to {base}.", "Peru is reluctant to {base}.", "There is no evidence that Peru {past}.",
    "There are no plans in Peru to {base}.", "Peru was prevented from {gerund}.", "Peru vowed never to {base}.",
    "Peru pledged not to {base}.", "Peru agreed not to {base}.", "Contrary to reports, Peru has not {past}.",
    "Not once did Peru {base}.", "Peru cancelled a plan to {base}.", "By no means has Peru {past}.",
    # only thought of
    "Peru could {base}.", "Peru may {base}.", "Peru might {base}.", "Peru should {base}, analysts said.",
    "Peru ought to {base}.", "Peru would {base} if prices fell.", "If Peru {past}, others would follow.",
    "Were Peru to {base}, others would follow.", "Should Peru {base}, others will follow.",
    "Had Peru {past}, others would have followed.", "Unless prices rise, Peru will {base}.",
    "Peru will {base} only if talks fail.", "Peru is considering {gerund}.", "Peru is weighing whether to {base}.",
    "Peru is mulling {noun}.", "Peru debated whether to {base}.", "Peru is studying {noun}.",
    "Peru considered {gerund}.", "Peru discussed {gerund}.", "Peru is thinking of {gerund}.", "Could Peru {base}?",
    "Has Peru {past}?", "Will Peru {base}?", "It is unclear whether Peru {past}.", "It is possible that Peru {past}.",
    "Perhaps Peru {past}.", "Traders fear that Peru will {base}.", "Traders feared Peru might {base}.",
    "Speculation that Peru would {base} moved prices.", "Rumours that Peru {past} moved prices.",
    "The possibility that Peru will {base} worries traders.", "The risk of Peru {gerund} worries traders.",
    "Talk of {noun} by Peru moved prices.", "The prospect of {noun} by Peru worries traders.",
    "Peru has the power to {base}.", "Peru has the right to {base}.", "The law would allow Peru to {base}.",
    "The law lets Peru {base}.", "Peru is free to {base}.", "Peru is able to {base}.", "Peru was tempted to {base}.",
    "Analysts doubt that Peru {past}.", "Analysts wonder whether Peru will {base}.", "Imagine that Peru {past}.",
    "Suppose Peru {past}.", "Traders bet that Peru would {base}.", "A study asks what would happen if Peru {past}.",
    "Peru is unlikely to {base}.", "In theory Peru can {base}.", "Peru floated the idea of {gerund}.",
    "An option for Peru is to {base}.", "Peru threatened no one and hoped not to {base}.",
    "A draft bill in Peru would {base}.", "Peru wished it had {past}.", "Peru pretended to {base}.",
    "Whether Peru {past} is an open question.", "Peru hinted that it might {base}.",
    "Peru could have {past}.", "Peru should have {past}.", "Peru might have {past}.",
)  # fmt: skip

VIETNAMESE_ACTS = (
    "cấm xuất khẩu thiếc", "áp thuế lên rượu vang Chile", "hạn chế xuất khẩu đất hiếm sang Nhật Bản",
    "dỡ bỏ lệnh cấm nhập khẩu thép Chile", "trừng phạt hai ngân hàng Nga", "áp hạn ngạch xuất khẩu gạo",
    "điều tra chống bán phá giá thép Ấn Độ", "ký thỏa thuận thương mại với Kenya", "trục xuất đại sứ Chile",
    "tấn công Ecuador", "tăng thuế nhập khẩu đối với giày Indonesia", "đình chỉ nhập khẩu thịt bò Brazil",
)  # fmt: skip

VIETNAMESE = (
    "Peru không {act}.", "Peru chưa {act}.", "Peru chưa từng {act}.", "Peru chẳng {act}.", "Peru không hề {act}.",
    "Peru sẽ không {act}.", "Peru phủ nhận việc {act}.", "Peru phủ nhận thông tin nước này {act}.",
    "Peru bác bỏ thông tin {act}.", "Peru bác bỏ khả năng {act}.", "Peru loại trừ khả năng {act}.",
    "Peru không có kế hoạch {act}.", "Peru không có ý định {act}.", "Peru quyết định không {act}.",
    "Peru từ bỏ kế hoạch {act}.", "Peru hủy kế hoạch {act}.", "Không có bằng chứng Peru {act}.",
    "Không có chuyện Peru {act}.", "Peru tránh {act}.", "Thay vì {act}, Peru chờ đợi.", "Peru cam kết không {act}.",
    "Peru có thể {act}.", "Nếu Peru {act}, giá sẽ tăng.", "Peru sẽ {act} nếu đàm phán thất bại.",
    "Peru đang cân nhắc {act}.", "Peru xem xét khả năng {act}.", "Liệu Peru có {act}?", "Peru có {act} không?",
    "Có tin đồn Peru {act}.", "Giới phân tích lo ngại Peru sẽ {act}.", "Nguy cơ Peru {act} khiến giá tăng.",
    "Khả năng Peru {act} khiến thị trường lo lắng.", "Chưa rõ Peru có {act} hay không.", "Giả sử Peru {act}.",
    "Trừ khi giá giảm, Peru sẽ {act}.", "Peru nghiên cứu phương án {act}.", "Peru có quyền {act}.",
    "Peru nên {act}, giới phân tích nói.", "Peru suýt {act}.", "Peru khó có thể {act}.",
    "Thông tin Peru {act} là sai sự thật.", "Tin Peru {act} là không đúng.",
)  # fmt: skip


def english_sentences() -> list[str]:
    """Every English frame with every act."""
    return [
        frame.format(base=act.base, past=act.past, gerund=act.gerund, noun=act.noun)
        for frame in ENGLISH
        for act in ACTS
    ]


def vietnamese_sentences() -> list[str]:
    """Every Vietnamese frame with every act."""
    return [frame.format(act=act) for frame in VIETNAMESE for act in VIETNAMESE_ACTS]
