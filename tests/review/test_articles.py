"""Which article of a ledger a person means."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from samples.reviews import FIRST, ITEMS, OTHER

from pipeline.errors import ReviewError
from pipeline.review.articles import Kept, kept_articles, meant_by

LETTER, NEWS = Kept("data/articles/letter.txt", "0a1b2c3d4e5f"), Kept("data/articles/news.txt", "ffeeddccbbaa")
AWAY = Kept("elsewhere/news.txt", "123456789abc")
KEPT = [LETTER, NEWS, AWAY]


def test_a_ledgers_articles_are_told_by_name_and_text():
    moved = replace(FIRST, id=f"{FIRST.id}0", article="moved.txt")
    assert kept_articles([*ITEMS, moved]) == [
        Kept("letter.txt", "0a1b2c3d4e5f"),
        Kept("moved.txt", "0a1b2c3d4e5f"),
        Kept(OTHER.article, "ffeeddccbbaa"),
    ]


@pytest.mark.parametrize(
    "asked",
    [
        *("data/articles/letter.txt", "0a1b2c3d4e5f", "letter.txt", "articles/letter.txt"),
        *("./data/articles/letter.txt", "data/../data/articles/letter.txt", "data//articles/letter.txt"),
    ],
)
def test_an_article_is_found_by_name_digest_and_path(here: Path, asked: str):
    (here / "letter.txt").unlink()
    assert meant_by(asked, (), KEPT) == [LETTER]
    assert meant_by(str(here / "data/articles/letter.txt"), (), KEPT) == [LETTER]


def test_an_article_is_found_by_the_text_of_a_file():
    assert meant_by("any/name.txt", {AWAY.digest, "000000000000"}, KEPT) == [AWAY]


def test_all_of_one_text_or_of_one_name_are_meant():
    copy, edited = Kept("copy.txt", LETTER.digest), Kept(LETTER.name, "999999999999")
    assert meant_by(LETTER.name, (), [*KEPT, copy]) == [LETTER, copy]
    assert meant_by("letter.txt", (), [*KEPT, edited]) == [LETTER, edited]


def test_the_end_of_several_paths_names_none():
    with pytest.raises(ReviewError) as error:
        meant_by("news.txt", (), KEPT)
    assert str(error.value) == (
        "news.txt: may be several articles, and nothing was forgotten: say which: "
        "data/articles/news.txt (ffeeddccbbaa), elsewhere/news.txt (123456789abc)"
    )
    assert meant_by("news.txt", (), [NEWS, replace(AWAY, digest=NEWS.digest)]) == [
        NEWS,
        replace(AWAY, digest=NEWS.digest),
    ]


def test_a_file_of_another_text_is_no_article_of_the_same_name_elsewhere(here: Path):
    # `letter.txt` is there, and is another.
    with pytest.raises(ReviewError, match=r"nothing was forgotten: did you mean data/articles/letter\.txt\?$"):
        meant_by("letter.txt", {"000000000000"}, KEPT)
    (here / "sub").mkdir()
    (here / "sub" / "letter.txt").write_text("x")
    with pytest.raises(ReviewError, match=r"did you mean letter\.txt"):
        meant_by("sub/letter.txt", (), [Kept("letter.txt", LETTER.digest)])


@pytest.mark.parametrize("asked", ["data/letter.txt", "LETTER.TXT", "leter.txt", "letter", "data/articles/leter.md"])
def test_what_is_near_is_told(asked: str):
    with pytest.raises(ReviewError, match=r"nothing is kept of .* did you mean data/articles/letter\.txt"):
        meant_by(asked, (), KEPT)


@pytest.mark.parametrize("asked", ["", ".", "/", "xyz", "a\0b", "*"])
def test_what_is_near_nothing_is_told_to_be_unknown(asked: str):
    with pytest.raises(ReviewError, match=r"nothing was forgotten: name it as it was given out"):
        meant_by(asked, (), KEPT)
    with pytest.raises(ReviewError):
        meant_by(asked, (), [])
