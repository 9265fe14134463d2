"""`pipeline held-out`: the articles that versions are measured on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.retraining.held_out import load


@pytest.fixture
def held(run, small_corpus: Path, here: Path):
    (here / "own.yaml").write_text(
        "features: {bits: 14}\n"
        'retraining: {margin: 1.0, label_fall: 1.0, calibration_rise: 1.0, samples: 100, behaviour: ""}\n',
        encoding="utf-8",
    )
    shutil.copytree(small_corpus, here / "corpus")

    def called(*arguments: object):
        labelled = [] if arguments[1] == "show" else ["--corpus", "corpus"]
        return run(*arguments, *labelled, "--models", "models", "--config", "own.yaml")

    return called


def test_none_are_held_out_at_first(held, here: Path):
    done = held("held-out", "show")
    assert (done.returncode, done.stdout) == (0, "")
    assert "none are held out yet" in done.stderr
    assert json.loads(held("held-out", "show", "--json").stdout) == {"made": None, "why": None, "articles": []}


def test_those_that_are_held_out_are_shown(held, here: Path):
    held("retrain", "--quiet")
    done = held("held-out", "show", "--json")
    told = json.loads(done.stdout)
    assert told["why"] == "the first retraining"
    assert sorted(article["kind"] for article in told["articles"]) == ["letters", "news", "pages"]
    shown = held("held-out", "show").stdout
    assert "3 articles held out since" in shown
    assert all(article["name"] in shown for article in told["articles"])


def test_they_are_chosen_anew_on_demand_only(held, here: Path):
    held("retrain", "--quiet")
    before = load(here / "models")
    done = held("held-out", "renew", "--seed", "5", "--why", "labels settled")
    assert (done.returncode, done.stderr) == (0, "3 articles are held out\n")
    after = load(here / "models")
    assert before is not None and after is not None
    assert (after.why, after.anchor is not None) == ("labels settled", True)
    assert {article.name for article in before.articles} != {article.name for article in after.articles}


def test_more_can_be_held_out(held, here: Path):
    held("retrain", "--quiet")
    before = load(here / "models")
    done = held("held-out", "add", "news/*", "--why", "all news")
    assert (done.returncode, done.stderr) == (0, "3 more articles are held out: 6 in all\n")
    after = load(here / "models")
    assert before is not None and after is not None
    assert after.articles[:3] == before.articles
    assert after.why == "the first retraining; all news"
    # The version in use saw them: it is measured by a stand-in.
    told = json.loads(held("retrain", "--json", "--force", "--quiet").stdout)
    assert told["comparisons"][0]["stand_in"] is True
    assert told["articles"]["trained_on"] == 6


def test_names_that_are_not_there_are_said(held, here: Path):
    done = held("held-out", "add", "news/*")
    assert done.returncode == 1
    assert "none are held out yet" in done.stderr
    held("retrain", "--quiet")
    done = held("held-out", "add", "nothing*")
    assert done.returncode == 1
    assert "no article that isn't held out yet has the name nothing*" in done.stderr
