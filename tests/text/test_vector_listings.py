"""The listings of programs with vectors are run: their numbers are those of the passes, which are the scalars'."""

from __future__ import annotations

import contextlib
import io
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import bpviz
from bpviz.autodiff import Trace
from bpviz.errors import EvaluationError
from bpviz.text.code_listings import write_listing
from tests.support.javascript import evaluate
from tests.support.latex import compiled, problems
from tests.support.vector_programs import VectorProgram, write_programs
from tests.vectors.test_published_vectors import CASES

PUBLISHED = [VectorProgram(case["program"], case["inputs"]) for case in CASES]
DELICATE = [
    VectorProgram("cross_entropy(z; 1)", {"z": [1000, 0, -1000]}),
    VectorProgram("cross_entropy(z; y)*w", {"z": [1000, 0, -1000], "y": [0.5, 0.25, 0.5], "w": 2}),
    VectorProgram("p = softmax(z); p[0]^2 + p[2]", {"z": [-1000, 1, 999.5]}),
    VectorProgram("sum(logsumexp(Z, axis=1)*[1, 2])", {"Z": [[800, 1], [-900, -901]]}),
    VectorProgram("max(x) + min(x) + max(X, axis=0)[1]", {"x": [1, 3, 3, 1], "X": [[1, 2], [3, 2]]}),
    VectorProgram("prod(x) + sum(prod(X, axis=1)) + prod(X)", {"x": [2, 0, 3], "X": [[1, 0], [0, 0], [2, 3]]}),
    VectorProgram("sum(relu(x)) + sum(|x + 1|*w)", {"x": [1, 0, -2], "w": 3}),
    VectorProgram("sum(sigmoid(x)) + sum(tanh(x))", {"x": [800, -800, 0.1, 30]}),
    VectorProgram("c = [1, 2; 3, 4]; sum(c*X + [[1], [2]]*X)", {"X": [[1, 2], [3, 4]]}),
    VectorProgram("sum(X + r + c + s)", {"X": [[1, 2], [3, 4]], "r": [[1, 2]], "c": [[1], [2]], "s": [[7]]}),
    VectorProgram("i = k*[1, 2]; j = i + l; sum(i*j)", {"k": 3, "l": [4, 5]}),
    VectorProgram("W[1]@x + W[0, 1]*x[1] + sum(W[1])", {"W": [[1, 2], [3, 4]], "x": [5, 6]}),
    VectorProgram("X@X", {"X": [[3]]}),
    VectorProgram("sum(w*x)*lambda + dx", {"w": [1, 2], "x": [3, 4], "lambda": 2, "dx": 1}),
]


def trace_all(programs: list[VectorProgram]) -> Iterator[tuple[VectorProgram, Trace]]:
    for program in programs:
        trace = bpviz.parse(program.source).at(program.point)
        if trace.graph.vectors:
            yield program, trace


RANDOM = list(trace_all(list(write_programs(120))))
ALL = [*trace_all([*PUBLISHED, *DELICATE]), *RANDOM]


def flatten(value: Any) -> list[float]:
    if hasattr(value, "tolist"):
        value = value.tolist()
    return [each for part in value for each in flatten(part)] if isinstance(value, list) else [float(value)]


def assert_alike(trace: Trace, value: Any, gradients: Any) -> None:
    assert flatten(value) == pytest.approx(flatten(trace.value(trace.graph.output_name)), rel=1e-12, abs=1e-12)
    assert list(gradients) == list(trace.graph.variable_names)
    for name, gradient in gradients.items():
        expected = flatten(trace.gradient(name))
        scale = max(map(abs, [*expected, 1e-3]))
        assert flatten(gradient) == pytest.approx(expected, rel=1e-12, abs=1e-12 * scale), name


def list_arguments(program: VectorProgram, trace: Trace) -> list[Any]:
    """List what a function is called with; inputs with a default of the program's come last, and are left out."""
    return [program.point[name] for name in trace.graph.variable_names if name in program.point]


def execute(text: str) -> dict[str, Any]:
    space: dict[str, Any] = {"__name__": "listing"}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(text, "listing", "exec"), space)
    return space


@pytest.mark.parametrize("lang", ["python", "numpy", "torch", "jax"])
def test_functions_and_scripts_give_the_gradients_of_the_passes(lang: str) -> None:
    if lang in ("torch", "jax"):
        pytest.importorskip(lang)
    for program, trace in ALL if lang in ("python", "numpy") else ALL[:60]:
        function = execute(write_listing(trace.graph, None, lang))[trace.graph.output_name]
        assert_alike(trace, *function(*list_arguments(program, trace)))
        space = execute(write_listing(trace.graph, trace, lang))
        if lang in ("python", "numpy") and "lambda" not in program.source:
            assert_alike(trace, space[trace.graph.output_name], {n: space[f"d{n}"] for n in trace.graph.variable_names})


