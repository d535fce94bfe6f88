"""Every gate against sympy's derivative, and against mpmath's differences: neither is ours."""

import math
from itertools import pairwise

import mpmath
import pytest
import sympy

from bpviz.gates import FUNCTIONS, GATES, TABLE, Gate, written

# one case a gate: a point inside its domain and off its kinks
CASES: dict[str, tuple[float, ...]] = {
    "add": (3.0, -4.0),
    "subtract": (3.0, -4.0),
    "multiply": (3.0, -4.0),
    "divide": (3.0, -4.0),
    "negate": (0.7,),
    "reciprocal": (-1.5,),
    "square": (-1.25,),
    "power": (-1.25, 3.0),
    "exponential": (2.5, -1.5),
    "pow": (2.5, -1.5),
    "sqrt": (2.0,),
    "cbrt": (-2.0,),
    "exp": (-1.5,),
    "ln": (2.5,),
    "log2": (2.5,),
    "log10": (2.5,),
    "log": (2.5, 3.0),
    "sin": (2.5,),
    "cos": (2.5,),
    "tan": (2.5,),
    "sec": (2.5,),
    "csc": (2.5,),
    "cot": (2.5,),
    "arcsin": (-0.75,),
    "arccos": (-0.75,),
    "arctan": (-1.5,),
    "arcsec": (-1.5,),
    "arccsc": (-1.5,),
    "arccot": (-1.5,),
    "atan2": (3.0, -4.0),
    "hypot": (2.0, -1.5),
    "sinh": (-1.5,),
    "cosh": (-1.5,),
    "tanh": (-1.5,),
    "sech": (-1.5,),
    "csch": (-1.5,),
    "coth": (-1.5,),
    "arsinh": (1.5,),
    "arcosh": (1.5,),
    "artanh": (-0.75,),
    "sigmoid": (-1.5,),
    "relu": (1.5,),
    "softplus": (-1.5,),
    "leaky_relu": (-1.5,),
    "prelu": (-1.5, 0.25),
    "elu": (-1.5,),
    "silu": (-0.5,),
    "gelu": (-0.5,),
    "mish": (-0.5,),
    "hard_tanh": (-0.75,),
    "step": (1.5,),
    "erf": (-0.75,),
    "se": (1.5, 2.25),
    "bce": (0.625, 0.25),
    "hinge": (0.75, -1.0),
    "abs": (-1.5,),
    "max": (1.0, 3.0, 2.0),
    "min": (1.0, 3.0, 2.0),
    "sum": (1.0, 3.0, 2.0),
    "mean": (1.0, 3.0, 2.0),
    "prod": (1.5, -3.0, 2.0),
}
CONSTANT_SLOTS = {"power": 1, "exponential": 0}  # the operand of a gate that is always a constant


def test_every_gate_has_a_case() -> None:
    assert list(CASES) == list(GATES)


def slots(gate: Gate) -> list[int]:
    return [slot for slot in range(len(CASES[gate.name])) if slot != CONSTANT_SLOTS.get(gate.name)]


def symbolic(gate: Gate) -> tuple[sympy.Expr, list[sympy.Symbol]]:
    letters = sympy.symbols(f"a:{len(CASES[gate.name])}", real=True)
    return gate.symbolic(sympy, *letters), list(letters)


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_value_is_sympys(gate: Gate) -> None:
    point = CASES[gate.name]
    expression, letters = symbolic(gate)
    exact = expression.subs(dict(zip(letters, map(sympy.Float, point), strict=True))).evalf(30)
    assert gate.forward(*point) == pytest.approx(float(exact), rel=1e-15)


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_local_gradients_are_sympys(gate: Gate) -> None:
    point = CASES[gate.name]
    expression, letters = symbolic(gate)
    at = {letter: sympy.Rational(x) for letter, x in zip(letters, point, strict=True)}
    slopes = gate.slopes(gate.forward(*point), *point)
    assert len(slopes) == len(point)
    for slot in slots(gate):
        exact = sympy.diff(expression, letters[slot]).subs(at).evalf(30)
        assert slopes[slot] == pytest.approx(float(exact), rel=1e-15)


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_local_gradients_are_mpmaths_differences(gate: Gate) -> None:
    point = CASES[gate.name]
    expression, letters = symbolic(gate)
    function = sympy.lambdify(letters, expression, "mpmath")
    slopes = gate.slopes(gate.forward(*point), *point)
    with mpmath.workdps(50):
        for slot in slots(gate):
            order = tuple(int(slot == i) for i in range(len(point)))
            assert slopes[slot] == pytest.approx(float(mpmath.diff(function, point, order)), rel=1e-14)


