"""Scoring files: in order, bad ones reported, sources saved inside their folder."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.model import Model
from pipeline.scoring import Options, score_files
from pipeline.settings import load_settings
from pipeline.store import Store

SENTENCES = ("Visits are late.", "Plans are good.", "Leaders should act sooner.")


def articles(folder: Path, count: int) -> list[str]:
    paths = []
    for number in range(count):
        path = folder / f"a{number:02}.txt"
        path.write_text(f"Report {number}\n\n{SENTENCES[number % 3]} It was seen by inspectors.\n", encoding="utf-8")
        paths.append(path.name)
    return paths


def reading(max_megabytes: float = 20, **options: object) -> Options:
    return Options(load_settings().articles.replace(max_megabytes=max_megabytes), **options)


def scored(files: list[str], store: Path, jobs: int = 1, **options: object):
    return list(score_files(files, Store(store).folder(), reading(**options), jobs=jobs))


def test_files_are_scored_in_order_a_few_at_a_time(store: Path, model: Model, here: Path):
    files = articles(here, 20)
    parts = scored(files, store)
    assert len(parts) > 1
    assert sum(part.files for part in parts) == 20
    table = pd.concat([part.table for part in parts], ignore_index=True)
    assert table["article"].drop_duplicates().tolist() == files
    alone = model.predict((here / "a07.txt").read_text(encoding="utf-8"), "a07.txt")
    of_one = table[table["article"] == "a07.txt"].reset_index(drop=True)
    pd.testing.assert_frame_equal(of_one, alone, atol=1e-6)


def test_several_workers_give_the_same(store: Path, here: Path):
    files = [*articles(here, 20), "missing.txt"]
    one, two = (scored(files, store, jobs=jobs) for jobs in (1, 2))
    assert [part.failures for part in one] == [part.failures for part in two]
    for first, second in zip(one, two, strict=True):
        pd.testing.assert_frame_equal(first.table, second.table)


def test_workers_broken_off_say_nothing(store: Path, here: Path):
    parts = score_files(articles(here, 60), Store(store).folder(), reading(), jobs=2)
    next(parts)
    parts.close()  # a warning would be an error here
    assert len(scored(articles(here, 60), store, jobs=2)) == 8  # and the workers work on


def test_parts_come_as_they_are_asked_for(store: Path, here: Path):
    files = articles(here, 20)
    parts = score_files(files, Store(store).folder(), reading())
    next(parts)
    for name in files[8:]:
        (here / name).unlink()
    assert all(len(part.failures) == part.files for part in parts)  # they had not been read ahead


def test_a_bad_file_is_a_failure_and_the_rest_goes_on(store: Path, here: Path):
    files = articles(here, 2)
    (here / "bad.txt").write_bytes(b"a\0b")
    (here / "latin.txt").write_bytes(b"The caf\xe9 closed.")
    [part] = scored([files[0], "bad.txt", "latin.txt", "missing.txt", files[1]], store)
    assert [message.split(":")[0] for message in part.failures] == ["bad.txt", "missing.txt"]
    assert part.table["article"].drop_duplicates().tolist() == [files[0], "latin.txt", files[1]]
    assert part.notes == ["latin.txt: byte 7 is not UTF-8; read as Windows-1252"]


def test_only_bad_files_give_an_empty_table(store: Path, here: Path):
    [part] = scored(["missing.txt"], store)
    assert part.table.empty
    assert "finding" in part.table


def test_a_file_over_the_limit_is_a_failure(store: Path, here: Path):
    (here / "large.txt").write_text("word " * 300_000, encoding="utf-8")
    [part] = scored(["large.txt"], store, max_megabytes=1)
    assert "larger than 1 MB" in part.failures[0]


def test_sources_are_saved_as_the_text_that_offsets_refer_to(store: Path, here: Path):
    (here / "in").mkdir()
    (here / "in" / "latin.md").write_bytes("“Café”\r\n\r\nVisits are late.\r\n".encode("cp1252"))
    [part] = scored(["in/latin.md"], store, save_source=here / "sources")
    saved = here / "sources" / "in" / "latin.md.txt"
    text = saved.read_bytes().decode("utf-8")
    for row in part.table.to_dict("records"):
        assert text[row["start"] : row["end"]].split() == row["text"].split()


@pytest.mark.parametrize("name", ["../up.txt", "../../far.txt", "in/../../around.txt", "ABSOLUTE"])
def test_sources_never_leave_their_folder(store: Path, here: Path, name: str):
    (here / "deep" / "work").mkdir(parents=True)
    path = here / "absolute.txt" if name == "ABSOLUTE" else here / "deep" / "work" / name
    path.resolve().parent.mkdir(exist_ok=True, parents=True)
    (here / "deep" / "work" / "in").mkdir()
    path.write_text("Visits are late.", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here / "deep" / "work")
        before = {p for p in here.parent.rglob("*") if p.is_file()}
        [part] = scored([str(path) if name == "ABSOLUTE" else name], store, save_source=Path("sources"))
        after = {p for p in here.parent.rglob("*") if p.is_file()}
    assert not part.failures
    new = after - before
    assert len(new) == 1
    assert new.pop().is_relative_to(here / "deep" / "work" / "sources")


def test_two_articles_do_not_share_a_saved_source(store: Path, here: Path, monkeypatch: pytest.MonkeyPatch):
    (here / "work").mkdir()
    (here / "one.txt").write_text("Visits are late.", encoding="utf-8")
    (here / "work" / "one.txt").write_text("Plans are good.", encoding="utf-8")
    monkeypatch.chdir(here / "work")
    scored(["one.txt", "../one.txt"], store, save_source=Path("s"))
    saved = [path.read_text(encoding="utf-8") for path in (here / "work" / "s").rglob("*.txt")]
    assert sorted(saved) == ["Plans are good.", "Visits are late."]


def test_an_article_is_not_overwritten_by_its_own_source(store: Path, here: Path):
    (here / "latin.txt").write_bytes(b"The caf\xe9 closed.")
    [part] = scored(["latin.txt"], store, save_source=here)
    assert "would be overwritten by its own text" in part.failures[0]
    assert (here / "latin.txt").read_bytes() == b"The caf\xe9 closed."


def test_a_folder_for_sources_that_cannot_be_written_is_a_failure(store: Path, here: Path):
    (here / "taken").write_text("a file", encoding="utf-8")
    [part] = scored(["letter.txt"], store, save_source=here / "taken")
    assert "name another folder with --save-source" in part.failures[0]
