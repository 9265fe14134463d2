"""Phrases: how vocabularies are written as patterns."""

from __future__ import annotations

import re

# A phrase that begins with a letter which nothing makes optional.
_LETTER = re.compile(r"[A-Za-z](?![?*+{|])")


def any_of(*phrases: str) -> str:
    """A pattern for any of these phrases; each may be a pattern, and a space in it stands for any white space.

    Phrases that begin with the same letters are put together, so that the others needn't be tried one by one.
    """
    together: dict[str, list[str]] = {}
    for phrase in phrases:
        start = phrase[0] if _LETTER.match(phrase) else ""
        together.setdefault(start, []).append(phrase[len(start) :].replace(" ", r"\s+"))
    alternatives = together.pop("", [])
    alternatives += [f"{start}{rests[0] if len(rests) == 1 else any_of(*rests)}" for start, rests in together.items()]
    return "(?:" + "|".join(alternatives) + ")"
