"""`pipeline train`: labelled documents to a model version."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.options import (
    AddedData,
    Config,
    LabelledData,
    Models,
    Quiet,
    Seed,
    ThemeList,
    console,
    labelled_data,
    note,
    training_settings,
)


def train(
    corpus: LabelledData = None,
    add: AddedData = None,
    themes: ThemeList = None,
    encoder: Annotated[
        str | None,
        typer.Option(help="Read with this encoder too: a folder, or a name in the local cache.", show_default=False),
    ] = None,
    promote: Annotated[
        bool, typer.Option("--promote/--no-promote", help="Make the new version the current one.")
    ] = True,
    tune: Annotated[
        bool, typer.Option("--tune", help="Search settings by grouped cross-validation first, print them and use them.")
    ] = False,
    seed: Seed = None,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=1, help="Worker processes; each needs memory of its own.")
    ] = 1,
    models: Models = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Train a model on labelled documents and write it as a new version.

    Example: pipeline train --add corrections.jsonl
    """
    import pipeline
    from pipeline.encoders.encoder import Encoder
    from pipeline.labels import load_themes
    from pipeline.learning import training
    from pipeline.learning.tuning import tune as search
    from pipeline.reports.card import model_card
    from pipeline.reports.terminal import print_metrics
    from pipeline.retraining import record
    from pipeline.retraining.articles import articles_of
    from pipeline.retraining.inputs import inputs_of
    from pipeline.settings import bundled
    from pipeline.store import Store
    from pipeline.tracking import track

    settings = training_settings(config, seed)
    found = Encoder.find(encoder) if encoder else None
    theme_names = load_themes(themes)
    labelled = labelled_data(corpus, add, theme_names)
    note(f"{len(labelled.documents)} documents, {len(labelled.sentences)} sentences beside them", quiet=quiet)
    if tune:
        settings = search(
            labelled.examples, theme_names, settings, jobs=jobs, progress=lambda line: note(line, quiet=quiet)
        )
    trained = training.train(
        labelled.examples,
        theme_names,
        settings,
        encoder=found,
        jobs=jobs,
        progress=lambda stage: note(f"… {stage}", quiet=quiet),
    )
    screen = console()
    for name, metrics in trained.metrics.items():
        print_metrics(screen, f"{name}, out of fold", metrics)
    if trained.model.notes["uncalibrated"]:
        note(f"note: too little data to calibrate {', '.join(trained.model.notes['uncalibrated'])}", quiet=quiet)
    # What it was trained on, for `retrain` and `drift`.
    paths = [*(corpus or [bundled("data/corpus")]), *(add or [])]
    inputs = inputs_of(paths, [], settings, theme_names, found.digest if found else "")
    seen = record.record(labelled.examples, trained, theme_names, inputs)
    store = Store(models or settings.store)
    version = store.write(
        trained.model,
        metrics={**trained.metrics, record.KEY: seen},
        card=model_card(trained.model.notes, trained.metrics, labelled.fingerprint, pipeline.__version__),
        corpus=labelled.fingerprint,
        promote=promote,
        parameters=trained.parameters,
    )
    record.save_names(store.root, articles_of(labelled.examples))
    note(f"wrote {version.folder}{', now current' if promote else ''}", quiet=quiet)
    if said := track(version):
        note(f"note: {said}", quiet=quiet)
