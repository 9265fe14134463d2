"""Relearning Punkt's parameters from a corpus, with NLTK's trainer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from pipeline.articles.layout import blocks
from pipeline.articles.punkt import Parameters

# Abbreviations of the field and of English letters and news that a corpus of a few hundred documents may not show often
# enough to be learnt. Those that are words too ("no.") are told apart by what follows, by Punkt's own rules.
KNOWN_ABBREVIATIONS = frozenset(
    [
        "cllr",
        "cllrs",
        "mr",
        "mrs",
        "ms",
        "mx",
        "dr",
        "prof",
        "rev",
        "hon",
        "rt",
        "st",
        "no",
        "nos",
        "e.g",
        "eg",
        "i.e",
        "ie",
        "etc",
        "vs",
        "v",
        "viz",
        "cf",
        "approx",
        "est",
        "dept",
        "govt",
        "gov",
        "insp",
        "supt",
        "sgt",
        "det",
        "dcc",
        "cdr",
        "lt",
        "col",
        "capt",
        "gen",
        "maj",
        "jan",
        "feb",
        "mar",
        "apr",
        "aug",
        "sept",
        "sep",
        "oct",
        "nov",
        "dec",
        "tel",
        "ext",
        "ref",
        "para",
        "paras",
        "p",
        "pp",
        "vol",
        "ch",
        "sect",
        "ed",
        "eds",
        "fig",
        "jr",
        "sr",
        "ltd",
        "plc",
        "co",
        "inc",
        "u.k",
        "a.m",
        "p.m",
        "ph.d",
        "rd",
        "ave",
        "sq",
    ]
)
_ABBREVIATION_SCORE = 2.0
_NUMBER = "##number##"


def learn(texts: Iterable[str]) -> Parameters:
    """Learn abbreviations, collocations, sentence starters and orthography from documents' paragraphs.

    Punkt's threshold for abbreviations is raised (0.3 to 2): in a corpus of this size a rare word that happens to end
    sentences passes the lower one. Collocations that begin with a number are left out: "… since 2011. Overall …" are
    two sentences, and numbered items are found by layout. The version is a digest of what was learnt.
    """
    from nltk.tokenize.punkt import PunktTrainer

    paragraphs = [
        block.text for text in texts for block in blocks(text) if block.kind in ("paragraph", "bullet", "quote")
    ]
    trainer = PunktTrainer()
    trainer.ABBREV = _ABBREVIATION_SCORE
    trainer.INCLUDE_ABBREV_COLLOCS = True
    trainer.train("\n\n".join(paragraphs))
    learnt = trainer.get_params()
    parameters = Parameters(
        version="",
        abbreviations=frozenset(learnt.abbrev_types) | KNOWN_ABBREVIATIONS,
        collocations=frozenset(pair for pair in learnt.collocations if pair[0] != _NUMBER),
        starters=frozenset(learnt.sent_starters),
        orthography=dict(learnt.ortho_context),
    )
    version = hashlib.sha256(parameters.to_json().encode()).hexdigest()[:12]
    return Parameters(
        version, parameters.abbreviations, parameters.collocations, parameters.starters, parameters.orthography
    )
