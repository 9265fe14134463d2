"""Sentences whose finding must hold."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.errors import SettingsError
from pipeline.model import Model
from pipeline.retraining.behaviour import Check, broken, load_checks
from pipeline.settings import load_settings


def written(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_those_that_come_with_the_product_are_whole():
    checks = load_checks(load_settings().retraining.behaviour)
    assert len(checks) >= 20
    assert {check.finding for check in checks} == {"strength", "concern", "recommendation", "none"}
    assert len({check.text for check in checks}) == len(checks)


def test_those_that_come_with_the_product_hold(whole_model: Model):
    assert broken(whole_model, load_checks(load_settings().retraining.behaviour)) == []


def test_no_file_no_checks(model: Model):
    assert load_checks("") == []
    assert broken(model, []) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b", "must be a list of checks"),
        ("- {finding: none}", "check 1: needs a 'text'"),
        ("- {text: A., finding: none}\n- just text", "check 2: needs a 'text'"),
        (
            "- {text: A., finding: bad}",
            "check 1: finding must be one of strength, concern, recommendation, none, not 'bad'",
        ),
        ("- {text: A., finding: none, theme: x}", "check 1: unknown key 'theme'"),
        ("- {text: A., finding: concern, themes: x}", "check 1: themes must be a list of keys"),
        ("- [", "not readable as YAML"),
    ],
)
def test_what_is_unfit_is_said(tmp_path: Path, text: str, message: str):
    with pytest.raises(SettingsError, match=message):
        load_checks(written(tmp_path / "checks.yaml", text))


def test_a_file_that_is_not_there_is_said():
    with pytest.raises(SettingsError, match="no such file"):
        load_checks("nowhere.yaml")


def test_what_does_not_hold_is_told(model: Model):
    text = "Social workers visit children often and know them well."
    finding = model.predict_sentences(pd.DataFrame({"text": [text]}))["finding"][0]
    other = "none" if finding != "none" else "concern"
    assert broken(model, [Check(text, finding, "", ())]) == []
    assert broken(model, [Check(text, other, "", ())]) == [
        f"behaviour check 1 gets {finding}, not {other}: {text[:60]!r}"
    ]


def test_themes_that_the_model_knows_must_be_there(model: Model):
    text = "Inspectors visited in June."
    predicted = model.predict_sentences(pd.DataFrame({"text": [text]})).iloc[0]
    missing = next(key for key in model.themes if key not in predicted["themes"])
    assert broken(model, [Check(text, predicted["finding"], "", (missing, "unheard_of"))]) == [
        f"behaviour check 1 lacks the theme {missing}: {text!r}"
    ]
