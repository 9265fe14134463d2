"""Scoring: raw article text to labels, ours against NLTK and scikit-learn put together the plain way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import perf_counter
from typing import Any
from unittest.mock import patch

from common import MODELS, ROOT, best_in_turn, forget, learnt_punkt, print_table, read_reports, verdict

from pipeline import Model, load_model
from pipeline.articles import Article, Source, sentence_table
from pipeline.articles.readers.plain import decode
from pipeline.corpus import read_corpus
from pipeline.labels import load_themes
from pipeline.learning import features
from pipeline.settings import bundled

TEXTS = 60
REPEATS = 5
TARGET = 6.0

Run = Callable[[], object]

_NOTES = """\
The plain stack: NLTK's Punkt on each text, TfidfVectorizer of words 1-2 and char_wb 3-5 ({features:,} features, fitted
on the bundled corpus), LinearSVC for 4 findings and one-vs-rest for 16 themes. Best of {repeats} turns in one run, the
two taking turns; caches are emptied before each turn; the number of sentences is that of our splitter for both."""


def texts() -> tuple[str, list[str]]:
    """What is scored, and its name."""
    reports = list(read_reports().values())
    if reports:
        return "real reports", reports[:: len(reports) // TEXTS][:TEXTS]
    files = [*sorted((ROOT / "data" / "articles").iterdir()), *sorted((ROOT / "data" / "corpus").rglob("*.txt"))]
    found = [file.read_text(encoding="utf-8") for file in files if file.suffix in (".txt", ".md")]
    return "our own sample articles and corpus texts", found * 2


def cut(given: list[str]) -> list[Article]:
    articles = [Article.of(Source(f"text {number}", text)) for number, text in enumerate(given)]
    for article in articles:
        _ = article.sentences
    return articles


def our_way(given: list[str]) -> tuple[Run, dict[str, Any]]:
    """What scores texts with our model, and nothing more to tell."""
    model = load_model(MODELS)
    return lambda: model.predict_articles(cut(given)), {}


def plain_way(given: list[str]) -> tuple[Run, dict[str, Any]]:
    """What scores texts with Punkt, TF-IDF of words and characters, and linear classifiers; and how large that is."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import FeatureUnion
    from sklearn.preprocessing import MultiLabelBinarizer
    from sklearn.svm import LinearSVC

    themes = load_themes()
    examples = read_corpus([bundled("data/corpus")], themes).examples
    examples = examples[examples["finding"] != ""]
    splitter = learnt_punkt()
    vectors = FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2))),
            ("characters", TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5))),
        ]
    )
    matrix = vectors.fit_transform(examples["text"])
    machine = partial(LinearSVC, tol=1.0, max_iter=20, random_state=0)  # only its speed matters here
    finding = machine().fit(matrix, examples["finding"])
    targets = MultiLabelBinarizer(classes=list(themes)).fit_transform([given or [] for given in examples["themes"]])
    theme = OneVsRestClassifier(machine()).fit(matrix, targets)

    def run() -> object:
        sentences = [sentence for text in given for sentence in splitter.tokenize(text)]
        matrix = vectors.transform(sentences)
        return finding.predict(matrix), theme.predict(matrix)

    return run, {"features": matrix.shape[1]}


def serve(connection: Connection, way: Callable[[list[str]], tuple[Run, dict[str, Any]]], given: list[str]) -> None:
    """A worker: prepare, then run whenever asked, and say how many seconds it took."""
    run, told = way(given)
    connection.send(told)
    while connection.recv():
        forget()
        start = perf_counter()
        run()
        connection.send(perf_counter() - start)


def in_turn(given: list[str]) -> tuple[dict[str, list[float]], dict[str, Any]]:
    """Seconds of both ways, each in a process of its own, taking turns; and what they tell about themselves."""
    context = get_context("spawn")
    ways = {"ours": our_way, "plain": plain_way}
    ends: dict[str, Connection] = {}
    told: dict[str, Any] = {}
    taken: dict[str, list[float]] = {name: [] for name in ways}
    workers = []
    for name, way in ways.items():
        ends[name], theirs = context.Pipe()
        workers.append(context.Process(target=serve, args=(theirs, way, given), daemon=True))
        workers[-1].start()
        theirs.close()
        told |= ends[name].recv()
    for _ in range(REPEATS):
        for name, end in ends.items():
            end.send(True)
            taken[name].append(end.recv())
    for end, worker in zip(ends.values(), workers, strict=True):
        end.send(False)
        worker.join()
    return taken, told


def stages(given: list[str], model: Model) -> dict[str, float]:
    """Seconds of our stages in one run, from text to findings table."""
    spent = {"blocks and sentences": 0.0, "speakers": 0.0, "sentence table": 0.0, "features": 0.0, "projection": 0.0}

    def timed(stage: str, run: Callable[..., Any], *given: Any) -> Any:
        start = perf_counter()
        try:
            return run(*given)
        finally:
            spent[stage] += perf_counter() - start

    def extract(*given: Any) -> Iterator[Any]:
        groups = unwatched(*given)
        while (group := timed("features", next, groups, None)) is not None:
            yield group

    unwatched, project = features.extract, partial(timed, "projection", features.project)
    forget()
    articles = timed("blocks and sentences", cut, given)
    timed("speakers", lambda: [article.speakers for article in articles])
    table = timed("sentence table", sentence_table, articles)
    with patch.object(features, "extract", extract), patch.object(features, "project", project):
        start = perf_counter()
        model.predict_sentences(table)
        rest = perf_counter() - start - spent["features"] - spent["projection"]
    return {**spent, "probabilities and findings table": rest}


def main() -> None:
    name, given = texts()
    taken, told = in_turn(given)
    count = sum(len(article.sentences) for article in cut(given))
    ours, plain = (min(taken[way]) for way in ("ours", "plain"))
    rows = [
        [title, f"{seconds:.2f}", f"{count / seconds:,.0f}", f"{plain / seconds:.1f}"]
        for title, seconds in (("ours, the findings table included", ours), ("plain stack, labels alone", plain))
    ]
    print_table(
        f"Scoring {len(given)} texts ({name}; {sum(map(len, given)):,} characters, {count:,} sentences)",
        ["one process each", "seconds", "sentences/s", "times the plain stack"],
        rows,
    )
    print(f"target: at least {TARGET:g} times the plain stack: {plain / ours:.1f}, {verdict(plain / ours >= TARGET)}\n")
    model = load_model(MODELS)
    staged = min((stages(given, model) for _ in range(REPEATS)), key=lambda spent: sum(spent.values()))
    total = sum(staged.values())
    rows = [[stage, f"{spent:.3f}", f"{spent / total:.0%}", f"{count / spent:,.0f}"] for stage, spent in staged.items()]
    print_table("Our stages, of the best of as many runs", ["stage", "seconds", "share", "sentences/s"], rows)
    data = [text.encode() for text in given]
    spent = best_in_turn({"decode": lambda: [decode(part, "text") for part in data]}, repeats=REPEATS)["decode"]
    print(f"Decoding the files' bytes comes before: {spent:.3f} seconds more (not counted above, for either).\n")
    print(_NOTES.format(repeats=REPEATS, features=told["features"]))


if __name__ == "__main__":
    main()
