"""Articles of a ledger: which of them a person means by a name, a path, a digest or a file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path, PurePath

from pipeline.errors import ReviewError
from pipeline.review.items import Item

_MOST_SHOWN = 10
_MOST_GUESSED = 3


@dataclass(frozen=True, order=True)
class Kept:
    """An article that a ledger holds sentences of: what it was called when it was given out, and its text's digest."""

    name: str
    digest: str

    def __str__(self) -> str:
        return f"{self.name} ({self.digest})"


def kept_articles(items: Iterable[Item]) -> list[Kept]:
    """The articles of items: a text under two names is two, and so are two texts under one name."""
    return sorted({Kept(item.article, item.id.partition(":")[0]) for item in items})


def meant_by(asked: str, digests: Collection[str], kept: Sequence[Kept]) -> list[Kept]:
    """The articles that `asked` names, with all others of the same text; `digests` are those of the file that it is.

    It may be a name, a digest, or another path to the file; where nothing has that name, also the end of one article's
    path. Raises `ReviewError` when it names none, and tells those that are near, or when its end is that of several.
    """
    found = [one for one in kept if asked in (one.name, one.digest) or one.digest in digests or _same(asked, one.name)]
    if not found:
        found = _by_ending(asked, kept)
    if not found:
        raise ReviewError(
            f"{asked}: nothing is kept of an article of this name, digest or text, and nothing was forgotten: "
            f"{_guess(asked, kept)}"
        )
    texts = {one.digest for one in found}
    return [one for one in kept if one.digest in texts]


def _same(asked: str, name: str) -> bool:
    """Whether two paths lead to one place."""
    try:
        return Path(asked).resolve() == Path(name).resolve()
    except (OSError, RuntimeError, ValueError):  # links that go round in a circle, names that can't be of files
        return False


def _by_ending(asked: str, kept: Sequence[Kept]) -> list[Kept]:
    """The articles of the one path that ends as `asked` does."""
    parts = PurePath(asked).parts
    # A file that is there is itself, and none of the same name elsewhere.
    if not parts or Path(asked).exists():
        return []
    found = [one for one in kept if PurePath(one.name).parts[-len(parts) :] == parts]
    if len({one.name for one in found}) > 1 and len({one.digest for one in found}) > 1:
        more = f" and {len(found) - _MOST_SHOWN:,} more" if len(found) > _MOST_SHOWN else ""
        shown = ", ".join(map(str, found[:_MOST_SHOWN]))
        raise ReviewError(f"{asked}: may be several articles, and nothing was forgotten: say which: {shown}{more}")
    return found


def _guess(asked: str, kept: Sequence[Kept]) -> str:
    """What may have been meant."""
    last = PurePath(asked).name.casefold()
    paths = {one.name: PurePath(one.name) for one in kept}
    near = [
        name
        for name, path in paths.items()
        if last in (path.name.casefold(), path.stem.casefold()) or (asked and name.startswith(asked))
    ]
    ends = {path.name.casefold(): name for name, path in paths.items()}
    near += [ends[end] for end in get_close_matches(last, ends)]
    shown = list(dict.fromkeys(near))[:_MOST_GUESSED]
    return f"did you mean {' or '.join(shown)}?" if shown else "name it as it was given out, or name its file or digest"
