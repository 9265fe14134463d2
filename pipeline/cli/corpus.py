"""`pipeline corpus`: labelled documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.options import AsJson, Config, Quiet, ThemeList, console, note, print_json, settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping

app = typer.Typer(
    no_args_is_help=True, help="Check labelled documents, count them, and relearn sentence splitting from them."
)

CorpusPaths = Annotated[
    list[Path] | None,
    typer.Argument(help="Folders of documents, or files of sentences.", show_default="the bundled corpus"),
]


@app.command("check")
def check(paths: CorpusPaths = None, themes: ThemeList = None, json: AsJson = False, quiet: Quiet = False) -> None:
    """Check labelled data: every problem with its file and line, and units that `split` would cut otherwise.

    Example: pipeline corpus check my-labels/
    """
    from pipeline.corpus import check_corpus
    from pipeline.labels import load_themes
    from pipeline.settings import bundled

    corpus, problems = check_corpus(paths or [bundled("data/corpus")], load_themes(themes))
    units = sum(len(document.units) for document in corpus.documents)
    if json:
        print_json({"errors": problems.errors, "warnings": problems.warnings, "fingerprint": corpus.fingerprint})
    else:
        for message in problems.errors:
            note(f"error: {message}")
        for message in problems.warnings:
            note(f"warning: {message}", quiet=quiet)
        note(
            f"{len(corpus.documents)} documents, {units} units, {len(corpus.sentences)} sentences;"
            f" {len(problems.errors)} errors, {len(problems.warnings)} warnings; SHA-256 {corpus.fingerprint[:12]}",
            quiet=quiet,
        )
    if problems.errors:
        raise typer.Exit(1)


@app.command("stats")
def stats(
    paths: CorpusPaths = None,
    doubts: Annotated[
        int,
        typer.Option(min=0, help="Show this many labels that out-of-fold models doubt (takes as long as training)."),
    ] = 0,
    charts: Annotated[Path | None, typer.Option(help="Write charts (SVG) into this folder.")] = None,
    themes: ThemeList = None,
    config: Config = None,
    json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Count units by kind, finding and theme, with lengths, near-duplicates and, if asked, doubtful labels.

    Example: pipeline corpus stats --doubts 20
    """
    from pipeline.corpus import read_corpus
    from pipeline.corpus.statistics import agreement, statistics
    from pipeline.labels import load_themes
    from pipeline.learning.doubt import doubted
    from pipeline.settings import bundled

    theme_names = load_themes(themes)
    corpus = read_corpus(paths or [bundled("data/corpus")], theme_names)
    examples = corpus.examples
    found = {**statistics(examples, theme_names), "agreement": agreement(corpus)}
    if doubts:
        rows = doubted(examples, theme_names, settings_of(config), jobs=2)
        columns = ["article", "text", "finding", "suggested", "probability"]
        found["doubts"] = {"count": len(rows), "rows": rows[columns].head(doubts).to_dict("records")}
    if charts:
        _write_charts(found, charts)
    if json:
        print_json(found)
    else:
        _print_statistics(found)


def _write_charts(found: Mapping[str, Any], folder: Path) -> None:
    from pipeline.errors import TableError
    from pipeline.labels import FINDINGS
    from pipeline.reports.charts import stacked_bars

    kinds = {kind: {finding: counts[finding] for finding in FINDINGS} for kind, counts in found["kinds"].items()}
    themes = {
        theme: {finding: counts[finding] for finding in FINDINGS[:3]} for theme, counts in found["themes"].items()
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, title, rows in (("kinds", "Units by kind", kinds), ("themes", "Findings by theme", themes)):
            (folder / f"corpus-{name}.svg").write_text(stacked_bars(title, rows), encoding="utf-8", newline="\n")
    except OSError as error:
        raise TableError(f"{folder}: can't be written ({error.strerror}): name another folder with --charts") from None


def _print_statistics(found: Mapping[str, Any]) -> None:
    from pipeline.labels import FINDINGS
    from pipeline.reports.terminal import print_rows

    screen = console()
    kinds = found["kinds"].items()
    rows = [[kind, counts["documents"], *(counts[finding] for finding in FINDINGS)] for kind, counts in kinds]
    print_rows(screen, ["kind", "documents", *FINDINGS], rows)
    screen.print()
    rows = [[theme, *(counts[finding] for finding in FINDINGS[:3])] for theme, counts in found["themes"].items()]
    print_rows(screen, ["theme", *FINDINGS[:3]], rows)
    screen.print()
    words, near = found["words"], found["near_duplicates"]
    lengths = f"words a unit: median {words['median']}, a tenth under {words['p10']}, a tenth over {words['p90']}"
    screen.print(lengths, markup=False)
    screen.print(f"near-duplicates: {near['units']} of {near['of']} body units ({near['share']:.2%})", markup=False)
    if found["agreement"]:
        rows = [[kind, a["units"], a["kappa"], a["themes_f1"]] for kind, a in found["agreement"].items()]
        screen.print()
        print_rows(screen, ["two readers' agreement", "units", "kappa of findings", "micro-F1 of themes"], rows)
    if "doubts" in found:
        screen.print(f"doubted labels: {found['doubts']['count']}", markup=False)
        rows = [[r["finding"], r["suggested"], r["probability"], r["text"]] for r in found["doubts"]["rows"]]
        print_rows(screen, ["label", "suggested", "probability", "sentence"], rows)


@app.command("punkt")
def punkt(
    output: Annotated[Path, typer.Argument(help="The JSON file to write.")],
    paths: Annotated[
        list[Path] | None,
        typer.Option("--corpus", help="Folders of .txt documents.", show_default="the bundled corpus"),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Relearn the parameters of Punkt's sentence-splitting rules from a corpus's texts.

    Example: pipeline corpus punkt pipeline/articles/punkt.json
    """
    from pipeline.articles import expand, read_source
    from pipeline.corpus.punkt import learn
    from pipeline.errors import CorpusError, TableError
    from pipeline.settings import bundled

    files = [file for file in expand(paths or [bundled("data/corpus")]) if file.endswith(".txt")]
    if not files:
        raise CorpusError("no .txt document to learn from: name a folder that holds some with --corpus")
    parameters = learn(read_source(file).text for file in files)
    try:
        output.write_text(parameters.to_json() + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise TableError(f"{output}: can't be written ({error.strerror}): name another file") from None
    note(
        f"wrote {output}: {len(parameters.abbreviations)} abbreviations, {len(parameters.collocations)} collocations,"
        f" {len(parameters.starters)} sentence starters, {len(parameters.orthography)} words, from {len(files)} texts",
        quiet=quiet,
    )
