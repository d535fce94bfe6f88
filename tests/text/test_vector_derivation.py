"""The derivation of a program with vectors: rules in matrix notation, whose numbers hold as they are printed."""

from functools import reduce
from math import floor, log10
from typing import Any

import pytest

import bpviz
from bpviz.errors import UsageError
from bpviz.formula.numerals import USUAL_ROUNDING
from bpviz.formula.tree import Atom, Formula, Term
from bpviz.text.derivation import Equation
from bpviz.text.derivation_formats import WIDTH
from bpviz.text.deriving import derive
from bpviz.text.printed_arithmetic import read_printed
from tests.conftest import need_module
from tests.support.snapshot import check
from tests.text.test_vector_report import NAMES, run_case
from tests.vectors.test_matrix_rules import draw_point

numpy: Any = need_module("numpy")


@pytest.mark.parametrize("name", NAMES)
def test_the_derivation_of_a_published_case(name: str) -> None:
    check(f"vectors-steps-{name}.plain", run_case(NAMES.index(name)).steps())


@pytest.mark.parametrize("format_", ["markdown", "latex", "typst"])
@pytest.mark.parametrize("name", ["norm", "softmax"])
def test_the_derivation_in_other_notations(name: str, format_: str) -> None:
    check(f"vectors-steps-{name}.{format_}", run_case(NAMES.index(name)).steps(format=format_))


def test_symbols_alone_have_no_numbers() -> None:
    text = run_case(0).steps(symbolic=True)
    assert text.startswith("f as a function of W, x\n")
    assert "∂f/∂W = ∂f/∂q · xᵀ\n" in text
    assert "0.088" not in text


@pytest.mark.parametrize(
    ("program", "point", "line"),
    [
        (
            "f = sum(x@W)",
            {"x": [1, 2], "W": [[1, 2], [3, 4]]},
            "∂f/∂W = xᵀ · ∂f/∂xW = [1, 2]ᵀ · [1, 1] = [[1, 1], [2, 2]]",
        ),
        (
            "f = sum(X + b)",
            {"X": [[1, 2], [3, 4]], "b": [5, 6]},
            "∂f/∂b = sum(∂f/∂Xpb, axis=0) = sum([[1, 1], [1, 1]]",
        ),
        ("f = sum(X + b)", {"X": [[1, 2], [3, 4]], "b": [5, 6]}, "b is repeated to a 2×2 matrix"),
        ("f = x[1]^2", {"x": [1, 3]}, "∂f/∂x = e[1] · ∂f/∂u1 = [0, 1] × 6 = [0, 6]"),
        ("f = x[1]^2", {"x": [1, 3]}, "e is 1 at the place that is taken, and 0 elsewhere."),
        ("f = sum(A.T@A)", {"A": [[1, 2], [3, 4]]}, "∂f/∂A via AT = (∂f/∂AT)ᵀ"),
        ("f = sum(x*[1, 0])", {"x": [2, 3]}, "∂f/∂u1 = ones · ∂f/∂f"),
        ("f = max(x)", {"x": [1, 3, 3]}, "where no derivative exists: a tie of max shares the"),
        ("f = sum(relu(x))", {"x": [0, 1]}, "Some entry is at a kink, where no derivative exists: relu'(0)"),
        ("f = cross_entropy(z; 1)", {"z": [0, 0]}, "∂f/∂z = (softmax(z) − e[1]) · ∂f/∂f"),
        ("f = norm(x)", {"x": [3, 4]}, "∂f/∂x = x/f · ∂f/∂f = [3, 4]/5 × 1 = [0.6, 0.8]"),
        ("f = sum(2*x)", {"x": [1, 2]}, "∂f/∂x = 2 · ∂f/∂u1 = 2 × [1, 1] = [2, 2]"),
        ("f = sum(sum(M, axis=0)^2)", {"M": [[1, 2], [3, 4]]}, "sum(M, axis=0)"),
    ],
)
def test_a_line_says(program: str, point: dict[str, object], line: str) -> None:
    text = bpviz.parse(program).at(point).steps()
    assert line in text, text
    assert max(map(len, text.splitlines())) <= WIDTH


