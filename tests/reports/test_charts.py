"""Charts are small, well-formed SVG files whose texts are escaped."""

from __future__ import annotations

from xml.etree import ElementTree

from pipeline.reports.charts import curves, stacked_bars

SVG = "{http://www.w3.org/2000/svg}"


def test_bars_are_as_long_as_their_counts():
    drawing = ElementTree.fromstring(stacked_bars("Units", {"one": {"a": 10, "b": 30}, "two": {"a": 20, "b": 0}}))
    texts = [text.text for text in drawing.iter(f"{SVG}text")]
    assert {"Units", "one", "two", "a", "b", "40", "20"} <= set(texts)
    bars = [float(bar.get("width", 0)) for bar in drawing.iter(f"{SVG}rect") if bar.get("height") == "16"]
    assert bars == [120.0, 360.0, 240.0, 0.0]


def test_curves_go_through_their_points_from_left_to_right():
    drawing = ElementTree.fromstring(curves("Learning", "units", [100, 200, 400], {"macro-F1": [0.5, 0.6, 0.7]}))
    line = drawing.find(f"{SVG}polyline").get("points").split()
    places = [tuple(map(float, point.split(","))) for point in line]
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    assert [y for _, y in places] == sorted((y for _, y in places), reverse=True)


def test_names_are_escaped():
    evil = "<script>alert(1)</script>&\"'"
    for chart in (
        stacked_bars(evil, {evil: {evil: 1}}),
        curves(evil, evil, [1, 2], {evil: [0.1, 0.2]}),
    ):
        assert "<script" not in chart
        assert evil in [text.text for text in ElementTree.fromstring(chart).iter(f"{SVG}text")]


def test_no_rows_are_a_chart_too():
    assert ElementTree.fromstring(stacked_bars("Nothing", {})).tag == f"{SVG}svg"
