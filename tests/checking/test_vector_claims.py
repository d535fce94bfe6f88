"""Claims about vectors: read in every notation, marked entry by entry, and the slips that are made with all entries."""

from __future__ import annotations

import json
import random
from typing import Any

import numpy as np
import pytest

import bpviz
from bpviz.autodiff import Trace
from bpviz.errors import UsageError

W, X = np.array([[0.1, 0.5], [-0.3, 0.8]]), np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
x = np.array([0.2, 0.4])
Q = W @ x
TRACE = bpviz.parse("q = W@x; f = sum(q^2)").at(W=W, x=x)
BATCH = bpviz.parse("r = X@w + b - y; L = mean(r^2)").at(X=X, w=[0.5, -1], b=0.1, y=[1, 0, 2])
LAYER = bpviz.parse("H = X@V + c; L = sum(H^2)").at(X=X, V=[[1, -1], [0.5, 2]], c=[0.5, -0.5])


def told(trace: Trace, claim: Any) -> str:
    """Return what is said to a wrong claim, its first sentence."""
    (note,) = trace.check(claim=claim).report.notes()
    return str(note)


@pytest.mark.parametrize(
    "claim",
    [
        "W=[[.088,.176],[.104,.208]]",
        "W = [.088, .176; .104, .208]",
        "W = [.088 .176; .104 .208]",
        "∂f/∂W = [[0.088, 0.176], [0.104, 0.208]]",
        r"\frac{\partial f}{\partial W} = \begin{bmatrix} .088 & .176 \\ .104 & .208 \end{bmatrix}",
        "dW = array([[0.088, 0.176],\n       [0.104, 0.208]])",
        "W.grad = tensor([[0.0880, 0.1760], [0.1040, 0.2080]])",
        "W = [[0.088 0.176]\n [0.104 0.208]]",
        "x = [-.112, .636]",
        "x = [[-.112], [.636]]",
        "x=[−0.1, 0.6], W[0,1]=0.176, W[1][1] = 0.21",
        "∂f/∂x[1] = 0.636",
        "W[0, 1] = 2*q[0]*x[1]",
        "value of q = [.22, .26]",
        "q = [.44, .52]",
        "f = 0.116",
        {"W": np.outer(2 * Q, x), "x": 2 * W.T @ Q},
    ],
)
def test_what_is_right_is_read(claim: Any) -> None:
    assert TRACE.check(claim=claim).is_right


@pytest.mark.parametrize(
    ("trace", "claim", "sentence"),
    [
        (TRACE, {"W": np.outer(x, 2 * Q)}, "W is what you get when ∂f/∂W is taken as x · (∂f/∂q)ᵀ, turned over"),
        (TRACE, {"x": W @ (2 * Q)}, "x is what you get when ∂f/∂x is taken as W · ∂f/∂q, without the transpose"),
        (
            TRACE,
            {"W": 2 * Q * x},
            "W is a 2×2 matrix, and this is a vector of 2. It is what you get when ∂f/∂W is taken",
        ),
        (TRACE, {"W": np.outer(Q, x)}, "the local gradient of qsqr = q² is taken as q, without the 2, in every entry"),
        (TRACE, {"W": -np.outer(2 * Q, x)}, "W has the right size and the wrong sign everywhere."),
        (TRACE, {"W": np.outer(np.ones(2), x)}, "q = W @ x hands back its local gradient alone"),
        (TRACE, {"x": x}, "x is the value of x, not its gradient."),
        (TRACE, "value of q = [.44, .52]", "the value of q is the gradient of q, not its value."),
        (
            TRACE,
            "x=[1, 2, 3]",
            "a gradient has the shape of its variable: x is a vector of 2, and this is a vector of 3.",
        ),
        (TRACE, "W=[[.088,.2],[.104,.209]]", "W: 3 of 4 entries are right; [1, 1] is 0.208, not .209."),
        (
            TRACE,
            "x=[.112,.636]",
            "x: 1 of 2 entries is right; [0] is −0.112, not .112. .112 has the size of the gradient",
        ),
        (
            TRACE,
            "x=[5,6]",
            "x: no entry is right: [0] is −0.112, not 5 and [1] is 0.636, not 6; no single slip makes all",
        ),
        (
            TRACE,
            "W[0, 1] = 0.088",
            "it is what you get when the local gradient of qsqr[0] = q[0]² for q[0] is taken as q[0]",
        ),
        (BATCH, "w=[-73.2, -93.6]", "as of a sum, without the division by how many there are"),
        (BATCH, "b=[-1.6, -1.6, -3.6]", "It is what each copy gets back: b is repeated to 3 in u1 = Xw + b"),
        (LAYER, "c=[[1,-2],[3,5],[5,12]]", "a gradient has the shape of its variable: c is a vector of 2"),
        (LAYER, {"c": LAYER.gradient("H")[0]}, "c is what you get when only the first copy of c counts"),
        (LAYER, {"c": np.mean(LAYER.gradient("H"), axis=0)}, "the mean over the copies of c is taken"),
        (
            LAYER,
            {"X": (np.array(LAYER.gradient("H")) @ [[1, -1], [0.5, 2]])},
            "∂L/∂X is taken as ∂L/∂XV · V, without the transpose: at XV = X @ V",
        ),
    ],
)
def test_a_slip_is_recognised(trace: Trace, claim: Any, sentence: str) -> None:
    assert sentence in told(trace, claim)


