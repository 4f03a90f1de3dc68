"""`dateline codebook`: what the codebook says, and what is wrong with a file that extends it."""

from __future__ import annotations

from pathlib import Path

import click

from db.codebook import SHIPPED, Codebook, load_codebook, read_codebook_file
from db.codebook_text import entry_lines, overview_lines
from db.options import codebook_option


@click.command()
@click.argument("name", required=False)
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@codebook_option
@click.pass_context
def codebook(context: click.Context, name: str | None, file: Path | None) -> None:
    """What the event types, modes, instruments, stages and roles mean, and which words tell them.

    NAME is one of them (SANCTION, export_ban, in_force, ...); without it, all with their definitions.
    'dateline codebook check FILE' says what is wrong with a codebook file of your own, and runs its example
    sentences; without FILE it checks the shipped one.

    \b
    Example:
      dateline codebook SANCTION
    """
    if name == "check":
        context.exit(_check(file))
    if file is not None:
        raise click.UsageError("give one name, or 'check' and a file.", context)
    known = load_codebook()
    for line in entry_lines(known, name) if name else overview_lines(known):
        click.echo(line)


def _check(file: Path | None) -> int:
    """Print what is in the file and which examples do not hold; 1 when one does not."""
    from nlp.coding.examples import examples_of, failing
    from nlp.components.events import Events
    from nlp.pipeline import build_pipeline

    extended = load_codebook(file) if file is not None else load_codebook()
    entries = read_codebook_file(file or SHIPPED)
    examples = list(examples_of(extended, entries))
    faults = []
    if examples:
        nlp = build_pipeline("en", components=_before_events())
        nlp.add_pipe("dateline_events", config={"codebook": str(file) if file else None})
        assert isinstance(nlp.get_pipe("dateline_events"), Events)
        faults = failing(nlp, extended, examples)
    for fault in faults:
        click.echo(fault, err=True)
    held = len(examples) - len(faults)
    click.echo(
        f"{file or SHIPPED}: {_counted(extended, entries)}; {held} of {len(examples)} example sentences hold"
    )
    return int(bool(faults))


def _before_events() -> tuple[str, ...]:
    from nlp.pipeline import COMPONENTS

    return COMPONENTS[: COMPONENTS.index("dateline_events")]


def _counted(extended: Codebook, entries: dict[str, object]) -> str:
    counts = [
        f"{len(listed)} {table}"
        for table in type(extended).model_fields
        if isinstance(listed := entries.get(table), (dict, list)) and listed
    ]
    return ", ".join(counts) or "no entries"
