"""Arrange a diagram for its room: inputs beside the gates that use them, and a long figure in several rows.

Inputs in one row at the beginning have long wires that cross. Beside its gates a shared input stands once for each use,
with what that use contributes to its gradient, and the sums stand under the figure. A row is broken where few values
pass from one rank to the next: each of their wires ends in the value's name, and begins with it in the next row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bpviz.autodiff import Trace
from bpviz.errors import UsageError
from bpviz.figure.diagram import AGAIN, GRADIENT, TRUNK, VALUE, Diagram, Edge, Legend, Shape, Stage
from bpviz.figure.lettering import subscript
from bpviz.formula.numerals import Rounding, number
from bpviz.graph import Graph

ONCE, BESIDE = "once", "beside"
INPUTS = (ONCE, BESIDE)
MOST_WIRES_BROKEN = 3  # between two rows: more names than that are looked for in vain
MOST_SUMS_LISTED = 12  # under a figure
ARE_BESIDE = "inputs that several gates use stand beside each of them; --inputs once draws each once"
TO = "-to"  # behind the id of an edge: its part that ends a row
SUM_LINE, SUM_GAP = 96, "      "  # characters of a line of sums, and what stands between two


def check_inputs(inputs: str) -> str:
    """Return where inputs stand if it is once or beside; raise UsageError if not."""
    if inputs not in INPUTS:
        raise UsageError(f"inputs stand nowhere called {inputs}", hint=f"choose one of {', '.join(INPUTS)}")
    return inputs


def has_shared_inputs(diagram: Diagram) -> bool:
    """Say whether an input of a diagram feeds several gates."""
    inputs = {*diagram.inputs}
    return any(edge.kind == TRUNK and edge.source in inputs for edge in diagram.edges)


def place_inputs_beside(diagram: Diagram, graph: Graph, trace: Trace | None, rounding: Rounding) -> Diagram:
    """Draw every input beside its gates: one with a branch as often as it is used, without the branch."""
    row = {*diagram.inputs}
    trunks = {edge.target: edge for edge in diagram.edges if edge.kind == TRUNK and edge.source in row}
    by_id = {shape.id: shape for shape in diagram.shapes}
    edges: list[Edge] = []
    copies: list[Shape] = []
    for edge in diagram.edges:
        if edge.source in trunks:
            count = sum(copy.node == edge.node for copy in copies) + 1
            copies.append(by_id[trunks[edge.source].source]._replace(id=f"{trunks[edge.source].source}.{count}"))
            edges.append(edge._replace(source=copies[-1].id))
        elif edge not in trunks.values():
            edges.append(edge)
    replaced = {*trunks, *(edge.source for edge in trunks.values())}
    shapes = [shape for shape in diagram.shapes if shape.id not in replaced]
    inputs = [*(id_ for id_ in diagram.inputs if id_ not in replaced), *(copy.id for copy in copies)]
    shares = {trunk: [edge for edge in diagram.edges if edge.source == dot] for dot, trunk in trunks.items()}
    return diagram._replace(
        shapes=(*shapes, *copies),
        edges=tuple(edges),
        inputs=tuple(inputs),
        floating=frozenset(inputs),
        legend=_add_sums(diagram.legend, shares, graph, trace, rounding),
    )


def _add_sums(
    legend: Legend | None,
    shares: Mapping[Edge, Sequence[Edge]],
    graph: Graph,
    trace: Trace | None,
    rounding: Rounding,
) -> Legend | None:
    """Add to a legend what the gradients of shared inputs are the sums of; shares are their edges, by their trunks."""
    if not shares:
        return legend
    sums = []
    for trunk, edges in shares.items():
        name = subscript(graph.nodes[trunk.node].name)
        derivative = f"∂{subscript(graph.output_name)}/∂{name}"
        if trace and not (trunk.after.grid and trunk.after.grid.caption):  # which is too large for a line
            terms = [edge.after.text if graph.vectors else _write_share(edge, trace, rounding) for edge in edges]
            total = trunk.after.text if graph.vectors else number(trace.gradients[trunk.node], rounding)
            sums.append(f"{derivative} = {' + '.join(terms).replace('+ −', '− ')} = {total}")
        else:
            sums.append(f"{derivative} is the sum over the {len(edges)} places of {name}")
    if sums[MOST_SUMS_LISTED:]:
        sums = [*sums[:MOST_SUMS_LISTED], f"and {len(sums) - MOST_SUMS_LISTED} more sums"]
    lines = [""]
    for each in sums:
        joined = f"{lines[-1]}{SUM_GAP}{each}" if lines[-1] else each
        lines = [*lines[:-1], joined] if len(joined) <= SUM_LINE else [*lines, each]
    known = legend or Legend(())
    return known._replace(lines=(*known.lines, *((line,) for line in lines)))


def _write_share(edge: Edge, trace: Trace, rounding: Rounding) -> str:
    """Write what an edge adds to its source's gradient; one of several wires into a box has their sum as its label."""
    wire = edge.wire
    return number(trace.downstream[wire.target][wire.slot], rounding) if wire else edge.after.text


