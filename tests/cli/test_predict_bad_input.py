"""`pipeline predict` on what can't be read, and broken off."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from samples.articles import many
from samples.tables import csv_rows, json_rows

FURNITURE = """By Jo Bell

14 March 2023

Image source: Getty Images

Share this article

© Ambrook News 2023

blog comments powered by Disqus
"""


def interrupted(process: subprocess.Popen[bytes], number: int = signal.SIGINT) -> int:
    """The exit code after Ctrl-C, or another signal; pressed again where Python was between two reads, which go on."""
    for _ in range(10):
        time.sleep(0.3)
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(5)
    process.kill()
    raise AssertionError("the process can't be interrupted")


# Bad input


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.txt", None, "no such file: check the path"),
        ("empty.txt", b"", "empty: there is no text in it to read"),
        ("blank.txt", b" \n\t\n", "empty: there is no text in it to read"),
        ("nul.txt", b"Visits\0are late.", "not a text file (NUL byte at offset 6)"),
        ("binary.txt", bytes(range(1, 32)) * 40, "not a text file"),
        ("random.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 50, "a picture, which has no text to read"),
        ("large.txt", b"word " * 4_100_000, "larger than 20 MB"),
        ("line.txt", b"a" * 50_000_000, "larger than 20 MB"),
        ("letter.pdf", b"%PDF-1.7", "a damaged PDF file: save it again"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_clear_line(
    predict, here: Path, name: str, content: bytes | None, message: str
):
    if content is not None:
        (here / name).write_bytes(content)
    done = predict(name, "-o", "out.csv")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"error: {name}: {message}")
    assert done.stderr.count("\n") == 1
    assert not (here / "out.csv").exists()


def test_a_folder_or_pattern_with_nothing_readable_is_said(predict, here: Path):
    (here / "empty").mkdir()
    (here / "empty" / "a.bin").write_bytes(b"\0")
    for path, message in (("empty", "no file in it that can be read"), ("*.md", "matches no file")):
        done = predict(path)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f"error: {path}: {message}")


def test_text_that_is_not_utf8_is_read_and_that_is_said(predict, here: Path):
    (here / "latin.txt").write_bytes("The café’s visits are late.".encode("cp1252"))
    done = predict("latin.txt")
    assert done.returncode == 0
    assert done.stderr == "note: latin.txt: byte 7 is not UTF-8; read as Windows-1252\n"
    assert csv_rows(done.stdout)[0]["text"] == "The café’s visits are late."
    assert predict("latin.txt", "--quiet").stderr == ""


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood(predict, here: Path, encoding: str):
    (here / "bom.txt").write_bytes("“Visits” are late.".encode(encoding))
    done = predict("bom.txt")
    assert (done.returncode, done.stderr) == (0, "")
    assert csv_rows(done.stdout)[0]["text"] == "“Visits” are late."


def test_only_furniture_is_a_table_of_none(predict, here: Path):
    (here / "furniture.txt").write_text(FURNITURE, encoding="utf-8")
    done = predict("furniture.txt")
    assert done.returncode == 0
    rows = csv_rows(done.stdout)
    assert len(rows) == 6
    assert {row["finding"] for row in rows} == {"none"}
    assert {row["block"] for row in rows} <= {"furniture", "caption"}


def test_one_bad_file_among_good_ones_is_reported_and_the_others_are_written(predict, here: Path):
    many(here, 10)
    (here / "in" / "a03.txt").write_bytes(b"\0")
    done = predict("in", "missing.txt", "-o", "out.jsonl")
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert lines[0].startswith("error: in/a03.txt: not a text file")
    assert lines[1].startswith("error: missing.txt: no such file")
    assert lines[2] == "2 could not be read; 9 articles are done"
    names = {row["article"] for row in json_rows((here / "out.jsonl").read_text(encoding="utf-8"))}
    assert names == {f"in/a{number:02}.txt" for number in range(10) if number != 3}


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes on Linux only")
def test_a_file_name_that_is_not_utf8_is_no_traceback(predict, here: Path):
    (here / "in").mkdir()
    Path(os.fsdecode(b"in/caf\xe9.txt")).write_bytes(b"Visits are late.")
    done = predict("in")
    assert done.returncode == 0
    assert len(csv_rows(done.stdout)) == 1


def test_a_folder_that_cannot_be_written_is_said(predict, here: Path):
    for suffix in ("csv", "jsonl", "xlsx", "parquet"):
        done = predict("letter.txt", "-o", f"no/such/out.{suffix}")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f"error: {Path('no/such')}/out.{suffix}: can't be written")
        assert done.stderr.count("\n") == 1


def test_a_damaged_model_is_said(run, own_store: Path, here: Path):
    version = (own_store / "current").read_text(encoding="utf-8").strip()
    (own_store / version / "arrays" / "mixing.npy").unlink()
    done = run("predict", "letter.txt", "--models", own_store, "-o", "out.csv")
    assert (done.returncode, done.stdout) == (1, "")
    assert "arrays/mixing.npy is missing: the model is damaged, train it again" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (here / "out.csv").exists()


# Broken off


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not sent this way on Windows")
@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
@pytest.mark.parametrize(("number", "expected"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_while_predicting_no_half_file_is_left(
    program: str, store: Path, here: Path, suffix: str, number: int, expected: int
):
    (here / f"old.{suffix}").write_bytes(b"old")
    (here / "temporary").mkdir()
    # Eight articles are scored and written; the ninth is standard input, which never ends.
    many(here, 8)
    with subprocess.Popen(
        [program, "predict", "in", "-", "--jobs", "1", "--models", str(store), "-o", f"old.{suffix}"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(here / "temporary")},
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(b"Visits are late. " * 20_000)  # more than a pipe holds: it goes on when it is read
        code = interrupted(process, number)
        said = process.stderr.read().decode()
    assert code == expected
    assert said == "interrupted: no half file or version is left\n"
    assert {path.name for path in here.iterdir()} == {"letter.txt", "in", "temporary", f"old.{suffix}"}
    assert (here / f"old.{suffix}").read_bytes() == b"old"
    assert list((here / "temporary").iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not sent this way on Windows")
def test_interrupted_with_workers_no_half_file_is_left(program: str, store: Path, here: Path):
    many(here, 100)
    with subprocess.Popen(
        [program, "predict", "in", "--jobs", "2", "--models", str(store), "-o", "out.csv"],
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        while not list(here.glob(".out.*")) and process.poll() is None:
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers too
        code = process.wait(60)
    assert code == 130
    assert {path.name for path in here.iterdir()} == {"letter.txt", "in"}
