"""Verdicts: what all reviews of a sentence come to, and the labelled sentences that training may learn from."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.labels import NONE
from pipeline.review.items import Item, Review

State = Literal["accepted", "conflict", "undecided"]


@dataclass(frozen=True)
class Verdict:
    """What the reviews of an item come to.

    `accepted`: everyone who could tell gives the same finding, or a review settled it. `conflict`: they don't.
    `undecided`: nobody could tell. `themes` is None where nobody said, or reviewers disagree on them
    (`themes_conflict`). `reviews` holds each reviewer's last word.
    """

    item: Item
    state: State
    finding: str | None
    themes: tuple[str, ...] | None
    themes_conflict: bool
    reviews: tuple[Review, ...]

    @property
    def conflict(self) -> Literal["finding", "themes"] | None:
        """What reviewers disagree on; None where they don't."""
        return "finding" if self.state == "conflict" else "themes" if self.themes_conflict else None


def last_words(reviews: Iterable[Review]) -> dict[str, dict[str, Review]]:
    """Each reviewer's latest review of each item, by item and reviewer, of reviews in the order they were made."""
    found: defaultdict[str, dict[str, Review]] = defaultdict(dict)
    for review in reviews:
        found[review.id][review.who] = review
    return dict(found)


def verdicts(items: Mapping[str, Item], reviews: Sequence[Review]) -> list[Verdict]:
    """The verdict on each item that was reviewed, in the items' order.

    The latest review that settles an item counts alone, whatever others say before or after.
    """
    settled = {review.id: review for review in reviews if review.settles}
    words = last_words(reviews)
    return [_verdict(item, words[key], settled.get(key)) for key, item in items.items() if key in words]


def _verdict(item: Item, words: Mapping[str, Review], settled: Review | None) -> Verdict:
    given = tuple(words.values())
    counted = [settled] if settled else [review for review in given if review.finding is not None]
    findings = {review.finding for review in counted}
    if len(findings) > 1:
        return Verdict(item, "conflict", None, None, False, given)
    finding = next(iter(findings), None)
    if finding is None:
        return Verdict(item, "undecided", None, None, False, given)
    if finding == NONE:
        return Verdict(item, "accepted", finding, (), False, given)
    said = {tuple(sorted(review.themes)) for review in counted if review.themes is not None}
    themes = next(iter(said)) if len(said) == 1 else None
    return Verdict(item, "accepted", finding, themes, len(said) > 1, given)


def accepted(found: Iterable[Verdict]) -> list[dict[str, Any]]:
    """The rows that `pipeline.corpus` reads as labelled sentences, in the order of articles and positions.

    Conflicts and what nobody could tell are left out; so are sentences that, under the same heading, are accepted with
    different findings in different places, since alone they can't be told apart. `themes` is left out where it is not
    agreed.
    """
    kept = [verdict for verdict in found if verdict.state == "accepted"]
    ways: defaultdict[tuple[str, str], set[str | None]] = defaultdict(set)
    for verdict in kept:
        ways[_place(verdict.item)].add(verdict.finding)
    return [_row(verdict) for verdict in kept if len(ways[_place(verdict.item)]) == 1]


def fingerprint(rows: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 of accepted rows, whatever their order: it changes when what training would learn from them does."""
    lines = sorted(json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows)
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def _place(item: Item) -> tuple[str, str]:
    return " ".join(item.text.split()), item.heading


def _row(verdict: Verdict) -> dict[str, Any]:
    item = verdict.item
    row: dict[str, Any] = {"text": item.text, "finding": verdict.finding}
    if verdict.themes is not None:
        row["themes"] = list(verdict.themes)
    row |= {"article": item.article, "heading": item.heading, "block": item.block, "speaker": item.speaker}
    return row | {"id": item.id}
