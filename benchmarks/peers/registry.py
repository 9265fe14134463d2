"""All peers, in the order of the table."""

from __future__ import annotations

from peers.embeddings import FrozenMiniLM
from peers.fast import FastText
from peers.minilm import PACKAGE, TunedMiniLM, encoder_folder
from peers.ours import Ours
from peers.peer import Peer
from peers.pipes import Spacy
from peers.plain import Majority, Vader
from peers.tfidf import Tfidf

OURS = "ours"
FROZEN = "ours with encoder"
TUNED = "ours, encoder tuned"


def peers() -> dict[str, Peer]:
    """Every peer by its name."""
    listed: list[Peer] = [
        Majority(),
        Vader(),
        Tfidf(),
        FastText(),
        Spacy(),
        FrozenMiniLM(),
        TunedMiniLM(),
        Ours(OURS, "`pipeline train`, settings as they come: linear, over n-grams of sentence, heading and neighbours"),
        Ours(FROZEN, "`pipeline train --encoder` with all-MiniLM-L6-v2", encoder_folder(), needs=(PACKAGE,)),
        Ours(
            TUNED,
            "`pipeline encoder tune` of all-MiniLM-L6-v2, then `pipeline train --encoder` with that",
            encoder_folder(),
            tuned=True,
            needs=(PACKAGE, "onnxscript", "onnxruntime"),
        ),
    ]
    return {peer.name: peer for peer in listed}
