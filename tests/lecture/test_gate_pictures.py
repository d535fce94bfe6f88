"""The gate template: every gate, with and without numbers, in every theme; nothing touches anything."""

from __future__ import annotations

import re

import pytest

from bpviz.errors import BpvizError, UsageError
from bpviz.figure.layout import run_bundled
from bpviz.figure.theme import THEME_TABLE as THEMES
from bpviz.formula.numerals import Rounding
from bpviz.gates import GATES, TABLE, Gate
from bpviz.lecture import draw_gate
from bpviz.lecture.gate_words import use_gate
from tests.gates.test_gates import CASES
from tests.support.drawing import Drawing, read
from tests.support.geometry import Fault, faults, sticks_out

SYMBOLS = ("local-", "symbol")


def drawing(gate: str, values: dict[str, float] | None = None, upstream: float | None = None, **look: str) -> Drawing:
    return read(run_bundled(draw_gate(gate, set=values, upstream=upstream, **look).picture.dot, "svg", 72))  # type: ignore[arg-type]


def wrong(drawn: Drawing) -> list[Fault]:
    """Everything that overlaps, but that what belongs in the circle must stand inside it."""
    circle = next(shape for shape in drawn.shapes if shape.owner == "gate")
    inside = [text for text in drawn.texts if text.owner.startswith(SYMBOLS)]
    found = [Fault("out of the circle", text.owner, text.words, sticks_out(text.box, circle)) for text in inside]
    return [fault for fault in found if fault.points > -2] + [
        fault
        for fault in faults(drawn)
        if not (fault.what == "text on shape" and fault.first.startswith(SYMBOLS) and fault.second == "gate")
    ]


def words(drawn: Drawing, owner: str) -> list[str]:
    return [text.words for text in drawn.texts if text.owner == owner]


def point(gate: Gate) -> dict[str, float]:
    return dict(zip(("x", "y", "w", "v"), CASES[gate.name], strict=False))


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_nothing_overlaps_in_any_gate(gate: Gate) -> None:
    assert wrong(drawing(gate.name)) == []
    assert wrong(drawing(gate.name, point(gate), -1.2345e-7)) == []
    named = {f"learning_rate_{k}": value for k, value in enumerate(CASES[gate.name])}
    assert wrong(drawing(gate.name, named, 12345.678)) == []


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
def test_every_theme_draws_it_left_to_right(theme: str) -> None:
    drawn = drawing("multiply", {"x": 2, "y": 3}, 5, theme=theme)
    assert wrong(drawn) == []
    places = {text.owner: text.box.left for text in drawn.texts}
    assert places["value-0"] < places["local-0"] < places["value-output"]
    for i in (0, 1, "output"):
        value, gradient = (next(t.box.top for t in drawn.texts if t.owner == f"{w}-{i}") for w in ("value", "gradient"))
        assert value < gradient


def test_the_numbers_stand_beside_the_symbols() -> None:
    drawn = drawing("multiply", {"x": 2, "y": 3}, 5)
    assert words(drawn, "value-0") == ["x = 2"]
    assert words(drawn, "value-output") == ["z = x·y = 6"]
    assert words(drawn, "local-0") == ["∂z/∂x = y", "= 3", "local gradient"]
    assert words(drawn, "gradient-0") == ["∂L/∂x = ∂z/∂x · ∂L/∂z", "= 3 × 5 = 15", "downstream gradient"]
    assert words(drawn, "gradient-output") == ["∂L/∂z = 5", "upstream gradient"]
    assert words(drawn, "chain-rule") == ["downstream gradient = local gradient × upstream gradient"]


def test_rounded_numbers_are_about() -> None:
    drawn = drawing("sigmoid", {"x": 1}, -0.5)
    assert words(drawn, "value-output") == ["z = σ(x) ≈ 0.731"]
    assert words(drawn, "gradient-0")[1] == "= 0.197 × −0.5 ≈ −0.0983"


def test_without_values_there_are_symbols_only() -> None:
    texts = [text.words for text in drawing("tanh").texts]
    assert "∂z/∂x = 1 − tanh² x" in texts
    assert not any("≈" in text for text in texts)


