"""Whether corrections are believed: they are put to versions that haven't learnt them, few or many, or bit by bit."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from pipeline.labels import FINDINGS
from pipeline.retraining import held_out, judging
from pipeline.retraining.outcomes import Outcome
from pipeline.retraining.statistics import improbability
from pipeline.settings import Settings
from pipeline.store import Store

Rows = list[dict[str, Any]]


@pytest.fixture
def guard(lenient: Settings) -> Settings:
    """Settings with which nothing but doubtful corrections keeps a challenger out."""
    return lenient.replace(retraining=lenient.retraining.replace(disagreement=0.2, samples=2000))


@pytest.fixture(autouse=True)
def sure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every version gives 85 % to what a sentence is labelled; to something else where it says that it is odd."""

    def probabilities(_: object, rows: pd.DataFrame) -> np.ndarray:
        found = np.full((len(rows), len(FINDINGS)), 0.05)
        labels = rows["finding"].where(~rows["text"].str.contains("oddly"), "concern")
        found[np.arange(len(rows)), [FINDINGS.index(label) for label in labels]] = 0.85
        return found

    monkeypatch.setattr(judging, "probabilities", probabilities)


def corrections(week: int, agreeing: int, odd: int) -> Rows:
    """A week's corrections: those that a version agrees with, and others."""
    words = ["gladly"] * agreeing + ["oddly"] * odd
    return [
        {"text": f"In week {week} a visitor wrote plan {number} {word}.", "finding": "none", "article": f"{week}"}
        for number, word in enumerate(words)
    ]


@pytest.mark.parametrize("odd", [5, 8, 19, 40])
def test_a_batch_that_is_all_wrong_is_kept_out_however_small(first: Outcome, retrained, guard: Settings, odd: int):
    found = retrained(corrections=corrections(1, 0, odd), settings=guard)
    assert found.outcome == "kept"
    assert found.against == [
        f"the version in use {first.version} finds {odd} new corrections improbable (it agrees with 0% of them, where "
        "its confidence promises 85%): look at them; if they are right, promote the challenger by hand"
    ]


@pytest.mark.parametrize(("agreeing", "odd"), [(0, 1), (0, 2), (1, 2), (3, 2), (6, 4), (12, 7), (80, 39)])
def test_what_may_be_honest_is_believed(first: Outcome, retrained, guard: Settings, agreeing: int, odd: int):
    assert retrained(corrections=corrections(1, agreeing, odd), settings=guard).outcome == "promoted"


def test_honest_batches_are_believed_week_by_week(first: Outcome, retrained, guard: Settings):
    rows: Rows = []
    # Reviewers get what is doubtful, and err: they agree less often than the version is sure of.
    for week, (agreeing, odd) in enumerate([(4, 1), (3, 2), (7, 3), (2, 0), (5, 3), (14, 6)]):
        rows += corrections(week, agreeing, odd)
        assert retrained(corrections=rows, settings=guard).outcome == "promoted"


def test_small_portions_add_up(first: Outcome, store: Store, retrained, guard: Settings):
    # So many honest ones that the false ones of all weeks are few among them.
    rows = corrections(0, 60, 15)
    assert retrained(corrections=rows, settings=guard).outcome == "promoted"
    outcomes = []
    for week in range(1, 6):
        rows = rows + corrections(week, 0, 1)
        found = retrained(corrections=rows, settings=guard)
        outcomes.append(found.outcome)
    assert outcomes == ["promoted", "promoted", "promoted", "kept", "kept"]
    # By the oldest version, which has learnt none of them: those in use since have learnt all but the last.
    assert found.against == [
        f"the first version {first.version} finds 4 new corrections improbable (it agrees with 0% of them, where its "
        "confidence promises 85%): look at them; if they are right, promote the challenger by hand"
    ]


def test_what_is_taken_back_stands_in_nobodys_way(first: Outcome, retrained, guard: Settings):
    good = corrections(1, 4, 1)
    assert retrained(corrections=good + corrections(2, 0, 8), settings=guard).outcome == "kept"
    assert retrained(corrections=good, settings=guard).outcome == "promoted"


def test_what_a_person_blessed_is_settled(first: Outcome, store: Store, retrained, guard: Settings):
    rows = corrections(1, 0, 8)
    kept = retrained(corrections=rows, settings=guard)
    store.promote(str(kept.version))
    rows = rows + corrections(2, 4, 1)
    # It is in use, but nobody has said that it is good: the first version is still asked.
    assert "the first version" in retrained(corrections=rows, settings=guard, dry_run=True).reason
    store.bless(str(kept.version))
    assert retrained(corrections=rows, settings=guard).outcome == "promoted"


