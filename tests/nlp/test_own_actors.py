"""A user's own file of actors: it is checked, it extends the registry, and what it changes is tagged anew."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from db.errors import DataFileError
from nlp.facts.own_actors import read_own_actors
from nlp.facts.registry_check import check_own

GOOD = """
people:
  - name: Tamsin Orlebar
    country: NZL
    aliases_vi: [Tam Sin Oa]
    tenures:
      - {role: Vice Minister, start: 2026-01-15}
  - name: Katsunobu Kato      # known: the alias is added to him
    country: JPN
    aliases_en: [Kato the Elder]
organisations:
  - {name: Bureau of Lunar Trade, kind: ministry, country: NZL, acronyms: [BLUT], names_vi: [Cục Mậu dịch Mặt trăng]}
"""


def dateline(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "dateline", *arguments],
        input=stdin, capture_output=True, text=True, check=False, env={**os.environ, **environment},
    )  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "my-actors.yml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_a_sound_file_is_called_sound(file: Path) -> None:
    done = dateline("actors", "check", str(file))
    assert (done.returncode, done.stdout) == (0, "2 people and 1 organisations: sound.\n")


def test_the_shipped_registry_is_sound() -> None:
    done = dateline("actors", "check")
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith("offices: sound.\n")


@pytest.mark.parametrize(
    ("old", "new", "fact"),
    [
        (
            "role: Vice Minister", "role: Vice Ministre",
            "people[0].tenures[0]: unknown role 'Vice Ministre'. Known are: Vice Minister",
        ),
        (
            "role: Vice Minister", "role: Prime Minister",
            "overlap of tamsin-orlebar and christopher-luxon as Prime Minister of NZL",
        ),
        ("start: 2026-01-15", "start: 2026-01-15, end: 2025", "ends (2025) before the start (2026-01-15)"),
        ("name: Katsunobu Kato ", "name: Tamsin Orlebar ", "two entries have the id 'tamsin-orlebar'"),
        ("country: JPN", "country: KOR", "people[1]: Katsunobu Kato of KOR has the id of Katsunobu Kato of JPN"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(file: Path, old: str, new: str, fact: str) -> None:
    assert old in GOOD
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    read_own_actors.cache_clear()
    assert fact in "\n".join(check_own(file))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("country: NZL\n", "country: New Zealand\n", "people[0].country"),
        ("start: 2026-01-15", "start: 2026-02-31", "people[0].tenures[0].start"),
        ("aliases_vi", "alias_vi", "people[0].alias_vi"),
        ("kind: ministry", "kind: office", "organisations[0].kind"),
    ],
)
def test_a_malformed_entry_is_named_by_file_and_key(file: Path, old: str, new: str, place: str) -> None:
    assert old in GOOD
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    read_own_actors.cache_clear()
    with pytest.raises(DataFileError) as caught:
        read_own_actors(file)
    assert (caught.value.file, caught.value.place) == (file, place)


def test_a_bad_file_ends_the_call_with_one_line(file: Path) -> None:
    file.write_text("people: [", encoding="utf-8")
    done = dateline("tag", "-", "--actors", str(file))
    assert done.returncode == 2
    assert done.stderr.startswith(f"Error: {file}: is no YAML") and done.stderr.count("\n") == 1


@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_tagger_knows_them_in_both_languages_and_in_workers(file: Path, workers: str) -> None:
    lines = [
        {"id": "en", "language": "en", "published": "2026-02-01",
         "text": "Tamsin Orlebar met Kato the Elder at the Bureau of Lunar Trade. BLUT was silent."},
        {"id": "vi", "language": "vi", "published": "2026-02-01", "text": "Bà Tam Sin Oa đến Cục Mậu dịch Mặt trăng."},
    ]  # fmt: skip
    done = dateline(
        "tag", "-", "--actors", str(file), "--workers", workers, stdin="\n".join(map(json.dumps, lines))
    )
    assert done.returncode == 0, done.stderr
    english, vietnamese = (json.loads(line) for line in done.stdout.splitlines())
    assert {(m["text"], m["entity_id"], m["country"]) for m in english["mentions"]} >= {
        ("Tamsin Orlebar", "person/tamsin-orlebar", "NZL"),
        ("Kato the Elder", "person/katsunobu-kato", "JPN"),
        ("Bureau of Lunar Trade", "org/bureau-of-lunar-trade", "NZL"),
        ("BLUT", "org/bureau-of-lunar-trade", "NZL"),
    }
    assert [m["role"] for m in english["mentions"] if m["text"] == "Tamsin Orlebar"] == ["Vice Minister"]
    assert {(m["text"], m["entity_id"]) for m in vietnamese["mentions"]} == {
        ("Tam Sin Oa", "person/tamsin-orlebar"), ("Cục Mậu dịch Mặt trăng", "org/bureau-of-lunar-trade"),
    }  # fmt: skip
    assert " +actors " in english["tagger"]["model"]
