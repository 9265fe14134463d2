"""The overall grade: as a table gives it, or a plain sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.articles.phrases import any_of
from pipeline.facts.judgements import GRADE, Judgement, grade
from pipeline.facts.page import HEAD, Fact, Page

_WORDS = r"(?:[^\s.]+\s+)"
_SERVICES = (
    r"(?:(?:the\s+)?children's\s+(?:social\s+care\s+)?services?|services\s+for\s+children(?:\s+and\s+families)?)"
)
_REQUIRES = r"requires?\s+improvement(?:\s+to\s+be\s+good)?"
_STATEMENT = re.compile(
    # "The overall judgement is that children's services require improvement"
    rf"\boverall\s+judge?ment\s+is\s+(?:that\s+{_SERVICES}\s+)?(?:(?:are|is)\s+)?(?P<judgement>{GRADE})"
    rf"|\boverall\s+effectiveness\s+(?:{_WORDS}{{1,12}}?)?(?:is|are)\s+(?P<effectiveness>{GRADE})"
    # A line of its own: "Children's services in Ambrook are good"
    rf"|^\s*(?:overall,\s+)?(?:{_SERVICES}|(?:the\s+)?local\s+safeguarding\s+children\s+board)\s+(?:(?:in|for|of|at)\s+{_WORDS}{{1,10}}?)?"
    rf"(?:(?:are|is)\s+(?P<services>{GRADE})|(?P<requires>{_REQUIRES}))(?=[.,]?[0-9]?\s*(?:\n|$)|[.,]\s)",
    re.IGNORECASE | re.MULTILINE,
)
_OVERALL = re.compile(r"overall\b", re.IGNORECASE)
_JUDGED = re.compile(
    rf"\b{any_of('rated', 'judged', 'graded', 'found', 'deemed', 'given', 'receive[ds]?', 'awarded', 'rating')}\b",
    re.IGNORECASE,
)
# "good overall", "'inadequate' overall", "overall were judged to require improvement"
_GRADED = re.compile(
    rf"\b(?P<before>{GRADE})[\"']?\s+overall\b|\boverall\b,?\s+(?:[^\s.]+\s+){{0,8}}?[\"']?(?P<after>{GRADE})\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    rf"\b(?:{any_of('previous(?:ly)?', 'last', 'former(?:ly)?', 'since', 'earlier', 'had been', 'until', 'before')}"
    r"|\d+\s+years?\s+ago|in\s+20[0-9]{2}|not|never)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?][\"')]*\s+(?=[A-Z\"'])|\n\s*\n")
_LONGEST_SENTENCE = 500


def overall(page: Page, judgements: Sequence[Judgement]) -> Fact | None:
    """The overall grade: of a table, else of a statement, else of a sentence that says how all was rated overall."""
    for judgement in judgements:
        if _OVERALL.match(judgement.area.value):
            return judgement.grade
    if match := _STATEMENT.search(page.text, 0, min(HEAD, len(page.text))):
        name = match.lastgroup or ""
        return page.fact(*match.span(name), grade(match[name]))
    return _in_sentence(page)


def _in_sentence(page: Page) -> Fact | None:
    text = page.text[:HEAD]
    start = 0
    for end in (*(match.end() for match in _SENTENCE.finditer(text)), len(text)):
        sentence = text[start:end]
        if len(sentence) <= _LONGEST_SENTENCE and _JUDGED.search(sentence) and not _EARLIER.search(sentence):
            match = _GRADED.search(sentence)
            if match and (name := match.lastgroup):
                span = match.span(name)
                return page.fact(start + span[0], start + span[1], grade(match[name]))
        start = end
    return None
