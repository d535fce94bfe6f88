"""The two passes as aligned displays of LaTeX: a line a gate forward, a line a gradient backward."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bpviz.autodiff import Trace
from bpviz.errors import columns
from bpviz.formula import latex as tex
from bpviz.formula.numerals import Rounding
from bpviz.formula.printing import TEXT, leaf, show
from bpviz.formula.tree import Atom, Formula, Term, simplified, slope
from bpviz.graph import Graph, Wire

WIDEST = 55  # columns of a sum as text, which are about nine centimetres as mathematics


def latex(graph: Graph, trace: Trace | None, rounding: Rounding) -> str:
    """Return the forward and the backward pass as two displays, with their values if there is a trace."""
    forward = [
        [
            f"{tex.name(graph.nodes[i].name)} &= {tex.expression(graph, i)}",
            *_value(trace, i, rounding, forward=True),
            f"({step})",
        ]
        for step, i in enumerate(graph.gate_ids, start=1)
    ]
    if not graph.nodes[graph.output].gate:  # an input or a constant by itself: f = x, q = 5
        forward.append([f"{tex.name(graph.output_name)} &= {_shown(leaf(graph.nodes[graph.output]))}"])
    backward = [[f"{_shown(partial(graph, graph.output))} &= 1", *([""] if trace else []), ""]]
    for node in completed(graph):
        wires = sorted(graph.wires_from[node], key=lambda wire: graph.step_of[wire.target], reverse=True)
        numbers = ", ".join(dict.fromkeys(f"{graph.step_of[wire.target]}" for wire in wires))
        first, *others = _sum(graph, wires)
        value = _value(trace, node, rounding, forward=False)
        backward.append([f"{_shown(partial(graph, node))} &= {first}", *value, f"({numbers})"])
        backward += [[rf"&\quad {{}}{line}"] for line in others]
    notes = [f"% {' '.join(warning.split())}" for warning in (trace.warnings if trace else graph.warnings)]
    parts = ["% needs \\usepackage{amsmath}", *notes, "% forward pass", *_display(forward)]
    return "\n".join([*parts, "% backward pass, in reverse order", *_display(backward)]) + "\n"


def partial(graph: Graph, node: int) -> Formula:
    """Return the derivative of the output by a node."""
    below = graph.output_name if node == graph.output else graph.nodes[node].name
    return Term("partial", (Atom(graph.output_name), Atom(below)))


def completed(graph: Graph) -> Iterator[int]:
    """Yield the inputs and gates below the output in the order in which their gradients are complete, going back."""
    missing = [len(wires) for wires in graph.wires_from]
    for i in reversed(graph.gate_ids):
        for wire in graph.wires_into(i):
            missing[wire.source] -= 1
            if not missing[wire.source] and graph.nodes[wire.source].constant is None:
                yield wire.source


def _sum(graph: Graph, wires: Sequence[Wire]) -> list[str]:
    """Return a sum of contributions, on as many lines as it takes."""
    lines, room = [""], WIDEST
    for formula in (_contribution(graph, wire) for wire in wires):
        term, wide = _shown(formula), columns(show(formula, TEXT)) + len(" + ")
        if lines[-1] and wide > room:
            lines, room = [*lines, ""], WIDEST
        room -= wide
        sign = " - " if term.startswith("-") else " + "
        lines[-1] += sign + term.removeprefix("-") if lines[1:] or lines[-1] else term
    return lines


def _contribution(graph: Graph, wire: Wire) -> Formula:
    gate = graph.nodes[wire.target].gate
    assert gate
    operands = [leaf(graph.nodes[i]) for i in graph.nodes[wire.target].operands]
    local = slope(gate, wire.slot, operands, Atom(graph.nodes[wire.target].name))
    return simplified(Term("*", (local, partial(graph, wire.target))))


def _shown(formula: Formula) -> str:
    return show(formula, tex.LATEX)


def _value(trace: Trace | None, node: int, rounding: Rounding, *, forward: bool) -> list[str]:
    return [f"= {tex.value((trace.values if forward else trace.gradients)[node], rounding)}"] if trace else []


def _display(lines: list[list[str]]) -> list[str]:
    rows = [f"  {' && '.join(cells).rstrip(' &')}" for cells in lines]
    return tex.display(" \\\\[0.5ex]\n".join(rows)) if rows else []
