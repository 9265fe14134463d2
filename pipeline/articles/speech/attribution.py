"""Attribution: whom a sentence names as saying, writing or finding what it tells.

A sentence's words outside quotation marks are looked up in `voices`; the few that tell anything are read with where
they stand: "said the director", "inspectors, who met parents, found", "according to the watchdog".
"""

from __future__ import annotations

from pipeline.articles.speech import voices
from pipeline.articles.speech.clauses import SPEAKING, Clause
from pipeline.articles.speech.identities import ASKED, BREAKS, NEAR, Memory, by_name, person, speaker_of
from pipeline.articles.speech.voices import ROLES, Role, Speaker

# How many words a speaker and their verb may be apart.
_FAR = 30
_TELLING = frozenset(("told", "tell", "tells"))
_COMMAS = frozenset(",–—")
_REACTING: frozenset[Role] = frozenset(("officer", "body", "other"))
# What is done to someone: who comes after these isn't the one that speaks.
_OF_OTHERS = _TELLING | voices.words(
    "accused accuses thanked thanks congratulated congratulates pledged promised praised"
)
# What may follow the one who says something: "said the director of services", "said the mother, who".
_AFTER_SPEAKER = voices.BELONGING | voices.words('" , ; ( ) – — in on to who after today yesterday last this and')


def named(clause: Clause, memory: Memory) -> Speaker | None:
    """Who a sentence says is speaking; None where it names nobody."""
    for verb, role in _direct_first(clause):
        if found := _of_verb(clause, verb, role, memory):
            return found
    return _of_source(clause) or _of_state(clause)


def _direct_first(clause: Clause) -> list[tuple[int, Role]]:
    """The verbs, those first that stand beside a quotation or end the sentence: they say who speaks in all of it."""
    verbs = clause.verbs
    if len(verbs) < 2:
        return verbs
    end = len(clause.words)

    def indirect(verb: tuple[int, Role]) -> bool:
        place, role = verb
        if role != "speaking":
            return True
        beside = clause.words[max(place - 4, 0) : place] + clause.words[place + 1 : place + 3]
        return not ('"' in beside or ":" in beside or place >= end - 2)

    return sorted(verbs, key=indirect)


def _of_verb(clause: Clause, verb: int, role: Role, memory: Memory) -> Speaker | None:
    """Whose a verb is."""
    subject = clause.subject(verb)
    word = clause.word(subject)
    if clause.words[verb] in _TELLING and _are_told(clause, verb):
        return "inspector"
    if word in voices.PRONOUNS:
        return _of_pronoun(word, clause.words[verb], role, memory)
    if clause.word(verb + 1) == "by":
        return _of_agent(clause, verb + 1)
    if word in voices.BEING or (clause.words[verb] in voices.BIDDEN and clause.word(verb + 1) == "to"):
        return _of_passive(clause, verb)
    if clause.words[verb] in voices.JUDGED and clause.dated():
        return None
    if (word in ('"', ",", "") or verb == 0) and (found := _inverted(clause, verb, role, memory)):
        return found
    return _before(clause, verb, role, memory)


def _are_told(clause: Clause, verb: int) -> bool:
    """Whether it is inspectors who are told: "staff told the inspectors"."""
    return any(role == "inspectors" and verb < place <= verb + 3 for place, role in clause.nouns)


def _of_pronoun(word: str, verb: str, role: Role, memory: Memory) -> Speaker | None:
    last = memory.last
    if word in ("he", "she") and last != "narrator":
        last = memory.person or "other"
    if last == "narrator" or (role == "finding" and last != "inspector" and verb not in voices.REACTING):
        return None
    return last


def _of_agent(clause: Clause, by: int) -> Speaker | None:
    """Of "praised by inspectors", the inspectors."""
    near = [role for place, role in clause.nouns if by < place <= by + 4]
    return "inspector" if near and near[0] in ("inspectors", "document") else None


def _of_passive(clause: Clause, verb: int) -> Speaker | None:
    """Who found what "was judged inadequate", "were found to be late", "has been told to improve"."""
    word = clause.words[verb]
    following = clause.words[verb + 1 : verb + 5]
    if "by" in following[:4] and (word in voices.JUDGED or word in voices.FOUND):
        return _of_agent(clause, verb + 1 + following.index("by"))
    if clause.historic():
        return None
    if word in voices.JUDGED:
        return "inspector"
    if word in voices.FOUND and any(after in voices.AFTER_FOUND for after in following[:2]):
        return "inspector"
    if word in voices.BIDDEN and "to" in following[:2] and _is_provider(clause, verb):
        return "inspector"
    return None


def _is_provider(clause: Clause, verb: int) -> bool:
    """Whether those before a verb are a body, or a place that stands for it."""
    place = clause.subject(clause.subject(verb))
    return clause.capital(place) or any(role == "body" and at < verb for at, role in clause.nouns)


