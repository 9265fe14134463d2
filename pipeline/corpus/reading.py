"""Reading a corpus: folders of labelled documents and files of labelled sentences, checked as a whole."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from pipeline.articles import DOCUMENTS, sentence_table
from pipeline.corpus.documents import Document, read_document
from pipeline.corpus.rows import Labels, Problems, Row, labels_of, read_rows, readers_of
from pipeline.errors import CorpusError

if TYPE_CHECKING:
    import pandas as pd

LABELLED = (".jsonl", ".csv", ".xlsx", ".parquet")


@dataclass(frozen=True)
class LabelledSentence:
    """A labelled sentence without a document."""

    where: str
    kind: str
    article: str
    text: str
    heading: str
    block: str
    speaker: str
    finding: str
    themes: list[str] | None
    readers: tuple[Labels, Labels] | None


@dataclass(frozen=True)
class Corpus:
    """Labelled documents and sentences."""

    documents: list[Document]
    sentences: list[LabelledSentence]

    @cached_property
    def examples(self) -> pd.DataFrame:
        """The sentence table of everything labelled, with `finding` ("" where there is no label), `themes` and `kind`.

        `themes` is a list of keys, or None where themes weren't labelled. Documents are cut by `articles` exactly as
        when predicting; each sentence takes the labels of the unit that overlaps it most.
        """
        import pandas as pd

        table = sentence_table(document.article for document in self.documents)
        matched = [unit for document in self.documents for unit in document.matches]
        names = {document.article.source.name: document for document in self.documents}
        table["kind"] = [names[name].kind for name in table["article"]]
        table["finding"] = [unit.finding if unit else "" for unit in matched]
        table["themes"] = pd.Series([unit.themes if unit else None for unit in matched], dtype=object)
        loose = pd.DataFrame(
            {
                "article": [sentence.article for sentence in self.sentences],
                "text": [sentence.text for sentence in self.sentences],
                "block": [sentence.block for sentence in self.sentences],
                "heading": [sentence.heading for sentence in self.sentences],
                "speaker": [sentence.speaker for sentence in self.sentences],
                "kind": [sentence.kind for sentence in self.sentences],
                "finding": [sentence.finding for sentence in self.sentences],
                "themes": pd.Series([sentence.themes for sentence in self.sentences], dtype=object),
            }
        )
        if not len(loose):
            return table
        return pd.concat([table, loose], ignore_index=True) if len(table) else loose

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of every text and label, whatever the order of the files."""
        rows = [
            [
                document.article.source.text,
                [(u.start, u.end, u.finding, sorted(u.themes or ())) for u in document.units],
            ]
            for document in self.documents
        ]
        rows += [[s.text, s.heading, s.block, s.speaker, s.finding, sorted(s.themes or ())] for s in self.sentences]
        digest = hashlib.sha256()
        for row in sorted(json.dumps(row, ensure_ascii=False) for row in rows):
            digest.update(row.encode("utf-8", "surrogatepass") + b"\n")
        return digest.hexdigest()


def read_corpus(paths: Iterable[Path], themes: Collection[str]) -> Corpus:
    """Read folders and files of labelled data.

    Raises `CorpusError` listing every bad row with its file and line; nothing is returned of a corpus with bad rows.
    """
    corpus, problems = check_corpus(paths, themes)
    if problems.errors:
        count = len(problems.errors)
        raise CorpusError(
            f"{count} problem{'s' * (count > 1)} in the corpus: mend them, nothing was trained", problems.errors
        )
    return corpus


def check_corpus(paths: Iterable[Path], themes: Collection[str]) -> tuple[Corpus, Problems]:
    """Read folders and files of labelled data, with all that is wrong with them."""
    problems = Problems()
    documents: list[Document] = []
    names: set[str] = set()
    sentences: list[LabelledSentence] = []
    for path in paths:
        if not path.exists():
            problems.errors.append(f"{path}: no such file or folder: check the path")
            continue
        root = path if path.is_dir() else path.parent
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        texts = [
            p
            for p in files
            if p.suffix in DOCUMENTS and p.name.lower() not in ("readme.md", "readme.txt", "labelling.md")
        ]
        partners = {p.with_suffix(".jsonl") for p in texts}
        for text_path in texts:
            if document := read_document(text_path, root, themes, problems):
                documents.append(_named_apart(document, names))
                names.add(documents[-1].name)
        for labelled in files:
            if labelled.suffix in LABELLED and labelled not in partners:
                sentences += _read_sentences(labelled, root, themes, problems)
        if path.is_file() and path.suffix not in (*DOCUMENTS, *LABELLED):
            problems.errors.append(
                f"{path}: not a corpus: give a folder, or a file of labelled sentences ({', '.join(LABELLED)})"
            )
    if not documents and not sentences and not problems.errors:
        problems.errors.append(
            "nothing labelled was found: a corpus holds NAME.txt with NAME.jsonl, or .jsonl or .csv files of sentences"
        )
    _check_whole(documents, sentences, problems)
    return Corpus(documents, sentences), problems


