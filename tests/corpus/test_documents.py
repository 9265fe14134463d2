"""Labelled documents: units matched to the sentences that the splitter finds."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from samples.pdfs import BOLD, drawn, pdf

from pipeline.articles import Article, Source, read_source
from pipeline.corpus.documents import Unit, match, read_document
from pipeline.corpus.rows import Problems
from pipeline.labels import Themes

TEXT = "Visits are regular. Plans are weak.\n\nManagers should audit them.\n"
SPANS = [(0, 19), (20, 35), (37, 64)]


def labelled(folder: Path, units: list[dict[str, object]], text: str = TEXT) -> Path:
    path = folder / "letters" / "one.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    lines = [json.dumps(unit, ensure_ascii=False) for unit in units]
    path.with_suffix(".jsonl").write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path


def unit(start: int, end: int, finding: str = "none", text: str | None = None, **more: object) -> dict[str, object]:
    return {"start": start, "end": end, "text": TEXT[start:end] if text is None else text, "finding": finding, **more}


def read(folder: Path, units: list[dict[str, object]], text: str = TEXT):
    problems = Problems()
    return read_document(labelled(folder, units, text), folder, ("practice",), problems), problems


def test_a_document_knows_its_name_kind_and_units(tmp_path: Path):
    units = [
        unit(*SPANS[0], "strength", themes=["practice"]),
        unit(*SPANS[1], "concern"),
        unit(*SPANS[2], "recommendation", themes=[]),
    ]
    document, problems = read(tmp_path, units)
    assert not problems.errors
    assert document is not None
    assert (document.name, document.kind) == ("letters/one", "letters")
    assert [found.finding for found in document.units] == ["strength", "concern", "recommendation"]
    assert [found.themes for found in document.units] == [["practice"], None, []]
    assert [found.line for found in document.matches if found] == [1, 2, 3]


def test_white_space_in_a_unit_may_differ(tmp_path: Path):
    text = "Visits are\nregular.\n"
    document, problems = read(tmp_path, [unit(0, 19, text="Visits are regular.")], text)
    assert document is not None
    assert not problems.errors


def test_every_problem_is_listed_at_once(tmp_path: Path):
    units = [
        unit(0, 19, "good"),
        unit(20, 35, text="Plans are strong."),
        unit(37, 999, text="Managers should audit them."),
        {"text": "No offsets.", "finding": "none"},
        unit(0, 19, themes=["zzz"]),
    ]
    document, problems = read(tmp_path, units)
    labels = tmp_path / "letters" / "one.jsonl"
    assert document is None
    assert [message.split(": ")[0] for message in problems.errors] == [f"{labels}:{line}" for line in (1, 2, 3, 4, 5)]
    said = "\n".join(problems.errors)
    assert "unknown finding 'good'" in said
    assert "the text at 20-35 is 'Plans are weak.', not 'Plans are strong.'" in said
    assert f"offsets into the text (0 to {len(TEXT)})" in said
    assert "unknown theme 'zzz'" in said


def test_units_out_of_order_and_overlapping_are_problems(tmp_path: Path):
    _, problems = read(tmp_path, [unit(20, 35), unit(0, 19)])
    assert "out of order" in problems.errors[0]
    _, problems = read(tmp_path, [unit(0, 19), unit(11, 35)])
    assert "overlaps line 1" in problems.errors[0]


def test_a_text_without_labels_and_labels_without_units_are_problems(tmp_path: Path):
    path = labelled(tmp_path, [])
    problems = Problems()
    assert read_document(path, tmp_path, (), problems) is None
    assert "no labelled unit" in problems.errors[0]
    path.with_suffix(".jsonl").unlink()
    problems = Problems()
    assert read_document(path, tmp_path, (), problems) is None
    assert "a text without labels" in problems.errors[0]


def test_an_unreadable_text_is_a_problem(tmp_path: Path):
    path = labelled(tmp_path, [unit(*SPANS[0])])
    path.write_bytes(b"a\0b")
    problems = Problems()
    assert read_document(path, tmp_path, (), problems) is None
    assert "NUL byte" in problems.errors[0]


def test_each_sentence_takes_the_unit_that_overlaps_it_most():
    sentences = Article.of(Source("x", TEXT)).sentences
    assert [(found.start, found.end) for found in sentences] == SPANS
    units = [Unit(1, 0, 25, "", "none", None), Unit(2, 25, 35, "", "concern", None)]
    assert [found.line if found else None for found in match(sentences, units)] == [1, 2, None]


spans = st.lists(st.integers(0, 60), min_size=2, max_size=12, unique=True).map(sorted)


@given(spans, spans)
def test_matching_is_that_of_trying_every_pair(first: list[int], second: list[int]):
    def units(points: list[int]) -> list[Unit]:
        return [
            Unit(i, a, b, "", "none", None) for i, (a, b) in enumerate(zip(points[::2], points[1::2], strict=False))
        ]

    def overlap(one: Unit, other: Unit) -> int:
        return min(one.end, other.end) - max(one.start, other.start)

    sentences, given_units = units(first), units(second)
    for sentence, best in zip(sentences, match(sentences, given_units), strict=True):
        most = max((overlap(sentence, other) for other in given_units), default=0)
        if most <= 0:
            assert best is None
        else:
            assert best is not None
            assert overlap(sentence, best) == most


def test_a_document_may_be_a_pdf_with_labels_beside_it(tmp_path: Path, themes: Themes):
    path = tmp_path / "letters" / "a.pdf"
    path.parent.mkdir()
    path.write_bytes(pdf([drawn("Findings", 70, 740, 14, BOLD) + drawn("Visits are late.", 70, 700)]))
    text = read_source(path).text
    start = text.index("Visits")
    row = {"start": start, "end": len(text), "text": "Visits are late.", "finding": "concern"}
    path.with_suffix(".jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    document = read_document(path, tmp_path, themes, Problems())
    assert document is not None
    assert [(s.block, s.text) for s in document.article.sentences] == [
        ("heading", "Findings"),
        ("paragraph", "Visits are late."),
    ]
    assert [unit and unit.finding for unit in document.matches] == [None, "concern"]
