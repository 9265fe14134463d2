"""Tables as commands print them."""

from __future__ import annotations

import csv
import io
import json
from typing import Any


def csv_rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def json_rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]
