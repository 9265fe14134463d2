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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise

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
_CANDIDATE = re.compile(rf"[.?!](?=({_BREAKING}|\s+(\S+)))")
_CLOSING = re.compile(rf"[\"')\]}}{_QUOTES}]+?(?:\s+|(?=--)|$)", re.MULTILINE)
_NUMBER = re.compile(r"-?[.,]?\d[\d,.-]*\.?$")
_PLAIN_WORD = re.compile(r"[^\W\d_]{2,}$")
_INITIAL = re.compile(r"[^\W\d]\.$")
_ELLIPSIS = re.compile(r"\.\.+$")
_PUNCTUATION = frozenset(";:,.!?")
_LONGEST_REMEMBERED = 100
_MOST_REMEMBERED = 50_000
_SPACES = {ord(character): " " for character in string.whitespace}


@dataclass(frozen=True)
class Parameters:
    """What Punkt learns from text: abbreviations, collocations across a full stop, sentence starters, orthography."""

    version: str
    abbreviations: frozenset[str]
    collocations: frozenset[tuple[str, str]]
    starters: frozenset[str]
    orthography: Mapping[str, int]
    _collocation_heads: frozenset[str] = field(init=False, repr=False, compare=False)
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
        if not _PLAIN_WORD.match(word):
            return False
        word = word.lower()
        return word not in self.abbreviations and word not in self._collocation_heads

    def ends_in(self, context: str) -> bool:
        """Whether a sentence ends within a context: a word with its end mark, and the token that follows."""
        known = self._decided.get(context)
        if known is None:
            known = any(self._ends(token, following) for token, following in pairwise(_TOKEN.findall(context)))
            if len(context) <= _LONGEST_REMEMBERED:
                if len(self._decided) > _MOST_REMEMBERED:
                    self._decided.clear()
                self._decided[context] = known
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


def _type(token: str) -> str:
    return _NUMBER.sub("##number##", token.lower()) if _NUMBER.match(token) else token.lower()


@cache
def parameters() -> Parameters:
    """The parameters shipped with the package, learnt from the bundled corpus."""
    return Parameters.from_json(files("pipeline.articles").joinpath("punkt.json").read_text(encoding="utf-8"))


def spans(text: str, learnt: Parameters | None = None) -> list[tuple[int, int]]:
    """Sentence offsets in a paragraph, in order: as `PunktSentenceTokenizer.span_tokenize` gives."""
    learnt = learnt or parameters()
    return list(_realigned(text, _slices(text, learnt)))


def _slices(text: str, learnt: Parameters) -> Iterator[tuple[int, int]]:
    last = 0
    for start, mark, end, after in _contexts(text):
        plain = after and text[mark] == "." and learnt.ends_plainly(text[start:mark])
        if plain or learnt.ends_in(text[start:end]):
            yield last, mark + 1
            last = after or mark + 1
    yield last, len(text.rstrip())


def _contexts(text: str) -> Iterator[tuple[int, int, int, int]]:
    """Possible sentence ends: where the word starts, where its mark is, and where the next token ends and starts.

    The next token's start is 0 where punctuation follows the mark directly. Marks that belong to one word ("really?!")
    are one possible end, at the last of them.
    """
    spaced = text if text.isprintable() else text.translate(_SPACES)
    start = mark = 0
    pending: tuple[int, int, int, int] | None = None
    for match in _CANDIDATE.finditer(text):
        at = match.start()
        space = spaced.rfind(" ", mark, at)
        if space > mark:
            start = space + 1
        if pending and mark <= start:
            yield pending
        mark = at
        pending = (start, mark, match.end(1), max(match.start(2), 0))
    if pending:
        yield pending


def _realigned(text: str, slices: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Give closing quotes and brackets at the start of a sentence to the one before it."""
    shift = 0
    current = next(slices)
    for following in slices:
        start, end = current[0] + shift, current[1]
        closing = _CLOSING.match(text, *following)
        if closing:
            yield start, following[0] + len(closing.group().rstrip())
            shift = closing.end() - following[0]
        else:
            shift = 0
            if start < end:
                yield start, end
        current = following
    start, end = current[0] + shift, current[1]
    if start < end:
        yield start, end