@pytest.mark.parametrize("gate", TABLE, ids=lambda gate: gate.name)
def test_row_is_complete(gate: Gate) -> None:
    fewest, most = gate.arity
    assert 1 <= fewest <= most
    assert gate.symbol
    assert gate.formula
    assert gate.does
    assert len(gate.local) in {1, fewest}
    assert bool(gate.kink) == bool(gate.rule)
    assert repr(gate) == f"<gate {gate.name}>"
    letters = tuple("abc"[: max(fewest, 1)])
    assert all(letter in written(gate, letters) for letter in letters)


def test_gates_that_share_a_function_differ_in_arity() -> None:
    for name, rows in FUNCTIONS.items():
        arities = sorted(gate.arity for gate in rows)
        assert all(most < fewest for (_, most), (fewest, _) in pairwise(arities)), name


@pytest.mark.parametrize(
    ("name", "operands", "slopes"),
    [
        ("relu", (0.0,), (0.0,)),
        ("abs", (0.0,), (0.0,)),
        ("max", (2.0, 2.0), (0.5, 0.5)),
        ("min", (2.0, 5.0, 2.0), (0.5, 0.0, 0.5)),
    ],
)
def test_kink_takes_its_rule(name: str, operands: tuple[float, ...], slopes: tuple[float, ...]) -> None:
    gate = GATES[name]
    z = gate.forward(*operands)
    assert gate.kink is not None
    assert gate.kink(z, *operands)
    assert gate.slopes(z, *operands) == slopes


@pytest.mark.parametrize(
    ("name", "a", "value", "slope"),
    [
        ("sigmoid", 700.0, 1.0, mpmath.exp(-700)),
        ("sigmoid", -700.0, mpmath.exp(-700), mpmath.exp(-700)),
        ("sigmoid", -745.0, 5e-324, 5e-324),
        ("sigmoid", 40.0, 1.0, 4.248354255291589e-18),
        ("tanh", 20.0, 1.0, 1.6993417021166355e-17),
        ("softplus", 700.0, 700.0, 1.0),
        ("softplus", -700.0, mpmath.exp(-700), mpmath.exp(-700)),
        ("reciprocal", 1e-200, 1e200, -math.inf),
        ("sqrt", 0.0, 0.0, math.inf),
    ],
)
def test_tails_keep_their_accuracy(name: str, a: float, value: float, slope: float) -> None:
    z = GATES[name].forward(a)
    assert z == pytest.approx(float(value), rel=1e-15)
    assert GATES[name].slopes(z, a)[0] == pytest.approx(float(slope), rel=1e-14)


@pytest.mark.parametrize(
    ("name", "z", "operands", "slopes"),
    [
        ("power", 0.0, (0.0, 0.5), (math.inf, 0.0)),
        ("power", 1.0, (0.0, 0.0), (0.0, 0.0)),
        ("power", 1e-308, (-1e154, -2.0), (2e-308 * 1e-154, 0.0)),
        ("pow", 0.0, (0.0, 2.0), (0.0, 0.0)),
        ("divide", 2.0, (0.0, 0.0), (math.inf, -math.inf)),
    ],
)
def test_poles_are_infinite_slopes(name: str, z: float, operands: tuple[float, ...], slopes: tuple[float, ...]) -> None:
    assert GATES[name].slopes(z, *operands) == pytest.approx(slopes, abs=1e-300)


@pytest.mark.parametrize(("a", "b"), [(-2.0, 3.0), (0.0, 0.0), (0.0, -1.0)])
def test_a_variable_exponent_needs_a_positive_base(a: float, b: float) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  the domain error of math, which has no text to match
        GATES["pow"].forward(a, b)
