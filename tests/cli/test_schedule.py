"""`pipeline schedule`: retraining at set times."""

from __future__ import annotations

import json
import re
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from pipeline.cli import app as cli
from pipeline.cli.schedule import _PASSED_ON
from pipeline.retraining import health
from pipeline.store import Store

ROOT = Path(__file__).parent.parent.parent


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


def test_help_shows_an_example_and_the_commands(run):
    assert "Retrain at set times until told to end, or print unit files" in run("--help").stdout
    done = run("schedule", "--help")
    assert "Example: pipeline schedule --cron" in done.stdout
    assert all(f" {name} " in done.stdout for name in ("print", "check"))


def test_times_must_be_given(run, here: Path):
    assert run("schedule").returncode == 2


def test_options_before_a_command_are_not_passed_over(run, here: Path):
    done = run("schedule", "--cron", "0 5 * * *", "--quiet", "print", "--as", "cron")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--cron --quiet: goes after 'print', not before it" in done.stderr


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


def test_what_is_passed_on_is_an_option_of_retrain():
    commands = get_command(cli).commands
    group = commands["schedule"]
    known = {parameter.name for parameter in commands["retrain"].params}
    assert set(_PASSED_ON) <= known
    for command in (group, group.commands["print"]):
        assert known & {parameter.name for parameter in command.params} == {*_PASSED_ON, "quiet"}


def cached(text: str) -> str:
    [path] = [
        s["with"]["path"] for s in yaml.safe_load(text)["jobs"]["retrain"]["steps"] if "path" in s.get("with", {})
    ]
    return path


def test_github_actions_keep_the_store_that_is_used(run, here: Path):
    words = ["schedule", "print", "--as", "github-actions"]
    assert cached(run(*words).stdout) == "./models"
    assert cached(run(*words, "--models", "store").stdout) == "./store"
    (here / "sub").mkdir()
    (here / "sub" / "own.yaml").write_text("store: kept\nreviews: said\n", encoding="utf-8")
    done = run(*words, "--config", "own.yaml", "--folder", "sub")
    assert cached(done.stdout) == "sub/kept"
    assert "# Corrections are read from 'sub/said'," in done.stdout
    assert cached(run(*words, "--config", "own.yaml", "--folder", "sub", "--models", "store").stdout) == "sub/store"


def test_a_configuration_that_names_the_store_must_be_there(run, here: Path):
    done = run("schedule", "print", "--as", "github-actions", "--config", "own.yaml")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: own.yaml: no such file: check the path\n"
    # Others run elsewhere, and need not know.
    assert run("schedule", "print", "--as", "cron", "--config", "own.yaml").returncode == 0


@pytest.mark.parametrize("alive", [[], ["--alive"]])
def test_health_is_told_by_exit_code(run, here: Path, alive: list[str]):
    done = run("schedule", "check", "health.json", *alive)
    assert (done.returncode, done.stderr) == (1, "health.json: no health file: the schedule has not started\n")
    (here / "health.json").write_text("{", encoding="utf-8")
    done = run("schedule", "check", "health.json", *alive)
    assert done.returncode == 1
    assert done.stderr.startswith("error: health.json: can't be read (it isn't JSON): ")
    health.write(here / "health.json", {"state": "ended"})
    done = run("schedule", "check", "health.json", *alive)
    assert (done.returncode, done.stderr) == (1, "health.json: the schedule has ended\n")


def test_a_failed_run_is_no_dead_schedule(run, here: Path):
    health.write(here / "health.json", {"state": "waiting", "last": {"outcome": "failed", "reason": "no corpus"}})
    done = run("schedule", "check", "health.json")
    assert (done.returncode, done.stderr) == (1, "health.json: the last run failed: no corpus\n")
    done = run("schedule", "check", "--alive", "health.json")
    assert (done.returncode, done.stderr) == (0, "health.json: alive\n")
    assert run("schedule", "check", "--alive", "--quiet", "health.json").stderr == ""


def test_the_page_restarts_a_schedule_only_when_it_is_dead():
    page = (ROOT / "docs" / "retraining.md").read_text(encoding="utf-8")
    assert re.findall("HEALTHCHECK .*", page) == [
        "HEALTHCHECK --interval=5m CMD pipeline schedule check --alive health.json"
    ]
    [probes] = [yaml.safe_load(block) for block in re.findall("```yaml\n(.*?)```", page, re.DOTALL) if "Probe" in block]
    assert probes["livenessProbe"]["exec"]["command"] == ["pipeline", "schedule", "check", "--alive", "health.json"]
    assert probes["readinessProbe"]["exec"]["command"] == ["pipeline", "schedule", "check", "health.json"]
    # Kubernetes' own is one second, in which no Python is sure to have started.
    assert all(probe["timeoutSeconds"] >= 5 for probe in probes.values())


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not sent this way on Windows")
def test_it_retrains_when_it_is_time_and_ends_when_told(started, run, here: Path, small_corpus: Path):
    shutil.copytree(small_corpus, here / "corpus")
    (here / "own.yaml").write_text('features: {bits: 14}\nretraining: {behaviour: ""}\n', encoding="utf-8")
    # A run that was missed while the schedule was down is made up for at once: no test waits for a minute to turn.
    told = {"cron": "0 3 * * 1", "timezone": "Europe/London", "next_run": "2026-01-05T03:00:00+00:00"}
    (here / "health.json").write_text(json.dumps(told), encoding="utf-8")
    words = ["--cron", "0 3 * * 1", "--timezone", "Europe/London", "--health", "health.json"]
    words += ["--corpus", "corpus", "--config", "own.yaml", "--models", "models"]
    with started("next run: ", "schedule", *words) as (process, said):
        assert run("schedule", "check", "health.json").returncode == 0
        process.send_signal(signal.SIGTERM)
        said.extend(process.stderr.read().splitlines(keepends=True))
        assert process.wait(30) == 0
    assert said[0] == "missed the run of Mon 05 Jan 2026 03:00 GMT: running now\n"
    assert any(line.startswith("promoted: no version was in use") for line in said)
    assert said[-1] == "ended\n"
    found = json.loads((here / "health.json").read_text(encoding="utf-8"))
    assert (found["state"], found["last"]["outcome"]) == ("ended", "promoted")
    assert found["last"]["version"] == Store(here / "models").current()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not sent this way on Windows")
def test_told_to_end_in_the_middle_of_a_run_it_ends_both(started, here: Path):
    told = {"cron": "0 3 * * 1", "timezone": "UTC", "next_run": "2026-01-05T03:00:00+00:00"}
    (here / "health.json").write_text(json.dumps(told), encoding="utf-8")
    words = ["--cron", "0 3 * * 1", "--health", "health.json", "--models", "models"]
    with started("… training", "schedule", *words) as (process, _):
        start = time.monotonic()
        process.send_signal(signal.SIGTERM)
        said = process.stderr.read()
        assert process.wait(60) == 0
    assert time.monotonic() - start < 15
    assert "broken off: the schedule was told to end" in said
    assert Store(here / "models").versions() == []
    found = json.loads((here / "health.json").read_text(encoding="utf-8"))
    assert found["last"]["exit_code"] == 143
