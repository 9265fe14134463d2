"""Units: ready files for those who have a scheduler: crontab, systemd, GitHub Actions and Kubernetes."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.errors import SettingsError
from pipeline.retraining.times import Times

Kind = Literal["cron", "systemd", "github-actions", "kubernetes"]

_WEEKDAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
_ALL = {"minutes": 60, "hours": 24, "days": 31, "months": 12}


@dataclass(frozen=True)
class Job:
    """`pipeline retrain` with these arguments at these times in a folder, seen from which `store` and `reviews` are."""

    times: Times
    arguments: Sequence[str]
    folder: str
    store: str = "models"
    reviews: str = "reviews"


def unit_file(kind: Kind, job: Job) -> str:
    """A unit file that has a scheduler do a job. Raises `SettingsError` for times that systemd can't be told."""
    return _WRITERS[kind](job)


def _cron(job: Job) -> str:
    # In a crontab, % ends a command unless it is escaped.
    command = f"cd {shlex.quote(job.folder)} && {shlex.join(['pipeline', 'retrain', '--quiet', *job.arguments])}"
    escaped = command.replace("%", "\\%")
    return (
        "# Add these lines with 'crontab -e'. PATH must find 'pipeline'. Cron mails what is printed.\n"
        "# CRON_TZ is known to cronie and FreeBSD's cron; Debian's takes the system's time zone.\n"
        f"CRON_TZ={job.times.zone}\n"
        f"{job.times.line} {escaped}\n"
    )


def _systemd(job: Job) -> str:
    words = " ".join(_systemd_word(word) for word in ["pipeline", "retrain", *job.arguments])
    return f"""# /etc/systemd/system/pipeline-retrain.service
[Unit]
Description=Retrain the inspection pipeline's model

[Service]
Type=oneshot
WorkingDirectory={job.folder.replace("%", "%%")}
ExecStart=/usr/bin/env {words}
Nice=10
TimeoutStopSec=60
PrivateTmp=yes
NoNewPrivileges=yes

# /etc/systemd/system/pipeline-retrain.timer
# Then: systemctl daemon-reload && systemctl enable --now pipeline-retrain.timer
[Unit]
Description=When to retrain the inspection pipeline's model

[Timer]
OnCalendar={on_calendar(job.times)}
Persistent=yes

[Install]
WantedBy=timers.target
"""


def _systemd_word(word: str) -> str:
    """A word as systemd reads it: % and $ doubled, quoted where it has spaces or quotes."""
    doubled = word.replace("%", "%%").replace("$", "$$")
    if doubled and not any(mark in doubled for mark in " \t\"'\\;"):
        return doubled
    return '"' + doubled.replace("\\", "\\\\").replace('"', '\\"') + '"'


def on_calendar(times: Times) -> str:
    """The times as systemd's calendar event. Raises `SettingsError` for what it can't express."""
    fields = times.fields()
    for name in ("days", "weekdays"):
        if any(not isinstance(value, int) or value < 0 for value in fields[name]):
            raise SettingsError(f"{times.line!r}: systemd knows no last or nth day: use plain days")
    weekdays = sorted({value % 7 for value in fields["weekdays"]})
    every_day = len(fields["days"]) == _ALL["days"]
    if not fields["both"] and len(weekdays) < 7 and not every_day:
        raise SettingsError(f"{times.line!r}: systemd can't tell days of the month or of the week: give one of them")
    days = "" if len(weekdays) == 7 else ",".join(_WEEKDAYS[day] for day in weekdays) + " "
    month, day, hour, minute = (_calendar(fields[name], _ALL[name]) for name in ("months", "days", "hours", "minutes"))
    return f"{days}*-{month}-{day} {hour}:{minute}:00 {times.zone}"


def _calendar(values: set[int], count: int) -> str:
    return "*" if len(values) == count else ",".join(f"{value:02d}" for value in sorted(values))


def _github_actions(job: Job) -> str:
    store, reviews = (posixpath.join(job.folder, place) for place in (job.store, job.reviews))
    # Without a pipe: the step must fail when the command does, and GitHub's shell looks at the last of a pipe only.
    command = shlex.join(["pipeline", "retrain", "--json", *job.arguments])
    return f"""# .github/workflows/retrain.yml
name: retrain
on:
  schedule:
    - cron: {_yaml(job.times.line)}
      timezone: {_yaml(job.times.zone)}
  workflow_dispatch:
permissions:
  contents: read
concurrency:
  group: retrain
  cancel-in-progress: false
jobs:
  retrain:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    defaults:
      run:
        working-directory: {_yaml(job.folder)}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: pip install inspection-pipeline
      # The store must outlive the run. GitHub drops a cache that nothing has used for seven days: run daily (where
      # nothing is new, a run ends at once), or keep the store in a bucket of your own.
      - uses: actions/cache@v4
        with:
          path: {_yaml(store)}
          key: models-${{{{ github.run_id }}}}-${{{{ github.run_attempt }}}}
          restore-keys: models-
      # Corrections are read from {reviews!r}, which no run writes: commit it, or fetch it in a step before this.
      - run: {_yaml(command)}
"""


def _kubernetes(job: Job) -> str:
    words = "".join(f"\n                - {_yaml(word)}" for word in ["pipeline", "retrain", "--json", *job.arguments])
    return f"""apiVersion: batch/v1
kind: CronJob
metadata:
  name: pipeline-retrain
spec:
  schedule: {_yaml(job.times.line)}
  timeZone: {_yaml(job.times.zone)}
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 3600
  successfulJobsHistoryLimit: 3
  failedJobsHistoryLimit: 3
  jobTemplate:
    spec:
      backoffLimit: 1
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: retrain
              image: inspection-pipeline:latest  # an image of your own that has the package
              workingDir: {_yaml(job.folder)}
              command:{words}
              resources:
                requests: {{cpu: "1", memory: 2Gi}}
                limits: {{memory: 4Gi}}
              volumeMounts:
                - name: store  # what lies elsewhere, as a store with an absolute path may, is lost after the run
                  mountPath: {_yaml(job.folder)}
          volumes:
            - name: store
              persistentVolumeClaim:
                claimName: pipeline-store
"""


def _yaml(value: str) -> str:
    """A string as YAML takes for nothing else."""
    return "'" + value.replace("'", "''") + "'"


_WRITERS: Mapping[str, Callable[[Job], str]] = {
    "cron": _cron,
    "systemd": _systemd,
    "github-actions": _github_actions,
    "kubernetes": _kubernetes,
}
