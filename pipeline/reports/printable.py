"""Printable: JSON that may be printed on a terminal, whatever text is in it."""

from __future__ import annotations

import json
import re
from typing import Any

_CONTROL = re.compile("[\x7f-\x9f]")


def json_text(value: Any, *, indent: int | None = None) -> str:
    """A value as JSON, in which control characters, which a terminal might obey, are escaped, and no others are."""
    # JSON itself lets these stand as they are.
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value, indent=indent, ensure_ascii=False))
