"""Items given out for review, and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.review import Item, Review

THEMES = {"practice": "Practice", "leadership": "Leadership", "workforce": "Workforce"}
FIRST = Item(
    id="0a1b2c3d4e5f:0-17",
    article="letter.txt",
    position=0,
    text="Visits are late.",
    before="",
    after="Plans are good.",
    heading="Main findings",
    block="paragraph",
    speaker="inspector",
    finding="concern",
    confidence=0.6,
    themes=("practice",),
    reason="concern 60%, none 30%",
)
SECOND = replace(
    FIRST,
    id="0a1b2c3d4e5f:18-33",
    position=1,
    text="Plans are good.",
    before="Visits are late.",
    after="",
    finding="strength",
    themes=(),
)
OTHER = replace(
    FIRST, id="ffeeddccbbaa:5-31", article="news.txt", text="=Leaders “should” act, – now.", after="", finding="none"
)
ITEMS = (FIRST, SECOND, OTHER)


def review(item: Item, who: str, finding: str | None, themes: tuple[str, ...] | None = (), **more: object) -> Review:
    """A review without a time."""
    return Review(item.id, who, None, finding, themes, **more)  # type: ignore[arg-type]


def answer(sheet: pd.DataFrame, path: Path, **findings: str) -> Path:
    """A file in which sentences that begin with a word are answered."""
    filled = sheet.copy()
    for word, finding in findings.items():
        filled.loc[filled["text"].str.startswith(word), "finding"] = finding
    filled.to_csv(path, index=False)
    return path
