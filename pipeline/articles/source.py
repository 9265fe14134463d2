"""Source: the text that every offset refers to, and what its file says of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Kind = Literal["heading", "paragraph", "bullet", "quote", "caption", "furniture"]
KINDS: tuple[Kind, ...] = ("heading", "paragraph", "bullet", "quote", "caption", "furniture")
Value = str | int | float | bool | None

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Source:
    """A named text: a text file's own, decoded; of another file, the text taken from it.

    `notes` say what had to be assumed to read it. `hints` are the kinds of blocks, by the offset at which the first
    line of each begins, where the file tells them by type or tags. `paged` says that the file has pages, which form
    feeds divide in the text. `extra` are the other columns of the table that it was a row of. Lone surrogates, which no
    file can hold, are made � in text and name.
    """

    name: str
    text: str
    notes: tuple[str, ...] = ()
    hints: Mapping[int, Kind] = field(default_factory=dict)
    paged: bool = False
    extra: Mapping[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in (("name", self.name), ("text", self.text)):
            if _SURROGATE.search(value):
                object.__setattr__(self, name, _SURROGATE.sub("�", value))

    @property
    def digest(self) -> str:
        """The first 12 hex digits of the SHA-256 of the text in UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Failure:
    """A file, or an article in it, that could not be read: one line that says why and how to mend it."""

    message: str

    def __post_init__(self) -> None:
        # A file's name may have line breaks in it.
        object.__setattr__(self, "message", " ".join(self.message.splitlines()))


def article_name(path: Path) -> str:
    """A path's name in tables: POSIX form, relative to the working folder where it lies below it.

    A link goes by its own name.
    """
    folder = Path.cwd()
    try:
        place = path.absolute().parent.resolve() / path.name if ".." in path.parts else path.absolute()
        return place.relative_to(folder if place.is_relative_to(folder) else folder.resolve()).as_posix()
    except (ValueError, OSError, RuntimeError):  # elsewhere, or links that go round in a circle
        return path.as_posix()
