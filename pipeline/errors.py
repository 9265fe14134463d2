"""The errors the package raises on purpose: each says what is wrong, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence


class PipelineError(Exception):
    """Base of every expected error; its message is one line, fit to be shown to a user."""


class SettingsError(PipelineError):
    """A configuration file, theme list or option that can't be used."""


class ArticleError(PipelineError):
    """A file or folder that can't be read as an article."""


class CorpusError(PipelineError):
    """Labelled documents that can't be trained on; `problems` lists every one found."""

    def __init__(self, summary: str, problems: Sequence[str] = ()) -> None:
        super().__init__("\n".join([summary, *problems]))
        self.summary = summary
        self.problems = tuple(problems)


class ReviewError(PipelineError):
    """Reviews that can't be read, recorded or brought in; `problems` lists every bad row."""

    def __init__(self, summary: str, problems: Sequence[str] = ()) -> None:
        super().__init__("\n".join([summary, *problems]))
        self.summary = summary
        self.problems = tuple(problems)


class TableError(PipelineError):
    """A table without the columns, or with values, that a command needs."""


class ModelError(PipelineError):
    """A saved model that is missing, damaged, too new, or not a model."""


class EncoderError(PipelineError):
    """An encoder that is missing, damaged, or not the one that a model needs."""


class StoreError(PipelineError):
    """A models folder that can't be read or written."""


class MissingExtraError(PipelineError):
    """A feature whose optional dependency isn't installed."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs an optional package: pip install 'inspection-pipeline[{extra}]'")
