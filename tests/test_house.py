"""How the house is built: docstrings, help, and imports that go one way."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from pipeline.cli import app

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "pipeline"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
NAMES = [path.relative_to(ROOT).as_posix() for path in MODULES]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def running(tree: ast.AST) -> Iterator[ast.AST]:
    """All of a module but what is there for type checkers only."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        yield from running(node)


def imports(path: Path) -> set[str]:
    """The modules that a module imports, at any depth, when it runs."""
    found = set()
    for node in running(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    known = {module_name(other) for other in MODULES}
    return {name for name in found if name in known or name.split(".")[0] != "pipeline"}


# Docstrings


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_what_is_public_has_a_docstring(path: Path):
    tree = parsed(path)
    missing = [] if ast.get_docstring(tree) or path.stat().st_size == 0 else ["the module"]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if not ast.get_docstring(node):
                missing.append(node.name)
            if isinstance(node, ast.ClassDef) and not node.bases:
                methods = [part for part in node.body if isinstance(part, ast.FunctionDef)]
                missing += [f"{node.name}.{m.name}" for m in methods if m.name[0] != "_" and not ast.get_docstring(m)]
    assert missing == []


# Commands


def leaves(command: object, words: tuple[str, ...] = ()) -> Iterator[tuple[str, object]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield " ".join(words), command
        return
    for name, part in inner.items():
        yield from leaves(part, (*words, name))


COMMANDS = dict(leaves(typer.main.get_command(app)))


def options(command) -> set[str]:
    return {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}


def test_there_are_the_designed_commands():
    assert {
        *("split", "train", "predict", "evaluate", "explain", "summary"),
        *("corpus check", "corpus stats", "corpus punkt"),
        *("models list", "models show", "models diff", "models history", "models verify", "models export"),
        *("models promote", "models rollback", "models prune"),
        *("encoder tune", "encoder show"),
        *("facts", "retrain", "drift", "schedule print", "held-out show", "held-out renew", "held-out add"),
        *("review queue", "review export", "review import", "review status", "review settle"),
        *("review accepted", "review purge"),
    } <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_and_takes_quiet(name: str):
    command = COMMANDS[name]
    assert f"Example: pipeline {name}" in command.help
    assert {"--quiet", "-q"} <= options(command)
    example = command.help.split("Example:")[1]
    used = set(re.findall(r"(?<!\S)--?[a-z][\w-]*", example))
    assert used <= options(command)
    without = [p.name for p in command.params if p.param_type_name == "option" and not p.help]
    assert without == []


@pytest.mark.parametrize(
    "name",
    [
        "models list",
        "models show",
        "models diff",
        "models history",
        "models prune",
        "facts",
        "retrain",
        "drift",
        "held-out show",
        "review queue",
        "review status",
        "corpus check",
        "corpus stats",
        "evaluate",
        "summary",
    ],
)
def test_listings_have_json(name: str):
    assert "--json" in options(COMMANDS[name])


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_that_use_a_model_say_which(name: str):
    if name in ("predict", "evaluate", "explain", "summary", "train") or name.startswith("models "):
        assert {"--models", "--config"} <= options(COMMANDS[name])


# Imports

BASE = {"pipeline", "pipeline.settings", "pipeline.labels", "pipeline.errors"}
ALLOWED = {
    "pipeline.settings": {"pipeline.errors"},
    "pipeline.labels": {"pipeline.errors", "pipeline.settings"},
    "pipeline.errors": set(),
    "pipeline.articles": {"pipeline.articles"},
    "pipeline.corpus": {"pipeline.corpus", "pipeline.articles"},
    "pipeline.learning": {"pipeline.learning", "pipeline.corpus", "pipeline.articles", "pipeline.model"},
    "pipeline.encoders": {"pipeline.encoders", "pipeline.learning"},
    "pipeline.model": {
        *("pipeline.articles", "pipeline.encoders"),
        *("pipeline.learning.context", "pipeline.learning.features", "pipeline.learning.explanation"),
    },
    "pipeline.locks": set(),
    "pipeline.store": {"pipeline.store", "pipeline.articles", "pipeline.locks", "pipeline.model"},
    "pipeline.tracking": {"pipeline.store"},
    "pipeline.facts": {"pipeline.facts", "pipeline.articles"},
    "pipeline.scoring": {"pipeline.articles", "pipeline.facts", "pipeline.model", "pipeline.store"},
    "pipeline.gold": {"pipeline.articles", "pipeline.corpus", "pipeline.learning.evaluation", "pipeline.model"},
    "pipeline.review": {
        *("pipeline.review", "pipeline.articles", "pipeline.corpus", "pipeline.model"),
        *("pipeline.learning.context", "pipeline.learning.features", "pipeline.reports.writing"),
    },
    "pipeline.reports": {"pipeline.reports"},
}


def below(name: str, root: str) -> bool:
    return name == root or name.startswith(root + ".")


@pytest.mark.parametrize("room", ALLOWED)
def test_imports_go_the_designs_way(room: str):
    wrong = [
        f"{module_name(path)} imports {name}"
        for path in MODULES
        if below(module_name(path), room)
        for name in imports(path)
        if below(name, "pipeline") and name not in BASE and not any(below(name, allowed) for allowed in ALLOWED[room])
    ]
    # A package's own `__init__` says no more than what is allowed of its parts.
    assert [line for line in wrong if not line.endswith("imports pipeline.learning")] == []


def test_nothing_imports_the_command_line_but_the_command_line():
    others = [path for path in MODULES if not below(module_name(path), "pipeline.cli") and path.stem != "__main__"]
    assert [path for path in others if any(below(name, "pipeline.cli") for name in imports(path))] == []


FILES = {"pathlib", "os", "io", "shutil", "tempfile", "glob", "pipeline.store", "pipeline.articles.readers"}


@pytest.mark.parametrize("path", sorted((PACKAGE / "learning").glob("*.py")), ids=lambda path: path.stem)
def test_learning_knows_no_files(path: Path):
    if path.stem == "export":
        pytest.skip("export writes the one file that learning makes, a scikit-learn estimator")
    assert not imports(path) & FILES
    called = {node.func.id for node in running(parsed(path)) if isinstance(node, ast.Call) and hasattr(node.func, "id")}
    assert "open" not in called


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_nothing_unpickles_downloads_or_evaluates(path: Path):
    tops = {name.split(".")[0] for name in imports(path)}
    if path.name == "notices.py":
        tops -= {"http", "ssl", "urllib"}  # tells an address that the user names what came of a retraining
    assert not tops & {"pickle", "marshal", "shelve", "dill", "urllib", "http", "socket", "requests", "ftplib", "ssl"}
    calls = [ast.unparse(node.func) for node in running(parsed(path)) if isinstance(node, ast.Call)]
    for name in ("eval", "exec", "nltk.download", "joblib.load", "os.system", "yaml.load"):
        assert name not in calls
    assert "allow_pickle=True" not in path.read_text(encoding="utf-8")


OPTIONAL = ("excel", "parquet", "encoder", "tuning", "mlflow", "schedule")


def test_only_declared_packages_are_imported():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    declared = [*project["dependencies"], *(line for name in OPTIONAL for line in extras[name])]
    known = {re.match(r"[\w-]+", line).group().lower() for line in declared}
    modules = {"scikit-learn": "sklearn", "pyyaml": "yaml", "mlflow-skinny": "mlflow"}
    known = {modules.get(name, name.replace("-", "_")) for name in known}
    used = {name.split(".")[0] for path in MODULES for name in imports(path)} - set(sys.stdlib_module_names)
    assert used - {"pipeline"} <= known


LOADED = "import json, sys; print(json.dumps(sorted(name for name in sys.modules if '.' not in name)))"


def loaded(python, code: str, *arguments: object, cwd: Path | None = None) -> set[str]:
    done = python(f"{code}\n{LOADED}", *arguments, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


COMMAND = """
import sys
from pipeline.cli import main
try:
    main()
except SystemExit as done:
    assert not done.code, done.code
"""


def test_help_imports_nothing_heavy(python):
    for arguments in (["--help"], ["predict", "--help"], ["--version"]):
        found = loaded(python, COMMAND, *arguments)
        assert "typer" in found
        assert not found & {"numpy", "pandas", "scipy", "sklearn", "nltk", "joblib", "pyarrow"}


def test_predicting_imports_neither_scikit_learn_nor_nltk(python, store: Path, here: Path):
    code = """
import sys
from pipeline import load_model
model = load_model(sys.argv[1])
table = model.predict("Main findings\\n\\nVisits are late. Leaders should act.")
assert len(table) == 3
model.predict_sentences(table[["text"]])
model.explain(table, 1)
"""
    found = loaded(python, code, store)
    assert "numpy" in found
    assert not found & {"sklearn", "nltk"}
    for arguments in (
        ["predict", "letter.txt", "-o", "out.csv"],
        ["explain", "Visits are late."],
        ["summary", "letter.txt"],
        ["split", "letter.txt", "-o", "out.jsonl"],
    ):
        models = [] if arguments[0] == "split" else ["--models", store]
        found = loaded(python, COMMAND, *arguments, *models, cwd=here)
        assert "pandas" in found
        assert not found & {"sklearn", "nltk"}, arguments


def test_importing_the_package_imports_nothing_heavy(python):
    assert not loaded(python, "import pipeline") & {"numpy", "pandas", "typer", "pydantic"}
