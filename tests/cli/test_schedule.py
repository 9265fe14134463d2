"""`pipeline schedule`: retraining at set times."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from pipeline.store import Store


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--cron", "0 3 * *"], "error: '0 3 * *' is no line of cron: it needs 5 fields"),
        (["--cron", "61 3 * * 1"], "error: '61 3 * * 1' is no line of cron: the minute is wrong"),
        (["--cron", "0 3 * * 1", "--timezone", "Mars"], "error: 'Mars' is no time zone: use a name like Europe/London"),
    ],
)
@pytest.mark.parametrize("command", [["schedule"], ["schedule", "print", "--as", "cron"]])
def test_wrong_times_are_one_line_and_code_2(run, here: Path, command: list[str], arguments: list[str], said: str):
    done = run(*command, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert line.startswith(said)


def test_times_must_be_given(run, here: Path):
    assert run("schedule").returncode == 2


@pytest.mark.parametrize("kind", ["cron", "systemd", "github-actions", "kubernetes"])
def test_unit_files_are_printed(run, here: Path, kind: str):
    done = run(
        "schedule", "print", "--as", kind, "--cron", "0 3 * * 1", "--models", "my models", "--add", "a", "--add", "b"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "my models" in done.stdout
    if kind in ("github-actions", "kubernetes"):
        assert isinstance(yaml.safe_load(done.stdout), dict)


def test_times_that_systemd_does_not_know_are_code_2(run, here: Path):
    done = run("schedule", "print", "--as", "systemd", "--cron", "0 3 1 * 1")
    assert (done.returncode, done.stdout) == (2, "")
    assert "systemd can't tell" in done.stderr


def test_health_is_told_by_exit_code(run, here: Path):
    done = run("schedule", "check", "health.json")
    assert (done.returncode, done.stderr) == (1, "health.json: no health file: the schedule has not started\n")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not sent this way on Windows")
def test_it_retrains_when_it_is_time_and_ends_when_told(program: str, run, here: Path, small_corpus: Path):
    shutil.copytree(small_corpus, here / "corpus")
    (here / "own.yaml").write_text('features: {bits: 14}\nretraining: {behaviour: ""}\n', encoding="utf-8")
    # A run that was missed while the schedule was down is made up for at once: no test waits for a minute to turn.
    told = {"cron": "0 3 * * 1", "timezone": "Europe/London", "next_run": "2026-01-05T03:00:00+00:00"}
    (here / "health.json").write_text(json.dumps(told), encoding="utf-8")
    words = ["--cron", "0 3 * * 1", "--timezone", "Europe/London", "--health", "health.json"]
    words += ["--corpus", "corpus", "--config", "own.yaml", "--models", "models"]
    with subprocess.Popen(
        [program, "schedule", *words],
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            if line.startswith("next run: "):
                break
        assert run("schedule", "check", "health.json").returncode == 0
        process.send_signal(signal.SIGTERM)
        said += process.stderr.read().splitlines(keepends=True)
        assert process.wait(30) == 0
    assert said[0] == "missed the run of Mon 05 Jan 2026 03:00 GMT: running now\n"
    assert any(line.startswith("promoted: no version was in use") for line in said)
    assert said[-1] == "ended\n"
    found = json.loads((here / "health.json").read_text(encoding="utf-8"))
    assert (found["state"], found["last"]["outcome"]) == ("ended", "promoted")
    assert found["last"]["version"] == Store(here / "models").current()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not sent this way on Windows")
def test_told_to_end_in_the_middle_of_a_run_it_ends_both(program: str, here: Path):
    told = {"cron": "0 3 * * 1", "timezone": "UTC", "next_run": "2026-01-05T03:00:00+00:00"}
    (here / "health.json").write_text(json.dumps(told), encoding="utf-8")
    with subprocess.Popen(
        [program, "schedule", "--cron", "0 3 * * 1", "--health", "health.json", "--models", "models"],
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("… training"):
                break
        start = time.monotonic()
        process.send_signal(signal.SIGTERM)
        said = process.stderr.read()
        assert process.wait(60) == 0
    assert time.monotonic() - start < 15
    assert "broken off: the schedule was told to end" in said
    assert Store(here / "models").versions() == []
    found = json.loads((here / "health.json").read_text(encoding="utf-8"))
    assert found["last"]["exit_code"] == 143
