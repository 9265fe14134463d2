"""Characters: what the control words and code pages of rich text stand for."""

from __future__ import annotations

import codecs

SIGNS = {
    **{"tab": "\t", "line": "\n", "lbr": "\n", "softline": "\n", "emdash": "—", "endash": "–"},
    **{"bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”"},
    **{"emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005", "zwj": "\u200d", "zwnj": "\u200c"},
    **{"~": "\xa0", "_": "\u2011", "{": "{", "}": "}", "\\": "\\"},
}
"""Control words and signs for characters; an optional hyphen is none, and left out."""

_BY_CHARSET = {
    **{77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "big5", 161: "cp1253"},
    **{162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874"},
    **{238: "cp1250", 254: "cp437", 255: "cp850"},
}
SYMBOL = "symbol"
"""In place of an encoding: the font's glyphs have no meaning but what they look like."""


def by_charset(number: int, default: str) -> str:
    """The encoding of a font's character set; the document's where it says nothing."""
    return SYMBOL if number == 2 else _BY_CHARSET.get(number, default)


def by_page(number: int) -> str:
    """The encoding of a code page; Windows-1252 for one that is unknown."""
    name = {10000: "mac_roman", 65001: "utf-8"}.get(number, f"cp{number}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"


def text_of(data: bytes, encoding: str) -> str:
    """Bytes as text; those of symbol fonts as the private-use characters that Word makes of them."""
    if encoding == SYMBOL:
        return "".join(chr(0xF000 + byte) if byte >= 0x20 else "" for byte in data)
    return data.decode(encoding, "replace")
