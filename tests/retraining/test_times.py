"""When a line of cron comes next."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipeline.errors import MissingExtraError, SettingsError
from pipeline.retraining.times import Times

LONDON = "Europe/London"


def following(line: str, start: str, count: int = 1, zone: str = LONDON) -> list[str]:
    """The next times, as local time with the offset."""
    times = Times.of(line, zone)
    moment = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))
    found = []
    for _ in range(count):
        moment = times.after(moment)
        found.append(moment.isoformat(timespec="minutes"))
    return found


def test_one_is_monday():
    assert following("0 3 * * 1", "2026-01-01", 2) == ["2026-01-05T03:00+00:00", "2026-01-12T03:00+00:00"]
    assert following("0 3 * * mon", "2026-01-01") == ["2026-01-05T03:00+00:00"]
    assert following("0 3 * * 0", "2026-01-01") == following("0 3 * * 7", "2026-01-01") == ["2026-01-04T03:00+00:00"]


def test_days_of_month_and_week_are_either_or():
    assert following("0 3 15 * 1", "2026-01-13", 2) == ["2026-01-15T03:00+00:00", "2026-01-19T03:00+00:00"]


def test_a_time_that_the_clocks_skip_runs_right_after():
    assert following("30 1 * * *", "2026-03-28T02:00", 2) == ["2026-03-29T02:00+01:00", "2026-03-30T01:30+01:00"]


def test_a_time_that_the_clocks_repeat_runs_once():
    assert following("30 1 * * *", "2026-10-24T02:00", 2) == ["2026-10-25T01:30+01:00", "2026-10-26T01:30+00:00"]


def test_the_zone_counts():
    times = Times.of("0 3 * * *", LONDON)
    found = times.after(datetime(2026, 7, 1, tzinfo=UTC))
    assert found.astimezone(UTC).hour == 2


def test_a_clock_that_goes_back_runs_nothing_twice():
    times = Times.of("0 3 * * *", "UTC")
    ran = datetime(2026, 5, 1, 3, tzinfo=UTC)
    assert times.after(ran - timedelta(hours=2), ran) == ran + timedelta(days=1)
    # A clock that was wrong by days is believed, or else nothing would run for as long.
    assert times.after(ran - timedelta(days=30), ran) == ran - timedelta(days=29)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "needs 5 fields"),
        ("0 3 * *", "needs 5 fields .* not 4"),
        ("0 0 3 * * 1", "needs 5 fields .* not 6"),
        ("60 3 * * 1", "the minute is wrong"),
        ("0 24 * * 1", "the hour is wrong"),
        ("0 3 32 * *", "the day of the month is wrong"),
        ("0 3 * 13 *", "the month is wrong"),
        ("0 3 * * 8", "the day of the week is wrong"),
        ("0 3 30 2 *", "the day of the month is wrong"),
        ("a b c d e", "the minute is wrong"),
        ("@weekly", "needs 5 fields"),
        ("*/0 * * * *", "the minute is wrong"),
    ],
)
def test_what_is_no_line_of_cron_is_said(line: str, message: str):
    with pytest.raises(SettingsError, match=f"is no line of cron: .*{message}"):
        Times.of(line, LONDON)


@pytest.mark.parametrize("zone", ["", "Mars", "Europe/Londn", "../../etc/passwd", "/etc/localtime", "\0"])
def test_what_is_no_time_zone_is_said(zone: str):
    with pytest.raises(SettingsError, match="is no time zone: use a name like Europe/London or UTC"):
        Times.of("0 3 * * 1", zone)


def test_without_cronsim_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "cronsim", None)
    with pytest.raises(MissingExtraError, match=r"inspection-pipeline\[schedule\]"):
        Times.of("0 3 * * 1", LONDON)
