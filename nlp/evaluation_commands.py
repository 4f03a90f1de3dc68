"""The command `dateline evaluate`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from db.model import StoredArticle, TaggedDocument
from db.options import RowFormat, format_option, print_rows
from db.progress import progress_bar

if TYPE_CHECKING:
    from nlp.evaluation.figures import Figure, Slip
    from nlp.evaluation.gold import GoldFile, Task
    from nlp.evaluation.grouping import StoredTagger
    from nlp.evaluation.scoring import Evaluation, Question, Score, TextTagger

# Not imported from nlp.evaluation.gold, so that --help does not wait for it; a test holds them equal.
TASK_NAMES = ("entities", "quantities", "dates", "events", "observations", "merging", "copies", "stories")
_FIGURE_COLUMNS = (
    "task",
    "gold",
    "part",
    "figure",
    "precision",
    "recall",
    "f1",
    "right",
    "predicted",
    "in_gold",
)
_SLIP_COLUMNS = ("id", "error", "what", "sentence")
_REPEATED = ("task", "gold", "part")


@click.command()
@click.option("--task", type=click.Choice(TASK_NAMES), help="One task only; else all that the gold serves.")
@click.option(
    "--gold",
    "gold_files",
    metavar="FILE",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Your own gold; may be given several times. Else the gold that comes with Dateline.",
)
@click.option("--model", metavar="NAME", help="Another installed spaCy pipeline for English, or its folder.")
@click.option(
    "--language",
    type=click.Choice(("en", "vi")),
    help="Leave out texts in another language; texts that do not say theirs are taken to be in this one.",
)
@click.option("--per-type", is_flag=True, help="Events: also the figures of each event type.")
@click.option(
    "--adjectives/--no-adjectives",
    default=None,
    help="Whether 'Japanese' counts as a place; else it does where the gold groups names.",
)
@click.option(
    "--errors",
    metavar="N",
    type=click.IntRange(0),
    default=0,
    help="Also print the first N misses, N false alarms and N wrong values of each gold file.",
)
@format_option
@click.pass_context
def evaluate(
    context: click.Context,
    task: str | None,
    gold_files: tuple[Path, ...],
    model: str | None,
    language: str | None,
    per_type: bool,
    adjectives: bool | None,
    errors: int,
    row_format: RowFormat,
) -> None:
    """Measure the tagger: precision, recall and F1 on texts whose right tags are known.

    Gold is JSON lines: {"id", "text", "published"?, "language"?} and the tags in "ents", "quantities",
    "timexes", "events", "observations" or "story"; nlp/gold/README.md explains them and each figure. Files that end in
    _kept.jsonl hold sentences nobody developed on and have rows of their own (part "kept").

    A bad line gives a message on stderr; the others are done, and the exit code is 1.

    \b
    Examples:
      dateline evaluate --task dates --language vi
      dateline evaluate --task entities --errors 5
      dateline evaluate --task stories
      dateline evaluate --gold my_sentences.jsonl --json
    """
    from nlp.evaluation.gold import TASKS, find_gold, read_gold

    tasks: Sequence[Task] = [one for one in TASKS if task in (None, one)]
    if not tasks:
        _print_groupings(task, gold_files, model, row_format)
        return
    files = [read_gold(path, tasks) for path in gold_files] if gold_files else find_gold(tasks)
    if not files:
        raise click.UsageError(
            f"no gold for '{task}' comes with this installation; give --gold FILE.", context
        )
    evaluation = _evaluate(files, model, language, per_type=per_type, adjectives=adjectives)
    if not evaluation.scores:
        raise click.UsageError(f"the gold has no text in the language '{language}'.", context)
    _print(evaluation, errors, row_format)
    if _tell([problem for file in files for problem in file.problems] + evaluation.problems):
        context.exit(1)


def _print_groupings(
    task: str | None, gold_files: Sequence[Path], model: str | None, row_format: RowFormat
) -> None:
    """Which articles are copies, and which tell one story: measured on whole sets of articles."""
    from nlp.evaluation.grouping import GROUPINGS, evaluate_grouping, find_grouped

    rows = []
    for path in gold_files or find_grouped():
        for score in evaluate_grouping(
            path, _tagging_stored(model), [one for one in GROUPINGS if one == task]
        ):
            rows.append(
                _figure_row({"task": score.task, "gold": score.gold, "part": score.part}, score.figure)
            )
    print_rows(_without_repeats(rows) if row_format == "table" else rows, _FIGURE_COLUMNS, row_format)


def _tagging_stored(model: str | None) -> StoredTagger:
    """The tagger of stored articles, as `dateline run` uses it."""
    from nlp.pipeline import DEFAULT_MODEL
    from nlp.tagging import DocumentTagger, TextToTag

    def tag(articles: Sequence[StoredArticle]) -> list[TaggedDocument]:
        texts = [
            TextToTag(id=a.id, text=a.text, title=a.title, published=a.published, language=a.language)
            for a in articles
        ]
        return list(DocumentTagger(model or DEFAULT_MODEL).tag_many(texts))

    return tag


def _evaluate(
    files: Sequence[GoldFile],
    model: str | None,
    language: str | None,
    *,
    per_type: bool,
    adjectives: bool | None,
) -> Evaluation:
    from nlp.evaluation.scoring import count_questions, evaluate_files, make_scorers

    with progress_bar("Tagging gold texts", count_questions(files, language)) as advance:
        return evaluate_files(
            files,
            _tagging(model),
            make_scorers(per_type=per_type, adjectives=adjectives),
            language=language,
            advance=advance,
        )


def _tagging(model: str | None) -> TextTagger:
    """The tagger behind the plain question that the evaluation asks."""
    from nlp.pipeline import DEFAULT_MODEL
    from nlp.tagging import DocumentTagger, TextToTag

    def tag(questions: Sequence[Question]) -> Iterator[TaggedDocument]:
        tagger = DocumentTagger(model or DEFAULT_MODEL)
        return tagger.tag_many(
            TextToTag(id=str(number), text=one.text, published=one.published, language=one.language)
            for number, one in enumerate(questions)
        )

    return tag


def _tell(problems: Sequence[str]) -> bool:
    """Say on stderr what went wrong; whether anything did."""
    for problem in problems:
        click.echo(problem, err=True)
    return bool(problems)


def _print(evaluation: Evaluation, errors: int, row_format: RowFormat) -> None:
    figures = [row for score in evaluation.scores for row in _figure_rows(score)]
    slips = [row for score in evaluation.scores for row in _slip_rows(score, errors)]
    if row_format == "table":
        print_rows(_without_repeats(figures), _FIGURE_COLUMNS, row_format)
        if slips:
            print_rows(slips, (*_REPEATED[:2], *_SLIP_COLUMNS), row_format, title="What went wrong")
        return
    if errors:
        # One shape for both kinds of row, so that CSV has one header and every line the same keys.
        keys = ("record", *_FIGURE_COLUMNS, *_SLIP_COLUMNS)
        rows = [{"record": "figure", **row} for row in figures] + [
            {"record": "error", **row} for row in slips
        ]
        print_rows([{key: row.get(key) for key in keys} for row in rows], keys, row_format)
        return
    print_rows(figures, _FIGURE_COLUMNS, row_format)


def _figure_rows(score: Score) -> Iterator[dict[str, Any]]:
    for figure in score.figures:
        yield _figure_row(_where(score), figure)


def _figure_row(where: dict[str, Any], figure: Figure) -> dict[str, Any]:
    return {
        **where,
        "figure": figure.name,
        "precision": _rounded(figure.precision),
        "recall": _rounded(figure.recall),
        "f1": _rounded(figure.f1),
        "right": figure.right,
        "predicted": figure.predicted,
        "in_gold": figure.gold,
    }


def _slip_rows(score: Score, most: int) -> Iterator[dict[str, Any]]:
    for kind in ("missed", "false alarm", "wrong"):
        of_kind: list[Slip] = [slip for slip in score.slips if slip.error == kind]
        for slip in of_kind[:most]:
            yield {**_where(score), **dataclasses.asdict(slip)}


def _where(score: Score) -> dict[str, Any]:
    return {"task": score.task, "gold": score.gold, "part": score.part}


def _rounded(ratio: float | None) -> float | None:
    return None if ratio is None else round(ratio, 3)


def _without_repeats(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows for people: ratios as percentages, task, gold and part named once for the rows that share them."""
    shown: list[dict[str, Any]] = []
    before: list[Any] = []
    for row in rows:
        where = [row[key] for key in _REPEATED]
        blank = dict.fromkeys(_REPEATED, "") if where == before else {}
        percentages = {
            key: "" if row[key] is None else f"{100 * row[key]:5.1f}" for key in ("precision", "recall", "f1")
        }
        shown.append({**row, **blank, **percentages})
        before = where
    return shown
