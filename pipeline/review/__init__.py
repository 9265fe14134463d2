"""Review: what to look at next, out to people and their tools, and what they say back in."""

from pipeline.review.agreement import Agreement, agreements
from pipeline.review.items import Item, Review
from pipeline.review.ledger import Ledger
from pipeline.review.verdicts import Verdict, accepted, fingerprint, verdicts

__all__ = [
    "Agreement",
    "Item",
    "Ledger",
    "Review",
    "Verdict",
    "accepted",
    "agreements",
    "fingerprint",
    "verdicts",
]
