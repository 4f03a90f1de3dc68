"""Leads an event back to where it came from: sentence, spans, rule, tagger, article, archived page."""

from __future__ import annotations

import json
import re
from typing import Any

from db.event_rows import event_line
from db.merge_rules import Report, why_same
from db.model import document_text
from db.query import find_event
from db.query_plan import CORRECTED
from db.reviews import list_reviews
from db.store import Store

_CODED = (
    *(
        "event_type",
        "content_type",
        "mode",
        "quad",
        "plover_score",
        "cameo",
        "goldstein",
        "modality",
        "speech",
    ),
    *("certainty", "instrument", "gta_type_id", "mast_chapter", "flow", "direction", "stage", "event_date"),
    *("effective_date", "venue", "actor", "recipient", "commodities", "quantities", "measure_id"),
    *("reported", "n_mentions", "n_articles", "n_independent_sources"),
)
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’)]*\s+(?=[\"“‘(]?\w)|\n+")


def explain_event(store: Store, event_id: str) -> dict[str, Any]:
    """Everything that stands behind an event, ready to print.

    `headline` is the event in words, `coding` its values, `reviews` what people said of it (as
    `db.reviews.list_reviews` gives them), `mentions` each report with its sentence, the marked spans (counted
    within the sentence) and `why`: trigger, rule, attribution, tagger, archive. Values and reports are those that
    reviewers left it; of a rejected event those of the machine. NotFound when there is no such event.
    """
    event = event_line(find_event(store.db, event_id))
    corrected = store.db.execute("SELECT 1 FROM corrected_events WHERE id = ?", [event_id]).fetchone()
    rows = store.db.query(
        "SELECT m.*, a.title, a.text AS body, a.url, a.published, a.warc_file, a.warc_offset, a.duplicate_of,"
        f" a.duplicate_reason, a.text_sha256, s.publisher FROM {CORRECTED if corrected else ''}event_mentions m"
        " JOIN articles a ON a.id = m.article_id JOIN sources s ON s.id = a.source_id"
        " WHERE m.event_id = ? ORDER BY a.published, m.article_id, m.start",
        [event_id],
    )
    return {
        "id": event_id,
        "headline": event_headline(event),
        "coding": {key: f"{event[key]}" for key in _CODED if event.get(key) not in (None, "", [])},
        "reviews": list(list_reviews(store.db, event_id)),
        "mentions": _with_ties([_mention(row) for row in rows]),
    }


def _with_ties(mentions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The mentions, each after the first with what ties it to the first."""
    reports = [
        Report(
            id=mention["id"],
            article_id=mention["article_id"],
            publisher=mention["publisher"],
            published=(mention["published"] or "")[:10],
            start=mention["start"],
            coding=mention["coding"],
        )
        for mention in mentions
    ]
    for mention, report in zip(mentions[1:], reports[1:], strict=True):
        mention["why"]["merged"] = f"with 1: {why_same(reports[0], report)}"
    return mentions


def sentence_around(document: str, start: int, end: int) -> tuple[int, int]:
    """The sentence or sentences that hold a span, as offsets into the document."""
    cuts = [0, *(m.end() for m in _SENTENCE_END.finditer(document)), len(document)]
    first = max(cut for cut in cuts if cut <= start)
    last = min(cut for cut in cuts if cut >= end)
    return first, first + len(document[first:last].rstrip())


def event_headline(event: dict[str, Any]) -> str:
    """An event, as `event_line` gives it, in one line of words."""
    who = event["actor"] or "Somebody"
    what = event["event_type"] + (f" ({event['content_type']})" if event["content_type"] else "")
    parts = [who, what]
    if event["recipient"]:
        parts.append(f"→ {event['recipient']}")
    if event["instrument"]:
        parts.append(event["instrument"].replace("_", " "))
    if event["commodities"]:
        parts.append(f"on {event['commodities'].replace('_', ' ')}")
    return (
        " ".join(parts)
        + f", {event['date']}"
        + ("" if event["modality"] == "actual" else f" [{event['modality']}]")
    )


def _mention(row: dict[str, Any]) -> dict[str, Any]:
    document = document_text(row["title"], row["body"])
    coding = json.loads(row["coding"])
    start, end = sentence_around(document, row["start"], row["end"])
    spans = [("trigger", row["trigger_start"], row["trigger_end"])]
    spans += [(side, p["start"], p["end"]) for side in ("actor", "recipient") for p in coding[side]]
    marks = [
        {"as": name, "start": first - start, "end": last - start}
        for name, first, last in sorted(set(spans), key=lambda span: (span[1], -span[2]))
        if start <= first and last <= end
    ]
    attribution = (
        f"{row['attribution_type']}: {row['attribution_text']}" if row["attribution_type"] else "the article"
    )
    why = {
        "trigger": f"“{row['trigger_text']}” at {row['trigger_start']}–{row['trigger_end']} of the document text",
        "rule": row["rule"] or "-",
        "said by": attribution,
        "confidence": row["confidence"],
        "tagger": row["tagger"],
        "archived": f"{row['warc_file']} at byte {row['warc_offset']}"
        if row["warc_file"]
        else "no archived page",
    }
    if row["duplicate_of"]:
        why["copy of"] = f"{row['duplicate_of']} ({row['duplicate_reason']})"
    kept = ("id", "article_id", "title", "url", "published", "publisher", "text_sha256")
    return {
        **{key: row[key] for key in kept},
        "sentence": document[start:end],
        "start": start,
        "end": end,
        "marks": marks,
        "why": why,
        "coding": coding,
    }
