"""Kills the real `dateline run` at random moments, and looks at what is left: nothing half, nothing lost.

    python benchmarks/kills.py --kills 100

The bundled newsroom is served on loopback. A run is started and killed with all its processes at a random moment,
again and again; when a run ends before its moment the database must be that of an undisturbed run, by content hash
and by `verify`, and the next one begins with nothing. After each kill SQLite's own checks must be clean, and no
article that was stored before may be gone.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

DATELINE = Path(sys.executable).with_name("dateline")


def start(*arguments: object) -> subprocess.Popen[bytes]:
    """The program in a group of its own."""
    return subprocess.Popen(
        [DATELINE, *map(str, arguments)],
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a program with everything that it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def content(path: Path) -> str:
    """The content hash of a store, by the program itself."""
    told = subprocess.run(
        [DATELINE, "verify", "--hash", "--db", path], capture_output=True, text=True, check=True
    )
    return told.stdout.strip()


def faults(path: Path) -> list[str]:
    """What SQLite's own checks find, the full text index included; events that are half there."""
    with closing(sqlite3.connect(path, timeout=30)) as db:
        found = [str(row) for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
        found += [f"foreign key: {row}" for row in db.execute("PRAGMA foreign_key_check")]
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles_fts'").fetchone():
            try:
                db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
            except sqlite3.DatabaseError as error:
                found.append(f"full text: {error}")
            half = db.execute(
                "SELECT (SELECT count(*) FROM events WHERE id NOT IN (SELECT event_id FROM event_mentions"
                " WHERE event_id IS NOT NULL)) + (SELECT count(*) FROM articles a JOIN pages p ON p.article_id = a.id"
                " WHERE p.state <> 'done')"
            ).fetchone()[0]
            found += [f"{half} rows are half there"] if half else []
    return found


def stored(path: Path) -> set[str]:
    """The articles that a reader sees."""
    if not path.exists():
        return set()
    with closing(sqlite3.connect(path, timeout=30)) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles'").fetchone():
            return set()
        return {row[0] for row in db.execute("SELECT id FROM articles")}


def main() -> None:
    """Kill, look, and say what was seen; exit code 1 when anything was wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance, told, wrong = random.Random(arguments.seed), Counter[str](), list[str]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = start("demo", "--serve", folder / "sources")
        try:
            while not list(folder.glob("sources/*.yml")):
                time.sleep(0.1)
            expected, length = _undisturbed(folder)
            number = 0
            while told["killed"] < arguments.kills:
                path = folder / f"killed{number}.db"
                wrong += _life(folder, path, expected, length, chance, told, arguments.kills)
                number += 1
                print(f"{dict(told)}, {len(wrong)} faults", flush=True)
        finally:
            end(server)
    print(
        "\n".join(wrong)
        or "nothing was half there, nothing was lost, every store ended as the undisturbed one"
    )
    raise SystemExit(bool(wrong))


def _run(folder: Path, path: Path) -> subprocess.Popen[bytes]:
    return start("run", "--sources", folder / "sources", "--allow-loopback", "--db", path)


def _undisturbed(folder: Path) -> tuple[str, float]:
    started = time.monotonic()
    assert _run(folder, folder / "whole.db").wait() == 0
    length = time.monotonic() - started
    print(f"an undisturbed run takes {length:.1f} s and stores {len(stored(folder / 'whole.db'))} articles")
    return content(folder / "whole.db"), length


def _life(
    folder: Path,
    path: Path,
    expected: str,
    length: float,
    chance: random.Random,
    told: Counter[str],
    kills: int,
) -> list[str]:
    """Kill runs on one database until one of them ends by itself, or there were enough."""
    seen: set[str] = set()
    wrong: list[str] = []
    while told["killed"] < kills:
        process = _run(folder, path)
        try:
            process.wait(chance.uniform(0.2, 1.1) * length)
            told["ended"] += 1
            if process.returncode or content(path) != expected:
                wrong.append(
                    f"{path.name}: ended with {process.returncode}, and is not what an undisturbed run leaves"
                )
            checked = subprocess.run([DATELINE, "verify", "--db", path], capture_output=True, text=True)
            wrong += [f"{path.name}: {checked.stdout}{checked.stderr}"] if checked.returncode else []
            return wrong
        except subprocess.TimeoutExpired:
            end(process)
            told["killed"] += 1
        now = stored(path)
        if not seen <= now:
            wrong.append(f"{path.name}: {len(seen - now)} articles that were stored are gone")
        seen = now
        wrong += [f"{path.name}: {fault}" for fault in (faults(path) if path.exists() else [])]
    return wrong


if __name__ == "__main__":
    main()
