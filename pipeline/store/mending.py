"""What killed commands left in a store, put in order by the next one that holds its lock."""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from pathlib import Path

from pipeline.store.history import UNFINISHED, Entry, History, moved_to

_REMOVED = re.compile(r"\.removed-(.+)\.[0-9]+")
_LEFT = re.compile(r"\.([0-9]{8}T[0-9]{6}Z(-[0-9]+)?|current|history\.(jsonl|unreadable))\.[0-9]+")


def clear(root: Path, history: History) -> None:
    """Remove what was being written or removed: who holds the lock knows that nobody is at work on it any more."""
    for path in list(root.iterdir()):
        removed = _REMOVED.fullmatch(path.name)
        if removed:
            empty(path)
            _record_removed(removed[1], history)
        if removed or _LEFT.fullmatch(path.name):
            _remove(path)


def empty(folder: Path) -> None:
    """Remove all that is in a folder, as far as possible."""
    with suppress(OSError):
        for path in list(folder.iterdir()):
            _remove(path)


def reconcile(current: str | None, history: History) -> None:
    """Record what `current` names, where the history says otherwise: a move cut short, or made by hand."""
    last = moved_to(history.entries())
    if current is None or (last is not None and last.to == current):
        return
    if last is None:
        history.append(Entry(action="promote", to=current, why="current when the history began"))
    elif last.from_ == current:
        history.append(Entry(action="rollback", from_=last.to, to=current, why=UNFINISHED))
    else:
        history.append(Entry(action="promote", from_=last.to, to=current, why="moved by hand"))


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _record_removed(name: str, history: History) -> None:
    """Record a removal, unless that is what was last said of the version."""
    said = [entry.action for entry in history.entries() if name in (entry.from_, entry.to, entry.artefact)]
    if said[-1:] != ["prune"]:
        history.append(Entry(action="prune", from_=name, why="a command was ended while it removed"))
