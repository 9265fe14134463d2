"""The health file of a schedule, and what it tells."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import StoreError
from pipeline.retraining import health

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
FAILED = {"outcome": "failed", "reason": "no corpus"}


def state(**changes: object) -> dict[str, object]:
    return {"state": "waiting", "written": NOW.isoformat(), "last": {"outcome": "kept"}, **changes}


@pytest.mark.parametrize(
    "found", [state(), state(last=None), state(state="running"), state(last={"outcome": "broken off"})]
)
def test_what_is_well_is_alive_and_has_no_ailment(found: dict[str, object]):
    assert health.ailment(found, NOW) is health.silence(found, NOW) is None


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        (None, "no health file: the schedule has not started"),
        (state(written="x"), "the health file is damaged"),
        (state(written="2026-01-01T00:00:00"), "the health file is damaged"),
        (state(state="ended"), "the schedule has ended"),
        (
            state(written="2020-01-01T00:00:00+00:00", last=FAILED),
            "the schedule has said nothing since 2020-01-01T00:00:00+00:00",
        ),
    ],
)
def test_what_is_not_alive_is_told(found: dict[str, object] | None, wrong: str):
    assert health.ailment(found, NOW) == health.silence(found, NOW) == wrong


@pytest.mark.parametrize(
    ("last", "wrong"),
    [(FAILED, "the last run failed: no corpus"), ({"outcome": "failed"}, "the last run failed: no reason was given")],
)
def test_a_failed_run_is_an_ailment_of_what_is_alive(last: dict[str, object], wrong: str):
    assert health.ailment(state(last=last), NOW) == wrong
    assert health.silence(state(last=last), NOW) is None


def test_what_is_written_is_read(tmp_path: Path):
    path = tmp_path / "deep" / "health.json"
    assert health.read(path) is None
    health.write(path, {"state": "waiting"})
    found = health.read(path)
    assert found is not None
    assert found["state"] == "waiting"
    assert health.silence(found, NOW) is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it isn't JSON"),
        (b"{", "it isn't JSON"),
        (b"\xff\xfe", "it isn't JSON"),
        (b"[" * 200_000, "it isn't JSON"),
        (b"[]", "it isn't a health file"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_to_be_one(tmp_path: Path, content: bytes, reason: str):
    path = tmp_path / "health.json"
    path.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        health.read(path)
    assert str(caught.value) == (
        f"{path}: can't be read ({reason}): name the file of 'pipeline schedule --health', "
        "which is written anew every minute"
    )


def test_a_folder_is_no_health_file(tmp_path: Path):
    with pytest.raises(StoreError, match=r"can't be read \("):
        health.read(tmp_path)
