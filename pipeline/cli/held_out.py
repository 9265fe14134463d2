"""`pipeline held-out`: the articles that no version is trained on, and all are measured on.

A command of its own, rather than an option of `retrain`: an option may be left in a schedule by mistake, and would then
change every time what versions are compared on.
"""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import (
    AddedData,
    AsJson,
    Config,
    LabelledData,
    Models,
    Quiet,
    Reviews,
    Seed,
    ThemeList,
    console,
    note,
    print_json,
    reviews_to_learn,
    settings_of,
    training_settings,
)

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.labels import Themes

app = typer.Typer(no_args_is_help=True, help="Show, choose or extend the articles that versions are measured on.")

Why = Annotated[str, typer.Option(help="Why, for those who read it later.")]


@app.command()
def show(json: AsJson = False, models: Models = None, config: Config = None, quiet: Quiet = False) -> None:
    """Show the held-out articles.

    Example: pipeline held-out show
    """
    from pipeline.reports.terminal import print_rows
    from pipeline.retraining.held_out import load
    from pipeline.store import Store

    store = Store(models or settings_of(config).store)
    held = load(store.root)
    articles = [
        {"name": a.name, "kind": a.kind, "digest": a.digest, "sentences": len(a.sentences)}
        for a in (held.articles if held else [])
    ]
    if json:
        print_json({"made": held.made if held else None, "why": held.why if held else None, "articles": articles})
    elif held:
        title = f"{len(articles)} articles held out since {held.made} ({held.why})"
        print_rows(
            console(),
            ["article", "kind", "labelled sentences"],
            [[a["name"], a["kind"], a["sentences"]] for a in articles],
            title,
        )
    else:
        note(f"{store.root}: none are held out yet: the first 'pipeline retrain' chooses them", quiet=quiet)


@app.command()
def renew(
    corpus: LabelledData = None,
    add: AddedData = None,
    themes: ThemeList = None,
    seed: Seed = None,
    why: Why = "renewed",
    models: Models = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Choose held-out articles anew from the corpus as it is, with its labels as they are.

    Example: pipeline held-out renew --add reviewed/ --why "labels of 2026 settled"
    """
    from pipeline.labels import load_themes
    from pipeline.retraining.held_out import choose
    from pipeline.retraining.run import LOCK
    from pipeline.store import Store

    settings = training_settings(config, seed)
    table = _labelled(corpus, add, None, load_themes(themes))
    store = Store(models or settings.store)
    with store.lock(LOCK, wait=settings.retraining.wait):
        held = choose(
            table,
            settings.retraining.held_out,
            seed=settings.training.seed,
            why=why,
            anchor=store.current(),
            without=settings.training.encoder_only,
        )
        held.save(store.root)
    note(f"{len(held.articles)} articles are held out", quiet=quiet)


@app.command("add")
def add_articles(
    names: Annotated[list[str], typer.Argument(help="Names of articles, as in the corpus or reviews, or patterns.")],
    corpus: LabelledData = None,
    add: AddedData = None,
    reviews: Reviews = None,
    themes: ThemeList = None,
    why: Why = "reviewed articles added",
    models: Models = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Hold out more articles: real ones that were reviewed, say. They are no longer trained on.

    Example: pipeline held-out add "letters/2026-*" --why "first real letters"
    """
    from pipeline.errors import CorpusError, StoreError
    from pipeline.labels import load_themes
    from pipeline.retraining.articles import articles_of
    from pipeline.retraining.held_out import extended, load
    from pipeline.retraining.run import LOCK
    from pipeline.store import Store

    settings = settings_of(config)
    table = _labelled(corpus, add, reviews_to_learn(reviews, settings), load_themes(themes))
    store = Store(models or settings.store)
    with store.lock(LOCK, wait=settings.retraining.wait):
        held = load(store.root)
        if held is None:
            raise StoreError(
                f"{store.root}: none are held out yet: run 'pipeline retrain' or 'pipeline held-out renew'"
            )
        articles = [known for known in articles_of(table) if not held.holds(known)]
        chosen = [known for known in articles if any(fnmatch(known.name, name) for name in names)]
        if not chosen:
            raise CorpusError(f"no article that isn't held out yet has the name {', '.join(names)}: check the names")
        extended(held, table, chosen, why).save(store.root)
    note(f"{len(chosen)} more articles are held out: {len(held.articles) + len(chosen)} in all", quiet=quiet)


def _labelled(corpus: list[Path] | None, add: list[Path] | None, reviews: Path | None, themes: Themes) -> pd.DataFrame:
    from pipeline.cli.options import labelled_data
    from pipeline.retraining.corrections import accepted_rows, checked, corrected

    table = labelled_data(corpus, add, themes).examples
    return corrected(table, checked(accepted_rows(reviews), themes)) if reviews else table
