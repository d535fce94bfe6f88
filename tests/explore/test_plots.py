"""Pages of curves, contours and paths: everything in its place, the same bytes everywhere."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from functools import cache
from itertools import pairwise
from math import isfinite, pi
from pathlib import Path
from xml.dom.minidom import parseString

import pytest

import bpviz
from bpviz.errors import OutputError, UsageError
from bpviz.explore.front import Plot, format_of
from bpviz.explore.plot.colours import ramp, strongest
from bpviz.explore.plot.levels import levels
from bpviz.explore.plot.page import POINTS_PER_INCH, Page, Words
from bpviz.explore.plot.ticks import axis
from bpviz.explore.plot.wording import program_line
from bpviz.figure.lettering import width
from bpviz.figure.theme import THEME_TABLE
from tests.conftest import need_module

ROOT = Path(__file__).parents[2]
EXAMPLE = "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)"
LONG = "tanh(weight_of_the_first*x + weight_of_the_second*y + weight_of_the_third*z + bias_of_the_neuron)"
GIVEN = {"weight_of_the_first": 1, "weight_of_the_second": -2, "weight_of_the_third": 3, "bias_of_the_neuron": -0.5}
PLOTS = {
    "example": lambda **look: bpviz.plot(bpviz.sweep(EXAMPLE, x="-5:5:200", y=-4, at={"x": 3}), **look),
    "tan": lambda **look: bpviz.plot(bpviz.sweep("tan(x)", x="-5:5:60", at={"x": 1.5}), **look),
    "pole": lambda **look: bpviz.plot(bpviz.sweep("1/x", x="-5:5:60", at={"x": 0.01}), **look),
    "ln": lambda **look: bpviz.plot(bpviz.sweep("ln(x)", x="-5:5:60", at={"x": -1}), **look),
    "constant": lambda **look: bpviz.plot(bpviz.sweep("x - x", x="-5:5:20"), **look),
    "huge": lambda **look: bpviz.plot(bpviz.sweep("exp(exp(x))", x="-5:6:60"), **look),
    "tiny": lambda **look: bpviz.plot(bpviz.sweep("1e-200*x", x="1e9:1e9+1:20"), **look),
    "long": lambda **look: bpviz.plot(bpviz.sweep(LONG, x="-5:5:20", y=1, z=-1, **GIVEN), **look),  # type: ignore[arg-type]
    "saddle": lambda **look: bpviz.plot(bpviz.sweep("x^2 - y^2", x="-3:3", y="-3:3", at={"x": 1, "y": 2}), **look),
    "gaps": lambda **look: bpviz.plot(bpviz.sweep("ln(x*y)", x="-3:3", y="-1:1", at={"x": 3, "y": 1}), **look),
    "wide": lambda **look: bpviz.plot(bpviz.sweep(LONG, x="-300:300", y="-1:1", z=-1, **GIVEN), **look),  # type: ignore[arg-type]
    "path": lambda **look: bpviz.plot(bpviz.descend("x^2 + 3*y^2", x=3, y=-4), **look),
    "still": lambda **look: bpviz.plot(bpviz.descend("x^2 + y^2", x=0, y=0), **look),
    "away": lambda **look: bpviz.plot(bpviz.descend("x*y", x=1, y=0, steps=300), **look),
    "one": lambda **look: bpviz.plot(bpviz.descend("x^2", x=3, rate=1.05), **look),
    "loss": lambda **look: bpviz.plot(bpviz.descend("(w*x + b)^2 + c^2", w=1, x=2, b=1, c=3, rate=0.05), **look),
}


@cache
def page(name: str) -> Page:
    return PLOTS[name]().page


def right_end(words: Words) -> tuple[float, float]:
    """Return where a line of text begins and ends."""
    wide = width(words.text, words.size) / POINTS_PER_INCH
    start = words.x - {"left": 0.0, "center": wide / 2, "right": wide}[words.align]
    return start, start + wide


@pytest.mark.parametrize("name", PLOTS)
def test_no_word_is_clipped_and_everything_is_somewhere(name: str) -> None:
    drawn = page(name)
    for words in drawn.words:
        start, end = right_end(words)
        assert start >= 0, words
        assert end <= drawn.width, words
        assert 0.1 <= words.y <= drawn.height - 0.1
    for panel in drawn.panels:
        assert panel.box.left > 0
        assert panel.box.right < drawn.width
        assert panel.box.top < drawn.height
        assert panel.x.low < panel.x.high
        assert panel.y.low < panel.y.high
        assert all(isfinite(x) and isfinite(y) for line in panel.lines for x, y in line.points)


@pytest.mark.parametrize("name", PLOTS)
def test_numbers_of_an_axis_do_not_touch(name: str) -> None:
    for panel in page(name).panels:
        for axis_, room, across in ((panel.x, panel.box.width, True), (panel.y, panel.box.height, False)):
            places = [axis_.share(place) * room * POINTS_PER_INCH for place, _ in axis_.ticks]
            for (a, b), (_, text) in zip(pairwise(places), axis_.ticks[1:], strict=False):
                assert b - a > (width(text, 12) if across else 11), axis_.ticks


def test_the_marked_point_has_its_numbers_and_the_slope_of_its_tangent() -> None:
    drawn = page("example")
    told = [words.text for words in drawn.words]
    assert {"x = 3,  f = 1.55", "∂f/∂x = 2.06", "y = −4", "∂f/∂x"} <= {*told}
    (a, b), *_ = [
        line.points
        for line in drawn.panels[0].lines
        if len(line.points) == 2 and line.points[0].y != line.points[1].y and line.points[0].x != line.points[1].x
    ]
    assert (b.y - a.y) / (b.x - a.x) == pytest.approx(2.059569795572165)


@pytest.mark.parametrize(("name", "note"), [("ln", "30 of 60 points are outside the domain"), ("tan", None)])
def test_gaps_are_counted_and_shaded(name: str, note: str | None) -> None:
    drawn = page(name)
    assert (note in [words.text for words in drawn.words]) == bool(note)
    assert all(bool(panel.patches) == bool(note) for panel in drawn.panels)


def test_arrows_point_uphill_on_the_planes_own_axes() -> None:
    drawn = page("saddle")
    panel = drawn.panels[0]
    for arrow in drawn.arrows[0].arrows:
        middle = (
            (arrow.x + arrow.dx / 2 - panel.box.left) / panel.box.width,
            (arrow.y + arrow.dy / 2 - panel.box.bottom) / panel.box.height,
        )
        x, y = (6 * share - 3 for share in middle)
        assert (arrow.dx * x, arrow.dy * y) == (pytest.approx(abs(arrow.dx * x)), pytest.approx(-abs(arrow.dy * y)))
        assert arrow.dx * -y == pytest.approx(arrow.dy * x, abs=1e-9)  # along (2x, −2y)


def test_a_unit_is_as_long_across_as_up() -> None:
    for name in ("saddle", "gaps", "path"):
        panel = page(name).panels[0]
        assert panel.box.width / (panel.x.high - panel.x.low) == pytest.approx(
            panel.box.height / (panel.y.high - panel.y.low)
        )


@pytest.mark.parametrize(
    ("ends", "texts"),
    [
        ((-5, 5), ["−4", "−2", "0", "2", "4"]),
        ((0, 0.3), ["0", "0.1", "0.2", "0.3"]),
        ((-pi, pi), ["−π", "−π/2", "0", "π/2", "π"]),
        ((0, 3e6), ["0", "1×10⁶", "2×10⁶", "3×10⁶"]),
        ((1e-9, 3e-9), ["1×10⁻⁹", "1.5×10⁻⁹", "2×10⁻⁹", "2.5×10⁻⁹", "3×10⁻⁹"]),
        ((99.5, 100.5), ["99.6", "99.8", "100.0", "100.2", "100.4"]),
    ],
)
def test_ticks_are_round(ends: tuple[float, float], texts: list[str]) -> None:
    assert [text for _, text in axis(*ends, 5).ticks] == texts


def test_levels_are_even_where_that_shows_something_and_shares_of_the_plane_where_not() -> None:
    even = [x * x - y * y for x in range(-9, 10) for y in range(-9, 10)]
    assert [text for _, text in levels(even)] == ["−80", "−60", "−40", "−20", "0", "20", "40", "60", "80"]
    steep = [10.0**i for i in range(-9, 10)]
    places = [place for place, _ in levels(steep)]
    assert len(places) >= 8
    counts = [sum(a < value <= b for value in steep) for a, b in zip([0, *places], [*places, 1e10], strict=True)]
    assert max(counts) <= 4
    assert levels([1.0, 1.0]) == ()


@pytest.mark.parametrize("theme", THEME_TABLE, ids=lambda theme: theme.name)
def test_arrows_and_paths_are_seen_on_every_band(theme: object) -> None:
    from tests.figure.test_theme import contrast

    colours = ramp(theme.background, strongest(theme.background, theme.value, theme.gradient, 0.62, 2.2), 11)  # type: ignore[attr-defined]
    assert min(contrast(colour, theme.gradient) for colour in colours) >= 2.1  # type: ignore[attr-defined]
    assert len(dict.fromkeys(colours)) == 11


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("x^2 - 3*x", "f = x² − 3·x"),
        ("w = 2 # the weight\nx = 3; loss = (w*x)**2", "loss = (w·x)²"),
        ("w_0*x^10", "f = w₀·x¹⁰"),
        (r"\frac{x}{2}", "f"),
        ("+".join(["x"] * 60), "f"),
    ],
)
def test_a_program_is_shown_as_a_line_where_it_is_one(program: str, line: str) -> None:
    assert program_line(bpviz.parse(program)) == line


def test_a_format_is_told_by_its_ending(tmp_path: Path) -> None:
    assert [format_of(name) for name in ("a.svg", "b.PDF", "c.d.png")] == ["svg", "pdf", "png"]
    for name in ("a", "a.dot", tmp_path):
        with pytest.raises(UsageError):
            format_of(name)


def test_what_is_no_sweep_is_not_plotted() -> None:
    with pytest.raises(UsageError, match="is no sweep"):
        bpviz.plot("x^2")  # type: ignore[arg-type]


def test_without_matplotlib_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(OutputError, match=r"(?s)not installed.*pip install 'bpviz\[plot\]'"):
        PLOTS["constant"]().data("svg")


@pytest.mark.parametrize(("format", "dpi"), [("gif", 96), ("svg", 0), ("png", 1e9)])
def test_other_formats_and_resolutions_are_refused(format: str, dpi: float) -> None:  # noqa: A002
    with pytest.raises(UsageError):
        Plot(page("constant"), dpi=dpi).data(format)


def test_svg_can_stand_in_a_page_and_speaks() -> None:
    need_module("matplotlib")
    svg = PLOTS["ln"](title="x < y & z").svg
    assert svg.startswith("<svg ")
    root = parseString(svg).documentElement
    assert root is not None
    assert root.getElementsByTagName("title")[0].firstChild.data == "x < y & z"  # type: ignore[union-attr]
    assert "outside the domain" in root.getElementsByTagName("desc")[0].firstChild.data  # type: ignore[union-attr]
    assert "<text" not in svg  # outlines: the same everywhere
    assert "http" not in re.sub(r'xmlns(:xlink)?="[^"]*"', "", svg)


def test_pdf_embeds_our_typeface_as_truetype() -> None:
    need_module("matplotlib")
    pdf = PLOTS["tan"]().data("pdf")
    assert b"bpvizRoboto-Regular" in pdf
    assert b"/FontFile2" in pdf
    assert b"/Type3" not in pdf
    assert b"Date" not in pdf


def test_png_is_as_large_as_its_page_says(monkeypatch: pytest.MonkeyPatch) -> None:
    need_module("matplotlib")
    png = bpviz.plot(bpviz.sweep("x", x="0:1:2"), dpi=50).data("png")
    assert (int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")) == (400, 225)


SCRIPT = """
import hashlib, sys
from tests.explore.test_plots import PLOTS
for name, kinds in (("tan", ("svg", "pdf", "png")), ("saddle", ("svg",))):
    for kind in kinds:
        print(name, kind, hashlib.sha256(PLOTS[name]().data(kind)).hexdigest())