def _named_apart(document: Document, taken: Collection[str]) -> Document:
    """A document under a name of its own: another folder may hold one of the same name."""
    name, number = document.name, 1
    while name in taken:
        number += 1
        name = f"{document.name}#{number}"
    article = replace(document.article, source=replace(document.article.source, name=name))
    return replace(document, name=name, article=article)


def _read_sentences(path: Path, root: Path, themes: Collection[str], problems: Problems) -> list[LabelledSentence]:
    found: list[LabelledSentence] = []
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    for row in read_rows(path, problems):
        if path.suffix == ".jsonl" and "start" in row.values:
            problems.errors.append(f"{path}: labels without a text: put {path.with_suffix('.txt').name} beside it")
            return []
        if labels := labels_of(row, path, themes, problems):
            readers = readers_of(row, path, Labels(*labels[1:]), problems)
            found.append(_sentence(row, name, f"{path}:{row.line}", labels, readers))
    return found


def _sentence(
    row: Row,
    name: str,
    where: str,
    labels: tuple[str, str, list[str] | None],
    readers: tuple[Labels, Labels] | None,
) -> LabelledSentence:
    def value(key: str, default: str = "") -> str:
        given: Any = row.values.get(key)
        return str(given) if given else default

    text, finding, themes = labels
    kind = PurePosixPath(name).parent.name or "sentences"
    article = value("article", f"{name}#{row.line}")
    place = value("heading"), value("block"), value("speaker")
    return LabelledSentence(where, kind, article, " ".join(text.split()), *place, finding, themes, readers)


def _check_whole(documents: list[Document], sentences: list[LabelledSentence], problems: Problems) -> None:
    """What no row shows by itself: texts given twice, sentences labelled two ways, other cuts than the splitter's."""
    seen: dict[str, Path] = {}
    for document in documents:
        first = seen.setdefault(document.article.source.digest, document.path)
        if first is not document.path:
            problems.errors.append(f"{document.path}: the same text as {first}: remove one of them")
    contexts: dict[tuple[str, str, str], tuple[str, str]] = {}
    labels: defaultdict[str, set[str]] = defaultdict(set)
    for where, text, heading, before, finding in _contexts(documents, sentences):
        labels[text].add(finding)
        known, place = contexts.setdefault((text, heading, before), (finding, where))
        if known != finding:
            problems.errors.append(
                f"{where}: {finding}, but {known} in the same context at {place}: settle which it is"
            )
    for text, findings in labels.items():
        if len(findings) > 1 and len(text.split()) > 3:
            problems.warnings.append(f"labelled {' and '.join(sorted(findings))} in different contexts: {text[:80]!r}")
    for document in documents:
        found = {(sentence.start, sentence.end) for sentence in document.article.sentences}
        for unit in document.units:
            if (unit.start, unit.end) not in found:
                where = f"{document.path.with_suffix('.jsonl')}:{unit.line}"
                problems.warnings.append(f"{where}: pipeline split cuts {unit.text[:60]!r} otherwise")


def _contexts(documents: list[Document], sentences: list[LabelledSentence]) -> Iterable[tuple[str, str, str, str, str]]:
    for document in documents:
        before = ""
        for sentence, unit in zip(document.article.sentences, document.matches, strict=True):
            if unit and sentence.block != "furniture":
                where = f"{document.path.with_suffix('.jsonl')}:{unit.line}"
                yield where, sentence.text, sentence.heading, before, unit.finding
            before = sentence.text
    for loose in sentences:
        yield loose.where, loose.text, loose.heading, "", loose.finding
