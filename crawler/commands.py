"""The crawler's commands: crawl, extract, sources."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from db.errors import CrawlError, InputFileError
from db.model import UNKNOWN_COUNTRY
from db.options import RowFormat, db_option, format_option, print_rows

if TYPE_CHECKING:
    from crawler.fetching.probing import Probed

SOURCES_HELP = "A folder of source declarations (*.yml) to use in place of the shipped ones."


@click.command()
@click.argument("source", nargs=-1)
@click.option("--url", "urls", multiple=True, metavar="URL", help="Fetch this page; may be repeated.")
@click.option(
    "--urls",
    "urls_file",
    metavar="FILE",
    help="Fetch the pages listed in FILE, one address a line; - is stdin.",
)
@click.option(
    "--warc",
    "warcs",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read the pages of a WARC file.",
)
@db_option
@click.option("--sources", "folder", type=click.Path(path_type=Path), metavar="DIR", help=SOURCES_HELP)
@click.option(
    "--allow-loopback", is_flag=True, help="Allow addresses of this machine (127.0.0.0/8, ::1), for tests."
)
@click.option(
    "--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes that read pages."
)
@click.option("--dry-run", is_flag=True, help="Show what would be fetched first; fetch and change nothing.")
@format_option
def crawl(
    source: tuple[str, ...],
    urls: tuple[str, ...],
    urls_file: str | None,
    warcs: tuple[Path, ...],
    db: Path,
    folder: Path | None,
    allow_loopback: bool,
    workers: int,
    dry_run: bool,
    row_format: RowFormat,
) -> None:
    """Collect articles: of all sources, of the SOURCEs named, or of single pages and archives.

    \b
    Examples:
      dateline crawl vtv --dry-run
      dateline crawl vtv vtv-english
      dateline crawl --url https://vtv.vn/the-gioi.htm --db one.db
    """
    from crawler import crawl as crawling
    from crawler.lists import read_urls
    from crawler.report import CLOSING_COLUMNS
    from crawler.sources import choose_sources, load_sources

    known = load_sources(folder)
    wanted = (*urls, *(read_urls(urls_file) if urls_file else ()))
    only_pages = bool((wanted or warcs) and not source)
    chosen = {} if only_pages else choose_sources(known, source)
    for warc in warcs:
        if not warc.is_file():
            raise InputFileError(f"there is no file {warc}")
    if dry_run:
        rows = [
            {"source": fetch.source, "kind": fetch.kind, "url": fetch.url, "why": fetch.why}
            for fetch in crawling.plan(db, chosen, urls=wanted, known=known)
        ]
        print_rows(rows, ("source", "kind", "url", "why"), row_format)
        return
    report = crawling.crawl(
        db, chosen, urls=wanted, warcs=warcs, known=known, allow_loopback=allow_loopback, workers=workers
    )
    print_rows(report.rows(), CLOSING_COLUMNS, row_format)
    if report.interrupted:
        click.echo("Interrupted. What was fetched is kept; run the same command to go on.", err=True)
        sys.exit(130)
    if report.failure:
        raise CrawlError(report.failure)


@click.command()
@click.argument("file", default="-", metavar="[FILE]")
@click.option("--sources", "folder", type=click.Path(path_type=Path), metavar="DIR", help=SOURCES_HELP)
@click.option(
    "--workers", type=click.IntRange(1), help="Processes that read pages.  [default: one a processor]"
)
def extract(file: str, folder: Path | None, workers: int | None) -> None:
    """Read articles from pages: JSON lines in (FILE, or standard input), JSON lines out.

    A line in is {"id", "url", "html"} or {"id", "url", "html_file"}, the latter a path relative to FILE
    (.html or .html.gz). A line out is the article, in the order of the input.

    \b
    Example:
      echo '{"id": "1", "url": "https://a.example/1", "html": "<h1>Rates</h1><p>They fell.</p>"}' | dateline extract
    """
    from crawler.lines import extract_lines, open_lines
    from crawler.sources import load_sources
    from crawler.workers import default_workers

    sources = load_sources(folder)
    with open_lines(file) as lines:
        code = extract_lines(lines, sys.stdout.buffer, sources, workers=workers or default_workers())
    sys.exit(code)


@click.group()
def sources() -> None:
    """List, show, check and add the declarations of sources.

    \b
    Example:
      dateline sources list
    """


@sources.command("list")
@click.option("--sources", "folder", type=click.Path(path_type=Path), metavar="DIR", help=SOURCES_HELP)
@format_option
def list_sources(folder: Path | None, row_format: RowFormat) -> None:
    """List the sources.

    \b
    Example:
      dateline sources list --format csv
    """
    from crawler.sources import load_sources

    rows = [source.as_row() for source in load_sources(folder).values()]
    columns = (
        "id",
        "title",
        "country",
        "language",
        "kind",
        "feeds",
        "sitemaps",
        "sections",
        "every",
        "checked",
    )
    print_rows(rows, columns, row_format)


@sources.command()
@click.argument("source")
@click.option("--sources", "folder", type=click.Path(path_type=Path), metavar="DIR", help=SOURCES_HELP)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of YAML.")
def show(source: str, folder: Path | None, as_json: bool) -> None:
    """Print one declaration with everything that it leaves to defaults.

    \b
    Example:
      dateline sources show vtv
    """
    import orjson
    import yaml

    from crawler.sources import choose_sources, load_sources

    (declared,) = choose_sources(load_sources(folder), (source,)).values()
    content = declared.model_dump(mode="json")
    if as_json:
        click.echo(orjson.dumps(content, option=orjson.OPT_INDENT_2).decode())
    else:
        click.echo(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110), nl=False)


@sources.command()
@click.argument("source", nargs=-1)
@click.option("--sources", "folder", type=click.Path(path_type=Path), metavar="DIR", help=SOURCES_HELP)
@click.option("--allow-loopback", is_flag=True, help="Allow addresses of this machine, for tests.")
@click.option("--offline", is_flag=True, help="Check the declarations only; fetch nothing.")
@format_option
def check(
    source: tuple[str, ...], folder: Path | None, allow_loopback: bool, offline: bool, row_format: RowFormat
) -> None:
    """Try sources against their sites, a few pages each, and say in words what is wrong. Keeps nothing.

    \b
    Examples:
      dateline sources check --offline
      dateline sources check vtv
    """
    from crawler.sites.checking import check_sources
    from crawler.sources import choose_sources, load_sources

    chosen = choose_sources(load_sources(folder), source)
    findings = check_sources(chosen, allow_loopback=allow_loopback, offline=offline)
    rows = [
        {
            "source": finding.source,
            "ok": finding.is_healthy,
            "articles": finding.articles,
            "finding": finding.words,
        }
        for finding in findings
    ]
    print_rows(rows, ("source", "ok", "articles", "finding"), row_format)
    if not all(finding.is_healthy for finding in findings):
        sys.exit(1)


@sources.command()
@click.argument("url")
@click.option(
    "--sources",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    default=Path("sources"),
    show_default=True,
    help="The folder to write the declaration into.",
)
@click.option("--id", "source_id", metavar="NAME", help="The source's name; by default made of the address.")
@click.option("--country", metavar="CODE", help="The publisher's country (ISO 3166-1, as VNM).")
@click.option("--dry-run", is_flag=True, help="Print the declaration; write nothing.")
@click.option("--allow-loopback", is_flag=True, help="Allow addresses of this machine, for tests.")
def add(
    url: str, folder: Path, source_id: str | None, country: str | None, dry_run: bool, allow_loopback: bool
) -> None:
    """Look at the site of URL and declare it: its feeds, sitemaps, language and name.

    \b
    Examples:
      dateline sources add https://vtv.vn --dry-run
      dateline sources add https://vtv.vn --sources my-sources
    """
    from crawler.fetching.probing import probe
    from crawler.sites import adding

    def look(urls: Sequence[str]) -> dict[str, Probed]:
        click.echo(f"Looking at {len(urls)} addresses ...", err=True)
        return probe(urls, allow_loopback=allow_loopback, say=lambda text: click.echo(text, err=True))

    name = adding.checked_name(source_id or adding.name_of(url))
    if not dry_run:
        adding.refuse_to_overwrite(folder / f"{name}.yml")
    source = adding.describe_site(url, look, source_id=name, country=adding.checked_country(country))
    if source.publisher.country == UNKNOWN_COUNTRY:
        click.echo("The publisher's country could not be told; give it with --country.", err=True)
    if dry_run:
        click.echo(adding.as_yaml(source), nl=False)
        return
    path = adding.write_source(source, folder)
    click.echo(
        f"Wrote {path}. Next:  dateline sources check {name} --sources {folder}"
        + (" --allow-loopback" if allow_loopback else ""),
        err=True,
    )
