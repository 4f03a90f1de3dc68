"""What the crawler costs against others over the same pages on loopback, as ratios of one run.

    python benchmarks/crawl.py [--count N] [--rounds N] [--pages DIR] [--newspaper-python FILE]

Compared are fetching and storing with bare Scrapy at the same pace, the whole of fetching, reading and storing
on two cores with trafilatura's own two calls, and with newspaper4k in a Scrapy callback (the design of
news-please), and reading alone with trafilatura. Each contestant is a process of its own, its start counted;
the pages come from another process, whose time does not count. Rounds are interleaved and the median ratio
counts, so that a busy machine slows all alike. newspaper4k is no part of Dateline's environment: name the
Python of one that has Scrapy and newspaper4k, or its row is left out.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from served_pages import make_pages, read_pages

from crawler.fetching.job import Job
from crawler.sources import Source
from db.store import archive_folder, open_store

HERE = Path(__file__).parent
WORKERS = 2
LONGEST = 600
SUBREAPER = 36
"""`prctl`'s number for adopting the orphans of our children, so that their time is counted, too."""
PROGRAM = "from dateline.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process and those that it started took, and the pages that came of it."""

    pages: int
    wall: float
    cpu: float
    memory: float
    """Megabytes of the largest process."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One ratio to reach: of two contestants' pages a second or pages a CPU second."""

    what: str
    ours: str
    other: str
    rate: Callable[[Cost], float]
    least: float


def by_wall(cost: Cost) -> float:
    return cost.pages / cost.wall


def by_cpu(cost: Cost) -> float:
    return cost.pages / cost.cpu


GOALS = (
    Goal("pages a CPU second: fetch + store / bare Scrapy", "fetch + store", "bare Scrapy", by_cpu, 0.8),
    Goal("pages a second: whole on 2 cores / trafilatura", "whole", "trafilatura", by_wall, 1.5),
    Goal("pages a second: whole on 2 cores / newspaper4k in Scrapy", "whole", "newspaper", by_wall, 4.0),
    Goal("pages a second: read_article / bare_extraction", "read_article", "bare_extraction", by_wall, 1.0),
)


def main() -> None:
    options = arguments()
    pages = read_pages(options.pages) if options.pages else make_pages(options.count)
    ctypes.CDLL(None).prctl(SUBREAPER, 1)
    costs: dict[str, list[Cost]] = {}
    with serving(options) as url:
        contestants = contestants_of(url, len(pages), options.newspaper_python)
        for number in range(options.rounds):
            for name, run in contestants.items():
                costs.setdefault(name, []).append(run())
                sys.stderr.write(f"round {number + 1}: {name} {costs[name][-1].wall:.1f} s\n")
    size = sum(map(len, pages)) / len(pages)
    print(f"{len(pages)} pages of {size / 1000:.0f} kB on average, {options.rounds} rounds, median")
    print_tables(costs)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=800, help="how many pages are made")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=Path, help="serve the *.html and *.html.gz of this folder instead")
    parser.add_argument("--newspaper-python", type=Path, help="a Python that has Scrapy and newspaper4k")
    return parser.parse_args()


@contextlib.contextmanager
def serving(options: argparse.Namespace) -> Iterator[str]:
    """The process that serves the pages; its address."""
    chosen = ["--pages", str(options.pages)] if options.pages else ["--count", str(options.count)]
    command = [sys.executable, str(HERE / "served_pages.py"), *chosen]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin and server.stdout
        yield server.stdout.readline().strip()
        server.stdin.close()


def contestants_of(url: str, count: int, newspaper: Path | None) -> dict[str, Callable[[], Cost]]:
    """The runs over the network, by name."""

    def rival(name: str, python: str = sys.executable) -> Callable[[], Cost]:
        return lambda: measured([python, str(HERE / "rivals.py"), name, url])

    runs = {
        "fetch + store": lambda: fetch_and_store(url, count),
        "bare Scrapy": rival("bare-scrapy"),
        "whole": lambda: whole(url, count),
        "trafilatura": rival("trafilatura"),
        "read_article": rival("read_article"),
        "bare_extraction": rival("bare_extraction"),
    }
    if newspaper:
        runs["newspaper"] = rival("newspaper", str(newspaper))
    return runs


