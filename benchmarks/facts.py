"""Facts read from real reports, against what is known of them: `python benchmarks/facts.py [SHARED] [--misses]`.

`reports.jsonl.gz` says of each report its authority, its kind and when it was published; `judgements.jsonl` holds the
grades of sixty inspections of all years, read by eye. Many reports don't say when they were published: of them, it is
right to read nothing.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from common import ROOT, SHARED, print_table, read_rows, verdict

from pipeline.articles import Article, Source
from pipeline.facts import Facts, read_facts
from pipeline.facts.authorities import authorities, key
from pipeline.facts.dates import days
from pipeline.facts.page import plain

_KINDS = {"ilacs": "full_inspection", "focused": "focused_visit"}
_TARGETS = {
    "authority": 0.98,
    "published": 0.97,
    "published, where the text holds the date": 0.97,
    "inspection kind": 0.98,
    "overall grade, read by eye": 0.95,
}


class Record(NamedTuple):
    """A report, what is known of it, and the facts read from it."""

    name: str
    text: str
    known: dict[str, str]
    facts: Facts


class Check(NamedTuple):
    """Whether a fact was read right."""

    measure: str
    record: str
    right: bool
    read: str
    known: str


def records(shared: Path) -> tuple[list[Record], float]:
    """The real reports with their facts, and how many milliseconds a report took to read, once cut into blocks."""
    with gzip.open(shared / "reports" / "reports.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    articles = [Article.of(Source(f"{row['authority']}: {row['name']}", row["text"])) for row in rows]
    read_facts(articles[0])
    start = perf_counter()
    facts = [read_facts(article) for article in articles]
    taken = (perf_counter() - start) / len(rows) * 1000
    found = zip(rows, articles, facts, strict=True)
    return [Record(article.source.name, row["text"], _known(row), read) for row, article, read in found], taken


def _known(row: dict[str, Any]) -> dict[str, str]:
    """What is known of a report, as facts write it."""
    names = {key(name): authority.short for authority in authorities() for name in (authority.short, *authority.others)}
    published = datetime.strptime(row["name"].rsplit(" - ", 1)[1], "%d %B %Y").date()
    return {
        "authority": names[key(row["authority"])],
        "published": published.isoformat(),
        "inspection_kind": _KINDS[row["kind"]],
    }


def checks(found: list[Record]) -> Iterator[Check]:
    """Each fact of each report against what is known."""
    for record in found:
        read, known = record.facts.columns(), record.known
        yield _check("authority", record, read["authority"], known["authority"])
        yield _check("inspection kind", record, read["inspection_kind"], known["inspection_kind"])
        given = known["published"] in {named.first.isoformat() for named in days(plain(record.text)) if named.single}
        right = read["published"] == (known["published"] if given else "")
        yield Check("published", record.name, right, read["published"], known["published"])
        if given:
            yield _check("published, where the text holds the date", record, read["published"], known["published"])


def _check(measure: str, record: Record, read: str, known: str) -> Check:
    return Check(measure, record.name, read == known, read, known)


def grades(found: list[Record]) -> Iterator[Check]:
    """The grades read by eye."""
    by_report = {(record.known["authority"], record.known["published"]): record for record in found}
    for row in read_rows(ROOT / "benchmarks" / "judgements.jsonl"):
        record = by_report[row["authority"], row["published"]]
        read = record.facts.overall.value if record.facts.overall else ""
        yield _check("overall grade, read by eye", record, read, row["overall"])
        areas = [
            judgement.grade.value
            for judgement in record.facts.judgements
            if not judgement.area.value.startswith("Overall")
            and "Safeguarding Children Board" not in judgement.area.value
        ]
        yield _check("all areas' grades, read by eye", record, ", ".join(areas), ", ".join(row["grades"]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path, nargs="?", default=SHARED)
    parser.add_argument("--misses", action="store_true", help="list what was read wrong")
    options = parser.parse_args()
    if not (options.shared / "reports" / "reports.jsonl.gz").is_file():
        print(f"{options.shared}: no real reports here: nothing is measured")
        return
    found, taken = records(options.shared)
    made = [*checks(found), *grades(found)]
    rows = []
    for measure in dict.fromkeys(check.measure for check in made):
        of_measure = [check.right for check in made if check.measure == measure]
        share = sum(of_measure) / len(of_measure)
        target = _TARGETS.get(measure)
        rows.append(
            [
                measure,
                str(len(of_measure)),
                str(sum(of_measure)),
                f"{share:.3f}",
                f"{target:.2f} {verdict(share >= target)}" if target else "",
            ]
        )
    print_table(
        f"Facts of {len(found)} reports, {taken:.1f} ms each", ["fact", "reports", "right", "share", "target"], rows
    )
    for check in made if options.misses else ():
        if not check.right:
            print(f"{check.measure}: {check.record}: read {check.read or '-'}, known {check.known or '-'}")


if __name__ == "__main__":
    main()
