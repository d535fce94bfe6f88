"""The staged computation: forward one named line a gate, backward in reverse order, += from the second contribution on.

Python and NumPy differ in their functions and in two lines: the seed has the output's shape, and a gradient that is
added to later must not be another array's own memory.
"""

from __future__ import annotations

from bpviz.autodiff import Trace
from bpviz.graph import Graph, Wire
from bpviz.views.formula import Atom, slope
from bpviz.views.listing.dialects import NUMPY, PYTHON, Dialect
from bpviz.views.listing.identifiers import Identifiers, identifiers
from bpviz.views.listing.lines import (
    Line,
    aligned,
    forward_lines,
    gradient_dict,
    heading,
    indented,
    operands,
    print_lines,
    signature,
)
from bpviz.views.numerals import Rounding
from bpviz.views.printing import POWER, show


def python(graph: Graph, trace: Trace | None, rounding: Rounding) -> str:
    """Return a program as Python: a script at a trace's point, a function without one."""
    return _listing(graph, trace, PYTHON)


def numpy(graph: Graph, trace: Trace | None, rounding: Rounding) -> str:
    """Return a program as NumPy, which takes arrays of points as well."""
    return _listing(graph, trace, NUMPY)


def _listing(graph: Graph, trace: Trace | None, dialect: Dialect) -> str:
    names = identifiers(graph, dialect.names)
    passes = [
        "# forward pass",
        *aligned(forward_lines(graph, names, dialect)),
        "",
        "# backward pass, in reverse order",
        *aligned(backward_lines(graph, names, dialect)),
    ]
    body = _script(graph, trace, names, passes, dialect) if trace else _function(graph, names, passes, dialect)
    math = dialect.math if any("math." in line for line in passes) else ()
    head = [*heading(graph, trace, names), *math, *dialect.imports, ""]
    return "\n".join([*head, *([] if trace else [""]), *body]).lstrip("\n") + "\n"


def _script(graph: Graph, trace: Trace, names: Identifiers, passes: list[str], dialect: Dialect) -> list[str]:
    number = "np.array({!r})" if dialect is NUMPY else "{!r}"
    words = "example values; an array of points does as well" if dialect is NUMPY else "example values"
    values = [
        Line(f"{names.values[i]} = {number.format(trace.values[i])}", "" if k else words)
        for k, i in enumerate(graph.inputs)
    ]
    gradients = [names.gradients[i] for i in graph.inputs]
    return [*aligned(values), *([""] if values else []), *passes, "", *print_lines(graph, names.output, gradients)]


def _function(graph: Graph, names: Identifiers, passes: list[str], dialect: Dialect) -> list[str]:
    inputs = [names.values[i] for i in graph.inputs]
    arrays = [f"{name} = np.asarray({name}, dtype=float)" for name in inputs] if dialect is NUMPY else []
    gradients = [names.gradients[i] for i in graph.inputs]
    body = [
        f'"""Return {graph.output_name} and a dict of its gradients."""',
        *([*arrays, ""] if arrays else []),
        *passes,
        "",
        *gradient_dict(graph, names.output, gradients),
    ]
    return [*signature(graph, names, names.output), *indented(body)]


def backward_lines(graph: Graph, names: Identifiers, dialect: Dialect) -> list[Line]:
    """Return a line a wire, from the output back, each with the number of the forward step that it undoes."""
    out = graph.output
    seed = f"np.ones_like({names.output})" if dialect is NUMPY else "1.0"
    lines = [Line(f"{names.gradients[out]} = {seed}", "the output's own gradient")]
    begun = {out}
    for step, i in reversed([*enumerate(graph.steps, start=1)]):
        if i not in begun:
            continue
        for wire in graph.wires_into(i):
            if graph.nodes[wire.source].constant is None:
                lines.append(_backward_line(graph, names, dialect, wire, step, wire.source in begun))
                begun.add(wire.source)
    return lines + [
        Line(f"{names.gradients[i]} = 0.0", f"{graph.output_name} does not depend on {graph.nodes[i].name}")
        for i in graph.inputs
        if i not in begun
    ]


def _backward_line(graph: Graph, names: Identifiers, dialect: Dialect, wire: Wire, step: int, begun: bool) -> Line:
    gate, uses = graph.nodes[wire.target].gate, len(graph.wires_from[wire.source]) + (wire.source == graph.output)
    right = _downstream(graph, names, dialect, wire)
    if right == names.gradients[wire.target] and dialect is NUMPY and uses > 1 and not begun:
        right = f"1 * {right}"  # a copy: += on the same array would change the upstream gradient as well
    comment = f"({step})"
    if begun:
        times = "twice" if uses == 2 else f"{uses} times"
        comment += f" += because {graph.nodes[wire.source].name} is used {times}: contributions add"
    elif gate and gate.rule:
        comment += f" {gate.rule}"
    return Line(f"{names.gradients[wire.source]} {'+=' if begun else '='} {right}", comment)


def _downstream(graph: Graph, names: Identifiers, dialect: Dialect, wire: Wire) -> str:
    """Return local gradient times upstream gradient."""
    gate, upstream = graph.nodes[wire.target].gate, names.gradients[wire.target]
    assert gate
    local = slope(gate, wire.slot, operands(graph, names, wire.target), Atom(names.values[wire.target]))
    text = show(local, dialect.style, POWER)
    return {"1": upstream, "-1": f"-{upstream}", "(-1)": f"-{upstream}"}.get(text, f"{text} * {upstream}")
