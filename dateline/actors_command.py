"""The command `dateline actors`: who is in the news; and `dateline actors check`, which reads a user's own file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from db.commands.actors import actors as listing


class _Actors(click.Command):
    """The query, but for "check" as its first word, which is the command below."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Hand "check" to its own command."""
        if args[:1] == ["check"]:
            return check.make_context(f"{info_name} check", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def check(file: Path | None) -> None:
    """Say what is wrong in a file of your own actors: doubles, unknown roles, two holders of one office at a time.

    Without FILE the registry that comes with Dateline is checked. docs/tagging.md shows the form of the file; use
    it with "dateline tag --actors FILE" and "dateline run --actors FILE", or name it in DATELINE_ACTORS. Exit code 1
    means that something is wrong.

    Example:  dateline actors check my-actors.yml
    """
    from nlp.facts.own_actors import read_own_actors
    from nlp.facts.registry import load_people
    from nlp.facts.registry_check import check_own, check_registry

    problems = check_registry(gaps=False) if file is None else check_own(file)
    for problem in problems:
        click.echo(problem)
    if problems:
        raise SystemExit(1)
    if file is None:
        people = load_people()
        click.echo(f"{len(people)} people with {sum(len(one.tenures) for one in people)} offices: sound.")
    else:
        own = read_own_actors(file)
        click.echo(f"{len(own.people)} people and {len(own.organisations)} organisations: sound.")


actors = _Actors(
    name="actors",
    params=listing.params,
    callback=listing.callback,
    help=f"{listing.help}\n\n'dateline actors check [FILE]' checks a file of your own actors (it has its own --help).",
)
