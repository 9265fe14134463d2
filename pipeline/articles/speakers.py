"""Who speaks in each sentence: inspectors, the provider inspected, others, or the article's narrator.

A rule of thumb, not a parser: attributions ("inspectors found", "said Cllr …") are read where they stand outside
quotation marks, and an open quotation keeps its speaker until it closes. A letter or report written by inspectors is
theirs throughout.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from pipeline.articles.phrases import any_of

Speaker = Literal["inspector", "provider", "narrator", "other"]
SPEAKERS: tuple[Speaker, ...] = ("inspector", "provider", "narrator", "other")

# A sentence says early on who speaks; what is longer is hardly a sentence.
_LONGEST_READ = 1000
# Of a document, what is read to tell whose it is; and of that, where its title stands.
_READ = 8_000
_TITLE_READ = 400
_MOST_LINES = 3

# People and bodies

_INSPECTORS = (
    *("inspectors?", "inspectorate", "watchdog", "regulator", "(?:inspection|visit(?:ing)?) team"),
    *("ofsted", "hmi", "care quality commission", "cqc", "hmip", "hm inspectorate of probation"),
)
_THEIR_WORDS = (
    "(?:inspection )?(?:reports?|letter)",
    *("inspection", "(?:monitoring|focused) visit", "findings"),
)
_POLITICIANS = (
    *("cllr", "councillors?", "council leader", r"leader of (?:the )?[\w\s]{0,30}council"),
    *("cabinet member", "lead member", "portfolio holder"),
)
_OFFICERS = (
    *("(?:(?:executive|strategic|corporate|service|assistant) )?director", "chief executive", "chief officer", "dcs"),
    *("registered manager", "head ?teacher", "head of service", "chair of the (?:trust|improvement board)"),
)
_PROVIDERS = (
    *(*_POLITICIANS, *_OFFICERS, "spokes(?:person|man|woman)"),
    "(?:the|our) (?:council|authority|trust|partnership|home|agency)",
)
_GOVERNMENT = ("minister", "secretary of state", "department for education", "dfe", "mps?", "opposition")
_CAMPAIGNERS = ("unison", "unions?", "gmb", "charit(?:y|ies)", "nspcc", "barnardo", "campaigners?")
_ASSOCIATIONS = ("basw", "adcs", "local government association", "lga")
_FAMILIES = ("parents?", "mothers?", "mums?", "fathers?", "dads?", "grandmother", "residents?")
_AUTHORITIES = (
    *("lawyer", "solicitor", "judge", "coroner", "ombudsman", "professor"),
    "(?:(?:children[’']s|police and crime) )?commissioner",
)
_OTHERS = (*_GOVERNMENT, *_CAMPAIGNERS, *_ASSOCIATIONS, *_FAMILIES, *_AUTHORITIES)

# What they do

_SPEAKING = (
    *("said", "says", "told", "added", "adds", "explained", "commented", "continued", "insisted", "stressed", "wrote"),
    *("responded", "replied", "warned", "admitted", "concluded", "pledged", "promised", "apologised", "thanked"),
)
_STATING = (
    *("goes on", "went on", "begins", "list(?:ed|s)", "refer(?:red|s)", "reveal(?:ed|s)", "express(?:ed|es)"),
    *("say", "tells?", "explains", "comments?", "continues", "insists", "stresses", "writes", "written", "warns"),
    *("stat(?:ed|es)", "report(?:ed|s)?", "call(?:ed|s)", "urg(?:ed|es)", "point(?:ed|s)", "highlight(?:ed|s)?"),
)
_FINDING = (
    *("found", "finds?", "finding", "not(?:ed|es?)", "saw", "sees?", "heard", "observ(?:ed|es)", "concludes"),
    *("identif(?:ied|ies|y)", "recognis(?:ed|es)", "acknowledg(?:ed|es)", "accept(?:ed|s)", "describ(?:ed|es?)"),
)
_JUDGING = (
    *("judged?", "rat(?:ed|es)", "grad(?:ed|es)", "prais(?:ed|es)", "commend(?:ed|s)?", "welcom(?:ed|es?)"),
    *("criticis(?:ed|es)", "recommend(?:ed|s)?", "raised?", "want(?:ed)?", "asked", "concerned", "gave", "given"),
    "(?:is|was) (?:clear|frank|blunt|critical|damning|scathing|positive|complimentary)",
)
_BEING = ("has", "have", "had", "also", "were", "was", "is", "are")
_SPOKEN = any_of(*_SPEAKING)
_REPORTED = any_of(*_SPEAKING, *_STATING, *_FINDING, *_JUDGING)
_ATTRIBUTED = any_of("according to", "from", "(?:found|told|praised|criticised|judged|rated) by", *_SPEAKING)
_UP_TO_THREE_WORDS = r"(?:\W+\w+){0,3}?\W+"

# "inspectors have warned", "the report also says", "according to the watchdog", "said inspectors"
_BY_INSPECTORS = re.compile(
    rf"\b{any_of(*_INSPECTORS)}\b{_UP_TO_THREE_WORDS}(?:{_REPORTED}|{any_of(*_BEING)})\b"
    rf"|\b{any_of(*_THEIR_WORDS)}\b{_UP_TO_THREE_WORDS}{_REPORTED}\b"
    rf"|\b{_ATTRIBUTED}\b{_UP_TO_THREE_WORDS}{any_of(*_INSPECTORS, *_THEIR_WORDS)}\b",
    re.IGNORECASE,
)
# "Cllr Jo Bell, who leads on children's services, said", "said the director"
_BY_PROVIDER = re.compile(
    rf"\b{any_of(*_PROVIDERS)}\b.{{0,80}}?\b{_SPOKEN}\b|\b{_SPOKEN}\b.{{0,60}}?\b{any_of(*_PROVIDERS)}\b", re.IGNORECASE
)
# "Parents said", "added a spokesman for the Department for Education"
_BY_OTHERS = re.compile(
    rf"\b{any_of(*_OTHERS)}\b.{{0,60}}?\b{_SPOKEN}\b|\b{_SPOKEN}\b.{{0,40}}?\b{any_of(*_OTHERS)}\b", re.IGNORECASE
)
# Parts of words without which none of these patterns is found: to look for them first is fast.
_INSPECTORS_HINTS = (
    *("inspect", "watchdog", "regulator", "visit", "ofsted", "hmi", "quality", "cqc"),
    *("report", "letter", "findings"),
)
_SPOKEN_HINTS = (
    *("sa", "told", "add", "explained", "commented", "continued", "insisted", "stressed", "wrote", "respon", "replied"),
    *("warned", "admitted", "concluded", "pledged", "promised", "apologised", "thanked"),
)
# "she said", "they also warned", "added he"
_BY_SAME = re.compile(rf"\b(?:s?he|they|it)\b(?:\W+\w+)?\W+{_SPOKEN}\b|\b{_SPOKEN}\W+(?:s?he|they)\b", re.IGNORECASE)
_OWN_VOICE = re.compile(r"\b(?:we|our|us|i|my)\b(?![’']s report)", re.IGNORECASE)

# Quotation marks

# Both begin with the class of what may be one, which is looked for fast; then comes what must stand around it.
_OPENING = re.compile(r"[“«\"‘'](?:(?<=[“«])|(?<![\w.,!?].)(?<=[\"‘])(?=\w)|(?<!\S.)(?<=[\"'])(?=\w))")
_CLOSING = re.compile(r"[”»\"’'](?:(?<=[”»])|(?<=[\w.,!?…]\")(?!\w)|(?<=[.,!?…][’'])(?!\w))")
# A whole quotation, or the part of one that the sentence begins or ends with.
_QUOTATION = re.compile(r"“[^“”]*+(?:”|$)|^[^“”]*+”|«[^«»]*+(?:»|$)|^[^«»]*+»")

# Whole documents

# What only a letter or report of inspectors says.
_INSPECTORS_DOCUMENT = re.compile(
    r"\b(?:"
    + any_of(
        *("(?:his|her) majesty[’']s inspectors?", r"lead inspector\s*:", r"(?:inspection dates?|inspected under)\b"),
        r"this (?:letter|report) (?:summarises|sets out|outlines|contains)",
        r"yours sincerely\b.{0,200}\b(?:inspector|ofsted|hmi)\b",
        *("the registered person (?:must|should)", "social care common inspection framework"),
        "what is it like to be a child or young person with",
    )
    + ")",
    re.IGNORECASE | re.DOTALL,
)
# Lines that letters and reports of inspectors are built of. News, pages and digests may have one of them. A line is
# looked for by the break before it, which is found faster than the start of a line.
_INSPECTORS_LINE = re.compile(
    r"\n[ \t]*(?:\d{1,2}\.?\s+)?"
    + any_of(
        r"[^.\n]{0,60}\b"
        + any_of(
            r"(?:focused|monitoring|assurance) visit(?: (?:to|of)\b|[:,])[^.\n]{0,120}",
            r"(?:joint|area) [^.\n]{0,20}inspection\b[^.\n]{0,120}",
            r"(?:inspected under|inspection report)\b[^.\n]{0,80}",
            r"inspection,[^.\n]{0,60}\b\d{4}",
        ),
        r"(?:re-?)?inspection of\b[^.\n]{0,120}",
        r"(?:key judgement: |the )?(?:graded judge?ment|experiences and progress of|impact of leaders)\b[^.\n]{0,120}",
        r"overall (?:effectiveness|rating|experiences)\b[^.\n]{0,60}",
        r"(?:leadership, management and governance|quality of provision)\b[^.\n]{0,60}",
        r"(?:the )?local safeguarding children board\b[^.\n]{0,40}",
        *("(?:headline|main|key|summary of) findings", "areas? for (?:improvement|priority action|development)"),
        *(r"what needs to improve[^.\n]{0,60}", "executive summary", r"dear\b[^.\n]{2,80}"),
        "summary for (?:children and )?young people",
    )
    + r"[ \t:?]*$",
    re.IGNORECASE | re.MULTILINE,
)
_SAYING = any_of("said", "says?", "added", "adds", "told", "praised", "warned")
# What news about one says. These begin with a few characters each, and not with a boundary, which is looked for slowly;
# the classes hold whatever counts as these letters when case doesn't matter.
_NEWS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?-i:[iIİıoOtT])(?<=\b\w)(?:(?<=i)nspectors|(?<=o)fsted|(?<=t)he report|(?<=t)he letter) "
        rf"(?:has |have |also )?{_SAYING}\b",
        r"[”\"],? (?:said|added)\b",
        r"(?-i:[sSſ])(?<=\b\w)pokes(?:person|man|woman)\b",
    )
)


def by_inspectors(text: str) -> bool:
    """Whether a whole document is inspectors' own (a letter or report) and not news about one."""
    text = text[:_READ].replace("\r\n", "\n").replace("\r", "\n")
    signs = 4 * bool(_INSPECTORS_DOCUMENT.search(text)) + _lines_of_inspectors(text)
    return signs >= 2 and sum(len(saying.findall(text)) for saying in _NEWS) <= signs - 2


