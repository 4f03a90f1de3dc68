"""A progress bar on stderr for long work; silent when stderr is not a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

Begin = Callable[[str, Callable[[], int]], Callable[[int], None]]
"""Begins a step by its name and what counts it, and gives what moves its bar by a number."""


@contextmanager
def progress_bar(label: str, total: int | None) -> Iterator[Callable[[], None]]:
    """Show `label` and a bar that the yielded function moves by one; `total` may be unknown (None)."""
    with _bar() as progress:
        task = progress.add_task(label, total=total)
        yield lambda: progress.advance(task)


@contextmanager
def step_bar(label: str) -> Iterator[Begin]:
    """Show `label`, the step that the yielded function begins, and a bar for it; its total is asked for if shown."""
    with _bar() as progress:
        task = progress.add_task(label, total=None)

        def begin(step: str, count: Callable[[], int]) -> Callable[[int], None]:
            total = count() if not progress.disable else None
            progress.reset(task, total=total, description=f"{label}: {step}")
            return lambda number: progress.advance(task, number)

        yield begin


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
