"""Items and reviews: sentences given out for a person's look, and what people said of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.labels import FINDINGS

CANT_TELL = "cant_tell"
"""What stands in files for a reviewer who can't tell; in a review, its finding is None."""
ANSWERS = (*FINDINGS, CANT_TELL)


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence given out for review: where it stands, what is around it, and what the model said and when.

    `reason` says why it was chosen. An `id` is that of the sentence table, and starts with its article's digest.
    """

    id: str
    article: str
    position: int
    text: str
    before: str
    after: str
    heading: str
    block: str
    speaker: str
    finding: str
    confidence: float
    themes: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """What a person said of an item.

    `finding` is None where they can't tell; `themes` is None where they said nothing of them. `at` is when they said it
    (`timestamp`), or None where their file doesn't tell, until it is recorded. `settles` ends a disagreement.
    """

    id: str
    who: str
    at: str | None
    finding: str | None
    themes: tuple[str, ...] | None
    note: str = ""
    settles: bool = False

    @property
    def content(self) -> tuple[object, ...]:
        """What was said, apart from when and by whom."""
        return self.finding, None if self.themes is None else tuple(sorted(self.themes)), self.note, self.settles

    @property
    def answer(self) -> str:
        """The finding as files name it."""
        return CANT_TELL if self.finding is None else self.finding


def timestamp(moment: datetime) -> str:
    """A moment in UTC to the microsecond, so that text sorts as time does; one without a zone is taken as UTC."""
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).isoformat(timespec="microseconds")


def answer_of(value: str) -> str | None:
    """The answer that a person wrote, as it is in `ANSWERS`, whatever the case and apostrophe; None if unknown."""
    key = "".join(c for c in value.lower().strip().replace(" ", "_").replace("-", "_") if c.isalpha() or c == "_")
    return key if key in ANSWERS else None
