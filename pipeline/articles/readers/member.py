"""Members: what readers give of a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from pipeline.articles.source import Failure, Source


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside another, open at its start; its name begins with the other's."""

    name: str
    file: BinaryIO


@dataclass(frozen=True, slots=True)
class Note:
    """What was assumed or left out; the next article tells it, or a failure where none comes."""

    message: str


Item = Source | Failure | Member | Note
