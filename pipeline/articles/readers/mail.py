"""E-mail (.eml): the message as an article, its subject on top, and the files attached to it."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from io import BytesIO
from itertools import pairwise
from typing import BinaryIO

from pipeline.articles.readers.formats import by_suffix
from pipeline.articles.readers.member import Item, Member, Note
from pipeline.articles.readers.names import Names, contained, listed
from pipeline.articles.readers.plain import bounded, decoded
from pipeline.articles.source import Failure, Kind, Source
from pipeline.articles.text import BLANK
from pipeline.errors import ArticleError
from pipeline.settings import ArticleSettings

_SHOWN = ("From", "Date", "To")
_LONGEST_HEADER = 2000
_DEEPEST = 50
# Codecs that are encodings of text; Python knows others, some of them slow.
_ENCODING = re.compile(r"(?:iso|windows|cp\d|latin|koi8|gb|big5|euc|shift|utf.?(?:7|16|32)|mac|tis)", re.IGNORECASE)
_SUFFIXES = {
    "application/pdf": ".pdf",
    "application/rtf": ".rtf",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/zip": ".zip",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/rtf": ".rtf",
}
"""Of attachments that have no name to tell."""
_NO_LOSS = ("application/pkcs7-signature", "application/pgp-signature", "text/calendar", "text/vcard", "text/x-vcard")
_QUOTED = re.compile(r">[> ]*")


@dataclass
class _Contents:
    """The parts of a message: those that are its text, and those attached to it."""

    texts: list[Message] = field(default_factory=list)
    attached: list[Message] = field(default_factory=list)


def read(file: BinaryIO, name: str, settings: ArticleSettings) -> Iterator[Item]:
    """The message, if there is text in it, and the files attached to it that can be read."""
    message, contents = _opened(file, name, settings)
    attached, left_out = _attached(contents.attached, name)
    if left_out:
        yield Note(f"{name}: attachments of kinds that can't be read are left out: {listed(left_out)}")
    bodies = [body for part in contents.texts for body in _body(part, name, settings)]
    if bodies:
        yield _article(message, bodies, name)
    elif not (attached or left_out):
        raise ArticleError(f"{name}: a message without text or files to read in it")
    yield from map(_unpacked, attached)


def survey(file: BinaryIO, name: str, settings: ArticleSettings) -> Iterator[Item]:
    """The files attached to the message that can be read, and nothing else of it."""
    _, contents = _opened(file, name, settings)
    yield from map(_unpacked, _attached(contents.attached, name)[0])


def _opened(file: BinaryIO, name: str, settings: ArticleSettings) -> tuple[Message, _Contents]:
    """The message, and what is in it."""
    limit = settings.max_collection_megabytes
    message = email.message_from_bytes(bounded(file, name, limit, setting="max_collection_megabytes"))
    contents = _Contents()
    _sort(message, contents)
    return message, contents


def _unpacked(attached: tuple[str, Message]) -> Member | Failure:
    """An attached file, by its name."""
    inner, part = attached
    data = _data(part)
    return Failure(f"{inner}: can't be unpacked: save it again") if data is None else Member(inner, BytesIO(data))


def _sort(part: Message, contents: _Contents, depth: int = 0) -> None:
    """Tell what is the message's text from what is attached to it."""
    kind = part.get_content_type()
    if depth > _DEEPEST:
        return
    if kind.startswith("multipart/"):
        payload = part.get_payload()
        inner = [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []
        sorted_ = [_Contents() for _ in inner]
        for one, place in zip(inner, sorted_, strict=True):
            _sort(one, place, depth + 1)
        for place in sorted_:
            contents.attached += place.attached
        texts = [place.texts for place in sorted_ if place.texts]
        if kind == "multipart/alternative":  # the same text in several forms: the plainest is best
            texts = sorted(texts, key=lambda parts: any(one.get_content_type() != "text/plain" for one in parts))[:1]
        contents.texts += [one for parts in texts for one in parts]
    elif kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment" and not _filename(part):
        contents.texts.append(part)
    elif kind != "message/delivery-status":
        contents.attached.append(part)


# The message's text


def _body(part: Message, name: str, settings: ArticleSettings) -> list[Source]:
    """What a part says; nothing where it is empty."""
    data = _data(part) or b""
    text, notes = _decoded(data, part.get_content_charset(), name)
    if len(data) > settings.max_megabytes * 1_000_000:
        raise ArticleError(f"{name}: its text is larger than {settings.max_megabytes:g} MB: split it")
    if part.get_content_type() == "text/html":
        return _page(text, name, notes, settings)
    text = text.replace("\r\n", "\n")
    if str(part.get_param("format", "")).lower() == "flowed":
        text = _unflowed(text, joined=str(part.get_param("delsp", "")).lower() == "yes")
    return [Source(name, text, notes)] if text.strip(BLANK) else []


def _page(text: str, name: str, notes: tuple[str, ...], settings: ArticleSettings) -> list[Source]:
    """What a part that is a web page says."""
    from pipeline.articles.readers import html

    if not text.strip(BLANK):
        return []
    # The mark tells it is UTF-8 now, whatever it says of itself.
    found = html.read(BytesIO(text.encode("utf-8-sig", "replace")), name, settings)
    try:
        return [replace(item, notes=(*notes, *item.notes)) for item in found if isinstance(item, Source)]
    except ArticleError:  # pictures only, mostly
        return []


def _article(message: Message, bodies: list[Source], name: str) -> Source:
    """The message as one text, headed by its subject."""
    subject = _header(message, "Subject")
    fields = [f"{field}: {value}" for field in _SHOWN if (value := _header(message, field))]
    lines: list[tuple[str, Kind]] = [(subject, "heading")] if subject else []
    lines += [(line, "furniture") for line in fields]
    text, hints = "", dict[int, Kind]()
    for line, kind in lines:
        hints[len(text)] = kind
        text += line + ("\n\n" if kind == "heading" or line is fields[-1] else "\n")
    notes: list[str] = []
    for body in bodies:
        hints |= {len(text) + at: kind for at, kind in body.hints.items()}
        text += body.text.rstrip(BLANK) + "\n\n"
        notes += body.notes
    return Source(name, text[:-1], tuple(dict.fromkeys(notes)), hints)


def _unflowed(text: str, *, joined: bool) -> str:
    """Text of format=flowed (RFC 3676), in which a space at a line's end says that its paragraph goes on."""
    lines = text.split("\n")
    quotes = [len(line) - len(line.lstrip(">")) for line in lines]
    lines = [line[depth:].removeprefix(" ") for line, depth in zip(lines, quotes, strict=True)]
    parts: list[str] = []
    begins = True
    for (line, depth), (_, next_depth) in pairwise([*zip(lines, quotes, strict=True), ("", -1)]):
        flows = line.endswith(" ") and line != "-- " and depth == next_depth
        parts.append(("> " if begins and depth else "") + (line[:-1] if flows and joined else line))
        parts += [] if flows else ["\n"]
        begins = not flows
    return "".join(parts)


def _decoded(data: bytes, charset: str | None, name: str) -> tuple[str, tuple[str, ...]]:
    """Text in the encoding that a part says it is in, or else in the one that its bytes look like."""
    if charset and _ENCODING.match(charset):
        latin = charset.replace("_", "-") in ("iso-8859-1", "iso8859-1", "latin1", "latin-1")
        try:  # those who say Latin-1 mostly write Windows-1252, which has more marks
            return data.decode("cp1252" if latin else charset), ()
        except (LookupError, ValueError):
            pass
    return decoded(data, name)


def _header(message: Message, name: str) -> str:
    """A header's text in one line, "" where there is none."""
    found = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    text, _ = decoded(found[:_LONGEST_HEADER].encode("utf-8", "surrogateescape").replace(b"\0", b""), name)
    return " ".join(_unencoded(text).split())


def _unencoded(text: str) -> str:
    """A header's text with encoded words (RFC 2047) read."""
    if "=?" not in text:
        return text
    try:
        parts = decode_header(text)
    except (HeaderParseError, ValueError):  # damaged base64
        return text
    return "".join(part if isinstance(part, str) else _decoded(part, charset, "")[0] for part, charset in parts)


# Attached files


def _attached(parts: list[Message], name: str) -> tuple[list[tuple[str, Message]], list[str]]:
    """The attachments that can be read, with their names, and the names of others that may have held text."""
    names = Names(name)
    readable, left_out = [], []
    for number, part in enumerate(parts, start=1):
        kind = part.get_content_type()
        filename = _filename(part)
        if kind == "message/rfc822":
            filename = filename or _header(_inner(part), "Subject") or f"message {number}"
            filename = filename.removesuffix(".eml") + ".eml"
        elif not by_suffix(filename) and kind in _SUFFIXES:
            filename = (filename or f"attachment {number}") + _SUFFIXES[kind]
        if by_suffix(filename):
            readable.append((names.inside(filename.replace("/", "-")), part))
        elif not kind.startswith(("image/", "audio/", "video/")) and kind not in _NO_LOSS:
            left_out.append(filename or kind)
    return readable, left_out


def _filename(part: Message) -> str:
    found = part.get_filename()
    return contained(_unencoded(found)) if found else ""


def _inner(part: Message) -> Message:
    """The message that one holds; itself where it holds none."""
    payload = part.get_payload()
    first = payload[0] if isinstance(payload, list) and payload else part
    return first if isinstance(first, Message) else part


def _data(part: Message) -> bytes | None:
    """A part's own bytes, None where they can't be had."""
    if part.is_multipart():
        try:
            return _inner(part).as_bytes()
        except (KeyError, ValueError, LookupError, TypeError, AttributeError):  # what it holds can't be written again
            return None
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else None
