"""An article that is purged is not learnt from any more, and retraining goes on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipeline.store import Store

CONFIG = """
features: {bits: 14}
retraining: {margin: 1.0, label_fall: 1.0, calibration_rise: 1.0, samples: 100, behaviour: ""}
"""
NEWS = "Council news\n\nStaff stay longer now. Managers should check plans more often. Visits are sometimes late.\n"


def answered(run, here: Path, findings: dict[str, str]) -> None:
    """Ana's answers to the sentences that begin so, brought in."""
    table = pd.read_csv(here / "out.csv", keep_default_na=False)
    for word, finding in findings.items():
        table.loc[table["text"].str.startswith(word), "finding"] = finding
    table.to_csv(here / "in.csv", index=False)
    done = run("review", "import", "in.csv", "--by", "ana")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("purged", [True, False])
def test_retraining_goes_on_when_corrections_are_purged_or_taken_back(
    run, store: Path, here: Path, small_corpus: Path, purged: bool
):
    shutil.copytree(small_corpus, here / "corpus")
    (here / "lenient.yaml").write_text(CONFIG, encoding="utf-8")
    (here / "news.txt").write_text(NEWS, encoding="utf-8")
    options = ("--corpus", "corpus", "--config", "lenient.yaml", "--models", "models")
    assert run("review", "export", "news.txt", "-o", "out.csv", "--all", "--models", store).returncode == 0
    answered(run, here, {"Staff": "strength", "Visits": "concern"})
    done = run("retrain", *options)
    assert done.returncode == 0, done.stderr
    name = Store(here / "models").current()
    if purged:
        assert run("review", "purge", "news.txt").returncode == 0
    else:
        answered(run, here, {"Staff": "can't tell", "Visits": "can't tell"})
    assert not any(b"news.txt" in path.read_bytes() for path in (here / "models").rglob("*.json"))
    done = run("retrain", *options)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("promoted ")
    assert (
        f"note: 1 article whose corrections {name} learnt from has none left: purged, withdrawn or in dispute\n"
        in done.stderr
    )
    assert run("retrain", *options).stdout.startswith("unchanged: ")
