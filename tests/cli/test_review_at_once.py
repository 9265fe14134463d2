"""Many imports of answers at once, and imports that are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from samples.reviews import answer

from pipeline.review import Ledger


@pytest.fixture
def files(review, sheet: pd.DataFrame, here: Path) -> list[Path]:
    """Files of answers, each by a reviewer of its own."""
    return [
        answer(sheet.assign(finding="none", reviewer=f"reader{i}"), here / f"in{i}.csv", Staff="strength")
        for i in range(12)
    ]


def started(file: Path) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "pipeline", "review", "import", str(file)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=file.parent)


def counts(here: Path) -> dict[str, int]:
    with Ledger(here / "reviews") as ledger:
        ledger.check()
        who = [review.who for review in ledger.reviews()]
    return {name: who.count(name) for name in who}


def test_nothing_is_lost_of_many_imports_at_once(files: list[Path], sheet: pd.DataFrame, here: Path):
    def imported(file: Path) -> int:
        process = started(file)
        process.communicate(timeout=120)
        return process.returncode

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(imported, files)) == [0] * len(files)
    assert counts(here) == {f"reader{i}": len(sheet) for i in range(len(files))}


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_import_leaves_all_or_nothing(files: list[Path], sheet: pd.DataFrame, here: Path):
    start = time.monotonic()
    assert started(files[0]).wait(timeout=120) == 0
    usual = time.monotonic() - start
    random = Random(1)
    done = {"reader0"}
    for number, file in enumerate(files[1:6], 1):
        process = started(file)
        time.sleep(random.uniform(0.5, 1.1) * usual)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        if process.wait() == 0:
            done.add(f"reader{number}")
        process.communicate()
        found = counts(here)
        assert set(found.values()) == {len(sheet)}
        assert done <= set(found)