def test_a_slip_further_on_is_found() -> None:
    program = "h = relu(A@v); o = B@h; L = sum((o - t)^2)"
    point = {"A": [[1, 2], [3, -1]], "v": [1, 0.5], "B": [[2, -1], [0.5, 1]], "t": [1, 2]}
    trace = bpviz.parse(program).at(point)
    up, mask = np.array(trace.gradient("o")), np.array(trace.value("h")) > 0
    wrong = np.outer(mask * (np.array(point["B"]) @ up), point["v"])
    assert "∂L/∂h is taken as B · ∂L/∂o, without the transpose" in told(trace, {"A": wrong})


@pytest.mark.parametrize(
    ("claim", "what", "hint"),
    [
        ("W=0.1", "W is a 2×2 matrix, and 0.1 is one number", "W[0, 0] = 0.1"),
        ("W[2, 0]=1", "W is a 2×2 matrix, and has no entry [2, 0]", "W[1, 1]"),
        ("∂q/∂x=[1, 2]", "gradients are those of f, and not of q", "write ∂f/∂x"),
        ("W=[[1, 2], [3]]", "the claim for W: the rows of [[1, 2], [3]] have different lengths", "[[1, 2], [3, 4]]"),
        ("x=[1, 2", "the claim for x: [1, 2 is no vector", "[1, 2]"),
        ("V=[1, 2]", "nothing is called V", ""),
        ("x=[1, a]", "the claim for x: a is not a number", ""),
    ],
)
def test_what_cannot_be_read_is_told_with_what_can(claim: str, what: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        TRACE.check(claim=claim)
    assert what in caught.value.what
    assert hint in (caught.value.hint or "")


def test_what_the_hints_say_can_be_typed() -> None:
    assert TRACE.check(claim="W = [[1, 2], [3, 4]]").report.tables()
    assert TRACE.check(claim="W[0, 0] = 0.1, W[1, 1]=1, ∂f/∂x=[1, 2]").report.tables()


def test_formats() -> None:
    check = TRACE.check(claim="W=[[.088,.3],[.104,.208]], x[0]=-.112")
    record = json.loads(check.text("json"))
    matrix, entry = record["claims"]
    assert matrix["number"] == [[0.088, 0.3], [0.104, 0.208]]
    assert (matrix["verdict"], matrix["wrong_entries"]) == ("3 of 4 right", [[0, 1]])
    assert matrix["correct"] == TRACE.gradient("W")
    assert (entry["name"], entry["verdict"]) == ("x[0]", "right")
    assert "3 of 4 right" in check.text("markdown")
    assert check.text("csv").splitlines()[1].startswith("W,f,gradient")
    assert "W" in check.text("latex")


def test_a_file_of_claims(tmp_path: Any) -> None:
    file = tmp_path / "answers.txt"
    file.write_text("W=[[.088,.176],[.104,.208]]  # all\nx[0]=-0.112\n", encoding="utf-8")
    assert TRACE.check(claims=file).is_right
    file.write_text("x=[.5", encoding="utf-8")
    with pytest.raises(UsageError, match="line 1: the claim for x"):
        TRACE.check(claims=file)


def test_random_right_gradients_are_called_right_and_wrong_ones_not() -> None:
    chance = random.Random(7)
    for _ in range(30):
        numbers = np.random.default_rng(chance.randrange(10**6))
        point = {"A": numbers.normal(size=(2, 3)), "v": numbers.normal(size=3), "b": numbers.normal(size=2)}
        trace = bpviz.parse("f = sum(tanh(A@v + b)*b)").at(point)
        assert trace.check(claim={name: trace.gradient(name) for name in "Avb"}).is_right
        wrong = np.array(trace.gradient("A")) + np.array([[0, 0, 0.1], [0, 0, 0]])
        assert not trace.check(claim={"A": wrong}).is_right


# the check itself


def test_a_check_has_a_row_a_vector() -> None:
    check = TRACE.check()
    (table,) = check.report.tables()
    assert check.is_right
    assert [row[:3] for row in table.rows] == [("W", "2×2", "4"), ("x", "2", "2")]
    assert [row[-1] for row in table.rows] == ["agrees", "agrees"]
    record = json.loads(check.text("json"))
    assert [row["name"] for row in record["rows"]][:2] == ["W[0, 0]", "W[0, 1]"]
    assert record["vectors"][0]["shape"] == [2, 2]
    assert record["vectors"][0]["largest_errors"][1] < 1e-12
    assert len(check.text("csv").splitlines()) == 7


def test_an_entry_at_a_kink_is_told_by_its_name() -> None:
    check = bpviz.parse("sum(relu(z))").at(z=[1, 0, -1]).check()
    (table,) = check.report.tables()
    assert table.rows[0][-1] == "1 kink, 2 agrees"
    assert any(note.startswith("z[1]: reluz[1] = relu(z[1]) is at a kink") for note in check.report.notes())


def test_the_unrolled_graph_is_checked_by_its_scalars() -> None:
    trace = TRACE.graph.unroll().at(W=W, x=x)
    (table,) = trace.check().report.tables()
    assert [row[0] for row in table.rows] == ["W_00", "W_01", "W_10", "W_11", "x_0", "x_1"]
    assert trace.check(claim="W_01=0.176").is_right
