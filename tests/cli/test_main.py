"""The command as a whole: version, help, wrong usage, and errors in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

import pipeline

COMMANDS = ("split", "train", "predict", "evaluate", "explain", "summary", "corpus", "models")


def test_the_version_is_the_packages(run):
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"inspection-pipeline {pipeline.__version__}\n")


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_lists_the_commands(run, option: str):
    done = run(option)
    assert done.returncode == 0
    assert all(f" {name} " in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["predict"], ["predict", "--nonsense", "x"], ["models", "x"]])
def test_wrong_usage_is_code_2_with_nothing_on_standard_output(run, arguments: list[str]):
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == "" or not arguments  # without arguments the help is shown


@pytest.mark.parametrize("arguments", [
    ["predict", "letter.txt"],
    ["summary", "letter.txt"],
    ["explain", "Visits are late."],
    ["models", "show"],
    ["models", "verify"],
    ["models", "export", "current", "out.joblib"],
])  # fmt: skip
def test_without_a_model_each_command_says_how_to_train_one(run, here: Path, arguments: list[str]):
    done = run(*arguments)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == "error: models: no trained model here: train one with 'pipeline train'\n"
    assert [path.name for path in here.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("arguments", [
    ["predict", "letter.txt"],
    ["split", "letter.txt"],
    ["train"],
    ["summary", "letter.txt"],
    ["explain", "Visits are late."],
    ["models", "list"],
])  # fmt: skip
def test_a_configuration_with_an_unknown_key_is_said_with_a_hint(run, here: Path, arguments: list[str]):
    (here / "c.yaml").write_text("trainning: {folds: 3}\n", encoding="utf-8")
    done = run(*arguments, "--config", "c.yaml")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: c.yaml: unknown key 'trainning': did you mean 'training'?\n"


def test_a_configured_store_is_used(run, own_store: Path, here: Path):
    (here / "c.yaml").write_text(f"store: {own_store.as_posix()}\n", encoding="utf-8")
    assert run("predict", "letter.txt", "--config", "c.yaml").returncode == 0


def test_python_m_pipeline_is_the_command(python):
    done = python(
        "import runpy, sys; sys.argv = ['pipeline', '--version']; runpy.run_module('pipeline', run_name='__main__')"
    )
    assert done.stdout == f"inspection-pipeline {pipeline.__version__}\n"


def test_output_that_is_no_longer_read_is_no_traceback(program: str, store: Path, here: Path):
    import subprocess

    (here / "long.txt").write_text("Visits are late.\n\n" * 5000, encoding="utf-8")
    with subprocess.Popen(
        [program, "predict", "long.txt", "--models", str(store)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read().decode()
        code = process.wait(60)
    assert "Traceback" not in said
    assert code == 1


def test_text_that_the_terminal_cannot_show_does_not_stop_a_run(program: str, store: Path, here: Path):
    import os
    import subprocess

    (here / "a.txt").write_text("“Café” 👍 – visits are late.", encoding="utf-8")
    done = subprocess.run(
        [program, "predict", "a.txt", "--models", str(store), "--format", "jsonl"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert b"?Caf??" in done.stdout
