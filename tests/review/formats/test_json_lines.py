"""doccano and Prodigy."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from samples.answers import SHEET, imported, lines, problems, rewrite
from samples.reviews import FIRST, ITEMS, OTHER, SECOND, THEMES

from pipeline.review import Item, Ledger
from pipeline.review.formats import write
from pipeline.review.formats.rows import Sheet


def test_doccano_gets_its_labels_and_none_beforehand(tmp_path: Path):
    labels, rows = write(tmp_path / "out.jsonl", "doccano", SHEET)
    known = [label["text"] for label in json.loads(labels.read_text(encoding="utf-8"))]
    assert known == ["strength", "concern", "recommendation", "none", "cant_tell", *(f"theme_{key}" for key in THEMES)]
    for row in lines(rows):
        assert row["label"] == []
        assert "id" not in row  # doccano has an id of its own
        assert row["text"]


def test_labels_of_a_project_for_sequences_come_back(ledger: Ledger, tmp_path: Path):
    row = {
        "id": 1,
        "text": FIRST.text,
        "sentence_id": FIRST.id,
        "label": [[0, 16, "concern"], [0, 16, "theme_practice"]],
    }
    [found] = imported(rewrite(tmp_path / "in.jsonl", [row]), ledger, "ana")
    assert (found.finding, found.themes) == ("concern", ("practice",))


def test_prodigys_options_hold_what_is_ticked(tmp_path: Path):
    [path] = write(tmp_path / "out.jsonl", "prodigy", SHEET)
    rows = lines(path)
    for row, item in zip(rows, ITEMS, strict=True):
        assert set(row["accept"]) <= {option["id"] for option in row["options"]}
        assert all(set(option) == {"id", "text"} for option in row["options"])
        assert row["text"] == item.text
    assert len({row["_task_hash"] for row in rows}) == len({row["_input_hash"] for row in rows}) == 3


def test_an_item_needs_no_themes(tmp_path: Path, ledger: Ledger):
    bare: Item = replace(SECOND, themes=())
    [path] = write(tmp_path / "out.jsonl", "prodigy", Sheet([bare], {}, {}, "x"))
    assert lines(path)[0]["accept"] == ["strength"]


def test_rejected_and_ignored_tasks_say_nothing(ledger: Ledger, tmp_path: Path):
    [path] = write(tmp_path / "out.jsonl", "prodigy", SHEET)
    rows = [row | {"answer": answer} for row, answer in zip(lines(path), ("reject", "ignore", "accept"), strict=True)]
    assert [(r.id, r.finding) for r in imported(rewrite(path, rows), ledger, "ana")] == [(OTHER.id, "none")]


# Bad rows


BAD_LINES = {
    "doccano": (
        '{"label": ["concern"], "text": "Visits',
        "[1]",
        '{"label": 3}',
        '{"label": ["good"], "sentence_id": "?"}',
    ),
    "prodigy": (
        '{"answer": "acc',
        "[1]",
        '{"answer": "accept", "accept": []}',
        '{"answer": "accept", "accept": ["none"]}',
    ),
}


@pytest.mark.parametrize("tool", BAD_LINES)
def test_a_broken_line_hides_no_other_bad_row(ledger: Ledger, tmp_path: Path, tool: str):
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(BAD_LINES[tool]), encoding="utf-8")
    found = problems(path, ledger, "ana")
    assert [line.removeprefix(str(path)).split(":")[1] for line in found] == ["1", "2", "3", "4"]
    for line, wrong in zip(found, ("not JSON", "not a JSON object", "choice|no list", "unknown id"), strict=True):
        assert re.search(wrong, line)


@pytest.mark.parametrize("label", [["strength", "none"], ["bad"]])
def test_one_finding_must_be_chosen(ledger: Ledger, tmp_path: Path, label: list[str]):
    row = {"id": 1, "text": FIRST.text, "sentence_id": FIRST.id, "label": label}
    assert "unknown finding" in problems(rewrite(tmp_path / "in.jsonl", [row]), ledger, "ana")[0]


def test_half_a_character_is_refused(ledger: Ledger, tmp_path: Path):
    row = {"text": FIRST.text, "sentence_id": FIRST.id, "label": ["none"], "Comments": ["\ud83d"]}
    assert "the note" in problems(rewrite(tmp_path / "in.jsonl", [row]), ledger, "ana")[0]