@pytest.mark.parametrize("role", ["blessed version", "first version"])
def test_those_are_asked_that_it_is_compared_with(first: Outcome, store: Store, retrained, guard: Settings, role: str):
    if role == "blessed version":
        store.bless(str(first.version))
    else:
        held = held_out.load(store.root)
        assert held is not None
        msgspec.structs.replace(held, anchor=first.version).save(store.root)
    rows = corrections(1, 0, 2)
    assert retrained(corrections=rows, settings=guard).outcome == "promoted"
    found = retrained(corrections=rows + corrections(2, 0, 2), settings=guard)
    assert found.outcome == "kept"
    assert [line.partition(" finds")[0] for line in found.against] == [f"the {role} {first.version}"]


def test_an_older_version_than_the_one_in_use_when_articles_were_held_out_is_not_asked(
    first: Outcome, store: Store, retrained, guard: Settings
):
    rows = corrections(1, 0, 2)
    second = retrained(corrections=rows, settings=guard)
    held = held_out.load(store.root)
    assert held is not None
    msgspec.structs.replace(held, anchor=second.version).save(store.root)
    assert retrained(corrections=rows + corrections(2, 0, 2), settings=guard).outcome == "promoted"


def test_a_damaged_version_that_cannot_be_asked_is_said(first: Outcome, store: Store, retrained, guard: Settings):
    rows = corrections(1, 4, 1)
    second = retrained(corrections=rows, settings=guard)
    (store.root / str(first.version) / "model.json").write_text("{", encoding="utf-8")
    found = retrained(corrections=rows + corrections(2, 4, 1), settings=guard)
    assert (found.outcome, store.current()) == ("kept", second.version)
    assert found.reason.startswith("the first version can't be asked about corrections (")
    assert found.reason.endswith("): bless another with 'pipeline models promote'")


def test_the_check_can_be_turned_off(first: Outcome, retrained, lenient: Settings):
    off = lenient.replace(retraining=lenient.retraining.replace(disagreement=1.0))
    assert retrained(corrections=corrections(1, 0, 30), settings=off).outcome == "promoted"


# The test


def p_value(chances: list[list[float]], given: list[int], wrong: float = 0.0, samples: int = 20_000) -> float:
    parts = np.ones((1, len(given)), dtype=bool)
    return float(improbability(np.array(chances), np.array(given), parts, wrong=wrong, samples=samples)[0])


def test_where_only_agreement_tells_it_is_the_binomial_distribution():
    for agreed in (0, 3, 6, 9, 10):
        found = p_value([[0.7, 0.1, 0.1, 0.1]] * 10, [0] * agreed + [1] * (10 - agreed))
        assert found == pytest.approx(stats.binom.cdf(agreed, 10, 0.7), abs=0.01)


def test_a_label_that_was_nearly_given_is_less_improbable_than_one_that_was_not():
    assert p_value([[0.5, 0.4, 0.06, 0.04]] * 4, [1] * 4) > 0.1
    assert p_value([[0.5, 0.4, 0.06, 0.04]] * 4, [3] * 4) < 0.001


def test_a_share_may_be_wrong():
    chances, given = [[0.97, 0.01, 0.01, 0.01]] * 20, [0] * 16 + [1] * 4
    assert p_value(chances, given) < 0.01
    assert p_value(chances, given, wrong=0.2) > 0.3


def test_one_alone_is_never_improbable_where_a_share_may_be_wrong():
    assert p_value([[1.0, 0.0, 0.0, 0.0]], [1], wrong=0.2) > 0.1


def test_it_keeps_its_level():
    generator = np.random.default_rng(1)
    found = []
    for _ in range(400):
        chances = generator.dirichlet([2, 1, 1, 0.5], 8)
        given = (generator.random((8, 1)) > chances.cumsum(axis=1)[:, :-1]).sum(axis=1)
        found.append(p_value(chances.tolist(), given.tolist(), samples=200))
    assert np.mean(np.array(found) <= 0.1) == pytest.approx(0.1, abs=0.04)


def test_each_part_is_judged_by_itself():
    chances, given = np.array([[0.9, 0.1]] * 12), np.array([0] * 9 + [1] * 3)
    parts = np.array([np.arange(12) < 9, np.arange(12) >= 9, np.full(12, True)])
    found = improbability(chances, given, parts, seed=3)
    assert found[0] == 1
    assert found[1] == pytest.approx(0.001, abs=0.002)
    assert found[2] == pytest.approx(stats.binom.cdf(9, 12, 0.9), abs=0.03)
    assert (found == improbability(chances, given, parts, seed=3)).all()
