"""Furniture: lines that surround an article's text, known by their form.

An ordinary sentence is never furniture: labels, bylines and the like don't end as sentences do, and what does end so is
only furniture where it speaks to the reader of a page ("Sign up to our newsletter.").
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.articles import people, site
from pipeline.articles.dates import is_date
from pipeline.articles.phrases import any_of
from pipeline.articles.text import ends, single_spaced

_LONGEST = 200
_LONGEST_SHORT = 120
_LONGEST_IN_ADDRESS = 70
_MOST_WORDS_IN_ADDRESS = 16
_SENTENCE_ENDS = (".", "!", "?")

_CLOSES = (
    "yours? (?:sincerely|faithfully)",
    "sincerely",
    "(?:(?:kind(?:est)?|best|warm) )?regards",
    "(?:best|warm) wishes",
)
_DELIVERIES = ("(?:sent )?by e-?mail(?: only)?.{0,60}", "for the attention of.{0,80}", r"cc:?\s.{0,120}")
_REFERENCE = r"(?:our|your)?\s*ref(?:erence)?\s*(?:no\.?|number)?\s*:.{0,60}"
# "Dear Ms Bell", "By email only", "cc: …", "Our ref: …"
_SALUTATION = re.compile(rf"{any_of('dear .{1,80}', *_CLOSES, *_DELIVERIES, _REFERENCE)}[,\s]*$", re.IGNORECASE)
# "Yours sincerely", "Yours sincerely, Jo Bell, HMI"
_SIGN_OFF = re.compile(rf"(?i:{any_of(*_CLOSES)})[,.\s]*(?:{people.NAME}(?:,\s.{{1,60}})?)?$")
SIGN_OFF_LETTERS = frozenset("yskbwrYSKBWR\u017f\u212a")
"""What a line that closes a letter begins with; two letters of other scripts count as s and k."""
# "7", "Page 7 of 12", "7 | Page", "– 7 –"
_PAGE_NUMBER = re.compile(
    r"(?:page\s*)?[–-]?\s*\d{1,3}\s*(?:[|/]\s*(?:page|\d{1,3})|of\s+\d{1,3}|\|\s*p\s*a\s*g\s*e)?\s*[–-]?$",
    re.IGNORECASE,
)
# Begun with one class, and not with a boundary, which is looked for slowly.
_POSTCODE = re.compile(r"[A-Z](?<=\b[A-Z])[A-Z]?\d[A-Z\d]?\s+\d[A-Z]{2}\b")
_TELEPHONES = ("t", "tel", "telephone", "phone", "textphone", "mobile", "fax", "f")
_ADDRESSES = ("e", "w", "e-?mail", "web", "website", "twitter", "facebook")
_OFFICES = ("contact(?: us)?", "enquiries", "(?:press|media) (?:office|enquiries)")
_PHONE = r"\(?\+?\d[\d\s()-]{6,}"
_MAIL = r"[^\s@]+@[^\s@]"
_CONTACT = re.compile(
    # "T: 0300 123 1231", "Contact us at …"
    rf"{any_of(*_TELEPHONES, *_ADDRESSES, *_OFFICES)}\b\.?\s*[:|–-]?\s*(?:{_PHONE}|{_MAIL}|www\.|https?://|@\w)"
    # "enquiries@council.example", "www.council.example", "(01632) 960 417", "@councilnews"
    rf"|{_MAIL}+\.\S+$|(?:https?://|www\.)\S+$|\(?\+?0\d[\d\s()-]{{8,}}$|@\w+$",
    re.IGNORECASE,
)
# Rules and rows of asterisks; an empty line of a Markdown quotation.
_ORNAMENT = re.compile(r"(?:[\W_]{3,}|>+)$")
# Few lines of furniture begin with a small letter, and many lines of wrapped text do.
_SMALL = re.compile(rf"blog comments powered by\b|by\s+{people.NAME}(?:(?:,|\s+on)\s.{{0,60}})?$")
# Markdown's emphasis around a whole line, or a link that is the whole line.
_DRESSED = re.compile(r"(?P<mark>\*{1,3}|_{1,3})(?P<emphasis>\S.*\S)(?P=mark)$|\[(?P<link>[^\[\]]+)\]\([^()]*\)$")


@lru_cache(maxsize=4096)  # pages and documents of one publisher repeat theirs
def is_furniture(line: str) -> bool:
    """Whether a line is a date, byline, page number, contact line, salutation, ornament or site text."""
    if len(line) > _LONGEST:
        return False
    # Patterns with many optional spaces would try every way to share out a run of them.
    line = single_spaced(line)
    if line[0] in "*_[" and (dressed := _DRESSED.match(line)):
        line = dressed["emphasis"] or dressed["link"]
    if line[0].islower():
        return bool(_CONTACT.match(line)) or (bool(_SMALL.match(line)) and not ends(line, _SENTENCE_ENDS))
    if site.is_call(line):
        return True
    sentence = ends(line, _SENTENCE_ENDS)
    if len(line) > _LONGEST_SHORT:
        return not sentence and site.is_label(line)
    if _PAGE_NUMBER.match(line) or is_date(line) or _CONTACT.match(line) or _ORNAMENT.match(line):
        return True
    return not sentence and (
        site.is_label(line)
        or people.is_byline(line)
        or people.is_role(line)
        or bool(_SALUTATION.match(line) or _SIGN_OFF.match(line))
        or (bool(_POSTCODE.search(line)) and len(line.split()) <= _MOST_WORDS_IN_ADDRESS)
    )


def is_sign_off(line: str) -> bool:
    """Whether a line closes a letter, so that the short lines after it are names and posts."""
    return bool(_SIGN_OFF.match(line))


def is_address(lines: list[str]) -> bool:
    """Whether a run of short lines is a postal address or contact block: a postcode or contact line is among them."""
    if len(lines) < 2:
        return False
    for line in lines:
        if len(line) > _LONGEST_IN_ADDRESS or line[-1] in ".?;":
            return False
    return any(_POSTCODE.search(line) or _CONTACT.match(line) for line in lines)
