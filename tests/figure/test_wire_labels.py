"""What a figure's wires carry when more is asked for than numbers: all of it readable, none of it on anything else."""

from __future__ import annotations

import pytest

import bpviz
from bpviz.autodiff import run
from bpviz.errors import UsageError
from bpviz.figure.dot import DOT
from bpviz.figure.html_labels import GAP
from bpviz.figure.layout import run_bundled
from bpviz.figure.picture import make_picture
from bpviz.figure.theme import THEMES
from bpviz.figure.wire_labels import SHOW, parse_show
from bpviz.lang import parse
from tests.support.drawing import DRAWN_THEMES, read
from tests.support.geometry import faults
from tests.support.tapes import numbers, tape

EXAMPLE = "(x + σ(y)) / (σ(x) + (x + y)²)"
ALL = ",".join(SHOW)
LONG = "a = exp(x); b = ln(a); c = b*b; c*x + y"  # with wires that pass several ranks


def words(wire: str, show: str = "values,gradients", program: str = EXAMPLE, **options: object) -> list[str]:
    graph = parse(program)
    trace = None if options.pop("blank", False) else run(graph, {"x": 3.0, "y": -4.0})
    dot = make_picture(graph, trace, show=show, **options).dot  # type: ignore[arg-type]
    drawing = read(run_bundled(dot, "svg", 72))
    return [text.words for owner in (f"{wire}-port", wire) for text in drawing.texts if text.owner == owner]


@pytest.mark.parametrize(
    ("wire", "show", "expected"),
    [
        ("wire-invden-0", "values,gradients", ["1.95", "−0.792"]),
        ("wire-invden-0", "values", ["1.95"]),
        ("wire-invden-0", "gradients", ["−0.792"]),
        ("wire-invden-0", "names", ["den"]),
        ("wire-invden-0", "names,values", ["den = 1.95"]),
        ("wire-invden-0", "gradients,local", ["×−0.262", "−0.792"]),
        ("wire-invden-0", "chain", ["3.02 × −0.262 ≈ −0.792"]),
        ("wire-num-0", "chain", ["0.512 × 1 = 0.512"]),
        ("trunk-x", "chain", ["0.512 − 0.0358 + 1.58 = 2.06"]),
        ("trunk-x", "gradients,local", ["2.06"]),
        ("wire-output", "chain,names", ["f", "1"]),
    ],
)
def test_a_wire_shows_what_is_asked_for(wire: str, show: str, expected: list[str]) -> None:
    assert words(wire, show) == expected


@pytest.mark.parametrize(
    ("wire", "show", "expected"),
    [
        ("wire-invden-0", "values,gradients", ["den", "∂f/∂den"]),
        ("wire-invden-0", "local", ["×−1/den²"]),
        ("wire-invden-0", "chain", ["∂f/∂den = ∂f/∂invden · ∂invden/∂den"]),
        ("wire-xpy-0", "gradients", ["∂f/∂xpy · ∂xpy/∂x"]),
        ("trunk-y", "gradients", ["∂f/∂y"]),
        ("wire-output", "chain", ["∂f/∂f = 1"]),
        ("wire-sigx-0", "local", ["×(1 − sigx)·sigx"]),
    ],
)
@pytest.mark.parametrize("blank", [True, False])
def test_symbols_stand_in_place_of_numbers_with_values_and_without(
    wire: str, show: str, expected: list[str], blank: bool
) -> None:
    assert words(wire, show, symbolic=True, blank=blank) == expected


def test_a_chain_says_about_where_rounding_demands_it() -> None:
    assert words("wire-xpy-1", "chain") == ["1.58 × 1 = 1.58"]
    assert words("wire-sigy-0", "chain") == ["0.512 × 0.0177 ≈ 0.00905"]


def test_a_blank_figure_may_tell_names() -> None:
    assert words("wire-invden-0", "names,values,gradients", blank=True) == ["den ="]


