"""About: what a page says of itself: its title, the day it was published, and the site it is on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from lxml.html import HtmlElement

from pipeline.articles.dates import is_date
from pipeline.articles.readers.html.blocks import Block, Moment
from pipeline.articles.readers.html.words import Words, words
from pipeline.articles.text import BLANK, ends

_TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "headline", "parsely-title")
_SITES = ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher", "copyright-holder")
_DATES = (
    *("article:published_time", "og:article:published_time", "datepublished", "govuk:first-published-at"),
    *("dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "dcterms.date", "dc.date"),
    *("parsely-pub-date", "sailthru.date", "article.published", "published_at", "publishdate", "publish-date"),
    *("publish_date", "publication_date", "publication-date", "pubdate", "pub_date", "cxenseparse:recs:publishtime"),
    *("article:published", "date", "og:published_time", "dc.date.published"),
)
_PUBLISHED_JSON = re.compile(r"\"datePublished\"\s*:\s*\"([^\"\\]{8,40})\"")
_PUBLISHER_JSON = re.compile(r"\"publisher\"\s*:\s*\{[^{}]{0,500}?\"name\"\s*:\s*(\"(?:[^\"\\]|\\.){1,100}\")")

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?:{'|'.join(_MONTHS)})[a-z]{{0,6}}"
_ISO = re.compile(r"(?<!\d)(\d{4})([-/]?)(\d\d)\2(\d\d)(?=$|[T\s,+Z])")
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+({_MONTH})\.?,?[\s-]+(\d{{4}})\b", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b", re.IGNORECASE)
_OTHER_DAY = re.compile(r"updat|modif|review|amend|inspect|visit|event|due|expir|clos(?:es|ing)", re.IGNORECASE)
_PUBLISHED = re.compile(r"publish|posted|issued|release|pubdate|entry-date", re.IGNORECASE)
_WORD_PROCESSOR = re.compile(r"microsoft (?:word|excel)|(?:libre|open)office", re.IGNORECASE)
_BETWEEN = re.compile(r"\s+[-–—|»·•:]+\s+|\s*\|\s*|\s+::\s+")
_LONGEST_TITLE = 300
_LONGEST_SITE = 80
_MOST_WORDS_OF_SITE = 6
_MOST_BEFORE_TEXT = 15
_LONGEST_DATE = 100


@dataclass(frozen=True)
class About:
    """A page's title, the number of the block that shows it, the day it was published as ISO 8601, and its site."""

    title: str
    block: int | None
    date: str
    site: str


class Head:
    """What a page says of itself beside its text."""

    def __init__(self, root: HtmlElement) -> None:
        self._given = _given(root)
        element = next(root.iter("title"), None)
        self.title = _line(element.text_content()) if element is not None else ""
        if _WORD_PROCESSOR.match(self._given.get("generator", "")):  # the title of whatever its file was made from
            self.title = ""
        self.json = [script.text or "" for script in root.iter("script") if "ld+json" in script.get("type", "")]

    def first(self, names: Sequence[str]) -> str:
        """The first that is given of some properties, or ""."""
        return next((value for name in names if (value := self._given.get(name))), "")

    def dates(self) -> Iterator[str]:
        """What the page gives as the time it was published."""
        yield from (self._given[name] for name in _DATES if name in self._given)
        for text in self.json:
            if match := _PUBLISHED_JSON.search(text):
                yield match[1]


def _given(root: HtmlElement) -> dict[str, str]:
    """What meta elements give, by name; the first of each counts."""
    given: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = _line(element.get("content", ""))
        if name and content:
            given.setdefault(name.strip().lower(), content)
    return given


def _line(text: str) -> str:
    return " ".join(text.split()).strip(BLANK)


def about(head: Head, blocks: Sequence[Block], moments: Sequence[Moment], allowed: Sequence[bool]) -> About:
    """What is known of a page, from its head and those of its blocks that may be its text; "" for what isn't."""
    site = _site(head)
    shown = [number for number, block in enumerate(blocks) if block.level == 1 and words(block.text) != words(site)]
    named = head.first(_TITLES)[:_LONGEST_TITLE]
    number = _shown_title(blocks, shown, words(f"{named} {head.title}"), allowed)
    if number is not None:
        title = blocks[number].text
        site = site or _rest(head.title, title)
    else:
        title, other = _parted(named or head.title, site)
        site = site or other
    return About(title[:_LONGEST_TITLE], number, _published(head, blocks, moments, allowed, number or 0), site)


