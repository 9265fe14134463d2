"""The store: a models folder with its versions, each there whole or not at all, the one in use, and its history."""

from pipeline.store.choice import CURRENT, Pruned
from pipeline.store.differences import Change
from pipeline.store.history import Entry
from pipeline.store.store import HISTORY, Store, load_model
from pipeline.store.versions import MANIFEST, Version, load_version, verify

__all__ = [
    "CURRENT",
    "HISTORY",
    "MANIFEST",
    "Change",
    "Entry",
    "Pruned",
    "Store",
    "Version",
    "load_model",
    "load_version",
    "verify",
]
