"""Tables on a terminal: what articles say can't format, colour or command it."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from rich.console import Console

from pipeline.learning.training import Trained
from pipeline.reports.terminal import clean, cleaned, print_findings, print_metrics, print_rows


@pytest.fixture
def screen() -> Console:
    return Console(file=io.StringIO(), width=100, highlight=False)


def shown(screen: Console) -> str:
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


def findings(texts: list[str], **columns: object) -> pd.DataFrame:
    found = pd.DataFrame({"article": "a.txt", "text": texts, "finding": "concern", "confidence": 0.756})
    found["themes"] = pd.Series([["practice", "leadership"]] * len(texts), dtype=object)
    return found.assign(**columns)


def test_findings_are_shown_with_themes_and_confidence(screen: Console):
    print_findings(screen, findings(["Visits are late.", "Plans are weak."]))
    said = shown(screen)
    assert "a.txt" in said
    assert said.count("concern") == 2
    assert "76%" in said
    assert "practice" in said
    assert "leadership" in said


def test_each_article_has_its_own_table(screen: Console):
    print_findings(screen, findings(["One.", "Two."], article=["a.txt", "b.txt"]))
    said = shown(screen)
    assert said.index("a.txt") < said.index("One.") < said.index("b.txt") < said.index("Two.")


def test_context_stands_beside_a_sentence(screen: Console):
    print_findings(screen, findings(["Middle."], before="Before.", after="After."))
    assert "Before. ¦ Middle. ¦ After." in shown(screen)


@pytest.mark.parametrize("width", [40, 60, 100])
def test_the_pages_width_is_respected(width: int):
    screen = Console(file=io.StringIO(), width=width)
    print_findings(screen, findings(["A long sentence about visits that are late. " * 8, "x" * 300]))
    assert max(len(line) for line in shown(screen).splitlines()) <= width


def test_findings_are_coloured_on_a_terminal():
    colours = set()
    for finding in ("strength", "concern", "recommendation"):
        screen = Console(file=io.StringIO(), width=100, force_terminal=True, color_system="standard")
        print_findings(screen, findings(["Text."], finding=finding))
        line = next(line for line in shown(screen).splitlines() if finding in line)
        colours.add(line[: line.index(finding)])
    assert len(colours) == 3


@pytest.mark.parametrize("text", ["\x1b[31mred", "\x1b]0;title\x07", "\x9b2J", "a\rb", "a\x08b", "\u202etxt"])
def test_control_characters_never_reach_the_terminal(screen: Console, text: str):
    print_findings(screen, findings([text], article=text))
    print_rows(screen, ["column"], [[text]], text)
    assert all(character.isprintable() or character == "\n" for character in shown(screen))
    assert clean(text).isprintable()


def test_a_table_is_cleaned_with_its_names():
    found = cleaned(pd.DataFrame({"a\x1b": ["b\x9b2J", "c"], "n": [1, 2]}))
    assert found.to_dict("list") == {"a ": ["b 2J", "c"], "n": [1, 2]}


@pytest.mark.parametrize("text", ["[draft] notes", "[/bold] end", "[red]x[/red]", "[link=http://x]y", ":smile:"])
def test_what_looks_like_markup_stays_as_it_is(screen: Console, text: str):
    print_findings(screen, findings([text], article=text))
    print_rows(screen, ["column"], [[text]], text)
    assert shown(screen).count(text) == 4


def test_numbers_have_three_digits_and_stand_right(screen: Console):
    print_rows(screen, ["name", "score"], [["a", 0.12345], ["b", 1.0]])
    lines = shown(screen).splitlines()
    assert [line.split() for line in lines] == [["name", "score"], ["a", "0.123"], ["b", "1.000"]]


def test_metrics_stand_beside_the_majority_baseline(screen: Console, trained: Trained):
    print_metrics(screen, "findings, out of fold", trained.metrics["findings"])
    said = shown(screen)
    for word in ("precision", "recall", "F1", "support", "strength", "macro-F1", "accuracy", "always none"):
        assert word in said


def test_intervals_are_shown_where_known(screen: Console, trained: Trained):
    metrics = {**trained.metrics["themes"], "intervals": {"micro_f1": (0.1234, 0.5678)}}
    print_metrics(screen, "themes", metrics)
    assert "(0.123–0.568)" in shown(screen)
