"""Files of every format: out and back in as each tool writes it, after its own documentation."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples.answers import BY, DONE, FILLED, SHEET, SUFFIX, annotation, imported, problems
from samples.reviews import FIRST, SECOND, review

from pipeline.errors import ReviewError
from pipeline.review import Ledger
from pipeline.review.answers import Names, check
from pipeline.review.formats import FORMATS, read, write
from pipeline.review.formats.rows import Sheet


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


# Bad files


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


def test_files_that_are_not_there_or_cannot_be_written_are_said(tmp_path: Path):
    with pytest.raises(ReviewError, match="no such file"):
        read(tmp_path / "none.csv")
    with pytest.raises(ReviewError, match="can't be read"):
        read(tmp_path)
    with pytest.raises(ReviewError, match="can't be written"):
        write(tmp_path / "no" / "out.json", "label-studio", SHEET)
    with pytest.raises(ReviewError, match=r"ends in \.jsonl"):
        write(tmp_path / "out.json", "doccano", SHEET)
