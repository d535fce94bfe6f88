"""Closed forms in matrix notation: as a lecturer writes them, and worked out with NumPy what the passes say."""

from functools import reduce
from typing import Any

import pytest

import bpviz
from bpviz.errors import UsageError
from bpviz.formula.numerals import THREE_DIGITS
from bpviz.formula.tree import Atom, Formula
from bpviz.grouping import GroupedGraph, group
from bpviz.text.vector_closed_forms import VectorForms
from bpviz.vectors.lying_rows import find_rows
from tests.conftest import need_module
from tests.support.snapshot import check
from tests.text.test_vector_report import CASES, NAMES, run_case
from tests.vectors.test_matrix_rules import draw_point

numpy: Any = need_module("numpy")

PROGRAMS = [
    ("f = sum((x@W - y)^2)/2", {"x": (3,), "W": (3, 2), "y": (2,)}),
    ("H = sigmoid(X@W + b); f = mean(H^3)", {"X": (3, 2), "W": (2, 2), "b": (2,)}),
    ("f = sum(X + b) + sum(b)", {"X": (3, 2), "b": (2,)}),
    ("f = sum(sum(X, axis=0)^2) - sum(X*sum(X))", {"X": (3, 2)}),
    ("p = softmax(X); f = -sum(Y*ln(p))", {"X": (2, 3), "Y": (2, 3)}),
    ("f = norm(A.T@A - c) + x.T@A@x/2", {"A": (2, 2), "x": (2,), "c": ()}),
    ("s = a.T@b; f = s*sum(a) - s^2", {"a": (3,), "b": (3,)}),
    ("f = sum(outer(u, v)*M) + u[1]*v[0]", {"u": (2,), "v": (3,), "M": (2, 3)}),
    ("f = sum(exp(A.T@c)/(1 + concat(b, b)))^2", {"A": (2, 4), "b": (2,), "c": (2,)}),
    ("f = x.T@A@x + (x@A)[1]", {"x": (2,), "A": (2, 2)}),
    ("f = sum([s*t, t^2, s]*[1, 2, 3])", {"s": (), "t": ()}),
    ("f = sum(mean(X, axis=1)*w) + logsumexp(w)", {"X": (3, 2), "w": (3,)}),
]


def work_out(formula: Formula, known: dict[str, Any]) -> Any:
    """Work a formula out with NumPy; vectors lie as they do in the program."""
    if isinstance(formula, Atom):
        return known[formula.text] if formula.value is None else formula.value
    if formula.head in ("column", "row", "unit", "list"):
        return make_grid(formula, known)
    *operands, last = formula.parts or (Atom("1", 1.0),)
    axis = {"axis=0": 0, "axis=1": 1}.get(last.text) if isinstance(last, Atom) else None
    parts = [work_out(part, known) for part in (operands if axis is not None else formula.parts)]
    match formula.head:
        case "+":
            return parts[0] + parts[1]
        case "-":
            return parts[0] - parts[1]
        case "negative":
            return -parts[0]
        case "*" | "⊙":
            return reduce(numpy.multiply, parts)
        case "/":
            return parts[0] / parts[1]
        case "^":
            return parts[0] ** parts[1]
        case "@":
            matrices = [each for each in parts if numpy.ndim(each)]  # ones repeat a row or a column
            return reduce(numpy.matmul, matrices) if matrices else 1.0
        case "T":
            return numpy.transpose(parts[0])
        case "ones":
            return 1.0
        case "entry":
            return numpy.ravel(parts[0])[int(parts[1])]
        case "slice":
            return numpy.ravel(parts[0])[int(parts[1]) : int(parts[2])].reshape(-1, 1)
        case "concat":
            return numpy.concatenate([numpy.ravel(each) for each in parts]).reshape(-1, 1)
        case "sum" | "mean":
            return getattr(numpy, formula.head)(parts[0], axis=axis, keepdims=axis is not None)
        case "norm":
            return numpy.linalg.norm(parts[0])
        case "softmax":
            along = 1 if min(parts[0].shape) > 1 else None
            return numpy.exp(parts[0]) / numpy.exp(parts[0]).sum(axis=along, keepdims=True)
    return {"exp": numpy.exp, "ln": numpy.log, "σ": lambda a: 1 / (1 + numpy.exp(-a))}[formula.head](*parts)


