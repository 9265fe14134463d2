"""Charts as small SVG files: bars, and a curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

_COLOURS = ("#2e7d32", "#c62828", "#1565c0", "#9e9e9e")
_FONT = 'font-family="sans-serif" font-size="12"'


def stacked_bars(title: str, rows: Mapping[str, Mapping[str, int]]) -> str:
    """A horizontal bar per row, stacked by what its values count; all rows have the same keys."""
    keys = list(next(iter(rows.values()), {}))
    colours = dict(zip(keys, _COLOURS, strict=False))
    most = max((sum(values.values()) for values in rows.values()), default=1) or 1
    parts = [f'<text x="10" y="20" font-weight="bold" {_FONT}>{escape(title)}</text>']
    for i, key in enumerate(keys):
        parts.append(f'<rect x="{190 + 130 * i}" y="30" width="12" height="12" fill="{colours[key]}"/>')
        parts.append(f'<text x="{207 + 130 * i}" y="41" {_FONT}>{escape(key)}</text>')
    for i, (name, values) in enumerate(rows.items()):
        y = 55 + 22 * i
        parts.append(f'<text x="180" y="{y + 12}" text-anchor="end" {_FONT}>{escape(name.replace("_", " "))}</text>')
        x = 190.0
        for key in keys:
            width = 480 * values[key] / most
            parts.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="16" fill="{colours[key]}"/>')
            x += width
        parts.append(f'<text x="{x + 5:.1f}" y="{y + 12}" {_FONT}>{sum(values.values())}</text>')
    return _svg(740, 70 + 22 * len(rows), parts)


def curves(title: str, across: str, points: Sequence[float], lines: Mapping[str, Sequence[float]]) -> str:
    """Lines over a logarithmic axis; values lie between 0 and 1."""
    from math import log

    low = min(min(values) for values in lines.values())
    high = max(max(values) for values in lines.values())
    floor, ceiling = max(0.0, int(low * 20) / 20), min(1.0, (int(high * 20) + 1) / 20)
    left, right = log(points[0]), log(points[-1])

    def place(point: float, value: float) -> tuple[float, float]:
        x = 60 + 520 * (log(point) - left) / ((right - left) or 1)
        return x, 300 - 250 * (value - floor) / ((ceiling - floor) or 1)

    parts = [f'<text x="10" y="20" font-weight="bold" {_FONT}>{escape(title)}</text>']
    steps = round((ceiling - floor) * 20)
    for step in range(steps + 1):
        value = floor + step / 20
        y = place(points[0], value)[1]
        parts.append(f'<line x1="60" y1="{y:.1f}" x2="580" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="52" y="{y + 4:.1f}" text-anchor="end" {_FONT}>{value:.2f}</text>')
    for point in points:
        x = place(point, floor)[0]
        parts.append(f'<text x="{x:.1f}" y="318" text-anchor="middle" {_FONT}>{point:g}</text>')
    parts.append(f'<text x="320" y="338" text-anchor="middle" {_FONT}>{escape(across)}</text>')
    for i, (name, values) in enumerate(lines.items()):
        colour = _COLOURS[i % len(_COLOURS)]
        path = " ".join("{:.1f},{:.1f}".format(*place(*pair)) for pair in zip(points, values, strict=True))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        x, y = place(points[-1], values[-1])
        parts.append(f'<text x="{x + 6:.1f}" y="{y + 4:.1f}" fill="{colour}" {_FONT}>{escape(name)}</text>')
    return _svg(760, 350, parts)


def _svg(width: int, height: int, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" role="img">'
    return "\n".join([head, f'<rect width="{width}" height="{height}" fill="white"/>', *parts, "</svg>", ""])