def _lines_of_inspectors(text: str) -> int:
    """How many different lines are such as inspectors write, up to three, and one more where one is in the title."""
    lines: set[str] = set()
    titled = False
    for match in _INSPECTORS_LINE.finditer("\n" + text):
        lines.add(match.group().strip().lower())
        titled = titled or match.start() < _TITLE_READ
        if len(lines) == _MOST_LINES:
            break
    return len(lines) + titled


def speakers(texts: Sequence[str], kinds: Sequence[str], own_document: bool) -> list[Speaker]:
    """The speaker of each sentence of an article, in reading order; `kinds` are their blocks' kinds."""
    if own_document:
        return ["inspector"] * len(texts)
    found: list[Speaker] = []
    quoted: Speaker | None = None  # who is speaking in the quotation that is open
    last: Speaker = "narrator"  # who spoke last, for "she added"
    before = ""
    for number, (text, kind) in enumerate(zip(texts, kinds, strict=True)):
        if kind in ("furniture", "caption"):
            found.append("narrator")
            continue
        named = _named(text, last, quoted is not None)
        opens, closes = bool(_OPENING.search(text)), bool(_CLOSING.search(text))
        if named is None and opens and quoted is None:
            following = "" if closes else next(iter(texts[number + 1 : number + 2]), "")
            named = _named(following, last, True) or _guessed(text, kind, last, before.endswith(":"))
        speaker = named or quoted or "narrator"
        found.append(speaker)
        if speaker != "narrator" and kind != "heading":
            last = speaker
        if opens and _open_at_end(text):
            quoted = speaker
        elif closes:
            quoted = None
        before = text
    return found


