"""Gradient steps: the path against the closed form, the reasons for which it ends, and what may be asked."""

from __future__ import annotations

import json

import pytest

import bpviz
from bpviz.errors import EvaluationError, UsageError
from bpviz.explore import write_text

ROSENBROCK = "(1-x)^2 + 100*(y-x^2)^2"


def test_the_path_is_that_of_the_formula() -> None:
    path = bpviz.descend("x^2 + 3*y^2", x=3, y=-4, rate=0.1, steps=20).path
    for k, step in enumerate(path):  # each step multiplies x by 1 - 2/10 and y by 1 - 6/10
        assert step.point == pytest.approx((3 * 0.8**k, -4 * 0.4**k), rel=1e-12)
        assert step.gradients == pytest.approx((6 * 0.8**k, -24 * 0.4**k), rel=1e-12)


@pytest.mark.parametrize(
    ("program", "start", "how", "reason", "steps"),
    [
        ("x^2", {"x": 3.0}, {}, "converged", 50),
        ("x^2", {"x": 0.0}, {}, "converged", 0),
        ("x^2", {"x": 3.0}, {"rate": 0.5}, "converged", 1),
        ("x^2", {"x": 3.0}, {"rate": 1.0}, "cycles", 1),
        ("|x|", {"x": 0.25}, {"rate": 0.5}, "cycles", 1),
        ("x^2", {"x": 3.0}, {"rate": 1.1}, "diverged", 10),
        ("x^2", {"x": 3.0}, {"maximize": "f", "steps": 500}, "diverged", 114),
        ("exp(x)", {"x": 3.0}, {"maximize": "f"}, "diverged", 2),
        ("ln(x)", {"x": 3.0}, {"rate": 1.0}, "left", 5),
        ("sqrt(x)", {"x": 0.0}, {}, "diverged", 0),
        ("x^2", {"x": 1e5}, {"rate": 1e-18}, "stalled", 0),
        (ROSENBROCK, {"x": -1.0, "y": 1.0}, {"rate": 1e-3}, "steps", 50),
        (ROSENBROCK, {"x": -1.0, "y": 1.0}, {"rate": 2e-3, "steps": 20_000}, "converged", None),
        ("-x^2", {"x": 3.0}, {"maximize": "f"}, "converged", 50),
    ],
)
def test_it_says_why_it_ends_and_after_how_many_steps(
    program: str, start: dict[str, float], how: dict[str, object], reason: str, steps: int | None
) -> None:
    descent = bpviz.descend(program, **start, **how)  # type: ignore[arg-type]
    assert descent.reason == reason
    assert steps in (None, descent.steps)
    assert f"after {descent.steps} step" in descent.summarize()


def test_the_valley_of_rosenbrock_is_followed_to_its_end() -> None:
    descent = bpviz.descend(ROSENBROCK, x=-1, y=1, rate=2e-3, steps=20_000)
    assert descent.path[-1].point == pytest.approx((1, 1), abs=1e-3)


def test_only_the_parameters_move() -> None:
    descent = bpviz.descend("(w*x + b - t)^2", w=1, x=2, b=0, t=3, params="w,b", steps=3, rate=0.05)
    assert descent.params == ("w", "b")
    assert descent.fixed == {"x": 2, "t": 3}
    assert [len(step.gradients) for step in descent.path] == [2] * 4


@pytest.mark.parametrize("params", [["b", "w"], "b, w", ("b", "w", "b")])
def test_parameters_come_in_the_order_asked_for(params: object) -> None:
    assert bpviz.descend("w*x + b", w=1, x=2, b=0, steps=1, params=params).params == ("b", "w")  # type: ignore[arg-type]


def test_a_gate_on_the_way_may_be_the_goal() -> None:
    descent = bpviz.descend("h = relu(w*x); loss = (h - 1)^2", w=1, x=2, maximize="h", params="w", steps=3)
    assert (descent.name, descent.path[0].value, descent.path[0].gradients) == ("h", 2, (2,))


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": 0},
        {"rate": -1},
        {"rate": float("inf")},
        {"steps": 0},
        {"steps": 2_000_000},
        {"tolerance": 1},
        {"minimize": "g"},
        {"minimize": "x"},
        {"minimize": "q", "maximize": "f"},
        {"params": "z"},
        {"params": ","},
        {"params": "y", "minimize": "q"},
        {"y": float("nan")},
    ],
)
def test_what_does_not_fit_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        bpviz.descend("q = x^2; f = q*y", **{"x": 1, "y": 2, **wrong})  # type: ignore[arg-type]


def test_a_start_outside_the_domain_is_an_error_that_names_the_gate() -> None:
    with pytest.raises(EvaluationError, match=r"ln\(x\) has no value"):
        bpviz.descend("ln(x)", x=-1)


def test_json_and_csv_carry_every_digit() -> None:
    descent = bpviz.descend("x^2", x=0.1, rate=0.3, steps=3)
    record = json.loads(write_text(descent, "json"))
    assert [step["x"] for step in record["path"]] == [step.point[0] for step in descent.path]
    assert (record["minimized"], record["outcome"]) == ("f", "steps")
    last = write_text(descent, "csv").splitlines()[-1].split(",")
    assert [float(cell) for cell in last] == [
        3,
        *descent.path[-1].point,
        descent.path[-1].value,
        *descent.path[-1].gradients,
    ]


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("plain", "   0  3     9      6"),
        ("markdown", "| 0 | 3 | 9 | 6 |"),
        ("latex", r"  step & $x$ & $f$ & $\partial f/\partial x$ \\"),
    ],
)
def test_a_table_has_a_row_a_step(kind: str, line: str) -> None:
    assert line in write_text(bpviz.descend("x^2", x=3, steps=2), kind).splitlines()


def test_no_descent_is_written_as_anything_else() -> None:
    with pytest.raises(UsageError, match="no descent is written as svg"):
        write_text(bpviz.descend("x^2", x=3), "svg")


def test_a_descent_tells_in_a_line_which_it_is() -> None:
    assert repr(bpviz.descend("x*y", x=1, y=2, steps=3)) == "<Descent of f over x, y: steps after 3 steps>"
