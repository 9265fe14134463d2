"""Tables with an article a row: their rows, their columns, and what is wrong with them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from pipeline.articles.readers.reading import take
from pipeline.articles.source import Failure, Source
from pipeline.settings import load_settings

SETTINGS = load_settings().articles
ROWS = [
    {"id": 7, "text": "Visits are late.", "area": "Ambrook"},
    {"id": 8, "text": "Plans drift.", "area": None},
]


def csv_of(rows) -> bytes:
    lines = [",".join(rows[0])] + [",".join("" if cell is None else str(cell) for cell in row.values()) for row in rows]
    return "\n".join(lines).encode()


def jsonl_of(rows) -> bytes:
    return "\n".join(map(json.dumps, rows)).encode()


def parquet_of(rows) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


def sheets(**contents: list[list[object]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for title, rows in contents.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date | time):
                        sheet.write_datetime(number, column, cell, day)
                    elif cell is not None:
                        sheet.write(number, column, cell)
            if title.startswith("hidden"):
                sheet.hide()
    return out.getvalue()


def excel_of(rows) -> bytes:
    return sheets(Articles=[list(rows[0]), *[list(row.values()) for row in rows]])


MAKERS: dict[str, Callable[[list], bytes]] = {
    "a.csv": csv_of,
    "a.jsonl": jsonl_of,
    "a.parquet": parquet_of,
    "a.xlsx": excel_of,
}


def read(data: bytes, name: str = "a.csv", settings=SETTINGS) -> list[Source | Failure]:
    return list(take(io.BytesIO(data), name, settings))


def sources(data: bytes, name: str = "a.csv", settings=SETTINGS) -> list[Source]:
    items = read(data, name, settings)
    assert all(isinstance(item, Source) for item in items), items
    return items


def failure(data: bytes, name: str = "a.csv", settings=SETTINGS) -> str:
    [item] = read(data, name, settings)
    assert isinstance(item, Failure)
    assert "\n" not in item.message
    return item.message


# Every format


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


# CSV


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


# JSON Lines


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


# Excel


def test_cells_are_as_excel_shows_them():
    rows = [["id", "text", "when", "at", "share", "sure"], [7, "Late.", datetime(2031, 5, 6), time(9, 30), 0.5, True]]
    [article] = sources(sheets(One=rows), "a.xlsx")
    assert article.extra == {"id": 7, "when": "2031-05-06", "at": "09:30:00", "share": 0.5, "sure": True}


def test_rows_have_the_numbers_that_excel_shows():
    rows = [
        [],
        [None, "Articles of May"],
        [],
        [None, "id", "text"],
        [],
        [None, 1, "Late."],
        [None, None, None, "aside"],
    ]
    [article] = sources(sheets(One=rows), "a.xlsx")
    assert article.name == "a.xlsx#6"
    assert article.extra == {"id": 1, "column 3": None}  # of those that the sheet uses
    assert article.notes == ("a.xlsx: 2 rows without text left out",)


def test_the_first_sheet_with_the_column_is_read():
    data = sheets(
        Notes=[["About"]], empty=[], hidden=[["text"], ["Hidden."]], B=[["text"], ["B."]], C=[["text"], ["C."]]
    )
    [article] = sources(data, "a.xlsx")
    assert article.text == "B."
    assert article.notes == ("a.xlsx: the sheet 'B' is read, and no other; these have the column too: C",)
    assert "its columns: About, Area" in failure(sheets(Notes=[["About"]], More=[["Area"]]), "a.xlsx")


# Parquet


def test_types_that_no_table_of_text_has_are_carried_as_text():
    table = pa.table(
        {
            "text": pa.array([b"Late.", "caf\u00e9".encode()]),
            "day": pa.array([date(2031, 5, 6), None]),
            "moment": pa.array([datetime(2031, 5, 6, 9, 30)] * 2),
            "far": pa.array([2**62, 0], pa.timestamp("us")),
            "exact": pa.array([Decimal("1.50"), None]),
            "list": pa.array([[1, 2], []]),
            "struct": pa.array([{"a": 1}, None]),
        }
    )
    out = io.BytesIO()
    pq.write_table(table, out, row_group_size=1)
    first, second = sources(out.getvalue(), "a.parquet")
    assert (first.text, second.text) == ("Late.", "café")
    assert first.extra["far"]
    assert {key: cell for key, cell in first.extra.items() if key != "far"} == {
        "day": "2031-05-06", "moment": "2031-05-06T09:30:00", "exact": "1.50", "list": "[1, 2]", "struct": '{"a": 1}',
    }  # fmt: skip
    assert second.extra["day"] is None


@pytest.mark.parametrize("name", ["a.parquet", "a.xlsx"])
def test_damaged_tables_say_so(name: str):
    data = MAKERS[name](ROWS)
    assert f"{name}: a damaged" in failure(
        data[: len(data) // 2] if name == "a.parquet" else data[:-1] + b"\1\2\3", name
    )
