"""Gold: labelled units to measure on, and how well a model's predictions agree with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.articles import Article, read_source
from pipeline.corpus.documents import Unit, match, squeezed
from pipeline.corpus.rows import Problems, Row, labels_of, read_rows
from pipeline.errors import CorpusError
from pipeline.labels import FINDINGS, NONE
from pipeline.learning.evaluation import Metrics, finding_metrics, intervals, macro_f1, micro_f1, theme_metrics

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.model import Model


@dataclass(frozen=True)
class Gold:
    """Labelled units: a table with `text`, `article`, `finding`, `themes` (None where not labelled) and `unsure`.

    With `articles` (by name), units have `start` and `end` into those sources, and are scored end to end.
    """

    units: pd.DataFrame
    articles: dict[str, Article]


def read_gold(path: Path, articles: Path | None, themes: Collection[str]) -> Gold:
    """Read labelled units, and the article files that offsets refer to (`articles`, or the folder of that name beside).

    Raises `CorpusError` listing every bad row; `ArticleError` when an article can't be read.
    """
    import pandas as pd

    if not path.is_file():
        raise CorpusError(f"{path}: no such file: check the path")
    problems = Problems()
    read = [(row.line, _values(row, path, themes, problems)) for row in read_rows(path, problems)]
    lines, rows = [line for line, values in read if values], [values for _, values in read if values]
    found: dict[str, Article] = {}
    if not problems.errors and any("start" in row for row in rows):
        folder = articles or path.parent / "articles"
        for name in dict.fromkeys(row["article"] for row in rows):
            file = next(
                (f for f in (folder / f"{name}.txt", folder / name, folder / f"{name}.md") if f.is_file()), None
            )
            if file is None:
                problems.errors.append(f"{path}: no article {name!r} in {folder}: name its folder with --articles")
                continue
            found[name] = Article.of(read_source(file))
        for line, row in zip(lines, rows, strict=True):
            if row["article"] in found:
                _check_offsets(row, found[row["article"]].source.text, f"{path}:{line}", problems)
    if problems.errors:
        raise CorpusError(f"{path}: can't be measured on", problems.errors)
    if not rows:
        raise CorpusError(f"{path}: no labelled unit in it")
    return Gold(pd.DataFrame(rows), found)


def _check_offsets(row: dict[str, Any], source: str, where: str, problems: Problems) -> None:
    start, end, text = row.get("start"), row.get("end"), row["text"]
    if start is None or end is None:
        problems.errors.append(f"{where}: start and end are missing: give them in every row, or in none")
    elif not 0 <= start < end <= len(source):
        problems.errors.append(f"{where}: {start}-{end} lies outside {row['article']!r}: correct the offsets")
    elif squeezed(text) != squeezed(source[start:end]):
        found = " ".join(source[start:end].split())
        problems.errors.append(f"{where}: {start}-{end} is {found[:60]!r}, not {text[:60]!r}: correct the offsets")


def _values(row: Row, path: Path, themes: Collection[str], problems: Problems) -> dict[str, Any] | None:
    labels = labels_of(row, path, themes, problems)
    if labels is None:
        return None
    text, finding, given = labels
    values: dict[str, Any] = {
        key: row.values[key] for key in ("heading", "block", "speaker") if row.values.get(key) is not None
    }
    values |= {"article": str(row.values.get("article") or f"{path.name}#{row.line}"), "text": text, "finding": finding}
    values |= {"themes": given, "unsure": row.values.get("unsure") in (True, "true", "True", "1")}
    try:
        if row.values.get("start") not in (None, ""):
            values |= {"start": int(row.values["start"]), "end": int(row.values["end"])}
    except (KeyError, TypeError, ValueError):
        problems.errors.append(f"{path}:{row.line}: start and end must be whole numbers")
        return None
    return values


def evaluate_gold(model: Model, gold: Gold) -> dict[str, Metrics]:
    """Findings and themes of a model against gold, with and without unsure units; with articles, exact-span scores too.

    Themes are measured on units whose themes are labelled and whose gold finding is not none.
    """
    result: dict[str, Metrics] = {}
    if gold.articles:
        units, predicted, result["spans"] = _end_to_end(model, gold)
    else:
        units = gold.units
        predicted = model.predict_sentences(units.drop(columns=["finding", "themes", "unsure"]))
    sure = ~units["unsure"].to_numpy(dtype=bool)
    keys = list(model.themes)
    result |= _scores(units, predicted, np.ones(len(units), dtype=bool), keys, "")
    if not sure.all() and sure.any():
        result |= _scores(units, predicted, sure, keys, "_without_unsure")
    return result


def _end_to_end(model: Model, gold: Gold) -> tuple[pd.DataFrame, pd.DataFrame, Metrics]:
    """Gold units in reading order, the predicted row that overlaps each most, and how exact spans agree."""
    import pandas as pd

    hits = given = wanted = 0
    units, chosen = [], []
    for name, article in gold.articles.items():
        of_article = gold.units[gold.units["article"] == name].sort_values("start")
        predicted = model.predict_articles([article])
        spans, stretches = _stretches(predicted), _stretches(of_article)
        rows = [best.line if best else None for best in match(stretches, spans)]
        exact = {(s.start, s.end) for s in spans} & {(s.start, s.end) for s in stretches}
        hits, given, wanted = hits + len(exact), given + len(spans), wanted + len(stretches)
        covered = [row is not None for row in rows]
        units.append(of_article[covered])
        chosen.append(predicted.iloc[[row for row in rows if row is not None]])
    spans_found = {
        "precision": hits / max(given, 1),
        "recall": hits / max(wanted, 1),
        "f1": 2 * hits / max(given + wanted, 1),
    }
    return pd.concat(units, ignore_index=True), pd.concat(chosen, ignore_index=True), spans_found


def _stretches(table: pd.DataFrame) -> list[Unit]:
    offsets = zip(table["start"].tolist(), table["end"].tolist(), strict=True)
    return [Unit(row, int(start), int(end), "", "", None) for row, (start, end) in enumerate(offsets)]


def _scores(
    units: pd.DataFrame, predicted: pd.DataFrame, rows: np.ndarray[Any, Any], keys: list[str], suffix: str
) -> dict[str, Metrics]:
    codes = {finding: code for code, finding in enumerate(FINDINGS)}
    gold_codes = np.array([codes[finding] for finding in units["finding"]])[rows]
    found_codes = np.array([codes[finding] for finding in predicted["finding"]])[rows]
    articles = units["article"].to_numpy()[rows]
    findings = finding_metrics(gold_codes, found_codes)

    def accuracy(gold: Any, found: Any) -> float:
        return float((gold == found).mean())

    pair = (gold_codes, found_codes)
    findings["intervals"] = dict(
        zip(("macro_f1", "accuracy"), intervals([macro_f1, accuracy], [pair, pair], articles), strict=True)
    )
    result = {f"findings{suffix}": findings}
    known = np.array([given is not None for given in units["themes"]], dtype=bool)
    themed = rows & known & (units["finding"] != NONE).to_numpy()
    if keys and themed.any():
        gold_themes = _indicators(units["themes"], keys)[themed]
        found_themes = _indicators(predicted["themes"], keys)[themed]
        themes = theme_metrics(gold_themes, found_themes, keys)
        themes["intervals"] = {
            "micro_f1": intervals([micro_f1], [(gold_themes, found_themes)], units["article"].to_numpy()[themed])[0]
        }
        result[f"themes{suffix}"] = themes
    return result


def _indicators(lists: pd.Series[Any], keys: list[str]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    place: defaultdict[str, int] = defaultdict(lambda: -1, {key: i for i, key in enumerate(keys)})
    found = np.zeros((len(lists), len(keys) + 1), dtype=bool)
    for row, given in enumerate(lists):
        for key in given or ():
            found[row, place[key]] = True
    return found[:, : len(keys)]
