"""Rows of labelled data: values, or a problem with its file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from pipeline.corpus.rows import Labels, Problems, Row, labels_of, read_rows, readers_of

THEMES = ("practice", "leadership")


def rows_of(path: Path, content: str | bytes) -> tuple[list[Row], Problems]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    problems = Problems()
    return list(read_rows(path, problems)), problems


def test_json_lines_give_their_line_numbers_and_skip_blank_lines(tmp_path: Path):
    rows, problems = rows_of(tmp_path / "a.jsonl", '\ufeff{"text": "a"}\n\n{"text": "b"}\n')
    assert [(row.line, row.values) for row in rows] == [(1, {"text": "a"}), (3, {"text": "b"})]
    assert not problems.errors


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{oops", "not JSON"),
        ('{"text": "half a face: \\ud83d"}', "not JSON"),
        ('["list"]', "not a JSON object"),
        ("12", "not a JSON object"),
        ("[" * 200_000, "not JSON"),
    ],
)
def test_a_line_that_is_no_object_is_a_problem_and_the_rest_is_read(tmp_path: Path, line: str, message: str):
    path = tmp_path / "a.jsonl"
    rows, problems = rows_of(path, f'{{"text": "a"}}\n{line}\n{{"text": "b"}}\n')
    assert [row.line for row in rows] == [1, 3]
    assert len(problems.errors) == 1
    assert problems.errors[0].startswith(f"{path}:2: {message}")


def test_csv_takes_themes_as_a_list_or_keys(tmp_path: Path):
    content = (
        "text,finding,themes\n"
        '"One, two.",strength,"practice, leadership"\n'
        'Three.,concern,"[""practice""]"\n'
        "Four.,concern,leadership;practice\n"
        "Five.,none,\n"
    )
    rows, problems = rows_of(tmp_path / "a.csv", content)
    assert not problems.errors
    assert [row.values["themes"] for row in rows] == [
        ["practice", "leadership"],
        ["practice"],
        ["leadership", "practice"],
        [],
    ]
    assert [row.line for row in rows] == [2, 3, 4, 5]
    assert rows[0].values["text"] == "One, two."


@pytest.mark.parametrize("cell", ["[oops", "[" * 200_000])
def test_a_csv_cell_of_themes_that_is_no_list_is_a_problem(tmp_path: Path, cell: str):
    rows, problems = rows_of(tmp_path / "a.csv", f"text,finding,themes\nOne.,concern,{cell}\n")
    assert labels_of(rows[0], tmp_path / "a.csv", THEMES, problems) is None
    assert "themes must be a list" in problems.errors[0]


def test_csv_without_the_columns_is_one_problem(tmp_path: Path):
    path = tmp_path / "a.csv"
    rows, problems = rows_of(path, "sentence,label\nOne.,strength\n")
    assert not rows
    assert problems.errors == [f"{path}:1: needs the columns 'text' and 'finding': name them in the first row"]


def test_a_cell_too_large_for_csv_is_a_problem(tmp_path: Path):
    path = tmp_path / "a.csv"
    rows, problems = rows_of(path, f"text,finding\nOne.,strength\n{'a' * 10_000_001},concern\n")
    assert [row.values["text"] for row in rows] == ["One."]
    assert len(problems.errors) == 1
    assert "not CSV" in problems.errors[0]
    assert problems.errors[0].startswith(f"{path}:")


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_bytes_that_are_not_utf8_are_a_problem(tmp_path: Path, name: str):
    path = tmp_path / name
    _, problems = rows_of(path, b'text,finding\n{"text": "caf\xe9"}\n')
    assert any("not UTF-8" in message and message.startswith(str(path)) for message in problems.errors)


def test_a_missing_file_is_a_problem(tmp_path: Path):
    problems = Problems()
    assert list(read_rows(tmp_path / "none.jsonl", problems)) == []
    assert "can't be read" in problems.errors[0]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"text": "", "finding": "none"}, "empty text"),
        ({"text": " \n", "finding": "none"}, "empty text"),
        ({"finding": "none"}, "empty text"),
        ({"text": 12, "finding": "none"}, "empty text"),
        ({"text": "A."}, "unknown finding None"),
        ({"text": "A.", "finding": "Strength"}, "unknown finding 'Strength': use one of strength, concern"),
        ({"text": "A.", "finding": ["none"]}, "unknown finding ['none']"),
        ({"text": "A.", "finding": "concern", "themes": "practice"}, "themes must be a list"),
        ({"text": "A.", "finding": "concern", "themes": [1]}, "themes must be a list"),
        ({"text": "A.", "finding": "concern", "themes": ["practise"]}, "unknown theme 'practise'"),
        ({"text": "A.", "finding": "none", "block": "aside"}, "unknown block 'aside': use one of heading"),
        ({"text": "A.", "finding": "none", "speaker": "me"}, "unknown speaker 'me': use one of inspector"),
    ],
)
def test_unfit_labels_are_problems_with_file_and_line(values: dict[str, object], message: str):
    problems = Problems()
    assert labels_of(Row(7, values), Path("some.jsonl"), THEMES, problems) is None
    assert len(problems.errors) == 1
    assert problems.errors[0].startswith("some.jsonl:7: ")
    assert message in problems.errors[0]


def test_all_that_is_wrong_with_a_row_is_listed():
    problems = Problems()
    row = Row(3, {"text": "", "finding": "good", "themes": ["zzz"], "speaker": "me"})
    assert labels_of(row, Path("x.csv"), THEMES, problems) is None
    assert len(problems.errors) == 4


def test_fit_labels_are_returned():
    problems = Problems()
    path = Path("x.jsonl")
    assert labels_of(Row(1, {"text": "A.", "finding": "concern", "themes": ["practice"]}), path, THEMES, problems) == (
        "A.",
        "concern",
        ["practice"],
    )
    assert labels_of(Row(2, {"text": "A.", "finding": "concern"}), path, THEMES, problems) == ("A.", "concern", None)
    assert problems == Problems()


def test_themes_of_none_are_ignored_with_a_warning():
    problems = Problems()
    row = Row(1, {"text": "A.", "finding": "none", "themes": ["practice"]})
    assert labels_of(row, Path("x.jsonl"), THEMES, problems) == ("A.", "none", [])
    assert not problems.errors
    assert "are ignored" in problems.warnings[0]


def test_without_a_theme_list_any_theme_is_known():
    problems = Problems()
    row = Row(1, json.loads('{"text": "A.", "finding": "concern", "themes": ["anything"]}'))
    assert labels_of(row, Path("x.jsonl"), (), problems) == ("A.", "concern", ["anything"])


SETTLED = Labels("concern", ["practice"])


def test_two_readers_are_kept_the_first_as_settled_unless_told():
    problems = Problems()
    second = {"finding": "strength", "themes": []}
    path = Path("x.jsonl")
    assert readers_of(Row(1, {"second": second}), path, SETTLED, problems) == (SETTLED, Labels("strength", []))
    both = Row(2, {"first": {"finding": "none"}, "second": second})
    assert readers_of(both, path, SETTLED, problems) == (Labels("none", None), Labels("strength", []))
    assert readers_of(Row(3, {"first": second}), path, SETTLED, problems) is None
    assert problems == Problems()


@pytest.mark.parametrize("second", ["strength", ["strength"], {"finding": "good"}, {"finding": "none", "themes": "x"}])
def test_a_reader_who_says_nothing_known_is_a_problem(second: object):
    problems = Problems()
    assert readers_of(Row(4, {"second": second}), Path("x.jsonl"), SETTLED, problems) is None
    assert problems.errors[0].startswith("x.jsonl:4: second must hold a finding and themes")


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet"])
def test_workbooks_and_parquet_are_read_as_csv_is(tmp_path: Path, suffix: str):
    table = pd.DataFrame(
        {
            "text": ["Visits are late.", "Plans are good."],
            "finding": ["concern", "strength"],
            "themes": ['["visits"]', None],
            "heading": ["Findings", None],
        }
    )
    path = tmp_path / f"a{suffix}"
    if suffix == ".xlsx":
        table.to_excel(path, index=False, engine="xlsxwriter")
    else:
        table.to_parquet(path)
    problems = Problems()
    rows = list(read_rows(path, problems))
    assert problems.errors == []
    assert rows[0] == Row(
        2, {"text": "Visits are late.", "finding": "concern", "themes": ["visits"], "heading": "Findings"}
    )
    assert rows[1] == Row(3, {"text": "Plans are good.", "finding": "strength"})


def test_parquet_keeps_lists_of_themes(tmp_path: Path):
    path = tmp_path / "a.parquet"
    pd.DataFrame({"text": ["Late."], "finding": ["concern"], "themes": [["visits", "plans"]]}).to_parquet(path)
    [row] = read_rows(path, Problems())
    assert row.values["themes"] == ["visits", "plans"]


@pytest.mark.parametrize("name", ["a.xlsx", "a.parquet"])
def test_a_damaged_workbook_or_parquet_is_a_problem(tmp_path: Path, name: str):
    (tmp_path / name).write_bytes(b"PAR1 no")
    problems = Problems()
    assert list(read_rows(tmp_path / name, problems)) == []
    assert len(problems.errors) == 1
    assert "can't be read" in problems.errors[0]


def test_a_workbook_without_the_columns_is_one_problem(tmp_path: Path):
    pd.DataFrame({"words": ["Late."]}).to_excel(tmp_path / "a.xlsx", index=False, engine="xlsxwriter")
    problems = Problems()
    assert list(read_rows(tmp_path / "a.xlsx", problems)) == []
    assert "needs the columns" in problems.errors[0]