class RowsError(UsageError):
    """A figure cannot be broken into so many rows."""


def break_into_rows(diagram: Diagram, graph: Graph, rows: int) -> Diagram:
    """Break a diagram into so many rows; raise RowsError where no few wires lead from each to the next."""
    diagram = diagram._replace(floating=frozenset(diagram.inputs))
    places = _find_breaks(diagram, graph, rows)
    ranks = _measure_ranks(diagram)
    row_of = {id_: sum(rank > place for place in places) for id_, rank in ranks.items()}
    edges: list[Edge] = []
    tags: list[Shape] = []
    for edge in diagram.edges:
        if row_of[edge.source] == row_of[edge.target]:
            edges.append(edge)
            continue
        name = subscript(graph.nodes[edge.node].name)
        end = Shape(f"to-{edge.id}", AGAIN, f"{name} …", "", edge.title, edge.node)
        start = Shape(f"again-{edge.id}", AGAIN, f"… {name}", "", edge.title, edge.node)
        edges += [edge._replace(id=f"{edge.id}{TO}", target=end.id), edge._replace(source=start.id)]
        row_of |= {end.id: row_of[edge.source], start.id: row_of[edge.target]}
        ranks |= {end.id: ranks[edge.source] + 1, start.id: ranks[edge.target] - 1}
        tags += [end, start]
    return diagram._replace(
        shapes=(*diagram.shapes, *tags),
        edges=tuple(edges),
        rows=tuple(
            tuple(sorted((id_ for id_, row in row_of.items() if row == k), key=ranks.__getitem__)) for k in range(rows)
        ),
    )


def arrange_stage(stage: Stage, diagram: Diagram, arranged: Diagram) -> Stage:
    """Let a stage of a diagram name what an arrangement has doubled: copies of inputs, and parts of broken edges."""
    lit = {shape.node for shape in diagram.shapes if shape.id in stage.highlighted}
    states = dict(stage.states)
    for edge in arranged.edges:
        for role in (VALUE, GRADIENT):
            known = stage.states.get((edge.id.removesuffix(TO), role))
            if known:
                states[edge.id, role] = known
    highlighted = (shape.id for shape in arranged.shapes if shape.node in lit and shape.kind != AGAIN)
    return stage._replace(states=states, highlighted=tuple(highlighted))


def _find_breaks(diagram: Diagram, graph: Graph, rows: int) -> list[int]:
    """Find the ranks after which rows end: few wires are broken, if possible of statements, and rows are about even."""
    ranks = _measure_ranks(diagram)
    last = max(ranks.values())
    statements = {statement.partition("=")[0].strip() for statement in graph.statements if "=" in statement}
    crossing, nameless = [], []
    for rank in range(last + 1):
        broken = [edge for edge in diagram.edges if ranks[edge.source] <= rank < ranks[edge.target]]
        crossing.append(len(broken))
        nameless.append(sum(graph.nodes[edge.node].name not in statements for edge in broken))
    breaks: list[int] = []
    for k in range(1, rows):
        ideal = last * k / rows
        near = [
            rank
            for rank in range((breaks or [-1])[-1] + 1, last - 1)
            if abs(rank - ideal) <= max(1.0, last / (3 * rows))
        ]
        allowed = [rank for rank in near if 0 < crossing[rank] <= MOST_WIRES_BROKEN]
        if not allowed:
            raise RowsError(f"the figure has no {rows} rows", hint="leave the rows out")
        breaks.append(min(allowed, key=lambda rank: (crossing[rank], nameless[rank], abs(rank - ideal))))
    return breaks


def _measure_ranks(diagram: Diagram) -> dict[str, int]:
    """Measure on which rank each shape stands, as near to the output as it may, and a floating input at its gate."""
    targets: dict[str, list[str]] = {shape.id: [] for shape in diagram.shapes}
    for edge in diagram.edges:
        targets[edge.source].append(edge.target)
    depths: dict[str, int] = {}
    for id_ in reversed(_order(diagram)):
        depths[id_] = 1 + max((depths[target] for target in targets[id_]), default=-1)
    for id_ in diagram.floating:  # a row is not broken between an input and its gate
        depths[id_] = max(depths[target] for target in targets[id_])
    deepest = max(depths.values())
    return {id_: deepest - depth for id_, depth in depths.items()}


def _order(diagram: Diagram) -> list[str]:
    """Order the shapes so that each stands behind what leads to it."""
    waiting = {shape.id: 0 for shape in diagram.shapes}
    targets: dict[str, list[str]] = {shape.id: [] for shape in diagram.shapes}
    for edge in diagram.edges:
        waiting[edge.target] += 1
        targets[edge.source].append(edge.target)
    ready = [id_ for id_, count in waiting.items() if not count]
    for id_ in ready:  # it grows as the loop goes
        for target in targets[id_]:
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return ready