assert "matplotlib.pyplot" not in sys.modules
"""


def test_equal_bytes_in_every_process_whatever_its_settings(tmp_path: Path) -> None:
    need_module("matplotlib")
    (tmp_path / "matplotlibrc").write_text("font.size: 33\naxes.facecolor: red\nsvg.fonttype: none\n", encoding="utf-8")
    hostile = {"MATPLOTLIBRC": str(tmp_path / "matplotlibrc"), "MPLBACKEND": "tkagg", "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env={**os.environ, **hostile, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        name, kind, told = line.split()
        assert hashlib.sha256(PLOTS[name]().data(kind)).hexdigest() == told, f"{name}.{kind}"


def test_a_picture_of_very_many_points_is_no_larger_and_loses_no_peak_and_no_gap() -> None:
    needle = "exp(-(1000*(x - 1/3))^2) + 0*ln(|x - 0.7| - 0.01)"
    drawn = bpviz.plot(bpviz.sweep(needle, x="0:1:30000")).page
    points = [point for line in drawn.panels[0].lines for point in line.points]
    assert len(points) < 10_000
    assert max(y for _, y in points) == pytest.approx(1, abs=1e-3)
    (gap,) = drawn.panels[0].patches
    assert (gap.left, gap.right) == pytest.approx((0.69, 0.71))
