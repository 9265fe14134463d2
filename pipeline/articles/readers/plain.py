"""Plain text and Markdown: bytes of any encoding to text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from pipeline.articles.source import Source
from pipeline.articles.text import BLANK
from pipeline.errors import ArticleError
from pipeline.settings import ArticleSettings

_BOMS = (  # UTF-32's begin as UTF-16's do
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_SAMPLE = 65536
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
# UTF-8 that was read as another encoding: "donâ€™t", "Â£5", "cafÃ©".
_MOJIBAKE = re.compile("â[€‚„]|Â[£ ‘’“”«»©®°·\xa0]|Ã[\x80-\xbf¡-¿ƒ†‡ˆ‰Š‹Œ]|ï¿½|ï»¿")
_SINGLE_BYTE = ("cp1252", "mac_roman", "cp437", "cp1250", "iso8859_15")


def read(file: BinaryIO, name: str, settings: ArticleSettings) -> Iterator[Source]:
    """The text of a file."""
    yield decode(bounded(file, name, settings.max_megabytes), name)


def bounded(file: BinaryIO, name: str, max_megabytes: float, *, setting: str = "max_megabytes") -> bytes:
    """The bytes of a file. Raises `ArticleError` when they are more than may be."""
    limit = int(max_megabytes * 1_000_000)
    data = file.read(limit + 1)
    if len(data) > limit:
        raise ArticleError(
            f"{name}: larger than {max_megabytes:g} MB: split it, or raise articles.{setting} in the configuration"
        )
    return data


def decode(data: bytes, name: str) -> Source:
    """Decode text: by its byte-order mark, as UTF-8, or else as what its bytes look like (with a note).

    Text that was decoded wrongly before (mojibake) is mended, with a note. Raises `ArticleError` for data that is empty
    or not text.
    """
    text, notes = decoded(data, name)
    if not text.strip(BLANK):
        raise ArticleError(f"{name}: empty: there is no text in it to read")
    sample = text[:_SAMPLE]
    if "\0" in text or len(_CONTROL.findall(sample)) > 0.1 * len(sample):
        raise ArticleError(f"{name}: not a text file (control characters in it): save it as UTF-8 text first")
    return Source(name, text, notes)


def decoded(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Text of bytes, with notes on what had to be assumed."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _marked(data[len(bom) :], encoding, name)
    if b"\0" in data:
        return _wide(data, name)
    try:
        text, notes = data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        return _guessed(data, name, error.start)
    if _MOJIBAKE.search(text):
        return mended(text, name)
    return text, notes


def _marked(data: bytes, encoding: str, name: str) -> tuple[str, tuple[str, ...]]:
    try:
        return data.decode(encoding), ()
    except UnicodeDecodeError as error:
        note = (
            f"{name}: byte {error.start} after the byte-order mark is not {encoding.upper()}; what can't be read is �"
        )
        return data.decode(encoding, "replace"), (note,)


def _wide(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """UTF-16 or UTF-32 without a mark: English has a zero in every character, always in the same place."""
    shares = [data[place:_SAMPLE:4].count(0) / max(len(data[place:_SAMPLE:4]), 1) for place in range(4)]
    zeros = tuple(share > 0.7 for share in shares)
    encodings: dict[tuple[bool, ...], str] = {
        (False, True, False, True): "utf-16-le",
        (True, False, True, False): "utf-16-be",
        (False, True, True, True): "utf-32-le",
        (True, True, True, False): "utf-32-be",
    }
    if encoding := encodings.get(zeros):
        try:
            return data.decode(encoding), (f"{name}: no byte-order mark; read as {encoding.upper()}",)
        except UnicodeDecodeError:
            pass
    at = data.index(b"\0")
    raise ArticleError(f"{name}: not a text file (NUL byte at offset {at}): save it as UTF-8 text first")


def _guessed(data: bytes, name: str, at: int) -> tuple[str, tuple[str, ...]]:
    """Text that isn't UTF-8: UTF-8 but for a few bytes, or of a single-byte encoding."""
    whole = _MULTIBYTE.sub(b"", data)
    bad, good = len(_HIGH.findall(whole)), len(data) - len(whole)
    if good > 4 * bad:
        note = f"{name}: byte {at} is not UTF-8; such bytes are read as Windows-1252, the rest as UTF-8"
        return mended(_mixed(data), name, note)
    encoding = _single_byte(data)
    note = f"{name}: byte {at} is not UTF-8; read as {'Windows-1252' if encoding == 'cp1252' else encoding}"
    return data.decode(encoding, "replace"), (note,)


def _mixed(data: bytes) -> str:
    """UTF-8 with bytes of Windows-1252 in it."""
    parts: list[str] = []
    at = 0
    for match in _MULTIBYTE.finditer(data):
        parts += [data[at : match.start()].decode("cp1252", "replace"), match.group().decode("utf-8", "replace")]
        at = match.end()
    return "".join([*parts, data[at:].decode("cp1252", "replace")])


def _single_byte(data: bytes) -> str:
    """The likeliest single-byte encoding of English text: the one in which odd bytes are marks that English has."""
    high = b"".join(_HIGH.findall(data[:1_000_000]))
    return max(_SINGLE_BYTE, key=lambda encoding: sum(map(_is_usual, high.decode(encoding, "replace"))))


def _is_usual(character: str) -> bool:
    return character in "‘’“”–—…•£€é½¼°\xa0·«»©®™àèêçôöüïáíóñ"


def mended(text: str, name: str, *notes: str) -> tuple[str, tuple[str, ...]]:
    """Text whose mojibake is mended line by line, with a note where there was any."""
    import ftfy

    lines = text.split("\n")
    found = [number for number, line in enumerate(lines) if _MOJIBAKE.search(line)]
    for number in found:
        lines[number] = ftfy.fix_encoding(lines[number])
    whole = "\n".join(lines)
    if whole != text:
        notes = (*notes, f"{name}: characters that were decoded wrongly before are mended")
    return whole, notes
