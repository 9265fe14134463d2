"""Reading a corpus: documents and sentences, checked as a whole."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipeline.corpus import check_corpus, read_corpus
from pipeline.errors import CorpusError
from pipeline.labels import FINDINGS, Themes


def sentences_file(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def document(folder: Path, name: str, *units: tuple[str, str]) -> Path:
    """A document whose paragraphs are the units' texts."""
    path = folder / f"{name}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    text, rows = "", []
    for unit, finding in units:
        rows.append({"start": len(text), "end": len(text) + len(unit), "text": unit, "finding": finding})
        text += unit + "\n\n"
    path.write_text(text, encoding="utf-8", newline="")
    sentences_file(path.with_suffix(".jsonl"), *rows)
    return path


def test_the_small_corpus_is_read_without_a_problem(small_corpus: Path, themes: Themes):
    corpus, problems = check_corpus([small_corpus], themes)
    assert problems.errors == problems.warnings == []
    assert len(corpus.documents) == 12
    assert {found.kind for found in corpus.documents} == {"letters", "news", "pages"}


def test_examples_are_the_splitters_sentences_with_labels(examples: pd.DataFrame):
    assert (examples["finding"] != "").all()
    assert set(examples["finding"]) == set(FINDINGS)
    first = examples[examples["article"] == "letters/letter-wendlebury-2021"].set_index("text")
    row = first.loc["However, plans are too general and do not say what must change, or by when."]
    assert (row["finding"], row["themes"], row["heading"]) == ("concern", ["practice"], "Main findings")
    assert row["speaker"] == "inspector"
    item = first.loc["- The use of audits to improve practice."]
    assert (item["finding"], item["block"], item["heading"]) == ("recommendation", "bullet", "What needs to improve")


def test_loose_sentences_keep_what_they_are_given(tmp_path: Path):
    path = sentences_file(
        tmp_path / "loose.jsonl",
        {"text": "Visits\nare late.", "finding": "concern", "heading": "H", "block": "bullet", "speaker": "other"},
        {"text": "Plans are good.", "finding": "strength", "themes": ["practice"], "article": "a"},
    )
    table = read_corpus([path], ("practice",)).examples
    assert table["text"].tolist() == ["Visits are late.", "Plans are good."]
    assert table["article"].tolist() == ["loose.jsonl#1", "a"]
    assert table["themes"].tolist() == [None, ["practice"]]
    assert table.loc[0, ["heading", "block", "speaker"]].tolist() == ["H", "bullet", "other"]
    assert set(table["kind"]) == {"sentences"}


def test_documents_and_sentences_go_together(tmp_path: Path):
    document(tmp_path / "c", "one", ("Visits are late.", "concern"))
    sentences_file(tmp_path / "c" / "more.jsonl", {"text": "Plans are good.", "finding": "strength"})
    (tmp_path / "c" / "README.md").write_text("What this is.", encoding="utf-8")
    table = read_corpus([tmp_path / "c"], ()).examples
    assert table["finding"].tolist() == ["concern", "strength"]
    assert table["kind"].tolist() == ["c", "sentences"]


def test_a_single_document_may_be_named(tmp_path: Path):
    path = document(tmp_path, "one", ("Visits are late.", "concern"))
    sentences_file(tmp_path / "one.jsonl", {"start": 0, "end": 16, "text": "Visits are late.", "finding": "concern"})
    assert read_corpus([path], ()).examples["finding"].tolist() == ["concern"]


