"""The staged computation: forward one named line a gate, backward in reverse order, += from the second contribution on.

Python and NumPy differ in their functions and in two lines: the seed has the output's shape, and a gradient that is
added to later must not be another array's own memory.
"""

from __future__ import annotations

from bpviz.autodiff import Trace
from bpviz.formula.numerals import Rounding
from bpviz.formula.printing import POWER, show
from bpviz.formula.tree import Atom, Formula, slopes
from bpviz.graph import Graph, Wire
from bpviz.text.listing.dialects import NUMPY, PYTHON, Dialect
from bpviz.text.listing.exactness import Choice
from bpviz.text.listing.identifiers import identifiers
from bpviz.text.listing.lines import (
    Line,
    Staging,
    aligned,
    forward_lines,
    gradient_dict,
    heading,
    indented,
    instead_of,
    print_lines,
    signature,
)


def python(graph: Graph, trace: Trace | None, rounding: Rounding) -> str:
    """Return a program as Python: a script at a trace's point, a function without one."""
    return _listing(graph, trace, PYTHON)


def numpy(graph: Graph, trace: Trace | None, rounding: Rounding) -> str:
    """Return a program as NumPy, which takes arrays of points as well."""
    return _listing(graph, trace, NUMPY)


def _listing(graph: Graph, trace: Trace | None, dialect: Dialect) -> str:
    names = identifiers(graph, dialect.names)
    say = Staging(graph, trace, names, dialect)
    forward, backward = forward_lines(say), backward_lines(say)
    passes = ["# forward pass", *aligned(forward), "", "# backward pass, in reverse order", *aligned(backward)]
    is_general = not any(line.is_number for line in forward + backward)
    body = _function(say, passes) if trace is None else _script(say, trace, passes, is_general)
    math = dialect.math if any("math." in line for line in passes) else ()
    head = [*heading(graph, trace, names), *math, *dialect.imports, ""]
    return "\n".join([*head, *([] if trace else [""]), *body]).lstrip("\n") + "\n"


def _script(say: Staging, trace: Trace, passes: list[str], is_general: bool) -> list[str]:
    graph, names = say.graph, say.names
    takes_arrays = say.dialect is NUMPY
    number = "np.array({!r})" if takes_arrays else "{!r}"
    words = "example values" + ("; an array of points does as well" if takes_arrays and is_general else "")
    values = [
        Line(f"{names.values[i]} = {number.format(trace.values[i])}", "" if k else words)
        for k, i in enumerate(graph.inputs)
    ]
    gradients = [names.gradients[i] for i in graph.inputs]
    return [*aligned(values), *([""] if values else []), *passes, "", *print_lines(graph, names.output, gradients)]


def _function(say: Staging, passes: list[str]) -> list[str]:
    graph, names = say.graph, say.names
    inputs = [names.values[i] for i in graph.inputs]
    arrays = [f"{name} = np.asarray({name}, dtype=float)" for name in inputs] if say.dialect is NUMPY else []
    gradients = [names.gradients[i] for i in graph.inputs]
    body = [
        f'"""Return {graph.output_name} and a dict of its gradients."""',
        *([*arrays, ""] if arrays else []),
        *passes,
        "",
        *gradient_dict(graph, names.output, gradients),
    ]
    return [*signature(graph, names, names.output), *indented(body)]


def backward_lines(say: Staging) -> list[Line]:
    """Return a line a wire, from the output back, each with the number of the forward step that it undoes."""
    graph, names, out = say.graph, say.names, say.graph.output
    seed = f"np.ones_like({names.output})" if say.dialect is NUMPY else "1.0"
    lines = [Line(f"{names.gradients[out]} = {seed}", "the output's own gradient")]
    begun = {out}
    for step, i in reversed([*enumerate(graph.gate_ids, start=1)]):
        if i not in begun:
            continue
        for wire in graph.wires_into(i):
            if graph.nodes[wire.source].constant is None:
                lines.append(_backward_line(say, wire, step, wire.source in begun))
                begun.add(wire.source)
    return lines + [
        Line(f"{names.gradients[i]} = 0.0", f"{graph.output_name} does not depend on {graph.nodes[i].name}")
        for i in graph.inputs
        if i not in begun
    ]


def _backward_line(say: Staging, wire: Wire, step: int, begun: bool) -> Line:
    graph, gradients, choice = say.graph, say.names.gradients, say.slope(wire)
    gate, uses = graph.nodes[wire.target].gate, len(graph.wires_from[wire.source]) + (wire.source == graph.output)
    right = _downstream(say, choice.formula, gradients[wire.target])
    if right == gradients[wire.target] and say.dialect is NUMPY and uses > 1 and not begun:
        right = f"1 * {right}"  # a copy: += on the same array would change the upstream gradient as well
    comment = f"({step})"
    if begun:
        times = "twice" if uses == 2 else f"{uses} times"
        comment += f" += because {graph.nodes[wire.source].name} is used {times}: contributions add"
    elif gate and gate.rule:
        comment += f" {gate.rule}"
    code = f"{gradients[wire.source]} {'+=' if begun else '='} {right}"
    above = _above(say, wire, choice)
    return Line(
        code, comment, "" if above in comment else above, bool(choice.mistake) and isinstance(choice.formula, Atom)
    )


def _above(say: Staging, wire: Wire, choice: Choice) -> str:
    """Return what to say where a local gradient is not the textbook's formula: a kink's rule, or what goes wrong."""
    gate = say.graph.nodes[wire.target].gate
    assert gate
    if not choice.mistake or say.trace is None:
        return ""
    operands = [say.trace.values[i] for i in say.graph.nodes[wire.target].operands]
    if gate.kink and gate.kink(say.trace.values[wire.target], *operands):
        return gate.rule
    textbook = slopes(gate, wire.slot, say.operands(wire.target), Atom(say.names.values[wire.target]))[0]
    return instead_of(show(textbook, say.dialect.style), choice.mistake)


def _downstream(say: Staging, local: Formula, upstream: str) -> str:
    """Return local gradient times upstream gradient."""
    text = show(local, say.dialect.style, POWER)
    return {"1": upstream, "-1": f"-{upstream}", "(-1)": f"-{upstream}"}.get(text, f"{text} * {upstream}")
