"""The papers that people read: README.md (on Hugging Face the dataset card), CODEBOOK.md, CITATION.cff."""

from __future__ import annotations

from typing import Any

import yaml

from db.codebook import load_codebook
from db.exporting.croissant import licence_address
from db.exporting.files import ExportedFile
from db.exporting.package import shape_of
from db.exporting.papers import DESCRIPTION, TEXT_NOTE, TITLE, WITHOUT_TEXTS, Facts, total_rows
from db.exporting.tables import Shape, allowed_values, fields_of, load_tables

_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def citation_line(facts: Facts) -> str:
    """How to cite the data set in one line; the hash says exactly which one."""
    year = facts.as_of[:4] or "n.d."
    return f"{TITLE}. Data set, version {facts.version}, made with {facts.program} ({year})."


def readme(facts: Facts, files: list[ExportedFile]) -> bytes:
    """What the data set is, where from, and how to use it; with the card's front matter for Hugging Face."""
    sections = [
        f"# {TITLE}",
        DESCRIPTION,
        _facts_table(facts),
        "## Files\n\n" + "\n".join(f"- `{f.name}`: {f.rows:,} rows" for f in files[:40]) + _more(files),
        "`CODEBOOK.md` says what every table and column means; `datapackage.json` holds schemas, keys and SHA-256 "
        "hashes (`frictionless validate datapackage.json` checks them); `croissant.json` says the same to machine "
        "learning tools.",
        f"## Rights\n\nAnnotations: {facts.licence}. {TEXT_NOTE if facts.texts else WITHOUT_TEXTS}",
        f"## Citing\n\n{citation_line(facts)}",
        "## Limits\n\nEvents are found by rules and a small model; they miss what is only implied, and some are "
        "wrong. Counts of events follow what the chosen publishers report, not what happens. `rule` and `tagger` "
        "say what made each tag.",
    ]
    front = _front_matter(facts, files) if facts.format.name == "huggingface" else ""
    return (front + "\n\n".join(sections) + "\n").encode()


def citation(facts: Facts) -> bytes:
    """CITATION.cff, version 1.2.0."""
    content = {
        "cff-version": "1.2.0",
        "message": "If you use this data set, please cite it as below, and check the rights in its articles.",
        "type": "dataset",
        "title": TITLE,
        "abstract": DESCRIPTION,
        "authors": [{"name": facts.program}],
        "version": facts.version,
        "date-released": facts.as_of[:10] or "1970-01-01",
        "license": facts.licence,
        "identifiers": [
            {
                "type": "other",
                "value": f"sha256:{facts.content_hash}",
                "description": "Content hash of the store",
            }
        ],
    }
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100).encode()


def codebook_page(facts: Facts, files: list[ExportedFile]) -> bytes:
    """CODEBOOK.md: every table and column of this data set, and every code with its definition."""
    parts = [
        "# Codebook",
        "Offsets (`start`, `end`) count Unicode characters of the document text: the title, a blank line, and the "
        "text; just the text where there is no title. Times are UTC; dates are as coarse as the article.",
        "In CSV, a cell that a spreadsheet would run as a formula (it begins with =, +, -, @, tab or line break) has "
        "one apostrophe put before it.",
    ]
    seen = set()
    for file in files:
        if file.table in load_tables() and file.table not in seen:
            seen.add(file.table)
            parts.append(_table(file.table, shape_of(file.name), facts.texts))
    parts += [
        _definitions("Event types", {k: v.definition for k, v in load_codebook().types.items()}),
        _definitions("Modes", {k: v.definition for k, v in load_codebook().modes.items()}),
        _definitions("Instruments", {k: v.definition for k, v in load_codebook().instruments.items()}),
        _definitions("Stages", {k: v.definition for k, v in load_codebook().stages.items()}),
        _definitions("Roles", {k: v.definition for k, v in load_codebook().roles.items()}),
    ]
    return ("\n\n".join(parts) + "\n").encode()


def _facts_table(facts: Facts) -> str:
    rows = {
        "Query": ", ".join(f"{k} = {v}" for k, v in facts.filters.items()) or "everything",
        "Changes since": facts.since,
        "Made with": facts.program,
        "Taggers": ", ".join(facts.taggers) or "none",
        "Languages": ", ".join(facts.languages),
        "Events from": f"{facts.first_day} to {facts.last_day}" if facts.first_day else "none",
        "Youngest article fetched": facts.as_of,
        "Content hash of the store": f"`{facts.content_hash}`",
        "Version": facts.version,
        "Format": f"{facts.format.name}: {facts.format.summary}",
    }
    lines = [f"| {name} | {value} |" for name, value in rows.items() if value]
    return "\n".join(["| | |", "| --- | --- |", *lines])


def _more(files: list[ExportedFile]) -> str:
    return f"\n- and {len(files) - 40:,} more" if len(files) > 40 else ""


def _table(name: str, shape: Shape, texts: bool) -> str:
    table = load_tables()[name]
    lines = [f"## {name}", "", f"{table.description} Key: {', '.join(table.key)}.", ""]
    lines += ["| column | type | meaning |", "| --- | --- | --- |"]
    for field in fields_of(name, shape, texts=texts):
        words = field.column.description.replace("|", "\\|")
        if field.name in table.references:
            words += f" Refers to {table.references[field.name]}."
        values = allowed_values(field.column)
        if values and len(values) <= 12:
            words += f" One of: {', '.join(values)}.".replace("|", "\\|")
        lines.append(f"| {field.name} | {field.column.type} | {words} |")
    return "\n".join(lines)


def _definitions(title: str, entries: dict[str, str]) -> str:
    return f"## {title}\n\n" + "\n".join(f"- `{name}`: {words}" for name, words in entries.items())


def _front_matter(facts: Facts, files: list[ExportedFile]) -> str:
    tables = dict.fromkeys(file.table for file in files if file.table)
    configs: list[dict[str, Any]] = [
        {
            "config_name": table,
            "data_files": [{"split": "train", "path": [f.name for f in files if f.table == table]}],
        }
        for table in tables
        if total_rows(files, table or "")
    ]
    if any(config["config_name"] == "events" for config in configs):
        configs[0]["default"] = True
    rows = total_rows(files, "events") or 0
    size = next((name for most, name in _SIZES if rows < most), "n>1M")
    card = {
        "pretty_name": TITLE,
        "license": facts.licence.lower(),
        "license_link": licence_address(facts.licence),
        "language": list(facts.languages),
        "size_categories": [size],
        "task_categories": ["token-classification", "text-classification"],
        "tags": ["news", "events", "trade policy", "PLOVER"],
        "configs": configs,
    }
    return "---\n" + yaml.safe_dump(card, sort_keys=False, allow_unicode=True) + "---\n\n"
