"""Choice: which version to take in place of one that is lost or damaged, and which make room for others."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.store.versions import Version, is_dated

CURRENT = "current"
"""The file that names the version in use."""

NONE_BEFORE = "no version was current before this one: choose one with 'pipeline models promote'"


class Pruned(NamedTuple):
    """What a pruning did: the names that it removed, and what is wrong with each version it didn't count, by name."""

    removed: list[str]
    damaged: dict[str, str]


def superseded(names: Sequence[str], damaged: Container[str], keep: int) -> list[str]:
    """Of all names, oldest first, those of versions than which `keep` whole ones are newer.

    So a damaged version takes nobody's place, and goes no sooner than a whole one of its age. Names that people gave
    are neither counted nor among these.
    """
    newer, found = 0, []
    for name in reversed([name for name in names if is_dated(name)]):
        if newer >= keep:
            found.append(name)
        newer += name not in damaged
    return found[::-1]


def nearest_whole(names: Iterable[str], versions: Iterable[Version]) -> str | None:
    """The first of these names that a version has which isn't damaged."""
    there = {version.name: version for version in versions}
    return next((name for name in names if name in there and there[name].damage() is None), None)


def newest_whole(versions: Sequence[Version]) -> str | None:
    """The newest version that isn't damaged; one with a name that a person gave only if there is no other."""
    named_first = sorted(versions, key=lambda version: is_dated(version.name))
    return next((version.name for version in reversed(named_first) if version.damage() is None), None)


def none_in_use(root: Path, current: str | None, versions: Sequence[Version]) -> str:
    """Why there is no version in use, and how to mend it, in a line."""
    mend = _newest(versions) or "train one with 'pipeline train'"
    if current:
        return f"{root / CURRENT}: names no version here ({current}): {mend}"
    return f"{root}: {'no version is in use' if versions else 'no trained model here'}: {mend}"


def no_way_back(error: Exception, whole: str | None, versions: Sequence[Version]) -> str:
    """Why a rollback goes nowhere, and what to do instead, in a line.

    `error` is what is wrong with the version before, `whole` the nearest one before it that isn't damaged, `versions`
    those that aren't in use.
    """
    if whole is not None:
        return f"{error}, or go back past it to {whole}, which is whole, with 'pipeline models rollback --skip-damaged'"
    newest = _newest(versions)
    return f"{error}{f', or {newest}' if newest else ''} (no whole version was current before it)"


def _newest(versions: Sequence[Version]) -> str:
    newest = newest_whole(versions)
    return f"take the newest whole one with 'pipeline models promote {newest}'" if newest else ""
