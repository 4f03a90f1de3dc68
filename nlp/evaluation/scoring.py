"""Runs the tagger over gold texts, each once, and hands what it found to the scorers of the tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from db.model import TaggedDocument
from nlp.evaluation.dates import DateScorer
from nlp.evaluation.entities import EntityScorer
from nlp.evaluation.events import EventScorer
from nlp.evaluation.figures import Figure, Slip
from nlp.evaluation.gold import GoldFile, GoldText, Task
from nlp.evaluation.merging import MergingScorer
from nlp.evaluation.observations import ObservationScorer
from nlp.evaluation.quantities import QuantityScorer


@dataclass(frozen=True, slots=True)
class Question:
    """What the tagger is told of a gold text: nothing but the text, its date and its language."""

    text: str
    published: str | None
    language: str | None


TextTagger = Callable[[Sequence[Question]], Iterable[TaggedDocument]]
"""Gives one tagged document for each question, in order."""


class Scorer(Protocol):
    """Adds up one task over the texts of one gold file."""

    slips: list[Slip]

    def add(self, gold: GoldText, found: TaggedDocument) -> None:
        """Score one text."""

    def figures(self) -> list[Figure]:
        """The figures over all texts added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The outcome of one task on one gold file."""

    task: Task
    gold: str
    part: str
    texts: int
    figures: tuple[Figure, ...]
    slips: tuple[Slip, ...]


@dataclass(slots=True)
class Evaluation:
    """All scores, and the texts that the tagger could not tag ("GOLD ID: reason")."""

    scores: list[Score] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def make_scorers(
    *, per_type: bool = False, adjectives: bool | None = None
) -> dict[Task, Callable[[], Scorer]]:
    """What makes the scorer of each task."""
    return {
        "entities": lambda: EntityScorer(adjectives=adjectives),
        "quantities": QuantityScorer,
        "dates": DateScorer,
        "events": lambda: EventScorer(per_type=per_type),
        "observations": ObservationScorer,
        "merging": MergingScorer,
    }


def count_questions(files: Iterable[GoldFile], language: str | None = None) -> int:
    """How many different texts the tagger will be asked."""
    return len(_questions(files, language))


def evaluate_files(
    files: Sequence[GoldFile],
    tag: TextTagger,
    scorers: dict[Task, Callable[[], Scorer]],
    *,
    language: str | None = None,
    advance: Callable[[], None] = lambda: None,
) -> Evaluation:
    """Score each file and task; a text of several files or tasks is tagged once.

    `language` leaves out the texts that say they are in another one, and is taken for those that do not say.
    A text that cannot be tagged counts as one without tags and is told among the problems.
    """
    answers: dict[Question, TaggedDocument] = {}
    questions = list(_questions(files, language))
    for asking, found in zip(questions, tag(questions), strict=True):
        answers[asking] = found
        advance()
    evaluation = Evaluation()
    for file in files:
        for task, texts in file.texts.items():
            asked = [(text, answers[one]) for text in texts if (one := _question(text, language))]
            if not asked:
                continue
            scorer = scorers[task]()
            for text, answer in asked:
                scorer.add(text, answer)
                if answer.error:
                    evaluation.problems.append(f"{file.path}, {text.id}: {answer.error}")
            evaluation.scores.append(
                Score(
                    task=task,
                    gold=file.name,
                    part=file.part,
                    texts=len(asked),
                    figures=tuple(scorer.figures()),
                    slips=tuple(scorer.slips),
                )
            )
    return evaluation


def _questions(files: Iterable[GoldFile], language: str | None) -> dict[Question, None]:
    """The different texts in the order of the files."""
    texts = (text for file in files for task in file.texts.values() for text in task)
    return dict.fromkeys(question for text in texts if (question := _question(text, language)))


def _question(text: GoldText, language: str | None) -> Question | None:
    if language and text.language and text.language != language:
        return None
    return Question(text.text, text.published, text.language or language)
