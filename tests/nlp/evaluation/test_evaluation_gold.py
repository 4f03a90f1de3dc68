"""Gold is read line by line, and the gold that comes with the program is sound, wide and made from its marks."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from db.errors import InputFileError
from nlp.evaluation.gold import SHIPPED, TASKS, EntitiesGold, find_gold, read_gold
from nlp.evaluation.grouping import GROUPINGS
from nlp.evaluation_commands import TASK_NAMES

BUILDER = Path(__file__).parents[2] / "gold" / "build_gold.py"


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_gold", BUILDER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write(folder: Path, *lines: str) -> Path:
    path = folder / "mine.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


GOOD = '{"id": 1, "text": "In Lima.", "ents": [{"start": 3, "end": 7, "text": "Lima", "label": "PLACE"}]}'


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ('{"id": "2", "text": "x"}', "none of the keys ents"),
        ('{"id": "2", "ents": []}', "text: Field required"),
        ('{"text": "x", "ents": []}', "id: Field required"),
        (GOOD, "id '1' stands here a second time"),
        (
            '{"id": "2", "text": "In Lima.", "ents": [{"start": 3, "end": 9, "label": "PLACE"}]}',
            "does not lie in",
        ),
        (
            '{"id": "2", "text": "In Lima.", "ents": [{"start": 0, "end": 2, "text": "Lima", "label": "PLACE"}]}',
            "is 'In', not 'Lima'",
        ),
        ('{"id": "2", "text": "x", "events": [{"event_type": "DANCE"}]}', "'DANCE' is not in the codebook"),
        ('{"id": "2", "text": "x", "observations": [{"value": 1, "change_from": "z"}]}', "'z' is no id"),
        ('{"id": "2", "text": "x", "quantities": [{"value": "many"}]}', "quantities.0.value"),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_the_others_are_read(
    tmp_path: Path, line: str, fact: str
) -> None:
    path = write(tmp_path, GOOD, "", line)
    gold = read_gold(path)
    assert [text.id for text in gold.texts["entities"]] == ["1"]
    (problem,) = gold.problems
    assert problem.startswith(f"{path}:3: ")
    assert fact in problem


def test_the_other_names_of_text_and_date_are_read(tmp_path: Path) -> None:
    line = {"id": "1", "sentence": "x", "pub_date": "2025-01-02", "events": [], "tags": ["anything"]}
    (text,) = read_gold(write(tmp_path, json.dumps(line))).texts["events"]
    assert (text.text, text.published) == ("x", "2025-01-02")


def test_a_file_without_a_good_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="no good line with 'timexes'"):
        read_gold(write(tmp_path, GOOD), ["dates"])
    with pytest.raises(InputFileError, match="line 1: not JSON"):
        read_gold(write(tmp_path, "{"))


def test_parts_are_told_from_the_file_name() -> None:
    files = {file.path.name: file for file in find_gold() if file.path.parent == SHIPPED}
    assert (files["english_kept.jsonl"].name, files["english_kept.jsonl"].part) == ("english", "kept")
    assert (files["english_dev.jsonl"].name, files["english_dev.jsonl"].part) == ("english", "dev")


def test_all_gold_at_hand_is_sound_and_serves_every_task() -> None:
    files = find_gold()
    assert [problem for file in files for problem in file.problems] == []
    assert {task for file in files for task in file.texts} >= set(TASKS) - {"events"}


def test_shipped_gold_is_wide_and_a_third_is_kept() -> None:
    texts: Counter[tuple[str, str]] = Counter()
    countries: set[str] = set()
    for file in find_gold(["entities"]):
        for text in file.texts["entities"]:
            assert isinstance(text, EntitiesGold)
            assert text.language
            assert text.published
            texts[text.language, file.part] += 1
            countries.update(text.countries or ())
    assert texts["en", "dev"] + texts["en", "kept"] >= 90
    assert texts["vi", "dev"] + texts["vi", "kept"] >= 85
    for language in ("en", "vi"):
        share = texts[language, "kept"] / (texts[language, "dev"] + texts[language, "kept"])
        assert 0.3 <= share <= 0.37
    assert len(countries) >= 50


def test_gold_files_are_what_their_marks_say(builder: ModuleType) -> None:
    for path, content in builder.build():
        assert path.read_text(encoding="utf-8") == content, f"run python {BUILDER.name}"


def test_marks_give_exact_offsets(builder: ModuleType) -> None:
    text, marks = builder.unmark("{P:to|Tô Lâm} đến {L:LAO|Lào}.")
    assert text == "Tô Lâm đến Lào."
    assert [(mark["said"], text[mark["start"] : mark["end"]]) for mark in marks] == [
        ("to", "Tô Lâm"),
        ("LAO", "Lào"),
    ]
    with pytest.raises(ValueError, match="a broken mark"):
        builder.unmark("{P:to|Tô Lâm đến Lào.")


def test_the_command_knows_the_same_tasks() -> None:
    assert (*TASKS, *GROUPINGS) == TASK_NAMES
