"""Requests and outcomes: what a run is asked, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pipeline.labels import Themes
    from pipeline.retraining.corrections import Rows
    from pipeline.retraining.gate import Comparison
    from pipeline.settings import Settings

Result = Literal["promoted", "kept", "unchanged"]


@dataclass(frozen=True)
class Request:
    """What to learn from, and how.

    `corrections` are rows that reviewers accepted. `encoder` is one to read with, by default that of the version in
    use. `force` trains though nothing is new or articles are gone; the gate stays. `dry_run` writes nothing.
    """

    corpus: Sequence[Path]
    corrections: Rows
    themes: Themes
    settings: Settings
    encoder: str | None = None
    force: bool = False
    dry_run: bool = False
    jobs: int = 1


@dataclass(frozen=True)
class Outcome:
    """What came of a run: `version` is what it wrote, `champion` what was in use before, `against` each objection."""

    outcome: Result
    reason: str
    champion: str | None = None
    version: str | None = None
    changed: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    challenger: dict[str, Any] | None = None
    comparisons: list[Comparison] = field(default_factory=list)
    articles: dict[str, int] = field(default_factory=dict)
    dry_run: bool = False

    def to_dict(self) -> dict[str, Any]:
        """As plain data; of articles, nothing but how many."""
        return {
            "outcome": self.outcome,
            "reason": self.reason,
            "dry_run": self.dry_run,
            "champion": self.champion,
            "version": self.version,
            "changed": self.changed,
            "articles": self.articles,
            "challenger": self.challenger,
            "comparisons": [comparison.to_dict() for comparison in self.comparisons],
            "against": self.against,
            "notes": self.notes,
        }
