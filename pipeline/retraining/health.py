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
    """What the file says; None when there is none, or it can't be read."""
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return loaded if isinstance(loaded, dict) else None


def ailment(state: dict[str, Any] | None, now: datetime) -> str | None:
    """What is wrong, in a line: no file, a schedule that is silent or was ended, or a last run that failed."""
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
    last = state.get("last")
    if isinstance(last, dict) and last.get("outcome") == "failed":
        return f"the last run failed: {last.get('reason') or 'no reason was given'}"
    return None