def fetch_and_store(url: str, count: int) -> Cost:
    """The crawling process alone: pages into the archive and the frontier, none read."""
    source = declared(url, count)
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "crawl.db"
        with open_store(db, "write") as store:
            store.frontier.put_source(source.summary())
            run_id = store.start_run("benchmark")
        job = Job(
            run_id=run_id,
            db=db,
            archive=archive_folder(db),
            sources={source.id: source},
            allow_loopback=True,
            unthrottled=True,
        )
        command = [sys.executable, "-m", "crawler.fetching.process"]
        return measured(command, job.model_dump_json(), lambda: stored(db, "pages", "state = 'fetched'"))


def whole(url: str, count: int) -> Cost:
    """`dateline crawl` as a user runs it."""
    with tempfile.TemporaryDirectory() as folder:
        db, sources = Path(folder) / "crawl.db", Path(folder) / "sources"
        sources.mkdir()
        content = declared(url, count).model_dump_json(exclude={"id"})
        (sources / "vernor.yml").write_text(content, encoding="utf-8")
        options = [
            "crawl",
            "vernor",
            "--sources",
            sources,
            "--db",
            db,
            "--workers",
            WORKERS,
            "--allow-loopback",
        ]
        command = [sys.executable, "-c", PROGRAM, *map(str, options)]
        return measured(command, pages=lambda: stored(db, "articles"))


def declared(url: str, count: int) -> Source:
    """The source of the served pages."""
    return Source.model_validate(
        {
            "id": "vernor",
            "title": "The Vernor Post",
            "publisher": {"name": "The Vernor Post", "country": "---", "url": url},
            "language": "en",
            "sitemaps": [f"{url}/sitemap.xml"],
            "max_pages": count,
        }
    )


def stored(db: Path, table: str, where: str = "1") -> int:
    """How many rows came of a crawl."""
    with open_store(db, "read") as store:
        return int(store.db.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0])


def measured(command: list[str], given: str = "", pages: Callable[[], int] | None = None) -> Cost:
    """Run a program to its end, with all that it starts; its pages are counted by `pages` or what it prints.

    It may print the seconds that count, too, in the place of its whole time.
    """
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as told:
        told.write(given)
        told.seek(0)
        process = subprocess.Popen(
            command, stdin=told, stdout=said, stderr=subprocess.DEVNULL, process_group=0
        )
        cpu, memory = waited(process)
        wall = time.perf_counter() - started
        said.seek(0)
        if pages:
            return Cost(pages(), wall, cpu, memory)
        count, *seconds = said.read().split()
        return Cost(int(count), float(seconds[0]) if seconds else wall, cpu, memory)


def waited(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Wait for a program and the orphans that it leaves; CPU seconds and megabytes. Ends it when it takes too long."""
    cpu = memory = 0.0
    deadline = time.monotonic() + LONGEST
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status, usage = os.wait4(-process.pid, os.WNOHANG)
            if pid == 0:
                if time.monotonic() > deadline:
                    os.killpg(process.pid, 9)
                time.sleep(0.005)
                continue
            cpu += usage.ru_utime + usage.ru_stime
            memory = max(memory, usage.ru_maxrss / 1024)
            if pid == process.pid:
                process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{process.args!r} ended with {process.returncode}")
    return cpu, memory


def print_tables(costs: dict[str, list[Cost]]) -> None:
    """What each contestant took, and the ratios beside their goals."""
    console = Console(width=110)
    table = Table("contestant", "pages", "pages/s", "pages/CPU s", "wall s", "CPU s", "MB", box=None)
    for name, taken in costs.items():
        rates = [statistics.median(map(rate, taken)) for rate in (by_wall, by_cpu)]
        spent = [statistics.median(seconds) for seconds in ([c.wall for c in taken], [c.cpu for c in taken])]
        memory = max(cost.memory for cost in taken)
        figures = [f"{value:.1f}" for value in (*rates, *spent)]
        table.add_row(name, str(min(c.pages for c in taken)), *figures, f"{memory:.0f}" if memory else "")
    console.print(table, "")
    goals = Table("ratio", "goal", "measured", "lowest - highest", "", box=None)
    for goal in GOALS:
        if goal.other not in costs:
            goals.add_row(goal.what, f"{goal.least:.1f}", "left out: name a --newspaper-python")
            continue
        pairs = zip(costs[goal.ours], costs[goal.other], strict=True)
        ratios = sorted(goal.rate(ours) / goal.rate(other) for ours, other in pairs)
        middle = statistics.median(ratios)
        verdict = "reached" if middle >= goal.least else "missed"
        spread = f"{ratios[0]:.2f} - {ratios[-1]:.2f}"
        goals.add_row(goal.what, f"{goal.least:.1f}", f"{middle:.2f}", spread, verdict)
    console.print(goals)


if __name__ == "__main__":
    main()
