"""The two passes as aligned displays of LaTeX: a line a gate forward, a line a gradient backward."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bpviz.autodiff import Trace
from bpviz.errors import count_columns
from bpviz.formula import latex
from bpviz.formula.numerals import Rounding
from bpviz.formula.printing import TEXT, show
from bpviz.formula.tree import Atom, Formula, Term, simplify
from bpviz.gates import fill_slope
from bpviz.graph import Graph, Wire, leaf

SUM_COLUMNS = 55  # of a line of a sum as text, which are about nine centimetres as mathematics


def write_latex(graph: Graph, trace: Trace | None, rounding: Rounding) -> str:
    """Write the forward and the backward pass as two displays, with their values if there is a trace."""
    values, gradients = ([], []) if trace is None else (trace.values, trace.gradients)
    forward = [
        [f"{latex.name(graph.nodes[i].name)} &= {_show(graph.formula(i))}", *_value(values, i, rounding), f"({step})"]
        for step, i in enumerate(graph.gate_ids, start=1)
    ]
    if not graph.nodes[graph.output].gate:  # an input or a constant by itself: f = x, q = 5
        forward.append([f"{latex.name(graph.output_name)} &= {_show(leaf(graph.nodes[graph.output]))}"])
    backward = [[f"{_show(_partial(graph, graph.output))} &= 1", *([""] if trace else []), ""]]
    for node in _complete_gradients(graph):
        wires = sorted(graph.wires_from[node], key=lambda wire: graph.step_of[wire.target], reverse=True)
        numbers = ", ".join(dict.fromkeys(f"{graph.step_of[wire.target]}" for wire in wires))
        first, *others = _write_sum(graph, wires)
        left = _show(_partial(graph, node))
        backward.append([f"{left} &= {first}", *_value(gradients, node, rounding), f"({numbers})"])
        backward += [[rf"&\quad {{}}{line}"] for line in others]
    notes = [f"% {' '.join(warning.split())}" for warning in (trace.warnings if trace else graph.warnings)]
    parts = ["% needs \\usepackage{amsmath}", *notes, "% forward pass", *_write_display(forward)]
    return "\n".join([*parts, "% backward pass, in reverse order", *_write_display(backward)]) + "\n"


def _complete_gradients(graph: Graph) -> Iterator[int]:
    """Yield the inputs and gates below the output in the order in which their gradients are complete, going back."""
    missing = [len(wires) for wires in graph.wires_from]
    for i in reversed(graph.gate_ids):
        for wire in graph.wires_into(i):
            missing[wire.source] -= 1
            if not missing[wire.source] and graph.nodes[wire.source].constant is None:
                yield wire.source


def _write_sum(graph: Graph, wires: Sequence[Wire]) -> list[str]:
    """Write a sum of contributions on as many lines as it takes."""
    lines, room = [""], SUM_COLUMNS
    for formula in (_contribution(graph, wire) for wire in wires):
        term, wide = _show(formula), count_columns(show(formula, TEXT)) + len(" + ")
        if lines[-1] and wide > room:
            lines, room = [*lines, ""], SUM_COLUMNS
        room -= wide
        sign = " - " if term.startswith("-") else " + "
        lines[-1] += sign + term.removeprefix("-") if lines[1:] or lines[-1] else term
    return lines


def _contribution(graph: Graph, wire: Wire) -> Formula:
    """Return local gradient times upstream gradient, in symbols."""
    node = graph.nodes[wire.target]
    assert node.gate
    local = fill_slope(node.gate, wire.slot, [leaf(graph.nodes[i]) for i in node.operands], Atom(node.name))
    return simplify(Term("*", (local, _partial(graph, wire.target))))


def _partial(graph: Graph, node: int) -> Formula:
    """Return the derivative of the output by a node."""
    below = graph.output_name if node == graph.output else graph.nodes[node].name
    return Term("partial", (Atom(graph.output_name), Atom(below)))


def _show(formula: Formula) -> str:
    return show(formula, latex.LATEX)


def _value(numbers: Sequence[float], node: int, rounding: Rounding) -> list[str]:
    return [f"= {latex.value(numbers[node], rounding)}"] if numbers else []


def _write_display(lines: list[list[str]]) -> list[str]:
    rows = [f"  {' && '.join(cells).rstrip(' &')}" for cells in lines]
    return latex.display(" \\\\[0.5ex]\n".join(rows)) if rows else []
