"""Inspections: who inspected, what kind of inspection it was, and when."""

from __future__ import annotations

import re

from pipeline.articles.phrases import any_of
from pipeline.facts.dates import Days, day_at, days
from pipeline.facts.page import HEAD, OPENING, Fact, Page

_SERVICES = "children'?s? (?:social care )?services"
_OF = r"(?:re-?)?inspections? of (?:[^\s.]+ ){0,12}?"

KINDS: dict[str, str] = {
    "focused_visit": any_of("focuss?ed visit"),
    "monitoring_visit": any_of("monitoring visit"),
    "assurance_visit": any_of("assurance (?:visit|inspection)"),
    "joint_inspection": any_of("joint targeted area inspection", "jtais?", "joint inspection of"),
    "send_area_inspection": any_of(
        *("area send inspection", "send area inspection", "local area send inspection", "send inspection"),
        *(f"{_OF}(?:special educational needs|send|local area partnership)", "local area inspection"),
    ),
    "youth_justice_inspection": any_of(
        "youth (?:justice|offending)(?: services?)? inspection", f"{_OF}youth (?:justice|offending)"
    ),
    "police_inspection": any_of("child protection inspection", "peel (?:assessment|inspection)"),
    "childrens_home_inspection": any_of("children'?s'? homes? inspection", f"{_OF}children'?s'? homes?"),
    "fostering_inspection": any_of(
        "fostering (?:service|agency) inspection", f"{_OF}(?:independent )?fostering (?:service|agency)"
    ),
    "adoption_inspection": any_of(
        "adoption (?:service|agency|support agency) inspection", f"{_OF}(?:voluntary )?adoption (?:service|agency)"
    ),
    "full_inspection": any_of(
        *(f"{_OF}{_SERVICES}", f"{_OF}looked[ -]after children(?: services)?"),
        *(
            "(?:re-?)?inspection of (?:the )?services for (?:vulnerable )?children",
            "ilacs inspection",
            "full inspection",
        ),
        f"{_OF}(?:arrangements for the protection of children|safeguarding and)",
        *("single inspection framework", "(?:short|standard) inspection of (?:[^\\s.]+ ){0,6}?children"),
    ),
    "safeguarding_board_review": any_of("review of the effectiveness of (?:the )?local safeguarding children board"),
    "school_inspection": any_of(
        *("(?:school|academy|college|sixth form) inspection", "section 5 inspection"),
        r"(?:re-?)?inspection of (?:[^\s.]+ ){0,12}?(?:school|academy|college)",
    ),
    "early_years_inspection": any_of(
        "(?:nursery|childminder|childcare|early years) inspection", rf"{_OF}(?:nursery|pre-?school|childminder)"
    ),
}
"""The kinds of inspection and the phrases that name them; where two begin at one place, the first kind counts."""

VISITS = frozenset(("focused_visit", "monitoring_visit", "assurance_visit"))
"""The kinds that end without grades."""

INSPECTORATES: dict[str, str] = {
    "Ofsted": any_of("ofsted", "office for standards in education"),
    "CQC": any_of("care quality commission", "cqc"),
    "HMICFRS": any_of("hmicfrs", "hmic", "(?:his|her) majesty's inspectorate of constabulary"),
    "HMI Probation": any_of("hmi probation", "hmiprobation", "(?:his|her) majesty's inspectorate of probation"),
}
"""The inspectorates by the names in use, and how texts name them."""

