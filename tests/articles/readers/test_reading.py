import io
import os
import sys
import threading
from pathlib import Path

import pytest

from pipeline.articles import Source, read_source
from pipeline.errors import ArticleError
from pipeline.settings import load_settings

TEXT = "Children in Marlow Sands are safe.\r\nCllr Ó Brien said: “Good.”\n"
SETTINGS = load_settings().articles


def test_a_file_is_named_relative_to_the_working_folder(tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.md").write_bytes(TEXT.encode())
    monkeypatch.chdir(tmp_path)
    assert read_source(tmp_path / "in" / "a.md") == Source("in/a.md", TEXT)


def test_standard_input_is_read(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert read_source("-") == Source("stdin", TEXT)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
@pytest.mark.parametrize("text", [TEXT, "<!doctype html><p>Children in Marlow Sands are safe."])
def test_a_pipe_is_read(tmp_path, text):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(text.encode(),))
    writer.start()
    assert "Children in Marlow Sands are safe." in read_source(path).text
    writer.join()


@pytest.mark.parametrize("name", ["no.txt", "no", "no.pdf"])
def test_a_missing_file_is_said_to_be_missing(tmp_path, name):
    with pytest.raises(ArticleError, match="no such file"):
        read_source(tmp_path / name)


def test_a_folder_is_no_article(tmp_path):
    with pytest.raises(ArticleError, match="a folder"):
        read_source(tmp_path)


def test_a_file_of_another_suffix_is_read_for_what_it_holds(tmp_path):
    (tmp_path / "a.log").write_text("Good.")
    assert read_source(tmp_path / "a.log").text == "Good."
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(ArticleError, match="a picture"):
        read_source(tmp_path / "b.png")


def test_a_suffix_that_lies_is_noted(tmp_path):
    (tmp_path / "a.pdf").write_text("Visits are late.")
    source = read_source(tmp_path / "a.pdf")
    assert source.text == "Visits are late."
    assert source.notes == (f"{source.name}: holds text, not PDF; read as that",)
    (tmp_path / "b.pdf").write_bytes(b"PDF\0\1\2")
    with pytest.raises(ArticleError, match="not a PDF file, or a damaged one"):
        read_source(tmp_path / "b.pdf")


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
    assert len(read_source(path, settings=SETTINGS.replace(max_megabytes=0.001)).text) == 1000
    path.write_bytes(b"a" * 1001)
    with pytest.raises(ArticleError, match=r"larger than 0\.001 MB"):
        read_source(path, settings=SETTINGS.replace(max_megabytes=0.001))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a" * 1001)))
    with pytest.raises(ArticleError, match="stdin: larger"):
        read_source("-", settings=SETTINGS.replace(max_megabytes=0.001))
