"""Sentence splitting: exact spans and speed, ours against NLTK's Punkt, pysbd, syntok and nupunkt."""

from __future__ import annotations

import re
import warnings
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from operator import itemgetter

from common import GOLD, ROOT, best_in_turn, forget, learnt_punkt, print_table, read_reports, read_rows

from pipeline.articles import Article, Source
from pipeline.articles.layout import blocks
from pipeline.articles.markers import MARKER
from pipeline.articles.text import source_spans

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pysbd's regular expressions aren't raw strings
    import nupunkt
    import pysbd
    import syntok.segmenter
    from nltk.tokenize.punkt import PunktSentenceTokenizer

Span = tuple[int, int]
Splitter = Callable[[str], Iterable[Span]]

_BLANK_LINES = re.compile(r"(?:[^\S\n]*\n){2,}\s*|\s*\f\s*")
_SPACES = re.compile(r"\s+")

_NOTES = """\
Precision, recall and F1 are of exact spans: both ends right, white space aside; headings, items, addresses and dates
are units too. Each peer was given every text both as it is and in paragraphs (cut at blank lines, the lines joined,
spans mapped back), nupunkt also with its own rule for line breaks; the best of these for its F1 is shown.
"our blocks + peer": the peer applied within the blocks that ours finds, to tell blocks and sentence rules apart.
Our rules for blocks were written with some of these stretches in view (the peers' were not): no held-out measure.
Speed: the whole texts, best of several turns, caches emptied before each; the number of sentences is that of our
splitter for all."""


@dataclass(frozen=True)
class Sample:
    """A text, and the stretch of it that is marked by hand."""

    text: str
    start: int
    end: int
    gold: frozenset[Span]


@dataclass(frozen=True)
class Score:
    """Exact spans: how many were right, found and wanted."""

    right: int
    found: int
    wanted: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (self.found + self.wanted)

    def cells(self) -> list[str]:
        """Precision, recall and F1."""
        return [f"{value:.3f}" for value in (self.right / max(self.found, 1), self.right / self.wanted, self.f1)]


# Splitters


def ours(text: str) -> list[Span]:
    return [(sentence.start, sentence.end) for sentence in Article.of(Source("text", text)).sentences]


def by_pysbd(segmenter: pysbd.Segmenter, text: str) -> list[Span]:
    return [(span.start, span.end) for span in segmenter.segment(text)]


def by_syntok(text: str) -> Iterable[Span]:
    for paragraph in syntok.segmenter.analyze(text):
        for tokens in paragraph:
            yield tokens[0].offset, tokens[-1].offset + len(tokens[-1].value)


def by_nupunkt(text: str, *, line_breaks: bool = False) -> list[Span]:
    return nupunkt.sentence_spans(nupunkt.blank_page_furniture(text), line_breaks=line_breaks)


def peers() -> dict[str, Splitter]:
    return {
        "NLTK Punkt, our parameters": learnt_punkt().span_tokenize,
        "NLTK Punkt, untrained": PunktSentenceTokenizer().span_tokenize,
        "pysbd": partial(by_pysbd, pysbd.Segmenter(language="en", clean=False, char_span=True)),
        "syntok": by_syntok,
        "nupunkt": by_nupunkt,
    }


# What peers are given


def in_paragraphs(split: Splitter, text: str) -> Iterable[Span]:
    """A peer's spans of each paragraph (blank lines part them) with its lines joined, mapped back to the text."""
    start = 0
    for gap in [*_BLANK_LINES.finditer(text), None]:
        end = gap.start() if gap else len(text)
        if text[start:end].strip():
            yield from _joined(split, text, start, end)
        start = gap.end() if gap else end


def _joined(split: Splitter, text: str, start: int, end: int) -> Iterable[Span]:
    """Spans of a part of a text in which each run of white space is made one space."""
    parts: list[str] = []
    offsets = [(0, start)]
    length, at = 0, start
    for space in _SPACES.finditer(text, start, end):
        parts.append(text[at : space.start()] + " ")
        length += len(parts[-1])
        at = space.end()
        offsets.append((length, at))
    joined = "".join([*parts, text[at:end]])
    for span in split(joined):
        first, last = _trimmed(joined, *span)
        if first < last:
            yield _source(offsets, first), _source(offsets, last - 1) + 1


