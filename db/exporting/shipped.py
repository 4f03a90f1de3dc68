"""The formats that the store writes by itself. Each comes with a table of its articles, whatever else it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from db.exporting.annotation_tools import write_doccano, write_label_studio, write_prodigy
from db.exporting.brat import write_brat
from db.exporting.event_files import write_gdelt, write_geojson, write_polecat
from db.exporting.files import ExportedFile
from db.exporting.formats import Format, Part, Target
from db.exporting.parquet_tables import write_parquet
from db.exporting.plain_tables import write_csv, write_jsonl
from db.exporting.statistics_tables import write_spss, write_stata
from db.exporting.tables import load_tables
from db.exporting.token_files import write_conll, write_iob
from db.exporting.web_annotation import write_web_annotations

Writer = Callable[[Target, str], Iterator[ExportedFile]]


def _tables(write: Writer) -> tuple[Part, ...]:
    return tuple(Part(name=table, write=partial(_write_table, write, table)) for table in load_tables())


def _write_data(target: Target, table: str) -> Iterator[ExportedFile]:
    return write_parquet(target, table, folder="data/")


def documents_with_articles(name: str, write: Callable[[Target], Iterator[ExportedFile]]) -> tuple[Part, ...]:
    """What a format of documents or events is made of: its own files, and which articles they are from."""
    return (
        Part(name=name, write=write),
        *(Part(name=t, write=partial(_write_table, _listed, t)) for t in LISTED),
    )


LISTED = ("articles", "sources", "changes")


def _write_table(write: Writer, table: str, target: Target) -> Iterator[ExportedFile]:
    # There is a table of changes only where changes were asked for.
    return iter(()) if table == "changes" and not target.selection.changes else write(target, table)


def _listed(target: Target, table: str) -> Iterator[ExportedFile]:
    """The articles without their texts: addresses, dates, hashes."""
    yield from write_csv(replace(target, texts=False), table)


def _format(
    name: str, summary: str, write: Callable[[Target], Iterator[ExportedFile]], **settings: Any
) -> Format:
    return Format(name=name, summary=summary, parts=documents_with_articles(name, write), **settings)


SHIPPED: tuple[Format, ...] = (
    Format(name="jsonl", summary="JSON lines, one file a table", parts=_tables(write_jsonl)),
    Format(name="csv", summary="CSV, one file a table", parts=_tables(write_csv)),
    Format(
        name="parquet",
        summary="Parquet, one file a table, large ones one a month",
        parts=_tables(write_parquet),
        months=True,
    ),
    Format(
        name="huggingface",
        summary="Parquet in the layout of Hugging Face datasets, with a dataset card",
        parts=_tables(_write_data),
        months=True,
    ),
    Format(name="stata", summary="Stata, one file a table", parts=_tables(write_stata), extra="statistics"),
    Format(name="spss", summary="SPSS, one file a table", parts=_tables(write_spss), extra="statistics"),
    _format("conll", "tokens with names, CoNLL-2003 columns", write_conll, needs_texts=True),
    _format("iob", "tokens with names, two columns", write_iob, needs_texts=True),
    _format("brat", "BRAT standoff, one text and one .ann an article", write_brat, needs_texts=True),
    _format("web-annotation", "W3C Web Annotations, JSON-LD", write_web_annotations),
    _format("label-studio", "Label Studio tasks with predictions", write_label_studio, needs_texts=True),
    _format("doccano", "Doccano JSON lines", write_doccano, needs_texts=True),
    _format("prodigy", "Prodigy JSON lines", write_prodigy, needs_texts=True),
    _format("geojson", "events as points on a map", write_geojson, rows="events"),
    _format("gdelt", "events in the 61 columns of GDELT 2.0", write_gdelt, rows="events"),
    _format("polecat", "events in the columns of POLECAT", write_polecat, rows="events"),
)
