"""`dateline_observations`: turns quantities of a known indicator into figures about the world, and links changes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from db.model import Mention, Observation, Quantity
from nlp.figures.indicators import indicator_of
from nlp.figures.observation_frames import Frame, english_frame, starts_change, vietnamese_frame
from nlp.figures.observation_parties import commodity_near, parties_of
from nlp.layers import CommodityMention, read_layer, write_layer


@Language.factory(
    "dateline_observations",
    assigns=["doc._.dateline_observations"],
    requires=["doc._.dateline_quantities", "doc._.dateline_mentions", "doc._.dateline_commodities"],
    default_config={},
)
def create_observations(nlp: Language, name: str) -> Observations:
    """Make the component; it reads the layers quantities, mentions and commodities."""
    return Observations(name)


class Observations:
    """Writes the layer `observations`. Forecasts, hypotheses and denied figures are none."""

    def __init__(self, name: str = "dateline_observations") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Write the layer."""
        write_layer(doc, "observations", self.match(doc))
        return doc

    def match(self, doc: Doc) -> list[Observation]:
        """The observations of the document; an earlier value comes with its own, linked by `change_from`."""
        quantities = read_layer(doc, Quantity)
        if not quantities:
            return []
        mentions, commodities = read_layer(doc, Mention), read_layer(doc, CommodityMention)
        frames: list[Frame] = []
        text = doc.text  # spaCy puts it together anew at every call
        read = vietnamese_frame if doc.lang_ == "vi" else english_frame
        for quantity in quantities:
            frame = read(doc, text, quantity, frames)
            if frame is None:
                continue
            if frames and starts_change(text, frames[-1], frame):
                frames[-1] = replace(frames[-1], changes=len(frames))
            frames.append(frame)
        return _linked(doc.lang_, text, frames, mentions, commodities)


def _linked(
    language: str,
    text: str,
    frames: Sequence[Frame],
    mentions: Sequence[Mention],
    commodities: Sequence[CommodityMention],
) -> list[Observation]:
    """The observations of the frames; who changed from whom is told once all have their ids."""
    starts: dict[int, Observation] = {}
    ends: dict[int, Observation] = {}
    for number, frame in enumerate(frames):
        for is_earlier, quantity in frame.values():
            observation = _observation(language, text, frame, quantity, mentions, commodities)
            if observation is not None:
                (starts if is_earlier else ends)[number] = observation
    for number, frame in enumerate(frames):
        later = frame.changes
        if later is not None and later in ends and number in ends and ends[later].change_from is None:
            ends[later] = replace(ends[later], change_from=ends[number].id)
        if number in starts and number in ends:
            ends[number] = replace(ends[number], change_from=starts[number].id)
    return [*starts.values(), *ends.values()]


def _observation(
    language: str,
    text: str,
    frame: Frame,
    quantity: Quantity,
    mentions: Sequence[Mention],
    commodities: Sequence[CommodityMention],
) -> Observation | None:
    indicator = indicator_of(frame.form, quantity.unit_normalized, language, verb=frame.is_verb)
    if indicator is None:
        return None
    falls = quantity.change == "down" and indicator.endswith(("_growth", "_change"))
    value = -abs(quantity.value) if falls else quantity.value
    country, partner = parties_of(text, frame, mentions, indicator)
    commodity = commodity_near(text, frame, commodities, indicator)
    identity = (
        indicator,
        country,
        commodity,
        quantity.period,
        value,
        quantity.unit_normalized,
        quantity.start,
    )
    digest = hashlib.sha256(json.dumps(identity, ensure_ascii=False).encode()).hexdigest()[:16]
    return Observation(
        id=f"obs-{digest}",
        start=quantity.start,
        end=quantity.end,
        text=text[quantity.start : quantity.end],
        indicator=indicator,
        country=country,
        partner=partner,
        commodity=commodity,
        value=value,
        unit=quantity.unit_normalized,
        period=quantity.period,
        rule=re.sub(r"\s+", " ", f"{frame.rule}: {frame.form}"),
    )
