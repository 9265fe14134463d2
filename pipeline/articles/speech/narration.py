"""Narration: what an article's own sentences do, as far as it tells who speaks in those that name nobody."""

from __future__ import annotations

from pipeline.articles.speech import voices
from pipeline.articles.speech.clauses import Clause

_ACTIVE = ("inspectors", "document", "body")
_LOOKING = voices.words(
    "looked looking focused focuses examined examines concentrated considered reviewed visited spent"
)
_FIRST_PERSON = frozenset(("we", "i", "us", "my"))
_ASKING = voices.words("what how why where who which")
_GRADES = voices.words("grade grades graded rating ratings")
_DENIALS = frozenset(("no", "not", "without"))

# Headings within an article
_OF_INSPECTORS = voices.words("found find strengths strong well good better improve improvement recommendations")
_OF_OTHERS = voices.words("""
    happens happened next now background reaction response responds respond we our us doing done comment comments
    contact about related more read note notes editors
    """)


def is_background(clause: Clause, text: str) -> bool:
    """Whether a sentence tells of the place or of proceedings, and not of what inspectors found."""
    words = clause.words
    if "£" in words or not voices.BACKGROUND.isdisjoint(words) or not _FIRST_PERSON.isdisjoint(words):
        return True
    if text.endswith("?") or clause.word(0) in voices.CALLING or not voices.MONTHS.isdisjoint(clause.tokens):
        return True
    return _is_event(clause) or _is_ungraded(words) or _counts(clause) or _of_official(clause)


def _is_event(clause: Clause) -> bool:
    """Whether a body or inspectors do something, or something happens in a year."""
    if not clause.roles:
        return False
    event = clause.has("event")
    active = any(role in _ACTIVE for _, role in clause.nouns)
    return (event and active) or ((event or active) and clause.dated()) or _was_judged(clause)


def _was_judged(clause: Clause) -> bool:
    """Whether it tells a judgement of another time: "has been rated inadequate since 2009"."""
    return not voices.JUDGED.isdisjoint(clause.words) and clause.historic()


def _is_ungraded(words: list[str]) -> bool:
    """Whether it tells that there is no grade."""
    return not _GRADES.isdisjoint(words) and not _DENIALS.isdisjoint(words)


def _counts(clause: Clause) -> bool:
    """Whether it counts: "Aldbrook has 90 care leavers", "The council looks after about 300 children"."""
    words = clause.words
    for place, word in enumerate(words[:9]):
        if word in voices.COUNTING:
            after = place + 1
            while clause.word(after) in voices.ABOUT:
                after += 1
            counted = clause.word(after).isdecimal() or clause.word(after) in voices.NUMBERS
            return counted and _is_place(clause, place)
    return False


def _is_place(clause: Clause, end: int) -> bool:
    """Whether a place or body is named before a word, and nobody else."""
    roles = {role for place, role in clause.nouns if place < end}
    return roles == {"body"} or (not roles and clause.capital(end - 1))


def _of_official(clause: Clause) -> bool:
    """Whether a named official does something."""
    return any(role in ("officer", "other") and _is_named(clause, place) for place, role in clause.nouns)


def _is_named(clause: Clause, place: int) -> bool:
    """Whether a name goes with an office."""
    return clause.capital(place + 1) and (clause.capital(place + 2) or clause.words[place] in voices.TITLES)


def looks_at(clause: Clause) -> bool:
    """Whether a sentence tells where inspectors were and what they looked at, upon which follows what they saw."""
    if not clause.nouns or _LOOKING.isdisjoint(clause.words):
        return False
    place, role = clause.nouns[0]
    return role in ("inspectors", "document") and not clause.governed(place)


def goes_on(clause: Clause) -> bool:
    """Whether a sentence goes on with what someone was reported to say: "It would also hire ten workers"."""
    return clause.word(0) in voices.PRONOUNS or "would" in clause.words


def is_question(clause: Clause) -> bool:
    """Whether a heading only says what will be told: "What inspectors found", "How we did"."""
    return clause.word(0) in _ASKING or (not clause.word(0).isalnum() and clause.word(1) in _ASKING)


def is_headline(clause: Clause) -> bool:
    """Whether a headline tells a judgement: "Aldbrook rated good", "Council told to improve"."""
    words = clause.words
    if clause.has("inspectors") and clause.has("verdict"):
        return True
    if not voices.JUDGED.isdisjoint(words):
        return "by" not in words
    return any(word in voices.BIDDEN and clause.word(place + 1) == "to" for place, word in enumerate(words))


def announces(clause: Clause) -> bool | None:
    """Whether a heading within an article announces what inspectors found; None where it doesn't say."""
    if clause.has("inspectors") or (clause.has("document") and clause.has("finding")):
        return True
    if clause.has("body") or not _OF_OTHERS.isdisjoint(clause.words):
        return False
    return None if _OF_INSPECTORS.isdisjoint(clause.words) else True
