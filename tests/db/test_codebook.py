"""The codebook loads, extends, and says in one line what is wrong with a user's file."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from db.codebook import load_codebook
from db.errors import DataFileError


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_plover_type_and_policy_is_declared_with_its_quad() -> None:
    quads = {name: kind.quad for name, kind in load_codebook().types.items()}
    assert len(quads) == 17
    assert quads["POLICY"] == 0
    assert quads["AGREE"] == quads["CONSULT"] == quads["SUPPORT"] == quads["CONCEDE"] == 1
    assert quads["COOPERATE"] == quads["AID"] == quads["RETREAT"] == 2
    assert quads["REQUEST"] == quads["ACCUSE"] == quads["REJECT"] == quads["THREATEN"] == 3
    assert {name for name, quad in quads.items() if quad == 4} == {
        "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "gta", "mast"),
    [
        ("export_ban", 19, "P"),
        ("export_licence", 35, "P"),
        ("import_tariff", 47, None),
        ("anti_dumping", 51, "D"),
        ("price_cap", None, None),
    ],
)
def test_instruments_carry_their_outside_codes(name: str, gta: int | None, mast: str | None) -> None:
    instrument = load_codebook().instruments[name]
    assert (instrument.gta_type_id, instrument.mast_chapter) == (gta, mast)


def test_every_entry_has_a_definition_and_examples_of_both_kinds() -> None:
    codebook = load_codebook()
    for table in (codebook.types, codebook.instruments, codebook.stages, codebook.roles):
        for name, entry in table.items():
            assert entry.definition, name
            assert entry.examples.positive and entry.examples.negative, name
    assert all(mode.definition and mode.example for mode in codebook.modes.values())


def test_frame_ids_are_unique_and_modes_belong_to_the_type_of_the_frame() -> None:
    codebook = load_codebook()
    ids = [frame.id for frame in codebook.frames]
    assert len(ids) == len(set(ids))
    strange = [f.id for f in codebook.frames if f.mode and f.type not in codebook.modes[f.mode].types]
    assert strange == []


def test_prepositions_stay_words() -> None:
    frame = next(frame for frame in load_codebook().frames if frame.id == "list-firm")
    assert frame.via is not None and "on" in frame.via.preps


def test_the_codebook_cannot_be_changed_by_accident() -> None:
    with pytest.raises(ValidationError):
        load_codebook().frames[0].type = "AID"  # type: ignore[misc]


def test_a_users_file_adds_an_instrument_and_a_frame_before_the_shipped_ones(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
instruments:
  export_lottery: {definition: Exports by lot., flow: export, cues: {en: [export lottery]}}
frames:
  - {id: raffle, type: SANCTION, effect: restrict, instrument: export_lottery, verbs: [raffle], object: [goods]}
""",
    )
    codebook = load_codebook(path)
    assert "export_lottery" in codebook.instruments and "export_ban" in codebook.instruments
    assert codebook.frames[0].id == "raffle"


def test_a_frame_of_the_same_id_replaces_the_shipped_one(tmp_path: Path) -> None:
    path = written(tmp_path, "frames:\n  - {id: threaten, type: THREATEN, verbs: [bluster]}\n")
    frames = [frame for frame in load_codebook(path).frames if frame.id == "threaten"]
    assert [frame.verbs for frame in frames] == [("bluster",)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("frames: [{id: x, type: SANCTION, verb: [ban]}]", "frames[x].verb"),
        ("frames: [{id: x, type: SULK, verbs: [sulk]}]", "'SULK' is not declared"),
        ("frames: [{id: x, type: AID, verbs: [aid], object: [teapots]}]", "'teapots' is not declared"),
        ("colours: {red: 1}", "colours"),
        ("types: [", "is not YAML"),
        ("just words", "holds no mapping"),
    ],
)
def test_a_bad_file_is_named_with_the_key_at_fault(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(DataFileError) as caught:
        load_codebook(path)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_a_data_file_error(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"none\.yml"):
        load_codebook(tmp_path / "none.yml")
