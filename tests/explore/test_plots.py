"""Plots as matplotlib's artists: what is drawn, where, and with which words; its bytes are the same everywhere."""

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
from typing import Any
from xml.dom.minidom import parseString

import pytest

import bpviz
from bpviz.errors import OutputError, UsageError
from bpviz.explore.plot_words import write_program
from bpviz.figure.theme import THEME_TABLE, Theme
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
def drawing(name: str) -> Any:
    """Return the figure of a plot, laid out."""
    need_module("matplotlib")
    figure = PLOTS[name]().draw()
    figure.draw_without_rendering()
    return figure


def words_of(figure: Any) -> list[Any]:
    """Return every text of a figure that is seen, those of its axes too."""
    from matplotlib.text import Text

    return [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]


def texts_of(figure: Any) -> list[str]:
    return [words.get_text() for words in words_of(figure)]


@pytest.mark.parametrize("name", PLOTS)
def test_no_word_is_clipped_and_everything_is_somewhere(name: str) -> None:
    figure = drawing(name)
    for words in [*figure.texts, *(words for axes in figure.axes for words in (axes.xaxis.label, axes.yaxis.label))]:
        box = words.get_window_extent()
        assert box.x0 >= 0, words
        assert box.x1 <= figure.bbox.x1, words
        assert box.y0 >= 0, words
        assert box.y1 <= figure.bbox.y1, words
    for axes in figure.axes:
        assert axes.bbox.width > 5
        assert axes.bbox.height > 40
        assert figure.bbox.contains(*axes.bbox.min)
        assert figure.bbox.contains(*axes.bbox.max)
        for line in axes.lines:
            assert all(isfinite(float(x)) and isfinite(float(y)) for x, y in line.get_xydata())


