"""Which gates a figure closes into one box: the gates of a statement, and statements that are alike side by side.

A cell is a gate and everything that is computed for it alone: the gates of a named statement, or, in a program that is
one expression, those of an expression that it writes several times. A layer is all cells of one shape that
stand at one depth, such as the units of a network's layer. Every way out of a cell is by its last gate, and no way
leads from one cell to another of its depth, so no way leaves a box and comes back: what is folded is a graph again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

from bpviz.errors import UsageError
from bpviz.graph import Graph
from bpviz.sources import statements

ALL = True
OPEN = -1  # the cell of a gate that is drawn
LEAST_REPEATED = 2  # gates of a repeated expression that are worth a box
ASSIGNED = re.compile(r"\s*([^=<>!]+?)\s*=(?!=)")
DECORATION = re.compile(r"[{}\\\s]")  # of a name in LaTeX


class Group(NamedTuple):
    """Gates that are drawn as one box: the last gates of its cells, and all gates, in step order."""

    roots: tuple[int, ...]
    members: tuple[int, ...]


def groups(graph: Graph, fold: bool | str | Collection[str] = ALL, depth: int | None = None) -> tuple[Group, ...]:
    """Return the boxes of a folded figure, in step order.

    fold is True for layers and statements, or names the statements that are closed. depth is how many levels are
    opened again: with 1 each statement is a box of its own, with 2 nothing is closed. Raises UsageError for a name
    that is none, and where a program has nothing to close.
    """
    if depth is not None and depth < 0:
        raise UsageError(f"no box opens {depth} levels deep", hint="give 0 for layers, 1 for statements, 2 for gates")
    if isinstance(fold, bool):
        return _everything(graph, depth or 0)
    if depth is not None:
        raise UsageError("depth is for a figure in which everything is folded", hint="leave the names, or depth, out")
    return _named(graph, [fold] if isinstance(fold, str) else fold)


def _everything(graph: Graph, depth: int) -> tuple[Group, ...]:
    if depth > 1:
        return ()
    named = _statements(graph)
    if named <= {graph.output}:  # one expression: what is written again and again in it has no name
        named = _repeated(graph)
    cells = _cells(graph, named)
    boxes = _layers(graph, cells) if depth == 0 else [Group((root,), cell) for root, cell in cells.items()]
    found = tuple(box for box in boxes if len(box.members) > 1)
    if not found:
        hint = "name its parts, such as h1 = tanh(w*x + b), to have each of them closed"
        raise UsageError("nothing in this program can be folded", hint=hint)
    return tuple(sorted(found, key=lambda box: box.members[-1]))


def _named(graph: Graph, names: Iterable[str]) -> tuple[Group, ...]:
    named = _statements(graph)
    cells = _cells(graph, named)
    roots = sorted({_statement(graph, name, named) for name in names})
    return tuple(Group((root,), cells[root]) for root in roots)


def _statement(graph: Graph, name: str, named: Collection[int]) -> int:
    root = graph.find(name)
    if root in named:
        return root
    known = ", ".join(graph.nodes[i].name for i in sorted(named)[:20]) or "none"
    raise UsageError(f"{name} is no statement that could be folded", hint=f"the statements are {known}")


def _statements(graph: Graph) -> set[int]:
    """Return the gates to which the program gives a name, and the output."""
    found = (ASSIGNED.match(each) for each in statements(graph.source))
    names = {DECORATION.sub("", each[1]) for each in found if each}
    named = {i for i in graph.gate_ids if graph.nodes[i].name in names}
    return named | ({graph.output} if graph.output_name in names else set())


def _cells(graph: Graph, roots: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Return the gates of each cell, by the gate that all of them are computed for; some gates belong to none."""
    home: dict[int, int] = {}
    cells: dict[int, list[int]] = {root: [] for root in sorted(roots)}
    for i in reversed(graph.gate_ids):
        users = {home[wire.target] for wire in graph.wires_from[i]}
        home[i] = i if i in roots else users.pop() if len(users) == 1 and i != graph.output else OPEN
        if home[i] != OPEN:
            cells[home[i]].append(i)
    return {root: tuple(reversed(cell)) for root, cell in cells.items()}


def _layers(graph: Graph, cells: dict[int, tuple[int, ...]]) -> list[Group]:
    """Return the cells, those of one shape at one depth as one."""
    shapes, depths = _shapes(graph, cells), _depths(graph, cells)
    layers: dict[tuple[int, int], list[int]] = {}
    for root in cells:
        layers.setdefault((depths[root], shapes[root]), []).append(root)
    return [Group(tuple(layer), tuple(sorted(i for root in layer for i in cells[root]))) for layer in layers.values()]


def _shapes(graph: Graph, roots: Collection[int]) -> dict[int, int]:
    """Return a number for each gate, the same for gates that do the same with whatever comes into their cells."""
    numbers: dict[tuple[object, ...], int] = {}
    shapes: dict[int, int] = {}
    for i in graph.gate_ids:
        node = graph.nodes[i]
        operands = tuple(OPEN if each in roots else shapes.get(each, OPEN) for each in node.operands)
        shapes[i] = numbers.setdefault((node.gate, operands), len(numbers))
    return shapes


def _depths(graph: Graph, cells: dict[int, tuple[int, ...]]) -> dict[int, int]:
    """Return how many cells, or gates that are in none, stand at most before each cell on the way from an input."""
    home = {i: root for root, cell in cells.items() for i in cell}
    depths: dict[int, int] = {}
    for i in graph.gate_ids:
        here = home.get(i, i)
        operands = [source for source in graph.nodes[i].operands if source in depths]
        before = [depths[source] + (home.get(source, source) != here) for source in operands]
        depths[i] = max(before, default=0)
    return {root: depths[root] for root in cells}


def _repeated(graph: Graph) -> set[int]:
    """Return the last gates of expressions that a program writes several times, the largest ones."""
    shapes, sizes = _shapes(graph, ()), _sizes(graph)
    counts = Counter(shapes.values())
    again = {i for i, shape in shapes.items() if counts[shape] > 1 and sizes[i] >= LEAST_REPEATED}
    return {i for i in again if not any(wire.target in again for wire in graph.wires_from[i])}


def _sizes(graph: Graph) -> dict[int, int]:
    """Return how many gates each gate's expression is written with."""
    sizes: dict[int, int] = {}
    for i in graph.gate_ids:
        sizes[i] = 1 + sum(sizes.get(each, 0) for each in graph.nodes[i].operands)
    return sizes
