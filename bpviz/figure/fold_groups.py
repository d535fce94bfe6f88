"""Find the gates that a folded figure draws as one box: those of a statement, or of several like statements.

A cell is a gate and everything that is computed for it alone: the gates of a named statement, or, in a program that is
one expression, those of an expression that it writes several times. A layer is all cells of one pattern that stand at
one depth, such as the units of a network's layer. Every path out of a cell leaves by its last gate, and no path leads
from one cell to another of its depth. So no path leaves a box and comes back: a folded graph has no cycles.

If nobody says how deep to fold, boxes are those of a textbook: the four gates of an LSTM cell side by side, a neuron
with its activation in it, and a layer of very many units as one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

from bpviz.errors import UsageError
from bpviz.graph import Graph

OPEN = -1  # the cell of a gate that is drawn
MOST_BOXES_OF_LAYER = 6  # a layer of more cells is one box
LEAST_REPEATED = 2  # gates of a repeated expression that are worth a box
ASSIGNMENT = re.compile(r"\s*([^=<>!]+?)\s*=(?!=)")
DECORATION = re.compile(r"[{}\\\s]")  # of a name in LaTeX


class Group(NamedTuple):
    """Gates that are drawn as one box: roots are the last gates of its cells, members all gates, both in step order."""

    roots: tuple[int, ...]
    members: tuple[int, ...]


def find_groups(graph: Graph, fold: bool | str | Collection[str] = True, depth: int | None = None) -> tuple[Group, ...]:
    """Find the boxes of a folded figure, in step order.

    fold is True for all statements, or the names of those to close. depth says how many levels of boxes are opened:
    with 0 every layer is one box, with 1 each statement is a box of its own, with 2 nothing is closed. Without depth
    each statement is a box that has its activation in it, and only large layers are one. Raises UsageError for an
    unknown name, and for a program that has nothing to close.
    """
    if depth is not None and depth < 0:
        raise UsageError(f"no box opens {depth} levels deep", hint="give 0 for layers, 1 for statements, 2 for gates")
    if isinstance(fold, bool):
        return _find_all(graph, depth)
    if depth is not None:
        raise UsageError("depth is for a figure in which everything is folded", hint="leave the names, or depth, out")
    statement_gates = _find_statement_gates(graph)
    roots = set()
    for name in [fold] if isinstance(fold, str) else fold:
        roots.add(graph.find(name))
        if not roots <= statement_gates:
            known = ", ".join(graph.nodes[i].name for i in sorted(statement_gates)[:20]) or "none"
            raise UsageError(f"{name} is no statement that could be folded", hint=f"the statements are {known}")
    cells = _collect_cells(graph, statement_gates)
    return tuple(Group((root,), cells[root]) for root in sorted(roots))


def _find_all(graph: Graph, depth: int | None) -> tuple[Group, ...]:
    if depth is not None and depth > 1:
        return ()
    roots = _find_statement_gates(graph)
    if roots <= {graph.output}:  # one expression: what is written again and again in it has no name
        roots = _find_repeated(graph)
    if depth is None:
        roots -= _find_activated(graph, roots)
    cells = _collect_cells(graph, roots)
    boxes: list[Group] = []
    layers = _join_layers(graph, cells)
    most = {0: 0, 1: len(cells), None: MOST_BOXES_OF_LAYER}[depth]  # boxes of one layer
    for layer in layers:
        is_one = len(layer.roots) > most
        boxes += [layer] if is_one else [Group((root,), cells[root]) for root in layer.roots]
    found = tuple(box for box in boxes if len(box.members) > 1)
    if not found:
        hint = "name its parts, such as h1 = tanh(w*x + b), to have each of them closed"
        if any(len(layer.members) > 1 for layer in layers):
            hint = "each of its statements is one gate; --depth 0 closes equal ones into one box"
        raise UsageError("nothing in this program can be folded", hint=hint)
    return tuple(sorted(found, key=lambda box: box.members[-1]))


def _find_statement_gates(graph: Graph) -> set[int]:
    """Find the gates to which the program gives a name, and the output."""
    found = (ASSIGNMENT.match(each) for each in graph.statements)
    names = {DECORATION.sub("", each[1]) for each in found if each}
    named = {i for i in graph.gate_ids if graph.nodes[i].name in names}
    return named | ({graph.output} if graph.output_name in names else set())


def _find_activated(graph: Graph, roots: Collection[int]) -> set[int]:
    """Find the statements whose value only goes into another one that is a gate of this one operand: z in a = σ(z)."""
    found = set()
    for root in roots:
        targets = [wire.target for wire in graph.wires_from[root]]
        if len(targets) == 1 and targets[0] in roots and sum(1 for _ in graph.wires_into(targets[0])) == 1:
            found.add(root)
    return found - {graph.output}


def _collect_cells(graph: Graph, roots: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Collect the gates of each cell, by the gate that all of them are computed for; some gates belong to no cell."""
    home: dict[int, int] = {}
    cells: dict[int, list[int]] = {root: [] for root in sorted(roots)}
    for i in reversed(graph.gate_ids):
        users = {home[wire.target] for wire in graph.wires_from[i]}
        home[i] = i if i in roots else users.pop() if len(users) == 1 and i != graph.output else OPEN
        if home[i] != OPEN:
            cells[home[i]].append(i)
    return {root: tuple(reversed(cell)) for root, cell in cells.items()}


def _join_layers(graph: Graph, cells: dict[int, tuple[int, ...]]) -> list[Group]:
    """Make one group of all cells that have one pattern and stand at one depth."""
    patterns, depths = _number_patterns(graph, cells), _measure_depths(graph, cells)
    layers: dict[tuple[int, int], list[int]] = {}
    for root in cells:
        layers.setdefault((depths[root], patterns[root]), []).append(root)
    return [Group(tuple(layer), tuple(sorted(i for root in layer for i in cells[root]))) for layer in layers.values()]


def _number_patterns(graph: Graph, roots: Collection[int]) -> dict[int, int]:
    """Give the same number to gates that compute the same of whatever comes into their cells."""
    numbers: dict[tuple[object, ...], int] = {}
    patterns: dict[int, int] = {}
    for i in graph.gate_ids:
        node = graph.nodes[i]
        operands = tuple(OPEN if each in roots else patterns.get(each, OPEN) for each in node.operands)
        patterns[i] = numbers.setdefault((node.gate, operands), len(numbers))
    return patterns


def _measure_depths(graph: Graph, cells: dict[int, tuple[int, ...]]) -> dict[int, int]:
    """Measure the longest path from an input to each cell, in cells and in gates outside cells."""
    home = {i: root for root, cell in cells.items() for i in cell}
    depths: dict[int, int] = {}
    for i in graph.gate_ids:
        here = home.get(i, i)
        operands = [source for source in graph.nodes[i].operands if source in depths]
        before = [depths[source] + (home.get(source, source) != here) for source in operands]
        depths[i] = max(before, default=0)
    return {root: depths[root] for root in cells}


def _find_repeated(graph: Graph) -> set[int]:
    """Find the last gates of the largest expressions that a program writes several times."""
    patterns = _number_patterns(graph, ())
    counts = Counter(patterns.values())
    sizes: dict[int, int] = {}  # in gates, those that are used twice counted twice
    for i in graph.gate_ids:
        sizes[i] = 1 + sum(sizes.get(each, 0) for each in graph.nodes[i].operands)
    again = {i for i, pattern in patterns.items() if counts[pattern] > 1 and sizes[i] >= LEAST_REPEATED}
    return {i for i in again if not any(wire.target in again for wire in graph.wires_from[i])}
