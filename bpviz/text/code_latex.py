"""The two passes as aligned displays of LaTeX: a line a gate forward, a line a gradient backward."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.errors import count_columns
from bpviz.formula import latex
from bpviz.formula.numerals import Rounding
from bpviz.formula.printing import TEXT, show
from bpviz.formula.products import simplify
from bpviz.formula.tree import Atom, Formula, Term
from bpviz.gates import fill_slope
from bpviz.graph import Graph, Wire, leaf, write_derivative

SUM_COLUMNS = 55  # of a line of a sum as text, which are about nine centimetres as mathematics


class PassFormulas(NamedTuple):
    """What the displays of a graph are made of: formulas of its nodes and wires, and their numbers, if there are any.

    value and gradient write the numbers of a node as mathematics.
    """

    forward: Callable[[int], Formula]
    product: Callable[[Wire], Formula]
    value: Callable[[int], str] | None = None
    gradient: Callable[[int], str] | None = None


def write_latex(graph: Graph, trace: Trace | None, rounding: Rounding) -> str:
    """Write the forward and the backward pass as two displays, with their values if there is a trace."""

    def multiply(wire: Wire) -> Formula:
        node = graph.nodes[wire.target]
        assert node.gate
        local = fill_slope(node.gate, wire.slot, [leaf(graph.nodes[i]) for i in node.operands], Atom(node.name))
        return simplify(Term("*", (local, write_derivative(graph, wire.target))))

    formulas = PassFormulas(lambda node: graph.formula(node, rounding), multiply)
    if trace:
        formulas = formulas._replace(
            value=lambda node: latex.value(trace.values[node], rounding),
            gradient=lambda node: latex.value(trace.gradients[node], rounding),
        )
    return write_displays(graph, formulas, trace.warnings if trace else graph.warnings, rounding)


def write_displays(graph: Graph, formulas: PassFormulas, warnings: Sequence[str], rounding: Rounding) -> str:
    """Write the forward and the backward pass as two displays."""
    forward = [
        [
            latex.equate(latex.name(graph.nodes[i].name), formulas.forward(i)),
            *_equate(formulas.value, i),
            f"({step})",
        ]
        for step, i in enumerate(graph.gate_ids, start=1)
    ]
    if not graph.nodes[graph.output].gate:  # an input or a constant by itself: f = x, q = 5
        forward.append([latex.equate(latex.name(graph.output_name), leaf(graph.nodes[graph.output], rounding))])
    backward = [[f"{_show(write_derivative(graph, graph.output))} &= 1", *([""] if formulas.gradient else []), ""]]
    for node in _complete_gradients(graph):
        wires = sorted(graph.wires_from[node], key=lambda wire: graph.step_of[wire.target], reverse=True)
        numbers = ", ".join(dict.fromkeys(f"{graph.step_of[wire.target]}" for wire in wires))
        first, *others = _write_sum([formulas.product(wire) for wire in wires])
        left = _show(write_derivative(graph, node))
        backward.append([f"{left} &= {first}", *_equate(formulas.gradient, node), f"({numbers})"])
        backward += [[rf"&\quad {{}}{line}"] for line in others]
    notes = [f"% {' '.join(warning.split())}" for warning in warnings]
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


def _write_sum(products: Sequence[Formula]) -> list[str]:
    """Write the sum of local gradient × upstream gradient over wires on as many lines as it takes."""
    lines, room = [""], SUM_COLUMNS
    for formula in products:
        term, wide = _show(formula), count_columns(show(formula, TEXT)) + len(" + ")
        if lines[-1] and wide > room:
            lines, room = [*lines, ""], SUM_COLUMNS
        room -= wide
        sign = " - " if term.startswith("-") else " + "
        lines[-1] += sign + term.removeprefix("-") if lines[1:] or lines[-1] else term
    return lines


def _show(formula: Formula) -> str:
    return show(formula, latex.LATEX)


def _equate(write: Callable[[int], str] | None, node: int) -> list[str]:
    return [f"= {write(node)}"] if write else []


def _write_display(lines: list[list[str]]) -> list[str]:
    rows = [f"  {' && '.join(cells).rstrip(' &')}" for cells in lines]
    return latex.display(" \\\\[0.5ex]\n".join(rows)) if rows else []
