"""Furniture and captions: lines that surround an article's text, known by their form."""

from __future__ import annotations

import re

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_DATE = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?(?:\s+\d{{2,4}})?|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?(?:\s+\d{{4}})?|{_MONTH}\s+\d{{4}}|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{4}}-\d\d-\d\d)"
_TIME = r"(?:\d{1,2}[:.]\d\d(?:\s*[ap]m)?|\d{1,2}\s*[ap]m)(?:\s*(?:gmt|bst|utc))?"
_NAME = r"[A-ZÀ-Þ][\w.'’-]+(?:\s+(?:[A-ZÀ-Þ][\w.'’-]*|de|van|der|al|bin|ap))*"

# The whole line is a date, however it is dressed: "| 08 June 2018", "Published: 3 March 2021 10:15", "11 to 15 March 2024".
_DATE_LINE = re.compile(
    rf"[|•·\s-]*(?:(?:first\s+|last\s+)?(?:published|posted|updated|modified|date[ds]?|created|issued|release date|inspection dates?|visit dates?|dates? of (?:inspection|visit|publication)|report published)"
    rf"(?:\s+on)?\b\s*[:|-]?\s*)?(?:{_DAY},?\s*)?(?:at\s+)?(?:{_TIME}[,\s]*(?:on\s+)?(?:{_DAY},?\s*)?)?"
    rf"(?:\d{{1,2}}(?:\s+{_MONTH}(?:\s+\d{{4}})?)?\s*(?:to|and|-|–|&)\s*)?{_DATE}"
    rf"(?:\s*(?:to|and|-|–|&)\s*{_DATE})?[,|\s–-]*(?:at\s+)?(?:{_TIME})?[.\s]*"
    rf"(?:[|•·,–-]?\s*(?:last\s+)?(?:updated|modified|published)\b.*|[|•·–-]\s*.{{0,40}})?$",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"(?:(?:published|posted|updated)\s+)?(?:\d+|an?|one|two)\s+(?:minute|hour|day|week|month|year)s?\s+ago\b.{0,30}$",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    rf"(?:(?i:by|words(?:\s+by)?|from|story\s+by|report\s+by|written\s+by|posted\s+by|author)\s*:?\s+{_NAME}(?:(?:\s+and|\s*&|,)\s+{_NAME})*\s*(?:[,|(•·–-].{{0,80}})?"
    rf"|{_NAME}\s*[,|–-]\s*(?i:.{{0,40}}\b(?:reporter|correspondent|editor|journalist|bbc\b.*|pa\b.*|news\b.*|staff writer)\b).{{0,40}}"
    rf"|{_NAME}(?:,\s*|\s+)(?i:local democracy report(?:er|ing service)).{{0,40}})$"
)
_PAGE_NUMBER = re.compile(
    r"(?:page\s*)?[–-]?\s*\d{1,3}\s*(?:[|/]\s*(?:page|\d{1,3})|of\s+\d{1,3}|\|\s*p\s*a\s*g\s*e)?\s*[–-]?$",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s+\d[A-Z]{2}\b")
_CONTACT = re.compile(
    r"(?:t|tel|telephone|phone|textphone|mobile|fax|f|e|w|e-?mail|web|website|contact(?:\s+us)?|enquiries|press office|media enquiries|twitter|facebook)\b\.?\s*[:|–-]?\s*(?:\(?\+?\d[\d\s()-]{6,}|\S+@\S+|www\.|https?://|@\w+).*$"
    r"|\S+@\S+\.\S+$|(?:https?://|www\.)\S+$|\(?\+?0\d[\d\s()-]{8,}$",
    re.IGNORECASE,
)
_SALUTATION = re.compile(
    r"(?:dear\s.{1,80}|(?:yours|kind(?:est)?|best|warm)\s+(?:sincerely|faithfully|regards|wishes)|sincerely|by e-?mail(?:\s+only)?|for the attention of.{0,80}|cc:?\s.{0,120}|(?:our|your)?\s*ref(?:erence)?\s*(?:no\.?|number)?\s*:.{0,60}|sent by e-?mail.{0,60})[,.\s]*$",
    re.IGNORECASE,
)
_ROLE_LINE = re.compile(
    r"(?i:lead\s+inspectors?|(?:his|her)\s+majesty[’']s\s+inspectors?|ofsted\s+inspectors?|inspectors?|hmi|urn|report\s+reference|authority"
    r"|local\s+authority|inspection\s+team|reviewing\s+inspectors?)\s*(?::.{0,120}|,?\s*(?i:ofsted|hmi)?)$"
    rf"|{_NAME},?\s+(?i:(?:his|her)\s+majesty[’']s\s+(?:senior\s+)?inspector|(?:senior\s+)?hmi|ofsted\s+inspector|(?:lead\s+)?inspector)\b.{{0,40}}$"
)
_SITE = re.compile(
    r"(?:image sources?|getty(?:\s+images)?|pa media|blog comments powered|comments?(?:\s*\(\d+\)|\s*:\s*\d+|$)|\d+\s+comments?\b|leave a (?:comment|reply)|log ?in to|sign (?:up|in)\b|subscribe|register (?:now|here|to)"
    r"|share\b(?:\s*(?:this|on|via|:|\||article|page|story).{0,80}|$)|follow (?:us|@|bbc)|like us|join (?:us|the conversation)|cookies?\b|we use cookies|accept (?:all|cookies)|privacy (?:policy|notice)|terms (?:and|&|of)|accessibility(?: statement)?$"
    r"|skip to|back to (?:top|news|all)|home\s*[>»/|›]|you are here|breadcrumb|menu$|search$|print (?:this|page)|download (?:this|the|our|a)\b.{0,60}$|read (?:more|next|also|the full|our)\b|more (?:on this|from|like this|stories|news)\b|related\b.{0,40}$|also (?:on|in)\b.{0,60}$|see also\b"
    r"|most read|trending|recommended (?:for you|reading)|top stories|latest (?:news|stories|jobs)|topics?\s*:|tags?\s*:|filed under|categor(?:y|ies)\s*:|advertisement|advert$|story continues|article continues|sponsored|promoted"
    r"|©|\(c\)\s|copyright\b|all rights reserved|notes? to editors?$|ends$|-\s*ends\s*-|for (?:more|further) information|media (?:contact|enquiries)|press (?:office|contact|release)\b.{0,40}$|contact (?:us|the press)\b.{0,60}$|about (?:us|cookies|this site)$|published by|powered by|website design|this (?:page|article) was (?:last|first|originally)|last (?:reviewed|updated)"
    r"|was this (?:page|article) (?:useful|helpful)|rate this|report a problem|email (?:this|a friend|alerts?)|get (?:alerts|updates|the latest|email)|newsletter|next article|previous article|estimated reading time|\d+\s*min(?:ute)?s?\s+read|reading time"
    r"|tel:|listen (?:to|live)|watch (?:live|:)|download the app|enable notifications|page \d+ of)",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"(?:(?:image|photo|picture|media|video)\s+captions?\b|(?:picture|photo|photograph|image|pictured|caption|file (?:photo|picture|image)|credit|stock (?:photo|image|picture))s?\s*(?::|,|\bby\b|–|\|))",
    re.IGNORECASE,
)
_CAPTION_END = re.compile(
    r"(?:\(|\[|[–|-]\s*)(?:pic(?:ture)?|photo(?:graph)?|image|credit)s?(?:\s+credit)?\s*(?::|\bby\b|\bfrom\b|\bcourtesy\b)[^()]{1,60}[)\]]?$",
    re.IGNORECASE,
)

# Site text that was glued to the sentence before it when the page was copied, and picture credits that follow a caption.
GLUED = re.compile(
    r"(?<=[a-z0-9)][.!?])(?=(?:Image (?:source|caption)|Media caption|Video caption|Getty Images|Read more|Related (?:stories|topics|internet links)|Sign up|Share this|Follow (?:us|BBC)|Comments? )\b)"
    r"|(?:(?<=[.!?])|(?<=[.!?][\"”’']))\s+(?=(?:Picture|Photo|Photograph|Image|Credit|Pic)s?\s*(?::|(?:credit|by)\s*:?\s)[^.!?]{1,60}$)"
)


def is_caption(line: str) -> bool:
    """Whether a line is a picture's caption or credit."""
    return len(line) <= 300 and bool(_CAPTION.match(line) or _CAPTION_END.search(line))


def is_furniture(line: str) -> bool:
    """Whether a line is a date, byline, page number, contact line, salutation or site text."""
    if len(line) > 200:
        return False
    if line[0].islower():
        return bool(_CONTACT.match(line))
    if _SITE.match(line):
        # "Share of children …" and "Related to this, …" are sentences: site text is short or has no full stop.
        return (
            len(line) <= 40
            or not line.endswith(".")
            or line.startswith(("©", "Sign up", "Subscribe", "We use", "This page"))
        )
    if len(line) > 120:
        return False
    return bool(
        _PAGE_NUMBER.match(line)
        or _DATE_LINE.match(line)
        or _AGO.match(line)
        or _SALUTATION.match(line)
        or _CONTACT.match(line)
        or _BYLINE.match(line)
        or _ROLE_LINE.match(line)
        or (not line.endswith((".", "?", "!")) and _POSTCODE.search(line) and len(line.split()) <= 16)
    )


def is_sign_off(line: str) -> bool:
    """Whether a line closes a letter, so that the short lines after it are names and posts."""
    return bool(re.match(r"(?:yours|kind(?:est)? regards|best wishes)\b", line, re.IGNORECASE)) and len(line) <= 40


def is_address(lines: list[str]) -> bool:
    """Whether a run of short lines is a postal address or contact block: a postcode or contact line is among them."""
    if len(lines) < 2 or any(len(line) > 70 or line.endswith((".", "?", ";")) for line in lines):
        return False
    return any(_POSTCODE.search(line) or _CONTACT.match(line) for line in lines)
