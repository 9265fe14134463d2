"""Paragraphs of rich text, as they are being read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.articles.readers.draft import Draft
from pipeline.articles.readers.styles import Style, look
from pipeline.articles.source import Kind


@dataclass(slots=True)
class Paragraphs:
    """A body's paragraphs, or those of a text box or note, which stand inside one of the body's."""

    draft: Draft
    parts: list[tuple[str, bool]] = field(default_factory=list)
    boxes: list[Draft] = field(default_factory=list)
    style: str = "0"
    outline: int = 9
    listed: bool = False
    table: bool = False

    def end(self, styles: Mapping[str, Style]) -> None:
        """End a paragraph; what it looks like holds for the next, unless that says otherwise."""
        seen = look(styles, self.style)
        kind: Kind | None = "heading" if self.outline < 9 else seen.kind or ("bullet" if self.listed else None)
        bold = not self.table and all(bold or seen.bold for text, bold in self.parts if text.strip())
        self.draft.add("".join(text for text, _ in self.parts), kind, bold=bold)
        for box in self.boxes:
            self.draft.extend(box)
        self.parts, self.boxes, self.listed = [], [], False

    def reset(self) -> None:
        """Let paragraphs look like any other."""
        self.style, self.outline, self.table = "0", 9, False
