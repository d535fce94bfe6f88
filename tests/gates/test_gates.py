"""Every gate against sympy's derivative, and against mpmath's differences: neither is ours."""

import math
from itertools import pairwise

import mpmath
import pytest
import sympy

from bpviz.autodiff import run
from bpviz.errors import EvaluationError, ProgramError
from bpviz.gates import FUNCTIONS, GATES, TABLE, Gate, write_expression
from bpviz.gates.gate import SEVERAL
from bpviz.lang import parse
from tests.accuracy import LIMIT
from tests.accuracy.measure import ulps
from tests.accuracy.references import REFERENCES

# one case a gate, in any order: a point inside its domain and off its kinks
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
    "root": (-2.0, 5.0),
    "exp": (-1.5,),
    "expm1": (-1.5,),
    "ln": (2.5,),
    "log1p": (1.5,),
    "logit": (0.625,),
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
    "arsech": (0.75,),
    "arcsch": (-1.5,),
    "arcoth": (-1.5,),
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
    "normcdf": (-0.75,),
    "normpdf": (-0.75,),
    "se": (1.5, 2.25),
    "bce": (0.625, 0.25),
    "bce_logits": (1.5, 0.25),
    "hinge": (0.75, -1.0),
    "abs": (-1.5,),
    "sign": (-1.5,),
    "max": (1.0, 3.0, 2.0),
    "min": (1.0, 3.0, 2.0),
    "sum": (1.0, 3.0, 2.0),
    "mean": (1.0, 3.0, 2.0),
    "prod": (1.5, -3.0, 2.0),
    "dot": (1.5, -3.0, 2.0, 0.25),
    "logsumexp": (1.0, 3.0, 2.0),
    "where": (1.5, -3.0, 2.0, 0.25),
    "where_ge": (1.5, -3.0, 2.0, 0.25),
    "where_lt": (1.5, -3.0, 2.0, 0.25),
    "where_le": (-3.0, 1.5, 2.0, 0.25),
    "where_eq": (1.5, -3.0, 2.0, 0.25),
    "where_ne": (1.5, -3.0, 2.0, 0.25),
}
CONSTANT_SLOTS = {"power": 1, "exponential": 0, "root": 1}  # the operand of a gate that is always a constant


def test_every_gate_has_a_case() -> None:
    assert CASES.keys() == GATES.keys()


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
    assert gate.board
    assert gate.words.does
    assert len(gate.board_local) in {1, fewest}
    assert bool(gate.kink) == bool(gate.rule)
    assert repr(gate) == f"<gate {gate.name}>"
    letters = tuple("abcd"[: max(fewest, 1)])
    assert all(letter in write_expression(gate, letters) for letter in letters)


@pytest.mark.parametrize(
    ("program", "gate"),
    [
        ("log(x)", "ln"),
        ("log(x, 3)", "log"),
        ("leaky_relu(x)", "leaky_relu"),
        ("leaky_relu(x, 0.2)", "prelu"),
        ("asin(x)", "arcsin"),
        ("arcsinh(x)", "arsinh"),
        ("swish(x)", "silu"),
        ("asech(x)", "arsech"),
        ("acsch(x)", "arcsch"),
        ("acoth(x)", "arcoth"),
        (r"\operatorname{arcoth}(x)", "arcoth"),
        (r"\arsech(x)", "arsech"),
    ],
)
def test_a_function_means_the_row_of_its_name_and_its_operands(program: str, gate: str) -> None:
    graph = parse(program)
    assert graph.nodes[graph.output].gate is GATES[gate]


def test_a_function_of_two_rows_says_how_many_operands_it_takes() -> None:
    with pytest.raises(ProgramError, match="log takes one operand or two operands, not three"):
        parse("log(x, 2, 3)")


def test_a_step_is_warned_of() -> None:
    told = "f = step(x): a step blocks the gradient everywhere: nothing before it can be learned"
    assert run(parse("step(x)"), x=2.0).warnings == (told,)


@pytest.mark.parametrize(
    ("a", "base", "z"), [(243.0, 3.0, 5.0), (1000.0, 10.0, 3.0), (8.0, 2.0, 3.0), (0.125, 2.0, -3.0)]
)
def test_a_whole_logarithm_is_whole(a: float, base: float, z: float) -> None:
    assert GATES["log"].forward(a, base) == z


def test_a_logarithm_is_whole_only_where_it_nearly_is() -> None:
    base = 1.619193649229161e46  # base^-7 is less than 5e-324, and rounded to it
    assert GATES["log"].forward(5e-324, base) == pytest.approx(float(mpmath.log(5e-324, base)), rel=1e-15)


