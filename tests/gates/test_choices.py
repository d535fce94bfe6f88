"""where(a > b, u, v): one gate of six signs, what is taken at a tie, and how it reads in every notation."""

from __future__ import annotations

import pytest
import sympy

from bpviz.autodiff import run
from bpviz.errors import EvaluationError, ProgramError
from bpviz.figure.node_texts import write_operation
from bpviz.formula.languages import JAX, NUMPY, PYTHON, TORCH
from bpviz.formula.latex import LATEX
from bpviz.formula.mathml import MATHML
from bpviz.formula.printing import TEXT, Style, show
from bpviz.formula.typst import TYPST
from bpviz.gates import FUNCTIONS, GATES, write_expression
from bpviz.lang import parse
from bpviz.text.closed_forms import symbolic

SIGNS = {">": "where", ">=": "where_ge", "<": "where_lt", "<=": "where_le", "==": "where_eq", "!=": "where_ne"}


@pytest.mark.parametrize(("sign", "name"), SIGNS.items())
def test_the_sign_picks_the_row(sign: str, name: str) -> None:
    graph = parse(f"where(x {sign} y, 2*x, y)")
    assert graph.nodes[graph.output].gate is GATES[name]
    assert name == "where" or name not in FUNCTIONS


@pytest.mark.parametrize(("sign", "taken"), [(">", "v"), (">=", "u"), ("<", "v"), ("<=", "u"), ("=", "u"), ("!=", "v")])
def test_at_a_tie_the_operand_that_is_taken_gets_the_gradient(sign: str, taken: str) -> None:
    trace = run(parse(f"where(a {sign} b, u, v)"), a=1.0, b=1.0, u=5.0, v=7.0)
    assert {name: trace.gradient(name) for name in "abuv"} == {**dict.fromkeys("abuv", 0.0), taken: 1.0}
    assert any("is at a kink" in warning and GATES["where"].rule in warning for warning in trace.warnings)


def test_a_choice_says_its_sign_as_it_is_shown() -> None:
    assert write_expression(GATES["where_ge"], ("x", "0", "x", "y")) == "where(x ≥ 0, x, y)"
    assert write_expression(GATES["where"], ("x", "0", "x", "0")) == "where(x > 0, x, 0)"


@pytest.mark.parametrize(
    ("style", "text"),
    [
        (PYTHON.style, "(x if x <= 1 else y)"),
        (NUMPY.style, "np.where(x <= 1, x, y)"),
        (TORCH.style, "torch.where(x <= 1, x, y)"),
        (JAX.style, "jnp.where(x <= 1, x, y)"),
        (TEXT, "(x if x ≤ 1, else y)"),
        (LATEX, r"\begin{cases}x & \text{if } x \le 1 \\ y & \text{otherwise}\end{cases}"),
        (TYPST, 'cases(x & "if" x <= 1, y & "otherwise")'),
    ],
)
def test_a_choice_in_every_notation(style: Style, text: str) -> None:
    graph = parse("where(x <= 1, x, y)")
    assert show(graph.formula(graph.output), style) == text


@pytest.mark.parametrize(("style", "module"), [(TORCH.style, "torch"), (JAX.style, "jnp")])
def test_a_choice_of_two_numbers_is_one_that_a_framework_differentiates(style: Style, module: str) -> None:
    graph = parse("where(2 > x, 1, -1)")
    assert show(graph.formula(graph.output), style) == f"({module}.where(2 > x, 1.0, -1.0) + 0 * x)"


@pytest.mark.parametrize(
    "program", ["where(x > 0, x, 0)", "leaky_relu(x)^2", "where(x <= 1, where(x >= 0, 2, x), 3*x)"]
)
def test_a_choice_as_text_is_read_back(program: str) -> None:
    graph = parse(program, gates="fused")
    printed = str(symbolic(graph)).splitlines()[0].partition(" = ")[2]
    for x in (-1.5, 0.5, 2.5):
        assert run(parse(printed), x=x).value("f") == run(graph, x=x).value("f")


def test_a_choice_in_mathml_is_a_table_of_two_rows() -> None:
    graph = parse("where(x <= 1, x, y)")
    text = show(graph.formula(graph.output), MATHML)
    assert text.count("<mtr>") == 2
    assert "<mo>≤</mo>" in text
    assert "[" not in text


