"""Health: a small file that tells whether a schedule is alive, and how its last run went."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.errors import StoreError

PATIENCE = timedelta(minutes=5)
"""A schedule that has not written for so long is taken for dead; it writes every minute."""


def write(path: Path, state: dict[str, Any]) -> None:
    """Write the file, whole or not at all. Raises `StoreError` when it can't be written."""
    from pipeline.store.files import replace

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(
            path, json.dumps({**state, "written": datetime.now(UTC).isoformat(timespec="seconds")}, indent=2) + "\n"
        )
    except OSError as error:
        raise StoreError(
            f"{path}: can't be written ({error.strerror or error}): name another file with --health"
        ) from None


def read(path: Path) -> dict[str, Any] | None:
    """What the file says; None when there is none. Raises `StoreError` when it can't be read."""
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error)) from None
    except (ValueError, RecursionError):
        raise _unreadable(path, "it isn't JSON") from None
    if not isinstance(loaded, dict):
        raise _unreadable(path, "it isn't a health file")
    return loaded


def _unreadable(path: Path, reason: str) -> StoreError:
    return StoreError(
        f"{path}: can't be read ({reason}): name the file of 'pipeline schedule --health', "
        "which is written anew every minute"
    )


def silence(state: dict[str, Any] | None, now: datetime) -> str | None:
    """Why a schedule isn't alive, in a line: no file, or one that is silent or was ended; None when it is alive."""
    if state is None:
        return "no health file: the schedule has not started"
    try:
        written = datetime.fromisoformat(str(state.get("written")))
        silent = now - written
    except (ValueError, TypeError):
        return "the health file is damaged"
    if state.get("state") == "ended":
        return "the schedule has ended"
    if silent > PATIENCE:
        return f"the schedule has said nothing since {state['written']}"
    return None


def ailment(state: dict[str, Any] | None, now: datetime) -> str | None:
    """What is wrong, in a line: a schedule that isn't alive, or a last run that failed."""
    if dead := silence(state, now):
        return dead
    last = state.get("last") if state else None
    if isinstance(last, dict) and last.get("outcome") == "failed":
        return f"the last run failed: {last.get('reason') or 'no reason was given'}"
    return None
