"""Documents of rich text: control words, groups and characters to paragraphs.

Read after Microsoft's Rich Text Format Specification 1.9.1: what control words set holds to the end of their group, and
some groups, called destinations, hold something else than text. Every byte is looked at once, whatever the file holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipeline.articles.readers.draft import Draft
from pipeline.articles.readers.richtext.characters import SIGNS, by_charset, by_page, text_of
from pipeline.articles.readers.richtext.paragraphs import Paragraphs
from pipeline.articles.readers.styles import Style
from pipeline.errors import ArticleError

_TOKEN = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,9})? ?|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])"
    r"|(?P<brace>[{}])|(?P<text>[^\\{}\r\n\0]+)|[\r\n\0]+|\\",
    re.DOTALL,
)
# Destinations that are no text, or none of the body's; those that begin with \* need no naming.
_PASSED_OVER = frozenset(
    (
        *("fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "headerl", "headerr", "headerf"),
        *("footer", "footerl", "footerr", "footerf", "listtext", "pntext", "fldinst", "objdata", "shprslt"),
        *("nonesttables", "annotation", "atnid", "xe", "tc", "rxe", "bkmkstart", "bkmkend", "themedata"),
        *("datastore", "filetbl", "revtbl", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "ftncn", "aftncn"),
        *("template", "title", "subject", "author", "sp", "private", "comment"),
    )
)
_APART = {"footnote": (), "shptxt": ("shpinst",), "dptxbxtext": ("do",)}
"""Destinations that hold paragraphs, and which of those passed over they may stand in."""
_ENDS = frozenset(("par", "sect", "page", "column", "cell", "row", "nestcell", "nestrow"))
_SWITCHES = {"b": "bold", "v": "hidden", "deleted": "deleted"}
_PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
_DEEPEST = 2000


@dataclass(slots=True)
class _State:
    """What holds in a group. `destination` is the outermost that is passed over, or the one that is read apart."""

    paragraphs: Paragraphs
    destination: str = ""
    silent: bool = False
    bold: bool = False
    hidden: bool = False
    deleted: bool = False
    font: int | None = None
    skip: int = 1


class Document:
    """A document on its way to a draft."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._encoding = "cp1252"
        self._fonts: dict[int, str] = {}
        self._default_font = self._defined_font = 0
        self._styles: dict[str, Style] = {}
        self._style, self._style_key = Style(), "0"
        self._body, self._notes = Paragraphs(Draft()), Draft()
        self._state = _State(self._body)
        self._stack: list[_State] = []
        self._starred = False
        self._to_skip = 0
        self._bytes, self._units = bytearray(), bytearray()

    def draft(self, text: str) -> Draft:
        """All of its text, notes last."""
        at = 0
        while match := _TOKEN.match(text, at):
            at = match.end()
            if match["word"] == "bin":  # so many bytes that are no text, whatever they look like
                at += max(int(match["number"] or 0), 0)
            elif not self._took(match):
                break
        while self._stack:
            self._close()
        self._flush()
        self._body.end(self._styles)
        self._body.draft.extend(self._notes)
        return self._body.draft

    def _took(self, match: re.Match[str]) -> bool:
        """Take a token; False where it ends the document."""
        if match["text"]:
            skipped = min(self._to_skip, len(match["text"]))
            self._to_skip -= skipped
            self._write(match["text"][skipped:].encode("latin-1"))
        elif match["brace"] == "{":
            self._open()
        elif match["brace"]:
            self._close()
            return bool(self._stack)
        elif match["byte"]:
            if not self._skips():
                self._write(bytes([int(match["byte"], 16)]))
        elif match["word"]:
            self._word(match["word"], None if match["number"] is None else int(match["number"]))
        elif match["sign"]:
            self._sign(match["sign"])
        return True

    # Groups

    def _open(self) -> None:
        self._flush()
        self._to_skip = 0
        if len(self._stack) >= _DEEPEST:
            raise ArticleError(f"{self._name}: a damaged rich text file (its groups never end): save it again")
        self._stack.append(self._state)
        self._state = replace(self._state)
        if self._state.destination == "stylesheet":
            self._style, self._style_key = Style(), "0"

    def _close(self) -> None:
        """Go back to what held before a group; what was read apart in it goes to its place."""
        self._flush()
        self._to_skip, self._starred = 0, False
        ended, self._state = self._state, self._stack.pop() if self._stack else self._state
        if ended.paragraphs is not self._state.paragraphs:
            ended.paragraphs.end(self._styles)
            if ended.destination == "footnote":
                self._notes.extend(ended.paragraphs.draft)
            else:
                self._state.paragraphs.boxes.append(ended.paragraphs.draft)

    # Control words

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self._starred = True
        elif sign in "\r\n":
            self._word("par", None)
        elif not self._skips() and sign in SIGNS:
            self._add(SIGNS[sign])

    def _word(self, word: str, number: int | None) -> None:
        starred, self._starred = self._starred, False
        state = self._state
        if word == "u":
            self._flush(bytes_only=True)
            self._units += ((number or 0) & 0xFFFF).to_bytes(2, "little")
            self._to_skip = state.skip
        elif word in SIGNS:
            if not self._skips():
                self._add(SIGNS[word])
        elif word in _APART and (not state.silent or state.destination in _APART[word]):
            self._flush()
            self._state = replace(state, paragraphs=Paragraphs(Draft()), destination=word, silent=False)
        elif starred or word in _PASSED_OVER:
            self._pass_over(word)
        elif state.destination == "fonttbl":
            self._define_font(word, number)
        elif state.destination == "stylesheet":
            self._define_style(word, number)
        elif not state.silent:
            self._flush()
            self._set(word, number)

    def _pass_over(self, word: str) -> None:
        if not self._state.silent:
            self._flush()
            self._state.paragraphs.listed |= word in ("listtext", "pntext")
            self._state.silent, self._state.destination = True, word

    def _set(self, word: str, number: int | None) -> None:
        """Take a control word that says how text or paragraphs look, or ends one."""
        state, paragraphs = self._state, self._state.paragraphs
        if word in _ENDS:
            paragraphs.end(self._styles)
        elif word in _SWITCHES:
            setattr(state, _SWITCHES[word], number != 0)
        elif word == "plain":
            self._state = replace(state, bold=False, hidden=False, deleted=False, font=None)
        elif word == "pard":
            paragraphs.reset()
        elif word == "s":
            paragraphs.style = str(number or 0)
        elif word == "outlinelevel":
            paragraphs.outline = 9 if number is None else number
        elif word == "intbl":
            paragraphs.table = True
        elif word == "f":
            state.font = number
        elif word == "uc":
            state.skip = max(number or 0, 0)
        elif word == "deff":
            self._default_font = number or 0
        elif word == "ansicpg":
            self._encoding = by_page(number or 0)
        elif word in _PAGES:
            self._encoding = _PAGES[word]

    def _define_font(self, word: str, number: int | None) -> None:
        if word == "f":
            self._defined_font = number or 0
        elif word == "fcharset" and number:
            self._fonts[self._defined_font] = by_charset(number, self._encoding)
        elif word == "cpg" and number:
            self._fonts[self._defined_font] = by_page(number)

    def _define_style(self, word: str, number: int | None) -> None:
        if word in ("s", "cs", "ds", "ts"):  # of paragraphs; of characters, sections and tables
            self._style_key = str(number or 0) if word == "s" else ""
        elif word == "outlinelevel":
            self._style = replace(self._style, outline=number)
        elif word == "sbasedon":
            self._style = replace(self._style, parent=str(number or 0))
        elif word == "b":
            self._style = replace(self._style, bold=number != 0)

    # Text

    def _skips(self) -> bool:
        """Whether what comes stands for a character that was given by its number before."""
        skips = self._to_skip > 0
        self._to_skip -= skips
        return skips

    def _write(self, data: bytes) -> None:
        """Take text as bytes, which may be parts of characters."""
        if data and (not self._state.silent or self._state.destination == "stylesheet"):
            if self._units:
                self._flush()
            self._bytes += data

    def _flush(self, *, bytes_only: bool = False) -> None:
        """Make text of the bytes or numbers of characters that have come."""
        if self._bytes:
            font = self._default_font if self._state.font is None else self._state.font
            text = text_of(bytes(self._bytes), self._fonts.get(font, self._encoding))
            self._bytes.clear()
            self._add(text)
        if self._units and not bytes_only:
            text = self._units.decode("utf-16-le", "replace")
            self._units.clear()
            self._add(text)

    def _add(self, text: str) -> None:
        """Take text."""
        self._flush()
        state = self._state
        if state.destination == "stylesheet":
            self._name_style(text)
        elif not (state.silent or state.hidden or state.deleted):
            state.paragraphs.parts.append((text, state.bold))

    def _name_style(self, text: str) -> None:
        """Take (a part of) a style's name, which a semicolon ends."""
        name, end, _ = text.partition(";")
        self._style = replace(self._style, name=self._style.name + name)
        if end:
            if self._style_key:
                self._styles.setdefault(self._style_key, self._style)
            self._style, self._style_key = Style(), "0"
