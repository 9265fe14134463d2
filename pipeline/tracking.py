"""Runs in MLflow, if it is installed and `MLFLOW_TRACKING_URI` says where."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout, suppress
from typing import Any

from pipeline.store import Version
from pipeline.store.history import flat

EXPERIMENT = "inspection-pipeline"
_MADE_WITH = ("corpus", "library", "splitter", "punkt")
_BATCH = 100
_LONGEST = 500
_SERVER = "name a tracking server in MLFLOW_TRACKING_URI, like http://127.0.0.1:5000"

# MLflow would else report its use to its makers, and try for minutes to reach a server that isn't there.
_ENVIRONMENT = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "10",
}


def track(version: Version, *, action: str = "train") -> str | None:
    """Log a version's parameters, metrics and path as a run; what went wrong, in a line, since that fails nothing.

    Does nothing unless `MLFLOW_TRACKING_URI` is set. The experiment is `MLFLOW_EXPERIMENT_NAME`'s, by default
    `inspection-pipeline`. No text of any article is sent, and no model: its path, digests and scores.
    """
    if not os.environ.get("MLFLOW_TRACKING_URI"):
        return None
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    try:
        from mlflow import MlflowClient
    except ImportError:
        return "MLFLOW_TRACKING_URI is set, but MLflow is missing: pip install 'inspection-pipeline[mlflow]'"
    try:
        # MLflow prints where the run can be seen, which would stand amid our own output, as JSON.
        with redirect_stdout(io.StringIO()):
            _log(MlflowClient(), version, action)
    except Exception as error:  # whatever a server or its client raises
        return f"not logged in MLflow {_explained(error)}"
    return None


def _explained(error: Exception) -> str:
    """What went wrong in MLflow, and how to mend it."""
    said = str(error).strip()
    if "MLFLOW_ALLOW_FILE_STORE" in said:
        return f"(it keeps no runs in a folder unless asked to): set MLFLOW_ALLOW_FILE_STORE=true too, or {_SERVER}"
    if "unsupported URI" in said:
        return f"(it can't log there): {_SERVER}; a database needs the whole of MLflow, pip install mlflow"
    reason = said.splitlines()[0] if said else type(error).__name__
    # The address may hold a password, and notes are told to others.
    reason = re.sub(r"//[^/\s]*@", "//", reason)
    return f"({reason[:_LONGEST]}): check that it answers, or {_SERVER}"


def _log(client: Any, version: Version, action: str) -> None:
    run = _new_run(client, version.name)
    try:
        _fill(client, run, version, action)
    except BaseException:
        with suppress(Exception):
            client.set_terminated(run.info.run_id, "FAILED")
        raise
    client.set_terminated(run.info.run_id)


def _fill(client: Any, run: Any, version: Version, action: str) -> None:
    from mlflow.entities import Metric, Param, RunTag

    manifest, at = version.manifest, run.info.start_time
    tags: dict[str, str] = {name: str(manifest[name]) for name in _MADE_WITH if name in manifest}
    tags |= {"action": action, "artefact": str(version.folder.resolve())}
    parameters = [Param(name, str(value)[:_LONGEST]) for name, value in flat(manifest.get("parameters", {})).items()]
    metrics = [Metric(name, value, at, 0) for name, value in _numbers(version.metrics)]
    client.log_batch(run.info.run_id, tags=[RunTag(name, value) for name, value in tags.items()])
    for start in range(0, len(parameters), _BATCH):
        client.log_batch(run.info.run_id, params=parameters[start : start + _BATCH])
    for start in range(0, len(metrics), _BATCH):
        client.log_batch(run.info.run_id, metrics=metrics[start : start + _BATCH])


def _new_run(client: Any, name: str) -> Any:
    experiment = os.environ.get("MLFLOW_EXPERIMENT_NAME") or EXPERIMENT
    found = client.get_experiment_by_name(experiment)
    number = found.experiment_id if found else client.create_experiment(experiment)
    return client.create_run(number, run_name=name)


def _numbers(metrics: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    return ((name, float(value)) for name, value in flat(metrics).items() if isinstance(value, int | float))
