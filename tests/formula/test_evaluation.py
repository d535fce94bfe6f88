"""A formula of ours worked out: compiled to Python, step by step, and as an expression of sympy's."""

from __future__ import annotations

import math

import pytest
import sympy

from bpviz.formula.evaluation import compile_slopes, compile_value, evaluate, express
from bpviz.formula.printing import TEXT, show, show_on_board
from bpviz.formula.products import simplify
from bpviz.formula.tree import Atom, read, substitute


def test_a_compiled_formula_is_of_floats_to_floats() -> None:
    value = compile_value(read("max(-1, min(a, 1)) + (b > 2)"), "a, b")(5.0, 3.0)
    assert (value, type(value)) == (2.0, float)


def test_a_square_is_a_product_which_overflows_to_infinity_and_raises_nothing() -> None:
    assert compile_value(read("(a - b)^2"), "a, b")(1e200, 0.0) == math.inf


def test_a_local_gradient_is_infinite_at_a_pole() -> None:
    assert compile_slopes([read("1/(2*z)"), read("-1/a")], "a")(0.0, 0.0) == (math.inf, -math.inf)


def test_one_formula_is_that_of_every_operand() -> None:
    assert compile_slopes([read("a/count(...)")], "*operands")(0.0, 2.0, 4.0) == (1.0, 2.0)
    assert compile_slopes([read("above(a, z, ...)")], "*operands")(4.0, 4.0, 1.0, 4.0) == (0.5, 0.0, 0.5)


def test_step_by_step_an_infinity_on_the_way_is_an_error() -> None:
    formula = read("1/(1 + exp(-a))")
    assert evaluate(formula, {"a": 2.0}) == 1 / (1 + math.exp(-2.0))
    with pytest.raises(OverflowError):
        evaluate(formula, {"a": -800.0})


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("1.0/(1 + exp(-a))", lambda a: 1 / (1 + sympy.exp(-a))),
        ("log1p(exp(a)) - 0.01*a", lambda a: sympy.log(1 + sympy.exp(a)) - a / 100),
        ("cbrt(a)", lambda a: sympy.sign(a) * sympy.cbrt(sympy.Abs(a))),
        ("relu(a) + step(a)*pi", lambda a: sympy.Max(a, 0) + sympy.Heaviside(a, 0) * sympy.pi),
    ],
)
def test_sympy_gets_exact_numbers_and_its_own_functions(text: str, expression: object) -> None:
    a = sympy.Symbol("a", real=True)
    formula = substitute(read(text), [Atom("x")], Atom("z"))
    assert express(formula, {"x": a}, sympy) == expression(a)  # type: ignore[operator]  # a function of the table above


def test_a_formula_that_is_wrong_is_told() -> None:
    with pytest.raises(ValueError, match=r"the formula 'a \+ b\)' goes wrong at '\)'"):
        read("a + b)")


@pytest.mark.parametrize(
    ("text", "board"),
    [("2*a", "2a"), ("a^b", "aᵇ"), ("b*a^(b - 1)", "b·aᵇ⁻¹"), ("exp(-a)", "e⁻ᵃ"), ("exp(-a^2)", "e^(−a²)"),
     ("1/(a*ln(2))", "1/(a·ln 2)"), ("exp(a)^2", "(eᵃ)²"), ("sin(a)^2", "(sin a)²"), ("2*cbrt(a)", "2·³√a"),
     ("1/2*a", "1/2·a"), ("sqrt(a)^2", "(√a)²"), ("2*sqrt(a^2)", "2√(a²)"),
     ("sqrt(a^2 + 1)", "√(a² + 1)"), ("-sin(a)", "−sin a"), ("sin(2*a)", "sin(2a)")],
)  # fmt: skip
def test_on_a_board_a_formula_is_short(text: str, board: str) -> None:
    assert show_on_board(read(text)) == board


def test_a_local_gradient_is_written_as_by_hand() -> None:
    operands = [Atom("x"), Atom("3", 3.0)]
    assert show(simplify(substitute(read("b*a^(b - 1)"), operands, Atom("f"))), TEXT) == "3·x²"
