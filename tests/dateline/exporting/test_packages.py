"""Every data set is a Frictionless package with Croissant metadata; what was changed afterwards is found."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import frictionless
import mlcroissant
import pytest
import yaml

from db.exporting.formats import known_formats
from db.exporting.tables import fields_of, load_tables
from tests.dateline.exporting.exports import Exports
from tests.dateline.program import dateline

pytestmark = [
    # Of the tools, not of the data.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]
TABLES = ("csv", "jsonl", "parquet", "huggingface")


def package_of(folder: Path) -> dict[str, Any]:
    package: dict[str, Any] = json.loads((folder / "datapackage.json").read_text())
    return package


@pytest.mark.parametrize("name", sorted(known_formats()))
def test_frictionless_finds_every_file_schema_and_key_right(exports: Exports, name: str) -> None:
    folder = exports.of(name)
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["title", "message"])[:5]
    described = {resource["path"] for resource in package_of(folder)["resources"]}
    present = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert present == described | {"datapackage.json"}


@pytest.mark.parametrize("name", sorted(known_formats()))
def test_frictionless_finds_one_changed_byte_of_any_file(exports: Exports, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(exports.of(name), folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "datapackage.json")
    for path in files:
        content = bytearray(path.read_bytes() or b" ")
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    report = frictionless.validate(str(folder / "datapackage.json"))
    # What is no JSON any more is not read to the end, so that its hash is not known.
    said = {"hash-count", "source-error"}
    found = {task.place for task in report.tasks if said & {error.type for error in task.errors}}
    assert found == {str(path.relative_to(folder)) for path in files}


@pytest.mark.parametrize("paper", ["README.md", "CODEBOOK.md", "CITATION.cff", "croissant.json"])
def test_a_paper_that_was_changed_is_found(exports: Exports, tmp_path: Path, paper: str) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(exports.of("csv"), folder)
    (folder / paper).write_bytes((folder / paper).read_bytes() + b" ")
    ran = dateline("export", "--diff", exports.of("csv"), folder)
    assert ran.returncode == 1
    assert f"{paper} is not as it was written" in ran.stderr


def test_the_data_fit_their_closed_lists_and_keys_or_frictionless_says_so(
    exports: Exports, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(exports.of("csv"), folder)
    events = folder / "events.csv"
    events.write_text(events.read_text().replace(",SANCTION,", ",SANKTION,"))
    package = package_of(folder)
    for resource in package["resources"]:
        del resource["hash"], resource["bytes"]
    (folder / "datapackage.json").write_text(json.dumps(package))
    found = [title for (title,) in frictionless.validate(str(folder / "datapackage.json")).flatten(["title"])]
    assert "Constraint Error" in found
    events.unlink()
    events.write_text((exports.of("csv") / "events.csv").read_text().splitlines()[0] + "\n")
    found = [title for (title,) in frictionless.validate(str(folder / "datapackage.json")).flatten(["title"])]
    assert "ForeignKey Error" in found


@pytest.mark.parametrize("name", TABLES)
def test_croissant_loads_every_record_of_the_store(exports: Exports, name: str) -> None:
    dataset = mlcroissant.Dataset(str(exports.of(name) / "croissant.json"))
    assert not dataset.metadata.issues.errors
    ids = [record["events/id"] for record in dataset.records("events")]
    assert [i.decode() if isinstance(i, bytes) else i for i in ids] == [
        row[0] for row in exports.rows("SELECT id FROM events ORDER BY id")
    ]
    for table in ("event_mentions", "observations", "articles"):
        assert sum(1 for _ in dataset.records(table)) == exports.counts()[table]


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_croissant_loads_no_file_that_was_changed(exports: Exports, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(exports.of(name), folder)
    path = folder / f"events.{name}"
    path.write_bytes(path.read_bytes().replace(b"SANCTION", b"SANKTION", 1) + b"\n")
    dataset = mlcroissant.Dataset(str(folder / "croissant.json"))
    with pytest.raises(mlcroissant.GenerationError) as caught:
        next(iter(dataset.records("events")))
    assert "not identical with the reference" in str(caught.value.__cause__)


def test_the_papers_say_what_the_data_are(exports: Exports) -> None:
    folder = exports.of("csv")
    package = package_of(folder)
    assert package["query"] == {}
    assert package["created_by"].startswith("dateline ")
    assert all("/" in tagger for tagger in package["taggers"])
    assert len(package["content_hash"]) == 64
    citation = yaml.safe_load((folder / "CITATION.cff").read_text())
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] == "dataset"
    assert citation["version"] == package["version"]
    for key in ("message", "title", "authors", "license", "date-released"):
        assert citation[key], key
    readme = (folder / "README.md").read_text()
    for fact in (
        package["content_hash"],
        package["version"],
        *package["taggers"],
        "property of their publishers",
    ):
        assert fact in readme


def test_the_codebook_describes_every_column_and_code(exports: Exports) -> None:
    page = (exports.of("csv") / "CODEBOOK.md").read_text()
    for table in exports.counts():
        section = page.partition(f"\n## {table}\n")[2].partition("\n## ")[0]
        for field in fields_of(table, "flat"):
            assert f"| {field.name} | {field.column.type} |" in section, (table, field.name)
    for (code,) in exports.rows("SELECT DISTINCT event_type FROM events UNION SELECT instrument FROM events"):
        assert code is None or f"- `{code}`: " in page


def test_every_column_of_the_store_is_in_the_data_set_or_left_out_for_a_reason(exports: Exports) -> None:
    internal = {
        ("articles", "fingerprint"),
        ("sources", "declaration"),
        ("event_actors", "day"),
        ("measures", "begun"),
    }
    internal |= {("event_mentions", f"merge_{what}") for what in ("day", "from", "until")}
    for table, described in load_tables().items():
        stored = {row[1] for row in exports.rows(f"PRAGMA table_info({table})")}
        missing = {(table, column) for column in stored - set(described.columns)}
        assert missing <= internal
