"""Clauses: what a sentence says outside quotation marks, as words of which some tell who speaks."""

from __future__ import annotations

import re

from pipeline.articles.speech import voices
from pipeline.articles.speech.voices import ROLES, Role, Speaker

SPEAKING: dict[Role, Speaker] = {
    "inspectors": "inspector",
    "document": "inspector",
    "officer": "provider",
    "body": "provider",
    "other": "other",
    "witness": "other",
    "worker": "provider",
}
"""Those who may speak, and as whom they do."""

# A sentence says early on who speaks; what is longer is hardly a sentence.
_LONGEST_READ = 1000
_TOKEN = re.compile(r"\w+(?:[-/]\w+)*|'s\b|[\",:;()–—£]")
_VERBS: frozenset[Role] = frozenset(("speaking", "finding"))
# Words that mean someone who speaks only with one of these before them, or after them.
_AFTER = {
    "member": frozenset(("cabinet", "lead", "executive", "council", "board")),
    "executive": frozenset(("chief",)),
    "holder": frozenset(("portfolio",)),
    "home": frozenset(("the", "our")),
    "agency": frozenset(("the", "our")),
    "office": frozenset(("home",)),
    "team": frozenset(("inspection", "visiting", "inspecting", "review")),
}
_BEFORE = {
    "head": frozenset(("of", "teacher")),
    "department": frozenset(("for",)),
    "chief": frozenset(("", "said", "says", ",", '"')),
}


class Clause:
    """What a sentence says outside quotation marks."""

    __slots__ = ("nouns", "roles", "tokens", "verbs", "words")

    def __init__(self, outside: str) -> None:
        self.tokens: list[str] = _TOKEN.findall(outside, 0, _LONGEST_READ)
        self.words = list(map(str.lower, self.tokens))
        self.roles: list[tuple[int, Role]] = []
        """Where words stand that tell anything."""
        self.nouns: list[tuple[int, Role]] = []
        """Those among them who may speak."""
        self.verbs: list[tuple[int, Role]] = []
        """Those that say or find."""
        for place, word in enumerate(self.words):
            if word in ROLES:
                self._sort(place, ROLES[word])

    def _sort(self, place: int, role: Role) -> None:
        found = (place, role)
        self.roles.append(found)
        if role in _VERBS:
            if self.word(place - 1) not in voices.NO_VERB_AFTER:
                self.verbs.append(found)
        elif role in SPEAKING and self._means(place):
            self.nouns.append(found)

    def word(self, place: int) -> str:
        """The word at a place, "" where there is none."""
        return self.words[place] if 0 <= place < len(self.words) else ""

    def capital(self, place: int) -> bool:
        """Whether a word may be part of a name."""
        if not 0 <= place < len(self.tokens):
            return False
        word = self.words[place]
        return self.tokens[place][0].isupper() and word not in voices.NO_NAMES and word not in ROLES

    def has(self, role: Role) -> bool:
        """Whether any word has a role."""
        return any(found == role for _, found in self.roles)

    def _means(self, place: int) -> bool:
        """Whether a word that may mean someone who speaks does so here."""
        word, after = self.words[place], self.word(place + 1)
        if word in _BEFORE:
            return after in _BEFORE[word]
        return word not in _AFTER or (self.word(place - 1) in _AFTER[word] and after != "office")

    def governed(self, place: int) -> bool:
        """Whether a preposition goes before someone, who then isn't the one that speaks."""
        at = place - 1
        if self.word(at) in voices.DETERMINERS or self.capital(at):
            at -= 1
        if self.word(at) == "of" and self.word(at - 1) in voices.QUANTITIES:
            return False  # "three of the letters"
        return self.word(at) in voices.PREPOSITIONS

    def owner(self, place: int) -> tuple[int, Role]:
        """Whom a noun belongs to that goes before it: the charity of "the charity's director"."""
        while True:
            before = place - (2 if self.word(place - 1) == "'s" else 1)
            if ROLES.get(self.word(before)) not in SPEAKING or not self._means(before):
                return place, ROLES[self.words[place]]
            place = before

    def dated(self) -> bool:
        """Whether a year is named."""
        return any(len(word) == 4 and word.isdecimal() and word[:2] in ("19", "20") for word in self.words)

    def historic(self) -> bool:
        """Whether it tells of another time than the inspection."""
        return not voices.HISTORY.isdisjoint(self.words) or self.dated()

    def subject(self, verb: int) -> int:
        """The place of the word before a verb, leaving out adverbs and what verbs are formed with."""
        place = verb - 1
        while place > 0 and (self.words[place] in voices.FILLERS or self.words[place].endswith("ly")):
            place -= 1
        return place


def words_of(text: str) -> list[str]:
    """The words of a text (straight marks) in small letters."""
    return [token.lower() for token in _TOKEN.findall(text, 0, _LONGEST_READ)]
