"""`pipeline retrain`: what is new is learnt, and used if it is not worse."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from samples.settings import LENIENT

from pipeline.store import Store


@pytest.fixture
def more(here: Path) -> Path:
    path = here / "more.jsonl"
    path.write_text('{"text": "Staff are kind and skilled.", "finding": "strength"}\n', encoding="utf-8")
    return path


def test_a_first_version_then_nothing_new_then_more(retrain, here: Path, more: Path):
    done = retrain()
    [first] = Store(here / "models").versions()
    assert (done.returncode, done.stdout) == (0, f"promoted {first.name}: no version was in use\n")
    assert "… training a challenger" in done.stderr
    done = retrain()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"unchanged: nothing is new since {first.name}, the version in use, was trained\n"
    done = retrain("--add", more, "--json", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert (told["outcome"], told["champion"], told["changed"]) == ("promoted", first.name, ["corpus"])
    assert told["comparisons"][0]["findings_macro_f1"]["lower_bound"] <= 1
    assert told["version"] == Store(here / "models").current()


def test_what_train_wrote_is_known(retrain, run, here: Path, corpus: Path, config: Path, more: Path):
    arguments = ["--corpus", corpus, "--config", config, "--models", "models"]
    assert run("train", *arguments).returncode == 0
    name = Store(here / "models").current()
    done = retrain()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"unchanged: nothing is new since {name}, the version in use, was trained\n"
    told = json.loads(retrain("--add", more, "--json").stdout)
    assert (told["outcome"], told["changed"]) == ("promoted", ["corpus"])
    [beside] = told["comparisons"]
    assert (beside["version"], beside["stand_in"]) == (name, True)
    done = run("drift", "letter.txt", "--models", "models")
    assert (done.returncode, done.stdout[:8]) == (0, "too few:")


def test_a_dry_run_says_what_would_be(retrain, here: Path):
    done = retrain("--dry-run")
    assert (done.returncode, done.stdout) == (0, "would be promoted: no version was in use\n")
    assert Store(here / "models").versions() == []


def test_what_is_kept_is_told_with_the_reason(retrain, here: Path, config: Path, more: Path):
    retrain()
    before = Store(here / "models").current()
    config.write_text(LENIENT.replace("margin: 1.0", "margin: 0.0"), encoding="utf-8")
    done = retrain("--add", more)
    assert done.returncode == 0
    assert done.stdout.startswith("kept ")
    assert "below that of the version in use" in done.stdout
    assert "  findings macro-F1: 0." in done.stdout
    assert Store(here / "models").current() == before


def test_the_outcome_is_told_to_a_command(retrain, here: Path):
    code = "import sys; open('told', 'wb').write(sys.stdin.buffer.read())"
    done = retrain("--notify", f'"{sys.executable}" -c "{code}"')
    assert done.returncode == 0
    assert json.loads((here / "told").read_bytes())["outcome"] == "promoted"


def test_the_outcome_is_posted_to_an_address(retrain):
    received = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = retrain("--webhook", f"http://127.0.0.1:{server.server_port}/hook", "--json")
        server.shutdown()
    assert received == [json.loads(done.stdout)]


def test_failing_to_notify_fails_nothing(retrain, here: Path):
    done = retrain("--notify", "no-such-program-here", "--webhook", "http://127.0.0.1:9/")
    assert done.returncode == 0
    assert "note: no-such-program-here was not notified" in done.stderr
    assert "note: 127.0.0.1 was not notified" in done.stderr
    assert Store(here / "models").current()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--webhook", "example.org"], "not an address"), (["--notify", ""], "needs a command"), (["--jobs", "0"], "")],
)
def test_wrong_usage_is_code_2(retrain, here: Path, arguments: list[str], said: str):
    done = retrain(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert not (here / "models").exists()


def test_a_failure_is_one_line_and_told_as_json_too(retrain, here: Path, corpus: Path):
    retrain()
    before = Store(here / "models").current()
    for path in (corpus / "news").iterdir():
        path.unlink()
    code = "import sys; open('told', 'wb').write(sys.stdin.buffer.read())"
    done = retrain("--json", "--quiet", "--notify", f'"{sys.executable}" -c "{code}"')
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("error: 3 articles that ") and line.endswith("bring them back, or go on with --force")
    told = json.loads(done.stdout)
    assert told["outcome"] == "failed"
    assert told == json.loads((here / "told").read_bytes())
    assert Store(here / "models").current() == before


def test_texts_that_are_bad_are_not_told_to_others(retrain, here: Path, corpus: Path):
    (corpus / "bad.jsonl").write_text('{"text": "A secret.", "finding": "bad"}\n', encoding="utf-8")
    done = retrain("--json")
    assert json.loads(done.stdout) == {
        "outcome": "failed",
        "reason": "1 problem in the corpus: mend them, nothing was trained",
    }


def test_corrections_of_the_ledger_are_learnt(retrain, here: Path, corpus: Path):
    from pipeline.review.items import Item, Review
    from pipeline.review.ledger import Ledger

    retrain()
    item = Item(
        f"{'a' * 12}:0-9", "new.txt", 0, "Staff are kind.", "", "", "", "paragraph", "narrator", "none", 0.5, ()
    )
    with Ledger(here / "my reviews", create=True) as ledger:
        ledger.add([item], {})
        ledger.record([Review(item.id, "ann", None, "strength", ())])
    told = json.loads(retrain("--reviews", here / "my reviews", "--json").stdout)
    assert (told["outcome"], told["changed"], told["articles"]["corrections"]) == ("promoted", ["corrections"], 1)


def test_reviews_that_are_named_must_be_there(retrain, here: Path):
    for place in ("nowhere", "."):
        done = retrain("--reviews", place, "--json")
        assert done.returncode == 1
        [line] = done.stderr.splitlines()
        assert line.startswith(f"error: {place}: no reviews are kept here: ")
        assert json.loads(done.stdout)["outcome"] == "failed"
    assert Store(here / "models").current() is None


def test_reviews_that_are_configured_need_not_be_there(retrain, here: Path, config: Path):
    config.write_text(LENIENT + "reviews: nowhere\n", encoding="utf-8")
    assert retrain().stdout.startswith("promoted ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("retraining: {margin: lots}", "retraining.margin: must be a number, not 'lots'"),
        ("retraining: {margin: 2}", "retraining.margin: must be a number of at most 1, not 2"),
        ("retraining: {samples: 1.5}", "retraining.samples: must be a whole number, not 1.5"),
        ("retraining: 5", "retraining: must be a mapping of settings, not 5"),
        ("reviews: null", "reviews: must be text, not null"),
        ("features: {words: [1, 2, 3]}", "features.words: must be a list of 2, not [1, 2, 3]"),
        ("features: {words: [a, 2]}", "features.words[0]: must be a whole number, not 'a'"),
        ("finding: {weights: {word: x}}", "finding.weights: each value must be a number"),
    ],
)
def test_a_setting_of_the_wrong_kind_is_said_with_what_it_must_be(retrain, config: Path, text: str, said: str):
    config.write_text(text, encoding="utf-8")
    done = retrain()
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: {config}: {said}\n"


def test_without_drift_nothing_is_trained(retrain, here: Path, more: Path):
    retrain()
    done = retrain("--add", more, "--if-drift", here / "letter.txt")
    assert done.returncode == 0
    assert done.stdout == "unchanged: no drift (too few): 1 article: at least 5 are needed to tell\n"


def test_without_a_version_drift_is_not_asked_for(retrain, here: Path):
    done = retrain("--if-drift", here / "letter.txt", "--json")
    note = "no version in use keeps a profile to compare with: retraining without"
    assert f"note: {note}\n" in done.stderr
    told = json.loads(done.stdout)
    assert (told["outcome"], told["notes"]) == ("promoted", [note])


def test_with_drift_it_is(retrain, here: Path, more: Path):
    retrain()
    (here / "new").mkdir()
    for number in range(12):
        text = "\n\n".join(
            f"Zygotes quietly munch {word}ing flanges beneath gloomy turnips." * 3 for word in "abcdefgh"
        )
        (here / "new" / f"{number}.txt").write_text(f"Number {number}\n\n{text}\n", encoding="utf-8")
    done = retrain("--add", more, "--if-drift", here / "new")
    assert "drift: unknown words" in done.stderr
    assert done.stdout.startswith("promoted ")


# The command itself


@pytest.mark.skipif(sys.platform == "win32", reason="there is no bash")
def test_the_last_line_of_the_airflow_example_is_the_outcome(program: str, here: Path, corpus: Path, config: Path):
    page = (Path(__file__).parent.parent.parent / "docs" / "retraining.md").read_text(encoding="utf-8")
    [line] = re.findall(r'bash_command="(.*)"', page)
    options = shlex.join(["--corpus", str(corpus), "--config", str(config)])
    line = line.replace("cd /srv/pipeline", f"cd {shlex.quote(str(here))}").replace("--json", f"--json {options}")
    environment = {**os.environ, "PATH": f"{Path(program).parent}{os.pathsep}{os.environ['PATH']}"}

    def pushed() -> tuple[int, str]:
        """As Airflow runs it and keeps the last line of all that is printed."""
        done = subprocess.run(
            ["bash", "-c", line],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout.splitlines()[-1]

    code, last = pushed()
    assert (code, json.loads(last)["outcome"]) == (0, "promoted")
    shutil.rmtree(corpus)
    assert pushed()[0] == 1


@pytest.mark.skipif(sys.platform == "win32", reason="the time of other processes isn't counted there")
def test_nothing_new_takes_less_than_a_second(retrain, command, here: Path, corpus: Path, config: Path):
    import resource

    retrain()
    arguments = ["retrain", "--corpus", corpus, "--config", config, "--models", "models"]
    taken = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = command(*arguments, cwd=here)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        # What others do on this machine doesn't count.
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert done.stdout.startswith("unchanged: ")
    assert min(taken) < 1.0, taken


def test_nothing_new_imports_nothing_heavy(retrain, python, here: Path, corpus: Path, config: Path):
    retrain()
    code = """
import sys
from pipeline.cli import main
try:
    main()
except SystemExit as done:
    assert not done.code, done.code
print(sorted({"pandas", "sklearn", "scipy", "nltk", "joblib"} & set(sys.modules)))
"""
    done = python(code, "retrain", "--corpus", corpus, "--config", config, "--models", "models", cwd=here)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not sent this way on Windows")
def test_told_to_end_while_training_it_leaves_no_half_version(started, here: Path):
    with started("… training", "retrain", "--models", "models") as (process, _):
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        said = process.stderr.read()
        code = process.wait(60)
    assert code == 143
    assert "Traceback" not in said
    assert Store(here / "models").versions() == []
    assert not [path for path in (here / "models").iterdir() if "lock" not in path.name]
