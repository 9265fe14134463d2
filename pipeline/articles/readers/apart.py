"""Reading apart: files whose parsers they may crash, fill memory with or hang are read by a process of their own.

The process is started when the first such file comes, reads one file after another, and is ended and started anew when
it takes too long. It sends what it reads as length-prefixed MessagePack: data, whatever the file did to it.
"""

from __future__ import annotations

import atexit
import os
import queue
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

import msgspec

from pipeline.articles.source import Failure, Kind, Source, Value
from pipeline.settings import ArticleSettings

_LENGTH = 8
_AHEAD = 16
"""How many articles may be waiting to be fetched."""
_PATIENCE = 2
"""How many times the seconds for an article a process works at one that nobody may wait for any more."""
_BROKEN = (
    "its reader broke down: the file may be damaged, or need more memory than may be used: save it again, or smaller"
)


class _Request(msgspec.Struct):
    path: bytes  # names of files need not be text
    name: str
    settings: ArticleSettings
    columns: bool = False


class _Message(msgspec.Struct, omit_defaults=True):
    """An article or a failure; neither, where a file is done."""

    failure: str | None = None
    name: str | None = None
    text: str = ""
    notes: tuple[str, ...] = ()
    hints: dict[int, Kind] = {}
    paged: bool = False
    extra: dict[str, Value] = {}

    @classmethod
    def of(cls, item: Source | Failure) -> _Message:
        if isinstance(item, Failure):
            return cls(failure=item.message)
        return cls(None, item.name, item.text, item.notes, dict(item.hints), item.paged, dict(item.extra))


class _Process:
    """The process that reads, and what it has sent."""

    def __init__(self) -> None:
        command = "from pipeline.articles.readers.apart import serve; serve()"
        self._process = subprocess.Popen(  # noqa: S603 - this very package
            [sys.executable, "-P", "-c", command],  # -P: modules in the working folder are none of ours
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        self._owner = os.getpid()
        assert self._process.stdin
        assert self._process.stdout
        self._requests, self._answers = self._process.stdin, self._process.stdout
        self._received: queue.Queue[bytes | None] = queue.Queue(_AHEAD)
        self._thread = threading.Thread(target=self._receive, daemon=True)
        self._thread.start()
        atexit.register(self.end)

    def alive(self) -> bool:
        """Whether it can be asked to read."""
        return self._process.poll() is None

    def ask(self, request: _Request) -> None:
        """Send what is to be read."""
        _send(self._requests, msgspec.msgpack.encode(request))

    def answer(self, seconds: float) -> _Message | None:
        """The next message, or None where the process has ended. Raises `queue.Empty` when it takes too long."""
        data = self._received.get(timeout=seconds)
        return None if data is None else msgspec.msgpack.decode(data, type=_Message)

    def end(self) -> None:
        """End the process, whatever it is at. In a fork of the process that started it, this does nothing."""
        atexit.unregister(self.end)
        if self._owner != os.getpid():
            return
        self._process.kill()
        while self._thread.is_alive():  # it may be waiting for room
            with suppress(queue.Empty):
                self._received.get(timeout=0.05)
        for pipe in (self._requests, self._answers):
            with suppress(OSError):
                pipe.close()
        self._process.wait()

    def _receive(self) -> None:
        with suppress(OSError, ValueError):
            while (data := _next(self._answers)) is not None:
                self._received.put(data)
        self._received.put(None)


_idle: dict[int, list[_Process]] = defaultdict(list)
"""Processes that wait for something to read, by the process that started them: its forks must start their own."""


def read(path: Path, name: str, settings: ArticleSettings, *, columns: bool = False) -> Iterator[Source | Failure]:
    """The articles of a file, or what `reading.take` gives for its `columns`, read in another process.

    One that takes more than `settings.max_seconds` for an article, or brings the process down, is a `Failure`.
    """
    process = _process()
    done = False
    try:
        shown = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        process.ask(_Request(os.fsencode(path.absolute()), shown, settings, columns))
        while message := process.answer(settings.max_seconds):
            if message.failure is not None:
                yield Failure(message.failure)
            elif message.name is not None:
                yield _source(message, message.name)
            else:
                done = True
                return
        yield Failure(f"{name}: {_BROKEN}")
    except queue.Empty:
        limit = f"{settings.max_seconds:g} seconds"
        yield Failure(f"{name}: took more than {limit}: split it, or raise articles.max_seconds in the configuration")
    except (OSError, msgspec.MsgspecError):
        yield Failure(f"{name}: {_BROKEN}")
    finally:
        if done:
            _idle[os.getpid()].append(process)
        else:  # broken off: what it would still send is of no use
            process.end()


def _process() -> _Process:
    """One that waits for something to read, or a new one."""
    while True:
        try:
            process = _idle[os.getpid()].pop()
        except IndexError:  # asked for, and not looked up before: another thread may take the last
            return _Process()
        if process.alive():
            return process
        process.end()


def _source(message: _Message, name: str) -> Source:
    return Source(name, message.text, message.notes, message.hints, message.paged, message.extra)


# In the other process


def serve() -> None:
    """Read files as they are asked for, until nothing more can be."""
    from pipeline.articles.readers.reading import take

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that this one works for
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library prints must not come between messages.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    with suppress(OSError):  # nobody listens any more
        while (data := _next(sys.stdin.buffer)) is not None:
            request = msgspec.msgpack.decode(data, type=_Request)
            _limit(request.settings.max_memory_megabytes)
            with Path(os.fsdecode(request.path)).open("rb") as file:
                items = take(file, request.name, request.settings, columns=request.columns)
                for item in _timed(items, request.settings.max_seconds):
                    _send(answers, msgspec.msgpack.encode(_Message.of(item)))
            _send(answers, msgspec.msgpack.encode(_Message()))


def _limit(megabytes: int) -> None:
    """Let the system refuse more memory, where it can, and keep no image of it where this process breaks down."""
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    for limit, value in ((resource.RLIMIT_AS, megabytes * 1_000_000), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):
            resource.setrlimit(limit, (value, resource.getrlimit(limit)[1]))


def _timed(items: Iterator[Source | Failure], seconds: float) -> Iterator[Source | Failure]:
    """Items; where one takes far too long, the system ends this process: the one that would may be gone."""
    set_timer = getattr(signal, "setitimer", None)  # Windows has none
    if set_timer is None:
        yield from items
        return
    while True:
        set_timer(signal.ITIMER_REAL, _PATIENCE * seconds)
        item = next(items, None)
        set_timer(signal.ITIMER_REAL, 0)
        if item is None:
            return
        yield item


# Messages


def _send(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(len(data).to_bytes(_LENGTH, "big") + data)
    pipe.flush()


def _next(pipe: IO[bytes]) -> bytes | None:
    """The next message, or None where there are no more."""
    length = pipe.read(_LENGTH)
    if len(length) < _LENGTH:
        return None
    size = int.from_bytes(length, "big")
    data = pipe.read(size)
    return data if len(data) == size else None
