"""Unit files for other schedulers."""

from __future__ import annotations

import configparser
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from pipeline.errors import SettingsError
from pipeline.retraining.times import Times
from pipeline.retraining.units import Job, on_calendar, unit_file

ARGUMENTS = ["--add", 'my labels/50% "new".jsonl', "--notify", "mail -s 'it''s done' $TEAM"]
TIMES = Times.of("0 3 * * 1", "Europe/London")


def ini(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(text)
    return parser


def test_cron():
    text = unit_file("cron", Job(TIMES, ARGUMENTS, "/srv/my store"))
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert lines[0] == "CRON_TZ=Europe/London"
    [line] = lines[1:]
    assert line.startswith("0 3 * * 1 cd ")
    # cron makes every % that isn't escaped a line end.
    assert "%" not in line.replace("\\%", "")
    words = shlex.split(line.replace("\\%", "%").removeprefix("0 3 * * 1 "))
    assert words == ["cd", "/srv/my store", "&&", "pipeline", "retrain", "--quiet", *ARGUMENTS]


def test_systemd():
    text = unit_file("systemd", Job(TIMES, ARGUMENTS, "/srv/store"))
    _, service, timer = text.split("# /etc/systemd/system/")
    assert service.startswith("pipeline-retrain.service\n")
    found = ini("#" + service)
    assert found["Service"]["Type"] == "oneshot"
    assert found["Service"]["WorkingDirectory"] == "/srv/store"
    assert found["Service"]["ExecStart"] == (
        '/usr/bin/env pipeline retrain --add "my labels/50%% \\"new\\".jsonl" '
        "--notify \"mail -s 'it''s done' $$TEAM\""
    )
    found = ini("#" + timer)
    assert found["Timer"] == {"OnCalendar": "Mon *-*-* 03:00:00 Europe/London", "Persistent": "yes"}
    assert found["Install"]["WantedBy"] == "timers.target"


@pytest.mark.parametrize(
    ("line", "calendar"),
    [
        ("*/15 * * * *", "*-*-* *:00,15,30,45:00 UTC"),
        ("30 4 1,15 * *", "*-*-01,15 04:30:00 UTC"),
        ("0 3 * 1-3 sat,sun", "Sun,Sat *-01,02,03-* 03:00:00 UTC"),
        ("0 3 * * 7", "Sun *-*-* 03:00:00 UTC"),
        ("0 3 */2 * 1", "Mon *-*-01,03,05,07,09,11,13,15,17,19,21,23,25,27,29,31 03:00:00 UTC"),
    ],
)
def test_times_as_systemd_writes_them(line: str, calendar: str):
    assert on_calendar(Times.of(line, "UTC")) == calendar


@pytest.mark.parametrize(
    ("line", "message"), [("0 3 1 * 1", "give one of them"), ("0 3 L * *", "plain days"), ("0 3 * * 1#2", "plain days")]
)
def test_times_that_systemd_does_not_know_are_said(line: str, message: str):
    with pytest.raises(SettingsError, match=message):
        on_calendar(Times.of(line, "UTC"))


def steps(job: Job) -> list[dict]:
    return yaml.safe_load(unit_file("github-actions", job))["jobs"]["retrain"]["steps"]


def test_github_actions():
    found = yaml.safe_load(unit_file("github-actions", Job(TIMES, ARGUMENTS, ".")))
    # YAML 1.1 takes `on` for a truth value.
    assert found[True]["schedule"] == [{"cron": "0 3 * * 1", "timezone": "Europe/London"}]
    assert found["concurrency"] == {"group": "retrain", "cancel-in-progress": False}
    [*_, last] = found["jobs"]["retrain"]["steps"]
    assert shlex.split(last["run"]) == ["pipeline", "retrain", "--json", *ARGUMENTS]


@pytest.mark.parametrize(
    ("folder", "store", "path"),
    [
        (".", "models", "./models"),
        (".", "my models: 'all'", "./my models: 'all'"),
        ("work/", "models", "work/models"),
        (".", "/mnt/store", "/mnt/store"),
        (".", "../store", "./../store"),
    ],
)
def test_github_actions_keep_the_store_that_is_used(folder: str, store: str, path: str):
    [kept] = [step["with"] for step in steps(Job(TIMES, [], folder, store)) if "cache" in step.get("uses", "")]
    assert kept["path"] == path
    # A run that is run again has the same id: under a key that is taken, nothing would be kept.
    assert "github.run_id" in kept["key"] and "github.run_attempt" in kept["key"]
    assert kept["key"].startswith(kept["restore-keys"])


def test_github_actions_say_where_corrections_come_from():
    text = unit_file("github-actions", Job(TIMES, [], ".", reviews="my\nreviews"))
    [line] = [line for line in text.splitlines() if "Corrections" in line]
    assert line.strip().startswith("# Corrections are read from './my\\nreviews',")
    assert len(yaml.safe_load(text)["jobs"]["retrain"]["steps"]) == 5


@pytest.mark.skipif(sys.platform == "win32", reason="GitHub's shell is bash there only when asked for")
@pytest.mark.parametrize("code", [0, 1])
def test_a_run_that_fails_is_a_step_that_fails(tmp_path: Path, code: int):
    program = tmp_path / "pipeline"
    program.write_text(f"#!/bin/sh\nexit {code}\n", encoding="utf-8")
    program.chmod(0o755)
    [*_, last] = steps(Job(TIMES, ["--models", "my models"], "."))
    assert "shell" not in last
    (tmp_path / "step.sh").write_text(last["run"], encoding="utf-8")
    # As GitHub runs a step that names no shell: without pipefail.
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    assert subprocess.run(["bash", "-e", "step.sh"], cwd=tmp_path, env=environment, check=False).returncode == code


def test_kubernetes():
    found = yaml.safe_load(unit_file("kubernetes", Job(TIMES, ARGUMENTS, "/work")))
    assert (found["apiVersion"], found["kind"]) == ("batch/v1", "CronJob")
    assert (found["spec"]["schedule"], found["spec"]["timeZone"]) == ("0 3 * * 1", "Europe/London")
    assert found["spec"]["concurrencyPolicy"] == "Forbid"
    [container] = found["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    # Kubernetes expands $(NAME) in commands, and nothing else.
    assert container["command"] == ["pipeline", "retrain", "--json", *ARGUMENTS]
    assert container["workingDir"] == container["volumeMounts"][0]["mountPath"] == "/work"
