"""What people paste is read as they mean it, or read and said, or refused with something to type."""

import json
from pathlib import Path
from typing import Any

import pytest

from bpviz.errors import BpvizError
from bpviz.lang import parse

PASTED: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "reading.json").read_text(encoding="utf-8"))
WITH_VALUE = [each for each in PASTED if "value" in each]
REFUSED = [each for each in PASTED if "refused" in each]


@pytest.mark.parametrize("case", WITH_VALUE, ids=lambda case: case["program"])
def test_a_pasted_program_has_the_value_that_was_meant(case: dict[str, Any]) -> None:
    trace = parse(case["program"], values=case["inputs"]).at(case["inputs"])
    assert trace.values[trace.graph.output] == pytest.approx(case["value"], rel=1e-12)


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["program"])
def test_what_has_no_value_here_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(BpvizError) as caught:
        parse(case["program"]).at(case["inputs"])
    assert caught.value.hint


@pytest.mark.parametrize(
    ("program", "inputs", "note"),
    [
        (r"w^{[2]} a^{[1]}", ["w_2", "a_1"], r"w^{[2]} is read as the name w_2"),
        (r"w_{12}^{(2)} x", ["w_12_2", "x"], r"w_{12}^{(2)} is read as the name w_12_2"),
        (r"x^{(i)}", ["x_i"], r"x^{(i)} is read as the name x_i"),
        (r"\theta^{(t)} x", ["θ_t", "x"], r"is read as the name θ_t"),
        (r"x^{\text{new}}", ["x_new"], r"is read as the name x_new"),
        (r"\theta^* + \theta^{*}", ["θ_star"], r"is read as the name θ_star"),
        (r"h_{t-1}", ["h_tm1"], r"t-1 is read as part of a name"),
        (r"\theta_{t+1}", ["θ_tp1"], r"t+1 is read as part of a name"),
        (r"w_{h_{1}}", ["w_h1"], ""),
        (r"w_\text{in}", ["w_in"], ""),
        (r"{g}_{k}+\frac{x}{y}", ["g_k", "x", "y"], ""),
        (r"{{w}_{1}}x\alpha", ["w_1", "x", "α"], ""),
        (r"\bar x \tilde{y}", ["x̄", "ỹ"], ""),
        (r"\hat{y}_1 - \hat y_{2}", ["ŷ_1", "ŷ_2"], ""),
        (r"\vec{w} b", ["w\u20d7", "b"], ""),
        (r"\mathbf{w} x", ["w", "x"], ""),
        (r"\mathcal{L}", ["L"], ""),
        (r"x' + y''", ["x′", "y′′"], ""),
        (r"\eta \left(x\right)", ["η", "x"], "η(…) is read as a product"),
        (r"\ln xy", ["x", "y"], r"\ln xy is read as ln(x·y)"),
        (r"abc \cdot \alpha", ["a", "b", "c", "α"], "abc is read as a·b·c"),
        (r"xy + \mathrm{xy}", ["x", "y", "xy"], r"xy is read as x·y; the name is \mathrm{xy}"),
        ("xy + z*x*y", ["xy", "z", "x", "y"], "xy is one name; for the product write x*y"),
        ("b^2 - 4ac", ["b", "ac"], "ac is one name; for the product write a*c"),
        ("w_0x_0 + w_1x_1", ["w_0x_0", "w_1x_1"], "w_0x_0 is one name; for the product write w_0*x_0"),
        ("2lr*x", ["lr", "x"], "lr is one name"),
        ("lr*x", ["lr", "x"], ""),
        ("e^x", ["x"], "e is read as Euler's number"),
        (r"\sin^{-1}(x)", ["x"], r"\sin^{-1} is read as the inverse function arcsin"),
        ("y = a*b\n- c", ["a", "b", "c"], "line 2 begins with - and goes on with the line before"),
        ("def f(x, y):\n    z = x*y\n    return z + 1", ["x", "y"], ""),
        ("y = lambda x: x^2", ["x"], ""),
        ("(x > 0) ? x : (y > 0) ? 1 : 2", ["x", "y"], ""),
        ("x>0?y>0?1:2:x", ["x", "y"], ""),
        ("1 if x>0 else 2 if y>0 else x", ["x", "y"], ""),
        (r"\begin{cases} x^2, & x \ge 0, \\ -x, & x < 0. \end{cases}", ["x"], ""),
        (r"\begin{align*} z &= w x + b \\ L &= \tfrac12 (z - t)^2 \label{eq:l} \end{align*}", ["w", "x", "b", "t"], ""),
        ("ln|x| + sin²(x)", ["x"], ""),
    ],
)
def test_a_name_or_a_custom_is_read_and_what_could_be_meant_otherwise_is_said(
    program: str, inputs: list[str], note: str
) -> None:
    graph = parse(program)
    assert list(graph.input_names) == inputs
    notes = [warning for warning in graph.warnings if warning.startswith("note: ")]
    assert any(note in each for each in notes) if note else not notes


