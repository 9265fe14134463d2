"""The history of a store: a line of JSON for each move, and what follows from it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from pipeline.errors import StoreError
from pipeline.locks import identity
from pipeline.store.files import replace, sync_folder

MOVES = frozenset({"train", "promote", "rollback", "retrain"})
"""What may move `current`."""

UNFINISHED = "a command was ended before it moved"

ASIDE = "history.unreadable"
"""The file, beside the history, for lines of it that can't be read."""


class Entry(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """One line of the history.

    `from_` and `to` (`from` and `to` in the file) are the versions that `current` named before and after; of a
    blessing, the versions blessed; of a pruning, `from_` is what was removed. Both are None when nothing moved: a
    version written but not promoted is then named by `artefact`. `when` (UTC) and `by` (user@host) are filled in when
    recorded.
    """

    action: str
    when: str = ""
    from_: str | None = None
    to: str | None = None
    why: str = ""
    by: str = ""
    parameters: dict[str, Any] | None = None
    metrics: dict[str, Any] | None = None
    artefact: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As in the file: always with when, action, from, to, why and by."""
        always = {"when": self.when, "action": self.action, "from": self.from_, "to": self.to}
        rest = {name: getattr(self, name) for name in ("parameters", "metrics", "artefact")}
        return {**always, "why": self.why, "by": self.by} | {k: v for k, v in rest.items() if v is not None}

    def signed(self) -> Entry:
        """With the time and who, where they aren't given."""
        when = self.when or datetime.now(UTC).isoformat(timespec="seconds")
        return msgspec.structs.replace(self, when=when, by=self.by or "@".join(identity()))


class History:
    """A file of entries, oldest first. Who changes it holds the store's lock."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> list[Entry]:
        """All entries that can be read. Raises `StoreError` when the file can't be."""
        return [entry for line in self._lines() if (entry := _decoded(line))]

    def problems(self) -> list[str]:
        """What can't be read, in a line for all such lines, and one for a last line that is broken off.

        The next change mends both.
        """
        lines = self._lines()
        bad = [number for number, line in enumerate(lines, 1) if _unreadable(line)]
        found = []
        if bad:
            them = "it" if len(bad) == 1 else "them"
            mend = f"mend {them} by hand, or the next change sets {them} aside in {ASIDE}"
            found.append(f"{self.path}, {_numbered(bad)}: can't be read: {mend}")
        if lines and _torn(lines[-1]):
            found.append(f"{self.path}, line {len(lines)}: broken off, as by a kill: the next change mends it")
        return found

    def set_aside(self) -> None:
        """Move lines that can't be read, but for a last one broken off, to a file beside. Raises `OSError`."""
        lines = self._lines()
        bad = b"".join(line for line in lines if _unreadable(line))
        if not bad:
            return
        beside = self.path.with_name(ASIDE)
        there = beside.read_bytes() if beside.exists() else b""
        # Into the one file before out of the other: after a kill between, the lines are in both, and added no more.
        if not there.endswith(bad):
            replace(beside, there + bad)
        replace(self.path, b"".join(line for line in lines if not _unreadable(line)))

    def append(self, entry: Entry) -> None:
        """Add an entry, on the disk when this returns. Raises `OSError`, having added nothing."""
        with self.appended(entry):
            pass

    @contextmanager
    def appended(self, entry: Entry, done: Callable[[], bool] = lambda: False) -> Iterator[None]:
        """Add an entry for what is done within, and take it back if that fails and isn't `done` nonetheless."""
        new = not self.path.exists()
        # Unbuffered: what a full disk refused must not be written later, by closing the file.
        with self.path.open("a+b", buffering=0) as file:
            start = _mended(file.fileno(), self._lines())
            try:
                _write(file.fileno(), msgspec.json.encode(entry.signed().to_dict(), enc_hook=_plain) + b"\n")
                os.fsync(file.fileno())
                if new:
                    sync_folder(self.path.parent)
                yield
            except BaseException:
                if not done():
                    with suppress(OSError):
                        os.ftruncate(file.fileno(), start)
                raise

    def _lines(self) -> list[bytes]:
        try:
            with self.path.open("rb") as file:
                return file.readlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StoreError(f"{self.path}: can't be read ({error.strerror or error}): get the right to") from None


def moved_to(entries: list[Entry]) -> Entry | None:
    """The last entry that moved `current`."""
    return next((entry for entry in reversed(entries) if entry.action in MOVES and entry.to), None)


def before(entries: list[Entry], current: str | None) -> list[str]:
    """The versions to go back to from the current one, nearest first: a rollback goes to the first.

    Going back is undoing: after A, B, C and a rollback to B, the one before is A.
    """
    path: list[str] = []
    for entry in _settled(entries):
        _follow(path, entry)
    return list(dict.fromkeys(name for name in reversed(path) if name != current))


def blessed(entries: list[Entry]) -> str | None:
    """The version that a person last blessed and nobody has rolled back from, or past, or removed, since."""
    names: list[str] = []
    path: list[str] = []
    for entry in _settled(entries):
        left = _follow(path, entry)
        if entry.action == "bless" and entry.to:
            names.append(entry.to)
        elif entry.action in ("rollback", "prune"):
            names = [name for name in names if name not in (entry.from_, *left)]
    return names[-1] if names else None


def _follow(path: list[str], entry: Entry) -> list[str]:
    """Bring the way that led to the current version up to date with an entry: the versions that it went back from."""
    left: list[str] = []
    if entry.action == "prune":
        path[:] = [name for name in path if name != entry.from_]
    elif entry.action in MOVES and entry.to:
        if entry.action == "rollback" and entry.to in path:
            while path[-1] != entry.to:
                left.append(path.pop())
        elif path[-1:] != [entry.to]:
            path.append(entry.to)
    return left


def _settled(entries: list[Entry]) -> list[Entry]:
    """Without moves that a kill cut short, and the entries that say so."""
    kept: list[Entry] = []
    for entry in entries:
        if entry.action in MOVES and entry.why == UNFINISHED:
            last = moved_to(kept)
            kept = [other for other in kept if other is not last]
        else:
            kept.append(entry)
    return kept


def flat(values: Mapping[str, Any], depth: int = 9) -> dict[str, Any]:
    """Nested values as one level, with dotted names; what lies deeper than `depth` levels is left out."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if not isinstance(value, Mapping):
            found[name] = value
        elif depth > 1:
            found |= {f"{name}.{inner}": part for inner, part in flat(value, depth - 1).items()}
    return found


def headline(metrics: Mapping[str, Any]) -> dict[str, float]:
    """The overall scores of what training measured: `findings.macro_f1`, `themes.micro_f1` and the like."""
    return {name: float(value) for name, value in flat(metrics, 2).items() if isinstance(value, int | float)}


def _plain(value: Any) -> float | str:
    """What JSON can say of a number of NumPy's, or of anything else."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return str(value)


def _decoded(line: bytes) -> Entry | None:
    try:
        return msgspec.json.decode(line, type=Entry)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _torn(line: bytes) -> bool:
    """Whether a line was broken off while it was written."""
    return not line.endswith(b"\n") and _decoded(line) is None


def _unreadable(line: bytes) -> bool:
    """Whether a line was written to its end, and still can't be read."""
    return line.endswith(b"\n") and _decoded(line) is None


def _numbered(lines: list[int]) -> str:
    """`line 2`, `lines 2 and 5`, `lines 2, 5, 6 and 40 more`."""
    first, rest = lines[:3], len(lines) - 3
    names = [*map(str, first), *([f"{rest} more"] if rest > 0 else [])]
    return f"lines {', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else f"line {names[0]}"


def _mended(descriptor: int, lines: list[bytes]) -> int:
    """Where the next line starts, having taken away a last one that is broken off, or ended it if it is whole."""
    end = sum(map(len, lines))
    if lines and not lines[-1].endswith(b"\n"):
        if _decoded(lines[-1]):
            _write(descriptor, b"\n")
            return end + 1
        end -= len(lines[-1])
        os.ftruncate(descriptor, end)
    return end


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
