"""Identities: as whom someone speaks who is named by office, by the body they belong to, or by name alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.articles.speech import voices
from pipeline.articles.speech.clauses import SPEAKING, Clause
from pipeline.articles.speech.voices import ROLES, Role, Speaker

NEAR = 8
"""How many words a name and an office, or a speaker and their verb, may be apart."""

# Who may be introduced by name.
_TITLED: frozenset[Role] = frozenset(("officer", "other", "inspectors", "worker"))
ASKED: frozenset[Role] = frozenset(("witness", "worker"))
"""Those whom inspectors ask."""
BREAKS = frozenset('":;')
# What one speaker does: "Aldbrook said", but not "plans say".
_OF_ONE = voices.words("said says told tells added adds confirmed insisted responded replied admitted pledged promised")
_BODIES: frozenset[Role] = frozenset(("body", "document", "inspectors"))
# Those to whom the provider reports.
_READERS = frozenset(("cabinet", "councillors", "committee", "members", "scrutiny"))
# What stands between a name and an office after it.
_APPOSED = voices.words(", ( – — is was as")


@dataclass
class Memory:
    """What an article has told so far."""

    last: Speaker = "narrator"
    """Who spoke last."""
    person: Speaker | None = None
    """Who the person was that spoke last, for "she added"."""
    reporting: bool = False
    """Whether it is telling what inspectors found."""
    people: dict[str, Speaker] = field(default_factory=dict)
    """People introduced, by surname in small letters."""


def speaker_of(clause: Clause, place: int, noun: Role, end: int, memory: Memory) -> Speaker:
    """Who someone is, by the body that they belong to: "a spokesman for the union"."""
    if noun in ASKED and memory.reporting and ":" not in clause.words and '"' not in clause.words[:2]:
        return "inspector"  # inspectors were told so
    if noun == "officer":
        for at, role in clause.nouns:
            if place < at < min(end, place + 10) and role in ("inspectors", "other") and _belongs(clause, at):
                return SPEAKING[role]
    if noun == "document" and _is_providers(clause, place):
        return "provider"
    return SPEAKING[noun]


def _belongs(clause: Clause, body: int) -> bool:
    """Whether someone is "of the union" or "leads the opposition"."""
    before = clause.words[max(body - 3, 0) : body]
    return clause.words[body] == "opposition" or not voices.BELONGING.isdisjoint(before)


def _is_providers(clause: Clause, document: int) -> bool:
    """Whether a report is the provider's: "a council report says", "the report to the cabinet says"."""
    before = clause.words[max(document - 2, 0) : document]
    return any(ROLES.get(word) == "body" for word in before) or (
        clause.word(document + 1) == "to" and not _READERS.isdisjoint(clause.words[document : document + 5])
    )


def by_name(clause: Clause, verb: int, memory: Memory) -> Speaker | None:
    """Who someone is that only their name tells: a person, or a place for its council."""
    place = clause.subject(verb)
    if clause.word(place) == ",":  # "Jo Bell, 19, said"
        for at in range(min(place, NEAR)):
            if clause.capital(at) and clause.word(at + 1) == ",":
                return memory.people.get(clause.words[at], "other")
        return None
    if not clause.capital(place):
        return None
    before = clause.word(place - 1) if place else ""
    if before in voices.TITLES:
        return memory.person or "other"
    if clause.capital(place - 1):
        return "other"
    place_like = clause.words[verb] in _OF_ONE and not clause.words[place].endswith("s")
    return "provider" if place_like and before in ("", ",", '"') else None


def person(clause: Clause, place: int, memory: Memory) -> Speaker | None:
    """Who a person is whose name begins at a place: known, or by what follows the name, or anyone."""
    end = place
    while clause.capital(end) or clause.word(end) in voices.TITLES:
        end += 1
    if end == place or any(ROLES.get(word) in SPEAKING for word in clause.words[place:end]):
        return None
    if known := memory.people.get(clause.words[end - 1]):
        return known
    for at, noun in clause.nouns:
        if end <= at <= end + NEAR and '"' not in clause.words[end:at]:
            return speaker_of(clause, at, noun, len(clause.words), memory)
    return "other" if end - place > 1 else None


def is_person(clause: Clause) -> bool:
    """Whether whoever is named may be a person, and not only a body."""
    return not clause.nouns or any(noun not in _BODIES for _, noun in clause.nouns)


def by_office(clause: Clause) -> Speaker | None:
    """As whom the first speaks that a line names by office or body."""
    return next((speaker_of(clause, place, noun, len(clause.words), Memory()) for place, noun in clause.nouns), None)


def introduced(clause: Clause) -> Iterator[tuple[str, Speaker]]:
    """The people whom a sentence introduces by name and office, each by surname: "the director, Jo Bell"."""
    for place, noun in clause.nouns:
        if noun in _TITLED and (surname := _name_beside(clause, place)):
            yield surname, speaker_of(clause, *clause.owner(place), len(clause.words), Memory())


def _name_beside(clause: Clause, place: int) -> str:
    """The surname of the name next after an office, or set off before it: "Jo Bell, the director"."""
    for start in range(place + 1, min(place + NEAR, len(clause.words))):
        word = clause.words[start]
        if clause.capital(start) and (clause.capital(start + 1) or clause.words[place] in voices.TITLES):
            return _last_of_name(clause, start)
        if word in BREAKS or word in voices.BEING or ROLES.get(word) in ("speaking", "finding"):
            break
    for end in range(place - 1, max(place - NEAR, 0), -1):
        if clause.capital(end) and clause.capital(end - 1) and clause.word(end + 1) in _APPOSED:
            return clause.words[end]
    return ""


def _last_of_name(clause: Clause, start: int) -> str:
    end = start
    while clause.capital(end + 1):
        end += 1
    return clause.words[end]