def make_grid(formula: Any, known: dict[str, Any]) -> Any:
    entries = [work_out(part, known) for part in formula.parts]
    if formula.head != "unit":
        return numpy.array([entries] if formula.head == "row" else [[each] for each in entries])
    place = [int(each) for each in entries]
    found = numpy.zeros(known["unit"] if len(place) > 1 else (known["unit"][0], 1))
    found[(*place, 0)[:2]] = 1
    return found


@pytest.mark.parametrize(("program", "shapes"), PROGRAMS)
@pytest.mark.parametrize("expand", [False, True])
def test_closed_forms_are_what_the_passes_say(program: str, shapes: dict[str, tuple[int, ...]], expand: bool) -> None:
    point = {name: numpy.abs(value).tolist() for name, value in draw_point(shapes, 3).items()}
    trace = bpviz.parse(program).at(point)
    graph = group(trace.graph)
    assert isinstance(graph, GroupedGraph)
    rows = find_rows(graph.grid)
    known: dict[str, Any] = {}
    for i, node in enumerate(graph.grid.nodes):
        if not node.is_constant:
            value = numpy.array(trace.value(node.name))
            known[node.name] = value if value.ndim != 1 else value.reshape((1, -1) if i in rows else (-1, 1))
    _, gradients = VectorForms(graph, THREE_DIGITS, set() if expand else {*graph.grid.named}).list_equations()
    for (_, formula), name in zip(gradients, graph.input_names, strict=True):
        expected = numpy.array(trace.gradient(name))
        found = work_out(formula, {**known, "unit": expected.shape})
        spread = numpy.ravel(found + numpy.zeros(known[name].shape)).tolist()
        assert spread == pytest.approx(numpy.ravel(expected).tolist(), rel=1e-9, abs=1e-12), name


@pytest.mark.parametrize(
    ("program", "inputs", "line"),
    [
        (CASES[0]["program"], CASES[0]["inputs"], "∂f/∂W = 2 · q · xᵀ"),
        (CASES[3]["program"], CASES[3]["inputs"], "∂out/∂x = 3/2 · y"),
        (CASES[5]["program"], CASES[5]["inputs"], "∂L/∂z = sum(y) · p − y"),
        (CASES[6]["program"], CASES[6]["inputs"], "∂L/∂w = 2/3 · Xᵀ · r"),
        ("f = norm(A@x - b)^2", {"A": [[1, 2]], "x": [1, 2], "b": [3]}, "∂f/∂x = 2 · Aᵀ · (A · x − b)"),
        ("L = cross_entropy(W@x; 0)", {"W": [[1, 2], [3, 4]], "x": [1, 2]}, "∂L/∂W = (softmax(W · x) − e[0]) · xᵀ"),
    ],
)
def test_they_read_as_on_a_board(program: str, inputs: dict[str, Any], line: str) -> None:
    assert line in bpviz.parse(program).at(inputs).symbolic().splitlines()


@pytest.mark.parametrize("name", ["norm", "mazur", "softmax", "batch"])
def test_the_closed_forms_of_a_published_case(name: str) -> None:
    check(f"vectors-symbolic-{name}.text", run_case(NAMES.index(name)).symbolic())


def test_latex_is_a_display() -> None:
    check("vectors-symbolic-batch.latex", run_case(6).symbolic(format="latex"))


@pytest.mark.parametrize("options", [{"local": True}, {"format": "python"}])
def test_what_is_not_written_of_vectors_is_said(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="is not written") as caught:
        run_case(0).symbolic(**options)
    assert "--unroll" in caught.value.hint
    assert "W_01" in run_case(0).graph.unroll().symbolic(**options)