@pytest.mark.parametrize(
    ("program", "operation"),
    [
        ("where(x > y, x*y, y^2)", "> ?"),
        ("where(x > 0, x^2, -x)", "·>0 ? · : ·"),
        ("where(x >= y, 2*x, 1)", "·≥· ? · : 1"),
        ("where(x == 0, 1, x)", "·=0 ? 1 : ·"),
        ("[x ≠ y]", "·≠· ? 1 : 0"),
        ("where(x <= -1, 0, x)", "·≤−1 ? 0 : ·"),
    ],
)
def test_the_circle_has_the_sign_and_the_constants(program: str, operation: str) -> None:
    graph = parse(program)
    assert write_operation(graph, graph.output) == operation


@pytest.mark.parametrize("sign", SIGNS)
def test_sympy_takes_the_same_at_the_boundary(sign: str) -> None:
    a, b, u, v = sympy.symbols("a b u v", real=True)
    expression = GATES[SIGNS[sign]].symbolic(sympy, a, b, u, v)
    at_tie = expression.subs({a: 1, b: 1, u: 5, v: 7})
    assert float(at_tie) == GATES[SIGNS[sign]].forward(1.0, 1.0, 5.0, 7.0)


@pytest.mark.parametrize("condition", ["x = y", "x == y", r"\left[x = y\right]", "[x=y]"])
def test_equality_in_square_brackets_is_1_where_it_holds(condition: str) -> None:
    graph = parse(condition if "[" in condition else f"[{condition}]")
    assert graph.nodes[graph.output].gate is GATES["where_eq"]
    assert [run(graph, x=2.0, y=y).value("f") for y in (2.0, 3.0)] == [1.0, 0.0]


def test_a_product_of_three_fractions_keeps_them_all() -> None:
    text = str(symbolic(parse("prod(a/3, b/3, c/3)")))
    assert text.splitlines()[0] == "f(a, b, c) = a·b·c/(3·3·3)"


@pytest.mark.parametrize(("program", "name"), [("root(x, 3)", "cbrt"), ("root(x, 2)", "sqrt"), ("root(x, 5)", "root")])
def test_a_root_of_a_certain_degree_is_its_own_row(program: str, name: str) -> None:
    graph = parse(program)
    assert graph.nodes[graph.output].gate is GATES[name]


def test_a_cube_root_is_read_as_a_sign() -> None:
    assert run(parse("2∛x + ∛(x - 19)"), x=-8.0).value("f") == -7.0


def test_an_odd_root_has_negative_operands() -> None:
    trace = run(parse("root(x, 5)"), x=-32.0)
    assert trace.value("f") == -2.0
    assert trace.gradient("x") == pytest.approx(1 / 80)


@pytest.mark.parametrize("program", ["root(x, n)", "root(x, 4)", "root(x, -3)", "root(x, 2.5)"])
def test_another_degree_is_refused_with_what_to_write(program: str) -> None:
    with pytest.raises(ProgramError) as error:
        parse(program)
    assert error.value.what == "root needs a number n that is whole and odd, typed as such"
    assert error.value.hint == "of an even n write x^(1/n), which needs x ≥ 0"
    assert run(parse("x^(1/4)"), x=16.0).value("f") == 2.0


@pytest.mark.parametrize("letter", ["Φ", "φ", "phi", "Phi", "σ"])
def test_a_greek_letter_by_itself_is_a_name(letter: str) -> None:
    graph = parse(f"2*{letter} + x")
    assert [graph.nodes[i].name for i in graph.inputs] == [letter, "x"]


@pytest.mark.parametrize(
    ("operands", "value"),
    [
        ((1000.0, 999.0), 1000.3132616875182),
        ((-1000.0, -1000.0), -999.3068528194401),
        ((-0.5, -0.9327521295671886), 0.0),
    ],
)
def test_logsumexp_overflows_nowhere_and_is_exact_near_zero(operands: tuple[float, ...], value: float) -> None:
    assert GATES["logsumexp"].forward(*operands) == pytest.approx(value, abs=1e-16)


def test_outside_its_domain_logit_says_what_it_needs() -> None:
    with pytest.raises(EvaluationError, match="has no value at 1") as error:
        run(parse("logit(x)"), x=1.0)
    assert error.value.hint == "logit needs 0 < a < 1"
