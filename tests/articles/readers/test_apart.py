"""Reading apart: as in this process, and what goes wrong there stays there."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from samples.pdfs import BOLD, drawn, pdf

from pipeline.articles import Failure, Source, read_source, read_sources
from pipeline.articles.readers import apart
from pipeline.articles.readers.reading import take
from pipeline.settings import load_settings

SETTINGS = load_settings().articles
LETTER = pdf(
    [drawn("Findings", 70, 740, 12, BOLD) + drawn("Visits are late.", 70, 700), drawn("Plans drift.", 70, 700)]
)


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.pdf"
    path.write_bytes(LETTER)
    return path


def test_what_is_read_apart_is_what_is_read_here(letter: Path):
    with letter.open("rb") as file:
        [here] = take(file, "letter.pdf", SETTINGS)
    [there] = read_sources(letter, "letter.pdf")
    assert there == here
    assert isinstance(there, Source)
    assert there.hints == {0: "heading"}
    assert there.paged


def test_one_process_reads_one_file_after_another(letter: Path):
    read_source(letter)
    [process] = apart._idle[os.getpid()]
    read_source(letter)
    assert apart._idle[os.getpid()] == [process]


def test_a_file_that_takes_too_long_is_a_failure_and_the_next_is_read(letter: Path, monkeypatch):
    monkeypatch.setattr(apart._Process, "ask", lambda *_: None)
    [item] = read_sources(letter, "a.pdf", settings=SETTINGS.replace(max_seconds=0.1))
    assert isinstance(item, Failure)
    assert item.message.startswith("a.pdf: took more than 0.1 seconds: split it, or raise articles.max_seconds")
    monkeypatch.undo()
    assert read_source(letter).text.endswith("Plans drift.")


def test_a_process_that_breaks_down_is_a_failure_and_the_next_file_is_read(letter: Path, monkeypatch):
    ask = apart._Process.ask

    def kill(process: apart._Process, request: apart._Request) -> None:
        process._process.kill()
        process._process.wait()
        ask(process, request)

    monkeypatch.setattr(apart._Process, "ask", kill)
    [item] = read_sources(letter, "a.pdf")
    assert isinstance(item, Failure)
    assert "broke down" in item.message
    monkeypatch.undo()
    assert read_source(letter).text.endswith("Plans drift.")


def test_a_process_that_has_ended_meanwhile_is_started_anew(letter: Path):
    read_source(letter)
    apart._idle[os.getpid()][0]._process.kill()
    apart._idle[os.getpid()][0]._process.wait()
    assert read_source(letter).text.endswith("Plans drift.")


def test_reading_can_be_broken_off_and_two_files_be_read_at_once(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for number in range(40):
            archive.writestr(f"{number:02}.pdf", LETTER)
    first, second = (read_sources(tmp_path / "all.zip", "all.zip") for _ in range(2))
    names = [next(reading).name for _ in range(3) for reading in (first, second)]
    assert names == [f"all.zip/{number:02}.pdf" for number in (0, 0, 1, 1, 2, 2)]
    first.close()
    assert len(list(second)) == 37


def test_modules_in_the_working_folder_are_not_run(letter: Path, tmp_path: Path, monkeypatch):
    for name in ("zipfile", "ctypes", "pypdfium2", "pipeline"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    while idle := apart._idle[os.getpid()]:
        idle.pop().end()
    assert read_source(letter).text.endswith("Plans drift.")


def test_a_file_that_needs_more_memory_than_may_be_used_is_a_failure(tmp_path: Path):
    import zlib

    packed = zlib.compress(b" " * 400_000_000, 1)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
    (tmp_path / "bomb.pdf").write_bytes(pdf([b""], contents=stream))
    [item] = read_sources(tmp_path / "bomb.pdf", "bomb.pdf", settings=SETTINGS.replace(max_memory_megabytes=500))
    assert isinstance(item, Failure)
    assert item.message.startswith("bomb.pdf: ")


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no forks on this system")
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_forks_of_a_process_that_has_read_start_their_own(letter: Path):
    text = read_source(letter).text
    [process] = apart._idle[os.getpid()]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert [source.text for source in pool.map(read_source, [letter] * 6)] == [text] * 6
    assert process.alive()
    assert read_source(letter).text == text


def test_threads_read_at_once(letter: Path):
    with ThreadPoolExecutor(4) as threads:
        assert len({source.text for source in threads.map(read_source, [letter] * 12)}) == 1


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers on this system")
def test_a_process_that_nobody_waits_for_ends_by_itself():
    slow = "import time; from pipeline.articles.readers.apart import _timed; list(_timed(map(time.sleep, [30]), 0.1))"
    ended = subprocess.run([sys.executable, "-c", slow], timeout=20, check=False)
    assert ended.returncode == -signal.SIGALRM