def test_only_and_for_take_names_of_vectors() -> None:
    trace = run_case(0)
    only = trace.steps(only="W")
    assert "∂f/∂W" in only
    assert "∂f/∂x " not in only
    assert "Only the steps on the paths from W to f." in trace.steps(for_="W")
    with pytest.raises(UsageError, match="nothing is called V"):
        trace.steps(only="V")


# signs: read off the printed numbers by NumPy, which knows nothing of how they were chosen

PROGRAMS = [
    ("f = sum(sigmoid(W@x + b)^2)", {"W": (2, 3), "x": (3,), "b": (2,)}),
    ("f = sum((x@W - y)^2)/2", {"x": (3,), "W": (3, 2), "y": (2,)}),
    ("f = mean(tanh(X@W + b), axis=0)[1] + sum(W*W)", {"X": (3, 2), "W": (2, 2), "b": (2,)}),
    ("f = sum(softmax(X)*Y) - norm(X)", {"X": (2, 3), "Y": (2, 3)}),
    ("f = cross_entropy(W@x; 1) + prod(x)", {"W": (3, 2), "x": (2,)}),
    ("s = a.T@b; f = s*sum(a) - max(outer(a, b))", {"a": (3,), "b": (3,)}),
    ("f = sum(exp(A.T@A)/(1 + concat(b, b)))", {"A": (2, 4), "b": (2,)}),
]


def value_of(formula: Formula) -> Any:
    """Work out what is printed; None for what is no arithmetic."""
    if isinstance(formula, Atom):
        return None if "∞" in formula.text else float(read_printed(formula))
    match formula.head:
        case "column" | "turned row":
            return numpy.array([[value_of(each)] for each in formula.parts])
        case "row" | "turned column":
            return numpy.array([[value_of(each) for each in formula.parts]])
        case "matrix":
            return numpy.array([[value_of(each) for each in row.parts] for row in formula.parts])
        case "sum":
            axis = {"axis=0": 0, "axis=1": 1}.get(formula.parts[-1].text) if len(formula.parts) > 1 else None
            total = value_of(formula.parts[0])
            return None if total is None else numpy.sum(total, axis=axis, keepdims=axis is not None)
    parts = [value_of(each) for each in formula.parts]
    operations = {"+": numpy.add, "terms": numpy.add, "-": numpy.subtract, "/": numpy.divide, "@": numpy.matmul}
    operation = {**operations, "*": numpy.multiply, "⊙": numpy.multiply}.get(formula.head)
    return None if operation is None or any(each is None for each in parts) else reduce(operation, parts)


@pytest.mark.parametrize(("program", "shapes"), PROGRAMS)
@pytest.mark.parametrize("seed", range(4))
def test_an_equals_sign_is_true_of_printed_grids(program: str, shapes: dict[str, tuple[int, ...]], seed: int) -> None:
    found = derive(bpviz.parse(program).at(draw_point(shapes, seed)), USUAL_ROUNDING)
    steps_ = (*found.forward, *found.backward)
    lines = [line for step in steps_ for line in step.lines if isinstance(line, Equation) and line.numbers]
    read = [(value_of(line.numbers), line) for line in lines]
    assert sum(value is not None for value, _ in read) > len(lines) / 3
    for value, line in read:
        if value is None or not line.is_exact:
            continue
        assert line.result
        for computed, shown in zip(numpy.ravel(value), numpy.ravel(value_of(line.result)), strict=True):
            digits = USUAL_ROUNDING.grid_digits if isinstance(line.result, Term) else USUAL_ROUNDING.digits
            unit = 10.0 ** (floor(log10(abs(shown))) - digits + 1) if shown else 1e-9
            assert abs(computed - shown) <= unit * (0.5 + 1e-9), (line, computed, shown)
