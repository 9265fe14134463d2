"""Tables on a terminal: findings coloured, the page's width respected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    import pandas as pd

STYLES = {"strength": "green", "concern": "red", "recommendation": "blue", "none": "dim"}


def clean(value: str) -> str:
    """Text without control characters, which a terminal might obey."""
    return "".join(character if character.isprintable() else " " for character in value)


def cleaned(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose texts are without control characters."""
    return table.map(lambda value: clean(value) if isinstance(value, str) else value).rename(columns=clean)


def print_findings(console: Console, table: pd.DataFrame) -> None:
    """Print a findings table, an article at a time."""
    for article, rows in table.groupby("article", sort=False):
        shown = Table(
            title=Text(clean(str(article)), style="bold"), title_justify="left", box=None, pad_edge=False, expand=False
        )
        shown.add_column("finding", no_wrap=True)
        shown.add_column("", justify="right", no_wrap=True)
        shown.add_column("sentence", ratio=3, overflow="fold")
        shown.add_column("themes", ratio=1, overflow="fold", min_width=14)
        for row in rows.to_dict("records"):
            style = STYLES.get(row["finding"], "")
            shown.add_row(
                Text(row["finding"], style=style),
                Text(f"{row['confidence']:.0%}{' ?' if row.get('doubtful') else ''}", style="dim"),
                Text(clean(_with_context(row)), style="dim" if row["finding"] == "none" else ""),
                Text(", ".join(row["themes"]), style="cyan"),
            )
        console.print(shown)
        console.print()


def _with_context(row: Mapping[Any, Any]) -> str:
    parts = [row.get("before", ""), row["text"], row.get("after", "")]
    return " ¦ ".join(part for part in parts if part)


def print_rows(console: Console, columns: Sequence[str], rows: Sequence[Sequence[Any]], title: str = "") -> None:
    """Print rows under column names; numbers to the right."""
    shown = Table(title=Text(clean(title)) if title else None, title_justify="left", box=None, pad_edge=False)
    for i, column in enumerate(columns):
        numeric = bool(rows) and all(isinstance(row[i], int | float) for row in rows)
        shown.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        # As Text: what looks like markup ("[draft]") stays as it is.
        shown.add_row(*(Text(f"{value:.3f}" if isinstance(value, float) else clean(str(value))) for value in row))
    console.print(shown)


def print_metrics(console: Console, title: str, metrics: Mapping[str, Any]) -> None:
    """Print a table per label, then the overall scores."""
    rows = [[name, s["precision"], s["recall"], s["f1"], s["support"]] for name, s in metrics["labels"].items()]
    print_rows(console, ["label", "precision", "recall", "F1", "support"], rows, title)
    known = {"macro_f1": "macro-F1", "micro_f1": "micro-F1", "accuracy": "accuracy"}
    intervals = metrics.get("intervals", {})
    parts = []
    for key, name in known.items():
        if key in metrics:
            span = f" ({intervals[key][0]:.3f}–{intervals[key][1]:.3f})" if key in intervals else ""
            parts.append(f"{name} {metrics[key]:.3f}{span}")
    console.print(Text("; ".join(parts)))
    if baseline := metrics.get("baseline"):
        console.print(
            Text(
                f"always {baseline['always']}: macro-F1 {baseline['macro_f1']:.3f}, accuracy {baseline['accuracy']:.3f}"
            )
        )
    console.print()
