"""Authorship: whose a whole document is. A letter or report written by inspectors is theirs throughout."""

from __future__ import annotations

import re

from pipeline.articles.phrases import any_of

# Of a document, what is read to tell whose it is; and of that, where its title stands.
_READ = 8_000
_TITLE_READ = 400
_MOST_LINES = 3

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
