"""Titles: what an article calls itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.articles import Article
from pipeline.articles.phrases import any_of
from pipeline.articles.text import source_spans
from pipeline.facts.dates import day_at
from pipeline.facts.page import OPENING, Fact, Line, Page

if TYPE_CHECKING:
    from pipeline.articles.layout import Block

_MOST_WORDS = 40
_MOST_WORDS_IN_SUBJECT = 25
_MOST_LINES = 5
_MAX_BLOCKS = 40
_WRAPPED = 50
_SHORT_MASTHEAD = 5
_SHORT_SECTION = 3
_PAPERS = ("advertiser", "argus", "chronicle", "courier", "echo", "express", "gazette", "guardian", "herald", "journal")
_PAPERS_TOO = ("mail", "mercury", "news", "observer", "post", "standard", "star", "telegraph", "times")
_PAPER = re.compile(rf"\b{any_of(*_PAPERS, *_PAPERS_TOO)}$", re.IGNORECASE)
# "Focused visit to …", "Re-inspection of …", "Joint targeted area inspection of …", "Area SEND inspection …"
_KINDS = (
    *("focuss?ed", "monitoring", "assurance", "joint", "targeted", "area", "full", "short", "standard", "local"),
    *("joint targeted area", "single", "send", "ofsted", "special educational needs and(?:/or)? disabilit(?:y|ies)"),
)
_FORMAL = re.compile(
    rf"(?:report\s+(?:of|on|for)\s+(?:the\s+|an?\s+)?)?(?:{any_of(*_KINDS)}\s+){{0,4}}"
    r"(?:(?:visit|inspection|re-?inspection)s?\s+(?:to|of|at)\b|review\s+of\s+the\s+effectiveness\s+of\b)",
    re.IGNORECASE,
)
_SALUTATION = re.compile(r"dear\s", re.IGNORECASE)
_LABELS = ("inspection dates?", "visit dates?", "dates? of", "report published", "published", "lead inspector")
_LABELS_TOO = ("reporting inspector", "judgements?", "grade", "age group", "contents", "unique reference", "urn")
_LABEL = re.compile(rf"{any_of(*_LABELS, *_LABELS_TOO)}\b", re.IGNORECASE)
# "Lead inspector: …", "12", "Page 1"
_NO_TITLE = re.compile(rf"{_LABEL.pattern}|[^\s:]+(?:\s[^\s:]+){{0,2}}:\s|[0-9]+$|page\s+[0-9]", re.IGNORECASE)
# The words that formal titles end with.
_COMPLETE = re.compile(
    rf"{any_of('services', 'leavers', 'council', 'authority', 'trust', 'board', 'partnership')}$", re.IGNORECASE
)
# The number of a footnote after a word.
_NOTE_NUMBER = re.compile(r"(?<=[A-Za-z])[0-9]$")
_DRESS = "#*_>| \t"
# "Home > News", "News | Jobs"
_PATH = re.compile(r"[|>]")
_NAVIGATION = re.compile(r"[^|>]*[|>]|(?:[A-Z'&-]+\s+){3}")


class Title(NamedTuple):
    """A title; `formal` if it is that of a report or letter, which says who was inspected."""

    fact: Fact
    formal: bool


def title(page: Page, article: Article) -> Title | None:
    """A letter's subject, a report's title, else the headline."""
    if fact := _formal(page):
        return Title(fact, True)
    opening = [line for line in page.lines if line.start < OPENING]
    for number, line in enumerate(opening):
        if _SALUTATION.match(line.text):
            fact = _subject(page, opening[number + 1 :])
            return Title(fact, False) if fact else None
    fact = _headline(page, article)
    return Title(fact, False) if fact else None


def _formal(page: Page) -> Fact | None:
    """The first line that begins as formal titles do, with those that go on with it, before the text begins."""
    end = min(page.prose + 1, OPENING)
    above = None
    for number, line in enumerate(page.lines):
        if line.start >= end:
            break
        if line.text[0].isupper() and _FORMAL.match(line.text) and not (above and _runs_on(above, line)):
            subject = above is not None and bool(_SALUTATION.match(above.text))
            if fact := _title_of(page, page.lines[number : number + _MOST_LINES], subject=subject):
                return fact
        above = line
    return None


def _runs_on(above: Line, line: Line) -> bool:
    """Whether a line is the next of a wrapped paragraph."""
    return not line.gap and len(above.text) >= _WRAPPED and not above.text.endswith((".", ":", "?", "!"))


def _subject(page: Page, below: list[Line]) -> Fact | None:
    """The short paragraph under a letter's salutation."""
    paragraph = below[:1]
    for line in below[1 : _MOST_LINES + 1]:
        if line.gap:
            break
        paragraph.append(line)
    words = sum(len(line.text.split()) for line in paragraph)
    return _title_of(page, paragraph) if paragraph and words <= _MOST_WORDS_IN_SUBJECT else None


def _title_of(page: Page, lines: list[Line], *, subject: bool = False) -> Fact | None:
    """The title that begins with a line, unless it is a sentence; a letter's subject may end as one."""
    taken = lines[:1]
    for line in lines[1:]:
        over = line.gap or (_COMPLETE.search(taken[-1].text) and (line.text[0].isupper() or line.text == "and"))
        if over or _NO_TITLE.match(line.text) or day_at(line.text, 0) or _SALUTATION.match(line.text):
            break
        taken.append(line)
    last = taken[-1]
    stop = subject and last.text.endswith(".")
    sentence = last.text.endswith((".", ":", ";", ",", "?")) and not stop
    if sentence or sum(len(line.text.split()) for line in taken) > _MOST_WORDS:
        return None
    fact = page.fact(taken[0].start, last.end - (stop or bool(_NOTE_NUMBER.search(last.text))))
    return fact if fact.value else None


def _headline(page: Page, article: Article) -> Fact | None:
    """The first heading, but for the name of a paper or site above it, if there is one."""
    first = None
    blocks = article.blocks[:_MAX_BLOCKS]
    for block, below in zip(blocks, [*blocks[1:], None], strict=False):
        if block.kind == "furniture":
            continue
        if block.kind != "heading":
            break
        text = block.text.strip(_DRESS)
        if text and not _LABEL.match(text) and not _PATH.search(text):
            at = block.text.index(text)
            ((start, end),) = source_spans(block.offsets, [(at, at + len(text))])
            if not _is_masthead(text, below):
                return page.fact(start, end)
            first = first or page.fact(start, end)
    return first


def _is_masthead(text: str, below: Block | None) -> bool:
    """Whether a heading may be the name of a paper, site or section: a few words above navigation or a headline."""
    words = len(text.split())
    navigation = below is not None and below.kind == "furniture" and bool(_NAVIGATION.match(below.text))
    headline = below is not None and below.kind == "heading" and words <= _SHORT_SECTION
    return words == 1 or headline or (words <= _SHORT_MASTHEAD and (navigation or bool(_PAPER.search(text))))
