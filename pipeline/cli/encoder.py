"""`pipeline encoder`: encoders for models that read with one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import (
    AddedData,
    AsJson,
    Config,
    LabelledData,
    Quiet,
    Seed,
    ThemeList,
    console,
    labelled_data,
    note,
    print_json,
    training_settings,
)

app = typer.Typer(no_args_is_help=True, help="Tune an encoder, or show one.")


@app.command()
def tune(
    base: Annotated[str, typer.Argument(help="A sentence-transformers model: a folder, or a name in the local cache.")],
    output: Annotated[Path, typer.Argument(help="The folder to write the tuned encoder to.")],
    corpus: LabelledData = None,
    add: AddedData = None,
    themes: ThemeList = None,
    seed: Seed = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Tune an encoder on labelled documents; some are left out, for models to be calibrated on.

    Example: pipeline encoder tune all-MiniLM-L6-v2 encoders/tuned
    """
    from pipeline.encoders.encoder import Encoder
    from pipeline.encoders.finetuning import finetune
    from pipeline.labels import load_themes

    encoder, theme_names = Encoder.find(base), load_themes(themes)
    finetune(
        labelled_data(corpus, add, theme_names).examples,
        theme_names,
        training_settings(config, seed),
        encoder,
        output,
        progress=lambda line: note(f"… {line}", quiet=quiet),
    )
    note(f"wrote {output}: train with it by 'pipeline train --encoder {output}'", quiet=quiet)


@app.command()
def show(
    encoder: Annotated[str, typer.Argument(help="An encoder's folder, or its name in the local cache.")],
    json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Show what an encoder is, and the digest that models name it by.

    Example: pipeline encoder show encoders/tuned
    """
    from pipeline.encoders.encoder import Encoder
    from pipeline.reports.terminal import print_rows

    found = Encoder.find(encoder)
    described = {
        "folder": str(found.folder),
        "weights": found.weights.relative_to(found.folder).as_posix(),
        "digest": found.digest,
        "dimension": found.reference.dimension,
        "reads": "sentences in their context" if found.windowed else "each sentence by itself",
        "articles": len(found.seen),
    }
    if json:
        print_json(described)
    else:
        print_rows(console(), ["what", "value"], [[key, str(value)] for key, value in described.items()], found.name)
