"""Schedule: run a command again and again at the times of a cron line, each in a process of its own, until told to end.

One loop in one thread: it waits for the next time, runs, and looks at the clock again. So runs can't overlap, and times
that were missed (while a run went on, the machine slept, or the schedule was down) come to one run.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from pipeline.errors import StoreError
from pipeline.retraining import health
from pipeline.retraining.times import Times

_BEAT = 60.0
_POLL = 0.2
_GRACE = 20.0

Say = Callable[[str], None]


@dataclass
class Schedule:
    """What to run and when. `grace` is how long a run that is told to end may take before it is killed, in seconds."""

    times: Times
    command: Sequence[str]
    say: Say
    health_file: Path | None = None
    grace: float = _GRACE
    beat: float = _BEAT
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    # A plain value, for a signal may come while the lock of an Event is held.
    _ending: bool = False
    _last: dict[str, Any] | None = None

    def run(self, *, runs: int | None = None) -> None:
        """Go on until told to end by SIGTERM or SIGINT (or after some runs).

        Raises `StoreError` when the health file can't be written at first; later that is only told.
        """
        with self._ending_on_signals():
            due = self._first()
            if self.health_file is not None:
                health.write(self.health_file, self._state("waiting", due))
            done = 0
            while runs is None or done < runs:
                if not self._waited_until(due):
                    break
                self._run_once(due)
                done += 1
                due = self.times.after(self.now(), due)
                if not self._ending:
                    self._tell("waiting", due)
                    self.say(f"next run: {_shown(due)}")
            # The next run is kept, so that a time that is missed while the schedule is down is known.
            self._tell("ended", due)
            self.say("ended")

    def end(self) -> None:
        """Have `run` return soon, whatever it is doing; a run that goes on is told to end too."""
        self._ending = True

    def _first(self) -> datetime:
        """The first time to run: now, when one was missed since the health file was written."""
        state = self._known()
        now = self.now()
        if state and state.get("cron") == self.times.line and state.get("timezone") == self.times.zone:
            self._last = state.get("last") if isinstance(state.get("last"), dict) else None
            with suppress(ValueError, TypeError):
                missed = datetime.fromisoformat(str(state.get("next_run")))
                if missed <= now:
                    self.say(f"missed the run of {_shown(missed.astimezone(self.times.timezone))}: running now")
                    return now.astimezone(self.times.timezone)
        due = self.times.after(now)
        self.say(f"next run: {_shown(due)}")
        return due

    def _known(self) -> dict[str, Any] | None:
        """What the health file says from before; one that can't be read is only told."""
        try:
            return health.read(self.health_file) if self.health_file else None
        except StoreError as error:
            self.say(f"note: {error}")
            return None

    def _waited_until(self, due: datetime) -> bool:
        """Wait for a time by the wall clock, in short steps, since clocks are set and machines sleep; False: to end."""
        beat = time.monotonic()
        while not self._ending:
            left = (due - self.now()).total_seconds()
            if left <= 0:
                return True
            time.sleep(min(left, _POLL))
            beat = self._beaten("waiting", due, beat)
        return False

    def _run_once(self, due: datetime) -> None:
        started = self.now()
        following = self.times.after(started, due)
        self._tell("running", following)
        self.say("running")
        out, code = self._child(following)
        told = _outcome(out, code, ended=self._ending)
        self._last = {
            "due": due.isoformat(timespec="seconds"),
            "started": started.isoformat(timespec="seconds"),
            "ended": self.now().isoformat(timespec="seconds"),
            "exit_code": code,
            **told,
        }
        self.say(f"{told['outcome']}: {told['reason']}" if told["reason"] else str(told["outcome"]))

    def _child(self, following: datetime) -> tuple[str, int]:
        """What the command writes and its exit code; told to end, then killed, when the schedule is to end."""
        try:
            # A session of its own: Ctrl-C on a terminal is for the schedule, which passes it on.
            child = subprocess.Popen(  # noqa: S603 this program
                self.command, stdout=subprocess.PIPE, encoding="utf-8", start_new_session=os.name != "nt"
            )
        except OSError as error:
            self.say(f"can't be started ({error.strerror or error})")
            return "", 127
        with child:
            read: list[str] = []
            reader = threading.Thread(target=_read_into, args=(child, read), daemon=True)
            reader.start()
            beat = time.monotonic()
            while child.poll() is None and not self._ending:
                time.sleep(_POLL)
                beat = self._beaten("running", following, beat)
            if child.poll() is None:
                self.say("ending the run")
                child.terminate()
                try:
                    child.wait(self.grace)
                except subprocess.TimeoutExpired:
                    child.kill()
            code = child.wait()
            reader.join(self.grace)
        return "".join(read), code

    def _beaten(self, state: str, following: datetime, beat: float) -> float:
        """When the health file was last written, having written it if that is long ago."""
        if time.monotonic() - beat < self.beat:
            return beat
        self._tell(state, following)
        return time.monotonic()

    def _tell(self, state: str, following: datetime) -> None:
        if self.health_file is None:
            return
        try:
            health.write(self.health_file, self._state(state, following))
        except StoreError as error:
            self.say(f"note: {error}")

    def _state(self, state: str, following: datetime) -> dict[str, Any]:
        return {
            "state": state,
            "pid": os.getpid(),
            "cron": self.times.line,
            "timezone": self.times.zone,
            "next_run": following.isoformat(timespec="seconds"),
            "last": self._last,
        }

    @contextmanager
    def _ending_on_signals(self) -> Iterator[None]:
        def end(_signal: int, _frame: FrameType | None) -> None:
            self.end()

        names = [name for name in ("SIGTERM", "SIGINT", "SIGBREAK") if hasattr(signal, name)]
        before = {}
        if threading.current_thread() is threading.main_thread():
            before = {name: signal.signal(getattr(signal, name), end) for name in names}
        try:
            yield
        finally:
            for name, handler in before.items():
                signal.signal(getattr(signal, name), handler)


def retrain_command(arguments: Sequence[str]) -> list[str]:
    """The command line of `pipeline retrain` by this very Python, telling its outcome as JSON."""
    return [sys.executable, "-m", "pipeline", "retrain", "--json", *arguments]


def _read_into(child: subprocess.Popen[str], read: list[str]) -> None:
    assert child.stdout is not None
    read.append(child.stdout.read())


def _outcome(out: str, code: int, *, ended: bool) -> dict[str, Any]:
    try:
        told = json.loads(out)
    except ValueError:
        told = None
    if isinstance(told, dict) and told.get("outcome"):
        return {name: told.get(name) for name in ("outcome", "reason", "version")}
    if ended:
        return {"outcome": "broken off", "reason": "the schedule was told to end", "version": None}
    return {"outcome": "failed", "reason": f"exit code {code}", "version": None}


def _shown(moment: datetime) -> str:
    return f"{moment:%a %d %b %Y %H:%M %Z}"
