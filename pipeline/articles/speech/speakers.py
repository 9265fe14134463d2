"""Who speaks in each sentence: inspectors, the provider inspected, others, or the article's narrator.

Rules of thumb, not a parser. Attributions are read where they stand outside quotation marks; an open quotation keeps
its speaker until it closes; and an article that tells what inspectors found goes on telling it until someone else
speaks, with what it says itself of place, time and proceedings in between.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.articles.speech import quotations, voices
from pipeline.articles.speech.attribution import named
from pipeline.articles.speech.authorship import by_inspectors
from pipeline.articles.speech.clauses import Clause, words_of
from pipeline.articles.speech.identities import Memory, by_office, introduced, is_person
from pipeline.articles.speech.narration import announces, goes_on, is_background, is_headline, is_question, looks_at
from pipeline.articles.speech.quotations import Quoted
from pipeline.articles.speech.voices import Speaker

__all__ = ["SPEAKERS", "Speaker", "by_inspectors", "speakers"]

SPEAKERS: tuple[Speaker, ...] = ("inspector", "provider", "narrator", "other")

_SET_ASIDE = ("furniture", "caption")
_DASHES = ("–", "—")
# How many characters a line may have that names the one quoted above it, and how many lines of furniture may part them.
_LONGEST_SIGNATURE = 120
_LINES_BETWEEN = 3
# With fewer words outside it, a quotation is what a sentence is about.
_FEW_WORDS = 6


def speakers(texts: Sequence[str], kinds: Sequence[str], own_document: bool) -> list[Speaker]:
    """The speaker of each sentence of an article, in reading order; `kinds` are their blocks' kinds."""
    if own_document:
        return ["inspector"] * len(texts)
    return _Reading(texts, kinds).speakers()