@pytest.mark.parametrize(
    ("program", "what"),
    [
        (r"w + \mathbf{w}", "would both be called w"),
        (r"w_2 + w^{(2)}", "would both be called w_2"),
        (r"\frac{d}{dx} x^2", "derivatives are what bpviz finds by itself"),
        (r"\begin{vmatrix} 1 \\ 2 \end{vmatrix}", "is not LaTeX that bpviz reads"),
        (r"\begin{cases} x & x > 0 \\ 1 & y > 0 \end{cases}", "do not say what holds otherwise"),
        (r"\exp^{-1}(x)", "may be an inverse function or a power"),
        ("softmax(a, b)", "softmax takes a vector, not 2 operands"),
        ("argmax(a, b)", "no slope"),
        ("x < y", "nothing is chosen by it"),
        ("a > b > c", "nothing is chosen by it"),
        ("where(x, y, 1)", "needs a comparison"),
        ("x > 0 ? y", "nothing for where the condition does not hold"),
        ("Piecewise((x, x > 0))", "does not say what holds otherwise"),
        ("x == y", "nothing is chosen by it"),
        ("a // b", "means nothing here"),
        ("d/dx x^2", "derivatives are what bpviz finds by itself"),
        ("foo(a, b)", "not a function that bpviz knows"),
    ],
)
def test_what_cannot_be_meant_here_is_refused_with_a_hint(program: str, what: str) -> None:
    with pytest.raises(BpvizError, match=what) as caught:
        parse(program)
    assert caught.value.hint
    assert "*(a, b)" not in caught.value.hint  # no product of brackets that hold a comma


def test_e_with_a_value_is_a_variable() -> None:
    assert parse("e = 2; e^x").input_names == ("e", "x")
    assert parse("e^x", values=["e"]).input_names == ("e", "x")
    assert parse("e*x").input_names == ("e", "x")


@pytest.mark.parametrize(
    ("program", "same"),
    [
        (r"\sin\sin^2 x", "sin(sin(x)^2)"),
        (r"\sin^2\sin^2 x", "sin(sin(x)^2)^2"),
        (r"\sin^2\sin x", "sin(sin(x))^2"),
        (r"\sin\sin^2(x)", "sin(sin(x)^2)"),
        ("Piecewise((Piecewise((x, x > 2), (1, True)), x > 1), (0, True))", "where(x > 1, where(x > 2, x, 1), 0)"),
        ("def f(x: float, y: float = 2) -> float:\n    return x*y", "x*y"),
    ],
)
def test_what_is_nested_means_what_it_means_alone(program: str, same: str) -> None:
    point = {"x": 0.7, "y": 1.5}
    graphs = [parse(program), parse(same)]
    values = [graph.at({name: point[name] for name in graph.input_names}) for graph in graphs]
    assert values[0].values[graphs[0].output] == values[1].values[graphs[1].output]
