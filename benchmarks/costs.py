"""What it costs to leave Dateline on: bytes, seconds of one core and memory, for the page on operations.

    python benchmarks/costs.py [--count N] [--pages DIR]

One source on loopback is crawled, crawled again with nothing new, tagged, verified and backed up, and a scheduler
is left alone with nothing due. Without --pages its articles are of invented words, which no event is in; give a
folder of pages (*.html, *.html.gz) for figures of real ones. Seconds are of the processor, all processes together.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from crawl import serving

from db.options import print_rows
from db.store import archive_folder, open_store

DATELINE = str(Path(sys.executable).with_name("dateline"))
IDLE = 30.0
"""Seconds for which a scheduler with nothing to do is watched."""
KB, MB = 1e3, 1e6


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: seconds of the processor, and the most memory that one of its processes held."""

    seconds: float
    megabytes: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--pages", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving(options) as url:
        place = Path(folder)
        declare(place / "sources", url, options.count)
        print_rows(list(measure(place)), ("what", "figure"), "table")


def measure(place: Path) -> Iterator[dict[str, str]]:
    """Every figure, in the order in which things are done."""
    db = place / "costs.db"
    crawling = ("crawl", "--sources", str(place / "sources"), "--allow-loopback")
    crawled = dateline(db, *crawling)
    articles, size = count(db, "articles"), db.stat().st_size
    archive = sum(file.stat().st_size for file in archive_folder(db).iterdir())
    yield row("articles", f"{articles}")
    yield row("archive of an article's page", f"{archive / articles / KB:.1f} kB")
    yield row("crawling and reading an article", f"{crawled.seconds / articles:.3f} s")
    yield row("most memory of a process that crawls", f"{crawled.megabytes:.0f} MB")
    again = dateline(db, *crawling)
    yield row("a crawl that finds nothing new", f"{again.seconds:.1f} s")
    tagged = dateline(db, "tag")
    yield row("events, mentions", f"{count(db, 'events')}, {count(db, 'mentions')}")
    yield row("database for an article", f"{size / articles / KB:.1f} kB")
    yield row("and its tags", f"{(db.stat().st_size - size) / articles / KB:.1f} kB")
    yield row("tagging an article", f"{tagged.seconds / articles:.2f} s")
    yield row("most memory of a process that tags", f"{tagged.megabytes:.0f} MB")
    nothing = dateline(db, "tag")
    yield row("a tagging that finds nothing to do", f"{nothing.seconds:.1f} s")
    verified = dateline(db, "verify")
    yield row("verifying an article", f"{verified.seconds / articles * 1000:.1f} ms")
    backed = dateline(db, "backup", str(place / "copy.db"))
    yield row("backing an article up", f"{backed.seconds / articles * 1000:.1f} ms")
    seconds, memory = idle(db, place / "sources")
    yield row("a scheduler with nothing due, an hour", f"{seconds * 3600 / IDLE:.0f} s")
    yield row("its memory", f"{memory:.0f} MB")


def row(what: str, figure: str) -> dict[str, str]:
    return {"what": what, "figure": figure}


def count(db: Path, table: str) -> int:
    with open_store(db, "read") as store:
        return int(store.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def dateline(db: Path, *arguments: str) -> Cost:
    """Run a command to its end; what it and all that it started took."""
    process = subprocess.Popen(
        [DATELINE, *arguments, "--db", str(db)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"dateline {' '.join(arguments)} ended with status {status}")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / MB)


def idle(db: Path, sources: Path) -> tuple[float, float]:
    """Seconds of the processor and megabytes of a scheduler that has nothing to do."""
    command = [DATELINE, "schedule", "run", "--sources", str(sources), "--allow-loopback", "--db", str(db)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(10)  # it has started by then
    before = ticks(process.pid)
    time.sleep(IDLE)
    used = (ticks(process.pid) - before) / os.sysconf("SC_CLK_TCK")
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    process.terminate()
    process.wait(60)
    return used, pages * os.sysconf("SC_PAGE_SIZE") / MB


def ticks(pid: int) -> int:
    """What a process has used of the processor, without the children that it has waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def declare(folder: Path, url: str, count: int) -> None:
    folder.mkdir()
    declared = {
        "title": "Served pages",
        "publisher": {"name": "Served pages", "country": "---", "url": url},
        "language": "en",
        "sitemaps": [f"{url}/sitemap.xml"],
        "max_pages": max(count, 5000),
    }
    (folder / "served.yml").write_text(yaml.safe_dump(declared), encoding="utf-8")


if __name__ == "__main__":
    main()
