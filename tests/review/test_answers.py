"""Answers: whose they are, and which themes and notes may stand in them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from samples.answers import imported, in_label_studio, in_prodigy, problems, rewrite, told
from samples.reviews import FIRST, SECOND

from pipeline.errors import ReviewError
from pipeline.review import Ledger
from pipeline.review.answers import Names

# Reviewers


def test_a_reviewer_is_known_by_any_name_that_the_file_has(ledger: Ledger, tmp_path: Path):
    ben = {"id": 9, "username": "b", "email": "ben@example.org"}
    path = in_label_studio(tmp_path / "in.json", choices={"finding": ["none"]}, completed_by=ben)
    for by in ("9=ben", "b=ben", "ben@example.org=ben"):
        assert [r.who for r in imported(path, ledger, by)] == ["ben"]
    assert [r.who for r in imported(path, ledger)] == ["ben@example.org"]
    path = in_prodigy(tmp_path / "in.jsonl", "none", _annotator_id="set-7", _session_id="set-ben")
    assert [r.who for r in imported(path, ledger, "set-ben=ben")] == ["ben"]


def test_a_reviewer_whom_nobody_in_the_file_is_is_said(ledger: Ledger, tmp_path: Path):
    path = in_label_studio(
        tmp_path / "in.json", choices={"finding": ["none"]}, completed_by={"email": "ben@example.org"}
    )
    said = "--by 9=ben: nobody in the file is 9 (it names ben@example.org)"
    assert problems(path, ledger, "9=ben") == (f"{said}: correct it, or leave it out",)
    # Where all are known, one more does no harm.
    assert [r.who for r in imported(path, ledger, "9=ben", "ben@example.org=eve")] == ["eve"]
    assert told(path, ledger, "9=ben", "ben@example.org=eve") == [said]


def test_a_reviewer_must_be_named(ledger: Ledger, tmp_path: Path):
    path = tmp_path / "in.csv"
    path.write_text(f"id,finding,reviewer\n{FIRST.id},none,\n{SECOND.id},none,ben\n", encoding="utf-8")
    assert problems(path, ledger) == (f"{path}:2: the file doesn't name the reviewer: say who with --by NAME",)
    assert [r.who for r in imported(path, ledger, "ana")] == ["ana", "ben"]
    for wrong in (["ana", "ben"], [""], ["7="]):
        with pytest.raises(ReviewError, match="--by"):
            Names.of(wrong)


def test_two_answers_to_one_sentence_are_said(ledger: Ledger, tmp_path: Path):
    path = tmp_path / "in.csv"
    path.write_text(f"id,finding\n{FIRST.id},none\n{FIRST.id},concern\n", encoding="utf-8")
    assert problems(path, ledger, "ana") == (f"{path}:3: another answer of ana to {FIRST.id} is at {path}:2: keep one",)


# Themes and notes without a place


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ({"finding": "none", "themes": "wizardry,leadership"}, "unknown theme 'wizardry': correct it"),
        ({"finding": "can't tell", "themes": "wizardry"}, "unknown theme 'wizardry': correct it"),
        (
            {"finding": "none", "themes": "leadership"},
            "themes are given only beside a finding, not beside none: remove",
        ),
        ({"finding": "can't tell", "themes": "practice"}, "only beside a finding, not beside can't tell: remove"),
        ({"themes": "practice"}, "themes without a finding: give a finding, or can't tell"),
        ({"note": "Look here."}, "a note without a finding: give a finding, or can't tell"),
        ({"themes": "practice", "note": "x"}, "themes and a note without a finding: give a finding, or can't tell"),
    ],
)
def test_nothing_that_a_person_wrote_in_a_table_is_lost_in_silence(
    ledger: Ledger, tmp_path: Path, row: dict[str, str], wrong: str
):
    path = tmp_path / "in.csv"
    pd.DataFrame([{"id": FIRST.id, "finding": "", "themes": "", "note": ""} | row]).to_csv(path, index=False)
    [found] = problems(path, ledger, "ana")
    assert found.startswith(f"{path}:2: ")
    assert wrong in found


@pytest.mark.parametrize("cell", ["", "-", "none"])
def test_no_theme_may_stand_beside_none(ledger: Ledger, tmp_path: Path, cell: str):
    path = tmp_path / "in.csv"
    pd.DataFrame([{"id": FIRST.id, "finding": "none", "themes": cell}]).to_csv(path, index=False)
    assert [r.themes for r in imported(path, ledger, "ana")] == [()]


def test_themes_that_a_tool_had_ticked_beside_none_are_left_out_and_said(ledger: Ledger, tmp_path: Path):
    said = ["1 with themes ticked beside none or can't tell: those themes are left out"]
    files = [
        in_label_studio(tmp_path / "in.json", choices={"finding": ["none"], "themes": ["practice"]}),
        in_prodigy(tmp_path / "in.jsonl", "cant_tell", "theme_practice"),
    ]
    for path in files:
        [found] = imported(path, ledger, "ana")
        assert not found.themes
        assert told(path, ledger, "ana") == said
    assert told(in_prodigy(tmp_path / "in.jsonl", "concern", "theme_practice"), ledger, "ana") == []


def test_tools_themes_must_be_known_and_beside_a_finding(ledger: Ledger, tmp_path: Path):
    alone, unknown = "themes without a finding: give", "unknown theme 'wizardry'"
    row = {"text": FIRST.text, "sentence_id": FIRST.id}
    cases = [
        (in_label_studio(tmp_path / "1.json", choices={"themes": ["practice"]}), alone),
        (in_label_studio(tmp_path / "2.json", choices={"finding": ["none"], "themes": ["wizardry"]}), unknown),
        (in_label_studio(tmp_path / "3.json", choices={"note": ["Why?"]}), "a note without a finding"),
        (in_prodigy(tmp_path / "1.jsonl", "theme_practice"), alone),
        (in_prodigy(tmp_path / "2.jsonl", "none", "theme_wizardry"), unknown),
        (rewrite(tmp_path / "3.jsonl", [row | {"label": ["theme_practice"]}]), alone),
        (rewrite(tmp_path / "4.jsonl", [row | {"label": [], "Comments": ["Why?"]}]), "a note without a finding"),
        # It shows no labels beforehand: a person put them there.
        (rewrite(tmp_path / "5.jsonl", [row | {"label": ["none", "theme_practice"]}]), "not beside none"),
    ]
    for path, wrong in cases:
        [found] = problems(path, ledger, "ana")
        assert wrong in found


def test_a_note_on_what_was_passed_over_is_said(ledger: Ledger, tmp_path: Path):
    files = [
        in_prodigy(tmp_path / "in.jsonl", "concern", answer="ignore", note="Cut wrongly."),
        in_label_studio(tmp_path / "in.json", choices={"themes": ["practice"], "note": ["Why?"]}, was_cancelled=True),
    ]
    for path in files:
        assert imported(path, ledger, "ana") == []
        assert told(path, ledger, "ana") == [
            "1 with a note, but skipped, ignored or rejected: left out, and the note too"
        ]
