"""Fifty slips by hand: which of them bpviz check recognises, as numbers and formulas, and which it honestly does not.

Each answer is written as a student writes it, in what Python and bpviz read alike, and computed here by Python. None of
the slips is made by the code that looks for them.
"""

import math

import pytest

from bpviz.autodiff import Trace, run
from bpviz.checking.answers import Answer, mark
from bpviz.checking.claims import read_claim
from bpviz.checking.formula_claims import EVERYWHERE
from bpviz.lang import parse
from tests.checking.test_claims import EXAMPLE

PROGRAMS = {
    "example": (EXAMPLE, {"x": 3, "y": -4}),
    "square": ("x^2*y", {"x": 3.4, "y": 5.5}),
    "neuron": ("a = sigmoid(w*x + b); L = (a - t)^2", {"w": 0.5, "x": 2.3, "b": -0.4, "t": 1.2}),
    "logarithm": ("log10(x)*y", {"x": 2.6, "y": 3.7}),
    "wave": ("x*sin(x)", {"x": 1.3}),
    "difference": ("(x - y)*z", {"x": 2.5, "y": 7.25, "z": 3.1}),
    "distance": ("sqrt(x^2 + y^2)", {"x": 1.7, "y": 2.9}),
    "bell": ("exp(-x^2)", {"x": 0.7}),
    "branches": ("a*b + a*c + c", {"a": 1.1, "b": 2.3, "c": 3.7}),
    "tanh": ("tanh(w*x)*v", {"w": 0.6, "x": 1.3, "v": 2.2}),
    "quotient": ("u/v", {"u": 2.7, "v": 1.9}),
    "lorentz": ("1/(1 + x^2)", {"x": 1.7}),
    "entropy": ("-x*ln(x)", {"x": 0.3}),
    "largest": ("max(x*y, z)", {"x": 1.5, "y": 2.2, "z": 0.7}),
    "relu": ("relu(x*y + z)*z", {"x": 1.5, "y": 2.2, "z": 0.7}),
    "power": ("2^x*y^3", {"x": 2.5, "y": 1.3}),
    "tangent": ("tan(x)*y", {"x": 0.8, "y": 1.7}),
    "triple": ("x*x*x", {"x": 1.3}),
}
UNKNOWN = ""
SIGY = "1/(1 + exp(-y))"
SIGX = "1/(1 + exp(-x))"
DEN = f"({SIGX} + (x + y)**2)"
A = "1/(1 + exp(-(w*x + b)))"

# a program, a name, what somebody takes for its gradient or value, and the kind of slip that it is
SLIPS = [
    # the sign
    ("square", "x", "-2*x*y", "sign"),
    ("difference", "y", "z", "lost minus"),
    ("bell", "x", "2*x*exp(-x**2)", "lost minus"),
    ("lorentz", "x", "2*x/(1 + x**2)**2", "lost minus"),
    ("quotient", "v", "u/v**2", "lost minus"),
    ("neuron", "t", f"2*({A} - t)", "lost minus"),
    ("wave", "x", "sin(x) - x*cos(x)", "sign"),
    # swapped operands
    ("branches", "b", "b", "swapped"),
    ("logarithm", "y", "y", "value"),
    ("difference", "z", "z", "swapped"),
    # the lost branch
    ("branches", "a", "b", "branch"),
    ("branches", "a", "c", "branch"),
    ("branches", "c", "a", "branch"),
    ("branches", "c", "1", "branch"),
    ("wave", "x", "sin(x)", "branch"),
    ("wave", "x", "x*cos(x)", "branch"),
    ("triple", "x", "x**2", "branch"),
    ("triple", "x", "2*x**2", "branch"),
    ("relu", "z", "x*y + z", "branch"),
    ("example", "x", f"1/{DEN}", "branch"),
    # the missing upstream, the missing local gradient
    ("square", "x", "2*x", "upstream"),
    ("bell", "x", "-2*x", "upstream"),
    ("bell", "x", "exp(-x**2)", "value"),
    ("tanh", "v", "v", "value"),
    ("tanh", "x", "w", "upstream"),
    ("lorentz", "x", "2*x", "upstream"),
    ("neuron", "b", f"({A})*(1 - {A})", "upstream"),
    ("neuron", "b", f"2*({A} - t)", "local"),
    # a rule of differentiation
    ("square", "x", "x*y", "rule"),
    ("distance", "x", "2*x/sqrt(x**2 + y**2)", "rule"),
    ("distance", "x", "x/(2*sqrt(x**2 + y**2))", "rule"),
    ("tangent", "x", "y/cos(x)", "rule"),
    ("power", "y", "2**x*y**2", "rule"),
    ("power", "x", "2**x*y**3", "rule"),
    ("power", "x", "x*2**(x - 1)*y**3", "rule"),
    ("quotient", "v", "-1/v**2", "upstream"),
    ("neuron", "b", f"2*({A} - t)*{A}", "rule"),
    ("tanh", "w", "(1 - (w*x)**2)*v*x", "rule"),
    ("tanh", "w", "(1 - tanh(w*x))*v*x", "rule"),
    ("wave", "x", "cos(x)", "product"),
    ("entropy", "x", "-1/x", "product"),
    # something else is taken for it
    ("square", "y", "y", "value"),
    ("square", "x", "x**2", "other"),
    ("difference", "x", "x - y", "other"),
    ("entropy", "x", "ln(x)", "other"),
    ("entropy", "x", "1 - ln(x)", "sign"),
    ("logarithm", "x", "y/x", "other gate"),
    ("largest", "z", "1", "other gate"),
    ("square", "x", "x**2*y", "value"),
    # not one of those that are known: the honest answer is that
    ("square", "x", "3*x*y", UNKNOWN),
    ("distance", "x", "x + y", UNKNOWN),
    ("lorentz", "x", "1/(2*x)", UNKNOWN),
    ("example", "x", f"5*(1 + {SIGX})/{DEN}", UNKNOWN),
    ("entropy", "x", "ln(x)/x", UNKNOWN),
]

