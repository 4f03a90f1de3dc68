"""What the whole tagger costs against plain spaCy with the same model on the same texts, as ratios of one run.

    python benchmarks/tag.py [--copies N] [--rounds N]

Prints articles a second for plain `nlp.pipe` (batch 32), for the tagger, and for Vietnamese; the ratio, in time by
the clock and in time of the processor; how the cost grows with the length of a text; what two workers gain over one;
and the memory of a worker. Rounds of both are interleaved and the median ratio counts, so that a busy machine slows
both alike.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import spacy

from dateline.newsroom.articles import load_articles
from nlp.pipeline import DEFAULT_MODEL
from nlp.tagging import DocumentTagger, TextToTag, shared_tagger
from nlp.workers import map_batches

BATCH = 32


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--copies", type=int, default=6, help="how often the newsroom's articles are repeated"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-workers", action="store_true", help="leave out the two workers")
    options = parser.parse_args()
    english, vietnamese = texts("en", options.copies), texts("vi", options.copies)
    compare(english, vietnamese, options.rounds)
    if not options.no_workers:
        workers(english, max(1, options.rounds // 2))


def compare(english: list[TextToTag], vietnamese: list[TextToTag], rounds: int) -> None:
    """The tagger beside plain spaCy, in this process."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r".*W095.*")
        plain = spacy.load(DEFAULT_MODEL)
    tagger = DocumentTagger()
    documents = [f"{text.title}\n\n{text.text}" for text in english]
    seconds, used = interleaved(
        [
            lambda: [None for _ in plain.pipe(documents, batch_size=BATCH)],
            lambda: list(tagger.tag_many(english)),
            lambda: list(tagger.tag_many(vietnamese)),
        ],
        rounds,
    )
    words = sum(len(document.split()) for document in documents) / len(documents)
    clock, processor = ratio(seconds), ratio(used)
    print(
        f"English: {len(english)} texts of {words:.0f} words on average; Vietnamese: {len(vietnamese)} texts"
    )
    print(f"plain nlp.pipe       {len(english) / statistics.median(seconds[0]):8.1f} texts a second")
    print(f"dateline, English    {len(english) / statistics.median(seconds[1]):8.1f} texts a second")
    print(f"dateline, Vietnamese {len(vietnamese) / statistics.median(seconds[2]):8.1f} texts a second")
    print(
        f"dateline / plain     {clock:8.2f} x the time by the clock, {processor:.2f} x that of the processor"
    )
    growth(tagger, english)


def ratio(times: list[list[float]]) -> float:
    """The median over the rounds of the second run's time in that of the first."""
    return statistics.median(ours / plain for plain, ours in zip(times[0], times[1], strict=True))


def workers(english: list[TextToTag], rounds: int) -> None:
    """What two workers gain over one (loading left out), and how much memory a worker needs."""
    batches = [english[place : place + BATCH] for place in range(0, len(english), BATCH)] * 8
    taken = {number: min(_spread(batches, number) for _ in range(rounds)) for number in (1, 2)}
    print(f"two workers          {taken[1] / taken[2]:8.2f} x as fast as one")
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        print(f"memory of a worker   {pool.submit(_memory, english).result():8.0f} MB at most")


def _spread(batches: Sequence[list[TextToTag]], number: int) -> float:
    """The seconds for the batches from the moment when every worker has loaded the model."""
    results = map_batches(_tag, [*batches[: 3 * number], *batches], workers=number, setting=DEFAULT_MODEL)
    for _ in range(3 * number):
        next(results)
    started = time.perf_counter()
    for _ in results:
        pass
    return time.perf_counter() - started


def _tag(model: str, batch: list[TextToTag]) -> int:
    return len(list(shared_tagger(model).tag_many(batch)))


def _memory(english: list[TextToTag]) -> float:
    _tag(DEFAULT_MODEL, english)
    _tag(DEFAULT_MODEL, texts("vi", 2))
    # Not ru_maxrss, which a new process takes over from the one that started it.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


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


def interleaved(
    runs: Sequence[Callable[[], object]], rounds: int
) -> tuple[list[list[float]], list[list[float]]]:
    """The seconds of each run in each round by the clock and by the processor, after one round to warm up."""
    clock: list[list[float]] = [[] for _ in runs]
    processor: list[list[float]] = [[] for _ in runs]
    for number in range(rounds + 1):
        for run, seconds, used in zip(runs, clock, processor, strict=True):
            started, began = time.perf_counter(), time.process_time()
            run()
            if number:
                seconds.append(time.perf_counter() - started)
                used.append(time.process_time() - began)
    return clock, processor


def growth(tagger: DocumentTagger, english: list[TextToTag]) -> None:
    """How the cost of one text grows with its length: the time for each thousand words should stay the same."""
    body = "\n\n".join(text.text for text in english)
    body = "\n\n".join([body] * (1 + 100_000 // len(body.split(" "))))
    for length in (1_000, 10_000, 100_000):
        text = " ".join(body.split(" ")[:length])
        started = time.process_time()
        tagger.tag(TextToTag(id="long", title=None, text=text, published="2025-10-20", language="en"))
        seconds = time.process_time() - started
        print(f"one text of {length:7,} words: {seconds / length * 1000:.3f} s for each thousand words")


if __name__ == "__main__":
    main()
