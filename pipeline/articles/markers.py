"""Markers: what a list item begins with, as web pages, word processors and PDF fonts write it."""

from __future__ import annotations

import re

# Private-use characters (U+F02D to U+F0FC) are what symbol fonts' bullets become when a PDF is copied.
_GLYPHS = "◼■□▪▫◾❑❖◆◇●○•◦‣⁃∙·►▶▸➢➤➔✓✔✗✘☐☑★☆\uf02d\uf06e\uf076\uf0a7\uf0a8\uf0b7\uf0be\uf0d8\uf0fc"
# Dashes, and the letters and signs used for them, are markers only with a space after them.
_DASHES = r"\-–—―−─⎯‒*+o"
_SPACE = r"[ \t\u00a0]"
_NUMBER = r"\(?\d{1,3}[.)]"
_LETTER = r"(?:[a-h]|[ivx]{1,4})"

# "◼ Text", "•Text", "- Text", "12. Text", "12.Text", "3)", "(b) Text", "iv. Text"
MARKER = re.compile(
    rf"[{_GLYPHS}]++{_SPACE}*"
    rf"|[{_DASHES}]{_SPACE}+(?=\S)"
    rf"|{_NUMBER}(?:{_SPACE}+|$|(?=[A-Z][a-z]))"
    rf"|\({_LETTER}\){_SPACE}+"
    rf"|{_LETTER}[.)]{_SPACE}+"
)
NO_MARKER = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZjklmnpqrstuwyz“‘")
"""What most lines begin with, and no marker does."""
# A marker alone on its line: its text is on the next.
LONE_MARKER = re.compile(rf"(?:[{_GLYPHS}{_DASHES}]|{_NUMBER}|\({_LETTER}\))$")
# Markers that wrapped text may have at the start of a line by chance, as no glyph does.
CHANCE_MARKER = re.compile(rf"[{_DASHES}]|\(?\d|\(?[a-z]+[.)]")
