"""The grammar of time expressions of each language, put together from its rules."""

from __future__ import annotations

from nlp.times import (
    timex_english_dates,
    timex_english_days,
    timex_english_lengths,
    timex_english_periods,
    timex_vietnamese_dates,
    timex_vietnamese_periods,
)
from nlp.times.timex import Grammar

GRAMMARS: dict[str, Grammar] = {
    "en": Grammar.of(
        timex_english_dates.RULES,
        timex_english_periods.RULES,
        timex_english_lengths.RULES,
        timex_english_days.RULES,
    ),
    "vi": Grammar.of(timex_vietnamese_dates.RULES, timex_vietnamese_periods.RULES),
}
"""By ISO 639-1 code; the earlier rules win among matches of the same words."""
