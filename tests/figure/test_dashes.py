"""Dashes are all as long, wherever Graphviz is told to put them: measured on what it draws."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from math import dist

import pytest
from bpviz.figure.dashes import shares, stripes

from bpviz.figure.geometry import Point
from bpviz.figure.layout import run_bundled
from tests.support.drawing import Place, curve

CURVES = {
    "straight": [(0, 0), (30, 0), (60, 0), (90, 0)],
    "bunched": [(0, 0), (1, 0), (2, 0), (90, 0)],
    "bent": [(0, 0), (0, 80), (10, 90), (90, 90)],
    "of three pieces": [(0, 0), (3, 0), (5, 1), (6, 2), (40, 30), (200, 30), (300, 2), (301, 1), (310, 0), (320, 0)],
    "of two, one tiny": [(0, 0), (0.1, 0), (0.2, 0), (0.3, 0), (60, 0), (100, 80), (200, 0)],
}


def drawn(points: Sequence[Point], on: float, off: float) -> list[float]:
    """Return the lengths of the pieces that Graphviz draws along a curve."""
    parts = [f"#{'000000' if k % 2 else 'ff0000'};{share:.6f}" for k, share in enumerate(shares(points, on, off))]
    way = " ".join(f"{x},{y}" for x, y in points)
    places = "".join(f'{name} [pos="{x},{y}"] ' for name, (x, y) in (("a", points[0]), ("b", points[-1])))
    line = f'a -> b [dir=none pos="{way}" color="{":".join([*parts, "#ff0000"])}"]'
    svg = run_bundled(f"digraph {{ graph [layout=nop2] node [shape=point] {places} {line} }}", "svg", 72).decode()
    pieces = [curve(path, Place(1, 0, 0)) for path in re.findall(r'<path [^>]*d="([^"]*)"', svg)]
    return [sum(dist(a, b) for a, b in pairwise(piece)) for piece in pieces]


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize(("on", "off"), [(7.0, 4.0), (1.6, 3.0)])
def test_dashes_are_as_long_on_every_curve(name: str, on: float, off: float) -> None:
    points = [Point(*map(float, pair)) for pair in CURVES[name]]
    lengths = drawn(points, on, off)
    ink, gaps = lengths[::2], lengths[1::2]
    assert len(ink) == len(gaps) + 1
    assert max(ink) - min(ink) < 0.08 * on
    assert max(gaps) - min(gaps) < 0.08 * off
    assert ink[0] == pytest.approx(on, rel=0.3)


@pytest.mark.parametrize("length", [1.0, 9.0, 20.0, 21.5, 500.0])
def test_stripes_add_up_and_begin_and_end_with_ink(length: float) -> None:
    parts = stripes(length, 7.0, 4.0)
    assert sum(parts) == pytest.approx(length)
    assert len(parts) % 2 == 1
    assert len(parts) >= 3
