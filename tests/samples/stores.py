"""Stores with several versions: their names, what there is of them, and harm done to them."""

from __future__ import annotations

from pathlib import Path

from pipeline.store import Store

NAMES = [f"202601{day:02}T030000Z" for day in range(1, 7)]


def moves(store: Store) -> list[tuple[str, str | None, str | None]]:
    """What was done, from which version and to which."""
    return [(entry.action, entry.from_, entry.to) for entry in store.history()]


def names(store: Store) -> list[str]:
    """Its versions."""
    return [version.name for version in store.versions()]


def spoil(store: Store, *names: str) -> None:
    """Edit versions, so that they are not as they were written."""
    for name in names:
        (store.root / name / "card.md").write_text("edited", encoding="utf-8")


def content(root: Path) -> dict[str, bytes]:
    """All that a store holds but its locks."""
    files = [path for path in root.rglob("*") if path.is_file() and ".lock" not in path.name]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