def test_every_problem_of_a_corpus_is_listed_at_once(tmp_path: Path):
    root = tmp_path / "c"
    document(root, "bad-label", ("Visits are late.", "bad"))
    document(root, "alone", ("Visits are late.", "concern")).with_suffix(".jsonl").unlink()
    document(root, "first", ("The same text here.", "none"))
    document(root, "second", ("The same text here.", "none"))
    shifted = document(root, "shifted", ("Plans are good.", "strength"))
    sentences_file(
        shifted.with_suffix(".jsonl"), {"start": 1, "end": 16, "text": "Plans are good.", "finding": "strength"}
    )
    sentences_file(root / "orphan.jsonl", {"start": 0, "end": 3, "text": "Abc", "finding": "none"})
    sentences_file(
        root / "loose.jsonl",
        {"text": "Audits are weak and late.", "finding": "concern"},
        {"text": "", "finding": "none"},
        {"text": "Audits are weak and late.", "finding": "strength"},
        {"text": "Theme unknown.", "finding": "concern", "themes": ["zzz"]},
    )
    (root / "table.csv").write_text("text,finding\nVisits are late.,wrong\n", encoding="utf-8")
    _, problems = check_corpus([root, tmp_path / "missing"], ("practice",))
    said = "\n".join(problems.errors)
    for expected in (
        f"{root / 'bad-label.jsonl'}:1: unknown finding 'bad'",
        f"{root / 'alone.txt'}: a text without labels",
        f"{root / 'second.txt'}: the same text as {root / 'first.txt'}",
        f"{root / 'shifted.jsonl'}:1: the text at 1-16",
        f"{root / 'orphan.jsonl'}: labels without a text",
        f"{root / 'loose.jsonl'}:2: empty text",
        f"{root / 'loose.jsonl'}:3: strength, but concern in the same context at {root / 'loose.jsonl'}:1",
        f"{root / 'loose.jsonl'}:4: unknown theme 'zzz'",
        f"{root / 'table.csv'}:2: unknown finding 'wrong'",
        f"{tmp_path / 'missing'}: no such file or folder",
    ):
        assert expected in said
    assert len(problems.errors) == 10

    with pytest.raises(CorpusError) as caught:
        read_corpus([root], ("practice",))
    assert caught.value.summary == "9 problems in the corpus: mend them, nothing was trained"
    assert len(caught.value.problems) == 9
    assert str(caught.value).splitlines()[1:] == list(caught.value.problems)


def test_two_labels_in_the_same_context_are_an_error_and_in_others_a_warning(tmp_path: Path):
    same = "This was too late for some children."
    document(tmp_path / "a", "one", ("Visits were missed by the team.", "concern"), (same, "concern"))
    document(tmp_path / "a", "two", ("Visits were made by the team.", "strength"), (same, "none"))
    _, problems = check_corpus([tmp_path / "a"], ())
    assert problems.errors == []
    assert [message for message in problems.warnings if same in message and "different contexts" in message]

    document(tmp_path / "b", "one", ("Visits were missed by the team.", "concern"), (same, "concern"))
    document(
        tmp_path / "b",
        "two",
        ("Something else.", "none"),
        ("Visits were missed by the team.", "concern"),
        (same, "none"),
    )
    _, problems = check_corpus([tmp_path / "b"], ())
    assert len(problems.errors) == 1
    assert f"{tmp_path / 'b' / 'two.jsonl'}:3: none, but concern in the same context" in problems.errors[0]


def test_units_cut_otherwise_than_the_splitter_are_warned_of(tmp_path: Path):
    path = document(tmp_path, "one", ("Visits are late. Plans are weak.", "concern"))
    corpus, problems = check_corpus([tmp_path], ())
    assert problems.errors == []
    assert [message for message in problems.warnings if message.startswith(f"{path.with_suffix('.jsonl')}:1: ")]
    assert [unit.line for unit in corpus.documents[0].matches if unit] == [1, 1]


@pytest.mark.parametrize("name", ["empty", "notes.png"])
def test_a_folder_or_file_without_labels_is_an_error(tmp_path: Path, name: str):
    path = tmp_path / name
    if name == "empty":
        path.mkdir()
    else:
        path.write_text("x", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"nothing labelled was found|not a corpus"):
        read_corpus([path], ())


def test_the_fingerprint_is_of_texts_and_labels_whatever_the_order(tmp_path: Path, small_corpus: Path, themes: Themes):
    whole = read_corpus([small_corpus], themes).fingerprint
    parts = [small_corpus / "pages", small_corpus / "letters", small_corpus / "news"]
    assert read_corpus(parts, themes).fingerprint == whole
    copy = shutil.copytree(small_corpus, tmp_path / "copy")
    assert read_corpus([copy], themes).fingerprint == whole
    labels = next((copy / "news").glob("*.jsonl"))
    changed = labels.read_text(encoding="utf-8").replace('"concern"', '"strength"', 1)
    labels.write_text(changed, encoding="utf-8")
    assert read_corpus([copy], themes).fingerprint != whole


def test_documents_of_one_name_from_two_folders_stay_apart(tmp_path: Path):
    document(tmp_path / "mine", "one", ("Visits are late.", "concern"))
    document(tmp_path / "yours", "one", ("Plans are good.", "strength"))
    table = read_corpus([tmp_path / "mine", tmp_path / "yours"], ()).examples
    assert table["article"].nunique() == 2
    assert table["kind"].tolist() == ["mine", "yours"]


def test_the_bundled_corpus_has_no_errors(themes: Themes):
    from pipeline.settings import bundled

    corpus, problems = check_corpus([bundled("data/corpus")], themes)
    assert problems.errors == []
    assert len(corpus.documents) >= 60
    assert sum(len(found.units) for found in corpus.documents) >= 1500
