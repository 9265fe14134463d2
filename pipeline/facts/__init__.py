"""Facts: what an article says of itself: title, date, authority, inspection and grades, each with its place."""

from pipeline.facts.facts import FACT_COLUMNS, Facts, read_facts
from pipeline.facts.inspections import INSPECTORATES, KINDS
from pipeline.facts.judgements import Judgement
from pipeline.facts.page import Fact

__all__ = ["FACT_COLUMNS", "INSPECTORATES", "KINDS", "Fact", "Facts", "Judgement", "read_facts"]
