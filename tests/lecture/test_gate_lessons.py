"""What is said about a gate: every row is complete enough to teach from, and is said in the operands' names."""

from __future__ import annotations

import pytest

from bpviz.formula.numerals import Rounding
from bpviz.gates import GATES, TABLE, Gate
from bpviz.lecture import write_gate_page
from bpviz.lecture.gate_lessons import prepare_lesson
from tests.support.snapshot import check


def page(name: str) -> str:
    return "".join("".join(piece.text for piece in line).rstrip() + "\n" for line in write_gate_page(name))


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_a_row_says_where_its_slopes_come_from_and_what_they_mean(gate: Gate) -> None:
    for text in (gate.words.derivation, gate.words.lesson):
        assert len(text) > 30, f"{gate.name} needs a derivation and a lesson"
        assert not text.endswith(".")
        assert text[0] == text[0].lower()
    assert gate.words.lesson != gate.words.does


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_a_page_fits_eighty_columns_and_says_all(gate: Gate) -> None:
    text = page(gate.name)
    assert max(map(len, text.splitlines())) <= 80
    words = " ".join(text.split())
    for part in (
        gate.board,
        *gate.board_local,
        gate.words.derivation,
        gate.words.does,
        gate.words.lesson,
        gate.domain,
        gate.rule,
    ):
        assert part in words


@pytest.mark.parametrize("name", ["multiply", "sigmoid", "max", "branch"])
def test_pages_read_well(name: str) -> None:
    check(f"gate-{name}.txt", page(name))


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
    assert prepare_lesson(GATES[gate], values, None, Rounding()).equation == said


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
    lesson = prepare_lesson(GATES[gate], values, None, Rounding())
    assert lesson.names == names
    assert lesson.output not in names
    assert lesson.loss not in names


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
    assert prepare_lesson(GATES[gate], values, None, Rounding()).write_local_gradient(slot) == symbol
