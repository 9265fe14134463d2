"""Tuning: the search changes settings only where that gains."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.labels import Themes
from pipeline.learning.training import train
from pipeline.learning.tuning import tune
from pipeline.settings import Settings

pytestmark = pytest.mark.usefixtures("short_search")


def test_tuning_gains_on_a_poor_setting_and_tells_so(examples: pd.DataFrame, settings: Settings):
    poor = settings.replace(finding=settings.finding.replace(regularisation=0.001, balance=0.0))
    told: list[str] = []
    tuned = tune(examples, {}, poor, progress=told.append)
    assert tuned.finding.regularisation > 0.001
    assert tuned.themes == poor.themes
    assert tuned.training == poor.training
    assert "as configured" in told[0]
    assert "chosen" in told[-1]
    before, after = (train(examples, {}, chosen).metrics["findings"]["macro_f1"] for chosen in (poor, tuned))
    assert after > before


def test_tuning_themes_needs_themes(examples: pd.DataFrame, themes: Themes, settings: Settings):
    unthemed = examples.assign(themes=pd.Series([None] * len(examples), dtype=object))
    told: list[str] = []
    assert tune(unthemed, themes, settings, progress=told.append).themes == settings.themes
    assert not [line for line in told if line.startswith("themes")]
