"""One soak: the sites, the schedulers and what is done to them, and the record of it in a folder."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from soak_month import ALERTS, BEGIN, Month, Station, make_month
from soak_sites import LISTING, address_of
from soak_watch import Watch, children, descendants

HERE = Path(__file__).parent
DATELINE = str(Path(sys.executable).with_name("dateline"))
POLITE = 25.0
"""Seconds that a scheduler has to end in after SIGTERM."""
DEEDS = ("kill scheduler", "kill child", "second scheduler", "kill all", "kill child", "terminate")
QUIET = 0.6
"""The share of the run after which all are left alone: a scheduler is seen to live long, and a crawl of a site that
hangs comes to its end, which takes longer than most pauses between two deeds before."""
STARTING = 15.0
"""A scheduler that has lived for less may still be loading, and knows no SIGTERM yet."""
WATCHED = ("--instrument", "export_ban", "--from", f"{BEGIN:%Y-%m-%d}")
LOOKS = 3
"""So many times in a cadence the status is asked for."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done to the schedulers, and at which second of the run."""

    at: float
    what: str
    draw: float


class Rehearsal:
    """Lives through the month of some options; `run` leaves everything in the folder."""

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self._folder, self._options = folder, options
        every = timedelta(hours=options.every)
        self._month = make_month(
            seed=options.seed,
            sources=options.sources,
            days=options.days,
            every=every,
            minutes=options.minutes,
        )
        self._seconds = options.minutes * 60
        self._db = folder / "soak.db"
        self._crew = Crew(folder, options)
        self._record: dict[str, Any] = {"deeds": [], "statuses": []}

    def run(self) -> None:
        """The whole month; leaves `record.json`."""
        begun, speed = time.time(), self._options.days * 86400 / self._seconds
        os.environ |= {
            "DATELINE_CLOCK": f"{BEGIN.isoformat()} {begun} {speed}",
            "DATELINE_CONTACT": "soak@example.org",
            "NO_COLOR": "1",
        }
        with _serving(self._folder, self._options) as port, Watch(self._crew.pids) as watch:
            _declare(self._folder / "sources", self._month, port)
            self._dateline("alerts", "add", "bans", *WATCHED, "--file", str(self._folder / ALERTS))
            try:
                self._live(begun)
            finally:
                self._crew.end()
            # What the schedulers had not come to: everything that is kept has been tagged and told of then.
            if not self._options.no_tag:
                self._record["tag"] = self._dateline("tag")
                self._record["alerts"] = self._dateline("alerts", "fire")
            self._record["verify"] = self._dateline("verify")
        given = {key: getattr(self._options, key) for key in ("sources", "days", "every", "minutes", "seed")}
        self._record |= {"given": given, "speed": speed, "deaths": self._crew.deaths}
        self._record |= {"samples": watch.as_rows()}
        (self._folder / "record.json").write_text(json.dumps(self._record))

    def _live(self, begun: float) -> None:
        deeds = list(_deeds(self._options.seed, self._options.kills, self._seconds))
        pause = self._seconds * self._options.every / self._options.days / 24 / LOOKS
        look, asked = pause, None
        while (now := time.time() - begun) < self._seconds:
            self._crew.keep_alive(now)
            while deeds and deeds[0].at <= now:
                deed = deeds.pop(0)
                self._record["deeds"].append({"at": round(deed.at), "what": self._crew.suffer(deed)})
            if asked is not None and asked.poll() is not None:
                self._note_status()
                asked = None
            if asked is None and now >= look and self._db.exists():
                asked, look = self._ask_status(), now + pause
            time.sleep(0.1)
        if asked is not None:
            asked.wait()
            self._note_status()

    def _ask_status(self) -> subprocess.Popen[bytes]:
        with (self._folder / "status.json").open("wb") as answer:
            command = [DATELINE, "status", "--json", "--db", str(self._db)]
            return subprocess.Popen(command, stdout=answer, stderr=subprocess.DEVNULL)

    def _note_status(self) -> None:
        said = (self._folder / "status.json").read_bytes()
        if not said:  # asked before there was a database to speak of
            return
        status = json.loads(said)
        sources = {
            source["source"]: {
                "verdict": "; ".join(source["verdicts"]),
                "message": f"{source['failure']}; {source['reason']}",
            }
            for source in status["sources"]
        }
        noted = {"at": status["at"], "verdicts": status["verdicts"], "sources": sources}
        self._record["statuses"].append(noted)

    def _dateline(self, *arguments: str) -> dict[str, Any]:
        command = [DATELINE, *arguments, "--db", str(self._db)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        return {"code": ran.returncode, "said": (ran.stdout + ran.stderr)[-4000:]}


class Crew:
    """The schedulers: one that is started again whenever it is gone, and now and then a second one."""

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        span = "52w" if options.no_tag else f"{options.every}h"
        self._command = [DATELINE, "schedule", "run", "--db", str(folder / "soak.db")]
        self._command += ["--sources", str(folder / "sources"), "--allow-loopback", "--log", "json"]
        self._command += ["--time-limit", "2m", "--tag-every", span]
        self._log = folder / "log.jsonl"
        self._of: dict[str, subprocess.Popen[bytes]] = {}
        self._begun: dict[str, float] = {}
        self.deaths: list[dict[str, Any]] = []

    def pids(self) -> list[int]:
        """The schedulers that are alive."""
        return [scheduler.pid for scheduler in list(self._of.values())]

    def keep_alive(self, now: float) -> None:
        """Start the first one where there is none; note who ended though nobody asked."""
        for name, scheduler in list(self._of.items()):
            if scheduler.poll() is not None:
                self.deaths.append({"at": round(now), "code": scheduler.returncode})
                del self._of[name]
        if "first" not in self._of:
            self._start("first")

    def suffer(self, deed: Deed) -> str:
        """Do it; returns what was done."""
        if deed.what == "second scheduler":
            if "second" in self._of:
                self._finish("second", signal.SIGTERM if deed.draw < 0.5 else signal.SIGKILL)
                return "end the second scheduler"
            self._start("second")
            return deed.what
        below = list(descendants(self._of["first"].pid, children()))
        if deed.what == "terminate":
            self._finish("first", signal.SIGTERM)
            return deed.what
        chosen = []
        if deed.what in ("kill scheduler", "kill all"):
            self._finish("first", signal.SIGKILL)
        if deed.what == "kill all":
            chosen = below
        elif deed.what == "kill child":
            chosen = below[int(deed.draw * len(below)) :][:1]
        for pid in chosen:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return f"{deed.what} ({len(chosen)} of {len(below)} below it)"

    def end(self) -> None:
        """Ask all to end."""
        for name in list(self._of):
            self._finish(name, signal.SIGTERM)

    def _start(self, name: str) -> None:
        self._begun[name] = time.monotonic()
        with self._log.open("ab") as log:
            self._of[name] = subprocess.Popen(self._command, stderr=log, start_new_session=True)

    def _finish(self, name: str, number: signal.Signals) -> None:
        scheduler = self._of.pop(name)
        asked = time.monotonic()
        scheduler.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            scheduler.wait(2 * POLITE)
        took = time.monotonic() - asked
        if scheduler.poll() is None:
            scheduler.kill()
            scheduler.wait()
        is_starting = asked - self._begun[name] < STARTING and scheduler.returncode == -signal.SIGTERM
        if number == signal.SIGTERM and not is_starting and (took > POLITE or scheduler.returncode != 0):
            self.deaths.append({"code": scheduler.returncode, "seconds after SIGTERM": round(took, 1)})


def _deeds(seed: int, number: int, seconds: float) -> Iterator[Deed]:
    """What is done and when, by the seed, in the first part of the run."""
    chance = random.Random(f"deeds {seed}")
    deeds = []
    for count in range(number):
        what = DEEDS[count % len(DEEDS)]
        deeds.append(Deed(chance.uniform(0.08, QUIET) * seconds, what, chance.random()))
    # A second scheduler that was begun ends before the quiet part.
    if sum(deed.what == "second scheduler" for deed in deeds) % 2:
        deeds.append(Deed(QUIET * seconds, "second scheduler", chance.random()))
    yield from sorted(deeds, key=lambda deed: deed.at)


@contextlib.contextmanager
def _serving(folder: Path, options: argparse.Namespace) -> Iterator[int]:
    """The process that serves all sites; their port."""
    month = [str(n) for n in (options.seed, options.sources, options.days, options.every, options.minutes)]
    command = [sys.executable, str(HERE / "soak_sites.py"), *month, str(folder / "access.log")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin and server.stdout
        yield int(server.stdout.readline())
        server.stdin.close()


def _declare(folder: Path, month: Month, port: int) -> None:
    folder.mkdir(exist_ok=True)
    for station in month.stations:
        declared = _declaration(station, address_of(station.number, port), month.every)
        (folder / f"{station.name}.yml").write_text(yaml.safe_dump(declared))


def _declaration(station: Station, base: str, every: timedelta) -> dict[str, Any]:
    listed: dict[str, Any] = {"feeds": [base + LISTING]}
    if station.kind == "sitemap":
        listed = {"sitemaps": [base + LISTING]}
    elif station.kind == "section":
        listed = {"sections": [{"url": base + LISTING, "links": "li a"}]}
    return {
        "title": station.name,
        "publisher": {"name": station.name, "country": "GBR", "url": base},
        "language": "en",
        "every": f"{every // timedelta(hours=1)}h",
        "article": {"url": r"/(news|go)/story-\d+\.html$"},
        "expect": {"articles": 1, "fill": {"title": 0.9, "published": 0.8, "text": 0.8}},
        **listed,
    }
