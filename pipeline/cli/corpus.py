"""`pipeline corpus`: labelled documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import AsJson, Quiet, ThemeList, console, note, print_json

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
    if json:
        print_json({"errors": problems.errors, "warnings": problems.warnings, "fingerprint": corpus.fingerprint})
    else:
        for message in problems.errors:
            note(f"error: {message}")
        for message in problems.warnings:
            note(f"warning: {message}", quiet=quiet)
        note(
            f"{len(corpus.documents)} documents, {sum(len(d.units) for d in corpus.documents)} units, {len(corpus.sentences)} sentences;"
            f" {len(problems.errors)} errors, {len(problems.warnings)} warnings; SHA-256 {corpus.fingerprint[:12]}",
            quiet=quiet,
        )
    if problems.errors:
        raise typer.Exit(1)


@app.command("stats")
def stats(paths: CorpusPaths = None, themes: ThemeList = None, json: AsJson = False, quiet: Quiet = False) -> None:
    """Count units by kind, finding and theme, with their lengths and near-duplicates.

    Example: pipeline corpus stats --json
    """
    from pipeline.corpus import read_corpus
    from pipeline.corpus.statistics import statistics
    from pipeline.labels import FINDINGS, load_themes
    from pipeline.reports.terminal import print_rows
    from pipeline.settings import bundled

    theme_names = load_themes(themes)
    found = statistics(read_corpus(paths or [bundled("data/corpus")], theme_names).examples, theme_names)
    if json:
        print_json(found)
        return
    screen = console()
    rows = [
        [kind, counts["documents"], *(counts[finding] for finding in FINDINGS)]
        for kind, counts in found["kinds"].items()
    ]
    print_rows(screen, ["kind", "documents", *FINDINGS], rows)
    screen.print()
    rows = [[theme, *(counts[finding] for finding in FINDINGS[:3])] for theme, counts in found["themes"].items()]
    print_rows(screen, ["theme", *FINDINGS[:3]], rows)
    screen.print()
    words, near = found["words"], found["near_duplicates"]
    screen.print(
        f"words a unit: median {words['median']}, a tenth under {words['p10']}, a tenth over {words['p90']}",
        markup=False,
    )
    screen.print(f"near-duplicate units: {near['units']} of {found['units']} ({near['share']:.2%})", markup=False)


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
    from pipeline.settings import bundled

    files = [file for file in expand(paths or [bundled("data/corpus")]) if file.endswith(".txt")]
    parameters = learn(read_source(file).text for file in files)
    output.write_text(parameters.to_json() + "\n", encoding="utf-8", newline="\n")
    note(
        f"wrote {output}: {len(parameters.abbreviations)} abbreviations, {len(parameters.collocations)} collocations,"
        f" {len(parameters.starters)} sentence starters, {len(parameters.orthography)} words, from {len(files)} texts",
        quiet=quiet,
    )
