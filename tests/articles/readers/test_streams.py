"""Standard input and pipes, kept on disk while they are needed."""

from __future__ import annotations

import io
import os
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from pipeline.articles.readers.streams import kept, name_of
from pipeline.settings import load_settings

SETTINGS = load_settings().articles
TABLE = b"id,text\n1,Late.\n"


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch):
    def given(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return given


def test_standard_input_is_kept_until_the_end(stdin):
    stdin(TABLE)
    with kept(["a.txt", "-"], SETTINGS) as copies:
        assert list(copies) == ["-"]
        copy = Path(copies["-"])
        assert copy.read_bytes() == TABLE
    assert not copy.parent.exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names")
def test_pipes_are_kept_and_files_are_not(tmp_path: Path):
    pipe, file = str(tmp_path / "pipe"), tmp_path / "a.csv"
    os.mkfifo(pipe)
    file.write_bytes(TABLE)
    writer = threading.Thread(target=lambda: Path(pipe).write_bytes(TABLE))
    writer.start()
    with kept([str(file), pipe], SETTINGS) as copies:
        assert {name: Path(copy).read_bytes() for name, copy in copies.items()} == {pipe: TABLE}
    writer.join()


def test_no_more_is_copied_than_may_be_read(stdin):
    settings = SETTINGS.replace(max_megabytes=0.001, max_collection_megabytes=0.002)
    for data, copied in ((b"Late. " * 1000, 1001), (TABLE * 1000, 2001), (b"\x89PNG\r\n" * 1000, 1001)):
        stdin(data)
        with kept(["-"], settings) as copies:
            assert Path(copies["-"]).stat().st_size == copied


def test_where_nothing_can_be_written_nothing_is_read_yet(stdin, monkeypatch: pytest.MonkeyPatch):
    def refused(**_: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(tempfile, "TemporaryDirectory", refused)
    stdin(TABLE)
    with kept(["-"], SETTINGS) as copies:
        assert copies == {}
    assert sys.stdin.buffer.read() == TABLE


def test_names():
    assert (name_of("-"), name_of("a.csv")) == ("stdin", "a.csv")