def test_without_an_upstream_gradient_the_downstream_one_has_no_number() -> None:
    assert words(drawing("multiply", {"x": 2, "y": 3}), "gradient-0") == [
        "∂L/∂x = ∂z/∂x · ∂L/∂z",
        "downstream gradient",
    ]


def test_a_kink_is_told() -> None:
    assert "relu'(0) is taken as 0" in " ".join(words(drawing("relu", {"x": 0}, 1), "chain-rule"))


@pytest.mark.parametrize(
    ("gate", "values", "number"), [("max", {"x": 3, "y": 3}, "= 0.5"), ("hypot", {"x": 0, "y": 0}, "= 0")]
)
def test_at_a_kink_the_number_stands_beside_its_symbol_and_the_rule_under_it(
    gate: str, values: dict[str, float], number: str
) -> None:
    drawn = drawing(gate, values, 2)
    head, *rule, caption = words(drawn, "local-0")
    assert (head, " ".join(rule), caption) == (f"∂z/∂x {number}", GATES[gate].rule, "local gradient")
    assert GATES[gate].rule not in " ".join(words(drawing(gate, {"x": 4, "y": 3}, 2), "local-0"))


KINKS = {"atan2": (0.0, -1.0), "hard_tanh": (1.0,), "hinge": (1.0, 1.0)}  # others have theirs where all operands are 0


@pytest.mark.parametrize("gate", [gate for gate in TABLE if gate.kink], ids=lambda gate: gate.name)
def test_nothing_overlaps_at_a_kink(gate: Gate) -> None:
    at = KINKS.get(gate.name, (0.0,) * gate.arity[0])
    values = dict(zip(("a", "b", "c", "d"), at, strict=False))
    assert use_gate(gate, values, None, Rounding()).at_kink
    assert wrong(drawing(gate.name, values, -1.2345e-7)) == []


@pytest.mark.parametrize(
    ("gate", "values", "upstream", "what"),
    [
        ("multiply", {"x": 2}, 1, "multiply takes 2 operands, not 1 value"),
        ("tanh", {"x": 2, "y": 3}, 1, "tanh takes 1 operand, not 2 values"),
        ("tanh", {}, 1, "an upstream gradient alone gives no numbers"),
        ("ln", {"x": -1}, 1, "z = ln(x) has no value at -1"),
        ("tanh", {"x": float("nan")}, 1, "x = nan is not a finite number"),
        ("tanh", {"x": 1.0}, float("inf"), "upstream = inf is not a finite number"),
        ("tahn", {"x": 1}, 1, "no gate is called tahn"),
    ],
)
def test_what_is_refused(gate: str, values: dict[str, float], upstream: float, what: str) -> None:
    with pytest.raises(BpvizError) as caught:
        draw_gate(gate, set=values, upstream=upstream)
    assert caught.value.what == what


def test_it_is_written_in_every_format_but_tex_and_the_same_each_time() -> None:
    figure = draw_gate("sigmoid", x=1, upstream=2)
    for kind in ("svg", "pdf", "png", "dot"):
        assert figure.data(kind) == draw_gate("sigmoid", x=1, upstream=2).data(kind)
    with pytest.raises(UsageError, match=r"not written as \.tex"):
        figure.data("tex")


def test_every_group_has_a_title() -> None:
    picture = draw_gate("max").picture
    owners = {thing.owner for thing in read(run_bundled(picture.dot, "svg", 72)).texts}
    assert owners <= set(picture.titles)
    assert "Local gradient ∂z/∂x₁ = 1 for the largest, else 0" in picture.description


def test_the_template_can_have_outlines_and_follow_the_reader() -> None:
    svg = draw_gate("max", x=2, y=3, upstream=1, theme="auto", text="outline").svg
    assert "<text" not in svg
    assert svg.count("aria-label=") > 10
    used = set(re.findall(r'(?:fill|stroke)="(#\w{6})"', svg[svg.index("</style>") :]))
    assert all(f'[fill="{colour}"]' in svg for colour in used)
    with pytest.raises(UsageError, match="letters are not written as paths"):
        draw_gate("max", text="paths")


def test_an_operation_on_vectors_has_no_template() -> None:
    with pytest.raises(UsageError, match="matmul works on vectors, and a template has numbers on its wires") as caught:
        draw_gate("@")
    assert caught.value.hint == "bpviz gates @ prints where its rule comes from"
