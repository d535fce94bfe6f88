"""Random programs of up to 200 gates: however a gradient is worked out, and however the program is put, it is the same.

A difference is judged against the size of what the gradient is made of, path by path, which is the gradient itself
unless its parts cancel: no float64 can do better than the last digit of its largest part.
"""

from __future__ import annotations

from collections import Counter
from functools import cache, reduce
from operator import add
from typing import NamedTuple

import mpmath
import pytest

from bpviz.autodiff import Trace, run
from bpviz.gates import GATES
from bpviz.lang import parse, unparse
from tests.support.straight import MEANINGS, Exact, Program, by_sympy, forward_mode, grow

SEEDS = range(6, 34)
LONGEST = 86  # lines, which make 200 gates or a few less
WAYS = [(level, share) for level in ("elementary", "fused", "lecture") for share in (False, True)]


def program(seed: int) -> Program:
    return grow(seed, 4 + seed % 4 * 4 if seed < 20 else LONGEST - seed % 30)


def traced(text: str, point: dict[str, float], gates: str = "fused", share: bool = False) -> Trace:
    graph = parse(text, gates=gates, share=share)
    return run(graph, {graph.nodes[i].name: point[graph.nodes[i].name] for i in graph.inputs})


class Known(NamedTuple):
    """A program, its trace as typed, its exact value, and the exact derivatives in the inputs that it has."""

    made: Program
    trace: Trace
    value: mpmath.mpf
    exact: dict[str, Exact]


@cache
def known(seed: int) -> Known:
    made = program(seed)
    trace = traced(made.text, made.point)
    names = [trace.graph.nodes[i].name for i in trace.graph.inputs]
    value, exact = by_sympy(made)
    return Known(made, trace, value, {name: exact[name] for name in names})


def test_the_programs_are_of_every_size_up_to_200_gates() -> None:
    sizes = [len(known(seed).trace.graph.gate_ids) for seed in SEEDS]
    assert min(sizes) < 15
    assert 160 < max(sizes) <= 200


def test_every_gate_with_a_meaning_is_in_them() -> None:
    met = Counter(node.gate for seed in SEEDS for node in known(seed).trace.graph.nodes)
    assert [name for name in MEANINGS if not met[GATES[name]]] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_backward_is_sympys_derivative(seed: int) -> None:
    _, trace, value, exact = known(seed)
    assert abs(trace.value("f") - value) <= 1e-13 * max(1, abs(value))
    for name, (derivative, size) in exact.items():
        assert abs(trace.gradient(name) - derivative) <= 1e-13 * size
        if size < 1000 * abs(derivative):
            assert abs(trace.gradient(name) - derivative) <= 1e-10 * abs(derivative)


@pytest.mark.parametrize("seed", SEEDS)
def test_backward_is_forward_mode(seed: int) -> None:
    made, trace, _, exact = known(seed)
    for name, (_, size) in exact.items():
        assert abs(trace.gradient(name) - forward_mode(made, name)) <= 1e-12 * size  # (eᵃ − e⁻ᵃ)/2 loses digits, too


@pytest.mark.parametrize("seed", SEEDS)
def test_branches_add_up_to_the_trunk_exactly(seed: int) -> None:
    trace = known(seed).trace
    branching = 0
    for i, node in enumerate(trace.graph.nodes):
        if node.constant is not None or i == trace.graph.output:
            continue
        contributions = list(trace.contributions(node.name).values())
        branching += len(contributions) > 1
        # one after the other: from Python 3.12 on the built-in sum compensates what rounding loses
        assert reduce(add, contributions) == trace.gradients[i]
    assert branching or len(trace.graph.gate_ids) < 20


@pytest.mark.parametrize(("level", "share"), WAYS)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_way_to_put_a_program_computes_the_same_and_so_does_its_print(seed: int, level: str, share: bool) -> None:
    made, first, _, exact = known(seed)
    trace = traced(made.text, made.point, level, share)
    again = traced(unparse(trace.graph), made.point)
    assert abs(trace.value("f") - first.value("f")) <= 1e-12 * max(1, abs(first.value("f")))
    assert again.value("f") == trace.value("f")
    for name, (_, size) in exact.items():
        assert abs(trace.gradient(name) - first.gradient(name)) <= 1e-12 * size
        assert abs(again.gradient(name) - trace.gradient(name)) <= 1e-12 * size
