"""`pipeline models`: list, show, verify, export."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest

from pipeline.labels import FINDINGS
from pipeline.store import Store, load_model


@pytest.fixture
def models(run, own_store: Path, here: Path):
    def called(*arguments: object, models: Path | None = None):
        return run("models", *arguments, "--models", models or own_store)

    return called


@pytest.fixture
def name(own_store: Path) -> str:
    current = Store(own_store).current()
    assert current
    return current


def test_versions_are_listed_with_their_scores(models, name: str):
    [row] = json.loads(models("list", "--json").stdout)
    assert (row["version"], row["current"]) == (name, True)
    assert 0 < row["themes_micro_f1"] < row["findings_macro_f1"] < 1
    shown = models("list").stdout
    assert name in shown
    assert "current" in shown
    assert f"{row['findings_macro_f1']:.3f}" in shown


def test_no_versions_are_no_error(models, here: Path):
    done = models("list", models=here / "none")
    assert (done.returncode, done.stdout) == (0, "")
    assert "train one with 'pipeline train'" in done.stderr
    assert json.loads(models("list", "--json", models=here / "none").stdout) == []


def test_the_card_is_shown_or_the_manifest_and_metrics(models, own_store: Path, name: str):
    card = (own_store / name / "card.md").read_text(encoding="utf-8")
    for arguments in ((), (name,)):
        assert models("show", *arguments).stdout.strip() == card.strip()
    found = json.loads(models("show", "--json").stdout)
    assert found["current"] is True
    assert found["manifest"]["version"] == name
    assert found["metrics"]["findings"]["macro_f1"] > 0


def test_a_version_folder_may_be_named_instead_of_a_store(models, own_store: Path, name: str, here: Path):
    for command in (["show"], ["verify"], ["export", "current", "out.joblib"]):
        assert models(*command, models=own_store / name).returncode == 0
    assert json.loads(models("show", "--json", models=own_store / name).stdout)["current"] is True


def test_a_whole_version_is_verified(models, own_store: Path, name: str):
    done = models("verify")
    assert (done.returncode, done.stderr) == (0, f"{own_store / name}: whole and unaltered\n")
    assert models("verify", name, "--quiet").stderr == ""


@pytest.mark.parametrize("file", ["model.json", "manifest.json", "card.md", "arrays/coefficients.npy"])
def test_a_damaged_version_is_not(models, own_store: Path, name: str, file: str):
    (own_store / name / file).write_bytes(b"{}")
    done = models("verify")
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {own_store / name}: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("version", ["../own-models", "..", "none", "/etc"])
@pytest.mark.parametrize("command", [["show"], ["verify"], ["export"]])
def test_a_version_that_is_not_there_is_said(models, name: str, here: Path, command: list[str], version: str):
    done = models(*command, version, *(["out.joblib"] if command == ["export"] else []))
    assert (done.returncode, done.stdout) == (1, "")
    assert f"no version '{version}'" in done.stderr
    assert name in done.stderr
    assert not (here / "out.joblib").exists()


def test_estimators_are_exported_whose_probabilities_are_the_models(models, own_store: Path, here: Path):
    assert models("export", "current", "findings.joblib").stderr == "wrote findings.joblib\n"
    assert models("export", "current", "themes.joblib", "--themes", "--quiet").stderr == ""
    table = pd.DataFrame({"text": ["Visits are late.", "Plans are good.", "Leaders should act."], "article": "a"})
    findings, themes = load_model(own_store).probabilities(table)
    exported = joblib.load(here / "findings.joblib")
    order = [list(exported.classes_).index(finding) for finding in FINDINGS]
    assert np.abs(exported.predict_proba(table)[:, order] - findings).max() < 1e-6
    assert np.abs(joblib.load(here / "themes.joblib").predict_proba(table) - themes).max() < 1e-6


def test_a_file_that_cannot_be_written_is_said(models):
    done = models("export", "current", "no/such/out.joblib")
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "can't be written" in done.stderr


def test_one_damaged_version_is_named_when_listing(models, own_store: Path, name: str):
    shutil.copytree(own_store / name, own_store / "20000101T000000Z")
    (own_store / "20000101T000000Z" / "metrics.json").write_text("{", encoding="utf-8")
    done = models("list")
    assert "20000101T000000Z" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_card_cannot_steer_the_terminal(run, own_store: Path):
    [card] = own_store.glob("*/card.md")
    card.write_text("# A model\n\x1b[2J\x9b2JTrained here\n", encoding="utf-8")
    assert run("models", "show", "--models", own_store).stdout == "# A model\n [2J 2JTrained here\n"
