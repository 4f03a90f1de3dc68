"""The command line's front door: lists the commands, loads each on call, turns errors into one line."""

from __future__ import annotations

import errno
import importlib
import sys
from importlib.metadata import version

import click

from db.errors import DatelineError

DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)
DISK_REMEDY = "Check the disk's free space and your rights; what was stored before is intact"
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("dateline.commands:demo", "See the whole loop at work, offline, on a small bundled newsroom."),
    "run": (
        "dateline.commands:run",
        "Crawl what is due, tag what is new, merge events, fire alerts, print a summary.",
    ),
    "crawl": ("crawler.commands:crawl", "Collect articles only."),
    "extract": ("crawler.commands:extract", "Read articles from pages: JSON lines in, JSON lines out."),
    "tag": ("nlp.commands:tag", "Tag texts (JSON lines), or the stored articles that need it."),
    "load": ("db.commands.load:load_command", "Load articles and tags made elsewhere, many at once."),
    "events": ("db.commands.events:events", "Who did what to whom."),
    "articles": ("db.commands.articles:articles", "The articles collected."),
    "actors": (
        "dateline.actors_command:actors",
        "Who acts, and how often; `check` reads a file of your own.",
    ),
    "measures": ("db.commands.measures:measures", "Policies through their stages; --on DATE for one day."),
    "observations": ("db.commands.measures:observations", "Figures about the world."),
    "search": ("db.commands.articles:search", "Full text search of the articles."),
    "review": ("db.commands.review:review", "Correct the machine: accept, reject, change; on record."),
    "sql": ("db.commands.sql:sql", "Any question in SQL; nothing can be changed."),
    "explain": (
        "db.commands.explain:explain",
        "Why an event is in the database: sentence, spans, rule, page.",
    ),
    "export": ("dateline.exporting:export", "Write a tagged data set."),
    "rehydrate": ("db.commands.rehydrate:rehydrate", "Fill texts into a data set that came without."),
    "serve": ("dateline.web.commands:serve", "Status, health and feeds for browsers and monitors."),
    "schedule": ("dateline.scheduling.commands:schedule", "Crawls at their hours."),
    "status": ("dateline.status_command:status", "What the database holds, and whether all is well."),
    "alerts": ("dateline.alerting.commands:alerts", "Saved searches that tell you of what they find."),
    "sources": ("crawler.commands:sources", "The publishers declared."),
    "codebook": ("nlp.codebook_command:codebook", "What the event types, modes, instruments, stages mean."),
    "evaluate": ("nlp.evaluation_commands:evaluate", "Precision, recall and F1 on gold data."),
    "backup": ("db.commands.backup:backup", "Copy the store while it is in use, and prove the copy."),
    "verify": ("db.commands.verify:verify", "Check that every span, hash and archived page still holds."),
}


class LazyGroup(click.Group):
    """Imports a command's module only when it is called, so that a query never waits for spaCy."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command, or None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their one-line help without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("dateline"), prog_name="dateline")
def cli() -> None:
    """Track policy events in the news: crawl, tag, store, query, export.

    Start with:  dateline demo
    """


def main() -> None:
    """Run the command line; user errors become one line on stderr and a documented exit code."""
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        code = 2
    except click.ClickException as error:
        _say(error.format_message(), error)
        code = error.exit_code
    except DatelineError as error:
        _say(str(error), None)
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted. What was finished is kept; run the same command to go on.", err=True)
        code = 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone (`| head`): nothing to say
        code = 0
    except OSError as error:
        if error.errno not in DISK_ERRORS:
            raise
        _say(f"{error.filename or 'the disk'}: {error.strerror}. {DISK_REMEDY}", None)
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _say(message: str, error: click.ClickException | None) -> None:
    line = " ".join(message.split())
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        stop = "" if line.endswith((".", "?", "!")) else "."
        line += f"{stop} Try '{context.command_path} --help'."
    click.echo(f"Error: {line}", err=True)


if __name__ == "__main__":
    main()
