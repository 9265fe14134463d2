import io
import sys
from pathlib import Path

import pytest

from pipeline.articles.source import SUFFIXES, Source, article_name, decode, expand, read_source
from pipeline.errors import ArticleError

TEXT = "Children in Marlow Sands are safe.\r\nCllr Ó Brien said: “Good.”\n"


# Decoding


def test_utf_8_is_kept_character_for_character():
    source = decode(TEXT.encode(), "a.txt")
    assert source == Source("a.txt", TEXT)


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")],
)
def test_a_byte_order_mark_tells_the_encoding_and_is_no_part_of_the_text(mark, encoding):
    source = decode(mark + TEXT.encode(encoding), "a.txt")
    assert source.text == TEXT
    assert source.notes == ()


def test_bytes_that_are_not_utf_8_are_read_as_windows_1252_with_a_note():
    source = decode("It’s “good” – they said".encode("cp1252"), "a.txt")
    assert source.text == "It’s “good” – they said"
    assert source.notes == ("a.txt: byte 2 is not UTF-8; read as Windows-1252",)


def test_what_the_byte_order_mark_promised_and_the_bytes_belie_is_noted():
    source = decode(b"\xef\xbb\xbfGood \xff care", "a.txt")
    assert source.text == "Good � care"
    assert "not UTF-8" in source.notes[0]


@pytest.mark.parametrize("data", [b"", b" \r\n\t", "\u200b \u2060\n".encode(), b"\xef\xbb\xbf"])
def test_a_file_without_text_is_refused(data):
    with pytest.raises(ArticleError, match=r"^a\.txt: empty"):
        decode(data, "a.txt")


@pytest.mark.parametrize("data", [b"PK\x03\x04\0\0", b"\xff\xfea\0\0\0b\0", b"\x01\x02\x03\x04 abc" * 10])
def test_what_is_not_text_is_refused(data):
    with pytest.raises(ArticleError, match="not a text file"):
        decode(data, "a.txt")


def test_symbols_of_pdf_fonts_and_soft_hyphens_are_text():
    text = "\uf06e\uf0b7 \xad" * 20
    assert decode(text.encode(), "a.txt").text == text


def test_the_digest_depends_on_the_text_alone():
    assert Source("a", TEXT).digest == Source("b", TEXT, ("a note",)).digest
    assert Source("a", TEXT).digest != Source("a", TEXT + " ").digest
    assert len(Source("a", TEXT).digest) == 12


def test_lone_surrogates_cannot_be_written_and_are_replaced():
    source = Source("caf\udce9.txt", "a\ud800b")
    assert (source.name, source.text) == ("caf�.txt", "a�b")


# Reading


def test_a_file_is_named_relative_to_the_working_folder(tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.md").write_bytes(TEXT.encode())
    monkeypatch.chdir(tmp_path)
    assert read_source(tmp_path / "in" / "a.md") == Source("in/a.md", TEXT)
    monkeypatch.chdir(tmp_path / "in")
    assert article_name(tmp_path / "b.txt") == (tmp_path / "b.txt").as_posix()


def test_standard_input_is_read(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert read_source("-") == Source("stdin", TEXT)


@pytest.mark.parametrize("name", ["no.txt", "no", "no.pdf"])
def test_a_missing_file_is_said_to_be_missing(tmp_path, name):
    with pytest.raises(ArticleError, match="no such file"):
        read_source(tmp_path / name)


def test_other_kinds_of_file_and_folders_are_refused(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    with pytest.raises(ArticleError, match=r"can be read .*\.txt"):
        read_source(tmp_path / "a.pdf")
    with pytest.raises(ArticleError, match="a folder"):
        read_source(tmp_path)


def test_an_unreadable_file_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("Good.")

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ArticleError, match=r"can't be read \(Permission denied\)"):
        read_source(path)


def test_a_file_of_just_the_limit_is_read_and_a_larger_one_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_bytes(b"a" * 1000)
    assert len(read_source(path, max_megabytes=0.001).text) == 1000
    path.write_bytes(b"a" * 1001)
    with pytest.raises(ArticleError, match=r"larger than 0\.001 MB"):
        read_source(path, max_megabytes=0.001)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a" * 1001)))
    with pytest.raises(ArticleError, match="stdin: larger"):
        read_source("-", max_megabytes=0.001)


# Paths


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("b.txt", "a.MD", "c.pdf", ".hidden.txt", "in/d.text", "in/.git/e.txt", "in/f.markdown", "none/g.csv"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Good.")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_folder_is_searched_through_for_readable_files_that_are_not_hidden(folder):
    assert expand(["."]) == ["a.MD", "b.txt", "in/d.text", "in/f.markdown"]
    assert {Path(name).suffix.lower() for name in expand([folder])} <= set(SUFFIXES)


def test_a_hidden_folder_that_is_named_is_searched(folder):
    assert expand(["in/.git"]) == ["in/.git/e.txt"]


def test_globs_are_expanded_without_hidden_and_unreadable_files(folder):
    assert expand(["*"]) == ["a.MD", "b.txt"]
    assert expand(["**/*.t*xt"]) == ["b.txt", "in/d.text"]
    assert expand([f"{folder}/*.txt"]) == [f"{folder}/b.txt"]


def test_each_file_comes_once_however_it_is_named(folder):
    assert expand(["b.txt", "-", "./b.txt", folder / "b.txt", "-", "*.txt"]) == ["b.txt", "-"]


def test_a_named_file_is_kept_so_that_reading_it_tells_what_is_wrong(folder):
    assert expand(["no.txt", "c.pdf"]) == ["no.txt", "c.pdf"]


def test_a_file_whose_name_looks_like_a_glob_is_that_file(folder):
    (folder / "a[1].txt").write_text("Good.")
    assert expand(["a[1].txt"]) == ["a[1].txt"]


@pytest.mark.parametrize("path", ["none", "none/*", "x*.txt"])
def test_a_folder_or_glob_with_nothing_readable_is_refused(folder, path):
    with pytest.raises(ArticleError, match="can be read"):
        expand([path])
