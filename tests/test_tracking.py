"""Tracking: what is logged in MLflow, and that it fails nothing. A stand-in plays MLflow where it isn't installed."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from pipeline import tracking
from pipeline.learning.training import Trained
from pipeline.store import Store, Version

NAMES = ("MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_NAME", *tracking._ENVIRONMENT)


@dataclass
class Client:
    """What `MlflowClient` does that is used here; runs are kept for the test to see."""

    experiments: dict[str, str] = field(default_factory=dict)
    runs: dict[str, dict] = field(default_factory=dict)
    fails: str = ""
    error: Exception = field(default_factory=lambda: ConnectionError("no server\nat all"))

    def get_experiment_by_name(self, name: str) -> SimpleNamespace | None:
        return SimpleNamespace(experiment_id=self.experiments[name]) if name in self.experiments else None

    def create_experiment(self, name: str) -> str:
        self.experiments[name] = str(len(self.experiments))
        return self.experiments[name]

    def create_run(self, experiment_id: str, run_name: str) -> SimpleNamespace:
        if self.fails == "create":
            raise self.error
        self.runs[run_name] = {
            "experiment": experiment_id,
            "params": {},
            "metrics": {},
            "tags": {},
            "status": "RUNNING",
        }
        return SimpleNamespace(info=SimpleNamespace(run_id=run_name, start_time=1))

    def log_batch(self, run_id: str, *, params: list = (), metrics: list = (), tags: list = ()) -> None:
        if self.fails == "log":
            raise ConnectionError
        assert len(params) <= 100
        for kind, values in (("params", params), ("metrics", metrics), ("tags", tags)):
            self.runs[run_id][kind].update({value.key: value.value for value in values})

    def set_terminated(self, run_id: str, status: str = "FINISHED") -> None:
        print(f"View run {run_id}")  # as the client of a server does
        self.runs[run_id]["status"] = status


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    kept = {name: os.environ.pop(name, None) for name in NAMES}
    yield
    for name, value in kept.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Client:
    """A stand-in for MLflow, and a tracking URI."""
    client = Client()
    package, entities = ModuleType("mlflow"), ModuleType("mlflow.entities")
    package.MlflowClient = lambda: client
    entities.Metric = lambda key, value, timestamp, step: SimpleNamespace(key=key, value=value)
    entities.Param = entities.RunTag = lambda key, value: SimpleNamespace(key=key, value=value)
    monkeypatch.setitem(sys.modules, "mlflow", package)
    monkeypatch.setitem(sys.modules, "mlflow.entities", entities)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", (tmp_path / "runs").as_uri())
    return client


@pytest.fixture
def version(trained: Trained, tmp_path: Path) -> Version:
    return Store(tmp_path / "models").write(
        trained.model, metrics=trained.metrics, card="", corpus="f" * 64, parameters=trained.parameters
    )


def test_a_run_has_parameters_metrics_and_the_versions_place(client: Client, version: Version, trained: Trained):
    assert tracking.track(version, action="retrain") is None
    [(name, run)] = client.runs.items()
    assert name == version.name
    assert run["status"] == "FINISHED"
    assert client.experiments == {"inspection-pipeline": run["experiment"]}
    assert run["params"]["training.folds"] == "3"
    assert run["metrics"]["findings.macro_f1"] == trained.metrics["findings"]["macro_f1"]
    assert "findings.labels.concern.f1" in run["metrics"]
    assert run["tags"]["artefact"] == str(version.folder.resolve())
    assert run["tags"]["action"] == "retrain"
    assert run["tags"]["corpus"] == "f" * 64


def test_the_experiment_may_be_named_and_is_used_again(client: Client, version: Version, monkeypatch):
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "letters")
    for _ in range(2):
        assert tracking.track(version) is None
    assert list(client.experiments) == ["letters"]


def test_nothing_is_reported_to_mlflows_makers(client: Client, version: Version):
    tracking.track(version)
    assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == "true"


def test_without_a_place_nothing_is_logged(client: Client, version: Version, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    assert tracking.track(version) is None
    assert not client.runs


SERVER = "name a tracking server in MLFLOW_TRACKING_URI, like http://127.0.0.1:5000"


@pytest.mark.parametrize(("fails", "said"), [("create", "no server"), ("log", "ConnectionError")])
def test_what_fails_is_said_in_a_line(client: Client, version: Version, fails: str, said: str):
    client.fails = fails
    assert tracking.track(version) == f"not logged in MLflow ({said}): check that it answers, or {SERVER}"
    assert all(run["status"] == "FAILED" for run in client.runs.values())


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            "The filesystem tracking backend is in maintenance mode.\nset `MLFLOW_ALLOW_FILE_STORE=true` to opt out",
            f"(it keeps no runs in a folder unless asked to): set MLFLOW_ALLOW_FILE_STORE=true too, or {SERVER}",
        ),
        (
            " Model registry functionality is unavailable; got unsupported URI 'sqlite:///x.db'. Supported are: []",
            f"(it can't log there): {SERVER}; a database needs the whole of MLflow, pip install mlflow",
        ),
    ],
)
def test_what_mlflow_refuses_is_said_with_how_to_mend_it(client: Client, version: Version, error: str, said: str):
    client.fails, client.error = "create", RuntimeError(error)
    assert tracking.track(version) == f"not logged in MLflow {said}"


def test_a_password_in_the_address_is_not_told(client: Client, version: Version):
    client.fails, client.error = "create", RuntimeError("request to https://ann:p@ss@example.org:1/api failed")
    said = tracking.track(version)
    assert said is not None and said.startswith("not logged in MLflow (request to https://example.org:1/api failed)")


def test_what_mlflow_prints_stays_out_of_our_output(client: Client, version: Version, capsys):
    assert tracking.track(version) is None
    assert client.runs
    assert capsys.readouterr().out == ""


def test_without_mlflow_it_is_said_how_to_get_it(version: Version, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "file:///tmp/none")
    monkeypatch.setitem(sys.modules, "mlflow", None)
    assert "pip install 'inspection-pipeline[mlflow]'" in tracking.track(version)


def test_training_is_logged_and_a_failure_is_a_note(run, client: Client, here: Path, small_corpus, small_config):
    words = ["train", "--corpus", small_corpus, "--config", small_config, "--models", here / "models"]
    assert "MLflow" not in run(*words).stderr
    assert list(client.runs) == [Store(here / "models").current()]
    client.fails = "create"
    done = run(*words)
    assert done.returncode == 0
    [*_, last] = done.stderr.splitlines()
    assert last.startswith("note: not logged in MLflow (no server): ")


@pytest.mark.parametrize("quiet", [[], ["--quiet"]])
def test_retraining_is_logged_and_a_failure_is_a_note_in_its_json(
    run, client: Client, here: Path, small_corpus, small_config, quiet: list[str]
):
    words = ["retrain", "--corpus", small_corpus, "--config", small_config, "--models", here / "models", "--json"]
    client.fails = "create"
    done = run(*words, *quiet)
    told = json.loads(done.stdout)
    assert done.returncode == 0 and told["version"]
    [note] = told["notes"]
    assert note.startswith("not logged in MLflow (no server): ")
    assert (f"note: {note}\n" in done.stderr) is not bool(quiet)
    client.fails = ""
    done = run(*words, "--force")
    assert json.loads(done.stdout)["notes"] == []
    assert list(client.runs) == [json.loads(done.stdout)["version"]]


@pytest.mark.skipif(importlib.util.find_spec("mlflow") is None, reason="MLflow isn't installed")
@pytest.mark.filterwarnings("ignore")
def test_mlflow_itself_takes_a_run(version: Version, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", (tmp_path / "runs").as_uri())
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    assert tracking.track(version) is None
    from mlflow import MlflowClient

    client = MlflowClient()
    [run] = client.search_runs([client.get_experiment_by_name("inspection-pipeline").experiment_id])
    assert run.info.status == "FINISHED"
    assert run.data.params["training.folds"] == "3"
    assert run.data.metrics["findings.macro_f1"] > 0
    assert run.data.tags["artefact"] == str(version.folder.resolve())
