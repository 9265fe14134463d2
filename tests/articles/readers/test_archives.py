"""Archives: which of their files are read, under which names, and what is wrong with them."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile

import pytest
from samples.documents import paragraph, word, zipped
from samples.readings import names

from pipeline.articles.readers.names import Names, contained
from pipeline.articles.readers.reading import take
from pipeline.articles.source import Failure, Source
from pipeline.settings import load_settings

SETTINGS = load_settings().articles


def read(data: bytes, name: str = "a.zip", settings=SETTINGS) -> list[Source | Failure]:
    return list(take(io.BytesIO(data), name, settings))


# Zip


def test_files_are_read_in_the_order_of_their_names():
    data = zipped({"b/2.txt": "Two.", "a.docx": word(paragraph("A.")), "b/1.txt": "One.", "t.csv": "text\nRow.\n"})
    items = read(data)
    assert names(items) == ["a.zip/a.docx", "a.zip/b/1.txt", "a.zip/b/2.txt", "a.zip/t.csv#2"]
    assert not any(item.notes for item in items if isinstance(item, Source))


def test_what_is_no_article_is_left_out_and_counted():
    parts = {"a.txt": "One.", "b.txt": "Two.", "c.xyz": "", "logo.png": "", "d/": ""}
    hidden = {".hidden.txt": "No.", "__MACOSX/._a.txt": "No.", "x/.git/a.txt": "No.", "x/__MACOSX/b.txt": "No."}
    first, second = read(zipped(parts | hidden))
    assert isinstance(first, Source)
    assert isinstance(second, Source)
    assert first.notes == ("a.zip: 2 files of kinds that can't be read left out: c.xyz, logo.png",)
    assert not second.notes


def test_a_note_that_no_article_can_tell_is_a_failure():
    assert names(read(zipped({"a.txt": "", "b.xyz": ""}))) == [
        "a.zip/a.txt: empty: there is no text in it to read",
        "a.zip: 1 file of kinds that can't be read left out: b.xyz",
    ]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("../../etc/a.txt", "etc/a.txt"),
        ("/etc/a.txt", "etc/a.txt"),
        ("C:\\folder\\a.txt", "folder/a.txt"),
        ("c:a.txt", "a.txt"),
        ("a/./../b//a.txt", "a/b/a.txt"),
        ("\x1b[2Ja\u202e.txt", "[2Ja.txt"),
        ("x" * 300 + ".txt", "x" * 196 + ".txt"),
        ("..", "file"),
        ("Re: a.txt", "Re: a.txt"),
    ],
)
def test_names_stay_inside(path: str, name: str):
    assert contained(path) == name


def test_names_are_used_once():
    taken = Names("a.zip")
    paths = ["a.txt", "../a.txt", "a (2).txt", "a.txt", "b"]
    assert [taken.inside(path) for path in paths] == [
        "a.zip/a.txt", "a.zip/a (2).txt", "a.zip/a (2) (2).txt", "a.zip/a (3).txt", "a.zip/b",
    ]  # fmt: skip


def test_two_files_of_one_name_are_both_read():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a.txt", "One.")
        archive.writestr("a.txt", "Two.")
    assert [item.text for item in read(out.getvalue())] == ["One.", "Two."]


def changed(data: bytes, offset: int, value: int) -> bytes:
    """An archive with a field of its one file changed, where it stands and in the list at the end."""
    changed = bytearray(data)
    for signature, at in ((b"PK\x03\x04", offset), (b"PK\x01\x02", offset + 2)):
        place = changed.index(signature) + at
        changed[place : place + 2] = struct.pack("<H", value)
    return bytes(changed)


def test_files_that_cannot_be_unpacked_are_failures():
    data = zipped({"a.txt": "One."})
    assert names(read(changed(data, 6, 1))) == ["a.zip/a.txt: has a password: unpack it first"]
    assert names(read(changed(data, 8, 9))) == ["a.zip/a.txt: packed in a way that can't be read: unpack it first"]
    damaged = bytearray(zipped({"a.txt": "One.", "b.txt": "Two."}))
    damaged[damaged.index(b"a.txt") + 6] ^= 0xFF
    assert names(read(bytes(damaged))) == ["a.zip/a.txt: damaged in its archive: get it again", "a.zip/b.txt"]


def test_archives_that_cannot_be_read_say_why():
    assert "no file in it that can be read (it holds a.xyz)" in names(read(zipped({"a.xyz": ""})))[0]
    assert len(read(zipped({}))) == 1
    assert "damaged zip" in names(read(zipped({"a.txt": "One."})[:40]))[0]
    many = zipped({f"{n}.txt": "One." for n in range(5)})
    assert "more than 4 files" in names(read(many, settings=SETTINGS.replace(max_files=4)))[0]
    assert "PowerPoint" in names(read(zipped({"ppt/presentation.xml": ""})))[0]


def test_what_unpacks_to_too_much_is_refused():
    small = SETTINGS.replace(max_megabytes=1, max_collection_megabytes=3)
    large = "word " * 300_000
    items = read(zipped({"a.txt": large, "b.txt": "Two."}), settings=small)
    assert "a.zip/a.txt: larger than 1 MB" in names(items)[0]
    assert isinstance(items[1], Source)
    items = read(zipped({f"{n}.txt": large for n in range(9)}), settings=small)
    assert "a.zip: unpacks to more than 3 MB" in names(items)[-1]
    assert len(items) < 9
    items = read(zipped({"a.csv": "text\n" + "word\n" * 1_000_000}), settings=small)
    assert "a.zip: unpacks to more than 3 MB" in names(items)[-1]


def test_sizes_that_lie_are_found_out():
    data = zipped({"a.txt": "word " * 300_000})
    lying = changed(changed(data, 22, 10), 24, 0)
    assert all(isinstance(item, Failure) for item in read(lying, settings=SETTINGS.replace(max_megabytes=1)))


def test_archives_inside_archives_have_an_end():
    data = zipped({"a.txt": "Deep."})
    for _ in range(2):
        data = zipped({"in.zip": data, "b.txt": "Here."})
    assert names(read(data)) == ["a.zip/b.txt", "a.zip/in.zip/b.txt", "a.zip/in.zip/in.zip/a.txt"]
    items = read(zipped({"in.zip": data}))
    assert names(items)[:2] == ["a.zip/in.zip/b.txt", "a.zip/in.zip/in.zip/b.txt"]
    assert "more than 2 files inside one another" in names(items)[2]


# Gzip


def test_a_compressed_file_is_read_under_its_own_name():
    [item] = read(gzip.compress(b"One."), "folder/a.txt.GZ")
    assert item == Source("folder/a.txt", "One.")
    assert names(read(gzip.compress(b"text\nOne.\n"), "a.csv.gz")) == ["a.csv#2"]
    [item] = read(gzip.compress(b"One."), "a.pdf")
    assert isinstance(item, Source)
    assert "holds gzip, not PDF" in item.notes[0]


def test_damaged_compressed_files_say_so():
    data = gzip.compress(b"One. " * 1000)
    for bad in (data[: len(data) // 2], data[:5], data[:-8] + bytes(8), data[:12] + b"\xff" * 20):
        assert "a.txt.gz: a damaged gzip file" in names(read(bad, "a.txt.gz"))[0]


def test_compressed_files_are_bounded():
    small = SETTINGS.replace(max_megabytes=1, max_collection_megabytes=2)
    assert "larger than 1 MB" in names(read(gzip.compress(bytes(1_500_000)), "a.txt.gz", small))[0]
    assert "unpacks to more than 2 MB" in names(read(gzip.compress(bytes(2_500_000)), "a.csv.gz", small))[0]


def test_tar_archives_are_refused():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("a.txt"))
    assert names(read(out.getvalue(), "a.tar.gz")) == [
        "a.tar: a tar archive, which can't be read: unpack it, or pack it as .zip"
    ]


def test_archives_in_archives_hold_no_more_than_one_may():
    inner = zipped({f"{number}.txt": "Text." for number in range(10)})
    data = zipped({f"{number}.zip": zipped({f"{n}.zip": inner for n in range(10)}) for number in range(10)})
    *found, last = read(data, settings=SETTINGS.replace(max_files=50))
    assert last == Failure(
        "a.zip: holds more than 50 files, counting those inside others: split it, or raise articles.max_files "
        "in the configuration"
    )
    assert 40 < len(found) < 50
    assert all(isinstance(item, Source) for item in found)


def test_archives_in_archives_unpack_to_no_more_than_one_may():
    inner = zipped({"a.txt": "Text. " * 10_000})
    data = zipped({f"{number}.zip": inner for number in range(100)})
    *found, last = read(data, settings=SETTINGS.replace(max_collection_megabytes=0.3))
    assert isinstance(last, Failure)
    assert last.message.startswith("a.zip: unpacks to more than 0.3 MB: split it, or raise articles.max_collection")
    assert len(found) == 4


def test_for_columns_tables_alone_are_read():
    data = zipped(
        {"a.txt": "Text.", "b.pdf": b"%PDF-1.7 broken", "c.csv": "id,text\n1,Late.\n2,Early.\n", "d.zip": b"PK"}
    )
    found = [item for item in take(io.BytesIO(data), "a.zip", SETTINGS, columns=True) if isinstance(item, Source)]
    assert [(item.name, item.text, item.extra) for item in found] == [("a.zip/c.csv", "", {"id": None})]
    assert not any("b.pdf" in name for name in names(take(io.BytesIO(data), "a.zip", SETTINGS, columns=True)))
