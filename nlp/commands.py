"""The command `dateline tag`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import click

from db.errors import InputFileError
from db.line_problems import LineProblems
from db.options import codebook_option, db_option


def use_actors(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Name the file to this process and to the workers that it starts; a bad one is told before the model loads."""
    if value:
        from nlp.facts.own_actors import VARIABLE, read_own_actors

        read_own_actors(Path(value))
        os.environ[VARIABLE] = str(Path(value).resolve())
    return value


actors_option = click.option(
    "--actors",
    type=click.Path(exists=True, dir_okay=False),
    callback=use_actors,
    expose_value=False,
    help="Your own file of people and organisations (see 'dateline actors check').",
)


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False))
@click.option("--model", metavar="NAME", help="Another installed spaCy pipeline for English, or its folder.")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that tag."
)
@actors_option
@click.option("--explain", is_flag=True, help="Add to each tag the rule or entry that made it.")
@click.option("--again", is_flag=True, help="Without FILE: delete the stored tags and make all of them anew.")
@codebook_option
@db_option
@click.pass_context
def tag(
    context: click.Context,
    file: str | None,
    model: str | None,
    workers: int,
    explain: bool,
    again: bool,
    db: Path,
) -> None:
    """Tag texts with actors, countries, quantities, dates, events and observations.

    FILE holds JSON lines {"id", "title"?, "text", "published"?, "language"?}; "-" is standard input. One
    tagged record a line comes out on standard output, in the same order. A bad line gives a record with
    "error" and a message on stderr; the others are done, and the exit code is 1.

    Without FILE, the stored articles that have no tags of this version are tagged and stored.

    \b
    Example:
      echo '{"id": "1", "text": "China raised its tariff on steel to 25% in May 2025."}' | dateline tag -
    """
    from nlp.pipeline import DEFAULT_MODEL

    if file is None:
        from nlp.stored import tag_stored

        count = tag_stored(db, model or DEFAULT_MODEL, workers=workers, again=again)
        click.echo(f"Tagged {count} stored {'article' if count == 1 else 'articles'} in {db}.", err=True)
        return
    if again:
        raise click.UsageError("--again is for stored articles; leave out FILE.", context)
    from nlp.lines import tag_lines

    expected = 'a JSON object with "id" and "text" in a supported language'
    problems = LineProblems("<stdin>" if file == "-" else file, expected)
    for line, problem in tag_lines(_lines(file), model or DEFAULT_MODEL, workers=workers, explain=explain):
        sys.stdout.buffer.write(line)
        if problem:
            problems.bad(problem)
        else:
            problems.good()
    sys.stdout.buffer.flush()
    context.exit(problems.close())


def _lines(file: str) -> Iterator[bytes]:
    """The lines of the file, read as they are asked for; a missing file is told before the model loads."""
    if file == "-":
        return iter(sys.stdin.buffer)
    try:
        opened: BinaryIO = Path(file).open("rb")  # noqa: SIM115 (closed when the last line is read)
    except OSError as error:
        raise InputFileError(
            f"cannot read '{file}': {error.strerror}. Give a file of JSON lines, or - for stdin"
        ) from error
    return _until_end(opened)


def _until_end(opened: BinaryIO) -> Iterator[bytes]:
    with opened:
        yield from opened
