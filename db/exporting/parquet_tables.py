"""Tables as Parquet: typed columns, zstd; a large table in one file a month."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.exporting.files import ExportedFile, described, whole_file
from db.exporting.formats import Target
from db.exporting.plain_tables import table_batches
from db.exporting.tables import Field, fields_of, has_months
from db.exporting.wordless import without_words

if TYPE_CHECKING:
    import pyarrow

LARGE = 2_000_000
"""A table with more rows than this comes in one file a month, unless told otherwise."""
ROW_GROUP = 50_000
GROUP_BYTES = 16 << 20


def write_parquet(target: Target, table: str, *, folder: str = "") -> Iterator[ExportedFile]:
    """`TABLE.parquet`, or `TABLE/month=2025-10/part-0.parquet` for every month of a large table."""
    fields = fields_of(table, "flat", texts=target.texts)
    if not is_by_month(target, table):
        name = f"{folder}{table}.parquet"
        yield write_parquet_file(target.folder, name, table, fields, table_batches(target, table, fields))
        return
    months = _rows_by_month(target, table, fields)
    for month, batches in groupby(months, key=itemgetter(0)):
        name = f"{folder}{table}/month={month}/part-0.parquet"
        yield write_parquet_file(target.folder, name, table, fields, (rows for _, rows in batches))


def arrow_schema(fields: list[Field]) -> pyarrow.Schema:
    """The Arrow schema of these columns; JSON is text."""
    import pyarrow as pa

    types = {"string": pa.string(), "json": pa.string(), "integer": pa.int64(), "number": pa.float64()}
    return pa.schema([pa.field(field.name, types[field.column.type]) for field in fields])


def is_by_month(target: Target, table: str) -> bool:
    """Whether a table comes in one file a month."""
    if target.partition == "none" or not has_months(table):
        return False
    return target.partition == "month" or target.selection.count(table) > LARGE


def _rows_by_month(
    target: Target, table: str, fields: list[Field]
) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    for rows in target.selection.batches(table, fields, month=True):
        target.advance(len(rows))
        for month, group in groupby(rows, key=itemgetter(-1)):
            # The month is the folder's name, as Hive and DuckDB read it, and no column of the file.
            kept = [row[:-1] for row in group]
            yield month, kept if target.texts else without_words(kept, fields)


def write_parquet_file(
    folder: Path, name: str, table: str, fields: list[Field], batches: Iterator[list[tuple[Any, ...]]]
) -> ExportedFile:
    """One Parquet file of these rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = arrow_schema(fields)
    count = 0
    with (
        whole_file(folder, name) as path,
        pq.ParquetWriter(path, schema, compression="zstd") as writer,
    ):
        for group in _row_groups(batches, schema):
            writer.write_table(pa.Table.from_batches(group, schema), row_group_size=ROW_GROUP)
            count += sum(batch.num_rows for batch in group)
    return described(folder, name, count, table=table)


def _row_groups(
    batches: Iterator[list[tuple[Any, ...]]], schema: pyarrow.Schema
) -> Iterator[list[pyarrow.RecordBatch]]:
    """Batches gathered into row groups: few enough for readers, small enough for memory."""
    import pyarrow as pa

    group: list[pyarrow.RecordBatch] = []
    for rows in batches:
        columns = [
            pa.array(values, type=kind)
            for values, kind in zip(zip(*rows, strict=True), schema.types, strict=True)
        ]
        group.append(pa.RecordBatch.from_arrays(columns, schema=schema))
        if sum(b.num_rows for b in group) >= ROW_GROUP or sum(b.nbytes for b in group) >= GROUP_BYTES:
            yield group
            group = []
    if group:
        yield group
