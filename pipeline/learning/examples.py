"""Examples: a labelled corpus as matrices, and its division into folds by article."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import CorpusError
from pipeline.labels import FINDINGS, NONE, Themes
from pipeline.learning import features
from pipeline.learning.context import Context
from pipeline.learning.linear import Booleans
from pipeline.settings import Settings, TaskSettings

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix

    from pipeline.encoders.encoder import Encoder

Codes = NDArray[np.int64]
Vectors = NDArray[np.float32]
Fold = tuple[Codes, Codes]
_LEAST_DOCUMENTS = 500


@dataclass(frozen=True)
class Examples:
    """A corpus as matrices, a row per sentence: features by group, labels, context, and the article each belongs to.

    `findings` are -1 where there is no label; `labelled` are the other rows, and `themed` those that themes are learnt
    from: with a finding other than none, and themes labelled. `hard` marks sentences that only encoders learn from, and
    `whole` those of documents (others come without one). With an encoder, `vectors` are the sentences' (else
    None), `windowed` says whether they are read in context, and `seen` marks those of articles that it was tuned on.
    """

    groups: Mapping[str, csr_matrix]
    findings: Codes
    themes: Booleans
    labelled: Codes
    themed: Codes
    articles: Codes
    context: Context
    furniture: Booleans
    hard: Booleans
    whole: Booleans
    vectors: Vectors | None
    windowed: bool
    seen: Booleans

    @classmethod
    def of(cls, table: pd.DataFrame, themes: Themes, settings: Settings, encoder: Encoder | None = None) -> Examples:
        """Examples from a corpus's sentence table; sentences without a label serve as context only.

        Raises `CorpusError` when there is one class only, or too few articles to split.
        """
        import pandas as pd

        codes = {finding: code for code, finding in enumerate(FINDINGS)}
        findings = np.array([codes.get(finding, -1) for finding in table["finding"]], dtype=np.int64)
        labelled = np.flatnonzero(findings >= 0)
        articles = np.unique(table["article"].astype(str).to_numpy(), return_inverse=True)[1]
        if len(set(findings[labelled].tolist())) < 2:
            only = FINDINGS[findings[labelled][0]] if len(labelled) else "nothing"
            raise CorpusError(f"one class only ({only}): a corpus needs sentences with at least two findings")
        count, least = len(set(articles[labelled].tolist())), settings.training.min_articles
        if count < least:
            raise CorpusError(f"too few articles to split: {count} of at least {least}: label more")
        lists = [given if isinstance(given, list) else None for given in table["themes"]]
        indicators = np.array([[key in (given or ()) for key in themes] for given in lists], dtype=bool)
        known = np.array([given is not None for given in lists])
        themed = np.flatnonzero((findings >= 0) & (findings != codes[NONE]) & known)
        batch = features.Sentences.of(table)
        bits = settings.features.bits
        groups = {group.name: features.matrix(group, bits) for group in features.extract(batch, settings.features)}
        shape = len(table), len(themes)
        vectors, seen = None, np.zeros(len(table), dtype=bool)
        if encoder is not None:
            vectors, seen = encoder.embed(batch), seen_rows(table, encoder.seen)
        kinds = table["kind"] if "kind" in table.columns else pd.Series("", index=table.index)
        hard = kinds.isin(settings.training.encoder_only).to_numpy()
        whole = (table["position"].notna() if "position" in table.columns else kinds.notna()).to_numpy()
        return cls(
            groups=groups,
            findings=findings,
            themes=indicators.reshape(shape),
            labelled=labelled,
            themed=themed,
            articles=articles,
            context=batch.context,
            furniture=np.array([block == "furniture" for block in batch.blocks], dtype=bool),
            hard=hard,
            whole=whole,
            vectors=vectors,
            windowed=encoder is not None and encoder.windowed,
            seen=seen,
        )

    @property
    def finding_targets(self) -> Booleans:
        """Findings as one column each."""
        return np.asarray(self.findings[:, None] == np.arange(len(FINDINGS)))

    def features(self, task: TaskSettings) -> csr_matrix:
        """A task's features, to score sentences by."""
        return features.weighted(self.groups, task.weights)

    def views(self, task: TaskSettings, seed: int) -> Iterator[csr_matrix]:
        """A task's features for each of its machines to learn from.

        In each, some sentences have lost their heading, or their form, so that neither is leant on: other ones in each.
        """
        from scipy.sparse import diags

        generator = np.random.default_rng(seed)
        shares = {"heading": task.heading_dropout, "form": task.form_dropout}
        draws = {name: generator.random(len(self.findings)) for name in shares}
        for machine in range(task.machines):
            groups = dict(self.groups)
            for name, share in shares.items():
                keep = (draws[name] + machine / task.machines) % 1 >= share
                if name == "form":
                    keep |= self.furniture  # what is furniture is so by its block, and may be leant on
                groups[name] = diags(keep.astype(np.float32)) @ groups[name]
            yield features.weighted(groups, task.weights)

    def held_out(self, rows: Codes) -> Codes:
        """Those of some rows to calibrate on: none that the encoder was tuned on; for n-grams, sentences of documents.

        Articles come as documents: sentences brought without one calibrate n-grams only where there are too few others.
        An encoder finds the corpus's documents easier than real ones: the hard sentences keep it from being too sure.
        """
        unseen = rows[~self.seen[rows]]
        documents = unseen[self.whole[unseen]]
        return documents if self.vectors is None and len(documents) >= _LEAST_DOCUMENTS else unseen


def seen_rows(table: pd.DataFrame, digests: frozenset[str]) -> Booleans:
    """Which rows belong to an article of which a digest is given."""
    if not digests or not len(table):
        return np.zeros(len(table), dtype=bool)
    articles = table["article"].astype(str)
    found = {name: article_digest(texts) in digests for name, texts in table["text"].groupby(articles.to_numpy())}
    return articles.map(found).to_numpy(dtype=bool)


def article_digest(texts: Iterable[str]) -> str:
    """What tells an article from others: SHA-256 over its sentences."""
    return hashlib.sha256("\n".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def split(examples: Examples, folds: int, seed: int) -> Iterator[Fold]:
    """Yield rows to train on and rows to test on: no article on both sides, findings in like proportions."""
    from sklearn.model_selection import StratifiedGroupKFold

    folds = min(folds, len(set(examples.articles[examples.labelled].tolist())))
    splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        # A finding that occurs in fewer articles than there are folds is left out of some, which can't be helped.
        warnings.filterwarnings("ignore", "The least populated class", UserWarning)
        # Sentences without a label go with their article, as a class of their own.
        found = list(splitter.split(examples.findings, examples.findings, examples.articles))
    yield from found
