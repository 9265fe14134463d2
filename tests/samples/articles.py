"""Short articles."""

from __future__ import annotations

from pathlib import Path

NEWS = "Council news\n\nStaff stay longer now. Managers should check plans more often. Visits are sometimes late.\n"


def many(folder: Path, count: int) -> None:
    (folder / "in").mkdir()
    for number in range(count):
        text = f"Report {number}\n\nVisits are late in some teams. Plans are good. Leaders should act.\n"
        (folder / "in" / f"a{number:02}.txt").write_text(text, encoding="utf-8")
