"""What files hold, where their names don't say."""

from __future__ import annotations

from io import BytesIO

import pytest

from pipeline.articles.readers.formats import CSV, JSONL, PLAIN, recognise


@pytest.mark.parametrize(
    "head",
    [
        b"id,text\n1,Late.\n",
        b"\xef\xbb\xbfText;Area\r\nLate.;Ambrook\r\n",
        b'"url"\t"text"\n"a"\t"Late."\n',
        b"sep=|\nid|text\n1|Late.\n",
        b'text,area\n"Visits are late.\n\nPlans drift.",Ambrook\n',
    ],
)
def test_a_table_is_told_by_its_header(head: bytes):
    assert recognise(BytesIO(head), "stdin", "text") == (CSV, ())
    assert recognise(BytesIO(head), "a.txt", "text") == (PLAIN, ())
    assert recognise(BytesIO(head), "stdin", "body") == (PLAIN, ())


@pytest.mark.parametrize("head", [b'{"text": "Late."}\n', b'\n {"a \\" b" : 1}', b'{"id": "' + b"x" * 20_000])
def test_json_lines_are_told_by_their_first_object(head: bytes):
    assert recognise(BytesIO(head), "stdin", "text") == (JSONL, ())


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"text,area",
        b"text\nLate.\n",
        b"Text, pictures and more\n\nVisits are late, and plans drift.\n",
        b"Full text; no pictures\nVisits are late; plans drift.\n",
        b"Visits are late, the text says\nPlans, too, drift.\n",
        b"{Late} visits\n",
    ],
)
def test_prose_is_no_table(head: bytes):
    assert recognise(BytesIO(head), "stdin", "text") == (PLAIN, ())
