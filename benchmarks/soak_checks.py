"""Every promise of a soak: what the store holds, what was told of each fault, and how the schedulers went."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from soak_kept import RECOVERY, Promise, promises_of
from soak_month import TOLD, Fault, Month, make_month
from soak_watch import Sample, longest_run, peaks, trend

from db.clock import moment_of
from db.store import Store, open_store

LATE = 3.0
"""Cadences, and a day for one that failed, after which a source was not asked at its hours."""
STILL_TOLD = 1.5
"""Cadences after the end of a fault until which it may be told of: so long it takes to be seen to be over."""
FLAT = 0.05
"""The growth of a process that is none."""
FEW_HANDLES = 3.0
NOWHERE = "nowhere"


def check(folder: Path) -> tuple[list[Promise], list[dict[str, str]]]:
    """All promises of the run that a folder holds, and for each fault where it was told of."""
    record = json.loads((folder / "record.json").read_text())
    given = record["given"]
    every = timedelta(hours=given["every"])
    month = make_month(
        seed=given["seed"],
        sources=given["sources"],
        days=given["days"],
        every=every,
        minutes=given["minutes"],
    )
    told = list(_told(month, record, folder))
    with open_store(folder / "soak.db", "read") as store:
        promises = [
            *promises_of(store, month, folder, is_tagged="alerts" in record),
            *_faults(told),
            _hours(month, folder),
            _one_at_a_time(store),
            _ended(store, record),
            _schedulers(record),
            _verified(record),
        ]
    return [*promises, *_flat([Sample(**row) for row in record["samples"]])], told


def _told(month: Month, record: dict[str, Any], folder: Path) -> Iterator[dict[str, str]]:
    """Where each fault was told of while it lasted or until its end could be seen: the best place found."""
    met = _Met(folder)
    for station in month.stations:
        for fault in station.faults:
            until = fault.end + STILL_TOLD * month.every
            where = "not met" if not met[fault] else _place(fault, until, record["statuses"])
            yield {
                "source": fault.source,
                "fault": fault.kind,
                "from": f"{fault.begin:%d %H:%M}",
                "to": f"{fault.end:%d %H:%M}",
                "told in": where or NOWHERE,
            }


class _Met:
    """Which faults a crawl came across that came to its end while they lasted: one that is killed says nothing."""

    def __init__(self, folder: Path) -> None:
        self._lines = [line.split() for line in (folder / "access.log").read_text().splitlines()]
        self._runs: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
        with open_store(folder / "soak.db", "read") as store:
            for command, started, finished in store.db.execute(
                "SELECT command, started, finished FROM runs WHERE status = 'done'"
                " OR (status = 'failed' AND message NOT LIKE '%ended early%')"
            ).fetchall():
                self._runs[command].append((moment_of(started), moment_of(finished)))

    def __getitem__(self, fault: Fault) -> bool:
        # A crawl that outlives the fault gets what it wants when it tries again, and has nothing to tell.
        whole = [
            (started, finished)
            for started, finished in self._runs[f"schedule crawl {fault.source}"]
            if finished <= fault.end
        ]
        if fault.kind == "refuses connections":  # nobody is there to note it
            return any(fault.begin <= started for started, _ in whole)
        mark = [fault.source, fault.kind.replace(" ", "-")]
        met = [moment_of(line[0]) for line in self._lines if [line[1], line[3]] == mark]
        return any(started <= at <= finished for at in met for started, finished in whole)


def _place(fault: Fault, until: datetime, statuses: list[dict[str, Any]]) -> str | None:
    """The best place in which a status within the time told of it."""
    found = set()
    for status in statuses:
        said = status["sources"].get(fault.source)
        if said and fault.begin <= moment_of(status["at"]) <= until:
            found |= {place for place in ("verdict", "message") if re.search(TOLD[fault.kind], said[place])}
    return "verdict" if "verdict" in found else "message" if found else None


def _faults(told: list[dict[str, str]]) -> Iterator[Promise]:
    """A promise for each kind of fault: a crawl that met one and came to its end has it in the status."""
    for kind in TOLD:
        rows = [row for row in told if row["fault"] == kind]
        met = [row for row in rows if row["told in"] != "not met"]
        broken = [
            f"{row['source']} from {row['from']} to {row['to']}" for row in met if row["told in"] == NOWHERE
        ]
        places = Counter(row["told in"] for row in met)
        figures = ", ".join(f"{number} in {place}" for place, number in places.most_common())
        figures = f"{len(rows)} staged, {len(met)} met" + (f": {figures}" if figures else "")
        yield Promise(f"status tells of a source that {kind}", figures, broken, len(met))


def _hours(month: Month, folder: Path) -> Promise:
    """Pauses between two requests for a listing, of stations that accept connections."""
    asked: dict[str, list[datetime]] = {station.name: [month.begin] for station in month.stations}
    for line in (folder / "access.log").read_text().splitlines():
        at, name, path, _ = line.split()
        if path == "/listing":
            asked[name].append(moment_of(at))
    broken, pauses = [], []
    for station in month.stations:
        closed = [(f.begin, f.end) for f in station.faults if f.kind == "refuses connections"]
        for before, after in pairwise([*asked[station.name], month.end]):
            if not any(begin < after and before < end for begin, end in closed):
                pauses.append((after - before) / month.every)
                if after - before > LATE * month.every + RECOVERY:
                    broken.append(f"{station.name} was not asked from {before} to {after}")
    rounds = sum(map(len, asked.values())) - len(asked)
    figures = f"{rounds} requests for listings; the longest pause was {max(pauses):.1f} cadences"
    return Promise("every source is asked at its hours", figures, broken, rounds)


def _one_at_a_time(store: Store) -> Promise:
    runs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    ends: Counter[str] = Counter()
    for command, status, started, finished in store.db.execute(
        "SELECT command, status, started, finished FROM runs ORDER BY started, finished"
    ).fetchall():
        ends[status] += 1
        if finished:
            runs[command].append((started, finished))
    broken = [
        f"{command}: one from {a[0]} to {a[1]}, another from {b[0]}"
        for command, spans in runs.items()
        for a, b in pairwise(spans)
        if b[0] < a[1]
    ]
    figures = ", ".join(f"{number} {status}" for status, number in ends.most_common())
    crawls = sum(len(spans) for command, spans in runs.items() if "crawl" in command)
    return Promise("no job is done twice at once", f"runs: {figures}", broken, crawls)


def _ended(store: Store, record: dict[str, Any]) -> Promise:
    """What was killed is in the run log as lost, and nothing is left as under way."""
    left = store.db.execute("SELECT command, started FROM runs WHERE status = 'running'").fetchall()
    lost = Counter(
        command.split()[1] if command.startswith("schedule ") else command
        for (command,) in store.db.execute("SELECT command FROM runs WHERE status = 'lost'").fetchall()
    )
    kills = sum(deed["what"].startswith("kill") for deed in record["deeds"])
    figures = f"{kills} kills; lost: " + (", ".join(f"{n} {kind}" for kind, n in lost.items()) or "none")
    broken = [f"{command} since {started}" for command, started in left]
    return Promise("no run is left as under way in the log", figures, broken, lost.total())


def _schedulers(record: dict[str, Any]) -> Promise:
    deeds = Counter(re.sub(r" \(.*", "", deed["what"]) for deed in record["deeds"])
    figures = ", ".join(f"{number} x {what}" for what, number in sorted(deeds.items()))
    return Promise(
        "no scheduler ends by itself, and SIGTERM ends it cleanly",
        figures or "left alone",
        [f"one ended: {death}" for death in record["deaths"]],
        deeds["terminate"],
    )


def _verified(record: dict[str, Any]) -> Promise:
    said = record["verify"]["said"].strip().splitlines()
    broken = said[-5:] if record["verify"]["code"] else []
    return Promise("dateline verify finds nothing", said[-1] if said else "", broken, 1)


def _flat(samples: list[Sample]) -> Iterable[Promise]:
    run = longest_run(samples)
    yield _is_flat("memory of the scheduler", "MB", [(s.at, s.kilobytes / 1024) for s in run], FLAT)
    yield _is_flat("open handles of the scheduler", "", [(s.at, float(s.handles)) for s in run], None)
    for kind in ("dateline.scheduling.ward", "crawler.fetching.process"):
        points = [(at, kilobytes / 1024) for at, kilobytes in peaks(samples, kind)]
        yield _is_flat(f"most memory of each {kind}", "MB", points, 2 * FLAT)


def _is_flat(what: str, unit: str, points: list[tuple[float, float]], share: float | None) -> Promise:
    found = trend(points)
    if found is None:
        return Promise(f"{what}: flat", "seen too seldom to say", [], 0)
    grown = found.last - found.first
    figures = (
        f"median {found.first:.1f} {unit} at first, {found.last:.1f} {unit} at last,"
        f" {found.slope:+.2f} {unit} an hour; most {max(p[1] for p in points):.1f} ({found.count} looks)"
    )
    allowed = FEW_HANDLES if share is None else share * found.first
    broken = [f"it grew by {grown:.1f} {unit}"] if grown > allowed else []
    return Promise(f"{what}: flat", figures, broken, found.count)