def _site(head: Head) -> str:
    site = head.first(_SITES)
    for text in head.json:
        if not site and (match := _PUBLISHER_JSON.search(text)):
            try:
                site = _line(str(json.loads(match[1])))
            except ValueError:
                continue
    return site if len(site) <= _LONGEST_SITE and "//" not in site else ""


def _shown_title(blocks: Sequence[Block], shown: Sequence[int], named: Words, allowed: Sequence[bool]) -> int | None:
    """The number of the main heading that is the page's title: the likest to the head's, or the only."""
    known = set(named)
    best = max(shown, key=lambda number: (_likeness(blocks[number], known), -number), default=None)
    if best is not None and (_likeness(blocks[best], known) >= 0.5 or (len(shown) == 1 and allowed[best])):
        return best
    return None


def _likeness(block: Block, known: set[str]) -> float:
    own = words(block.text)
    return sum(word in known for word in own) / max(len(own), 1)


def _rest(whole: str, title: str) -> str:
    """The site that a window's title names after a page's own."""
    parts = _BETWEEN.split(whole)
    own = words(title)
    if len(parts) > 1 and words(parts[-1]) and own[: len(words(parts[0]))] == words(parts[0]) != words(parts[-1]):
        return parts[-1] if len(parts[-1].split()) <= _MOST_WORDS_OF_SITE else ""
    return ""


def _parted(whole: str, site: str) -> tuple[str, str]:
    """A title without the site's name around it, and that name, where it is plain which is which."""
    title, bar, last = whole.rpartition("|")
    if bar and title.strip() and 0 < len(last.split()) <= _MOST_WORDS_OF_SITE:
        return title.strip(" |"), site or last.strip()
    for match in _BETWEEN.finditer(whole) if site else ():
        before, after = whole[: match.start()], whole[match.end() :]
        if words(site) in (words(before), words(after)):
            return (after if words(before) == words(site) else before), site
    return ("", site) if words(whole) == words(site) else (whole, site)


def _published(
    head: Head, blocks: Sequence[Block], moments: Sequence[Moment], allowed: Sequence[bool], start: int
) -> str:
    """The day that the page says it was published: by its head, by a time element, or on a line of its own."""
    opening = range(start, len(blocks))
    text = next((number for number in opening if allowed[number] and _is_paragraph(blocks[number])), len(blocks))
    told = (
        _told(moment, near=start <= moment.block < text)
        for moment in moments
        if moment.block < len(blocks) and allowed[moment.block]
    )
    shown = (
        iso(line)
        for number, block in enumerate(blocks)
        if allowed[number]
        for line in block.lines
        if (start <= number < min(text, start + _MOST_BEFORE_TEXT) or _PUBLISHED.match(line)) and _is_day(line)
    )
    return next(filter(None, chain(map(iso, head.dates()), told, shown)), "")


def _is_day(line: str) -> bool:
    """Whether a line is a date, and not that of something else."""
    if len(line) > _LONGEST_DATE or not is_date(line):
        return False
    return bool(_PUBLISHED.match(line)) or not _OTHER_DAY.search(line)  # "Published 3 May | Updated 4 May"


def _told(moment: Moment, *, near: bool) -> str:
    """The day that a time element tells, if the page was published then: it says so, or is near the title."""
    given = moment.element.attrib
    names = " ".join(given.get(key, "") for key in ("class", "itemprop", "id"))
    if _OTHER_DAY.search(names) or _OTHER_DAY.search(moment.before):
        return ""
    stated = "pubdate" in given or bool(_PUBLISHED.search(f"{names} {moment.before}"))
    return iso(given.get("datetime") or moment.element.text_content()) if stated or near else ""


def _is_paragraph(block: Block) -> bool:
    return block.kind is None and (len(block.text) > _LONGEST_DATE or ends(block.text, (".",)))


def iso(text: str) -> str:
    """The first day in a text as ISO 8601, or ""; none of figures alone, of which either may be the month."""
    text = text[:200]
    if match := _ISO.search(text):
        return _day(int(match[1]), int(match[3]), int(match[4]))
    if match := _DAY_FIRST.search(text):
        return _day(int(match[3]), _month(match[2]), int(match[1]))
    if match := _MONTH_FIRST.search(text):
        return _day(int(match[3]), _month(match[1]), int(match[2]))
    return ""


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat() if 1990 <= year <= 2100 else ""
    except ValueError:
        return ""
