"""`pipeline review purge`: an article is forgotten and not learnt from any more, and retraining goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from samples.articles import NEWS
from samples.reviews import answer

from pipeline.store import Store


@pytest.mark.parametrize("by_file", [True, False])
def test_a_purged_article_is_forgotten(review, sheet: pd.DataFrame, here: Path, by_file: bool):
    answer(sheet, here / "in.csv", Staff="strength")
    review("import", "in.csv", "--by", "ana")
    if by_file:
        (here / "moved.txt").write_text(NEWS, encoding="utf-8")  # the same text under another name
    (here / "news.txt").unlink()
    done = review("purge", "moved.txt" if by_file else "news.txt")
    digest = sheet.loc[sheet["article"] == "news.txt", "id"].iloc[0].partition(":")[0]
    assert done.stderr == f"news.txt ({digest}): forgotten with 4 sentences and 1 review\n"
    assert b"Staff stay" not in b"".join(path.read_bytes() for path in (here / "reviews").iterdir())
    assert json.loads(review("status", "--json").stdout)["sentences"] == len(sheet) - 4
    assert review("import", "in.csv", "--by", "ana").returncode == 1


def test_an_article_that_is_not_there_is_not_said_to_be_forgotten(review, sheet: pd.DataFrame, here: Path):
    (here / "sub").mkdir()
    (here / "sub" / "news.txt").write_text("Another text.\n", encoding="utf-8")
    for asked in ("nwes.txt", "sub/news.txt"):
        done = review("purge", asked)
        assert done.returncode == 1
        assert done.stderr == (
            f"error: {asked}: nothing is kept of an article of this name, digest or text, and nothing was forgotten: "
            "did you mean news.txt?\n"
        )
    assert json.loads(review("status", "--json").stdout)["sentences"] == len(sheet)


@pytest.mark.parametrize("edited", [True, False])
def test_an_article_is_purged_by_its_name_alone_or_another_path(
    review, here: Path, edited: bool, monkeypatch: pytest.MonkeyPatch
):
    (here / "sub").mkdir()
    (here / "news.txt").rename(here / "sub" / "news.txt")
    assert review("export", here / "sub", "-o", "out.csv", "--all").returncode == 0
    if edited:
        (here / "sub" / "news.txt").unlink()
    else:
        monkeypatch.chdir(here / "sub")
    done = review("purge", "news.txt", "--reviews", here / "reviews")
    assert done.returncode == 0, done.stderr
    assert "news.txt (" in done.stderr
    assert done.stderr.endswith("forgotten with 4 sentences and 0 reviews\n")


# Retraining


def answered(review, here: Path, **findings: str) -> None:
    """Ana's answers to the sentences that begin so, brought in."""
    answer(pd.read_csv(here / "out.csv", keep_default_na=False), here / "in.csv", **findings)
    done = review("import", "in.csv", "--by", "ana")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("purged", [True, False])
def test_retraining_goes_on_when_corrections_are_purged_or_taken_back(review, retrain, here: Path, purged: bool):
    assert review("export", "news.txt", "-o", "out.csv", "--all").returncode == 0
    answered(review, here, Staff="strength", Visits="concern")
    done = retrain()
    assert done.returncode == 0, done.stderr
    name = Store(here / "models").current()
    if purged:
        assert review("purge", "news.txt").returncode == 0
    else:
        answered(review, here, Staff="can't tell", Visits="can't tell")
    assert not any(b"news.txt" in path.read_bytes() for path in (here / "models").rglob("*.json"))
    done = retrain()
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("promoted ")
    assert (
        f"note: 1 article whose corrections {name} learnt from has none left: purged, withdrawn or in dispute\n"
        in done.stderr
    )
    assert retrain().stdout.startswith("unchanged: ")
