"""CSV and TSV, as programs and people write them."""

from __future__ import annotations

import io

import pytest
from samples.article_tables import SETTINGS, failure, read, sources

from pipeline.articles.readers.reading import take
from pipeline.articles.source import Failure, Source


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found_out(delimiter: str):
    data = delimiter.join(["id", "text", "when"]) + "\r\n"
    data += delimiter.join(["1", '"Late, late; \t| and ""late"".\r\n\r\nAgain."', "2031"]) + "\r\n"
    [article] = sources(data.encode())
    assert article.text == 'Late, late; \t| and "late".\r\n\r\nAgain.'
    assert article.extra == {"id": "1", "when": "2031"}
    assert read(data.encode(), "a.tsv")[0].name == "a.tsv#2"


def test_the_delimiter_that_excel_is_told_is_believed():
    first, second = sources(b"sep=;\ntext;id\nLate, late.;1\nDrift, drift.;2\n")
    assert (first.text, first.extra, first.name) == ("Late, late.", {"id": "1"}, "a.csv#3")
    assert second.name == "a.csv#4"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xef\xbb\xbftext,id\ncaf\xc3\xa9,1\n", "café"),
        (b"text,id\ncaf\xe9 \x93x\x94,1\n", "café “x”"),
        ("text\tid\ncafé\t1\n".encode("utf-16"), "café"),
        ("\ufefftext\tid\ncafé\t1\n".encode("utf-16-be"), "café"),
        (b"text,id\rlate,1\r", "late"),
        (b"Text ,id\nlate,1", "late"),
        (b"\n\nA title\n\ntext,id\nlate,1", "late"),
        (b"text\nlate, and late; always\n", "late, and late; always"),
        (b'text\n"late, and\nlate"\n', "late, and\nlate"),
    ],
)
def test_encodings_and_shapes(data: bytes, expected: str):
    [article] = sources(data)
    assert article.text == expected


def test_bytes_that_are_no_utf8_are_noted():
    first, second = sources(b"text,id\ncaf\xc3\xa9,1\ncaf\xe9,2\n")
    assert (first.text, second.text) == ("café", "café")
    assert second.notes == ("a.csv: not all UTF-8 (line 3, for one); such lines are read as Windows-1252",)


def test_ragged_rows_are_filled_or_refused():
    items = read(b"id,text,when\n1,One.\n2,Two.,2031,,\n3,Three, and more.,2032\n4,Four.,2033\n")
    assert [getattr(item, "name", "") for item in items] == ["a.csv#2", "a.csv#3", "", "a.csv#5"]
    assert items[0].extra == {"id": "1", "when": None}
    assert "row 4 has 4 cells, but the table has 3 columns" in items[2].message


def test_columns_of_the_same_name_or_none_are_told_apart():
    data = b"id,text,id,,id,,\n1,One.,2,3,4,,\n"
    [article] = sources(data)
    assert article.extra == {"id": "1", "id (2)": "2", "column 4": "3", "id (3)": "4"}


def test_a_quotation_mark_that_nothing_closes_is_told():
    items = read(b'id,text\n1,One.\n2,"Two.\n3,Three.\n')
    assert isinstance(items[-1], Source) or "row 3 has a quotation mark that nothing closes" in items[-1].message
    assert {type(item) for item in items} == {Source, Failure}
    long = b'id,text\n1,"' + b"word \n" * 20_000
    assert any("nothing closes" in item.message for item in read(long, settings=SETTINGS.replace(max_megabytes=0.01)))


def test_a_line_that_is_too_long_is_refused():
    data = b"id,text\n1," + b"word " * 400_000
    assert "a line in it is larger than 0.5 MB" in failure(data, settings=SETTINGS.replace(max_megabytes=0.1))


@pytest.mark.parametrize("data", [b"", b"\n", b"id;name\n", b"\0\1\2"])
def test_what_is_no_table_is_a_failure(data: bytes):
    assert failure(data)


def test_a_large_file_is_not_read_whole():
    class Counted(io.BytesIO):
        most = 0

        def read(self, size=-1, /):
            got = super().read(size)
            Counted.most = max(Counted.most, self.tell())
            return got

    file = Counted(b"id,text\n" + b"1,Visits are late.\n" * 200_000)
    items = take(file, "a.csv", SETTINGS)
    assert isinstance(next(items), Source)
    assert Counted.most < 1_000_000