def _inverted(clause: Clause, verb: int, role: Role, memory: Memory) -> Speaker | None:
    """Who follows a verb: "said the director", "states a letter from Ofsted", "added Jo Bell, who leads it"."""
    if clause.words[verb] in _OF_OTHERS or clause.words[verb].endswith("ing"):
        return None
    if found := person(clause, verb + 1, memory):
        return found
    distance = 4 if clause.word(verb - 1) == "," else NEAR
    for place, noun in clause.nouns:
        if verb < place <= verb + distance and not (noun in ASKED and clause.word(place + 1) == "'s"):
            if not BREAKS.isdisjoint(clause.words[verb:place]) or not _is_whole(clause, place):
                return None
            return speaker_of(clause, place, noun, len(clause.words), memory) if _does(noun, role, "") else None
    return None


def _is_whole(clause: Clause, place: int) -> bool:
    """Whether someone named after a verb is named for it, and isn't the subject of what is said."""
    after = place + 1
    while clause.capital(after):
        after += 1
    word = clause.word(after)
    if word == "'s" or ROLES.get(word) in SPEAKING:
        return clause.word(after + 1) not in voices.BEING
    return not word or word in _AFTER_SPEAKER


def _before(clause: Clause, verb: int, role: Role, memory: Memory) -> Speaker | None:
    """Who stands before a verb as its subject."""
    word = clause.words[verb]
    known = memory.people.get(clause.word(clause.subject(verb)))
    if known and (role == "speaking" or word in voices.REACTING):
        return known
    for place, noun in _subjects(clause, verb, role):
        if _does(noun, role, word) and _reaches(clause, place, noun, verb):
            return speaker_of(clause, place, noun, verb, memory)
    return by_name(clause, verb, memory) if role == "speaking" else None


def _subjects(clause: Clause, verb: int, role: Role) -> list[tuple[int, Role]]:
    """Those who may be the subject of a verb, the likeliest first."""
    nouns = _since_break(clause, verb)
    if not nouns:
        return []
    subject = clause.subject(verb)
    last, noun = nouns[-1]
    if role == "speaking" and clause.words[subject] == ",":  # "Jo Bell, of the union, said"
        for place, found in nouns:
            if found not in ASKED:
                return [clause.owner(place), *nouns]
    if clause.words[subject] in ("who", "which", "that"):
        return [] if noun in ASKED else nouns[-1:]
    free = [(place, found) for place, found in nouns if not clause.governed(place)]
    if subject != last:
        return [*_since_comma(clause, free, subject), *free]
    if (last, noun) in free or not voices.CONJUNCTIONS.isdisjoint(clause.words[max(last - 2, 0) : last]):
        return [clause.owner(last), *free]
    return free or (nouns if role == "speaking" else [])  # "Jo Bell of the union said"


def _since_break(clause: Clause, verb: int) -> list[tuple[int, Role]]:
    """Those before a verb who aren't parted from it by a quotation, nor too far from it."""
    start = max((place + 1 for place in range(verb) if clause.words[place] in BREAKS), default=0)
    first = max(start, verb - _FAR)
    return [found for found in clause.nouns if first <= found[0] < verb and clause.word(found[0] + 1) != "'s"]


def _since_comma(clause: Clause, nouns: list[tuple[int, Role]], subject: int) -> list[tuple[int, Role]]:
    """The first after the last comma before a verb: the report of "visits are late, the report also says"."""
    comma = max((place for place in range(subject) if clause.words[place] in _COMMAS), default=0)
    return [found for found in nouns if comma < found[0]][:1]


def _does(noun: Role, role: Role, verb: str) -> bool:
    """Whether those who are named so do what a verb says."""
    if role == "speaking" or noun in ("inspectors", "document"):
        return True
    return verb in (voices.BODY_REACTING if noun == "body" else voices.REACTING) and noun in _REACTING


def _reaches(clause: Clause, place: int, noun: Role, verb: int) -> bool:
    """Whether a verb is near enough to be someone's, or parted from them by words set off with commas."""
    if noun in ASKED:
        return verb - place <= 3 or clause.words[verb - 1] == ","
    return noun in ("inspectors", "document") or verb - place <= NEAR or "," in clause.words[place:verb]


def _of_source(clause: Clause) -> Speaker | None:
    """Whose a thing is "according to the letter", or "praise from Ofsted"."""
    for place, noun in clause.nouns:
        before = clause.words[max(place - 5, 0) : place]
        if "according" in before and noun in SPEAKING:
            return SPEAKING[noun]
        if noun == "inspectors" and "from" in before[-2:] and not voices.PRAISE.isdisjoint(before):
            return "inspector"
        if noun == "inspectors" and "by" in before[-2:] and not clause.has("event"):
            return "inspector"
    return None


def _of_state(clause: Clause) -> Speaker | None:
    """Whose it is that "inspectors were concerned", "the letter is frank", "the verdict: good"."""
    words = clause.words
    for place, role in clause.roles:
        if role not in ("inspectors", "document", "verdict") or clause.governed(place):
            continue
        next_words = words[place + 1 : place + 4]
        being = any(word in voices.BEING or word in voices.HAVING for word in next_words)
        if role == "inspectors" and clause.word(place + 1) == ":":
            return "inspector"
        if not being and ":" not in next_words:
            continue
        if role == "document" and not voices.FRANK.intersection(words[place + 1 : place + 6]):
            continue
        if not clause.has("event") and not clause.historic() and voices.MONTHS.isdisjoint(clause.tokens):
            return "inspector"
    return None
