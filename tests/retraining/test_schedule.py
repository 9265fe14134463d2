"""Running at set times until told to end."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.errors import StoreError
from pipeline.retraining import health
from pipeline.retraining.schedule import Schedule, retrain_command
from pipeline.retraining.times import Times

DAILY = Times.of("0 3 * * *", "UTC")
START = datetime(2026, 5, 1, 2, 59, 59, tzinfo=UTC)
PROMOTED = """print('{"outcome": "promoted", "reason": "it is better", "version": "v2"}')"""


class Clock:
    """A clock that starts where it is set, when it is first looked at, and goes faster than time does."""

    def __init__(self, start: datetime = START, rate: float = 20_000.0) -> None:
        self.start, self.rate = start, rate
        self.began: float | None = None

    def __call__(self) -> datetime:
        if self.began is None:
            self.began = time.monotonic()
        return self.start + timedelta(seconds=(time.monotonic() - self.began) * self.rate)


def schedule(code: str = PROMOTED, health_file: Path | None = None, **named: object) -> tuple[Schedule, list[str]]:
    said: list[str] = []
    made = Schedule(DAILY, [sys.executable, "-c", code], said.append, health_file, **{"now": Clock(), **named})  # type: ignore[arg-type]
    return made, said


def test_it_runs_at_its_times_and_tells_the_next():
    made, said = schedule()
    made.run(runs=2)
    assert said == [
        "next run: Fri 01 May 2026 03:00 UTC",
        "running",
        "promoted: it is better",
        said[3],
        "running",
        "promoted: it is better",
        said[6],
        "ended",
    ]
    assert said[3].startswith("next run: ")


def test_times_that_are_missed_while_it_runs_come_to_one_run(tmp_path: Path):
    # A run takes about a second: five hours of this clock, in which twenty times are due.
    clock = Clock(rate=20_000)
    times = Times.of("*/15 * * * *", "UTC")
    said: list[str] = []
    Schedule(times, [sys.executable, "-c", "import time; time.sleep(1)"], said.append, now=clock).run(runs=2)
    assert said.count("running") == 2
    due = [datetime.strptime(line, "next run: %a %d %b %Y %H:%M %Z") for line in said if line.startswith("next run")]
    assert due[1] - due[0] > timedelta(hours=4)


def test_the_health_file_tells_when_it_ran_and_how(tmp_path: Path):
    path = tmp_path / "deep" / "health.json"
    made, _ = schedule(health_file=path)
    made.run(runs=1)
    told = json.loads(path.read_text(encoding="utf-8"))
    assert (told["state"], told["pid"], told["cron"], told["timezone"]) == ("ended", os.getpid(), "0 3 * * *", "UTC")
    assert told["last"]["due"] == "2026-05-01T03:00:00+00:00"
    assert (told["last"]["outcome"], told["last"]["version"], told["last"]["exit_code"]) == ("promoted", "v2", 0)
    assert datetime.fromisoformat(told["next_run"]) > START
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("code", "outcome", "reason"),
    [
        ("raise SystemExit(1)", "failed", "exit code 1"),
        ("""print('{"outcome": "failed", "reason": "no corpus"}'); raise SystemExit(1)""", "failed", "no corpus"),
        ("print('[]')", "failed", "exit code 0"),
        ("print('half {')", "failed", "exit code 0"),
    ],
)
def test_a_run_that_fails_is_told_and_the_schedule_goes_on(tmp_path: Path, code: str, outcome: str, reason: str):
    path = tmp_path / "health.json"
    made, said = schedule(code, path)
    made.run(runs=2)
    assert said.count(f"{outcome}: {reason}") == 2
    last = json.loads(path.read_text(encoding="utf-8"))["last"]
    assert (last["outcome"], last["reason"]) == (outcome, reason)


def test_a_command_that_cannot_be_started_is_told():
    said: list[str] = []
    Schedule(DAILY, ["no-such-program-here"], said.append, now=Clock()).run(runs=1)
    assert "failed: exit code 127" in said


def test_a_run_that_was_missed_while_it_was_down_is_made_up_for_once(tmp_path: Path):
    path = tmp_path / "health.json"
    made, _ = schedule(health_file=path)
    made.run(runs=1)
    later = Clock(START + timedelta(days=9))
    again, said = schedule(health_file=path, now=later)
    again.run(runs=1)
    assert said[0].startswith("missed the run of ")
    assert said[1] == "running"
    third, said = schedule(health_file=path, now=later)
    third.end()
    third.run()
    assert said[0].startswith("next run: ")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", True),
        ("{", True),
        ("[]", True),
        ('{"cron": "0 3 * * *", "timezone": "UTC", "next_run": "soon", "last": 3}', False),
    ],
)
def test_a_damaged_health_file_stops_nothing(tmp_path: Path, content: str, told: bool):
    path = tmp_path / "health.json"
    path.write_text(content, encoding="utf-8")
    made, said = schedule(health_file=path)
    made.run(runs=1)
    assert said[0].startswith(f"note: {path}: can't be read (") is told
    assert "promoted: it is better" in said
    assert json.loads(path.read_text(encoding="utf-8"))["last"]["outcome"] == "promoted"


def test_a_health_file_that_cannot_be_written_is_said_at_once(tmp_path: Path):
    (tmp_path / "file").write_text("")
    made, said = schedule(health_file=tmp_path / "file" / "health.json")
    with pytest.raises(StoreError, match=r"can't be written .*name another file with --health"):
        made.run(runs=1)
    assert "running" not in said


def test_a_health_file_that_cannot_be_written_later_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made, said = schedule(health_file=tmp_path / "health.json")
    write = health.write

    def full(path: Path, state: dict[str, object]) -> None:
        if state["state"] != "waiting" or state["last"]:
            raise StoreError("health.json: can't be written (No space left on device)")
        write(path, state)

    monkeypatch.setattr(health, "write", full)
    made.run(runs=1)
    assert "note: health.json: can't be written (No space left on device)" in said
    assert "promoted: it is better" in said


def test_told_to_end_it_ends_while_it_waits():
    made, said = schedule(now=lambda: START)
    made.times = Times.of("0 5 * * *", "UTC")
    threading.Timer(0.3, made.end).start()
    start = time.monotonic()
    made.run()
    assert time.monotonic() - start < 3
    assert said == ["next run: Fri 01 May 2026 05:00 UTC", "ended"]


def test_told_to_end_it_ends_a_run_that_goes_on(tmp_path: Path):
    path = tmp_path / "health.json"
    made, said = schedule("import time; time.sleep(60)", path, now=Clock(rate=10))
    threading.Timer(2, made.end).start()
    start = time.monotonic()
    made.run()
    assert time.monotonic() - start < 10
    assert said[-3:] == ["ending the run", "broken off: the schedule was told to end", "ended"]
    assert json.loads(path.read_text(encoding="utf-8"))["last"]["outcome"] == "broken off"


@pytest.mark.skipif(sys.platform == "win32", reason="a process can't refuse to end there")
def test_a_run_that_does_not_end_when_told_is_killed():
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    made, said = schedule(deaf, grace=0.5)
    threading.Timer(2, made.end).start()
    start = time.monotonic()
    made.run()
    assert time.monotonic() - start < 10
    assert said[-1] == "ended"


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not sent this way on Windows")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_signals_end_it_and_are_put_back(name: str):
    number = getattr(signal, name)
    before = signal.getsignal(number)
    made, said = schedule(now=lambda: START)
    threading.Timer(0.3, os.kill, (os.getpid(), number)).start()
    made.times = Times.of("0 5 * * *", "UTC")
    made.run()
    assert said[-1] == "ended"
    assert signal.getsignal(number) is before


def test_much_that_a_run_writes_does_not_block_it():
    made, said = schedule('print(\' \' * 3_000_000 + \'{"outcome": "kept", "reason": "worse"}\')')
    made.run(runs=1)
    assert "kept: worse" in said


def test_the_command_is_this_program():
    words = retrain_command(["--models", "my models"])
    assert words == [sys.executable, "-m", "pipeline", "retrain", "--json", "--models", "my models"]
