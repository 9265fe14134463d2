"""Which challengers pass."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.labels import FINDINGS
from pipeline.retraining.gate import compare
from pipeline.retraining.measuring import Measured
from pipeline.settings import RetrainingSettings, load_settings

SETTINGS: RetrainingSettings = load_settings().retraining
ARTICLES = 40


def measured(wrong: float = 0.1, *, seed: int = 1, calibration: float = 0.03, worse_theme: float = 0.0) -> Measured:
    """Forty articles of forty sentences, a share of them wrong; ten of a finding, and ten with each of two themes."""
    generator = np.random.default_rng(seed)
    findings = np.zeros((ARTICLES, len(FINDINGS), 3), np.int64)
    themes = np.zeros((ARTICLES, 2, 3), np.int64)
    for article in range(ARTICLES):
        gold = np.repeat(np.arange(4), 10)
        found = np.where(generator.random(40) < wrong, (gold + 1) % 4, gold)
        for kind, hits in enumerate((gold == found, None, None)):
            if hits is not None:
                findings[article, :, kind] = np.bincount(gold[hits], minlength=4)
        findings[article, :, 1], findings[article, :, 2] = (
            np.bincount(found, minlength=4),
            np.bincount(gold, minlength=4),
        )
        for theme, share in enumerate((wrong, wrong + worse_theme)):
            hits = int((generator.random(10) >= share).sum())
            themes[article, theme] = hits, 10, 10
    return Measured(findings, themes, ("one", "two"), calibration)


def against(challenger: Measured, other: Measured, **settings: float) -> list[str]:
    return compare(challenger, other, SETTINGS.replace(**settings), version="v", role="version in use").against


def test_one_that_does_the_same_passes():
    assert against(measured(), measured()) == []


def test_one_that_is_better_passes():
    assert against(measured(0.05), measured(0.1)) == []


def test_one_that_is_worse_is_told_why():
    found = against(measured(0.2), measured(0.1))
    assert [line.split(" may be ")[0] for line in found[:2]] == ["macro-F1 of findings", "micro-F1 of themes"]
    assert "below that of the version in use v (0.798 and 0.899; 0.02 is allowed)" in found[0]


def test_one_that_may_be_worse_by_chance_does_not_pass():
    # Equal on average, but each wrong elsewhere: the bound knows that a difference of 0.02 is well possible.
    challenger, other = measured(0.5, seed=3), measured(0.5, seed=2)
    found = compare(challenger, other, SETTINGS, version="v", role="version in use")
    assert found.findings.bound <= -SETTINGS.margin
    assert found.findings.score - found.findings.other > -SETTINGS.margin
    assert len(found.against) >= 1


def test_a_label_that_falls_is_told_though_the_rest_makes_up_for_it():
    found = against(measured(0.1, worse_theme=0.2), measured(0.1), margin=0.5)
    assert len(found) == 1
    assert found[0].startswith("F1 of two fell from 0.9")


def test_a_label_whose_fall_may_be_chance_is_not_told():
    # All of the fall lies in two of forty articles.
    before = measured()
    themes = before.themes.copy()
    themes[:2, 0, 0] = 0
    themes[2:, 0, 0] = np.minimum(themes[2:, 0, 0] + (np.arange(38) < 8), 10)
    fallen = Measured(before.findings, themes, before.theme_keys, before.calibration)
    fall = before.labels["one"][0] - fallen.labels["one"][0]
    assert fall > 0.02
    assert against(fallen, before, margin=0.5, label_fall=0.02, level=0.999) == []
    assert against(fallen, before, margin=0.5, label_fall=0.02, level=0.6) != []


def test_a_rare_label_may_fall():
    assert against(measured(0.1, worse_theme=0.2), measured(0.1), margin=0.5, label_support=401) == []


def test_calibration_may_not_get_much_worse():
    assert against(measured(calibration=0.049), measured()) == []
    assert against(measured(calibration=0.06), measured()) == [
        "calibration error is 0.060, 0.030 above that of the version in use v"
    ]


def test_without_themes_findings_decide():
    bare = measured()
    bare = Measured(bare.findings, np.zeros((ARTICLES, 0, 3), np.int64), (), 0.03)
    found = compare(bare, bare, SETTINGS, version="v", role="version in use")
    assert found.against == []
    assert found.to_dict()["themes_micro_f1"]["difference"] == 0.0


def test_the_bound_is_of_the_level_that_is_set():
    bounds = [
        compare(measured(seed=1), measured(seed=2), SETTINGS.replace(level=level), version="v", role="r").findings.bound
        for level in (0.6, 0.9, 0.99)
    ]
    assert bounds[0] > bounds[1] > bounds[2]


def test_measures_come_back_as_they_were():
    kept = Measured.of(measured().to_dict())
    assert (kept.findings == measured().findings).all()
    assert (kept.themes == measured().themes).all()
    assert (kept.theme_keys, kept.calibration) == (("one", "two"), 0.03)
    assert kept.macro_f1 == pytest.approx(measured().macro_f1)
