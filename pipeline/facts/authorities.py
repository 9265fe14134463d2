"""Authorities: England's councils and trusts responsible for children's services, and where a text names them.

`authorities.csv` lists them, with those abolished since 2009. A row: the short name in use, the full name, its kind
(`county`, `unitary`, `metropolitan`, `london`, `trust`), the year in which it ended, the authorities that a trust
serves, and other names.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pipeline.articles.phrases import any_of
from pipeline.facts.page import HEAD, OPENING, Fact, Page

_LONGEST_LINE = 90
# Also words; in a headline they need more to be a place.
_WORDS = frozenset(("Barking", "Bath", "Bury", "Reading"))
_KINDS_OF_PLACE = ("city", "county", "borough", "metropolitan", "district", "unitary", "local", "and")
_OFFICES = (
    *("council", "local authority", "authority", "corporation", "mbc", "local area", "safeguarding children"),
    *("children's (?:social care )?services?", "children's social care", "children services", "children's trust"),
)
_CUE_BEFORE = re.compile(
    rf"\b(?:{any_of('london borough', 'royal borough', 'borough', 'city', 'county', 'district', 'council')})"
    r"\s+of\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_CUE_AFTER = re.compile(
    rf"(?:'s?)?\s+(?:{any_of(*_KINDS_OF_PLACE)}\s+){{0,4}}{any_of(*_OFFICES)}\b",
    re.IGNORECASE,
)
_VISIT = re.compile(r"\b(?:visit|inspection|review)\s+(?:to|of|at)\s+(?:the\s+)?$", re.IGNORECASE)
_JOINER = re.compile(
    r"\s*(?:,\s*(?:and\s+)?|and\s+|&\s*)(?:the\s+)?(?:(?:london|royal)\s+borough\s+of\s+)?", re.IGNORECASE
)
# "Care leavers in Derby", "Derby: …"; not "Jo Derby".
_NOT_A_SURNAME = re.compile(r"(?:^|[^\w\s]\s*|\b[a-z]+\s+|\b(?:In|Of|At|For|The|And|Is|As)\s+)$")
# What a report's cover may say beside the name: "1", "London Borough of", "City Council".
_COVER = re.compile(
    rf"[\W\d]*(?:{any_of('of', 'the', 'royal', 'london', 'council', *_KINDS_OF_PLACE)}\b\W*)*", re.IGNORECASE
)
_LONGEST_CUE = 40


class Authority(NamedTuple):
    """A row of the list."""

    short: str
    name: str
    kind: str
    until: str
    serves: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def value(self) -> str:
        """What a text that names it is about: a trust stands for the authority it serves, if that is but one."""
        return self.serves[0] if len(self.serves) == 1 else self.short


class Naming(NamedTuple):
    """Where a text names an authority; `cued` if the words around say that it is one ("Derby City Council")."""

    value: str
    start: int
    end: int
    cued: bool


@cache
def authorities() -> tuple[Authority, ...]:
    """The list, in its order."""
    text = files("pipeline.facts").joinpath("authorities.csv").read_text(encoding="utf-8")
    return tuple(
        Authority(
            row["short"],
            row["name"],
            row["kind"],
            row["until"],
            tuple(filter(None, row["serves"].split("|"))),
            tuple(filter(None, row["others"].split("|"))),
        )
        for row in csv.DictReader(text.splitlines())
    )


def key(name: str) -> str:
    """A name without what differs from writer to writer: case, "&" for "and", hyphens, stops, white space."""
    name = name.lower().replace("&", " and ").replace("'", "").replace("’", "")
    return " ".join(re.sub(r"[^\w]+", " ", name).split())


@cache
def _by_key() -> dict[str, Authority]:
    """Authorities by the keys of their names; a name in use counts before another's other name."""
    found: dict[str, Authority] = {}
    for authority in authorities():
        found.setdefault(key(authority.short), authority)
    for authority in authorities():
        for name in (authority.name, *authority.others):
            found.setdefault(key(name), authority)
    return found


@cache
def _pattern() -> re.Pattern[str]:
    """Names as they may be written; longer ones first, since many begin with others."""
    names = {name for authority in authorities() for name in (authority.short, authority.name, *authority.others)}
    phrases = [_written(name) for name in sorted(names, key=len, reverse=True)]
    not_after = "".join(
        rf"(?<!{word}[ \n-])"
        for word in ("North", "South", "East", "West", "Mid", "New", "Greater", "Central", "Upper")
    )
    return re.compile(rf"(?<![\w@.-]){not_after}(?=[A-Z])(?i:{any_of(*phrases)})(?![\w@-]|\.\w|\s+under\s+Lyme)")


