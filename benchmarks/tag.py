"""What the whole tagger costs against plain spaCy with the same model on the same texts, as ratios of one run.

    python benchmarks/tag.py [--copies N] [--rounds N]

Prints articles a second for plain `nlp.pipe` (batch 32), for the tagger, and for Vietnamese; the ratio; how
the cost grows with the length of a text; and the memory of the process. Rounds of both are interleaved and the
median counts, so that a busy machine slows both alike.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable

from dateline.newsroom.articles import load_articles
from nlp.pipeline import build_pipeline
from nlp.tagging import DocumentTagger, TextToTag

BATCH = 32


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--copies", type=int, default=6, help="how often the newsroom's articles are repeated"
    )
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    english, vietnamese = texts("en", options.copies), texts("vi", options.copies)
    plain = build_pipeline("en", components=())
    tagger = DocumentTagger()
    documents = [f"{text.title}\n\n{text.text}" for text in english]

    def run_plain() -> None:
        for _ in plain.pipe(documents, batch_size=BATCH):
            pass

    def run_tagger() -> None:
        for _ in tagger.tag_many(english):
            pass

    def run_vietnamese() -> None:
        for _ in tagger.tag_many(vietnamese):
            pass

    seconds = interleaved([run_plain, run_tagger, run_vietnamese], options.rounds)
    words = sum(len(document.split()) for document in documents) / len(documents)
    print(
        f"English: {len(english)} texts of {words:.0f} words on average; Vietnamese: {len(vietnamese)} texts"
    )
    print(f"plain nlp.pipe     {len(english) / seconds[0]:8.1f} texts a second")
    print(
        f"dateline, English  {len(english) / seconds[1]:8.1f} texts a second, {seconds[1] / seconds[0]:.2f} x the time"
    )
    print(f"dateline, Vietnamese {len(vietnamese) / seconds[2]:6.1f} texts a second")
    print(f"memory             {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MB at most")
    growth(tagger, english)


def texts(language: str, copies: int) -> list[TextToTag]:
    """The newsroom's articles of one language, repeated under other ids."""
    return [
        TextToTag(
            id=f"{article.slug}-{copy}",
            title=article.title,
            text="\n\n".join(article.paragraphs),
            published=article.published.isoformat(),
            language=language,
        )
        for copy in range(copies)
        for article in load_articles()
        if (article.site == "vtv") == (language == "vi")
    ]


def interleaved(runs: list[Callable[[], None]], rounds: int) -> list[float]:
    """The median seconds of each run over the rounds, after one round to warm up."""
    taken: list[list[float]] = [[] for _ in runs]
    for number in range(rounds + 1):
        for run, seconds in zip(runs, taken, strict=True):
            started = time.perf_counter()
            run()
            if number:
                seconds.append(time.perf_counter() - started)
    return [statistics.median(seconds) for seconds in taken]


def growth(tagger: DocumentTagger, english: list[TextToTag]) -> None:
    """How the cost of one text grows with its length: the time for each thousand words should stay the same."""
    body = "\n\n".join(text.text for text in english)
    for length in (1_000, 4_000, 16_000):
        text = " ".join(body.split(" ")[:length])
        started = time.perf_counter()
        tagger.tag(TextToTag(id="long", title=None, text=text, published="2025-10-20", language="en"))
        seconds = time.perf_counter() - started
        print(f"one text of {length:6,} words: {seconds / length * 1000:.3f} s for each thousand words")


if __name__ == "__main__":
    main()
