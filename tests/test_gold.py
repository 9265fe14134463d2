"""Gold: labelled units in both shapes, measured on the path that predicts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import ArticleError, CorpusError
from pipeline.gold import evaluate_gold, read_gold
from pipeline.labels import FINDINGS, Themes
from pipeline.learning.training import train
from pipeline.model import Model
from pipeline.settings import Settings


def rows_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def written(path: Path, rows: list[dict]) -> Path:
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def own_gold(gold: Path, tmp_path: Path) -> Path:
    return shutil.copytree(gold, tmp_path / "gold")


def test_units_with_headings_are_scored_as_a_table(gold: Path, model: Model):
    found = read_gold(gold / "units.jsonl", None, model.themes)
    assert not found.articles
    assert len(found.units) == 9
    result = evaluate_gold(model, found)
    predicted = model.predict_sentences(found.units[["article", "heading", "text"]])
    right = (predicted["finding"] == found.units["finding"]).mean()
    assert result["findings"]["accuracy"] == pytest.approx(right)
    assert result["findings"]["sentences"] == 9
    assert result["findings_without_unsure"]["sentences"] == 8
    assert result["themes"]["sentences"] == 7
    assert result["themes_without_unsure"]["sentences"] == 6
    assert "spans" not in result


def test_units_as_offsets_are_scored_end_to_end(gold: Path, model: Model):
    found = read_gold(gold / "spans.jsonl", None, model.themes)
    assert list(found.articles) == ["fenny-bridge"]
    result = evaluate_gold(model, found)
    assert result["spans"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    predicted = model.predict_articles(list(found.articles.values()))
    right = sum(one == other for one, other in zip(predicted["finding"], found.units["finding"], strict=True))
    assert result["findings"]["accuracy"] == pytest.approx(right / len(found.units))


def test_a_unit_takes_the_label_of_the_sentence_that_overlaps_it_most(own_gold: Path, model: Model):
    text = (own_gold / "articles" / "fenny-bridge.txt").read_text(encoding="utf-8")
    start = text.index("Inspectors found")
    end = text.index("Care leavers do not") - 2
    both = {"article": "fenny-bridge", "start": start, "end": end, "text": text[start:end]}
    path = written(own_gold / "joined.jsonl", [{**both, "finding": "strength"}])
    found = read_gold(path, None, model.themes)
    result = evaluate_gold(model, found)
    predicted = model.predict_articles(list(found.articles.values())).set_index("text")
    longer = "Inspectors found that social workers know children well and visit them often."
    assert result["findings"]["accuracy"] == float(predicted.loc[longer, "finding"] == "strength")
    assert result["spans"]["recall"] == 0.0
    assert "themes" not in result  # none were labelled


def test_intervals_hold_the_scores(gold: Path, model: Model):
    result = evaluate_gold(model, read_gold(gold / "units.jsonl", None, model.themes))
    for part, names in (("findings", ("macro_f1", "accuracy")), ("themes", ("micro_f1",))):
        for name in names:
            low, high = result[part]["intervals"][name]
            assert low <= result[part][name] <= high
    json.dumps(result)


def test_the_order_of_units_in_the_file_does_not_matter_for_offsets(own_gold: Path, model: Model):
    shuffled = written(own_gold / "shuffled.jsonl", rows_of(own_gold / "spans.jsonl")[::-1])
    one, other = (evaluate_gold(model, read_gold(own_gold / name, None, model.themes))
                  for name in ("spans.jsonl", shuffled.name))  # fmt: skip
    assert one["findings"] == other["findings"]
    assert one["spans"] == other["spans"]


def test_csv_is_read_too(tmp_path: Path, model: Model):
    path = tmp_path / "gold.csv"
    path.write_text(
        'text,finding,themes,unsure\nVisits are late.,concern,practice,True\nPlans work.,strength,"[""practice""]",\n',
        encoding="utf-8",
    )
    found = read_gold(path, None, model.themes)
    assert found.units["unsure"].tolist() == [True, False]
    assert found.units["themes"].tolist() == [["practice"], ["practice"]]
    assert found.units["article"].nunique() == 2
    assert evaluate_gold(model, found)["findings"]["sentences"] == 2


def test_articles_may_stand_in_another_folder(own_gold: Path, model: Model, tmp_path: Path):
    (own_gold / "articles").rename(tmp_path / "elsewhere")
    with pytest.raises(CorpusError, match=r"no article 'fenny-bridge' in .*: name its folder with --articles"):
        read_gold(own_gold / "spans.jsonl", None, model.themes)
    assert read_gold(own_gold / "spans.jsonl", tmp_path / "elsewhere", model.themes).articles


def test_an_article_that_cannot_be_read_is_said(own_gold: Path, model: Model):
    (own_gold / "articles" / "fenny-bridge.txt").write_bytes(b"\0")
    with pytest.raises(ArticleError, match="NUL byte"):
        read_gold(own_gold / "spans.jsonl", None, model.themes)


def test_every_bad_row_is_listed(own_gold: Path, model: Model):
    rows = rows_of(own_gold / "spans.jsonl")
    rows[0]["finding"] = "good"
    rows[1]["themes"] = ["zzz"]
    rows[2]["text"] = ""
    rows[3]["start"] = "here"
    path = written(own_gold / "bad.jsonl", rows)
    with pytest.raises(CorpusError) as caught:
        read_gold(path, None, model.themes)
    assert [message.split(": ")[0] for message in caught.value.problems] == [f"{path}:{line}" for line in (1, 2, 3, 4)]


def test_offsets_that_do_not_match_the_text_are_listed(own_gold: Path, model: Model):
    rows = rows_of(own_gold / "spans.jsonl")
    rows[2]["start"] += 4
    rows[3]["end"] = 99_999
    del rows[4]["start"]
    path = written(own_gold / "bad.jsonl", rows)
    with pytest.raises(CorpusError) as caught:
        read_gold(path, None, model.themes)
    problems = caught.value.problems
    assert [message.split(": ")[0] for message in problems] == [f"{path}:{line}" for line in (3, 4, 5)]
    assert "correct the offsets" in problems[0]
    assert "lies outside" in problems[1]
    assert "missing" in problems[2]


@pytest.mark.parametrize("content", [None, "", "\n"])
def test_no_file_or_no_unit_is_said(tmp_path: Path, content: str | None):
    path = tmp_path / "gold.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"no such file|no labelled unit"):
        read_gold(path, None, ())


def test_a_model_without_themes_is_measured_on_findings(gold: Path, examples: pd.DataFrame, settings: Settings):
    bare = train(examples, {}, settings).model
    for name in ("units.jsonl", "spans.jsonl"):
        result = evaluate_gold(bare, read_gold(gold / name, None, bare.themes))
        assert set(result["findings"]["labels"]) == set(FINDINGS)
        assert "themes" not in result


def test_the_real_gold_is_read(themes: Themes, model: Model):
    folder = Path(__file__).parents[2] / "shared" / "gold"
    if not folder.is_dir():
        pytest.skip("../shared/gold is not here")
    letters = read_gold(folder / "letters.jsonl", None, themes)
    news = read_gold(folder / "news.jsonl", None, themes)
    assert (len(letters.units), len(news.units), len(news.articles)) == (576, 63, 2)
    assert evaluate_gold(model, news)["spans"]["f1"] >= 0.97
