"""Punkt's rules, applied to one paragraph, with parameters learnt beforehand by NLTK's `PunktTrainer`.

Method: T. Kiss and J. Strunk, "Unsupervised Multilingual Sentence Boundary Detection", Computational Linguistics 32(4),
2006; the comments name its sections. `spans` gives what `nltk.tokenize.PunktSentenceTokenizer.span_tokenize` gives with
the same parameters, several times faster: the rules are only worked out for the tokens around a possible sentence end,
and for plain words (the common case) not at all.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise

from pipeline.articles.marks import EndMarks
from pipeline.articles.text import Span

# What a word type was seen as: the position it stood in (beginning, middle, unknown) and the case of its first letter.
BEGIN_UPPER, MIDDLE_UPPER, UNKNOWN_UPPER, BEGIN_LOWER, MIDDLE_LOWER, UNKNOWN_LOWER = (1 << bit for bit in range(1, 7))
UPPER = BEGIN_UPPER | MIDDLE_UPPER | UNKNOWN_UPPER
LOWER = BEGIN_LOWER | MIDDLE_LOWER | UNKNOWN_LOWER

_END_MARKS = frozenset(".?!")
_QUOTES = "‘’“”«»"
_BREAKING = rf"[)\";}}\]*:@'({{\[{_QUOTES}?!]"
_RUN = r"(?:-{2,}|\.{2,}|(?:\.\s){2,}\.)"
_TOKEN = re.compile(
    rf"{_RUN}|(?=[^(\"`{{\[:;&#*@)}}\]\-,])\S+?(?=\s|$|{_BREAKING}|{_RUN}|,(?:$|\s|{_BREAKING}|{_RUN}))|\S"
)
# Where a sentence may end: what follows is what the next token starts with, or punctuation directly after the mark.
_CANDIDATE = EndMarks(rf"(?:\s+(?=\S)|(?={_BREAKING}))")
_CANDIDATE_IN_LINE = EndMarks(rf"(?:[^\S\n]+(?=\S)|(?={_BREAKING}))")
_WORD = re.compile(r"\S+")
_CLOSERS = f"\"')]}}{_QUOTES}"
_CLOSING = re.compile(rf"[{re.escape(_CLOSERS)}]+?(?:\s+|(?=--)|$)", re.MULTILINE)
_NUMBER = re.compile(r"-?[.,]?\d[\d,.-]*\.?$")
_PLAIN_WORD = re.compile(r"[^\W\d_]{2,}$")
_INITIAL = re.compile(r"[^\W\d]\.$")
_ELLIPSIS = re.compile(r"\.\.+$")
_PUNCTUATION = frozenset(";:,.!?")
_LONGEST_REMEMBERED = 100
_MOST_REMEMBERED = 50_000
_ODD_SPACES = string.whitespace.replace(" ", "")


@dataclass(frozen=True)
class Parameters:
    """What Punkt learns from text: abbreviations, collocations across a full stop, sentence starters, orthography."""

    version: str
    abbreviations: frozenset[str]
    collocations: frozenset[tuple[str, str]]
    starters: frozenset[str]
    orthography: Mapping[str, int]
    _collocation_heads: frozenset[str] = field(init=False, repr=False, compare=False)
    _plain: dict[str, bool] = field(init=False, repr=False, compare=False, default_factory=dict)
    _decided: dict[str, bool] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_collocation_heads", frozenset(head for head, _ in self.collocations))

    def to_json(self) -> str:
        """The parameters as JSON text, sorted, so that equal parameters give equal files."""
        return json.dumps(
            {
                "version": self.version,
                "abbreviations": sorted(self.abbreviations),
                "collocations": sorted(self.collocations),
                "starters": sorted(self.starters),
                "orthography": dict(sorted(self.orthography.items())),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )

    @classmethod
    def from_json(cls, text: str) -> Parameters:
        """Parameters from what `to_json` wrote."""
        data = json.loads(text)
        return cls(
            version=data["version"],
            abbreviations=frozenset(data["abbreviations"]),
            collocations=frozenset((first, second) for first, second in data["collocations"]),
            starters=frozenset(data["starters"]),
            orthography=data["orthography"],
        )

    # The rules

    def ends_plainly(self, word: str) -> bool:
        """Whether a full stop after this word ends a sentence whatever comes next: a plain word, no abbreviation."""
        known = self._plain.get(word)
        if known is None:
            kind = word.lower()
            known = bool(_PLAIN_WORD.match(word)) and not (
                kind in self.abbreviations or kind in self._collocation_heads
            )
            _remember(self._plain, word, known)
        return known

    def ends_in(self, context: str) -> bool:
        """Whether a sentence ends within a context: a word with its end mark, and the token that follows."""
        known = self._decided.get(context)
        if known is None:
            known = any(self._ends(token, following) for token, following in pairwise(_TOKEN.findall(context)))
            _remember(self._decided, context, known)
        return known

    def _ends(self, token: str, following: str) -> bool:
        ends, abbreviation, ellipsis = self._first_pass(token)
        if not token.endswith("."):
            return ends
        kind = _type(token)
        if len(kind) > 1 and kind.endswith("."):
            kind = kind[:-1]
        next_kind = _type(following)
        if self._first_pass(following)[0] and len(next_kind) > 1 and next_kind.endswith("."):
            next_kind = next_kind[:-1]
        if (kind, next_kind) in self.collocations:  # 4.1.2
            return False
        initial = bool(_INITIAL.match(token))
        if (
            (abbreviation or ellipsis)
            and not initial
            and (self._starts_sentence(following, next_kind) or (following[0].isupper() and next_kind in self.starters))
        ):  # 4.2, with 4.1.1 and 4.1.3
            return True
        if initial or kind == "##number##":  # 4.3
            starts = self._starts_sentence(following, next_kind)
            if starts is False:
                return False
            never_lower = not self.orthography.get(next_kind, 0) & LOWER
            if starts is None and initial and following[0].isupper() and never_lower:
                return False
        return ends

    def _first_pass(self, token: str) -> tuple[bool, bool, bool]:
        """Whether a token by itself ends a sentence, is an abbreviation, is an ellipsis (section 3)."""
        if token in _END_MARKS:
            return True, False, False
        if _ELLIPSIS.match(token):
            return False, False, True
        if token.endswith(".") and not token.endswith(".."):
            word = token[:-1].lower()
            known = word in self.abbreviations or word.rsplit("-", 1)[-1] in self.abbreviations
            return not known, known, False
        return False, False, False

    def _starts_sentence(self, token: str, kind: str) -> bool | None:
        """The orthographic heuristic (4.1.1): yes, no, or (None) not known."""
        if token in _PUNCTUATION:
            return False
        seen = self.orthography.get(kind, 0)
        if token[0].isupper() and seen & LOWER and not seen & MIDDLE_UPPER:
            return True
        if token[0].islower() and (seen & UPPER or not seen & BEGIN_LOWER):
            return False
        return None


def _remember(decisions: dict[str, bool], words: str, ends: bool) -> None:
    if len(words) <= _LONGEST_REMEMBERED:
        if len(decisions) > _MOST_REMEMBERED:
            decisions.clear()
        decisions[words] = ends


def _type(token: str) -> str:
    return _NUMBER.sub("##number##", token.lower()) if _NUMBER.match(token) else token.lower()


@cache
def parameters() -> Parameters:
    """The parameters shipped with the package, learnt from the bundled corpus."""
    return Parameters.from_json(files("pipeline.articles").joinpath("punkt.json").read_text(encoding="utf-8"))


def spans(text: str, learnt: Parameters | None = None) -> list[Span]:
    """Sentence offsets in a paragraph, in order: as `PunktSentenceTokenizer.span_tokenize` gives."""
    return _realigned(text, 0, len(text), _ends(text, _CANDIDATE, learnt or parameters()))


def spans_of_each(paragraphs: Sequence[str], learnt: Parameters | None = None) -> Iterator[list[Span]]:
    """As `spans`, of each of many paragraphs that have no line breaks in them, but at one go."""
    text = "\n".join(paragraphs)
    ends = _ends(text, _CANDIDATE_IN_LINE, learnt or parameters())
    start = first = 0
    for paragraph in paragraphs:
        stop = start + len(paragraph)
        last = first
        while last < len(ends) and ends[last][0] <= stop:
            last += 1
        yield _realigned(text, start, stop, ends[first:last])
        start, first = stop + 1, last


def _ends(text: str, pattern: EndMarks, learnt: Parameters) -> list[tuple[int, int]]:
    """Where sentences end, and where what follows each of them starts."""
    candidates = pattern.within(text)
    if not candidates:
        return []
    spaced = text
    for space in _ODD_SPACES:
        spaced = spaced.replace(space, " ")
    found: list[tuple[int, int]] = []
    start = before = 0
    for number, (mark, following) in enumerate(candidates, start=1):
        space_before = spaced.rfind(" ", before, mark)
        if space_before > before:
            start = space_before + 1
        before = mark
        if mark > start and number < len(candidates) and spaced.find(" ", mark, candidates[number][0]) < 0:
            continue  # marks that belong to one word ("really?!") are one possible end, at the last of them
        directly = following == mark + 1
        if directly or text[mark] != "." or not learnt.ends_plainly(text[start:mark]):
            token = None if directly else _WORD.match(text, following)
            if not learnt.ends_in(text[start : token.end() if token else mark + 2]):
                continue
        found.append((mark + 1, following))
    return found


def _realigned(text: str, first: int, stop: int, ends: list[tuple[int, int]]) -> list[Span]:
    """The sentences of a paragraph, by where it stands in a text, as offsets into the paragraph.

    Closing quotes and brackets at the start of a sentence belong to the one before it.
    """
    while stop > first and text[stop - 1].isspace():
        stop -= 1
    found: list[Span] = []
    start = first
    for number, (end, following) in enumerate(ends, start=1):
        closing = None
        if text[following] in _CLOSERS:
            closing = _CLOSING.match(text, following, ends[number][0] if number < len(ends) else stop)
        if closing:
            found.append((start - first, following + len(closing.group().rstrip()) - first))
            start = closing.end()
        else:
            if start < end:
                found.append((start - first, end - first))
            start = following
    if start < stop:
        found.append((start - first, stop - first))
    return found
