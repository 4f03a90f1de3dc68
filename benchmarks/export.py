"""What an export costs against bare loops over the same queries, and how much memory it takes.

    python benchmarks/export.py [--articles 100000] [--rounds 1] [--store FILE]

Parquet against a loop that reads the same queries and hands their rows to pyarrow; JSON lines against a loop that
hands them to orjson. Both loops write files and do nothing else: no hashes, no papers, no fsync. Every run is a
process of its own; printed are seconds on the clock, seconds of the processor in it and in a second process (an
export of some of a large store has one that sums up the content hash meanwhile, one of everything sums up what it
reads), and the most memory that one process held.
`--store` keeps the made corpus for another run.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from corpus import build_corpus

from db.exporting.dataset import Options, export_dataset
from db.exporting.parquet_tables import arrow_schema
from db.exporting.selection import choosing
from db.exporting.tables import fields_of, load_tables
from db.query import EventQuery
from db.store import open_store

TABLES = [table for table in load_tables() if table != "changes"]
Run = Callable[[Path, Path], None]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--store", type=Path, help="use this store, or make it here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = options.store or Path(folder) / "bench.db"
        if not store.exists():
            started = time.monotonic()
            build_corpus(store, options.articles)
            print(f"made {store.stat().st_size / 1e9:.2f} GB in {time.monotonic() - started:.0f} s")
        compare("Parquet", bare_parquet, export_parquet, store, Path(folder), options.rounds)
        compare("JSON lines", bare_json_lines, export_json_lines, store, Path(folder), options.rounds)


def compare(name: str, bare: Run, ours: Run, store: Path, folder: Path, rounds: int) -> None:
    """Run both in turn and print medians and ratios."""
    measured: dict[str, list[tuple[float, ...]]] = {"bare": [], "ours": []}
    for number in range(rounds):
        for label, run in (("bare", bare), ("ours", ours)):
            measured[label].append(in_a_process(run, store, folder / f"{name}-{label}-{number}"))
    middle = {
        label: tuple(statistics.median(values) for values in zip(*runs, strict=True))
        for label, runs in measured.items()
    }
    for label, (clock, own, second, memory) in middle.items():
        print(
            f"{name:12}{label:6}{clock:8.1f} s on the clock {own:8.1f} + {second:.1f} s of the processor"
            f" {memory:6.0f} MB"
        )
    (bare_clock, bare_cpu, _, _), (clock, own, second, _) = middle["bare"], middle["ours"]
    print(
        f"{name:12}ours / bare: {clock / bare_clock:.2f} on the clock, {own / bare_cpu:.2f} of the processor,"
        f" {(own + second) / bare_cpu:.2f} with the second process"
    )


def in_a_process(run: Run, store: Path, folder: Path) -> tuple[float, ...]:
    """Seconds on the clock, of the processor, of it in a second process, and megabytes at most, of a fresh process."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=measured_run, args=(run, store, folder, sender))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{run.__name__} failed")
    result: tuple[float, ...] = receiver.recv()
    return result


def measured_run(run: Run, store: Path, folder: Path, sender: Any) -> None:
    folder.mkdir(parents=True)
    started, cpu = time.monotonic(), time.process_time()
    run(store, folder)
    clock, own = time.monotonic() - started, time.process_time() - cpu
    helper = resource.getrusage(resource.RUSAGE_CHILDREN)
    memory = max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, helper.ru_maxrss) / 1024
    sender.send((clock, own, helper.ru_utime + helper.ru_stime, memory))


def export_parquet(store: Path, folder: Path) -> None:
    export(store, folder, "parquet")


def export_json_lines(store: Path, folder: Path) -> None:
    export(store, folder, "jsonl")


def export(store: Path, folder: Path, name: str) -> None:
    with open_store(store, "read") as opened:
        export_dataset(opened, folder, name, EventQuery(), Options(partition="none"))


def bare_parquet(store: Path, folder: Path) -> None:
    with open_store(store, "read") as opened, choosing(opened.db, EventQuery()) as selection:
        selection = replace(selection, sums=None)  # the content is not summed up on the way
        for table in TABLES:
            fields = fields_of(table, "flat")
            schema = arrow_schema(fields)
            with pq.ParquetWriter(folder / f"{table}.parquet", schema, compression="zstd") as writer:
                for rows in selection.batches(table, fields):
                    columns = [
                        pa.array(c, type=t)
                        for c, t in zip(zip(*rows, strict=True), schema.types, strict=True)
                    ]
                    writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))


def bare_json_lines(store: Path, folder: Path) -> None:
    with open_store(store, "read") as opened, choosing(opened.db, EventQuery()) as selection:
        selection = replace(selection, sums=None)
        for table in TABLES:
            fields = fields_of(table, "nested")
            names = [field.name for field in fields]
            with (folder / f"{table}.jsonl").open("wb") as file:
                for rows in selection.batches(table, fields):
                    for row in rows:
                        record = dict(zip(names, row, strict=True))
                        file.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))


if __name__ == "__main__":
    main()
