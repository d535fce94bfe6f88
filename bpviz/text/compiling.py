"""compile(graph): a program as a function that computes its value and its gradients, from the lines of its listing."""

from __future__ import annotations

from bpviz.errors import UsageError
from bpviz.graph import Graph
from bpviz.text.code_compiled import Compiled
from bpviz.text.compiled_vectors import CompiledVectors


def compile(graph: Graph) -> Compiled:  # noqa: A001  the public name, as in re.compile
    """Make a function of a graph's inputs, whose lines are written once.

    >>> from bpviz import parse
    >>> f = compile(parse("q = x + y; f = q*z"))
    >>> f(x=-2.0, y=5.0, z=-4.0)
    (-12.0, {'x': -4.0, 'y': -4.0, 'z': 3.0})
    >>> compile(parse("sum(x^2)", shapes={"x": (2,)}))(x=[1, 2])
    (5.0, {'x': [2.0, 4.0]})
    """
    if not isinstance(graph, Graph):  # from untyped code: a program's text, most likely
        raise UsageError(f"{graph!r:.60} is no graph", hint="make one of a program's text first: compile(parse(text))")
    return CompiledVectors(graph) if graph.vectors else Compiled(graph)