@pytest.mark.parametrize("name", PLOTS)
def test_numbers_of_an_axis_do_not_touch(name: str) -> None:
    for axes in drawing(name).axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = axis.get_view_interval()
            ticks = [tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
            shown = [label for tick in ticks for label in (tick.label1, tick.label2) if label.get_visible()]
            boxes = [label.get_window_extent() for label in shown if label.get_text()]
            assert not any(a.overlaps(b) for a, b in pairwise(boxes)), [label.get_text() for label in shown]


def test_the_marked_point_has_its_numbers_and_the_slope_of_its_tangent() -> None:
    figure = drawing("example")
    assert {"x = 3,  f = 1.55", "∂f/∂x = 2.06", "y = −4", "∂f/∂x"} <= {*texts_of(figure)}
    dashed = [line for line in figure.axes[0].lines if line.get_linestyle() == "--"]
    (x0, x1), (y0, y1) = dashed[-1].get_data()
    assert (y1 - y0) / (x1 - x0) == pytest.approx(2.059569795572165)
    assert [axes.lines[-2].get_xdata()[0] for axes in figure.axes[:1]] == [3]


@pytest.mark.parametrize(("name", "note"), [("ln", "30 of 60 points are outside the domain"), ("tan", None)])
def test_gaps_are_counted_and_shaded(name: str, note: str | None) -> None:
    figure = drawing(name)
    assert (note in texts_of(figure)) == bool(note)
    for axes in figure.axes:
        assert bool(axes.patches) == bool(note)
        for patch in axes.patches:
            assert (patch.get_extents().x0, patch.get_extents().x1) == pytest.approx(
                axes.transData.transform([(-5, 0), (0, 0)])[:, 0], abs=0.5
            )


def test_no_line_runs_across_a_pole_and_an_asymptote_stands_there() -> None:
    places = [-1.5 * pi, -0.5 * pi, 0.5 * pi, 1.5 * pi]
    upper, lower = drawing("tan").axes
    for axes in (upper, lower):
        lines = [line.get_xdata() for line in axes.lines]
        assert [float(xs[0]) for xs in lines if len(xs) == 2 and xs[0] == xs[1] != 1.5] == pytest.approx(places)
    for xs in (line.get_xdata() for line in upper.lines):
        assert len(xs) == 2 or not any(min(xs) + 1e-9 < place < max(xs) - 1e-9 for place in places)


def test_arrows_point_uphill_on_the_planes_own_axes() -> None:
    from matplotlib.quiver import Quiver

    (arrows,) = [each for each in drawing("saddle").axes[0].collections if isinstance(each, Quiver)]
    assert len(arrows.U) > 20
    for x, y, dx, dy in zip(arrows.X, arrows.Y, arrows.U, arrows.V, strict=True):
        assert (dx * x, dy * y) == (pytest.approx(abs(dx * x)), pytest.approx(-abs(dy * y)))
        assert dx * -y == pytest.approx(dy * x, abs=1e-9)  # along (2x, −2y)


def test_a_unit_is_as_long_across_as_up() -> None:
    for name in ("saddle", "gaps", "path"):
        axes = drawing(name).axes[0]
        (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
        assert axes.bbox.width / (right - left) == pytest.approx(axes.bbox.height / (top - bottom), rel=1e-3)


def test_a_path_begins_with_a_ring_and_ends_with_a_dot() -> None:
    figure = drawing("path")
    trail, ring, dot = figure.axes[0].lines
    assert trail.get_xydata()[0].tolist() == ring.get_xydata()[0].tolist() == [3, -4]
    assert trail.get_xydata()[-1].tolist() == dot.get_xydata()[0].tolist()
    assert {"start", "converged after 50 steps    rate 0.1"} <= {*texts_of(figure)}


@pytest.mark.parametrize(
    ("ends", "texts"),
    [
        ((-5, 5), ["−4", "−2", "0", "2", "4"]),
        ((0, 0.3), ["0", "0.1", "0.2", "0.3"]),
        ((-pi, pi), ["−π", "−π/2", "0", "π/2", "π"]),
        ((0, 3e6), ["0", "1×10⁶", "2×10⁶", "3×10⁶"]),
        ((1e-9, 3e-9), ["1×10⁻⁹", "2×10⁻⁹", "3×10⁻⁹"]),
        ((99.5, 100.5), ["99.6", "99.8", "100.0", "100.2", "100.4"]),
    ],
)
def test_ticks_are_round(ends: tuple[float, float], texts: list[str]) -> None:
    need_module("matplotlib")
    from matplotlib.figure import Figure

    from bpviz.explore.plot_style import set_ticks

    axes = Figure((3, 2)).subplots()
    axes.set_xlim(*ends)
    set_ticks(axes.xaxis, *ends, limit=5)
    axis = axes.xaxis
    places = [place for place in axis.get_majorticklocs() if ends[0] - 1e-12 <= place <= ends[1] + 1e-12]
    assert axis.get_major_formatter().format_ticks(places) == texts


def test_levels_are_even_where_that_shows_something_and_shares_of_the_plane_where_not() -> None:
    np = need_module("numpy")
    need_module("matplotlib")
    from bpviz.explore.plane_plots import choose_levels

    even = np.array([x * x - y * y for x in range(-9, 10) for y in range(-9, 10)])
    assert choose_levels(even)[1] == ["−80", "−60", "−40", "−20", "0", "20", "40", "60", "80"]
    steep = np.array([10.0**i for i in range(-9, 10)])
    places, _ = choose_levels(steep)
    assert len(places) >= 8
    assert max(np.histogram(steep, [0, *places, 1e10])[0]) <= 4
    assert choose_levels(np.array([1.0, 1.0]))[1] == ["1"]


@pytest.mark.parametrize("theme", THEME_TABLE, ids=lambda theme: theme.name)
def test_arrows_and_paths_are_seen_on_every_band(theme: Theme) -> None:
    need_module("matplotlib")
    from bpviz.explore.plane_plots import LIGHTEST, STRONGEST
    from bpviz.explore.plot_style import mix
    from tests.figure.test_theme import contrast

    for share in (LIGHTEST, STRONGEST):
        assert contrast(mix(theme.background, theme.value, share), theme.gradient) >= 2.1


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
    assert write_program(bpviz.parse(program)) == line


def test_a_file_without_the_ending_of_a_picture_is_not_written(tmp_path: Path) -> None:
    for name in ("a", "a.dot"):
        with pytest.raises(UsageError, match=r"end it in \.svg, \.pdf, \.png"):
            PLOTS["constant"]().save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_what_is_no_sweep_is_not_plotted() -> None:
    with pytest.raises(UsageError, match="is no sweep"):
        bpviz.plot("x^2")  # type: ignore[arg-type]


def test_without_matplotlib_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(OutputError, match=r"(?s)not installed.*pip install matplotlib"):
        PLOTS["constant"]().data("svg")


@pytest.mark.parametrize(("format", "dpi"), [("gif", 96), ("svg", 0), ("png", 1e9)])
def test_other_formats_and_resolutions_are_refused(format: str, dpi: float) -> None:  # noqa: A002
    with pytest.raises(UsageError):
        PLOTS["constant"](dpi=dpi).data(format)


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


def test_many_plots_can_stand_on_one_page() -> None:
    need_module("matplotlib")
    page = "".join(bpviz.sweep("x^2", x="-1:1:9").plot(theme=theme).svg for theme in ("drawio", "dark"))
    ids = re.findall(r' id="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="|url\()#([^")]*)', page)) <= set(ids)


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
    need_module("matplotlib")
    needle = "exp(-(1000*(x - 1/3))^2) + 0*ln(|x - 0.7| - 0.01)"
    axes = bpviz.plot(bpviz.sweep(needle, x="0:1:30000")).draw().axes[0]
    points = [point for line in axes.lines for point in line.get_xydata()]
    assert len(points) < 10_000
    assert max(y for _, y in points) == pytest.approx(1, abs=1e-3)
    (gap,) = axes.patches
    box = gap.get_path().get_extents(gap.get_patch_transform())
    assert (box.x0, box.x1) == pytest.approx((0.69, 0.71))
