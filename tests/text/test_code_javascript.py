"""The listing in JavaScript is run, and gives bpviz.run's numbers and stops where that stops."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bpviz.autodiff import Trace, run
from bpviz.errors import BpvizError
from bpviz.gates import GATES
from bpviz.graph import Graph, Node
from bpviz.lang import parse
from bpviz.text.code_listings import write_listing
from tests.support.javascript import evaluate
from tests.text.test_listing import EXAMPLE
from tests.text.test_run_script import MOST_ULPS, at_gates, random_programs, run_python, ulps

POINTS = 20  # a gate


def call_all(cases: Sequence[tuple[Graph, Sequence[Sequence[float]]]], folder: Path) -> list[list[Any]]:
    """Call the function of each graph's listing at its points: [value, gradients], or the words of its error."""
    calls = []
    for graph, at in cases:
        order = sorted(graph.input_names, key=lambda name: name in graph.defaults)
        points = [[point[graph.input_names.index(name)] for name in order] for point in at]
        listing = write_listing(graph, None, "javascript")
        name = listing.rpartition("\nfunction ")[2].partition("(")[0]
        calls.append(f"(() => {{\n{listing}return {points!r}.map(point => attempt({name}, point));\n}})()")
    attempt = "const attempt = (f, point) => { try { return f(...point); } catch (e) { return e.message; } };\n"
    found: list[list[Any]] = evaluate(f"{attempt}const result = [{', '.join(calls)}];", folder)
    return found


def is_alike(graph: Graph, found: Any, expected: Trace | BpvizError) -> bool:
    """Say whether a listing's numbers are a trace's; of an error, assert that it is of the same gate and kind."""
    if isinstance(expected, BpvizError):
        if expected.what.startswith("the gradient"):
            is_infinite = not isinstance(found, str) and any(map(math.isinf, found[1].values()))
            assert isinstance(found, str) or is_infinite or not graph.inputs  # a constant's gradient is in no listing
        else:
            assert isinstance(found, str)
            assert found.split()[0].strip("(,") in expected.what
            assert ("overflows" in found) == ("overflows" in expected.what)
        return True
    assert not isinstance(found, str), found
    value, gradients = found
    assert list(gradients) == list(graph.input_names)
    pairs = [(value, expected.values[graph.output]), *((gradients[n], expected.gradient(n)) for n in graph.input_names)]
    return all(ulps(a, b) <= MOST_ULPS for a, b in pairs)


def test_every_gate_is_within_four_ulp_and_stops_where_run_stops(tmp_path: Path) -> None:
    cases = list(at_gates(POINTS))
    for (graph, at), results in zip(cases, call_all(cases, tmp_path), strict=True):
        for point, found in zip(at, results, strict=True):
            assert is_alike(graph, found, run_python(graph, point)), (graph.source, point, found)


def test_random_programs_are_within_four_ulp_and_stop_where_run_stops(tmp_path: Path) -> None:
    cases = list(random_programs(1_000))
    found = call_all(cases, tmp_path)
    alike = [is_alike(graph, one, run_python(graph, at[0])) for (graph, at), (one,) in zip(cases, found, strict=True)]
    assert (
        sum(alike) > 900
    )  # in others a later gate magnifies the last place of an earlier one, or contributions cancel


def test_the_script_prints_the_published_numbers(tmp_path: Path) -> None:
    graph = parse(EXAMPLE)
    script = write_listing(graph, run(graph, x=3, y=-4), "javascript")
    printed = f"const console = {{log: (...each) => printed.push(each)}}, printed = [];\n{script}return printed;"
    found = evaluate(f"const result = (() => {{\n{printed}\n}})();", tmp_path)
    published = {"f": 1.5456448841066441, "df/dx": 2.0595697955721653, "df/dy": 1.5922327514838093}
    assert found == [[f"{name} =", pytest.approx(x, rel=1e-15)] for name, x in published.items()]


@pytest.mark.parametrize(
    "names",
    [
        ("class", "var", "NaN"),
        ("x", "dx", "d_x"),
        ("Math", "console", "undefined"),
        ("check", "share_equally", "quotient"),
        ("w₀", "w0", "w0_"),
        ("θ", "µ", "μ"),
        ("__proto__", "constructor", "toString"),
        ("top", "lambda", "await"),
    ],
)
def test_any_names_give_a_listing_that_runs(names: tuple[str, ...], tmp_path: Path) -> None:
    nodes = [Node(name, None, (), (0, 1)) for name in names]
    gates = [Node("p", GATES["max"], (0, 1, 2), (0, 1)), Node("f", GATES["multiply"], (0, 3), (0, 1))]
    graph = Graph("program", (*nodes, *gates), (0, 1, 2), 4, "f", {})
    ((found,),) = call_all([(graph, [(2.0, 3.0, 5.0)])], tmp_path)
    assert found == [10.0, dict(zip(names, (5.0, 0.0, 2.0), strict=True))]


@pytest.mark.parametrize("program", ["bce_logits(-5.5, x)", "2 - -3*x", "x*-2 - -x", "-5^x", "atan2(-2, x)"])
def test_two_signs_are_no_decrement(program: str, tmp_path: Path) -> None:
    graph = parse(program)
    ((found,),) = call_all([(graph, [(0.25,)])], tmp_path)
    assert is_alike(graph, found, run(graph, x=0.25))


def test_programs_defaults_become_default_arguments() -> None:
    assert "function f(w, x, b = 0.5) {" in write_listing(parse("b = 0.5\nf = w*x + b"), None, "javascript")


def test_a_comment_stays_a_comment() -> None:
    source = "x*y  # */ alert(1) <script>\n"
    lines = write_listing(parse(source), None, "javascript").splitlines()
    assert all("alert" not in line or line.startswith("// ") for line in lines)
