"""Draws docs/findings.svg: findings of a part of a sample letter, as `pipeline predict` shows them on a terminal."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from rich.console import Console

from pipeline import load_model
from pipeline.articles import read_article
from pipeline.reports.terminal import print_findings

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Draw with the model in the folder named, or in .demo/models."""
    model = load_model(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".demo" / "models")
    article = read_article(ROOT / "data" / "articles" / "letter-kelderby-exploitation-2023.txt")
    table = model.predict_articles([article])
    shown = table[table["block"] != "furniture"].iloc[3:26].assign(article="letter-kelderby-exploitation-2023.txt")
    console = Console(record=True, width=120, file=io.StringIO(), force_terminal=True)
    print_findings(console, shown)
    drawn = console.export_svg(title="pipeline predict letter-kelderby-exploitation-2023.txt")
    # Fonts come from the reader's machine, not from the network.
    drawn = re.sub(r"@font-face \{.*?\}", "", drawn, flags=re.DOTALL)
    (ROOT / "docs" / "findings.svg").write_text(drawn, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
