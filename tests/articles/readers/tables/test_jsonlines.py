"""JSON Lines with an article a line."""

from __future__ import annotations

import pytest
from samples.article_tables import failure, read, sources

from pipeline.articles.readers.tables import jsonlines
from pipeline.articles.source import Failure, Source


def test_bad_lines_are_failures_and_the_rest_goes_on():
    deep = b'{"text": ' + b"[" * 100_000
    digits = b'{"text": ' + b"1" * 5000 + b"}"
    items = read(b'{"text": "One."}\n{"text": \n[1]\n\n' + deep + b"\n" + digits + b'\n{"text": "Two."}\n', "a.jsonl")
    assert [item.name for item in items if isinstance(item, Source)] == ["a.jsonl#1", "a.jsonl#7"]
    assert [item.message.split(" is ")[0].split(" holds ")[0] for item in items if isinstance(item, Failure)] == [
        f"a.jsonl: line {number}" for number in (2, 3, 5, 6)
    ]
    assert "has one article a line" in failure(b'{\n"text": 1\n,"a": 2\n}', "a.jsonl")


def test_values_with_parts_are_carried_as_json():
    line = (
        '{"text": "One.", "a": [1, "é"], "b": {"c": null}, "d": true, "e": 1e999, "f": NaN, "g": 123456789012345678901}'
    )
    [article] = sources(line.encode(), "a.jsonl")
    assert article.extra == {
        "a": '[1, "é"]', "b": '{"c": null}', "d": True, "e": "inf", "f": None, "g": "123456789012345678901",
    }  # fmt: skip


def test_halves_of_characters_are_replaced():
    data = b'{"text": "One."}\n{"a": 1, "text": "Two."}\n{"b": "\\ud800", "text": "Three.\\ud800"}\n'
    last = sources(data, "a.jsonl")[-1]
    assert (last.text, last.extra) == ("Three.?", {"b": "?"})


def test_json_lines_of_powershell_are_read():
    assert sources('{"text": "café"}\r\n'.encode("utf-16"), "a.jsonl")[0].text == "café"


def test_columns_without_end_are_not_held(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jsonlines, "_MOST_COLUMNS", 3)
    lines = [
        b'{"text": "One.", "a": 1}',
        b'{"text": "Two.", "b": 1}',
        b'{"text": "Three.", "c": 1}',
        b'{"text": "Four."}',
    ]
    first, second, third, fourth = read(b"\n".join(lines), "a.jsonl")
    assert isinstance(third, Failure)
    assert third.message.startswith("a.jsonl: line 3 makes more than 3 columns: ")
    assert all(isinstance(item, Source) for item in (first, second, fourth))
