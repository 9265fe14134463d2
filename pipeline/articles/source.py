"""Source text: bytes to the decoded text that every offset refers to."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from glob import glob, has_magic
from pathlib import Path

from pipeline.articles.text import BLANK
from pipeline.errors import ArticleError

SUFFIXES = (".txt", ".text", ".md", ".markdown")
STDIN = "-"
MAX_MEGABYTES = 20.0

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


_SAMPLE = 65536
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")


@dataclass(frozen=True, slots=True)
class Source:
    """A named text, decoded but otherwise untouched; `notes` say what had to be assumed to decode it.

    Lone surrogates, which no file can hold, are made � in text and name.
    """

    name: str
    text: str
    notes: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        for name, value in (("name", self.name), ("text", self.text)):
            if _SURROGATE.search(value):
                object.__setattr__(self, name, _SURROGATE.sub("�", value))

    @property
    def digest(self) -> str:
        """The first 12 hex digits of the SHA-256 of the text in UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]


def decode(data: bytes, name: str) -> Source:
    """Decode UTF-8, UTF-16 with a byte-order mark or, failing both, Windows-1252 (with a note).

    Raises `ArticleError` for data that is empty or not text.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _checked(name, *_decoded(data[len(bom) :], encoding, name))
    if b"\0" in data:
        at = data.index(b"\0")
        raise ArticleError(f"{name}: not a text file (NUL byte at offset {at}): save it as UTF-8 text first")
    try:
        return _checked(name, data.decode("utf-8"), ())
    except UnicodeDecodeError as error:
        note = f"{name}: byte {error.start} is not UTF-8; read as Windows-1252"
        return _checked(name, data.decode("cp1252", "replace"), (note,))


def _decoded(data: bytes, encoding: str, name: str) -> tuple[str, tuple[str, ...]]:
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError as error:
        note = (
            f"{name}: byte {error.start} after the byte-order mark is not {encoding.upper()}; what can't be read is �"
        )
        return data.decode(encoding, "replace"), (note,)


def _checked(name: str, text: str, notes: tuple[str, ...]) -> Source:
    if not text.strip(BLANK):
        raise ArticleError(f"{name}: empty: there is no text in it to read")
    sample = text[:_SAMPLE]
    if "\0" in text or len(_CONTROL.findall(sample)) > 0.1 * len(sample):
        raise ArticleError(f"{name}: not a text file (control characters in it): save it as UTF-8 text first")
    return Source(name, text, notes)


def read_source(path: str | Path, name: str | None = None, *, max_megabytes: float = MAX_MEGABYTES) -> Source:
    """Read one text or Markdown file, or standard input for `-`; its name is `article_name`'s unless one is given.

    Raises `ArticleError` when the file is missing, unreadable, too large, empty or not text.
    """
    limit = int(max_megabytes * 1_000_000)
    if str(path) == STDIN:
        return decode(_limited(sys.stdin.buffer.read(limit + 1), "stdin", max_megabytes), "stdin")
    path = Path(path)
    name = name or article_name(path)
    if path.is_dir():
        raise ArticleError(f"{name}: a folder, not an article: name a file in it")
    if path.suffix.lower() not in SUFFIXES and path.exists():
        raise ArticleError(f"{name}: not a kind of file that can be read (these can: {', '.join(SUFFIXES)})")
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise ArticleError(f"{name}: no such file: check the path") from None
    except OSError as error:
        raise ArticleError(f"{name}: can't be read ({error.strerror}): check its permissions") from None
    return decode(_limited(data, name, max_megabytes), name)


def _limited(data: bytes, name: str, max_megabytes: float) -> bytes:
    if len(data) > int(max_megabytes * 1_000_000):
        raise ArticleError(
            f"{name}: larger than {max_megabytes:g} MB: split it, or raise articles.max_megabytes in the configuration"
        )
    return data


def article_name(path: Path) -> str:
    """A path's name in tables: POSIX form, relative to the working folder where it lies below it."""
    try:
        return path.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except ValueError:
        return path.as_posix()


def expand(paths: Iterable[str | Path]) -> list[str]:
    """Files for paths, folders (searched through), globs and `-`, each once, folders' files in sorted order.

    A named file is kept even if it doesn't exist or can't be read: reading it reports why. Raises `ArticleError`
    when a folder or glob holds nothing readable.
    """
    found: dict[str, str] = {}
    for path in map(str, paths):
        for file in _files(path):
            found.setdefault(file if file == STDIN else str(Path(file).resolve()), file)
    return list(found.values())


def _files(path: str) -> list[str]:
    """The files that one path stands for."""
    kinds = f"that can be read (these can: {', '.join(SUFFIXES)})"
    if path == STDIN:
        return [path]
    if Path(path).is_dir():
        files = [file for file in Path(path).rglob("*") if _readable(file) and not _hidden(file.relative_to(path))]
        if not files:
            raise ArticleError(f"{path}: no file in it {kinds}")
    elif has_magic(path) and not Path(path).exists():
        # Unlike Path.glob, this takes absolute patterns, and passes over hidden files as shells do.
        files = [file for file in map(Path, glob(path, recursive=True)) if _readable(file)]  # noqa: PTH207
        if not files:
            raise ArticleError(f"{path}: matches no file {kinds}: check the pattern")
    else:
        files = [Path(path)]
    return [str(file) for file in sorted(files)]


def _readable(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and path.is_file()


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
