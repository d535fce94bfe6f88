"""The words of a gate's picture: its equation and its local gradients in the operands' names."""

from __future__ import annotations

import pytest

from bpviz.formula.numerals import Rounding
from bpviz.gates import GATES
from bpviz.lecture.gate_words import use_gate


@pytest.mark.parametrize(
    ("gate", "values", "said"),
    [
        ("power", {}, "z = xⁿ"),
        ("power", {"x": 2, "k": 3}, "z = x^k"),
        ("exponential", {}, "z = cˣ"),
        ("pow", {}, "z = xʸ"),
        ("pow", {"x": 2, "rate": 3}, "z = x^rate"),
        ("log", {}, "z = ln(x)/ln(y)"),
        ("log2", {}, "z = log₂(x)"),
        ("atan2", {}, "z = atan2(y, x)"),
        ("atan2", {"x": 2, "y": 3}, "z = atan2(y, x)"),
        ("atan2", {"p": 2, "q": 3}, "z = atan2(p, q)"),
    ],
)
def test_the_equation_is_written_as_on_a_blackboard(gate: str, values: dict[str, float], said: str) -> None:
    assert use_gate(GATES[gate], values, None, Rounding()).equation == said


@pytest.mark.parametrize(
    ("gate", "values", "names"),
    [
        ("multiply", {"y": 3, "x": 2}, ("x", "y")),
        ("multiply", {"b": 3, "a": 2}, ("a", "b")),
        ("multiply", {"w": 3, "a": 2}, ("w", "a")),
        ("max", {"z": 1, "y": 2, "x": 3}, ("x", "y", "z")),
        ("power", {"x": 2, "n": 3}, ("x", "n")),
        ("power", {"n": 3, "x": 2}, ("x", "n")),
        ("exponential", {"c": 2, "x": 3}, ("c", "x")),
        ("max", {}, ("x_1", "x_2", "x_3")),
    ],
)
def test_operands_may_have_any_names(gate: str, values: dict[str, float], names: tuple[str, ...]) -> None:
    use = use_gate(GATES[gate], values, None, Rounding())
    assert use.names == names
    assert use.output not in names
    assert use.loss not in names


@pytest.mark.parametrize(
    ("gate", "values", "slot", "symbol"),
    [
        ("pow", {"x": 2, "y": 3}, 0, "y·xʸ⁻¹"),
        ("pow", {"base": 2, "power": 3}, 0, "power·base^(power−1)"),
        ("exp", {"θ": 2}, 0, "e^θ"),
        ("arctan", {"q": 2}, 0, "1/(1 + q²)"),
        ("tan", {"x": 2}, 0, "1 + tan² x"),
        ("hypot", {"x": 2, "z": 1}, 0, "x/f"),
        ("power", {"x": 2, "n": 3}, 0, "n·xⁿ⁻¹"),
        ("power", {"x": 2, "y": 3}, 0, "y·xʸ⁻¹"),
        ("pow", {"x": 2, "n": 3}, 1, "xⁿ·ln x"),
        ("gelu", {"x": 2}, 0, "Φ(x) + x·exp(−x²/2)/√(2π)"),
        ("atan2", {"x": 2, "y": 3}, 0, "x/(y² + x²)"),
        ("power", {"x": 2, "k": 3}, 0, "k·x^(k − 1)"),
        ("prod", {"p": 2, "q": 3, "r": 4}, 1, "p·r"),
        ("mean", {"p": 2, "q": 3, "r": 4}, 1, "1/3"),
        ("max", {"p": 2, "q": 3, "r": 4}, 1, "1 for the largest, else 0"),
    ],
)
def test_local_gradients_are_written_in_the_operands_names(
    gate: str, values: dict[str, float], slot: int, symbol: str
) -> None:
    assert use_gate(GATES[gate], values, None, Rounding()).write_local_gradient(slot) == symbol