@pytest.mark.parametrize(
    ("name", "operands"),
    [
        ("power", (1e-323, 0.0625)),
        ("gelu", (-1.567066941050964,)),
        ("silu", (-3.7271916913042533,)),
        ("mish", (-2.0692618983726114,)),
        ("coth", (0.3636312183285282,)),
    ],
)
def test_slopes_that_were_wrong_in_their_last_digits(name: str, operands: tuple[float, ...]) -> None:
    slope = REFERENCES[name].slopes[0]
    assert slope
    with mpmath.workdps(50):
        exact = slope(*map(mpmath.mpf, operands))
        assert ulps(GATES[name].slopes(GATES[name].forward(*operands), *operands)[0], exact) <= LIMIT


@pytest.mark.parametrize(
    ("name", "operands"),
    [
        ("log", (2.0, 1.0)),
        ("log", (2.0, -1.0)),
        ("csc", (0.0,)),
        ("cot", (0.0,)),
        ("csch", (0.0,)),
        ("coth", (0.0,)),
        ("arcsin", (1.5,)),
        ("arcsec", (0.5,)),
        ("arccsc", (-0.5,)),
        ("arcosh", (0.5,)),
        ("artanh", (1.0,)),
        ("arsech", (0.0,)),
        ("arsech", (1.5,)),
        ("arcsch", (0.0,)),
        ("arcoth", (1.0,)),
        ("arcoth", (-0.5,)),
        ("atan2", (0.0, 0.0)),
        ("log1p", (-1.0,)),
        ("logit", (0.0,)),
        ("logit", (1.0,)),
        ("root", (2.0, 4.0)),
        ("root", (2.0, -3.0)),
        ("root", (2.0, 2.5)),
        ("bce", (1.0, 0.5)),
        ("bce", (0.5, 1.5)),
        ("bce_logits", (0.5, 1.5)),
    ],
)
def test_outside_its_domain_a_gate_has_no_value_and_says_what_it_needs(name: str, operands: tuple[float, ...]) -> None:
    assert GATES[name].domain
    with pytest.raises((ValueError, ZeroDivisionError)):
        GATES[name].forward(*operands)


def test_a_probability_that_rounds_to_1_is_told_of_bce_logits() -> None:
    with pytest.raises(EvaluationError) as error:
        run(parse("bce(σ(x), t)"), x=40.0, t=1.0)
    assert error.value.hint == (
        "bce needs 0 < a < 1 and 0 ≤ b ≤ 1; of a = σ(x), which rounds to 1 from x = 37 on, write bce_logits(x, b)"
    )
    whole = run(parse("bce_logits(x, t)"), x=40.0, t=0.0)
    assert (whole.value("f"), whole.gradient("x")) == (40.0, 1.0)
    two, one = run(parse("bce(σ(x), t)"), x=1.5, t=0.25), run(parse("bce_logits(x, t)"), x=1.5, t=0.25)
    assert one.value("f") == pytest.approx(two.value("f"), rel=1e-14)
    for name in ("x", "t"):
        assert one.gradient(name) == pytest.approx(two.gradient(name), rel=1e-14)


def test_gates_that_share_a_function_differ_in_arity() -> None:
    for name, rows in FUNCTIONS.items():
        if rows[0].syntax.comparison:
            assert [row.syntax.comparison for row in rows] == [">", ">=", "<", "<=", "==", "!="]
            continue
        arities = sorted(gate.arity for gate in rows)
        assert all(most < fewest for (_, most), (fewest, _) in pairwise(arities)), name


@pytest.mark.parametrize(
    ("name", "operands", "slopes"),
    [
        ("relu", (0.0,), (0.0,)),
        ("abs", (0.0,), (0.0,)),
        ("sign", (0.0,), (0.0,)),
        ("max", (2.0, 2.0), (0.5, 0.5)),
        ("min", (2.0, 5.0, 2.0), (0.5, 0.0, 0.5)),
        ("leaky_relu", (0.0,), (0.01,)),
        ("prelu", (0.0, 0.25), (0.25, 0.0)),
        ("hard_tanh", (1.0,), (0.0,)),
        ("hard_tanh", (-1.0,), (0.0,)),
        ("step", (0.0,), (0.0,)),
        ("hinge", (-0.5, -2.0), (0.0, 0.0)),
        ("hypot", (0.0, 0.0), (0.0, 0.0)),
        ("atan2", (0.0, -2.0), (-0.5, 0.0)),
        ("where", (2.0, 2.0, 5.0, 7.0), (0.0, 0.0, 0.0, 1.0)),
        ("where_ge", (2.0, 2.0, 5.0, 7.0), (0.0, 0.0, 1.0, 0.0)),
        ("where_lt", (2.0, 2.0, 5.0, 7.0), (0.0, 0.0, 0.0, 1.0)),
        ("where_le", (2.0, 2.0, 5.0, 7.0), (0.0, 0.0, 1.0, 0.0)),
        ("where_eq", (2.0, 2.0, 5.0, 7.0), (0.0, 0.0, 1.0, 0.0)),
        ("where_ne", (2.0, 2.0, 5.0, 7.0), (0.0, 0.0, 0.0, 1.0)),
    ],
)
def test_kink_takes_its_rule(name: str, operands: tuple[float, ...], slopes: tuple[float, ...]) -> None:
    gate = GATES[name]
    z = gate.forward(*operands)
    assert gate.kink is not None
    assert gate.kink(z, *operands)
    assert gate.slopes(z, *operands) == slopes