def test_javascript_gives_the_gradients_of_the_passes(tmp_path: Path) -> None:
    calls = []
    for program, trace in ALL:
        listing = write_listing(trace.graph, None, "javascript")
        name = listing.rpartition("\nfunction ")[2].partition("(")[0]
        point = json.dumps(list_arguments(program, trace))
        calls.append(f"(() => {{\n{listing}return {name}(...{point});\n}})()")
    found = evaluate(f"const result = [{', '.join(calls)}];", tmp_path)
    for (_, trace), (value, gradients) in zip(ALL, found, strict=True):
        assert_alike(trace, value, gradients)


def test_javascript_prints_and_stops_where_a_run_stops(tmp_path: Path) -> None:
    graph = bpviz.parse("sum(ln(x))").at(x=[1, 2]).graph
    script = write_listing(graph, graph.at(x=[1, 2]), "javascript")
    printed = f"const console = {{log: (...each) => printed.push(each)}}, printed = [];\n{script}return printed;"
    function = write_listing(graph, None, "javascript")
    stopped = f"{function}\ntry {{ f([1, 0]); }} catch (e) {{ return e.message; }}"
    runs = f"const result = [(() => {{{printed}}})(), (() => {{{stopped}}})()];"
    assert evaluate(runs, tmp_path) == [[["f =", math.log(2)], ["df/dx =", [1.0, 0.5]]], "lnx has no value here"]
    with pytest.raises(EvaluationError):
        graph.at(x=[1, 0])


def test_a_slope_that_a_framework_takes_otherwise_is_told() -> None:
    trace = bpviz.parse("sum(|x|)").at(x=[1, 0])
    assert "# JAX takes 1 for the slope of absx_1 in x_1 here, and not 0" in write_listing(trace.graph, trace, "jax")


def test_a_short_listing_is_as_a_person_writes_it() -> None:
    trace = bpviz.parse("q = W@x; f = sum(q^2)").at(CASES[0]["inputs"])
    text = write_listing(trace.graph, trace, "numpy")
    code = [line.partition("#")[0].rstrip() for line in text.splitlines()]
    assert [line for line in code if line.startswith(("q", "f =", "d"))] == [
        "q = W @ x",
        "qsqr = q**2",
        "f = qsqr.sum()",
        "df = 1.0",
        "dqsqr = np.full_like(qsqr, df)",
        "dq = 2 * q * dqsqr",
        "dW = np.outer(dq, x)",
        "dx = W.T @ dq",
    ]


@pytest.mark.parametrize(
    ("program", "point", "line"),
    [
        ("sum((X + b)^2)", {"X": [[1, 2], [3, 4]], "b": [5, 6]}, "db = dXpb.sum(axis=0)"),
        ("sum((X + b)^2)", {"X": [[1, 2], [3, 4]], "b": [[5], [6]]}, "db = dXpb.sum(axis=1, keepdims=True)"),
        ("sum(sigmoid(X@W))", {"X": [[1, 2]], "W": [[5], [6]]}, "dX = dXW @ W.T"),
        ("mean(x)", {"x": [1, 2]}, "dx = np.full_like(x, df / x.size)"),
        ("sum(x[1]*x)", {"x": [1, 2]}, "dx[1] += du1"),
        ("p = softmax(z); sum(p^2)", {"z": [1, 2]}, "p = np.exp(z - z.max())"),
        ("cross_entropy(z; 1)", {"z": [1, 2]}, "dz[1] += -df"),
    ],
)
def test_lines_of_numpy(program: str, point: dict[str, Any], line: str) -> None:
    trace = bpviz.parse(program).at(point)
    assert f"\n{line} " in write_listing(trace.graph, trace, "numpy")


def test_latex_is_in_matrix_notation() -> None:
    trace = bpviz.parse("q = W@x; f = sum(q^2)").at(CASES[0]["inputs"])
    text = trace.code(lang="latex")
    assert r"q &= W \, x && = \begin{bmatrix}0.22 \\ 0.26\end{bmatrix} && (1)" in text
    assert (
        r"\frac{\partial f}{\partial W} &= \frac{\partial f}{\partial q} \, x^{\top} && = \begin{bmatrix}0.088" in text
    )
    blank = write_listing(bpviz.parse("sum(a - b)", shapes={"a": (2,), "b": (2,)}), None, "latex")
    assert r"\frac{\partial f}{\partial b} &= -\frac{\partial f}{\partial \mathit{amb}} && (1)" in blank


def test_latex_is_closed_and_compiles(tmp_path: Path) -> None:
    texts = [trace.code(lang="latex") for _, trace in ALL[:40]]
    assert [problems(text) for text in texts] == [[]] * len(texts)
    body = "\n\n".join(texts)
    compiled(
        f"\\documentclass{{article}}\n\\usepackage{{amsmath}}\n\\begin{{document}}\n{body}\\end{{document}}\n", tmp_path
    )
