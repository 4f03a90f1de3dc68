"""How merging is scored, on clusters whose figures can be worked out by hand, and on the labelled articles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from db.model import EventMention, Participant, TaggedDocument, Tagger
from nlp.evaluation.figures import Figure
from nlp.evaluation.gold import StoryGold, read_gold
from nlp.evaluation.merging import MergingScorer
from nlp.tagging import DocumentTagger, TextToTag

STORIES = Path(__file__).parents[2] / "gold" / "stories" / "articles_dev.jsonl"
TEXT = "Peru banned tin exports."


def article(number: int, key: str, published: str) -> StoryGold:
    fields: dict[str, Any] = {
        "id": f"a{number}", "publisher": f"p{number}", "title": "Tin", "text": TEXT, "published": published,
        "story": "s", "events": [{"key": key, "sentence": TEXT, "event_type": "SANCTION", "actor": ["PER"]}],
    }  # fmt: skip
    return StoryGold.model_validate(fields)


def coded(*, found: bool = True) -> TaggedDocument:
    start = len("Tin\n\n")
    event = EventMention(
        event_id="event/1", start=start, end=start + len(TEXT), trigger_start=start + 5, trigger_end=start + 11,
        event_type="SANCTION", content_type=None, mode="discontinue", quad=4, plover_score=None, cameo=None,
        goldstein=None, modality="actual", speech="action", certainty="certain", attribution=None,
        actor=(Participant(start=start, end=start + 4, text="Peru", country="PER"),), recipient=(),
        instrument="export_ban", gta_type_id=None, mast_chapter=None, flow="export", direction="restrict",
        stage="in_force", commodities=(), quantities=(), event_date=None, date_precision=None,
        effective_date=None, venue=None, rule="",
    )  # fmt: skip
    return TaggedDocument(
        id="x", language="en", document=f"Tin\n\n{TEXT}", tagger=Tagger(name="d", version="0", model="m"),
        events=(event,) if found else (),
    )  # fmt: skip


def scored(articles: list[tuple[StoryGold, TaggedDocument]]) -> dict[str, Figure]:
    scorer = MergingScorer()
    for gold, found in articles:
        scorer.add(gold, found)
    return {figure.name: figure for figure in scorer.figures()}


def test_three_reports_of_one_happening_put_together_are_all_right() -> None:
    figures = scored([(article(n, "tin", f"2026-03-0{n}"), coded()) for n in (1, 2, 3)])
    assert (figures["pairs"].right, figures["pairs"].f1, figures["b-cubed"].f1) == (3, 1.0, 1.0)


def test_a_happening_of_another_month_is_another_and_putting_them_together_costs() -> None:
    apart = scored([(article(1, "old", "2026-01-01"), coded()), (article(2, "new", "2026-03-01"), coded())])
    assert (apart["pairs"].predicted, apart["b-cubed"].f1) == (0, 1.0)
    together = scored(
        [(article(1, "old", "2026-03-01"), coded()), (article(2, "new", "2026-03-02"), coded())]
    )
    assert (together["pairs"].precision, together["b-cubed"].precision) == (0.0, 0.5)


def test_a_passage_without_an_event_stands_alone() -> None:
    figures = scored(
        [(article(1, "tin", "2026-03-01"), coded()), (article(2, "tin", "2026-03-01"), coded(found=False))]
    )
    assert figures["b-cubed"].recall == pytest.approx(0.5)
    assert figures["b-cubed of found"].f1 == 1.0
    assert figures["found"].recall == 0.5


def test_labelled_articles_are_merged_well(tagger: DocumentTagger) -> None:
    texts = read_gold(STORIES, ["merging"]).texts["merging"]
    asked = [TextToTag(id=t.id, text=t.text, published=t.published, language=t.language) for t in texts]
    scorer = MergingScorer()
    for text, found in zip(texts, tagger.tag_many(asked), strict=True):
        scorer.add(text, found)
    figures = {figure.name: figure.f1 or 0.0 for figure in scorer.figures()}
    assert figures["b-cubed of found"] >= 0.85
    assert figures["b-cubed"] >= 0.70
