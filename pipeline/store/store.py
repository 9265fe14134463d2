"""A models folder: its versions, the one in use, and the moves between them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.errors import ModelError, StoreError
from pipeline.locks import locked
from pipeline.model import Model
from pipeline.store import files, mending
from pipeline.store.choice import CURRENT, NONE_BEFORE, Pruned, nearest_whole, no_way_back, none_in_use, superseded
from pipeline.store.differences import Change, differences
from pipeline.store.history import MOVES, Entry, History, before, blessed, flat, headline, moved_to
from pipeline.store.versions import (
    MANIFEST,
    Version,
    age,
    is_version,
    load_version,
    next_name,
    save_version,
)

HISTORY = "history.jsonl"
WAIT = 60.0
"""Seconds that a change waits for others to be done."""


class Store:
    """A folder of trained versions; `current` names the one in use. Raises `StoreError` for what is no folder.

    Changes are made one at a time, under a lock, and recorded in the history: first the line, then the move, so that no
    move is without its line. A line whose move a kill prevented is answered by another, at the next change.
    """

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)
        files.require_folder(self.root)
        self._history = History(self.root / HISTORY)

    # Reading

    def versions(self) -> list[Version]:
        """All versions, oldest first, damaged ones too."""
        if not self.root.is_dir():
            return []
        current = self.current()
        found = sorted((path.name for path in self.root.iterdir() if is_version(path)), key=age)
        return [Version(name, self.root / name, name == current) for name in found]

    def version(self, name: str | None = None) -> Version:
        """One version, the current one by default. Raises `StoreError` when there is none."""
        folder = self.folder(name)
        return Version(folder.name, folder, folder.name == self.current())

    def current(self) -> str | None:
        """The name of the version in use, if there is one."""
        path = self.root / CURRENT
        try:
            return files.patiently(lambda: path.read_text(encoding="utf-8", errors="replace")).strip() or None
        except OSError:
            return None

    def blessed(self) -> str | None:
        """The version that a person last blessed and nobody has rolled back from, or past, or removed, since."""
        return blessed(self.history())

    def history(self) -> list[Entry]:
        """All that was recorded, oldest first; lines that can't be read are left out."""
        return self._history.entries()

    def problems(self) -> list[str]:
        """What is wrong with the store as a whole, a line each: lines of the history, or what `current` names."""
        current, versions = self.current(), self.versions()
        if current is None:
            lost = bool(versions) and moved_to(self.history()) is not None
        else:
            lost = not (Path(current).name == current and is_version(self.root / current))
        return [*self._history.problems(), *([none_in_use(self.root, current, versions)] if lost else [])]

    def folder(self, version: str | None = None) -> Path:
        """A version's folder, of the current one by default. Raises `StoreError` when there is none."""
        current = self.current()
        name = current if version is None else version
        if name and Path(name).name == name and name not in (".", "..") and (self.root / name).is_dir():
            return self.root / name
        if name == current:
            raise StoreError(none_in_use(self.root, current, self.versions()))
        known = ", ".join(found.name for found in self.versions()) or "none"
        raise StoreError(
            f"{self.root}: no version {name!r}: choose one of those listed by 'pipeline models list' ({known})"
        )

    def load(self, version: str | None = None) -> Model:
        """Load a version, the current one by default. Raises `StoreError` or `ModelError`."""
        if version is not None:
            return load_version(self.folder(version))
        while True:
            name = self.current()
            try:
                return load_version(self.folder(name))
            except (StoreError, ModelError):
                # Another process may have moved on, and removed what this one was about to read.
                if self.current() == name:
                    raise

    def diff(self, a: str | None, b: str | None) -> list[Change]:
        """What differs between two versions. Raises `StoreError` or `ModelError` for one that is missing or damaged."""
        return differences(self.version(a), self.version(b))

    # Changing

    def lock(self, name: str = "store", *, wait: float = WAIT) -> AbstractContextManager[None]:
        """Hold a lock of this store, having waited up to `wait` seconds: the one that changes take, or another.

        Raises `StoreError`, naming the holder, when another process has it for longer.
        """
        with files.explained(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
        return locked(self.root / f".{name}.lock", wait=wait)

    def write(
        self,
        model: Model,
        *,
        metrics: Mapping[str, Any],
        card: str,
        corpus: str,
        promote: bool = True,
        parameters: Mapping[str, Any] | None = None,
        action: str = "train",
        why: str = "",
        by: str | None = None,
    ) -> Version:
        """Write a new version, into a temporary folder first, renamed when it is whole; and record it.

        `parameters` (nested, plain values) are what it was trained with. Raises `StoreError` when it can't be written.
        """
        now = datetime.now(UTC)
        with self._changing() as entries:
            name = next_name(now, self._taken(entries))
            temporary = self.root / f".{name}.{os.getpid()}"
            try:
                save_version(
                    temporary, name, model, now=now, metrics=metrics, card=card, corpus=corpus, parameters=parameters
                )
                files.rename(temporary, self.root / name)
            finally:
                shutil.rmtree(temporary, ignore_errors=True)
            entry = Entry(
                action=action,
                from_=self.current() if promote else None,
                to=name if promote else None,
                why=why,
                by=by or "",
                parameters=flat({**(parameters or {}), "corpus": corpus}),
                metrics=headline(metrics),
                artefact=name,
            )
            self._record(entry)
        return Version(name, self.root / name, promote)

    def promote(self, version: str, *, why: str = "", by: str | None = None, action: str = "promote") -> bool:
        """Make a version the current one, having loaded it; whether it wasn't already.

        Raises `StoreError` when it isn't there, `ModelError` when it is damaged.
        """
        with self._changing():
            load_version(self.folder(version))
            current = self.current()
            if version != current:
                self._record(Entry(action=action, from_=current, to=version, why=why, by=by or ""))
        return version != current

    def rollback(self, *, skip_damaged: bool = False, why: str = "", by: str | None = None) -> str:
        """Make current the version that was so before, by the history, or the nearest whole one: its name.

        Raises `StoreError` when there was none or it is gone, `ModelError` when it is damaged, unless those are to be
        skipped.
        """
        with self._changing() as entries:
            current = self.current()
            version = self._back(before(entries, current), skip_damaged=skip_damaged)
            self._record(Entry(action="rollback", from_=current, to=version, why=why, by=by or ""))
        return version

    def _back(self, names: list[str], *, skip_damaged: bool) -> str:
        """The first of these if it is whole; or, to skip damaged ones, the first that is."""
        if not names:
            raise StoreError(f"{self.root}: {NONE_BEFORE}")
        try:
            load_version(self.folder(names[0]))
        except (StoreError, ModelError) as error:
            others = [version for version in self.versions() if not version.current]
            whole = nearest_whole(names, others)
            if whole and skip_damaged:
                return whole
            raise type(error)(no_way_back(error, whole, others)) from None
        return names[0]

    def bless(self, version: str, *, why: str = "", by: str | None = None) -> bool:
        """Record that a person found a version good; whether it wasn't already. Raises `StoreError` or `ModelError`."""
        with self._changing() as entries:
            load_version(self.folder(version))
            last = blessed(entries)
            if version != last:
                self._record(Entry(action="bless", from_=last, to=version, why=why, by=by or ""))
        return version != last

    def prune(self, keep: int, *, why: str = "", by: str | None = None) -> Pruned:
        """Remove the versions than which `keep` whole ones are newer: a damaged one is never counted.

        Never removed: the current and the blessed version, the nearest whole one that a rollback goes to, and those
        that people gave names of their own. Raises `StoreError` when one can't be removed.
        """
        with self._changing() as entries:
            versions = self.versions()
            damaged = {version.name: damage for version in versions if (damage := version.damage())}
            current = self.current()
            spared = {current, blessed(entries), nearest_whole(before(entries, current), versions)}
            gone = superseded([version.name for version in versions], damaged, keep)
            removed = [name for name in gone if name not in spared]
            for name in removed:
                self._remove(name, why=why, by=by or "")
        return Pruned(removed, damaged)

    def _remove(self, name: str, *, why: str, by: str) -> None:
        """Remove a version, and record it."""
        # Hidden first: a version is there whole or not at all while it goes, too. Then emptied, for the line to have
        # room on a full disk; the empty folder goes last, and tells of a removal without its line.
        hidden = self.root / f".removed-{name}.{os.getpid()}"
        try:
            files.rename(self.root / name, hidden)
        except PermissionError:
            raise StoreError(
                f"{self.root / name}: can't be removed: end what has it open, or get the right to write there"
            ) from None
        mending.empty(hidden)
        self._record(Entry(action="prune", from_=name, why=why, by=by))
        shutil.rmtree(hidden, ignore_errors=True)

    def record(self, entry: Entry) -> None:
        """Add an entry to the history that moves nothing: a run that kept the current version, say.

        Raises `ValueError` for one that says that it moved `current` elsewhere than it is, `StoreError` when it can't
        be written.
        """
        with self._changing():
            if entry.action in MOVES and entry.to not in (None, self.current()):
                raise ValueError(f"to record a move to {entry.to!r}, promote it")
            self._history.append(entry)

    @contextmanager
    def _changing(self) -> Iterator[list[Entry]]:
        """Hold the lock, with what killed commands left put in order: the history."""
        with self.lock(), files.explained(self.root):
            # A disk that is full must not stop what may make room: the next change tries again.
            with suppress(OSError):
                self._history.set_aside()
            mending.clear(self.root, self._history)
            mending.reconcile(self.current(), self._history)
            yield self.history()

    def _record(self, entry: Entry) -> None:
        """Write an entry's line, then move `current` if it says so: both or neither."""
        if entry.action not in MOVES or entry.to is None:
            self._history.append(entry)
            return
        # An interruption may come when `current` has been moved already.
        with self._history.appended(entry, done=lambda: self.current() == entry.to):
            files.replace(self.root / CURRENT, entry.to + "\n")

    def _taken(self, entries: list[Entry]) -> set[str]:
        """Names that versions have or had."""
        named = {name for entry in entries for name in (entry.from_, entry.to, entry.artefact) if name}
        return named | {version.name for version in self.versions()}


def load_model(path: str | Path | None = None) -> Model:
    """Load a model: the current version of a store, one version's folder, or (None) the configured store.

    Raises `StoreError` when there is no model, `ModelError` when it is damaged or too new.
    """
    if path is None:
        from pipeline.settings import load_settings

        path = load_settings().store
    path = Path(path)
    if (path / "model.json").exists() or (path / MANIFEST).exists():
        return load_version(path)
    store = Store(path)
    if not path.exists():
        raise StoreError(
            f"{path}: no trained model here: train one with 'pipeline train', or name a models folder with --models"
        )
    return store.load()
