"""Leaves Dateline alone for a simulated month with sources that misbehave, kills it, and says what it kept.

    python benchmarks/soak.py [--sources N] [--days N] [--every HOURS] [--minutes M] [--seed N] [--kills N]
                              [--no-tag] [--small] [--keep FOLDER] [--again FOLDER]

`dateline schedule run` is the real one, on loopback, on a clock that runs so fast that the days pass in the
minutes. What the sources publish, correct, remove and do wrong follows from the seed, and so does what is done
to the schedulers; when exactly that strikes them does not. A soak that broke a promise, or in which one never fell
due so that it was not tested, ends with exit status 1; `--small` lets the latter pass, for a soak of a few sources.
`--keep` leaves the folder of the run, and `--again` checks a folder that was left once more.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from soak_checks import check
from soak_rehearsal import Rehearsal

from db.options import print_rows

SHOWN = 12
"""So many of the ways in which a promise was broken are shown."""


def main() -> None:
    options = arguments()
    if options.again:
        sys.exit(report(options.again, options.small))
    with tempfile.TemporaryDirectory() as folder:
        place = options.keep or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        Rehearsal(place, options).run()
        sys.exit(report(place, options.small))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sources", type=int, default=50)
    parser.add_argument("--days", type=float, default=30, help="simulated")
    parser.add_argument("--every", type=int, default=96, metavar="HOURS", help="the cadence of the sources")
    parser.add_argument("--minutes", type=float, default=12, help="real ones that the days take")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=18, help="so often something is done to the schedulers")
    parser.add_argument("--no-tag", action="store_true", help="articles are tagged once and then no more")
    parser.add_argument("--small", action="store_true", help="a promise that is not tested is no failure")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave everything there")
    parser.add_argument("--again", type=Path, metavar="FOLDER", help="only check what was left there")
    return parser.parse_args()


def report(folder: Path, is_small: bool) -> int:
    """Print what was promised, what came of it, and where each fault was told of; the exit status."""
    promises, told = check(folder)
    print_rows(told, ("source", "fault", "from", "to", "told in"), "table", title="Faults")
    rows = [{"promise": p.what, "verdict": p.verdict, "figures": p.figures} for p in promises]
    print_rows(rows, ("promise", "verdict", "figures"), "table", title="Promises")
    for promise in promises:
        for line in promise.broken[:SHOWN]:
            print(f"broken: {promise.what}: {line}")
        if len(promise.broken) > SHOWN:
            print(f"broken: {promise.what}: and {len(promise.broken) - SHOWN} more")
    untested = [promise for promise in promises if promise.verdict == "not tested"]
    for promise in untested:
        print(f"NOT TESTED, it never fell due: {promise.what} ({promise.figures})")
    broken = sum(bool(promise.broken) for promise in promises)
    print(f"{broken} promises were broken." if broken else "No promise was broken.")
    return int(bool(broken) or (bool(untested) and not is_small))


if __name__ == "__main__":
    main()
