"""Locks between processes: one holder at a time, who says who it is, and whose end frees the lock."""

from __future__ import annotations

import getpass
import os
import platform
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from pipeline.errors import StoreError

if TYPE_CHECKING:
    from filelock import BaseFileLock

# The depth of each lock that this process holds, by process (a fork holds nothing), thread and path.
_depths: dict[tuple[int, int, str], int] = {}


class Holder(msgspec.Struct, frozen=True):
    """Who holds a lock: process, host, user, and since when (UTC)."""

    pid: int
    host: str
    user: str
    since: str

    def __str__(self) -> str:
        return f"process {self.pid} of {self.user} on {self.host}, since {self.since}"

    def runs(self) -> bool:
        """Whether its process may still run; on another host that can't be known."""
        return self.host != platform.node() or process_runs(self.pid)


@contextmanager
def locked(path: Path, *, wait: float) -> Iterator[None]:
    """Hold the lock of this path, having waited up to `wait` seconds for it.

    The system frees the lock when its holder ends, however it ends, and forks of the holder don't keep it; the file
    stays. A thread that holds a lock may take it again. Who holds it is written beside it, in `<path>.holder`. Raises
    `StoreError`, naming the holder, when another process or thread has it for longer; and when the file can't be
    written.
    """
    key = (os.getpid(), threading.get_ident(), os.path.realpath(path))
    if key in _depths:
        _depths[key] += 1
        try:
            yield
        finally:
            _depths[key] -= 1
        return
    lock = _acquired(path, wait)
    try:
        _depths[key] = 1
        _introduce(path)
        yield
    finally:
        _depths.pop(key, None)
        with suppress(OSError):
            _holder_file(path).unlink()
        lock.release()


def holder(path: Path) -> Holder | None:
    """Who wrote that they hold the lock of this path: None when nobody, or nobody that can be read."""
    try:
        return msgspec.json.decode(_holder_file(path).read_bytes(), type=Holder)
    except (OSError, msgspec.DecodeError):
        return None


def identity() -> tuple[str, str]:
    """The user and host of this process; a user without a name has a number."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container's user needs no name
        user = str(os.getuid()) if sys.platform != "win32" else "unknown"
    return user, platform.node()


def process_runs(pid: int) -> bool:
    """Whether a process of this host runs (or can't be asked)."""
    if sys.platform == "win32":
        return True  # asking with `os.kill` would end it there
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _acquired(path: Path, wait: float) -> BaseFileLock:
    from filelock import FileLock, Timeout  # only those who change something need it

    # Polled often: what is done under a lock mostly takes milliseconds.
    lock = FileLock(path, timeout=max(wait, 0.0), poll_interval=0.01)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        found = holder(path)
        # One that has ended holds nothing: its successor just hasn't written its name yet.
        who = f"held by {found}" if found and found.runs() else "held by another process"
        raise StoreError(f"{path}: {who}: wait until it is done, then try again") from None
    except OSError as error:
        raise StoreError(
            f"{path}: can't be written ({error.strerror or error}): make room, or get the right to write there"
        ) from None
    return lock


def _introduce(path: Path) -> None:
    user, host = identity()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    # A holder that can't say who it is still holds the lock.
    with suppress(OSError):
        _holder_file(path).write_bytes(msgspec.json.encode(Holder(os.getpid(), host, user, now)))


def _holder_file(path: Path) -> Path:
    return path.with_name(path.name + ".holder")
