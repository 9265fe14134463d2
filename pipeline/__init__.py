"""Finds strengths, concerns and recommendations, and their themes, in inspection articles, sentence by sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.articles import read_article, read_articles, split_sentences
    from pipeline.model import Model
    from pipeline.store import load_model

__version__ = "0.1.0"
__all__ = ["Model", "__version__", "load_model", "read_article", "read_articles", "split_sentences"]

_HOMES = {
    "Model": "pipeline.model",
    "load_model": "pipeline.store",
    "read_article": "pipeline.articles",
    "read_articles": "pipeline.articles",
    "split_sentences": "pipeline.articles",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that the command line starts fast."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
