"""Who speaks: the speakers that our rules find in gold news articles, against speakers labelled by hand."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from common import ROOT, SHARED, print_table, read_rows, verdict

from pipeline.articles import Article, Source
from pipeline.articles.speech.speakers import SPEAKERS

LABELS = ROOT / "benchmarks" / "speakers.jsonl"
TARGET = 0.9

_NOTES = """\
A unit's speaker is that of the sentence of ours which shares most characters with it. Our rules were mended with these
articles in view: no held-out measure."""


@dataclass(frozen=True)
class Unit:
    """A stretch of an article with the speaker labelled by hand, and the one that our rules find there."""

    article: str
    start: int
    end: int
    gold: str
    found: str

    @property
    def id(self) -> str:
        """The article and the offsets into it."""
        return f"{self.article}:{self.start}-{self.end}"


def units(folder: Path) -> list[Unit]:
    """Every labelled unit of the articles in a folder."""
    rows = read_rows(LABELS)
    articles = {name: read(folder / f"{name}.txt") for name in dict.fromkeys(row["article"] for row in rows)}
    return [
        Unit(row["article"], row["start"], row["end"], row["speaker"], found(articles[row["article"]], row))
        for row in rows
    ]


def read(path: Path) -> Article:
    return Article.of(Source(path.stem, path.read_text(encoding="utf-8")))


def found(article: Article, row: dict[str, int]) -> str:
    """The speaker of the sentence that shares most with a labelled unit."""
    shared = [min(row["end"], sentence.end) - max(row["start"], sentence.start) for sentence in article.sentences]
    return article.speakers[shared.index(max(shared))]


def confusion(given: Sequence[Unit]) -> list[list[str]]:
    counts = Counter((unit.gold, unit.found) for unit in given)
    return [[f"gold {gold}", *(str(counts[gold, found]) for found in SPEAKERS)] for gold in SPEAKERS]


def accuracies(given: Sequence[Unit]) -> list[list[str]]:
    """A row for each article and one for all."""
    parts = {name: [unit for unit in given if unit.article == name] for name in dict.fromkeys(u.article for u in given)}
    rows = []
    for name, part in {**parts, "all": given}.items():
        right = sum(unit.gold == unit.found for unit in part)
        rows.append([name, str(len(part)), str(right), f"{right / len(part):.3f}"])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", nargs="?", type=Path, default=SHARED, help="the folder that holds gold/articles")
    parser.add_argument("--misses", action="store_true", help="list the units whose speaker isn't found")
    given = parser.parse_args()
    folder = given.shared / "gold" / "articles"
    if not folder.is_dir():
        print(f"skipped: the gold articles ({folder}) aren't here")
        return
    labelled = units(folder)
    rows = accuracies(labelled)
    print_table("Speakers of gold news", ["article", "units", "right", "accuracy"], rows)
    print_table("Confusion (columns are found)", ["", *SPEAKERS], confusion(labelled))
    if given.misses:
        missed = [[unit.id, unit.gold, unit.found] for unit in labelled if unit.gold != unit.found]
        print_table("Misses", ["unit", "gold", "found"], missed)
    print(f"target: {TARGET:.0%} right: {rows[-1][-1]}, {verdict(float(rows[-1][-1]) >= TARGET)}\n{_NOTES}")


if __name__ == "__main__":
    main()
