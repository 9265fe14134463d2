"""Marks: what stands after a full stop, question mark or exclamation mark."""

from __future__ import annotations

import re


class EndMarks:
    """A pattern for an end mark and what follows it.

    Each mark has a pattern of its own, since a pattern that begins with one character is found several times faster
    than a pattern that begins with any of three; and most texts have full stops only.
    """

    def __init__(self, following: str) -> None:
        self._patterns = {mark: re.compile(rf"\{mark}{following}") for mark in ".?!"}

    def within(self, text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
        """Where the pattern stands in a text, or between two places in it, in order."""
        end = len(text) if end is None else end
        patterns = [pattern for mark, pattern in self._patterns.items() if mark in text]
        found = [match.span() for pattern in patterns for match in pattern.finditer(text, start, end)]
        return sorted(found) if len(patterns) > 1 else found
