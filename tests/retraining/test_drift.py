"""When new articles are another kind."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from pipeline.labels import FINDINGS
from pipeline.retraining.drift import Drift, drift_of
from pipeline.retraining.profile import Baseline, Profile, Words
from pipeline.retraining.statistics import histogram
from pipeline.settings import load_settings

SETTINGS = load_settings().drift
KEYS = ("one", "two")
WORDS = [f"w{'abcdefghij'[n // 100]}{'abcdefghij'[n // 10 % 10]}{'abcdefghij'[n % 10]}" for n in range(1000)]


def findings_table(
    articles: int,
    *,
    seed: int,
    shares: tuple[float, ...] = (0.5, 0.25, 0.1, 0.15),
    themes: tuple[float, float] = (0.5, 0.2),
    unknown: float = 0.05,
    sure: float = 8.0,
    words: float = 15.0,
) -> pd.DataFrame:
    """Articles of thirty sentences as a model may see them, each a little different."""
    generator = np.random.default_rng(seed)
    rows = []
    for article in range(articles):
        own = generator.dirichlet(np.array(shares) * 20)
        for _ in range(30):
            finding = FINDINGS[generator.choice(4, p=own)]
            length = max(int(generator.normal(words, 4)), 3)
            text = [
                "new" + WORDS[generator.integers(1000)][1:]
                if generator.random() < unknown
                else WORDS[generator.integers(1000)]
                for _ in range(length)
            ]
            given = [key for key, share in zip(KEYS, themes, strict=True) if generator.random() < share]
            confidence = 0.25 + 0.75 * generator.beta(sure, 1)
            rows.append((f"a{article}", " ".join(text), "paragraph", finding, given, confidence))
    return pd.DataFrame(rows, columns=["article", "text", "block", "finding", "themes", "confidence"])


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    table = findings_table(120, seed=1)
    words = Words.of(WORDS)
    empty = np.zeros(0)
    edges = {
        "confidence": np.quantile(table["confidence"], np.linspace(0.1, 0.9, 9)),
        "length": np.unique(np.quantile(table["text"].str.split().str.len(), np.linspace(0.1, 0.9, 9))),
    }
    blank = Profile(np.zeros((0, 4)), np.zeros((0, 2)), KEYS, empty, empty, empty, edges, {})
    from pipeline.retraining.profile import profile_of

    return Baseline(profile_of(table, Baseline(blank, words)), words)


def drift(baseline: Baseline, articles: int = 40, seed: int = 2, **changes: object) -> Drift:
    return drift_of(findings_table(articles, seed=seed, **changes), baseline, SETTINGS)  # type: ignore[arg-type]


def test_articles_of_the_same_kind_are_steady(baseline: Baseline):
    verdicts = [drift(baseline, articles, seed=seed).verdict for articles in (5, 20, 60) for seed in range(2, 12)]
    assert verdicts == ["steady"] * 30


@pytest.mark.parametrize(
    ("changes", "shifted", "verdict"),
    [
        ({"unknown": 0.15}, ["unknown words"], "retrain"),
        ({"sure": 3.0}, ["confidence"], "retrain"),
        ({"words": 22.0}, ["length"], "watch"),
        ({"shares": (0.15, 0.6, 0.1, 0.15)}, ["findings"], "watch"),
        ({"themes": (0.1, 0.6)}, ["themes"], "watch"),
        ({"themes": (0.1, 0.6), "words": 22.0}, ["length", "themes"], "retrain"),
    ],
)
def test_what_shifted_is_told(baseline: Baseline, changes: dict[str, object], shifted: list[str], verdict: str):
    found = drift(baseline, **changes)
    assert [measure.name for measure in found.measures if measure.shifted] == shifted
    assert found.verdict == verdict
    assert found.why.startswith(" and ".join(shifted) + " shifted: ")


def test_fewer_unknown_words_and_more_confidence_are_no_trouble(baseline: Baseline):
    assert drift(baseline, unknown=0.0).verdict == "steady"
    assert drift(baseline, sure=60.0).verdict == "steady"


def test_a_small_shift_of_many_articles_does_not_matter(baseline: Baseline):
    found = drift(baseline, 300, unknown=0.06)
    assert found.measures[0].p_value < 0.01
    assert found.verdict == "steady"


def test_few_articles_cannot_tell(baseline: Baseline):
    found = drift(baseline, 4, unknown=0.9)
    assert (found.verdict, found.why) == ("too few", "4 articles: at least 5 are needed to tell")
    assert found.measures == []
    assert len(found.words) == 20
    assert drift(baseline, 1).why == "1 article: at least 5 are needed to tell"


def test_new_words_are_those_of_the_articles_themselves(baseline: Baseline):
    found = drift(baseline, unknown=0.3)
    assert found.words
    assert all(word["word"].startswith("new") for word in found.words)


def test_it_is_plain_data(baseline: Baseline):
    found = drift(baseline, words=22.0)
    told = json.loads(json.dumps(found.to_dict()))
    assert told["verdict"] == "watch"
    assert [measure["name"] for measure in told["measures"]] == [
        "unknown words",
        "confidence",
        "length",
        "findings",
        "themes",
    ]
    length = told["measures"][2]
    assert length["now"] - length["before"] == pytest.approx(7, abs=0.5)
    assert length["stability_index"] > SETTINGS.stability
    assert set(told["measures"][3]["now"]) == set(FINDINGS)


def test_histograms_share_the_baselines_bins(baseline: Baseline):
    edges = baseline.profile.edges["confidence"]
    assert histogram(np.array([0.0, 1.0]), edges).tolist() == [1.0, *[0.0] * 8, 1.0]


# Copies


def copied(table: pd.DataFrame, times: int) -> pd.DataFrame:
    """Each article as often as that, under other names."""
    copies = [table.assign(article=table["article"] + f" {number}") for number in range(1, times)]
    return pd.concat([table, *copies], ignore_index=True)


def test_copies_count_once(baseline: Baseline):
    table = findings_table(6, seed=5, themes=(0.1, 0.6))
    alone, often = (drift_of(found, baseline, SETTINGS) for found in (table, copied(table, 8)))
    assert (alone.copies, often.copies) == (0, 42)
    assert alone.to_dict() | {"copies": 42} == often.to_dict()
    assert (often.articles, often.sentences) == (6, 180)


def test_copies_of_one_article_are_one_article(baseline: Baseline):
    found = drift_of(copied(findings_table(1, seed=5, unknown=0.5), 6), baseline, SETTINGS)
    assert (found.verdict, found.why) == ("too few", "1 article: at least 5 are needed to tell")
    assert (found.articles, found.sentences, found.copies, found.measures) == (1, 30, 5, [])
    assert found.words[0]["articles"] == 1


def test_furniture_makes_no_other_article_and_the_same_sentence_no_copy(baseline: Baseline):
    table = copied(findings_table(1, seed=5), 2)
    table.loc[30, ["text", "block"]] = ["Printed on Monday", "furniture"]
    table.loc[0, ["text", "block"]] = ["Printed on Friday", "furniture"]
    assert drift_of(table, baseline, SETTINGS).copies == 1
    table.loc[59, "text"] = "It ends in another way."
    assert drift_of(table, baseline, SETTINGS).copies == 0
    table["block"] = "furniture"
    assert (drift_of(table, baseline, SETTINGS).articles, drift_of(table, baseline, SETTINGS).copies) == (0, 0)