# numbers that a calculator makes: a program, what is claimed, and the kind of slip
CALCULATED = [
    ("wave", "x=1.3224", "degrees"),
    ("tangent", "x=1.7003", "degrees"),
    ("example", "x=2.0625", "one digits"),
    ("example", "x=2.05", "cut off"),
    ("neuron", "value of a=0.75", "left out"),
    ("neuron", "value of a=0.9", UNKNOWN),
    ("neuron", "value of L=0.2704", "one digits"),
    ("logarithm", "f=3.535", "other gate"),
    ("wave", "f=0.02949", "degrees"),
    ("difference", "f=14.725", "negated"),
    ("lorentz", "f=3.89", "left out"),
    ("distance", "f=11.3", "left out"),
    ("bell", "f=-0.858", "gradient"),
    ("bell", "f=1.632", "turned"),
]


def point_at(program: str) -> Trace:
    text, point = PROGRAMS[program]
    return run(parse(text), point)


def kinds(answer: Answer) -> list[str]:
    return [slip.kind for slip in answer.slips]


@pytest.mark.parametrize(("program", "name", "wrong", "kind"), SLIPS)
def test_a_number_is_recognised_or_honestly_not(program: str, name: str, wrong: str, kind: str) -> None:
    trace = point_at(program)
    number = eval(wrong, {**vars(math), "ln": math.log, **trace.point})
    (answer,) = mark(trace, [read_claim(trace.graph, f"{name} = {number:.6e}")])
    assert not answer.is_right
    assert kind in kinds(answer) if kind else kinds(answer) == []


@pytest.mark.parametrize(("program", "name", "wrong", "kind"), SLIPS)
def test_a_formula_is_recognised_or_honestly_not(program: str, name: str, wrong: str, kind: str) -> None:
    trace = point_at(program)
    if not any(letter in wrong for letter in trace.point):
        return  # 1 is a number
    (answer,) = mark(trace, [read_claim(trace.graph, f"∂{trace.graph.output_name}/∂{name} = {wrong}")])
    assert answer.verdict != EVERYWHERE
    assert kind in kinds(answer) if kind else kinds(answer) == []


@pytest.mark.parametrize(("program", "claim", "kind"), CALCULATED)
def test_what_a_calculator_makes_is_recognised_or_honestly_not(program: str, claim: str, kind: str) -> None:
    trace = point_at(program)
    (answer,) = mark(trace, [read_claim(trace.graph, claim)])
    assert not answer.is_right
    assert kind in kinds(answer) if kind else kinds(answer) == []


def test_fifty_slips_over_ten_programs() -> None:
    assert len(SLIPS) + len(CALCULATED) >= 50
    assert len({program for program, *_ in SLIPS}) >= 10
