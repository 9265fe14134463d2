from pathlib import Path

import pytest

from pipeline.articles.source import Failure, Source, article_name

TEXT = "Children in Marlow Sands are safe.\r\nCllr Ó Brien said: “Good.”\n"


def test_the_digest_depends_on_the_text_alone():
    assert Source("a", TEXT).digest == Source("b", TEXT, ("a note",)).digest
    assert Source("a", TEXT).digest != Source("a", TEXT + " ").digest
    assert len(Source("a", TEXT).digest) == 12


def test_lone_surrogates_cannot_be_written_and_are_replaced():
    source = Source("caf\udce9.txt", "a\ud800b")
    assert (source.name, source.text) == ("caf�.txt", "a�b")


def test_a_file_is_named_relative_to_the_working_folder(tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path)
    assert article_name(tmp_path / "in" / "a.md") == "in/a.md"
    monkeypatch.chdir(tmp_path / "in")
    assert article_name(tmp_path / "b.txt") == (tmp_path / "b.txt").as_posix()


def test_a_link_goes_by_its_own_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    try:
        (tmp_path / "link.txt").symlink_to("nowhere.txt")
    except OSError:
        pytest.skip("no links on this system")
    assert article_name(tmp_path / "link.txt") == article_name(Path("link.txt")) == "link.txt"
    assert article_name(Path("in/../link.txt")) == "link.txt"


def test_a_failure_is_one_line_whatever_the_file_is_called():
    assert Failure("a\nerror: b.txt: empty").message == "a error: b.txt: empty"
