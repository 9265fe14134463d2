"""`pipeline review`: the people in the loop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli import handout
from pipeline.cli.handout import ReviewFormat, reviews_folder
from pipeline.cli.options import (
    AsJson,
    Config,
    Quiet,
    Reviews,
    article_settings,
    console,
    note,
    print_json,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

app = typer.Typer(no_args_is_help=True, help="Choose sentences worth a look, give them out, and bring answers in.")

By = Annotated[
    list[str] | None,
    typer.Option(
        help="Who reviewed, where the file doesn't say; or who someone in it is, as 7=ana (may be repeated).",
        show_default=False,
    ),
]

app.command("queue")(handout.queue)
app.command("export")(handout.export)


@app.command("import")
def bring_in(
    file: Annotated[Path, typer.Argument(help="What 'review export' wrote, filled in, or a tool's own export of it.")],
    by: By = None,
    format: Annotated[
        ReviewFormat | None, typer.Option(help="The file's format.", show_default="known by its content")
    ] = None,
    settle: Annotated[bool, typer.Option("--settle", help="These answers settle disagreements.")] = False,
    once_more: Annotated[bool, typer.Option("--again", help="Though the same answers were imported before.")] = False,
    reviews: Reviews = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Bring answers in: all of a file, or nothing, with every bad row said.

    Example: pipeline review import answers.csv --by ana
    """
    from pipeline.review import Ledger
    from pipeline.review.answers import Names, check
    from pipeline.review.formats import read

    names = Names.of(by or [])
    answers = read(file, format)
    with Ledger(reviews_folder(reviews, config)) as ledger:
        checked = check(file, answers, ledger, names, settles=settle)
        added = ledger.record(checked.reviews, None if once_more or not checked.reviews else checked.digest)
    for line in checked.notes:
        note(f"note: {file}: {line}", quiet=quiet)
    if not checked.reviews:
        note(f"{file}: no answers are in it, {checked.blank:,} sentences not reviewed: nothing changed", quiet=quiet)
    elif added is None:
        note(
            f"{file}: the same answers were imported before: nothing changed (--again imports them anyway)", quiet=quiet
        )
    else:
        known = len(checked.reviews) - added
        new = f"{added:,} new review{'s' * (added != 1)}"
        note(f"{new}; {known:,} known already, {checked.blank:,} sentences not reviewed", quiet=quiet)


@app.command("status")
def status(json: AsJson = False, reviews: Reviews = None, config: Config = None, quiet: Quiet = False) -> None:
    """Count reviews by reviewer, list conflicts, and measure how far reviewers agree.

    Example: pipeline review status --json
    """
    from pipeline.review import Ledger
    from pipeline.review.status import status_of

    with Ledger(reviews_folder(reviews, config)) as ledger:
        found = status_of(ledger.items(), ledger.reviews())
    if json:
        print_json(found)
    else:
        _print_status(found)


@app.command("settle")
def settle(
    sentence: Annotated[str, typer.Argument(help="The sentence's id, as 'review status' shows it.")],
    finding: Annotated[str, typer.Option(help="The finding, or can't tell.")],
    by: Annotated[str, typer.Option(help="Who settles it.")],
    theme: Annotated[list[str] | None, typer.Option(help="A theme (may be repeated).", show_default=False)] = None,
    remark: Annotated[str, typer.Option("--note", help="Why.")] = "",
    reviews: Reviews = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Settle what reviewers disagree on: this answer counts, whatever others say.

    Example: pipeline review settle 0a1b2c3d4e5f:120-188 --finding concern --theme practice --by lead
    """
    from pipeline.review import Ledger
    from pipeline.review.answers import settlement
    from pipeline.review.formats.rows import Answer

    if not by.strip():
        raise typer.BadParameter("name who settles it", param_hint="--by")
    answer = Answer(sentence, sentence, None, finding, theme, remark, by)
    with Ledger(reviews_folder(reviews, config)) as ledger:
        ledger.record([settlement(answer, ledger)])
    note(f"{sentence}: settled", quiet=quiet)


@app.command("accepted")
def write_accepted(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write .jsonl.", show_default="standard output")
    ] = None,
    reviews: Reviews = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Write what reviewers agree on as labelled sentences, to train on.

    Example: pipeline review accepted --output corrections.jsonl
    """
    from pipeline.reports.printable import json_text
    from pipeline.review import Ledger, accepted, verdicts
    from pipeline.review.formats.files import write_whole

    with Ledger(reviews_folder(reviews, config)) as ledger:
        found = verdicts(ledger.items(), ledger.reviews())
    rows = accepted(found)
    lines = "".join(json_text(row) + "\n" for row in rows)
    if output:
        write_whole(output, lines)
    else:
        typer.echo(lines, nl=False)
    kept = f"{len(rows):,} labelled sentence{'s' * (len(rows) != 1)}"
    note(f"{kept}; {len(found) - len(rows):,} left out: not agreed on", quiet=quiet)


@app.command("purge")
def purge(
    article: Annotated[
        str, typer.Argument(help="The article: its name or the end of it, its 12-digit digest, or its file.")
    ],
    reviews: Reviews = None,
    config: Config = None,
    quiet: Quiet = False,
) -> None:
    """Forget an article: its sentences, and all that was said of them, leave the files of reviews.

    Files that were written before, and models that were trained, are yours to remove.

    Example: pipeline review purge articles/letter.txt
    """
    from pipeline.articles import read_sources
    from pipeline.articles.source import Source
    from pipeline.review import Ledger
    from pipeline.review.articles import kept_articles, meant_by

    digests = set[str]()
    if Path(article).is_file():
        found = read_sources(article, article, settings=article_settings(config, None))
        digests = {source.digest for source in found if isinstance(source, Source)}
    with Ledger(reviews_folder(reviews, config)) as ledger:
        meant = meant_by(article, digests, kept_articles(ledger.items().values()))
        items, said = ledger.purge(*{one.digest for one in meant})
    gone = f"{items:,} sentence{'s' * (items != 1)} and {said:,} review{'s' * (said != 1)}"
    note(f"{', '.join(map(str, meant))}: forgotten with {gone}", quiet=quiet)


def _print_status(found: Mapping[str, Any]) -> None:
    from pipeline.reports.terminal import print_rows
    from pipeline.review import Review
    from pipeline.review.formats.rows import told

    screen = console()

    names = ("sentences", "waiting", "reviewed", "accepted", "changed", "undecided")
    counts = {name: found[name] for name in names}
    counts |= {f"conflicts on {what}": found[f"conflicts_on_{what}"] for what in ("findings", "themes")}
    print_rows(screen, list(counts), [list(counts.values())])
    if found["reviewers"]:
        rows = [[r["reviewer"], r["sentences"], r["cant_tell"], r["last"][:19]] for r in found["reviewers"]]
        print_rows(screen, ["reviewer", "sentences", "can't tell", "last (UTC)"], rows)
    if found["agreement"]:
        rows = [
            [" and ".join(a["reviewers"]), a["sentences"], a["share"], _number(a["kappa"]), _number(a["jaccard"])]
            for a in found["agreement"]
        ]
        print_rows(screen, ["reviewers", "both", "agree", "kappa", "themes (Jaccard)"], rows)
    if found["disagreements"]:
        rows = [
            [d["id"], d["on"], d["text"], "; ".join(told(Review(**r)) for r in d["reviews"])]
            for d in found["disagreements"]
        ]
        print_rows(screen, ["id", "on", "sentence", "said"], rows)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
