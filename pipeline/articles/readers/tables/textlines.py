"""Text lines: those of a text file that may be too large to be read at once."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from pipeline.errors import ArticleError

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_MARK = b"\xef\xbb\xbf"
_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_CHUNK = 1 << 18
_WINDOWS = "pipeline-windows-1252"
_TIMES_AN_ARTICLE = 5
"""How long a line may be: one article that is too long is no reason to break off."""


class TextLines:
    """The lines of a text file, with their ends: of UTF-8, or of UTF-16 with a byte-order mark.

    A line that isn't UTF-8 is read with Windows-1252 for what isn't, and `odd` is its number: that of the last such.
    A line of more than `longest` bytes isn't read.
    """

    def __init__(self, file: BinaryIO, name: str, max_megabytes: float) -> None:
        """Of an open file, in which an article may be of `max_megabytes`."""
        self.odd: int | None = None
        self._file, self._name = file, name
        self.longest = int(_TIMES_AN_ARTICLE * max_megabytes * 1_000_000)
        codecs.register_error(_WINDOWS, _as_windows)

    def __iter__(self) -> Iterator[str]:
        """Raises `ArticleError` for a line that is too long, or where the file isn't text."""
        for number, line in enumerate(_whole(self._bytes(), self._checked), start=1):
            if b"\0" in line:
                raise ArticleError(f"{self._name}: not a text file (NUL byte in line {number}): save it as UTF-8 first")
            try:
                yield line.decode("utf-8")
            except UnicodeDecodeError:
                self.odd = number
                yield line.decode("utf-8", _WINDOWS)

    @property
    def notes(self) -> list[str]:
        """What had to be assumed of the lines read so far."""
        if self.odd is None:
            return []
        return [f"{self._name}: not all UTF-8 (line {self.odd}, for one); such lines are read as Windows-1252"]

    def _bytes(self) -> Iterator[bytes]:
        """The file as UTF-8, in parts, without its byte-order mark."""
        self._file.seek(0)
        first = self._file.read(_CHUNK)
        if encoding := _WIDE.get(first[:2]):
            for text in codecs.iterdecode(self._chunks(first[2:]), encoding, "replace"):
                yield text.encode("utf-8", "replace")
        else:
            yield from self._chunks(first.removeprefix(_MARK))

    def _chunks(self, first: bytes) -> Iterator[bytes]:
        yield first
        while chunk := self._file.read(_CHUNK):
            yield chunk

    def _checked(self, unended: bytes) -> bytes:
        if len(unended) > self.longest:
            limit = f"{self.longest / 1_000_000:g} MB: split it, or raise articles.max_megabytes in the configuration"
            raise ArticleError(f"{self._name}: a line in it is larger than {limit}")
        return unended


def _whole(chunks: Iterable[bytes], checked: Callable[[bytes], bytes]) -> Iterator[bytes]:
    """Lines of parts that may end anywhere."""
    rest = b""
    for chunk in chunks:
        lines = _LINE.findall(rest + chunk)
        # A return at the end may have its newline in the next part.
        rest = checked(lines.pop()) if lines and not lines[-1].endswith(b"\n") else b""
        yield from lines
    if rest:
        yield rest


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end
