"""Locks between processes: one holder, who is named, and whose end frees the lock."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from pipeline import locks
from pipeline.errors import StoreError
from pipeline.locks import holder, locked

HOLDS = """
import sys, time
from pathlib import Path
from pipeline.locks import locked
with locked(Path(sys.argv[1]), wait=5):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def other(tmp_path: Path):
    """Another process that holds the lock of `tmp_path / ".lock"`."""
    with subprocess.Popen([sys.executable, "-c", HOLDS, tmp_path / ".lock"], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_one_after_another(tmp_path: Path):
    for _ in range(2):
        with locked(tmp_path / "deep" / ".lock", wait=0):
            found = holder(tmp_path / "deep" / ".lock")
            assert found.pid == os.getpid()
            assert found.runs()
        assert holder(tmp_path / "deep" / ".lock") is None


def test_who_waits_is_told_who_holds_it(tmp_path: Path, other: subprocess.Popen):
    start = time.monotonic()
    with pytest.raises(StoreError) as caught, locked(tmp_path / ".lock", wait=0.2):
        pass
    assert 0.2 <= time.monotonic() - start < 5
    user, host = locks.identity()
    told = str(caught.value)
    assert told.startswith(f"{tmp_path / '.lock'}: held by process {other.pid} of {user} on {host}, since 2")
    assert told.endswith("wait until it is done, then try again")
    assert "\n" not in told


def test_a_killed_holder_holds_nothing(tmp_path: Path, other: subprocess.Popen):
    other.kill()
    other.wait()
    assert holder(tmp_path / ".lock").pid == other.pid
    with locked(tmp_path / ".lock", wait=0):
        assert holder(tmp_path / ".lock").pid == os.getpid()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks")
def test_a_fork_of_a_killed_holder_holds_nothing(tmp_path: Path):
    ready, told = os.pipe()
    first = os.fork()
    if not first:
        with locked(tmp_path / ".lock", wait=0):
            if os.fork():
                time.sleep(60)
            os.write(told, str(os.getpid()).encode())
            time.sleep(60)
    second = int(os.read(ready, 20))
    try:
        os.kill(first, signal.SIGKILL)
        os.waitpid(first, 0)
        with locked(tmp_path / ".lock", wait=1):
            pass
    finally:
        os.kill(second, signal.SIGKILL)
        os.close(ready)
        os.close(told)


def test_a_thread_may_take_it_again_and_another_may_not(tmp_path: Path):
    refused = []

    def take() -> None:
        try:
            with locked(tmp_path / ".lock", wait=0):
                pass
        except StoreError as error:
            refused.append(str(error))

    with locked(tmp_path / ".lock", wait=0):
        with locked(tmp_path / "." / ".lock", wait=0):
            take()
        assert not refused
        thread = threading.Thread(target=take)
        thread.start()
        thread.join()
    assert f"held by process {os.getpid()}" in refused[0]
    take()
    assert len(refused) == 1


def test_an_error_within_frees_it(tmp_path: Path):
    for _ in range(2):
        with pytest.raises(KeyError), locked(tmp_path / ".lock", wait=0):
            raise KeyError


@pytest.mark.parametrize("content", [b"", b"{", b'{"pid": "x"}', b"\xff"])
def test_a_holder_that_cannot_be_read_is_nobody(tmp_path: Path, other: subprocess.Popen, content: bytes):
    (tmp_path / ".lock.holder").write_bytes(content)
    assert holder(tmp_path / ".lock") is None
    with pytest.raises(StoreError, match="held by another process"), locked(tmp_path / ".lock", wait=0):
        pass


def test_a_holder_that_has_ended_is_not_blamed(tmp_path: Path, other: subprocess.Popen):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    path = tmp_path / ".lock.holder"
    path.write_text(path.read_text(encoding="utf-8").replace(str(other.pid), str(ended.pid)), encoding="utf-8")
    with pytest.raises(StoreError, match="held by another process"), locked(tmp_path / ".lock", wait=0):
        pass


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="can't be written"), locked(tmp_path / "file" / ".lock", wait=0):
        pass


def test_who_has_no_name_has_a_number(monkeypatch: pytest.MonkeyPatch):
    def unknown() -> str:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.setattr(locks.getpass, "getuser", unknown)
    user, host = locks.identity()
    assert user
    assert host
