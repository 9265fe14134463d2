"""Formats: out and back in as each tool writes it, after its own documentation."""

from __future__ import annotations

import csv
import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples.reviews import FIRST, ITEMS, OTHER, SECOND, THEMES, review

from pipeline.errors import ReviewError
from pipeline.review import Item, Ledger, Review
from pipeline.review.answers import Names, check
from pipeline.review.formats import FORMATS, read, write
from pipeline.review.formats.rows import Sheet
from pipeline.review.formats.tables import COLUMNS

SAID = {FIRST.id: [review(FIRST, "ben", "none", note="=1+1")]}
SHEET = Sheet(list(ITEMS), SAID, THEMES, "20260101T000000Z")
SUFFIX = {"csv": ".csv", "xlsx": ".xlsx", "label-studio": ".json", "doccano": ".jsonl", "prodigy": ".jsonl"}
DONE = [
    Review(FIRST.id, "ana", None, "strength", ("leadership", "practice"), "Late, but good."),
    Review(OTHER.id, "ana", None, None, None),
]


@pytest.fixture(params=FORMATS)
def format(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def out(tmp_path: Path, format: str) -> Path:
    """A sheet as a format's file."""
    path = tmp_path / f"out{SUFFIX[format]}"
    written = write(path, format, SHEET)  # type: ignore[arg-type]
    assert path in written
    assert all(file.is_file() for file in written)
    assert len([file for file in tmp_path.iterdir() if file.is_file()]) == len(written)
    return path


# What people and tools make of a file: the first item reviewed with a note, the third "can't tell", the second left


def by_hand(path: Path) -> Path:
    """As a spreadsheet saves it."""
    excel = path.suffix == ".xlsx"
    table = pd.read_excel(path, engine="calamine", dtype=object) if excel else pd.read_csv(path, dtype=object)
    table = table.astype(object).where(table.notna(), "")
    table.loc[0, ["finding", "themes", "note"]] = ["Strength ", "leadership, practice", "Late, but good."]
    table.loc[2, "finding"] = "Can’t tell"
    if excel:
        table.to_excel(path, index=False, engine="xlsxwriter")
    else:
        table.to_csv(path, index=False, encoding="utf-8-sig")
    return path


def annotation(number: int, choices: dict[str, list[str]], **more: Any) -> dict[str, Any]:
    """An annotation as Label Studio documents it."""
    result = [
        {
            **{"id": f"Dx_aB91IS{number}{name}", "from_name": name, "to_name": "text", "origin": "manual"},
            **({"type": "textarea"} if name == "note" else {"type": "choices"}),
            "value": {"text" if name == "note" else "choices": values},
        }
        for name, values in choices.items()
    ]
    return {
        **{"id": 1000 + number, "result": result, "was_cancelled": False, "ground_truth": False, "lead_time": 4.288},
        **{"created_at": "2026-03-09T22:16:08.728353Z", "updated_at": "2026-03-09T22:16:08.728378Z", "task": number},
        **{"completed_by": 10, "prediction": {}, "result_count": 1, "unique_id": "x", "last_action": None},
        **more,
    }


def by_label_studio(path: Path) -> Path:
    """As Label Studio exports JSON."""
    tasks = json.loads(path.read_text(encoding="utf-8"))
    chosen = {"finding": ["strength"], "themes": ["leadership", "practice"], "note": ["Late, but good."]}
    annotations = [[annotation(1, chosen)], [], [annotation(3, {"finding": ["cant_tell"]})]]
    for number, (task, made) in enumerate(zip(tasks, annotations, strict=True), 1):
        for prediction in task["predictions"]:
            prediction |= {"id": number, "created_ago": "3 hours", "task": number}
        task |= {"id": number, "annotations": made, "drafts": [], "meta": {}, "project": 83, "total_annotations": 1}
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return path


def rewrite(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def by_doccano(path: Path) -> Path:
    """As doccano exports JSONL: its own id, the text, all other columns, then labels and comments."""
    labels = [["strength", "theme_practice", "theme_leadership"], [], ["cant_tell"]]
    comments = [["Late, but good."], [], []]
    rows = []
    for number, row in enumerate(lines(path)):
        text = row.pop("text")
        del row["label"]
        rows.append({"id": 33 + number, "text": text, **row, "label": labels[number], "Comments": comments[number]})
    return rewrite(path, rows)


def by_prodigy(path: Path) -> Path:
    """As `prodigy db-out` writes it."""
    answers = [
        {"accept": ["strength", "theme_leadership", "theme_practice"], "answer": "accept", "note": "Late, but good."},
        {"answer": "ignore"},
        {"accept": ["cant_tell"], "answer": "accept"},
    ]
    saved = {"_view_id": "choice", "_timestamp": 1772000000, "_annotator_id": "review-ana", "_session_id": "review-ana"}
    return rewrite(path, [row | answer | saved for row, answer in zip(lines(path), answers, strict=True)])


FILLED = {
    **{"csv": by_hand, "xlsx": by_hand, "label-studio": by_label_studio},
    **{"doccano": by_doccano, "prodigy": by_prodigy},
}
BY = {"prodigy": ["review-ana=ana"], "label-studio": ["10=ana"]}


def imported(path: Path, ledger: Ledger, *by: str, format: Any = None) -> list[Review]:
    return check(path, read(path, format), ledger, Names.of(by)).reviews


def test_what_goes_out_comes_back(ledger: Ledger, out: Path, format: str):
    assert imported(out, ledger, "ana") == []  # nobody has said anything yet
    found = imported(FILLED[format](out), ledger, *BY.get(format, ["ana"]))
    assert [replace(r, at=None, themes=r.themes and tuple(sorted(r.themes))) for r in found] == DONE
    assert found == imported(out, ledger, *BY.get(format, ["ana"]), format=format)
    assert ledger.record(found) == 2
    assert ledger.record(found) == 0


def test_model_and_human_labels_stand_side_by_side(out: Path, format: str):
    content = out.read_bytes() if format != "xlsx" else str(pd.read_excel(out, engine="calamine").to_dict()).encode()
    for shown in (
        b"ben: none",
        b"Main findings",
        b"Plans are good.",
        b"concern 60%, none 30%",
        b"practice",
        b"concern",
    ):
        assert shown in content


def test_cells_cannot_become_formulas_and_come_back_as_they_were(ledger: Ledger, tmp_path: Path):
    write(tmp_path / "out.csv", "csv", SHEET)
    rows = list(csv.DictReader(StringIO((tmp_path / "out.csv").read_text(encoding="utf-8-sig"))))
    assert rows[2]["text"] == "'" + OTHER.text
    assert list(rows[0]) == list(COLUMNS)
    table = pd.DataFrame(rows).assign(finding="none", note="'=SUM(A1)")
    table.to_csv(tmp_path / "out.csv", index=False)
    assert [r.note for r in imported(tmp_path / "out.csv", ledger, "ana")] == ["=SUM(A1)"] * 3


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(str.strip)


@settings(deadline=None, max_examples=25)
@given(text=texts, note=texts)
@pytest.mark.parametrize("kind", FORMATS)
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, kind: Any, text: str, note: str):
    folder = tmp_path_factory.mktemp("any")
    item = replace(FIRST, text=text, heading=note, before=text)
    path = folder / f"out{SUFFIX[kind]}"
    write(path, kind, Sheet([item], {item.id: [review(item, note, "none", note=text)]}, {"k": note}, note))
    with Ledger(folder / "reviews", create=True) as ledger:
        ledger.add([item], {"k": note})
        [answer] = read(path)
        assert answer.id == item.id
        check(path, [answer], ledger, Names(None, {}))


def test_csv_as_other_locales_save_it(ledger: Ledger, tmp_path: Path):
    path = tmp_path / "in.csv"
    path.write_bytes(f"\ufeffid;finding;themes\r\n{FIRST.id};concern;practice, workforce\r\n".encode())
    [found] = imported(path, ledger, "ana")
    assert (found.finding, found.themes) == ("concern", ("practice", "workforce"))


@pytest.mark.parametrize(
    ("cell", "themes"),
    [
        *(("", None), ("-", ()), ("none", ()), ("[]", ()), ('["practice"]', ("practice",))),
        *(("practice; workforce", ("practice", "workforce")),),
    ],
)
def test_an_empty_cell_says_nothing_of_themes(ledger: Ledger, tmp_path: Path, cell: str, themes: Any):
    path = tmp_path / "in.csv"
    pd.DataFrame([{"id": FIRST.id, "finding": "concern", "themes": cell}]).to_csv(path, index=False)
    assert imported(path, ledger, "ana")[0].themes == themes


# Themes and notes without a place


def told(path: Path, ledger: Ledger, *by: str) -> list[str]:
    """What an import says beside what it takes."""
    return check(path, read(path), ledger, Names.of(by)).notes


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


def in_label_studio(path: Path, **more: Any) -> Path:
    """A task with one annotation."""
    choices = more.pop("choices")
    task = {"data": {"sentence_id": FIRST.id, "text": FIRST.text}, "annotations": [annotation(1, choices, **more)]}
    path.write_text(json.dumps([task]), encoding="utf-8")
    return path


def in_prodigy(path: Path, *accept: str, answer: str = "accept", **more: Any) -> Path:
    """An answered task."""
    row = {"text": FIRST.text, "sentence_id": FIRST.id, "accept": list(accept), "answer": answer, **more}
    return rewrite(path, [row])


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


# Label Studio


def test_the_labelling_configuration_offers_what_tasks_use(tmp_path: Path):
    config, tasks = write(tmp_path / "out.json", "label-studio", SHEET)
    root = ElementTree.fromstring(config.read_text(encoding="utf-8"))
    offered = {
        (box.get("name"), box.get("toName"), choice.get("value"))
        for box in root.iter("Choices")
        for choice in box.iter("Choice")
    }
    data = [element.get("value", "") for element in root.iter() if element.get("value", "").startswith("$")]
    for task in json.loads(tasks.read_text(encoding="utf-8")):
        assert {name.removeprefix("$") for name in data} <= set(task["data"])
        [prediction] = task["predictions"]
        results = prediction["result"]
        assert len({result["id"] for result in results}) == len(results)
        for result in results:
            assert result["type"] == "choices"
            assert {(result["from_name"], result["to_name"], c) for c in result["value"]["choices"]} <= offered


def test_label_studios_own_library_takes_what_is_written(tmp_path: Path):
    interface = pytest.importorskip("label_studio_sdk.label_interface")
    config, tasks = write(tmp_path / "out.json", "label-studio", SHEET)
    known = interface.LabelInterface(config.read_text(encoding="utf-8"))
    known.validate()
    for task in json.loads(tasks.read_text(encoding="utf-8")):
        assert known.validate_task({"data": task["data"]})
        for prediction in task["predictions"]:
            assert known.validate_prediction(prediction)
        assert known.validate_annotation(annotation(1, {"finding": ["none"], "themes": ["practice"], "note": ["x"]}))


def test_what_label_studios_own_converter_makes_of_answers_comes_back(ledger: Ledger, tmp_path: Path):
    converter = pytest.importorskip("label_studio_sdk.converter")
    config, tasks = write(tmp_path / "out.json", "label-studio", SHEET)
    made = converter.Converter(config.read_text(encoding="utf-8"), str(tmp_path))
    made.convert_to_json_min(str(by_label_studio(tasks)), str(tmp_path / "short"), is_dir=False)
    found = imported(tmp_path / "short" / "result.json", ledger, "ana")
    assert [replace(review, at=None) for review in found] == DONE


def test_label_studios_short_export_comes_back(ledger: Ledger, tmp_path: Path):
    task = {
        **{"sentence_id": FIRST.id, "text": FIRST.text, "id": 1, "annotator": 10, "annotation_id": 7},
        **{"finding": "none", "themes": {"choices": ["practice", "leadership"]}, "note": ["Why"]},
        **{"created_at": "2026-03-09T22:16:08.728353Z", "updated_at": "2026-03-09T22:16:08.728378Z", "lead_time": 3.1},
    }
    path = tmp_path / "short.json"
    path.write_text(json.dumps([task]), encoding="utf-8")
    assert imported(path, ledger, "ana") == [
        Review(FIRST.id, "ana", "2026-03-09T22:16:08.728378+00:00", "none", (), "Why")
    ]


def test_two_annotators_of_label_studio_are_told_apart(ledger: Ledger, tmp_path: Path):
    data = {"sentence_id": FIRST.id, "text": FIRST.text}
    made = [
        annotation(1, {"finding": ["none"]}),
        annotation(2, {"finding": ["concern"]}, completed_by=11),
        annotation(3, {"finding": ["concern"]}, completed_by={"id": 12, "email": "eve@example.org"}),
        annotation(4, {"finding": ["concern"]}, completed_by=13, was_cancelled=True),
    ]
    path = tmp_path / "out.json"
    path.write_text(json.dumps([{"id": 1, "data": data, "annotations": made}]), encoding="utf-8")
    found = imported(path, ledger, "10=ana", "11=ben")
    assert [(r.who, r.finding) for r in found] == [("ana", "none"), ("ben", "concern"), ("eve@example.org", "concern")]
    with pytest.raises(ReviewError) as error:
        imported(path, ledger, "ana")
    assert len(error.value.problems) == 2
    assert "names the reviewer 11 only: say who with --by 11=NAME" in error.value.problems[1]


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


# doccano and Prodigy


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


def test_rejected_and_ignored_tasks_say_nothing(ledger: Ledger, tmp_path: Path):
    [path] = write(tmp_path / "out.jsonl", "prodigy", SHEET)
    rows = [row | {"answer": answer} for row, answer in zip(lines(path), ("reject", "ignore", "accept"), strict=True)]
    assert [(r.id, r.finding) for r in imported(rewrite(path, rows), ledger, "ana")] == [(OTHER.id, "none")]


# Bad files


def problems(path: Path, ledger: Ledger, *by: str) -> tuple[str, ...]:
    with pytest.raises(ReviewError) as error:
        imported(path, ledger, *by)
    return error.value.problems or (str(error.value),)


def test_every_bad_row_is_said_with_its_line(ledger: Ledger, tmp_path: Path):
    path = tmp_path / "in.csv"
    rows = [
        {"id": FIRST.id, "finding": "concern", "themes": "practice", "text": FIRST.text},
        {"id": "nobody:1-2", "finding": "concern"},
        {"id": SECOND.id, "finding": "good"},
        {"id": SECOND.id, "finding": "strength", "themes": "practise, workforce"},
        {"id": SECOND.id, "finding": "strength", "text": FIRST.text},
        {"id": SECOND.id, "finding": "strength", "reviewed": "yesterday"},
    ]
    pd.DataFrame(rows).to_csv(path, index=False)
    found = problems(path, ledger, "ana")
    assert [line.removeprefix(str(path)).split(":")[1] for line in found] == ["3", "4", "5", "6", "7"]
    for line, wrong in zip(found, ("unknown id", "'good'", "'practise'", "rows were mixed up", "no time"), strict=True):
        assert wrong in line
    assert ledger.reviews() == []


def test_unknown_and_missing_columns_are_said(ledger: Ledger, tmp_path: Path):
    path = tmp_path / "in.csv"
    path.write_text(f"id,finding,my view\n{FIRST.id},none,x\n", encoding="utf-8")
    assert problems(path, ledger, "ana") == (f"{path}:1: unknown column 'my view': remove it",)
    path.write_text("sentence,label\nx,y\n", encoding="utf-8")
    assert "no column 'id'" in problems(path, ledger, "ana")[0]


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


@pytest.mark.parametrize(
    ("name", "content", "wrong"),
    [
        ("in.csv", b"", "no column 'id'"),
        ("in.csv", b"id,finding\n\xff\xfe,x\n", "not UTF-8"),
        ("in.csv", b"id,finding\na,b,c\n", "more cells than columns"),
        ("in.csv", b'id,finding\n"a,b\n', "unknown id"),
        ("in.json", b"[1, 2]", "not a task of Label Studio"),
        ("in.json", b"[{", "not JSON"),
        ("in.json", b'[{"data": {}, "annotations": [7]}]', "without a result"),
        ("in.jsonl", b'{"some": "thing"}\n', "name it with --format"),
        ("in.jsonl", b'{"label": ["none"]}\n[1]\n', "not a JSON object"),
        ("in.jsonl", b'{"label": "none", "sentence_id": "x"}\n', "no list of labels"),
        ("in.jsonl", b'{"label": ["none"], "sentence_id": ["x"]}\n', "unknown id"),
        ("in.jsonl", b'{"answer": "accept", "accept": []}\n', "choose a finding"),
        ("in.jsonl", b'{"accept": 1', "name it with --format"),
        ("in.xlsx", b"PK\x03\x04 broken", "can't be read"),
    ],
)
def test_broken_files_are_said(ledger: Ledger, tmp_path: Path, name: str, content: bytes, wrong: str):
    path = tmp_path / name
    path.write_bytes(content)
    assert any(wrong in line for line in problems(path, ledger, "ana"))


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


def test_a_bad_task_or_row_hides_no_other(ledger: Ledger, tmp_path: Path):
    path = tmp_path / "in.json"
    data = {"sentence_id": FIRST.id, "text": FIRST.text}
    tasks = [1, {"data": data, "annotations": [7, annotation(1, {"finding": ["good"]})]}]
    path.write_text(json.dumps(tasks), encoding="utf-8")
    found = problems(path, ledger, "ana")
    for line, wrong in zip(found, ("not a task", "without a result", "unknown finding 'good'"), strict=True):
        assert wrong in line
    path = tmp_path / "in.csv"
    path.write_text(f"id,finding\n{FIRST.id},none,x\n{SECOND.id},good\n", encoding="utf-8")
    found = problems(path, ledger, "ana")
    for line, wrong in zip(found, ("more cells than columns", "unknown finding 'good'"), strict=True):
        assert wrong in line


@pytest.mark.parametrize("label", [["strength", "none"], ["bad"]])
def test_one_finding_must_be_chosen(ledger: Ledger, tmp_path: Path, label: list[str]):
    row = {"id": 1, "text": FIRST.text, "sentence_id": FIRST.id, "label": label}
    assert "unknown finding" in problems(rewrite(tmp_path / "in.jsonl", [row]), ledger, "ana")[0]


def test_half_a_character_is_refused(ledger: Ledger, tmp_path: Path):
    row = {"text": FIRST.text, "sentence_id": FIRST.id, "label": ["none"], "Comments": ["\ud83d"]}
    assert "the note" in problems(rewrite(tmp_path / "in.jsonl", [row]), ledger, "ana")[0]


def test_files_that_are_not_there_or_cannot_be_written_are_said(tmp_path: Path):
    with pytest.raises(ReviewError, match="no such file"):
        read(tmp_path / "none.csv")
    with pytest.raises(ReviewError, match="can't be read"):
        read(tmp_path)
    with pytest.raises(ReviewError, match="can't be written"):
        write(tmp_path / "no" / "out.json", "label-studio", SHEET)
    with pytest.raises(ReviewError, match=r"ends in \.jsonl"):
        write(tmp_path / "out.json", "doccano", SHEET)


def test_an_item_needs_no_themes(tmp_path: Path, ledger: Ledger):
    bare: Item = replace(SECOND, themes=())
    [path] = write(tmp_path / "out.jsonl", "prodigy", Sheet([bare], {}, {}, "x"))
    assert lines(path)[0]["accept"] == ["strength"]
