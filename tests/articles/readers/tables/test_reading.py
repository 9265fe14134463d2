"""Tables of every format: their rows as articles, and what is wrong with them."""

from __future__ import annotations

import pytest
from samples.article_tables import MAKERS, ROWS, SETTINGS, failure, read, sources

from pipeline.articles.source import Failure, Source


@pytest.mark.parametrize(
    ("name", "numbers"), [("a.csv", (2, 3)), ("a.xlsx", (2, 3)), ("a.jsonl", (1, 2)), ("a.parquet", (1, 2))]
)
def test_a_row_is_an_article_named_after_what_is_seen_of_it(name: str, numbers: tuple[int, ...]):
    data = MAKERS[name](ROWS)
    first, second = sources(data, name)
    assert (first.name, second.name) == tuple(f"{name}#{number}" for number in numbers)
    assert (first.text, second.text) == ("Visits are late.", "Plans drift.")
    identity = "7" if name == "a.csv" else 7
    assert first.extra == {"id": identity, "area": "Ambrook"}
    assert second.extra["area"] is None
    assert not first.notes
    assert not first.hints


@pytest.mark.parametrize("name", MAKERS)
def test_a_missing_text_column_is_said_with_those_there_are(name: str):
    data = MAKERS[name]([{"id": 7, "body": "Visits are late."}])
    expected = f"{name}: no column 'text' (its columns: id, body): name the text's with --text-column"
    assert failure(data, name) == expected
    [article] = sources(data, name, SETTINGS.replace(text_column="body"))
    assert article.text == "Visits are late."
    [article] = sources(data, name, SETTINGS.replace(text_column=" Body"))
    assert article.text == "Visits are late."


@pytest.mark.parametrize("name", MAKERS)
def test_rows_without_text_are_counted(name: str):
    rows = [{"id": n, "text": text} for n, text in enumerate(["One.", "", "Two.", " \u200b", ""])]
    first, last = sources(MAKERS[name](rows), name)
    assert not first.notes
    assert last.notes == (f"{name}: 3 rows without text left out",)
    assert "no row has text in the column 'text'" in failure(MAKERS[name]([{"id": 1, "text": ""}]), name)


def test_rows_without_text_are_counted_where_no_other_can_be_read():
    items = read(b'{"text": ""}\n[]\n', "a.jsonl")
    assert [item.message.partition(":")[2][:20] for item in items] == [" line 2 is not a JSO", " 1 row without text "]


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet", "a.xlsx"])
def test_a_text_that_is_a_number_is_its_digits(name: str):
    [article] = sources(MAKERS[name]([{"id": 1, "text": 42}]), name)
    assert article.text == "42"


@pytest.mark.parametrize("name", MAKERS)
def test_markup_in_cells_is_text(name: str):
    [article] = sources(MAKERS[name]([{"id": 1, "text": "<p>Late.</p>"}]), name)
    assert article.text == "<p>Late.</p>"


@pytest.mark.parametrize("name", MAKERS)
def test_an_article_that_is_too_large_is_a_failure_in_its_place_and_the_rest_goes_on(name: str):
    small = SETTINGS.replace(max_megabytes=0.01)
    rows = [{"id": 1, "text": "word " * 1500}, {"id": 2, "text": "word " * 2500}, {"id": 3, "text": "Late."}]
    first, second, third = read(MAKERS[name](rows), name, small)
    assert isinstance(first, Source)
    assert isinstance(second, Failure)
    assert "max_megabytes" in second.message
    assert isinstance(third, Source)
    assert read(MAKERS[name](rows[:2]), name, small) == [first, second]


@pytest.mark.parametrize("name", MAKERS)
def test_a_table_that_is_too_large_is_refused(name: str):
    data = MAKERS[name]([{"id": 1, "text": "word " * 1000}])
    assert "max_collection_megabytes" in failure(data, name, SETTINGS.replace(max_collection_megabytes=0.001))


@pytest.mark.parametrize("name", MAKERS)
def test_mojibake_in_a_text_is_mended(name: str):
    [article] = sources(MAKERS[name]([{"id": 1, "text": "the child’s".encode().decode("cp1252")}]), name)
    assert article.text == "the child’s"
    assert article.notes


@pytest.mark.parametrize("name", ["a.parquet", "a.xlsx"])
def test_damaged_tables_say_so(name: str):
    data = MAKERS[name](ROWS)
    assert f"{name}: a damaged" in failure(
        data[: len(data) // 2] if name == "a.parquet" else data[:-1] + b"\1\2\3", name
    )
