"""Markup: character sets, and tags that are not as they should be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from samples.pages import page

from pipeline.articles.readers.html import source

DECLARED = (
    "<html><head><meta http-equiv='Content-Type' content='text/html; charset={}'></head><body><p>{}</p></body></html>"
)
QUOTED = "It is the council’s “plan” – at £5 a head"


@pytest.mark.parametrize(
    ("declared", "encoding", "text", "noted"),
    [
        ("utf-8", "utf-8", QUOTED, False),
        ("iso-8859-1", "utf-8", QUOTED, False),
        ("windows-1252", "cp1252", QUOTED, False),
        ("iso-8859-1", "cp1252", QUOTED, False),
        ("utf-8", "cp1252", QUOTED, True),
        ("nonsense", "cp1252", QUOTED, True),
        ("hex", "cp1252", QUOTED, True),
        ("koi8-r", "cp1252", QUOTED, True),
        ("macintosh", "mac_roman", QUOTED, False),
        ("utf-16", "utf-16", QUOTED, False),
        ("utf-16", "utf-16-be", QUOTED, True),
        ("iso-8859-15", "iso8859_15", "café", False),
        ("utf-8", "utf-8-sig", QUOTED, False),
    ],
)
def test_character_sets(declared: str, encoding: str, text: str, noted: bool) -> None:
    found = source(DECLARED.format(declared, text).encode(encoding), "page.html")
    assert found.text == f"{text}\n"
    assert bool(found.notes) == noted


def test_mojibake_is_mended() -> None:
    found = page("<p>the councilâ€™s plan</p><p>the trust’s own</p>")
    assert found.text == "the council’s plan\n\nthe trust’s own\n"
    assert found.notes == ("page.html: characters that were decoded wrongly before are mended",)


def test_xhtml() -> None:
    data = (
        '<?xml version="1.0" encoding="iso-8859-1"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd">'
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><script src="x.js"/><title/></head>'
        "<body><p>caf\xe9<br/><br/><![CDATA[one < two]]></p></body></html>"
    )
    assert source(data.encode("latin-1"), "page.xhtml").text == "café\n\none < two\n"


@pytest.mark.parametrize("tag", ["div", "b", "table", "ul", "span class=x", "blockquote", "font"])
def test_tags_nested_beyond_reason(tag: str) -> None:
    opened, closed = f"<{tag}>" * 100_000, f"</{tag.split(maxsplit=1)[0]}>" * 100_000
    found = page(f"<p>before</p>{opened}<p>deep</p>{closed}<p>after</p>")
    assert re.sub(r"\s+", " ", found.text) == "before deep after "
    assert found.notes == ("page.html: tags are nested too deeply; most are passed over, their text is read",)


def test_entities_are_not_expanded_nor_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    bomb = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 12))
    markup = (
        f'<?xml version="1.0"?><!DOCTYPE html SYSTEM "{secret.as_uri()}" [<!ENTITY b0 "boom">{bomb}'
        f'<!ENTITY x SYSTEM "{secret.as_uri()}">]><html><body><p>Text: &x;&b11;</p></body></html>'
    )
    assert source(markup.encode(), "page.html").text == "Text: &x;&b11;\n"


def test_nul_bytes_and_controls_are_passed_over() -> None:
    assert page("<p>in\0spec\x08tors\x1b said</p>" + "<p>more text</p>" * 50).text.startswith("inspectors said\n")
