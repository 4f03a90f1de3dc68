"""What is wrong with which lines of an input file, told so that a person reads it: few lines, none lost in many."""

from __future__ import annotations

import click

MOST_TOLD = 20


class LineProblems:
    """Collects the bad lines of one input and prints them on stderr.

    As long as no line has been good, problems are held back: a file of another kind gets one message, not one a
    line. After `MOST_TOLD` only the number is told; the output holds an error record for each bad line anyway.
    """

    def __init__(self, file: str, expected: str) -> None:
        """`file` is the input's name in messages, `expected` what a line should hold."""
        self._file, self._expected = file, expected
        self._held: list[str] = []
        self._good = self._bad = 0

    def good(self) -> None:
        """A line was read; problems held back so far are told."""
        self._good += 1
        for problem in self._held:
            click.echo(f"{self._file}:{problem}", err=True)
        self._held.clear()

    def bad(self, problem: str) -> None:
        """A line was not read; `problem` begins with its number: "3: 'text' is missing"."""
        self._bad += 1
        if self._bad > MOST_TOLD:
            return
        if self._good:
            click.echo(f"{self._file}:{problem}", err=True)
        else:
            self._held.append(problem)

    def close(self) -> int:
        """Tell what was held back or left out, and return the exit code: 0 if all lines were good, else 1."""
        if self._bad and not self._good:
            number = "its only line" if self._bad == 1 else f"none of its {self._bad:,} lines"
            verb = "is not" if self._bad == 1 else "is"
            click.echo(
                f"{self._file}: {number} {verb} {self._expected}. The first is bad at {self._held[0]}",
                err=True,
            )
        elif self._bad > MOST_TOLD:
            click.echo(
                f'{self._file}: {self._bad - MOST_TOLD:,} more bad lines; see "error" in the output', err=True
            )
        return 1 if self._bad else 0
