"""Articles of a sentence table: what tells each from others, and which were trained on. No text is kept."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import ModelError

if TYPE_CHECKING:
    import pandas as pd

_DIGITS = 12


@dataclass(frozen=True)
class Known:
    """An article: its name, kind, a digest of its text, and one of its labels; `rows` are its places in the table."""

    name: str
    kind: str
    digest: str
    labels: str
    whole: bool
    rows: NDArray[np.int64]


def articles_of(table: pd.DataFrame) -> list[Known]:
    """The articles of a corpus's sentence table (`Corpus.examples`), in its order.

    A document is told by its source, as its sentences' ids are; an article of sentences alone, by their texts.
    """
    if not len(table):
        return []
    names = table["article"].astype(str).to_numpy()
    first = names[np.sort(np.unique(names, return_index=True)[1])]
    places = dict(table.groupby("article", sort=False).indices)
    texts, findings, themes = (table[name].tolist() for name in ("text", "finding", "themes"))
    ids = table["id"].tolist() if "id" in table.columns else [None] * len(table)
    kinds = table["kind"].tolist() if "kind" in table.columns else [""] * len(table)
    found = []
    for name in first:
        rows = np.asarray(places[name])
        identity = ids[rows[0]]
        whole = isinstance(identity, str)
        digest = identity.partition(":")[0] if whole else digest_of(texts[row] for row in rows)
        labels = digest_of(f"{findings[row]} {','.join(sorted(themes[row] or ()))}" for row in rows)
        found.append(Known(str(name), str(kinds[rows[0]]), digest, labels, whole, rows))
    return found


def digest_of(texts: Iterable[str]) -> str:
    """12 hex digits of the SHA-256 over texts."""
    return hashlib.sha256("\n".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def distinct(table: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """A sentence table with each text once, and how many copies of articles were left out; the first is kept.

    A copy has the same sentences, whatever its file, its name, or the furniture around them.
    """
    body = table[table["block"] != "furniture"]
    texts = {name: digest_of(part) for name, part in body.groupby("article", sort=False)["text"]}
    first = {digest: name for name, digest in reversed(texts.items())}
    copies = [name for name, digest in texts.items() if first[digest] != name]
    return (table[~table["article"].isin(copies)].reset_index(drop=True) if copies else table), len(copies)


def packed(articles: Iterable[Known]) -> str:
    """Digests of articles and of their labels as one string."""
    pairs = sorted((known.digest, known.labels) for known in articles)
    return base64.b64encode(bytes.fromhex("".join(digest + labels for digest, labels in pairs))).decode("ascii")


def unpacked(text: str) -> Mapping[str, str]:
    """What `packed` packed: the digest of labels by that of the article. Raises `ModelError` when it is damaged."""
    try:
        digits = base64.b64decode(text, validate=True).hex()
    except (ValueError, TypeError):
        digits = "?"
    if len(digits) % (2 * _DIGITS):
        raise ModelError("what the version says of its articles is damaged: train it again")
    parts = (digits[place : place + 2 * _DIGITS] for place in range(0, len(digits), 2 * _DIGITS))
    return {part[:_DIGITS]: part[_DIGITS:] for part in parts}


def packed_array(values: NDArray[np.float32]) -> dict[str, object]:
    """An array as plain data."""
    data = np.ascontiguousarray(values, dtype="<f4")
    return {"shape": list(data.shape), "data": base64.b64encode(zlib.compress(data.tobytes(), 9)).decode("ascii")}


def unpacked_array(packed: Mapping[str, object]) -> NDArray[np.float32]:
    """What `packed_array` packed. Raises `ModelError` when it is damaged."""
    try:
        shape = tuple(int(side) for side in packed["shape"])  # type: ignore[attr-defined]
        size = 4 * int(np.prod(shape))
        # No more than was asked for: what says it is small must not unpack to much.
        data = zlib.decompressobj().decompress(base64.b64decode(str(packed["data"]), validate=True), size + 1)
        return np.frombuffer(data, dtype="<f4").reshape(shape)
    except (KeyError, TypeError, ValueError, zlib.error):
        raise ModelError("what the version says of its articles is damaged: train it again") from None
