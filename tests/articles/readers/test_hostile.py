"""Files of every format that are damaged or made to do harm: never an error, a text that can't be used, or a wait."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import sys
import zipfile
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from samples.documents import odt, paragraph, word, zipped
from samples.pdfs import drawn, pdf

from pipeline.articles.article import Article
from pipeline.articles.readers.formats import SUFFIXES
from pipeline.articles.readers.reading import read_sources, take
from pipeline.articles.source import KINDS, Failure, Source
from pipeline.settings import load_settings

SETTINGS = load_settings().articles.replace(max_megabytes=1, max_collection_megabytes=2, max_files=20)
FEW = settings(max_examples=60, deadline=timedelta(seconds=10))
TEXT = "Visits are late. Plans are too general to be of use, and leaders know it."


def checked(data: bytes, name: str) -> list[Source | Failure]:
    """What is read, which is sources and failures that can be used, or nothing of it is."""
    items = list(take(io.BytesIO(data), name, SETTINGS))
    assert items
    for item in items:
        if isinstance(item, Failure):
            assert "\n" not in item.message
            item.message.encode()
            continue
        assert isinstance(item, Source)
        assert item.text.strip()
        msgspec.msgpack.encode((item.name, item.text, item.notes, dict(item.extra)))
        for at, kind in item.hints.items():
            assert kind in KINDS
            assert item.text[at].strip()
            assert item.text[:at].rpartition("\n")[2].strip() == ""
    return items


def mail() -> bytes:
    message = EmailMessage()
    message["Subject"] = "Letter"
    message.set_content(TEXT)
    message.add_alternative(f"<html><body><h1>Letter</h1><p>{TEXT}</p></body></html>", subtype="html")
    message.add_attachment(TEXT, filename="a.txt")
    return message.as_bytes()


def excel() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((["id", "text"], [1, TEXT], [2, TEXT])):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"id": [1, 2], "text": [TEXT, TEXT]}), out)
    return out.getvalue()


RICH = (
    rb"{\rtf1\ansi{\fonttbl{\f0 Times;}}{\stylesheet{\s1 heading 1;}}\pard\s1 Findings\par\pard\plain "
    + TEXT.encode()
    + rb"{\footnote Note.}\'e9\u8217?{\pntext\'b7}{\shp{\*\shpinst{\shptxt Box.\par}}}\par}"
)
VALID = {
    ".csv": f'id,text\n1,"{TEXT}"\n2,{TEXT.replace(",", "")}\n'.encode(),
    ".docx": word(paragraph("Findings", '<w:pStyle w:val="H"/>') + paragraph(TEXT)),
    ".eml": mail(),
    ".gz": gzip.compress(TEXT.encode()),
    ".html": f"<!doctype html><html><body><h1>Findings</h1><p>{TEXT}</p><ul><li>{TEXT}</ul></body></html>".encode(),
    ".jsonl": b"\n".join(json.dumps({"id": n, "text": TEXT}).encode() for n in range(3)),
    ".md": f"# Findings\n\n{TEXT}\n".encode(),
    ".odt": odt(f"<text:h>Findings</text:h><text:p>{TEXT}</text:p>"),
    ".parquet": parquet(),
    ".pdf": pdf([drawn("Findings", 70, 740) + drawn(TEXT, 70, 700)]),
    ".rtf": RICH,
    ".xlsx": excel(),
    ".zip": zipped({"a.txt": TEXT, "b.csv": f"text\n{TEXT}\n"}),
}
PACKED = {".docx": "word/document.xml", ".odt": "content.xml", ".xlsx": "xl/worksheets/sheet1.xml"}
SAME = {
    ".text": ".md",
    ".markdown": ".md",
    ".txt": ".md",
    ".htm": ".html",
    ".xhtml": ".html",
    ".tsv": ".csv",
    ".ndjson": ".jsonl",
}


def test_there_is_a_valid_file_of_every_format():
    assert {SAME.get(suffix, suffix) for suffix in SUFFIXES} == set(VALID)
    for suffix, data in VALID.items():
        assert all(isinstance(item, Source) for item in checked(data, f"a{suffix}")), suffix


def test_what_is_read_apart_is_what_is_read_here(tmp_path: Path):
    for suffix, data in VALID.items():
        path = tmp_path / f"a{suffix}"
        path.write_bytes(data)
        assert list(read_sources(path, path.name, settings=SETTINGS)) == checked(data, path.name), suffix


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
@pytest.mark.parametrize("suffix", [".docx", ".zip", ".md"])
def test_names_that_are_no_text(tmp_path: Path, suffix: str):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff" + suffix.encode())
    Path(path).write_bytes(VALID[suffix])
    items = list(read_sources(path, settings=SETTINGS))
    assert all(isinstance(item, Source) and f"bad\ufffd{suffix}" in item.name for item in items)


@pytest.mark.parametrize("suffix", VALID)
@FEW
@given(data=st.binary(max_size=300))
def test_bytes_by_chance(suffix: str, data: bytes):
    checked(data, f"a{suffix}")
    checked(VALID[suffix][:8] + data, f"a{suffix}")


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """Data cut off, or with a few bytes changed, put in, doubled or taken out."""
    damaged = bytearray(data)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(damaged) - 1, 0)))
        length = draw(st.integers(1, 8))
        match draw(st.integers(0, 4)):
            case 0:
                del damaged[at:]
            case 1:
                damaged[at : at + length] = draw(st.binary(max_size=8))
            case 2:
                del damaged[at : at + length]
            case 3:
                damaged[at:at] = damaged[at : at + 20 * length]
            case _ if damaged:
                damaged[at] ^= 1 << draw(st.integers(0, 7))
    return bytes(damaged)


@pytest.mark.parametrize("suffix", VALID)
@FEW
@given(chance=st.data())
def test_damaged_files(suffix: str, chance: st.DataObject):
    checked(chance.draw(damaged(VALID[suffix])), f"a{suffix}")


@pytest.mark.parametrize("suffix", PACKED)
@FEW
@given(chance=st.data())
def test_damage_inside_what_is_packed(suffix: str, chance: st.DataObject):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(VALID[suffix])) as archive, zipfile.ZipFile(out, "w") as copy:
        for part in archive.namelist():
            data = archive.read(part)
            copy.writestr(part, chance.draw(damaged(data)) if part == PACKED[suffix] else data)
    checked(out.getvalue(), f"a{suffix}")


WORDS = (
    *("{", "}", r"{\*", r"\*", r"\par", r"\pard", r"\plain", r"\s1", r"\b", r"\b0", r"\v", r"\v0", r"\line", r"\\"),
    *(r"\u8217?", r"\u-10179", r"\uc0", r"\uc9", r"\'e9", r"\'8", r"\bin3", r"\~", "text", ";", "é"),
    *(r"\footnote", r"\shpinst", r"\shptxt", r"\do", r"\dptxbxtext", r"\header", r"\pntext", r"\cell", r"\intbl"),
    *(r"\stylesheet", r"\fonttbl", r"\f1", r"\fcharset128"),
)


@FEW
@given(st.lists(st.sampled_from(WORDS), max_size=40))
def test_rich_text_in_any_order(words: list[str]):
    checked(("{\\rtf1 " + " ".join(words)).encode(), "a.rtf")


LINES = (
    "Content-Type: text/plain; charset=utf-8; format=flowed",
    "Content-Type: multipart/mixed; boundary=b",
    "Content-Type: multipart/alternative; boundary=b",
    "Content-Type: message/rfc822",
    "Content-Type: text/html; charset=\"",
    "Content-Transfer-Encoding: base64",
    "Content-Transfer-Encoding: quoted-printable",
    "Content-Disposition: attachment; filename*0*=utf-8''a%zz; filename*1=.txt",
    "Subject: =?utf-8?b?w6k?= =?x",
    "--b",
    "--b--",
    "",
    "VGV4dA==",
    "Text =E9=\u00e9 ",
    "> quoted ",
)  # fmt: skip


@FEW
@given(st.lists(st.sampled_from(LINES), max_size=25))
def test_mail_in_any_order(lines: list[str]):
    checked("\n".join(["Message-ID: <1>", *lines]).encode(), "a.eml")


# Without what looks like UTF-8 that was decoded wrongly, and is mended.
LETTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="âÂÃï")
CELLS = st.text(LETTERS | st.sampled_from('",;\t\n'), max_size=20)


@FEW
@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6), st.sampled_from(",;\t"))
def test_csv_is_read_as_it_was_written(cells: list[tuple[str, str]], delimiter: str):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([("id", "text"), ("first", "First."), *cells])
    items = checked(out.getvalue().encode(), "a.csv")
    found = {item.name: (item.extra["id"] or "", item.text) for item in items if isinstance(item, Source)}
    assert found["a.csv#2"] == ("first", "First.")
    for number, row in enumerate(cells, start=3):
        assert found.get(f"a.csv#{number}", row) == row


@pytest.mark.parametrize("suffix", VALID)
def test_what_is_read_can_be_cut_into_sentences(suffix: str):
    for item in checked(VALID[suffix], f"a{suffix}"):
        assert isinstance(item, Source)
        assert any("Visits are late." in sentence.text for sentence in Article.of(item).sentences)