def _guessed(text: str, kind: str, last: Speaker, introduced: bool) -> Speaker | None:
    """Who probably speaks in a quotation that nothing attributes: whoever introduced it, or spoke last."""
    if introduced and last != "narrator":
        return last
    if kind != "quote" and (kind == "heading" or not _starts_quoted(text)):
        return None
    return "provider" if _OWN_VOICE.search(text) else last


def _starts_quoted(text: str) -> bool:
    return text.lstrip("-–•◼> ")[:1] in "“\"‘'«"


def _open_at_end(text: str) -> bool:
    return max(text.rfind("“"), text.rfind("«")) > max(text.rfind("”"), text.rfind("»")) or text.count('"') % 2 == 1


def _outside_quotations(text: str, inside: bool) -> str:
    """What a sentence says outside double quotation marks; `inside` says that it begins within a quotation."""
    if any(mark in text for mark in "“”«»"):
        text = _QUOTATION.sub(" ", text)
    if '"' in text:
        parts = text.split('"')
        return " ".join(parts[1::2] if inside and len(parts) % 2 == 0 else parts[::2])
    return text


def _folded(text: str) -> str:
    """A text in small letters; letters that patterns take for the same, whatever their case, are one."""
    return text.lower() if text.isascii() else text.casefold().replace("i\u0307", "i").replace("ı", "i")


def _named(text: str, last: Speaker, inside: bool) -> Speaker | None:
    """Who a sentence says is speaking, or None where it names nobody."""
    text = text[:_LONGEST_READ]
    outside = _outside_quotations(text, inside)
    folded = _folded(outside)
    spoken = any(hint in folded for hint in _SPOKEN_HINTS)
    provider = spoken and _BY_PROVIDER.search(outside)
    other = spoken and _BY_OTHERS.search(outside)
    inspectors = any(hint in folded for hint in _INSPECTORS_HINTS) and _BY_INSPECTORS.search(outside)
    if inspectors and not ((provider or other) and _OWN_VOICE.search(text)):
        return "inspector"
    if provider:
        return "provider"
    if other:
        return "other"
    if last != "narrator" and spoken and _BY_SAME.search(outside):
        return last
    return None