_JOINT = frozenset(("joint_inspection", "send_area_inspection", "youth_justice_inspection"))
_OTHERS_OWN = {"police_inspection": "HMICFRS", "youth_justice_inspection": "HMI Probation"}
_KIND = re.compile(rf"\b(?:{'|'.join(f'(?P<{kind}>{pattern})' for kind, pattern in KINDS.items())})\b", re.IGNORECASE)
_INSPECTORATE = {name: re.compile(rf"\b{pattern}\b", re.IGNORECASE) for name, pattern in INSPECTORATES.items()}
_OTHER = any_of("last", "previous", "earlier", "next", "future", "since (?:the|its|their)", "recent")
_OTHER_BEFORE = re.compile(rf"\b{_OTHER}\s+(?:\w+\s+){{0,3}}$", re.IGNORECASE)
_LABELS = ("inspection dates?", "visit dates?", "dates? of (?:the )?(?:inspection|visit)", "inspected(?: on)?")
_LABEL = re.compile(rf"{any_of(*_LABELS)}\b[\s:|*_-]*(?:from\s+|between\s+)?", re.IGNORECASE)
_ON = re.compile(r"\b(?:on|from|between|over|dates)\s+$", re.IGNORECASE)
_VISITED = re.compile(r"\b(?:visit(?:ed|s)?|inspect(?:ed|ion|ions)|fieldwork)\b", re.IGNORECASE)
_SENTENCE_START = re.compile(r"[.!?]['\")]*\s+(?=[A-Z\"'])|\n\s*\n")
_LONGEST_CLAUSE = 400


def inspection_kind(page: Page, title: Fact | None) -> Fact | None:
    """The kind of inspection (a key of `KINDS`), as the title names it, or else the first that the head names."""
    if title and (match := _KIND.search(page.text, title.start, title.end)):
        return page.fact(match.start(), match.end(), match.lastgroup)
    for match in _KIND.finditer(page.text, 0, min(OPENING, len(page.text))):
        if not _OTHER_BEFORE.search(page.text[max(0, match.start() - 40) : match.start()]):
            return page.fact(match.start(), match.end(), match.lastgroup)
    return None


def inspectorate(page: Page, kind: Fact | None) -> Fact | None:
    """Whose inspectors came: of joint inspections all that the head names, else Ofsted if it is named."""
    named = _named(page.text[:HEAD])
    if named and kind and kind.value in _JOINT:
        return page.fact(named[0][0], max(end for _, end, _ in named), "; ".join(name for _, _, name in named))
    own = _OTHERS_OWN.get(kind.value, "Ofsted") if kind else "Ofsted"
    if match := _INSPECTORATE[own].search(page.text):
        return page.fact(*match.span(), own)
    for start, end, name in named:
        return page.fact(start, end, name)
    return None


def _named(text: str) -> list[tuple[int, int, str]]:
    """Where each inspectorate that a text names is named first, in order."""
    found = ((pattern.search(text), name) for name, pattern in _INSPECTORATE.items())
    return sorted((*match.span(), name) for match, name in found if match)


def inspected_days(page: Page) -> Days | None:
    """The days of the inspection: what a label says, else a sentence of a visit, else a line that is a span of days."""
    end = min(OPENING, len(page.text))
    for line in page.lines:
        label = _LABEL.match(page.text, line.start, end) if line.start < end else None
        if label and (found := day_at(page.text, label.end(), end)):
            return found
    named = list(days(page.text, 0, end))
    for found in named:
        if _is_of_visit(page, found):
            return found
    whole = {(line.start, line.end) for line in page.lines}
    return next((found for found in named if not found.single and (found.start, found.end) in whole), None)


def _is_of_visit(page: Page, found: Days) -> bool:
    """Whether the sentence up to some days says that a visit took place on them, and not an earlier one.

    In the first paragraph, days with a "on" or "between" before them are those of the visit without its being named.
    """
    before = page.text[max(0, found.start - _LONGEST_CLAUSE) : found.start]
    starts = [match.end() for match in _SENTENCE_START.finditer(before)]
    clause = before[starts[-1] :] if starts else before
    first = not found.single and "\n\n" not in page.text[page.prose : found.start]
    if not _ON.search(clause) or not (first or _VISITED.search(clause)):
        return False
    return not re.search(rf"\b{_OTHER}\b", clause, re.IGNORECASE)


def inspection_dates(page: Page, inspected: Days | None) -> Fact | None:
    """First and last day of the inspection, as an ISO 8601 interval."""
    return page.fact(inspected.start, inspected.end, inspected.iso) if inspected else None
