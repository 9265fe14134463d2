from pathlib import Path

import pytest

from pipeline.articles import SUFFIXES, expand
from pipeline.errors import ArticleError


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in ("b.txt", "a.MD", "c.png", ".hidden.txt", "in/d.text", "in/.git/e.txt", "in/f.pdf", "none/g.bin"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Good.")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_folder_is_searched_through_for_readable_files_that_are_not_hidden(folder):
    assert expand(["."]) == ["a.MD", "b.txt", "in/d.text", "in/f.pdf"]
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
    assert expand(["no.txt", "c.png"]) == ["no.txt", "c.png"]


def test_a_file_whose_name_looks_like_a_glob_is_that_file(folder):
    (folder / "a[1].txt").write_text("Good.")
    assert expand(["a[1].txt"]) == ["a[1].txt"]


@pytest.mark.parametrize("path", ["none", "none/*", "x*.txt"])
def test_a_folder_or_glob_with_nothing_readable_is_refused(folder, path):
    with pytest.raises(ArticleError, match="can be read"):
        expand([path])


def test_labels_beside_a_document_are_no_articles(folder):
    (folder / "in" / "d.jsonl").write_text("{}")
    (folder / "in" / "e.jsonl").write_text("{}")
    assert expand(["in"]) == ["in/d.text", "in/e.jsonl", "in/f.pdf"]
    assert expand(["in/d.jsonl"]) == ["in/d.jsonl"]


def test_a_link_that_leads_nowhere_is_kept_to_be_reported(folder):
    try:
        (folder / "in" / "g.txt").symlink_to("gone.txt")
        (folder / "in" / "h.txt").symlink_to("h.txt")
    except OSError:
        pytest.skip("no links on this system")
    assert expand(["in"])[-2:] == ["in/g.txt", "in/h.txt"]


def test_an_empty_path_is_not_this_folder(folder, monkeypatch):
    monkeypatch.chdir(folder)
    with pytest.raises(ArticleError, match="empty path"):
        expand([""])
    assert expand(["."])
