"""People: lines that name writers and inspectors."""

from __future__ import annotations

import re

from pipeline.articles.dates import DATE, is_date
from pipeline.articles.phrases import any_of
from pipeline.articles.text import single_spaced

_LONGEST_TEAM = 600

_NAME_WORD = r"[A-ZÀ-Þ][\w.'’-]*+"
NAME = rf"{_NAME_WORD}(?:\s+(?:{_NAME_WORD}|de|van|der|al|bin|ap)){{1,4}}"
"""A person's name, as a pattern in which case matters: two to five words."""
_NAMES = rf"{NAME}(?:(?:\s+and|\s*&|,)\s+{NAME})*"

# Writers

_WRITTEN = ("by", "words(?: by)?", "author", "(?:written|posted|compiled|edited) by")
_MADE = ("(?:story|report|analysis|interview) by",)
_NEWSROOMS = ("bbc(?: news)?", "pa(?: media)?", "staff reporters?", "(?:the )?newsdesk", r"our [\w\s]{0,30}reporters?")
_LOCAL_REPORTING = "local democracy report(?:er|ing service)"
_WRITERS = ("reporters?", "correspondent", "editor", "journalist", "staff writer")
_POSTS = (*_WRITERS, "newsdesk", "reporting service", "ldrs")
# Not people, though written like names: "Focused Visit, March 2021".
_COUNCILS = ("council", "city", "county", "borough", "services", "trust")
_INSPECTIONS = ("ofsted", "inspection", "report", "visit", "letter")
_NEWSROOM = any_of(*_NEWSROOMS)
_BYLINE = re.compile(
    "|".join(
        [
            # "By Jo Bell and Al Frame, Leeds", "Posted by the newsdesk on 3 May", "By Tobi (15) and Arash (16)"
            rf"(?i:{any_of(*_WRITTEN, *_MADE)})\s*:?\s+(?:{_NAMES}|(?i:{_NEWSROOM})|{_NAME_WORD}(?=\s*\())"
            r"\s*(?:(?:[,|(•·–-]|on\s).{0,80})?$",
            # "Words: communications team"
            r"(?i:words|author|reporter)\s*:.{0,60}$",
            # "Jo Bell, education correspondent", "Jo Bell Local Democracy Reporter"
            rf"{NAME}(?:\s*[,|–-]\s*(?i:.{{0,40}}\b(?:{any_of(*_POSTS)}|bbc|pa)\b.{{0,40}})"
            rf"|\s+(?i:{_LOCAL_REPORTING}).{{0,40}})$",
            rf"(?i:{_LOCAL_REPORTING}|{_NEWSROOM})$",
        ]
    )
)
# "Jo Bell, 3 October 2022"
_DATED_NAME = re.compile(rf"(?=\D*\d){NAME}\s*[,–-]?\s+(?i:{DATE})$")
_NO_PERSON = re.compile(any_of(*_COUNCILS, *_INSPECTIONS), re.IGNORECASE)
# "Education correspondent", "East region news", "Reporter, Leeds"
_POST_LINE = re.compile(rf"(?:[\w'’&,-]+\s+){{0,5}}(?:{any_of(*_POSTS)}|news)(?:,\s+[\w ]{{1,30}})?$", re.IGNORECASE)
_DIVIDERS = "|•·"
_DIVIDER = re.compile(rf"\s*[{_DIVIDERS}]\s*")

# Inspectors

_MAJESTY = "(?:his|her) majesty[’']s "
_ROLES = ("(?:(?:deputy )?lead |ofsted |reporting |regulatory )?inspectors?(?: on site)?", f"{_MAJESTY}inspectors?")
_TEAMS = ("inspection team", "hmi")
_TEAM_ROLES = ("(?:team |shadow |additional |associate |reviewing )inspectors?", "(?:report )?reviewed by")
_OFFICE_ROLES = ("(?:senior )?data analysts?", "quality assurance managers?")
_REFERENCES = ("urn", "unique reference number", "report reference", "(?:local )?authority", "provider")
# A word of a name, of a post or of a reference, with the comma after it.
_WORD = rf"(?:{_NAME_WORD}|and|de|van|[\d&/]\S*+|\([^()]*\))(?:[,;]|(?=[\s.]|$))"
_ROLE_LINE = re.compile(
    "|".join(
        [
            # "Lead inspector: Jo Bell HMI", "Inspectors", "URN: 12345"
            rf"(?i:{any_of(*_ROLES, *_TEAMS, *_REFERENCES)})\s*(?::(?:\s*{_WORD})*+|,?\s*(?i:ofsted|hmi)?)$",
            # "Reporting inspector Jo Bell HMI"
            rf"(?i:(?:deputy\s+)?lead|reporting)\s+(?i:inspector)\s+{NAME}(?:,\s+{NAME}|\s+\(HMI\))?$",
            # "Jo Bell, Ofsted Inspector", "Jo Bell, Her Majesty's Inspector"
            rf"{NAME},\s+(?i:ofsted|lead)\s+(?i:inspector)$",
            rf"{_NAME_WORD}(?:\s+{_NAME_WORD})*,?\s+"
            rf"(?i:{any_of(f'{_MAJESTY}(?:senior )?inspector', '(?:senior )?hmi')})\b.{{0,40}}$",
        ]
    )
)
# "Team inspectors: Jo Bell, Al Frame (AI) and Di Moss"
_TEAM = re.compile(rf"(?i:{any_of(*_TEAM_ROLES, *_OFFICE_ROLES, *_ROLES, *_TEAMS)})\s*:(?:\s*{_WORD})++\.?$")


def is_byline(line: str) -> bool:
    """Whether a line says who wrote an article, and perhaps when: "By Jo Bell", "Health | Jo Bell | 3 May 2020"."""
    line = single_spaced(line)
    if _names_writer(line):
        return True
    if not any(divider in line for divider in _DIVIDERS):
        return False
    parts = [part for part in _DIVIDER.split(line) if part]
    return (
        len(parts) > 1
        and all(len(part.split()) <= 6 for part in parts)
        and any(is_date(part) or _names_writer(part) for part in parts)
    )


def _names_writer(line: str) -> bool:
    return bool(_BYLINE.match(line) or (_DATED_NAME.match(line) and not _NO_PERSON.search(line)))


def is_post(line: str) -> bool:
    """Whether a line can be the post or desk of a writer named above it."""
    return bool(_POST_LINE.match(line))


def is_role(line: str) -> bool:
    """Whether a line names an inspector or a reference number."""
    return bool(_ROLE_LINE.match(line))


def is_team(paragraph: str) -> bool:
    """Whether a paragraph does nothing but name inspectors, by their part in the inspection."""
    return len(paragraph) <= _LONGEST_TEAM and bool(_TEAM.match(paragraph))
