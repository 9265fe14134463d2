"""Names: what files inside others are called."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_DRIVE = re.compile(r"^[A-Za-z]:")
_LONGEST = 200
_LISTED = 5


class Names:
    """Gives names to the files inside another, no two the same and none that leads out of it."""

    def __init__(self, outer: str) -> None:
        self._outer = outer
        self._taken: dict[str, int] = {}

    def inside(self, path: str) -> str:
        """The name of the file at a path: the other's, then the path; "letter (2).pdf" is the second of its path."""
        path = contained(path)
        count = self._taken[path] = self._taken.get(path, 0) + 1
        if count > 1:
            pure = PurePosixPath(path)
            return self.inside(str(pure.with_name(f"{pure.stem} ({count}){pure.suffix}")))
        return f"{self._outer}/{path}"


def contained(path: str) -> str:
    """A path without what would lead out of the folder it is in, and without signs that don't show."""
    parts = _CONTROL.sub("", _DRIVE.sub("", path.replace("\\", "/"), count=1)).split("/")
    kept = [_shortened(part) for part in parts if part.strip(" .")]
    return "/".join(kept) or "file"


def _shortened(part: str) -> str:
    suffix = PurePosixPath(part).suffix[:20]
    return part if len(part) <= _LONGEST else part[: _LONGEST - len(suffix)] + suffix


def listed(names: list[str]) -> str:
    """A few names, and how many more there are."""
    more = len(names) - _LISTED
    return ", ".join(map(contained, names[:_LISTED])) + (f" and {more} more" if more > 0 else "")