class _Reading:
    """An article as far as it has been read."""

    def __init__(self, texts: Sequence[str], kinds: Sequence[str]) -> None:
        self.texts = texts
        self.kinds = kinds
        self.memory = Memory()
        self.mark = ""  # of the quotation that is open
        self.ends = -1  # the sentence in which it ends
        self.quoted: Speaker = "narrator"  # who speaks in it
        self.block_ends = -1  # the last sentence of the set-off block
        self.signed: Speaker | None = None  # who is named below it
        self.lead: Speaker | None = None  # who introduced the list or quotation that follows: "they said:"
        self.before: Speaker = "narrator"  # whose the last sentence was
        self.after_quote = False  # whether the last sentence was a quotation
        self.begun = False  # whether any paragraph has been read

    def speakers(self) -> list[Speaker]:
        """The speakers of all sentences."""
        return [
            "narrator" if kind in _SET_ASIDE else self._speaker(number, kind) for number, kind in enumerate(self.kinds)
        ]

    def _speaker(self, number: int, kind: str) -> Speaker:
        text = quotations.straight(self.texts[number])
        if kind == "heading":
            return self._of_heading(text)
        if self.after_quote and not self.mark and _is_dashed(text) and self._signs(text, kind):
            return "narrator"
        quoted = quotations.read(text, self.mark)
        clause = Clause(quoted.outside)
        new = dict(introduced(clause)) if clause.nouns else {}
        self.memory.people.update(new)
        speaker = self._told(number, kind, text, quoted, clause)
        if speaker is not None:
            self._remember(speaker, clause)
        else:
            speaker = self._carried(kind, text, clause)
            if speaker == "narrator" and new:
                self.memory.person = next(iter(new.values()))
        self._follow(number, quoted, speaker)
        if kind != "bullet" or not self.lead:
            self.lead = speaker if text.endswith(":") and speaker != "narrator" else None
        self.before, self.after_quote, self.begun = speaker, kind == "quote" or quoted.starts, True
        return speaker

    def _told(self, number: int, kind: str, text: str, quoted: Quoted, clause: Clause) -> Speaker | None:
        """Whom a sentence names, or who speaks in its quotation."""
        speaker = named(clause, self.memory)
        if self.mark:
            return speaker if speaker and quoted.closes else self.quoted
        if speaker is None and self._is_quotation(kind, quoted, clause):
            return self._of_quotation(number, text, quoted)
        return speaker

    # Headings

    def _of_heading(self, text: str) -> Speaker:
        """A heading's own speaker; of those within an article, what they announce."""
        clause = Clause(quotations.read(text).outside)
        speaker: Speaker | None = None
        if not is_question(clause):
            speaker = named(clause, Memory()) or ("inspector" if is_headline(clause) else None)
        self.mark, self.before = "", "narrator"
        self.lead = speaker if text.endswith(":") else None
        if self.begun:
            announced = announces(clause)
            self.memory.reporting = self.memory.reporting if announced is None else announced
        return speaker or "narrator"

    # Quotations

    def _is_quotation(self, kind: str, quoted: Quoted, clause: Clause) -> bool:
        """Whether someone is quoted at length, and not a few words within a sentence of the article's."""
        return kind == "quote" or bool(quoted.mark) or (quoted.starts and len(clause.words) < _FEW_WORDS)

    def _of_quotation(self, number: int, text: str, quoted: Quoted) -> Speaker | None:
        """Who speaks in a quotation that its own sentence doesn't attribute, by what follows it or went before."""
        if not quoted.mark:
            if number > self.block_ends:
                self.block_ends, self.signed = self._block(number)
            return self.signed or self.lead or self._guessed(text)
        end = quotations.end_of(self.texts, self.kinds, number, quoted.mark)
        if end is None:
            return None
        clause = Clause(quotations.read(quotations.straight(self.texts[end]), quoted.mark).outside)
        return named(clause, self.memory) or self._signed(end) or self.lead or self._guessed(text)

    def _block(self, number: int) -> tuple[int, Speaker | None]:
        """The last sentence of a set-off block (of any other, the one given), and who is named below it."""
        end = number
        last = min(number + quotations.LONGEST, len(self.texts)) - 1
        signed = self._signed(end)
        while not signed and end < last and self.kinds[end] == self.kinds[end + 1] == "quote":
            end += 1
            signed = self._signed(end)
        return end, signed

    def _signed(self, end: int) -> Speaker | None:
        """Who is named in a line of their own after a quotation: "Jo Bell, director of children's services"."""
        line = end + 1
        while line < min(len(self.texts), end + _LINES_BETWEEN) and self.kinds[line] in _SET_ASIDE:
            line += 1
        return self._signs(self.texts[line], self.kinds[line]) if line < len(self.texts) else None

    def _signs(self, text: str, kind: str) -> Speaker | None:
        """Whom a line names below a quotation, if that is what it does."""
        dash = _is_dashed(text)
        if kind in _SET_ASIDE or len(text) > _LONGEST_SIGNATURE or not (dash or kind != "bullet"):
            return None
        clause = Clause(quotations.straight(text))
        if clause.verbs or '"' in clause.words:
            return None
        return next((speaker for _, speaker in introduced(clause)), None) or (by_office(clause) if dash else None)

    def _guessed(self, text: str) -> Speaker | None:
        """Who speaks in a quotation by its own words, or because they spoke last."""
        last = self.memory.last
        if last in ("inspector", "narrator") and not voices.OWN_VOICE.isdisjoint(words_of(text)):
            return "provider"
        return last if last != "narrator" else None

    def _follow(self, number: int, quoted: Quoted, speaker: Speaker) -> None:
        """Keep the quotation that a sentence leaves open, if it ends anywhere."""
        if not quoted.mark:
            self.mark = ""
        elif not self.mark or quoted.closes:
            ends = quotations.end_of(self.texts, self.kinds, number, quoted.mark)
            self.mark, self.ends, self.quoted = (quoted.mark, ends, speaker) if ends is not None else ("", -1, speaker)
        elif number >= self.ends:
            self.mark = ""

    # The article's own sentences

    def _carried(self, kind: str, text: str, clause: Clause) -> Speaker:
        """Whose a sentence is that names nobody: part of what was being reported, or the article's own."""
        if kind == "bullet" and self.lead:
            return self.lead
        if looks_at(clause):
            self.memory.last, self.memory.reporting = "inspector", True
            return "narrator"
        if self.memory.reporting:
            of_person = clause.word(0) in ("he", "she") and self.memory.person is not None
            # Paragraphs without a full stop are what a page says of itself.
            aside = of_person or (kind == "paragraph" and text[-1:].isalnum()) or is_background(clause, text)
            return "narrator" if aside else "inspector"
        return self.before if self.before in ("provider", "other") and goes_on(clause) else "narrator"

    def _remember(self, speaker: Speaker, clause: Clause) -> None:
        if speaker == "narrator":
            return
        memory = self.memory
        memory.last, memory.reporting = speaker, speaker == "inspector"
        if speaker != "inspector" and (is_person(clause) or not memory.people.keys().isdisjoint(clause.words)):
            memory.person = speaker


def _is_dashed(text: str) -> bool:
    """Whether a line begins with a dash, as a name below a quotation may."""
    return text.lstrip("> ")[:1] in _DASHES
