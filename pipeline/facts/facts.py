"""Facts: what an article says of itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pipeline.articles import Article
from pipeline.facts.authorities import authority
from pipeline.facts.inspections import VISITS, inspected_days, inspection_dates, inspection_kind, inspectorate
from pipeline.facts.judgements import Judgement, judgements
from pipeline.facts.overall import overall
from pipeline.facts.page import Fact, Page
from pipeline.facts.publication import published
from pipeline.facts.titles import title

FACT_COLUMNS = (
    *("title", "published", "authority", "inspectorate", "inspection_kind", "inspection_dates"),
    *("judgements", "overall"),
)
"""The names of an article's facts, in the order of a table's columns."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What an article says of itself; what it doesn't say is None.

    `published` is an ISO date, `inspection_dates` an ISO 8601 interval (`2025-03-17/2025-03-21`), `inspection_kind` one
    of `KINDS`, `authority` a short name of the list (those of a joint service joined by "; "), `inspectorate` one of
    `INSPECTORATES` (joined likewise); `judgements` are in the order read, and `overall` is a grade in lower case.
    """

    title: Fact | None = None
    published: Fact | None = None
    authority: Fact | None = None
    inspectorate: Fact | None = None
    inspection_kind: Fact | None = None
    inspection_dates: Fact | None = None
    judgements: tuple[Judgement, ...] = ()
    overall: Fact | None = None

    def columns(self) -> dict[str, str]:
        """Values for a table by the names in `FACT_COLUMNS`, "" where absent; judgements are JSON text."""
        found = {name: fact.value for name, fact in self._single().items()}
        if self.judgements:
            found["judgements"] = json.dumps(self._grades(), ensure_ascii=False)
        return {name: found.get(name, "") for name in FACT_COLUMNS}

    def spans(self) -> dict[str, list[int]]:
        """Where each fact was read, as [start, end]; judgements by their area, as "judgements: …"."""
        found = {name: [fact.start, fact.end] for name, fact in self._single().items()}
        for area, grade in self.judgements:
            found.setdefault(f"judgements: {area.value}", [area.start, max(area.end, grade.end)])
        return found

    def to_dict(self) -> dict[str, Any]:
        """The facts found, for JSON: each with value, start and end; judgements a list of such areas and grades."""
        found: dict[str, Any] = {name: fact._asdict() for name, fact in self._single().items()}
        judged = [{"area": area._asdict(), "grade": grade._asdict()} for area, grade in self.judgements]
        return {name: judged if name == "judgements" else found.get(name) for name in FACT_COLUMNS}

    def _single(self) -> dict[str, Fact]:
        return {name: fact for name in FACT_COLUMNS if name != "judgements" and (fact := getattr(self, name))}

    def _grades(self) -> dict[str, str]:
        """Grades by area; where an area is judged twice, the first."""
        grades: dict[str, str] = {}
        for area, grade in self.judgements:
            grades.setdefault(area.value, grade.value)
        return grades


def read_facts(article: Article) -> Facts:
    """The facts of an article, each with the source offsets it was read from; none is guessed."""
    page = Page(article.source.text)
    titled = title(page, article)
    heading = titled.fact if titled else None
    kind = inspection_kind(page, heading)
    inspected = inspected_days(page)
    # Visits end without grades: those that a letter names are earlier ones.
    graded = kind is None or kind.value not in VISITS
    judged = judgements(page) if graded else ()
    return Facts(
        title=heading,
        published=published(page, inspected),
        authority=authority(page, heading, formal=bool(titled and titled.formal)),
        inspectorate=inspectorate(page, kind),
        inspection_kind=kind,
        inspection_dates=inspection_dates(page, inspected),
        judgements=judged,
        overall=overall(page, judged) if graded else None,
    )
