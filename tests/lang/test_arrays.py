"""Vectors as people paste them: lists parted by blanks, NumPy and PyTorch, declared shapes."""

from typing import Any

import pytest

from bpviz.errors import BpvizError, ProgramError
from bpviz.lang import parse

PAIR, MATRIX = [1, 2], [[1, 2], [3, 4]]


def compute(program: str, point: dict[str, Any]) -> float:
    trace = parse(program).at(point)
    value = trace.value(trace.graph.output_name)
    assert isinstance(value, float)
    return value


@pytest.mark.parametrize(
    ("program", "value"),
    [
        ("A = [1 2; 3 4]; sum(A@x)", 16),
        ("A = [1 -2; 3 4]; sum(A@x)", 8),
        ("A = [1 2\n3 4]; sum(A@x)", 16),
        ("A = [[1. 2.]\n [3. 4.]]; sum(A@x)", 16),
        ("A = [\n  [1, 2],\n  [3, 4],\n]\nsum(A@x)", 16),
        ("[3 -1]@x", 1),
        ("[3; 1]@x", 5),
        ("a = x[0]; [a 2]@x", 5),
        ("A = np.array([[1, 2], [3, 4]], dtype=np.float64); np.sum(A @ x)", 16),
        ("A = array([[1., 2.],\n       [3., 4.]])\nsum(A@x)", 16),
        ("A = torch.tensor([[1., 2.], [3., 4.]], requires_grad=True); A.matmul(x).sum()", 16),
        ("x.sum()", 3),
        ("-x.sum()^2", -9),
        ("x.mean()*x.dot(x)", 7.5),
        ("np.dot(x, x)", 5),
        ("np.matmul(x, x)", 5),
        ("x.exp().log().sum()", 3),
        ("(x*x).sum()", 5),
        ("(x@x.T).sum()", 9),
        ("np.linalg.norm(2*x)^2", pytest.approx(20)),
        ("np.outer(x, x).sum()", 9),
        ("np.max(x) + x.min()", 3),
        ("np.concatenate([x, x])[3]", 2),
        ("np.concatenate((x, x), axis=0)[2]", 1),
        ("torch.cat([x, x], dim=0).sum()", 6),
        ("F.softmax(0*x, dim=0)[1]", 0.5),
        ("F.cross_entropy(0*x, torch.tensor(1))", pytest.approx(0.6931471805599453)),
        ("x[-1]", 2),
    ],
)
def test_a_vector_is_read_as_it_is_pasted(program: str, value: float) -> None:
    assert compute(program, {"x": PAIR}) == value


@pytest.mark.parametrize(
    ("program", "value"),
    [
        ("X.sum(axis=0)[1]", 6),
        ("X.sum(1)[1]", 7),
        ("np.sum(X, 0)[1]", 6),
        ("np.mean(X, axis=1)[1]", 3.5),
        ("torch.sum(X, dim=1)[0]", 3),
        ("X.T.sum(axis=0)[1]", 7),
        ("np.transpose(X)[0, 1]", 3),
        ("X.t()[0, 1]", 3),
        ("X[:, 0].sum()", 4),
        ("X[:, -1][0]", 2),
        ("X[1, :].sum()", 7),
        ("X[0][1]", 2),
        ("X[0, -1]", 2),
        ("[[X[0, 0]], [X[1, 1]]][1, 0]", 4),
        ("[[1, 2]][0, 1]*X[0, 0]", 2),
    ],
)
def test_a_matrix_is_read_as_it_is_pasted(program: str, value: float) -> None:
    assert compute(program, {"X": MATRIX}) == value


@pytest.mark.parametrize(
    ("program", "value"), [("[2 x]", 6), ("2*[x -1]", 4), ("[x - 1]/2", 1), ("[2*x]", 6), ("[3 -1]", 2)]
)
def test_square_brackets_round_a_number_stay_brackets(program: str, value: float) -> None:
    if program == "[3 -1]":  # of numbers alone the blank decides, and it is said
        assert (
            parse("[3 -1]@[1, 1]").warnings[0]
            == "note: [3 -1] is read as a vector; for a number leave out the brackets"
        )
    else:
        assert compute(program, {"x": 3}) == value


