"""Rows: what goes into a file for each sentence, and what comes out of one for each answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.review.items import ANSWERS, CANT_TELL, Item, Review

THEME = "theme_"
"""Before a theme's key, where findings and themes share one list of labels."""


@dataclass(frozen=True)
class Sheet:
    """What is given out: items, what reviewers said of them so far, the themes to choose from, and whose labels.

    `version` names the model that labelled them.
    """

    items: list[Item]
    said: Mapping[str, list[Review]]
    themes: Mapping[str, str]
    version: str

    def reviews(self, item: Item) -> str:
        """What people said of an item so far, to be read by people."""
        return "; ".join(told(review) for review in self.said.get(item.id, ()))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a row of a file says, unchecked; `finding` is "" where nobody answered.

    `who` is whom the file names, and `also` are its other names for them; `numbered` says that it names them by a
    number only. `ticked` says that the tool showed the model's labels as chosen, so that themes may be left over from
    it, and `skipped` that a person passed the sentence over. `wrong` is why the row can't be read, if it can't.
    """

    where: str
    id: Any
    text: Any
    finding: Any
    themes: Any
    note: Any = ""
    who: Any = None
    at: str | None = None
    numbered: bool = False
    also: tuple[str, ...] = ()
    ticked: bool = False
    skipped: bool = False
    wrong: str = ""


def unread(where: str, wrong: str) -> Answer:
    """In place of a row that can't be read, so that it is listed with all others that are bad."""
    return Answer(where, None, None, "", None, wrong=wrong)


def told(review: Review) -> str:
    """A review in a line: who, what, themes and note."""
    finding = "can't tell" if review.finding is None else review.finding
    themes = f" [{', '.join(review.themes)}]" if review.themes else ""
    note = f" ({review.note})" if review.note else ""
    return f"{review.who}: {finding}{themes}{note}"


def labels(themes: Mapping[str, str]) -> dict[str, str]:
    """Findings, "can't tell" and themes as one list of labels, with the names shown to people."""
    findings = {answer: "can't tell" if answer == CANT_TELL else answer for answer in ANSWERS}
    return findings | {f"{THEME}{key}": f"theme: {name}" for key, name in themes.items()}


def chosen(item: Item) -> list[str]:
    """The model's labels of an item, in that list."""
    return [item.finding, *(f"{THEME}{key}" for key in item.themes)]


def parted(given: Iterable[str]) -> tuple[list[str], list[str]]:
    """Chosen labels as findings (there should be one) and themes."""
    names = list(given)
    return [n for n in names if not n.startswith(THEME)], [n.removeprefix(THEME) for n in names if n.startswith(THEME)]


def from_labels(given: Iterable[str]) -> tuple[str, list[str]]:
    """The finding and themes of chosen labels; several findings stay together, for the check to refuse."""
    findings, themes = parted(given)
    return " and ".join(findings), themes
