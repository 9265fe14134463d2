"""Unit files for other schedulers."""

from __future__ import annotations

import configparser
import shlex

import pytest
import yaml

from pipeline.errors import SettingsError
from pipeline.retraining.times import Times
from pipeline.retraining.units import on_calendar, unit_file

ARGUMENTS = ["--add", 'my labels/50% "new".jsonl', "--notify", "mail -s 'it''s done' $TEAM"]
TIMES = Times.of("0 3 * * 1", "Europe/London")


def ini(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(text)
    return parser


def test_cron():
    text = unit_file("cron", TIMES, ARGUMENTS, "/srv/my store")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert lines[0] == "CRON_TZ=Europe/London"
    [line] = lines[1:]
    assert line.startswith("0 3 * * 1 cd ")
    # cron makes every % that isn't escaped a line end.
    assert "%" not in line.replace("\\%", "")
    words = shlex.split(line.replace("\\%", "%").removeprefix("0 3 * * 1 "))
    assert words == ["cd", "/srv/my store", "&&", "pipeline", "retrain", "--quiet", *ARGUMENTS]


def test_systemd():
    text = unit_file("systemd", TIMES, ARGUMENTS, "/srv/store")
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


def test_github_actions():
    text = unit_file("github-actions", TIMES, ARGUMENTS, ".")
    found = yaml.safe_load(text)
    # YAML 1.1 takes `on` for a truth value.
    assert found[True]["schedule"] == [{"cron": "0 3 * * 1", "timezone": "Europe/London"}]
    assert found["concurrency"] == {"group": "retrain", "cancel-in-progress": False}
    [*_, last] = found["jobs"]["retrain"]["steps"]
    command, _, rest = last["run"].partition(" | ")
    assert shlex.split(command) == ["pipeline", "retrain", "--json", *ARGUMENTS]
    assert rest == "tee outcome.json"


def test_kubernetes():
    found = yaml.safe_load(unit_file("kubernetes", TIMES, ARGUMENTS, "/work"))
    assert (found["apiVersion"], found["kind"]) == ("batch/v1", "CronJob")
    assert (found["spec"]["schedule"], found["spec"]["timeZone"]) == ("0 3 * * 1", "Europe/London")
    assert found["spec"]["concurrencyPolicy"] == "Forbid"
    [container] = found["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    # Kubernetes expands $(NAME) in commands, and nothing else.
    assert container["command"] == ["pipeline", "retrain", "--json", *ARGUMENTS]
    assert container["workingDir"] == container["volumeMounts"][0]["mountPath"] == "/work"
