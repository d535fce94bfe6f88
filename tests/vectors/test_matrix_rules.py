"""The rules in matrix notation, worked out with NumPy, are what the scalar passes say: one that is wrong fails here."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

import bpviz
from bpviz.errors import ProgramError
from bpviz.formula.tree import Atom, Formula, read
from bpviz.vectors import VECTOR_TABLE, nest
from bpviz.vectors.rule_numbers import evaluate, make_grid
from tests.conftest import need_module

numpy: Any = need_module("numpy")

# A program of each operation, in every form that its rules tell apart, with shapes for its inputs.
FORMS: dict[str, list[tuple[str, dict[str, tuple[int, ...]]]]] = {
    "matmul": [
        ("A@B", {"A": (2, 3), "B": (3, 4)}),
        ("A@B", {"A": (1, 3), "B": (3, 1)}),
        ("A@b", {"A": (2, 3), "b": (3,)}),
        ("a@B", {"a": (3,), "B": (3, 2)}),
        ("a.T@B", {"a": (3,), "B": (3, 2)}),
        ("a@b", {"a": (3,), "b": (3,)}),
        ("a.T@b", {"a": (3,), "b": (3,)}),
    ],
    "outer": [("outer(a, b)", {"a": (2,), "b": (3,)}), ("a@b.T", {"a": (3,), "b": (2,)})],
    "transpose": [("A.T", {"A": (2, 3)})],
    "index": [("a[1]", {"a": (3,)}), ("A[1]", {"A": (2, 3)}), ("A[-1, 0]", {"A": (2, 3)})],
    "concat": [("concat(a, b, s)", {"a": (2,), "b": (3,), "s": ()}), ("concat(A, B)", {"A": (2, 3), "B": (1, 3)})],
    "list": [("[s, t, s*t]", {"s": (), "t": ()}), ("[a, b]", {"a": (3,), "b": (3,)})],
    **{
        name: [
            (f"{name}(a)", {"a": (4,)}),
            (f"{name}(A)", {"A": (2, 3)}),
            (f"{name}(A, axis=0)", {"A": (2, 3)}),
            (f"{name}(A, axis=1)", {"A": (2, 3)}),
        ]
        for name in ("sum", "mean", "prod", "max", "min", "logsumexp")
    },
    "norm": [("norm(a)", {"a": (3,)}), ("norm(A)", {"A": (2, 2)})],
    "softmax": [("softmax(a)", {"a": (3,)}), ("softmax(A)", {"A": (2, 3)})],
    "cross_entropy": [("cross_entropy(a; 1)", {"a": (3,)}), ("cross_entropy(a; b)", {"a": (3,), "b": (3,)})],
}
CASES = [(name, program, shapes) for name, forms in FORMS.items() for program, shapes in forms]


def test_every_row_has_its_rules_tried() -> None:
    assert set(FORMS) == {row.name for row in VECTOR_TABLE}


def compute(formula: Formula, grids: Mapping[str, Any], shape: tuple[int, ...]) -> Any:
    """Compute a rule with NumPy, whose vectors are columns of two axes."""
    if isinstance(formula, Atom):
        if formula.text == "ones":
            return numpy.ones(shape if len(shape) == 2 else (*shape, 1))
        return grids[formula.text] if formula.value is None else formula.value
    counts = [int(part.value) for part in formula.parts if isinstance(part, Atom) and part.value is not None]
    if formula.head == "ones":
        return numpy.ones((counts[0], 1))
    if formula.head == "unit":
        found = numpy.zeros((shape[0], 1) if len(counts) == 1 else shape)
        found[(*counts, 0)[:2]] = 1
        return found
    parts = [compute(part, grids, shape) for part in formula.parts]
    axis = {"axis": counts[0], "keepdims": True} if counts else {}
    match formula.head:
        case "@":
            return parts[0] @ parts[1]
        case "*":
            return parts[0] * parts[1]
        case "-":
            return parts[0] - parts[1]
        case "/":
            return parts[0] / parts[1]
        case "T":
            return parts[0].T
        case "exp":
            return numpy.exp(parts[0])
        case "sum":
            return numpy.sum(parts[0], **axis)
        case "softmax":
            return numpy.exp(parts[0]) / numpy.exp(parts[0]).sum()
        case "logsumexp":
            return numpy.log(numpy.exp(parts[0]).sum())
        case "others":
            return numpy.prod(parts[0], **axis) / parts[0]
        case "taken":
            return parts[0] == parts[1]
        case "slice":
            return parts[0][counts[0] : counts[1]]
        case "entry":
            return parts[0][counts[0]].reshape(-1, 1)
    raise AssertionError(f"no rule has {formula.head}")


def draw_point(shapes: Mapping[str, tuple[int, ...]], seed: int) -> dict[str, Any]:
    rng = random.Random(seed)
    return {
        name: nest([rng.uniform(-2, 2) for _ in range(int(numpy.prod(shape)))], shape) for name, shape in shapes.items()
    }


def run_with_any_gradients(program: str, point: Mapping[str, Any]) -> Any:
    """Run a program whose z is made one number, so that each of its entries has a gradient of its own."""
    try:
        return bpviz.parse(f"z = {program}; f = sum(sin(z)) + sum(z)^2").at(point)
    except ProgramError:  # z is one number
        return bpviz.parse(f"z = {program}; f = sin(z) + z^2").at(point)


@pytest.mark.parametrize(("name", "program", "shapes"), CASES, ids=[case[1] + str(case[2]) for case in CASES])
@pytest.mark.parametrize("seed", range(3))
def test_rules_are_what_the_scalar_passes_say(
    name: str, program: str, shapes: dict[str, tuple[int, ...]], seed: int
) -> None:
    point = draw_point(shapes, seed)
    trace = run_with_any_gradients(program, point)
    assert trace.vectors
    numbers, nodes = trace.vectors, trace.vectors.graph.nodes
    node = next(i for i, each in enumerate(nodes) if each.name == "z")
    operation = nodes[node].operation
    assert operation.name == name
    operands = [nodes[i] for i in nodes[node].operands]
    rules = operation.rules([each.shape for each in operands], nodes[node].arguments, nodes[node].transposed)
    rows: Sequence[str] = rules.rows
    grids = {
        letter: make_grid(numbers.value(i), nodes[i].shape, is_row=letter in rows)
        for letter, i in zip("ab", nodes[node].operands, strict=False)
    }
    grids["z"] = make_grid(numbers.value(node), nodes[node].shape, is_row="z" in rows)
    grids["up"] = make_grid(numbers.gradient(node), nodes[node].shape, is_row="z" in rows)
    arrays = {key: numpy.array(grid) for key, grid in grids.items()}
    for wire in trace.vectors.graph.wires_into(node):
        rule = read(rules.backward[wire.slot if len(rules.backward) > 1 else 0])
        shape, expected = nodes[wire.source].shape, numbers.contribution(wire)
        found = numpy.broadcast_to(compute(rule, arrays, shape), numpy.array(evaluate(rule, grids, shape)).shape)
        assert numpy.ravel(found).tolist() == pytest.approx(expected, rel=1e-9, abs=1e-12)
        own = [number for row in evaluate(rule, grids, shape) for number in row]
        assert own == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_a_rule_without_its_transpose_is_found_wrong() -> None:
    point = draw_point({"A": (2, 2), "B": (2, 2)}, 5)
    arrays = {"b": numpy.array(point["B"]), "up": numpy.array([[1.0, 2.0], [3.0, 4.0]])}
    right, wrong = (compute(read(rule), arrays, (2, 2)) for rule in ("up @ T(b)", "up @ b"))
    assert not numpy.allclose(right, wrong)


def test_a_tie_of_max_is_shared() -> None:
    assert evaluate(read("taken(a, z) * up"), {"a": [[1], [3], [3]], "z": [[3]], "up": [[2]]}, (3,)) == [[0], [1], [1]]


def test_others_are_told_where_one_is_zero() -> None:
    found = evaluate(read("others(a, 1)"), {"a": [[0, 2, 3], [4, 5, 6]]}, (2, 3))
    assert found == [[6, 0, 0], [30, 24, 20]]