SIDES: dict[str, tuple[tuple[float, ...], ...]] = {  # a point on each side of a gate's kinks
    "relu": ((-2.0,), (3.0,)),
    "abs": ((-2.0,), (3.0,)),
    "sign": ((-2.0,), (3.0,)),
    "max": ((5.0, 1.0, 2.0), (1.0, 5.0, 2.0), (1.0, 2.0, 5.0)),
    "min": ((1.0, 5.0, 2.0), (5.0, 1.0, 2.0), (5.0, 2.0, 1.0)),
    "leaky_relu": ((-2.0,), (3.0,)),
    "prelu": ((-2.0, 0.5), (3.0, 0.5)),
    "hard_tanh": ((-2.0,), (0.5,), (2.0,)),
    "step": ((-2.0,), (3.0,)),
    "hinge": ((3.0, 1.0), (-3.0, 1.0)),
    "where": ((1.0, 2.0, 5.0, 7.0), (2.0, 1.0, 5.0, 7.0)),
    "where_ge": ((1.0, 2.0, 5.0, 7.0), (2.0, 1.0, 5.0, 7.0)),
    "where_lt": ((1.0, 2.0, 5.0, 7.0), (2.0, 1.0, 5.0, 7.0)),
    "where_le": ((1.0, 2.0, 5.0, 7.0), (2.0, 1.0, 5.0, 7.0)),
}
POINTS = {"hypot", "atan2", "where_eq", "where_ne"}  # whose kinks are points and a cut through the plane, without sides


@pytest.mark.parametrize("gate", [gate for gate in TABLE if gate.kink], ids=lambda gate: gate.name)
def test_every_kink_has_its_sides(gate: Gate) -> None:
    if gate.side is None:
        assert gate.name in POINTS
        return
    points = SIDES[gate.name]
    assert [gate.side(*operands) for operands in points] == [*range(len(points))]
    assert gate.sides == len(points) or gate.arity == SEVERAL


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
        ("cbrt", 0.0, (0.0,), (math.inf,)),
        ("arcsin", math.pi / 2, (1.0,), (math.inf,)),
        ("arccos", math.pi, (-1.0,), (-math.inf,)),
        ("arccos", 0.0, (1.0,), (-math.inf,)),
        ("arcsec", math.pi, (-1.0,), (math.inf,)),
        ("arccsc", math.pi / 2, (1.0,), (-math.inf,)),
        ("arcosh", 0.0, (1.0,), (math.inf,)),
        ("arsech", 0.0, (1.0,), (-math.inf,)),
        ("root", 0.0, (0.0, 5.0), (math.inf, 0.0)),
        ("prod", 0.0, (0.0, 2.0, 3.0), (6.0, 0.0, 0.0)),
        ("prod", 0.0, (0.0, 2.0, 0.0), (0.0, 0.0, 0.0)),
    ],
)
def test_poles_are_infinite_slopes(name: str, z: float, operands: tuple[float, ...], slopes: tuple[float, ...]) -> None:
    assert GATES[name].slopes(z, *operands) == pytest.approx(slopes, abs=1e-300)


EDGES = (-1.0, 0.0, 1.0)


@pytest.mark.parametrize("gate", [gate for gate in TABLE if gate.arity == (1, 1)], ids=lambda gate: gate.name)
def test_a_row_names_its_poles_and_a_run_tells_them(gate: Gate) -> None:
    program = f"y = 2*x; f = {write_expression(gate, ('y',))}"
    met: list[float] = []
    for edge in EDGES:
        try:
            trace = run(parse(program), x=edge / 2)
        except EvaluationError:
            continue
        told = [warning for warning in trace.warnings if "has an infinite local gradient here" in warning]
        assert bool(told) == math.isinf(trace.gradient("y"))
        assert all(warning.startswith(f"f = {write_expression(gate, ('y',))} ") for warning in told)
        met += [edge] * bool(told)
    assert met == {"": [], "a = 0": [0.0], "a = 1": [1.0], "a = ±1": [-1.0, 1.0]}[gate.pole]


@pytest.mark.parametrize(("a", "b"), [(-2.0, 3.0), (0.0, 0.0), (0.0, -1.0)])
def test_a_variable_exponent_needs_a_positive_base(a: float, b: float) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  the domain error of math, which has no text to match
        GATES["pow"].forward(a, b)
