"""Constants are shown as they were typed, and are exact numbers in derivatives; what is rounded says so."""

import math

import pytest

from bpviz.formula.numerals import Rounding
from bpviz.lang import parse
from bpviz.text.closed_forms import symbolic

TYPED = [
    (r"\frac{2}{3}x", "f(x) = (2/3)·x", "∂f/∂x = 2/3"),
    ("2*pi*x", "f(x) = 2·π·x", "∂f/∂x = 2·π"),
    ("⅔x", "f(x) = ⅔·x", "∂f/∂x = ⅔"),
    ("2/3*x^2", "f(x) = (2/3)·x²", "∂f/∂x = (4/3)·x"),
    ("4/3*pi*r^3", "f(r) = (4/3)·π·r³", "∂f/∂r = 4·π·r²"),
    ("x/(2*pi)", "f(x) = x/(2·π)", "∂f/∂x = 1/(2·π)"),
    ("1/sqrt(2*pi)*exp(-x^2/2)", "f(x) = (1/√(2·π))·exp(−x²/2)", "∂f/∂x = −(1/√(2·π))·x·exp(−x²/2)"),
    ("x^(2/3)", "f(x) = x^(2/3)", "∂f/∂x = (2/3)·x^(−1/3)"),
    ("0.1*x^2", "f(x) = 0.1·x²", "∂f/∂x = 0.2·x"),
    ("0.5*x^2", "f(x) = 0.5·x²", "∂f/∂x = x"),
    ("x^3/4", "f(x) = x³/4", "∂f/∂x = 3·x²/4"),
    ("(x*-3)^2", "f(x) = (x·(−3))²", "∂f/∂x = 18·x"),
    ("x*-(2*pi)", "f(x) = x·(−2·π)", "∂f/∂x = −2·π"),
    ("x - (1+2)", "f(x) = x − (1 + 2)", "∂f/∂x = 1"),
]


@pytest.mark.parametrize(("program", "value", "derivative"), TYPED)
def test_constants_stand_as_typed(program: str, value: str, derivative: str) -> None:
    assert symbolic(parse(program)) == f"{value}\n\n{derivative}\n"


@pytest.mark.parametrize(
    ("digits", "sign", "shown"), [(3, "≈", "1.23×10⁵"), (5, "≈", "1.2346×10⁵"), (9, "=", "1.23456789×10⁵")]
)
def test_a_long_constant_has_its_digits_and_the_equation_says_so(digits: int, sign: str, shown: str) -> None:
    text = symbolic(parse("123456.789*x"), rounding=Rounding(digits))
    assert text == f"f(x) {sign} {shown}·x\n\n∂f/∂x {sign} {shown}\n"


def test_latex_has_fractions_and_pi() -> None:
    text = symbolic(parse("4/3*pi*x + 123456.789*y + 1e-9*w"), "latex")
    assert (
        r"f(x, y, w) &\approx \frac{4}{3} \pi  \cdot x + 1.23 \times 10^{5} \cdot y + 1 \times 10^{-9} \cdot w" in text
    )
    assert r"\frac{\partial f}{\partial x} &= \frac{4}{3} \pi" in text


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("2*pi*x", "return 2 * math.pi * x, {"),
        ("2/3*x^2", "return (2 / 3) * x**2, {"),
        ("sqrt(2*pi)*x", "return math.sqrt(2 * math.pi) * x, {"),
        ("x/root(2, 5)", "return x / 1.148698354997035, {"),
        ("silu(-1)*x", "return -0.2689414213699951 * x, {"),
    ],
)
def test_python_computes_the_constant_that_the_graph_has(program: str, line: str) -> None:
    code = symbolic(parse(program), "python")
    assert line in code
    names: dict[str, object] = {}
    exec(code, names)
    assert names["gradients"](x=1.0)[0] == parse(program).at(x=1.0).value("f")  # type: ignore[operator]


@pytest.mark.parametrize("program", [program for program, *_ in TYPED])
def test_the_numbers_are_what_they_were(program: str) -> None:
    graph = parse(program)
    for node in graph.nodes:
        if node.typed and node.typed.typed:
            assert node.constant == node.typed.value
    assert parse("2*pi*x").nodes[1].constant == 2 * math.pi
