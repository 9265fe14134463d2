"""`pipeline explain`: what weighed for and against a label."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.options import AsJson, Config, Models, Quiet, console, model_in_use, print_json


def explain(
    sentence: Annotated[str, typer.Argument(help="The sentence.")],
    heading: Annotated[str, typer.Option(help="The heading it stands under.")] = "",
    before: Annotated[str, typer.Option(help="The sentence before it.")] = "",
    after: Annotated[str, typer.Option(help="The sentence after it.")] = "",
    label: Annotated[str | None, typer.Option(help="A finding or theme.", show_default="the finding predicted")] = None,
    top: Annotated[int, typer.Option(min=1, max=200, help="How many n-grams for, and how many against.")] = 10,
    json: AsJson = False,
    models: Models = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Show what weighed most for and against a sentence's label: n-grams, heading, neighbours, encoder.

    Example: pipeline explain "Visits are often late." --heading "Main findings"
    """
    import pandas as pd

    from pipeline.errors import TableError
    from pipeline.labels import FINDINGS
    from pipeline.learning.explanation import by_source
    from pipeline.reports.terminal import print_rows

    if not sentence.strip():
        raise TableError("the sentence is empty: give its text")
    model = model_in_use(models, config)
    texts = [text for text in (before, sentence, after) if text]
    table = pd.DataFrame({"article": "sentence", "text": texts, "heading": heading})
    position = 1 if before else 0
    scored = model.predict_sentences(table).iloc[position]
    weights = model.explain(table, position, label)
    sources = by_source(weights)
    heaviest_for = weights[weights["weight"] > 0].head(top)
    heaviest_against = weights[weights["weight"] < 0].head(top)
    if json:
        print_json(
            {
                "finding": scored["finding"],
                "probabilities": {finding: round(float(scored[finding]), 6) for finding in FINDINGS},
                "themes": scored["themes"],
                "label": label or scored["finding"],
                "sources": sources.to_dict("records"),
                "for": heaviest_for.to_dict("records"),
                "against": heaviest_against.to_dict("records"),
            }
        )
        return
    screen = console()
    themes = ", ".join(scored["themes"]) or "none"
    screen.print(f"{scored['finding']} ({scored['confidence']:.0%}); themes: {themes}", markup=False)
    print_rows(
        screen,
        ["where", "by", "weight"],
        [[r["place"], r["source"], r["weight"]] for r in sources.to_dict("records")],
        f"what weighed for (or against) {label or scored['finding']}, by where it stands",
    )
    for title, rows in (("for", heaviest_for), ("against", heaviest_against)):
        print_rows(
            screen,
            ["n-gram", "where", "by", "weight"],
            [[r["ngram"], r["place"], r["group"], r["weight"]] for r in rows.to_dict("records")],
            f"{title} {label or scored['finding']}",
        )
