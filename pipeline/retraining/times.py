"""Times: a line of cron in a time zone, and when it comes next.

Read by cronsim, which takes lines as Debian's cron does: 0 and 7 are Sunday, days of the month or of the week are
either-or where both are given, a time that the clocks skip runs right after, and one that they repeat runs once.
APScheduler 3.11 gets each of these wrong: `0 3 * * 1` runs on Tuesdays, and a time in the repeated hour comes again
and again; its version 4 is not yet released.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pipeline.errors import MissingExtraError, SettingsError

if TYPE_CHECKING:
    from cronsim import CronSim

_FIELDS = ("minute", "hour", "day of the month", "month", "day of the week")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Times:
    """A line of cron (five fields) in a time zone (a name, like Europe/London)."""

    line: str
    zone: str

    @classmethod
    def of(cls, line: str, zone: str) -> Times:
        """Checked times.

        Raises `SettingsError` for a line or a zone that is none, `MissingExtraError` without cronsim.
        """
        times = cls(" ".join(line.split()), zone)
        _ = times.timezone
        times.after(datetime.now(UTC))
        return times

    @cached_property
    def timezone(self) -> ZoneInfo:
        """The time zone. Raises `SettingsError` when it is unknown."""
        try:
            return ZoneInfo(self.zone)
        except (OSError, ValueError, LookupError):  # ZoneInfoNotFoundError is a KeyError
            raise SettingsError(f"{self.zone!r} is no time zone: use a name like Europe/London or UTC") from None

    def after(self, moment: datetime, last: datetime | None = None) -> datetime:
        """The first time after a moment; both have a time zone.

        With the `last` time that ran, none is given twice though the clock went back by less than a day. Raises
        `SettingsError` for a line that is none.
        """
        if last is not None and timedelta(0) < last - moment < _DAY:
            moment = last
        found: datetime = next(self._reader(moment.astimezone(self.timezone)))
        return found.astimezone(self.timezone)

    def fields(self) -> dict[str, Any]:
        """The values of each field, as cronsim's sets, and whether days of the month and of the week both must hold."""
        read = self._reader(datetime(2000, 1, 1, tzinfo=UTC))
        names = ("minutes", "hours", "days", "months", "weekdays")
        return {**{name: getattr(read, name) for name in names}, "both": read.day_and}

    def _reader(self, moment: datetime) -> CronSim:
        try:
            from cronsim import CronSim, CronSimError
        except ImportError:
            raise MissingExtraError("schedules", "schedule") from None
        parts = self.line.split()
        if len(parts) != len(_FIELDS):
            raise SettingsError(
                f"{self.line!r} is no line of cron: it needs {len(_FIELDS)} fields ({', '.join(_FIELDS)}), "
                f"like '0 3 * * 1', not {len(parts)}"
            )
        try:
            return CronSim(self.line, moment)
        except CronSimError as error:
            what = str(error).removeprefix("Bad ").replace("day-of-", "day of the ")
            raise SettingsError(f"{self.line!r} is no line of cron: the {what} is wrong, see 'man 5 crontab'") from None