def test_a_condition_is_no_formula_for_a_wire() -> None:
    assert words("wire-f-0", "local", program="max(x, y)", symbolic=True) == ["×∂f/∂x"]


@pytest.mark.parametrize("show", ["values,gradients,local", "local"])
@pytest.mark.parametrize("direction", ["up", "down", "right", "left"])
@pytest.mark.parametrize("theme", ["drawio", "cs231n"])
def test_a_local_gradient_stands_where_its_wire_enters_the_gate(theme: str, direction: str, show: str) -> None:
    look = THEMES[theme]
    for program, point in ((EXAMPLE, {"x": 3.0, "y": -4.0}), (LONG, {"x": 2.0, "y": 1.0})):
        graph = parse(program)
        picture = make_picture(graph, run(graph, point), theme=theme, direction=direction, show=show)
        drawing = read(run_bundled(picture.dot, "svg", 72))
        circles = {shape.owner: shape for shape in drawing.shapes if shape.radius > DOT}
        targets = {edge.id: edge.target for edge in picture.diagram.edges if edge.wire}
        found = 0
        for text in drawing.texts:
            target = targets.get(text.owner.removesuffix("-port"))
            if target and text.words.startswith("×"):
                found += 1
                across = direction in ("right", "left")
                start, end = (text.box.left, text.box.right) if across else (text.box.top, text.box.bottom)
                middle = circles[target].centre[0 if across else 1]
                away = max(start - middle, middle - end) - circles[target].radius
                assert away < look.rank_gap + 2 * GAP + 1, text  # nothing but the gap between two ranks is between them
        assert found == len(targets)
        assert faults(drawing) == []


@pytest.mark.parametrize("symbolic", [True, False])
@pytest.mark.parametrize("direction", ["up", "down", "right", "left"])
@pytest.mark.parametrize("show", [ALL, "local,gradients", "chain", "names"])
def test_nothing_overlaps_in_random_programs(show: str, direction: str, symbolic: bool) -> None:
    for seed in range(5):
        graph = tape(seed, 6 * seed + 3)
        picture = make_picture(graph, numbers(graph, seed), show=show, symbolic=symbolic, direction=direction)
        assert faults(read(run_bundled(picture.dot, "svg", 72))) == [], f"seed {seed}"


@pytest.mark.parametrize("theme", DRAWN_THEMES)
def test_nothing_overlaps_in_any_theme(theme: str) -> None:
    for symbolic in (True, False):
        picture = bpviz.draw(EXAMPLE, x=3, y=-4, theme=theme, show=ALL, symbolic=symbolic).picture
        assert faults(read(run_bundled(picture.dot, "svg", 72))) == []


def test_what_is_usual_changes_nothing() -> None:
    assert (
        bpviz.draw(EXAMPLE, x=3, y=-4).picture == bpviz.draw(EXAMPLE, x=3, y=-4, show=["gradients", "values"]).picture
    )


@pytest.mark.parametrize("show", ["value", "", "values,,local", "chain gradients"])
def test_a_word_that_means_nothing_is_told(show: str) -> None:
    with pytest.raises(UsageError):
        parse_show(show)


@pytest.mark.parametrize("show", ["local", "chain"])
def test_a_blank_figure_has_no_numbers_to_show(show: str) -> None:
    with pytest.raises(UsageError, match=f"shows no {show}"):
        bpviz.draw(EXAMPLE, show=show)


@pytest.mark.parametrize(
    ("symbolic", "point", "title"),
    [
        (True, {}, "f = x*y, values and gradients in symbols"),
        (True, {"x": 2.0, "y": 3.0}, "f = x*y, values and gradients in symbols"),
        (False, {}, "f = x*y, its gates and wires, to be filled in"),
        (False, {"x": 2.0, "y": 3.0}, "f = x*y, forward values and gradients at x = 2, y = 3"),
    ],
)
def test_the_title_says_what_the_wires_carry(symbolic: bool, point: dict[str, float], title: str) -> None:
    assert bpviz.draw("x*y", set=point, symbolic=symbolic).picture.title == title
