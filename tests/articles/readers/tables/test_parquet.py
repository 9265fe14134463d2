"""Parquet: the types that its columns have."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
from samples.article_tables import sources


def test_types_that_no_table_of_text_has_are_carried_as_text():
    table = pa.table(
        {
            "text": pa.array([b"Late.", "caf\u00e9".encode()]),
            "day": pa.array([date(2031, 5, 6), None]),
            "moment": pa.array([datetime(2031, 5, 6, 9, 30)] * 2),
            "far": pa.array([2**62, 0], pa.timestamp("us")),
            "exact": pa.array([Decimal("1.50"), None]),
            "list": pa.array([[1, 2], []]),
            "struct": pa.array([{"a": 1}, None]),
        }
    )
    out = io.BytesIO()
    pq.write_table(table, out, row_group_size=1)
    first, second = sources(out.getvalue(), "a.parquet")
    assert (first.text, second.text) == ("Late.", "café")
    assert first.extra["far"]
    assert {key: cell for key, cell in first.extra.items() if key != "far"} == {
        "day": "2031-05-06", "moment": "2031-05-06T09:30:00", "exact": "1.50", "list": "[1, 2]", "struct": '{"a": 1}',
    }  # fmt: skip
    assert second.extra["day"] is None
