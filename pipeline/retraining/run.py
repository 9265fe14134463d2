"""A run: train a challenger on what is new, and put it in the place of the version in use if it is not worse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.errors import CorpusError, ModelError, StoreError
from pipeline.retraining import held_out, record
from pipeline.retraining.behaviour import load_checks
from pipeline.retraining.corrections import (
    KIND,
    checked,
    corrected,
    reviewed,
    row_digest,
    source_of,
    without_held_out,
)
from pipeline.retraining.inputs import changes, inputs_of
from pipeline.retraining.judging import Judgement, gate_digest, judge
from pipeline.retraining.outcomes import Outcome, Request, Result
from pipeline.retraining.stand_ins import Ground
from pipeline.settings import Settings
from pipeline.store import Store, Version

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.corpus import Corpus
    from pipeline.encoders.encoder import Encoder
    from pipeline.learning.training import Trained
    from pipeline.retraining.held_out import Gold, HeldOut

LOCK = "retrain"
Progress = Callable[[str], None]


def retrain(store: Store, request: Request, progress: Progress = lambda _: None) -> Outcome:
    """Train a challenger if anything is new, and promote it if it is not worse; one run at a time in a store.

    Raises `StoreError` when another run has the lock, `CorpusError` for labelled data that can't be learnt from or that
    lost articles, `SettingsError`, `EncoderError` and `ModelError`; whatever is raised, nothing has changed.
    """
    with store.lock(LOCK, wait=request.settings.retraining.wait):
        return _Run(store, request, progress).outcome()


class _Run:
    """One run; the steps in the order of `outcome`."""

    def __init__(self, store: Store, request: Request, progress: Progress) -> None:
        self.store, self.request, self.progress = store, request, progress
        name = store.current()
        self.champion: Version | None = store.version(name) if name else None
        self.known = record.record_of(self.champion) if self.champion else None
        self.held = held_out.load(store.root)
        self.checks = load_checks(request.settings.retraining.behaviour)
        self.inputs = inputs_of(
            request.corpus, request.corrections, request.settings, request.themes, self._encoder_digest()
        )
        self.changed = changes(self.known.inputs, self.inputs) if self.known else list(self.inputs)
        self.notes: list[str] = []

    def outcome(self) -> Outcome:
        if not self.request.force and (same := self._unchanged()):
            return self._none(same)
        self.progress("reading the corpus")
        corpus, table = self._read()
        if same := self._unchanged_since_training(corpus):
            return self._none(same)
        self._check_lost(table)
        encoder = self._encoder()
        held = self.held or self._choose(table, encoder)
        gold = self._gold(held, table, encoder)
        rows = without_held_out(self.request.corrections, held)
        if left := len(self.request.corrections) - len(rows):
            self.notes.append(f"{left} corrections are of held-out articles: neither learnt from nor measured on")
        whole = corrected(corpus.examples, rows)
        training = whole.iloc[held_out.training_rows(held, whole)].reset_index(drop=True)
        self.progress("training a challenger")
        trained = self._train(training, self.request.settings, encoder)
        self.progress("measuring")
        ground = Ground(
            held,
            gold,
            whole,
            corpus.examples,
            corpus.fingerprint,
            self.request.themes,
            self.request.settings,
            lambda part, settings: self._train(part, settings, encoder).model,
        )
        judged = judge(trained.model, self.store, ground, self.checks, rows)
        counts = {"trained_on": training["article"].nunique(), "held_out": len(held.articles), "corrections": len(rows)}
        found = Outcome(
            "kept" if judged.against else "promoted",
            judged.reason,
            self._name,
            None,
            self.changed,
            judged.against,
            self.notes,
            judged.measured.summary(),
            judged.comparisons,
            {name: int(count) for name, count in counts.items()},
            self.request.dry_run,
        )
        if self.request.dry_run:
            return found
        self.held = held
        kept = record.record(
            training,
            trained,
            self.request.themes,
            self.inputs,
            corrections=map(row_digest, rows),
            gate=self._gate(),
            kept="; ".join(judged.against),
            reviewed=reviewed(training, rows),
        )
        return self._write(corpus, trained, judged, kept, found, training)

    def _none(self, why: str) -> Outcome:
        return Outcome("unchanged", why, self._name, dry_run=self.request.dry_run)

    # What is known before anything is read

    @property
    def _name(self) -> str | None:
        return self.champion.name if self.champion else None

    def _encoder_digest(self) -> str:
        if self.request.encoder is not None:
            from pipeline.encoders.encoder import Encoder

            return Encoder.find(self.request.encoder).digest
        described = self.champion.described.get("encoder") if self.champion else None
        return str(described.get("digest", "")) if isinstance(described, dict) else ""

    def _unchanged(self) -> str | None:
        """Why there is nothing to do, as far as digests tell."""
        if self.champion is None or self.known is None:
            return None
        if not self.changed:
            return f"nothing is new since {self.champion.name}, the version in use, was trained"
        for version in reversed(self.store.versions()):
            if version.name == self.champion.name:
                break
            try:
                kept = record.record_of(version)
            except ModelError:
                continue
            if kept and kept.kept and kept.gate == self._gate() and not changes(kept.inputs, self.inputs):
                return f"nothing is new since {version.name} was trained and kept unpromoted: {kept.kept}"
        return None

    def _gate(self) -> str:
        return gate_digest(self.store, self.held, self.request.settings, self.checks, self._name)

    # Reading

    def _read(self) -> tuple[Corpus, pd.DataFrame]:
        from pipeline.corpus import read_corpus

        corpus = read_corpus(self.request.corpus, self.request.themes)
        rows = checked(self.request.corrections, self.request.themes)
        return corpus, corrected(corpus.examples, rows)

    def _unchanged_since_training(self, corpus: Corpus) -> str | None:
        """For a version that doesn't say what it was trained on: whether it was this corpus and nothing else."""
        if self.champion is None or self.known is not None or self.request.force or self.request.corrections:
            return None
        if self.champion.manifest.get("corpus") != corpus.fingerprint:
            return None
        return f"nothing is new since {self.champion.name}, the version in use, was trained on the same corpus"

    def _check_lost(self, table: pd.DataFrame) -> None:
        """Raise `CorpusError` when articles of the corpus that the version in use saw are gone, unless forced."""
        from pipeline.retraining.articles import articles_of

        if self.known is None:
            return
        present = articles_of(table)
        called = record.load_names(self.store.root)
        if lost := record.lost(self.known, present, called):
            said = ", ".join(called.get(digest, digest) for digest in lost[:5]) + (" …" if len(lost) > 5 else "")
            articles, are, them = ("article", "is", "it") if len(lost) == 1 else ("articles", "are", "them")
            count = f"{len(lost)} {articles} that {self._name} was trained on {are} gone"
            if not self.request.force:
                raise CorpusError(f"{count} ({said}): bring {them} back, or go on with --force")
            self.notes.append(count)
        if gone := record.withdrawn(self.known, present, {source_of(row) for row in self.request.corrections}):
            articles, have = ("article", "has") if gone == 1 else ("articles", "have")
            self.notes.append(
                f"{gone} {articles} whose corrections {self._name} learnt from {have} none left: "
                "purged, withdrawn or in dispute"
            )

    def _encoder(self) -> Encoder | None:
        from pipeline.encoders.encoder import Encoder, needed

        if self.request.encoder is not None:
            return Encoder.find(self.request.encoder)
        if self.champion is None or not self.champion.described.get("encoder"):
            return None
        reference = self.store.load(self.champion.name).encoder
        return needed(reference, self.store.root) if reference else None

    def _choose(self, table: pd.DataFrame, encoder: Encoder | None) -> HeldOut:
        from pipeline.learning.examples import seen_rows

        # A tuned encoder knows the labels of the articles that it was tuned on.
        unseen = table if encoder is None else table[~seen_rows(table, encoder.seen)].reset_index(drop=True)
        settings = self.request.settings
        return held_out.choose(
            unseen,
            settings.retraining.held_out,
            seed=settings.training.seed,
            why="the first retraining",
            anchor=self._name,
            without=settings.training.encoder_only,
        )

    def _gold(self, held: HeldOut, table: pd.DataFrame, encoder: Encoder | None) -> Gold:
        from pipeline.learning.examples import seen_rows

        gold = held_out.gold_of(held, table)
        if encoder is not None and seen_rows(gold.table, encoder.seen).any():
            raise StoreError(
                f"{encoder.name}: tuned on articles that are held out: tune it without them, "
                "or choose others with 'pipeline held-out renew'"
            )
        # Those of corrections alone go on purpose, as in `_check_lost`.
        of_corrections = {article.name for article in held.articles if article.kind == KIND}
        lost = [name for name in gold.missing if name not in of_corrections]
        if lost and not self.request.force:
            said = ", ".join(lost[:5])
            raise CorpusError(
                f"{len(lost)} held-out articles are gone or were edited ({said}): bring them back, "
                "choose anew with 'pipeline held-out renew', or go on without them with --force"
            )
        if gold.missing:
            self.notes.append(f"{len(gold.missing)} held-out articles are gone or were edited: measured without them")
        return gold

    # Training and writing

    def _train(self, table: pd.DataFrame, settings: Settings, encoder: Encoder | None) -> Trained:
        from pipeline.learning.training import train

        return train(table, self.request.themes, settings, encoder=encoder, jobs=self.request.jobs)

    def _write(
        self,
        corpus: Corpus,
        trained: Trained,
        judged: Judgement,
        kept: dict[str, Any],
        found: Outcome,
        training: pd.DataFrame,
    ) -> Outcome:
        """Write the version, with what it is measured on, and promote it if it is to be."""
        import pipeline
        from pipeline.reports.card import model_card
        from pipeline.retraining.articles import articles_of
        from pipeline.retraining.stand_ins import save

        assert self.held is not None
        metrics = {**trained.metrics, "held_out": judged.measured.summary(), record.KEY: kept}
        card = model_card(trained.model.notes, trained.metrics, corpus.fingerprint, pipeline.__version__)
        with self.store.lock():
            result: Result = found.outcome
            reason = found.reason
            if self.store.current() != self._name:
                result, reason = "kept", f"{self.store.current()} was made current meanwhile: run again"
            fresh = held_out.load(self.store.root) is None
            self.held.save(self.store.root)
            try:
                version = self.store.write(
                    trained.model,
                    metrics=metrics,
                    card=card,
                    corpus=corpus.fingerprint,
                    promote=result == "promoted",
                    parameters=trained.parameters,
                    action="retrain",
                    why=f"{result}: {reason}",
                )
            except BaseException:
                if fresh:
                    (self.store.root / held_out.FILE).unlink(missing_ok=True)
                raise
            # Articles of corrections alone are told by digests: their names go when they are purged.
            record.save_names(self.store.root, [known for known in articles_of(training) if known.kind != KIND])
            for name, measured in judged.stand_ins.items():
                save(self.store.root, name, self.held, measured)
        return replace(found, outcome=result, reason=reason, version=version.name)