def _source(offsets: list[tuple[int, int]], place: int) -> int:
    """The source offset of a place, by pairs of places and offsets from which both run on together."""
    at, source = offsets[bisect_right(offsets, place, key=itemgetter(0)) - 1]
    return source + place - at


def in_our_blocks(split: Splitter, text: str) -> Iterable[Span]:
    """A peer's spans within our blocks: what it adds or lacks as a rule for sentences alone."""
    for block in blocks(text):
        marker = MARKER.match(block.text) if block.marked else None
        skipped = marker.end() if marker else 0
        spans: list[Span] = []
        if block.kind in ("paragraph", "bullet", "quote") and skipped < len(block.text):
            spans = [(first + skipped, last + skipped) for first, last in split(block.text[skipped:])]
            spans = [span for first, last in spans if (span := _trimmed(block.text, first, last))[0] < span[1]]
        spans = [(0, spans[0][1]), *spans[1:]] if spans else [(0, len(block.text))]
        yield from source_spans(block.offsets, spans)


def _trimmed(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())


# Measuring


def score(split: Splitter, samples: list[Sample]) -> Score:
    """Exact spans of whole texts; those that touch a marked stretch count."""
    right = found = wanted = 0
    for sample in samples:
        spans = {_trimmed(sample.text, start, end) for start, end in split(sample.text)}
        spans = {(start, end) for start, end in spans if start < end and start < sample.end and end > sample.start}
        right, found, wanted = right + len(spans & sample.gold), found + len(spans), wanted + len(sample.gold)
    return Score(right, found, wanted)


def reports() -> list[Sample]:
    """Stretches of real reports, marked by hand."""
    texts = read_reports()
    marked = [(row, texts.get(row["sha256"])) for row in read_rows(ROOT / "benchmarks" / "boundaries.jsonl")]
    return [
        Sample(text, row["start"], row["end"], frozenset((start, end) for start, end in row["units"]))
        for row, text in marked
        if text is not None
    ]


def news() -> list[Sample]:
    """Gold news articles."""
    units: defaultdict[str, set[Span]] = defaultdict(set)
    for row in read_rows(GOLD / "news.jsonl"):
        units[row["article"]].add((row["start"], row["end"]))
    texts = {name: (GOLD / "articles" / f"{name}.txt").read_text(encoding="utf-8") for name in units}
    return [Sample(texts[name], 0, len(texts[name]), frozenset(spans)) for name, spans in units.items()]


def measure(title: str, samples: list[Sample], *, repeats: int) -> None:
    """Print a table of every splitter on some texts, peers with the input that suits them better."""
    entries: dict[tuple[str, str], Splitter] = {("ours", "text"): ours}
    for name, split in peers().items():
        entries[name, "text"] = split
        entries[name, "paragraphs"] = partial(in_paragraphs, split)
        entries[f"our blocks + {name}", "our blocks"] = partial(in_our_blocks, split)
    entries["nupunkt", "text, its line breaks"] = partial(by_nupunkt, line_breaks=True)
    scores = {key: score(split, samples) for key, split in entries.items()}
    chosen: dict[str, tuple[str, str]] = {}
    for key in sorted(entries, key=lambda key: -scores[key].f1):
        chosen.setdefault(key[0], key)

    def fresh() -> None:
        forget()
        nupunkt.load("default").clear_decision_cache()

    def all_texts(split: Splitter) -> None:
        for sample in samples:
            list(split(sample.text))

    times = best_in_turn(
        {name: partial(all_texts, entries[key]) for name, key in chosen.items()},
        repeats=repeats,
        budget=4,
        before=fresh,
    )
    count = sum(len(ours(sample.text)) for sample in samples)
    order = sorted(chosen, key=lambda name: (name.startswith("our blocks"), name != "ours", -scores[chosen[name]].f1))
    rows = [[name, chosen[name][1], *scores[chosen[name]].cells(), f"{count / times[name]:,.0f}"] for name in order]
    units = sum(len(sample.gold) for sample in samples)
    print_table(
        f"{title}: {units} units marked by hand in {len(samples)} texts",
        ["splitter", "given", "precision", "recall", "F1", "sentences/s"],
        rows,
    )


def main() -> None:
    samples = reports()
    if not samples:
        print("skipped: the real reports and gold articles (../shared) aren't here")
        return
    measure("Real reports and letters (text taken from PDF files)", samples, repeats=3)
    if GOLD.is_dir():
        measure("News articles", news(), repeats=10)
    print(_NOTES)


if __name__ == "__main__":
    main()
