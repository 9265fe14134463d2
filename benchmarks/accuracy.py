"""The table of peers: each learns from our corpus, and all are measured on the same real sentences.

Every peer learns in a process of its own, and is loaded, measured and timed in fresh ones. A run of all peers is
written to benchmarks/peers.md; it takes about two hours on two cores, most of it fine-tuning.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from common import GOLD, REPORTS, ROOT, best_in_turn
from peers.measures import MEASURES, Trial, speed_table, trials
from peers.page import Result, page, show
from peers.peer import lacking
from peers.registry import OURS, peers
from peers.stages import kept

STARTS = 3


def stage(*words: str | Path) -> None:
    """Run a stage of a peer in a fresh process."""
    # Nothing is fetched: the encoders are files of installed packages.
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "benchmarks"),
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "TRANSFORMERS_NO_ADVISORY_WARNINGS": "1",
    }
    command = [sys.executable, "-W", "ignore", "-m", "peers.stages", *map(str, words)]
    done = subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace").strip().splitlines()[-1])


def measured(name: str, folder: Path, inputs: Path, given: dict[str, Trial], *, quick: bool) -> Result:
    """Train a peer unless the folder holds it already, then measure it."""
    if not (folder / "training.json").is_file():
        stage("train", name, folder, *(["quick"] if quick else []))
    stage("score", name, folder, inputs)
    cold = best_in_turn({"cold": lambda: stage("cold", name, folder)}, repeats=STARTS, before=lambda: None)["cold"]
    found = {data: kept(folder / f"{data}.npz") for data in given}
    costs: dict[str, Any] = json.loads((folder / "scoring.json").read_text())
    costs["training"] = json.loads((folder / "training.json").read_text())["seconds"]
    figures = [given[measure.data].measured(measure, found[measure.data]) for measure in MEASURES]
    return Result(figures, costs | {"cold": cold, "size": size(folder / "model")}, found)


def size(folder: Path) -> float:
    """What a folder takes on disk, in megabytes."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def main() -> None:
    """Measure the peers that are asked for."""
    known = peers()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=list(known), help=", ".join(known))
    parser.add_argument("--quick", action="store_true", help="a tenth of the corpus, to see that everything runs")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep trained peers, and use those kept")
    asked = parser.parse_args()
    if asked.quick and asked.keep:
        parser.error("--quick trains on too little to be kept: give --quick or --keep")
    if not (GOLD.is_dir() and REPORTS.is_file()):
        print("skipped: the gold sentences and real reports (../shared) aren't here")
        return
    given = trials()
    outcomes: dict[str, Result | str] = {}
    earlier: list[str] = []
    with TemporaryDirectory() as name:
        folder = asked.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        inputs = Path(name) / "tables.json"
        tables = {data: trial.table for data, trial in given.items()} | {"speed": speed_table()}
        inputs.write_text(json.dumps(tables), encoding="utf-8")
        for peer in asked.only or known:
            print(f"… {peer}", file=sys.stderr, flush=True)
            outcomes[peer] = lacking(known[peer])
            if not outcomes[peer]:
                place = folder / peer.replace(" ", "-").replace("+", "and")
                earlier += [peer] if (place / "training.json").is_file() else []
                try:
                    outcomes[peer] = measured(peer, place, inputs, given, quick=asked.quick)
                except RuntimeError as error:
                    outcomes[peer] = f"failed ({error})"
    ours = outcomes.get(OURS)
    if isinstance(ours, Result):
        for peer, outcome in outcomes.items():
            if peer != OURS and isinstance(outcome, Result):
                outcome.ahead = given["letters"].ahead(ours.found["letters"], outcome.found["letters"])
    show(outcomes)
    wanting = [outcome for outcome in outcomes.values() if isinstance(outcome, str) and not outcome.startswith("skip")]
    if any(outcome.startswith("failed") for outcome in wanting):
        sys.exit("a peer failed")
    if not (asked.only or asked.quick or wanting):
        (ROOT / "benchmarks" / "peers.md").write_text(page(outcomes, known, earlier), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
