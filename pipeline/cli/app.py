"""The Typer application and its commands."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli import (
    corpus,
    drift,
    encoder,
    evaluate,
    explain,
    facts,
    held_out,
    models,
    predict,
    retrain,
    review,
    schedule,
    split,
    summary,
    train,
)


def _version(shown: bool) -> None:
    if shown:
        from pipeline import __version__

        typer.echo(f"inspection-pipeline {__version__}")
        raise typer.Exit


app = typer.Typer(
    name="pipeline",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Find strengths, concerns and recommendations, and their themes, in inspection articles, sentence by sentence."""


app.command("split")(split.split)
app.command("train")(train.train)
app.command("predict")(predict.predict)
app.command("facts")(facts.facts)
app.command("evaluate")(evaluate.evaluate)
app.command("explain")(explain.explain)
app.command("summary")(summary.summary)
app.add_typer(corpus.app, name="corpus")
app.add_typer(models.app, name="models")
app.add_typer(encoder.app, name="encoder")
app.add_typer(review.app, name="review")
app.command("retrain")(retrain.retrain)
app.add_typer(held_out.app, name="held-out")
app.add_typer(schedule.app, name="schedule")
app.command("drift")(drift.drift)
