"""Every table and column of the database is described, and nothing else is."""

from __future__ import annotations

from db.dictionary import described_tables, unknown_words


def test_every_table_and_column_is_described() -> None:
    tables = described_tables()
    assert [table.name for table in tables if not table.description] == []
    missing = [f"{t.name}.{c.name}" for t in tables for c in t.columns if not c.description]
    assert missing == []


def test_nothing_is_described_that_is_not_there() -> None:
    assert unknown_words() == []


def test_keys_and_references_are_those_of_the_schema() -> None:
    [table] = [table for table in described_tables() if table.name == "event_actors"]
    columns = {column.name: column for column in table.columns}
    assert columns["event_id"].refers_to == "events.id" and columns["event_id"].key
    assert not columns["entity_id"].required
