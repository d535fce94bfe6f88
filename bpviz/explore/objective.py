"""The objective that is explored: a program, or the part of it up to one gate, as a function of some of its inputs.

Sweeps, descents and their plots all compute here, so every number is the one that a figure at that point shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import nan
from typing import NamedTuple

from bpviz.autodiff import forward, run
from bpviz.errors import EvaluationError, UsageError
from bpviz.graph import Graph


class Sample(NamedTuple):
    """The value at a point, and the gradients there in the order that was asked for; NaN where there is none."""

    value: float
    gradients: tuple[float, ...]


Sampler = Callable[..., Sample]  # of the inputs that move, by position


def make_sampler(
    graph: Graph, moving: Sequence[str], fixed: Mapping[str, float], wanted: Sequence[str] | None = None
) -> Sampler:
    """Make a function of some inputs of a program, in this order; the other inputs are fixed.

    `wanted` names the inputs whose gradients it returns; those that move if it is left out. Outside the program's
    domain the function returns NaN. It never raises for finite numbers.

    >>> from bpviz.lang import parse
    >>> make_sampler(parse("x*y"), ["x"], {"y": 3})(2.0)
    Sample(value=6.0, gradients=(3.0,))
    """
    wanted = wanted or moving
    zeros = dict.fromkeys(graph.input_names, 0.0)  # for inputs that the output does not depend on

    def sample(*numbers: float) -> Sample:
        point = {**zeros, **fixed, **dict(zip(moving, numbers, strict=True))}
        try:
            trace = run(graph, point)
        except EvaluationError:  # there is no value or, beside a value, no gradient
            try:
                value = forward(graph, point)[0][graph.output]
            except EvaluationError:
                value = nan
            return Sample(value, (nan,) * len(wanted))
        return Sample(trace.values[graph.output], tuple([trace.gradients[name] for name in wanted]))

    return sample


def take_objective(graph: Graph, name: str | None) -> Graph:
    """Return the part of a program whose output is the gate of that name; the whole program for None.

    Its inputs are those that the gate depends on. Raises UsageError for an unknown name, and for an input.

    >>> from bpviz.lang import parse
    >>> [node.name for node in take_objective(parse("q = x + y; f = q*z"), "q").nodes]
    ['x', 'y', 'q']
    """
    output = graph.output if name is None else graph.find(name)
    if output in graph.inputs:
        gates = ", ".join(graph.nodes[i].name for i in graph.gate_ids)
        raise UsageError(f"{graph.nodes[output].name} is an input", hint=f"choose one of the gates: {gates}")
    if output == graph.output:
        return graph
    needed = {output}
    for i in range(output, -1, -1):
        if i in needed:
            needed.update(graph.nodes[i].operands)
    new_ids = {old: new for new, old in enumerate(sorted(needed))}
    nodes = [graph.nodes[i] for i in new_ids]
    names = {node.name for node in nodes}
    return replace(
        graph,
        nodes=tuple(node._replace(operands=tuple(new_ids[operand] for operand in node.operands)) for node in nodes),
        inputs=tuple(new_ids[i] for i in graph.inputs if i in new_ids),
        output=new_ids[output],
        output_name=graph.nodes[output].name,
        defaults={name: value for name, value in graph.defaults.items() if name in names},
        warnings=(),
    )
