"""What the benchmarks share: places, the real reports, timing and plain tables."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from pipeline.articles import furniture, punkt

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
"""Real reports and gold sentences, which aren't in the repository: what needs them is skipped without them."""

MODELS = ROOT / ".demo" / "models"
REPORTS = SHARED / "reports" / "reports.jsonl.gz"
GOLD = SHARED / "gold"


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON Lines file."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def read_reports() -> dict[str, str]:
    """The real reports' texts by the SHA-256 of their UTF-8, in the file's order; empty when they aren't there."""
    if not REPORTS.is_file():
        return {}
    with gzip.open(REPORTS, "rt", encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for line in file]
    return {hashlib.sha256(text.encode()).hexdigest(): text for text in texts}


def forget() -> None:
    """Empty the caches that a repeat over the same texts would otherwise profit from."""
    re.purge()
    furniture.is_furniture.cache_clear()
    punkt.parameters.cache_clear()
    punkt.parameters()


def learnt_punkt() -> PunktSentenceTokenizer:
    """NLTK's tokenizer with the parameters that ours ships with."""
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    learnt, parameters = punkt.parameters(), PunktParameters()
    parameters.abbrev_types = set(learnt.abbreviations)
    parameters.collocations = set(learnt.collocations)
    parameters.sent_starters = set(learnt.starters)
    parameters.ortho_context = defaultdict(int, learnt.orthography)
    return PunktSentenceTokenizer(parameters)


def seconds(run: Callable[[], object]) -> float:
    """How long one run takes."""
    start = perf_counter()
    run()
    return perf_counter() - start


def best_in_turn(
    runs: Mapping[str, Callable[[], object]],
    *,
    repeats: int,
    budget: float = 60.0,
    before: Callable[[], object] = forget,
) -> dict[str, float]:
    """The least seconds of each run; they take turns, so that noise meets all alike.

    A run that has had `budget` seconds is not repeated.
    """
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            if sum(taken[name]) < budget:
                before()
                taken[name].append(seconds(run))
    return {name: min(times) for name, times in taken.items()}


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: columns aligned, the first to the left and numbers to the right."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    right = [all(_is_number(row[i]) for row in rows) for i in range(len(header))]
    print(title)
    for row in [header, ["-" * width for width in widths], *rows]:
        cells = [cell.rjust(w) if r else cell.ljust(w) for cell, w, r in zip(row, widths, right, strict=True)]
        print("  ".join(cells).rstrip())
    print(flush=True)


def _is_number(cell: str) -> bool:
    return not cell or bool(re.match(r"[\d,.]+(?: |$)", cell))


def verdict(met: bool) -> str:
    """How a target is reported."""
    return "met" if met else "MISSED"