def _written(name: str) -> str:
    """A pattern for a name, however its words are joined."""
    words = [r"(?:and|&)" if word in ("and", "&") else re.escape(word) for word in re.split(r"[\s-]", name)]
    pattern = words[0]
    for word in words[1:]:
        pattern += r"(?:\s*-\s*|\s+)" + word
    return pattern.replace(",", ",?")


def namings(text: str, start: int = 0, end: int | None = None) -> Iterator[Naming]:
    """The authorities that a stretch of plain text names, in order."""
    for match in _pattern().finditer(text, start, len(text) if end is None else end):
        authority = _by_key()[key(match.group())]
        if authority.kind == "trust":
            if _is_name(match.group()):
                yield Naming(authority.value, match.start(), match.end(), True)
            continue
        cued = _CUE_AFTER.match(text, match.end()) or _CUE_BEFORE.search(
            text[max(0, match.start() - _LONGEST_CUE) : match.start()]
        )
        own = key(match.group()) != key(authority.short) and key(match.group()) == key(authority.name)
        yield Naming(authority.value, match.start(), match.end(), bool(cued) or own)


def _is_name(text: str) -> bool:
    """Whether the longer words begin with capitals: a trust's name may be ordinary words too."""
    return all(word[0].isupper() for word in text.split() if len(word) > 3)


def authority(page: Page, title: Fact | None, *, formal: bool) -> Fact | None:
    """The council or trust that an article is about, by the short name in use.

    It is the one that a formal title names ("Focused visit to …"), else the one visited, or named on a line of its own
    before the text begins; in a news story, one that the headline names, or else the one named most often as a council.
    """
    text = page.text
    titled = list(namings(text, title.start, title.end)) if title else []
    if formal and titled:
        return _joined(page, titled)
    cued = [naming for naming in namings(text, 0, min(HEAD, len(text))) if naming.cued]
    if formal and title:
        if cover := _on_cover(text, title):
            return page.fact(cover.start, cover.end, cover.value)
        for naming in cued:
            if naming.start < OPENING and (_on_own_line(text, naming) or _visited(text, naming)):
                return page.fact(naming.start, naming.end, naming.value)
    counts = Counter(naming.value for naming in cued)
    for naming in titled:
        if naming.cued or naming.value in counts or (not counts and _is_place(text, naming)):
            return page.fact(naming.start, naming.end, naming.value)
    for naming in cued:
        if counts[naming.value] == max(counts.values()):
            return page.fact(naming.start, naming.end, naming.value)
    return None


def _joined(page: Page, titled: list[Naming]) -> Fact:
    """The first authority of a title, with those joined to it ("Kingston and Richmond")."""
    together = titled[:1]
    for naming in titled[1:]:
        if not _JOINER.fullmatch(page.text, together[-1].end, naming.start):
            break
        together.append(naming)
    values = dict.fromkeys(naming.value for naming in together)
    return page.fact(together[0].start, together[-1].end, "; ".join(values))


def _on_cover(text: str, title: Fact) -> Naming | None:
    """An authority that is all of the paragraph before a report's title."""
    above = text[: title.start].rstrip()
    start = max(0, len(above) - _LONGEST_LINE, above.rfind("\n\n") + 1)
    for naming in namings(text, start, len(above)):
        if _COVER.fullmatch(text[start : naming.start] + text[naming.end : len(above)]):
            return naming
    return None


def _on_own_line(text: str, naming: Naming) -> bool:
    start = text.rfind("\n", 0, naming.start) + 1
    end = text.find("\n", naming.end)
    line = text[start : end if end >= 0 else len(text)].strip()
    return len(line) <= _LONGEST_LINE and not line.endswith((".", ",", ";")) and len(line.split()) <= 10


def _visited(text: str, naming: Naming) -> bool:
    return bool(_VISIT.search(text[max(0, naming.start - _LONGEST_CUE) : naming.start]))


def _is_place(text: str, naming: Naming) -> bool:
    """Whether a bare name in a headline is a place: not a word of the language, nor someone's surname."""
    name = text[naming.start : naming.end]
    line = text[text.rfind("\n", 0, naming.start) + 1 : naming.start]
    return name.capitalize() not in _WORDS and bool(_NOT_A_SURNAME.search(line[-_LONGEST_CUE:]))
