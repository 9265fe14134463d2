"""Phrases: how vocabularies are written as patterns."""

from __future__ import annotations


def any_of(*phrases: str) -> str:
    """A pattern for any of these phrases; each may be a pattern, and a space in it stands for any white space."""
    return "(?:" + "|".join(phrase.replace(" ", r"\s+") for phrase in phrases) + ")"