@pytest.mark.parametrize(
    "program", ["W: 2x3; x: 3; sum(W@x)", "W: 2×3, x: 3\nsum(W@x)", "W: (2, 3)\nx: (3,)  # inputs\nsum(W@x)"]
)
def test_a_program_declares_the_shapes_of_its_inputs(program: str) -> None:
    graph = parse(program)
    assert {name: each.shape for name, each in graph.vector_inputs.items()} == {"W": (2, 3), "x": (3,)}
    assert graph.draw(blank=True).trace is None


@pytest.mark.parametrize(
    ("program", "what"),
    [
        ("W: 2x3; sum(x)*2", "W has a shape and is no input"),
        ("W: 2x0; sum(W)", "W: 2x0 is no shape"),
        ("x[1:]", "a slice is not read here"),
        ("sum([1, 2; 3])", "the rows have different lengths"),
        ("x.reshape(2)", "x.reshape is not a function that bpviz knows"),
        ("np.concatenate([x, x], axis=1).sum()", "concat(A.T, B.T).T"),
        ("norm(x, axis=0)", "norm takes no axis"),
        ("A: 200x200; B: 200x200; sum(A@B)*x[0]", "their product has 8,000,000 terms, more than 1,000,000"),
        ("A: 400x400; sum(A)*x[0]", "A has 160,000 entries, and 100,000 are the most"),
    ],
)
def test_what_is_no_vector_is_refused(program: str, what: str) -> None:
    with pytest.raises(BpvizError) as caught:
        parse(program).at(x=PAIR)
    assert what in str(caught.value)


def test_a_value_of_another_shape_than_is_declared_is_refused() -> None:
    graph = parse("W: 2x2; sum(W)")
    assert graph.at(W=MATRIX).gradient("W") == [[1, 1], [1, 1]]
    with pytest.raises(BpvizError, match="W is a 2×2 matrix in the program, and a vector of 2 is given"):
        graph.at(W=PAIR)


@pytest.mark.parametrize(
    ("program", "point"),
    [
        ("sum(W@x)", {"W": [[1, 2], [3, 4], [5, 6]], "x": [1, 2, 3]}),
        ("sum(x@W)", {"W": [[1, 2], [3, 4], [5, 6]], "x": [1, 2]}),
        ("sum(A@B)", {"A": [[1, 2]], "B": [[1, 2], [3, 4], [5, 6]]}),
        ("sum(A@B)", {"A": [[1, 2]], "B": [[1, 2]]}),
        ("sum(u@v)", {"u": [1, 2], "v": [1, 2, 3]}),
        ("sum(a@v)", {"a": 2, "v": [1, 2, 3]}),
        ("sum(X + b)", {"X": [[1, 2], [3, 4], [5, 6]], "b": [1, 2, 3]}),
        ("sum(b*X)", {"X": [[1, 2], [3, 4], [5, 6]], "b": [1, 2, 3]}),
        ("sum(A/B)", {"A": [[1, 2, 3], [4, 5, 6]], "B": [[1, 2], [3, 4], [5, 6]]}),
        ("norm(x)", {"x": 3}),
        ("softmax(x)", {"x": 3}),
        ("sum(softmax(X, axis=0))", {"X": MATRIX}),
        ("cross_entropy(z; y)", {"z": PAIR, "y": 1}),
        ("x[5]", {"x": PAIR}),
        ("X[0, 7]", {"X": MATRIX}),
        ("x[0, 1]", {"x": PAIR}),
        ("cross_entropy(z; 5)", {"z": PAIR}),
        ("cross_entropy(Z; 1)", {"Z": MATRIX}),
        ("W@x", {"W": MATRIX, "x": PAIR}),
        ("A@B", {"A": MATRIX, "B": MATRIX}),
        ("W@x + 1", {"W": MATRIX, "x": PAIR}),
    ],
)
def test_what_is_written_where_shapes_do_not_fit_works_when_typed(program: str, point: dict[str, Any]) -> None:
    with pytest.raises(ProgramError) as caught:
        parse(program).at(point)
    error = caught.value
    assert error.place
    written = error.hint.rpartition("write ")[2] if "write " in error.hint else error.hint.rpartition(": ")[2]
    start, end = error.place[1:]
    if "end with " in error.hint:
        typed = [error.hint.removeprefix("end with ").partition(",")[0], written]
    else:
        typed = [program[:start] + written + program[end:]]
    for each in typed:
        graph = parse(each)
        assert graph.at({name: value for name, value in point.items() if name in graph.variable_names})
