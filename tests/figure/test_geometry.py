"""The layout as a record agrees with the SVG of the same figure, whatever its size and direction."""

from __future__ import annotations

import pytest

from bpviz import Figure, draw
from bpviz.errors import UsageError
from bpviz.figure.geometry import Geometry, measure
from tests.support.geometry import Drawing, read

EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x + y)^2)"
CLOSE = 0.05  # points: what rounding in the SVG comes to, its scale included
OPTIONS = (
    {},
    {"theme": "cs231n"},
    {"direction": "down", "title": "A title"},
    {"direction": "left", "width": "10cm"},
    {"blank": True},
)


def example(**options: object) -> Figure:
    return draw(EXAMPLE, x=3, y=-4, **options)  # type: ignore[arg-type]  # draw's own keywords


def both(options: dict[str, object]) -> tuple[Geometry, Drawing]:
    figure = example(**options)
    return measure(figure.picture), read(figure.svg)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_circles_and_boxes_stand_where_the_svg_has_them(options: dict[str, object]) -> None:
    geometry, drawing = both(options)
    assert drawing.shapes
    for shape in drawing.shapes:
        place = geometry.outlines[shape.owner]
        x, y = shape.centre
        assert place.middle.x == pytest.approx(x, abs=CLOSE)
        assert geometry.size.y - place.middle.y == pytest.approx(y, abs=CLOSE)
        assert place.width == pytest.approx(shape.box.right - shape.box.left, abs=CLOSE)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_wires_run_where_the_svg_has_them(options: dict[str, object]) -> None:
    geometry, drawing = both(options)
    curves = {(wire.owner, wire.part): wire.points for wire in drawing.wires if wire.part in ("in", "out")}
    assert {owner for owner, _ in curves} == set(geometry.routes)
    for name, route in geometry.routes.items():
        (x, y), (end_x, end_y) = curves[name, "in"][0], curves[name, "in"][-1]
        assert route.arriving[0] == pytest.approx((x, geometry.size.y - y), abs=CLOSE)
        assert route.arriving[-1] == pytest.approx((end_x, geometry.size.y - end_y), abs=CLOSE)
        (x, y) = curves[name, "out"][0]
        assert route.leaving[0] == pytest.approx((x, geometry.size.y - y), abs=CLOSE)


def test_an_arrow_is_led_on_to_its_tip() -> None:
    geometry, _ = both({"theme": "cs231n"})
    gate = geometry.outlines["gate-num"]
    tip = geometry.routes["wire-num-0"].leaving[-1]
    assert abs(tip.x - gate.middle.x) == pytest.approx(gate.width / 2, abs=0.6)  # half a line's width


def test_a_width_is_the_whole_figures() -> None:
    natural, scaled = measure(example().picture), measure(example(width="5in").picture)
    assert scaled.size.x == pytest.approx(5 * 72, abs=CLOSE)
    assert scaled.scale == pytest.approx(scaled.size.x / natural.size.x)
    assert scaled.size.y / scaled.size.x == pytest.approx(natural.size.y / natural.size.x)


def test_a_title_has_its_place_and_no_title_has_none() -> None:
    assert measure(example().picture).title is None
    assert measure(example(title="Here").picture).title is not None


def test_an_engine_that_is_none_is_told() -> None:
    with pytest.raises(UsageError, match="no engine"):
        measure(example().picture, engine="steam")
