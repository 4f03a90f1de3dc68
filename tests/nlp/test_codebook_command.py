"""`dateline codebook` and a codebook file of one's own, from end to end, without a line of Python."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dateline.cli import cli
from db.codebook import VARIABLE, load_codebook

MINE = """
types:
  BEFRIEND:
    definition: Two cities become twins.
    quad: 1
    two_sided: true
    examples: {positive: ["Lima and Quito twinned their harbours."], negative: ["The twins went to Lima."]}
instruments:
  salt_ban:
    definition: Exports of salt are forbidden.
    flow: export
    cues: {en: [salt ban, ban on salt]}
    examples: {positive: ["Peru imposed a ban on salt exports."], negative: ["Peru taxed exports of zinc."]}
frames:
  - {id: twin, type: BEFRIEND, verbs: [twin], object: [any], two_sided: true, vi: [kết nghĩa]}
"""


@pytest.fixture(autouse=True)
def no_codebook_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.yml"
    path.write_text(MINE, encoding="utf-8")
    return path


def ran(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(cli, list(arguments), input=given, catch_exceptions=True)


def test_every_entry_can_be_printed() -> None:
    codebook = load_codebook()
    for table in ("types", "modes", "instruments", "stages", "roles"):
        for name in getattr(codebook, table):
            printed = ran("codebook", name)
            assert printed.exit_code == 0 and printed.output.startswith(name)


def test_a_type_is_printed_with_definition_codes_examples_and_words() -> None:
    printed = ran("codebook", "sanction").output
    for part in (
        "restricts trade",
        "quad class 4",
        "CAMEO 16",
        "Goldstein -4.0",
        "is: “Tunisia imposed",
        "frame impose",
    ):
        assert part in printed


def test_an_unknown_name_names_what_there_is() -> None:
    told = ran("codebook", "SANCTIONS")
    assert told.exit_code != 0 and "SANCTION," in str(told.exception)


def test_a_researcher_adds_a_type_an_instrument_and_a_trigger(mine: Path) -> None:
    checked = ran("codebook", "check", str(mine))
    assert checked.exit_code == 0, checked.output
    assert "1 types, 1 instruments, 1 frames; 4 of 4 example sentences hold" in checked.output
    texts = [
        "Lima and Quito twinned their harbours.",
        "Peru imposed a ban on salt exports.",
        "Peru kết nghĩa với Chile.",
    ]
    lines = "\n".join(json.dumps({"id": str(n), "text": text}) for n, text in enumerate(texts))
    tagged = ran("tag", "--codebook", str(mine), "-", given=lines)
    records = [json.loads(line) for line in tagged.stdout.splitlines()]
    kinds = [[(event["event_type"], event["instrument"]) for event in record["events"]] for record in records]
    assert kinds == [[("BEFRIEND", None)], [("SANCTION", "salt_ban")], [("BEFRIEND", None)]]
    assert "mine.yml" in records[0]["tagger"]["model"]


def test_an_example_that_does_not_hold_is_named(mine: Path) -> None:
    mine.write_text(MINE.replace("twinned their", "painted their"), encoding="utf-8")
    checked = ran("codebook", "check", str(mine))
    assert checked.exit_code == 1
    assert "BEFRIEND: lacks: Lima and Quito painted their harbours." in checked.output


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ("object: [nonsense]", "object: [any]", "class 'nonsense' is not declared"),
        ("verb: [twin]", "verbs: [twin]", "frames[twin].verb"),
        ("quad: 9", "quad: 1", "types.BEFRIEND.quad"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_in_one_line(mine: Path, wrong: str, right: str, told: str) -> None:
    mine.write_text(MINE.replace(right, wrong, 1), encoding="utf-8")
    for arguments in (("codebook", "check", str(mine)), ("tag", "--codebook", str(mine), "-")):
        failed = ran(*arguments, given="")
        assert failed.exit_code != 0
        assert told in str(failed.exception) and "mine.yml" in str(failed.exception)
