"""The numbers of a page with vectors: grids, each under a key, whose entries the page's script reads from the scalars.

As on any page v3 and g3 are the value and the gradient of a node, and l5.0 and d5.0 are local gradients and what comes
down a wire; here nodes and wires are those of the vectors, and each of these is a grid. v3.2 is the third entry of v3
that is shown. An entry is a sum of numbers of the scalars, by their keys: several at a branch or where an operand was
repeated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from math import isfinite
from operator import add
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.errors import BpvizError
from bpviz.figure.diagram import ACROSS, DOWNWARDS
from bpviz.figure.grids import list_places
from bpviz.figure.lettering import width
from bpviz.formula.numerals import Rounding, number, write_entries
from bpviz.gates import Gate
from bpviz.graph import Graph, Wire
from bpviz.grouping import GroupedGraph
from bpviz.noise import clear_noise
from bpviz.pages.page_numbers import NOISE, list_points, name_downstream, name_gradient, name_local, name_value
from bpviz.pages.page_steps import list_derived
from bpviz.pages.sliders import Slider
from bpviz.vectors import Shape
from bpviz.vectors.vector_graph import MOVED

HOLE = "#"  # where an entry stands in a template

Terms = tuple[str, ...]  # keys of scalar numbers that add up


class PageGrid(NamedTuple):
    """A grid: its shape, of what each entry that is shown is the sum, and whether it is a vector that lies as a row."""

    key: str
    shape: Shape
    entries: tuple[Terms, ...]
    is_row: bool = False

    @property
    def keys(self) -> list[str]:
        """The keys of its entries."""
        return [f"{self.key}.{k}" for k in range(len(self.entries))]

    @property
    def places(self) -> list[int]:
        """Which entries are shown, counted row by row."""
        return [k for row in list_places(self.shape) for k in row if isinstance(k, int)]

    @property
    def rows(self) -> list[list[str]]:
        """The keys of its entries in rows, with dots for those that are left out."""
        keys = iter(self.keys)
        lying = (1, *self.shape) if self.is_row else self.shape
        return [[k if isinstance(k, str) else next(keys) for k in row] for row in list_places(lying)]

    @property
    def template(self) -> str:
        """How it reads in one line, with holes for the entries."""
        if not self.shape:
            return HOLE
        rows = [[k if isinstance(k, str) else HOLE for k in row] for row in list_places(self.shape)]
        lines = [ACROSS if row[0] == DOWNWARDS else ", ".join(row) for row in rows]
        if len(self.shape) == 1:
            return f"[{', '.join(lines)}]"
        return f"[{', '.join(line if line == ACROSS else f'[{line}]' for line in lines)}]"


@dataclass(frozen=True)
class PageGrids:
    """All grids of a page, of the graph of vector nodes."""

    graph: GroupedGraph
    rounding: Rounding

    @property
    def scalars(self) -> Graph:
        """The graph of the entries."""
        assert self.graph.scalars
        return self.graph.scalars

    @cached_property
    def by_key(self) -> Mapping[str, PageGrid]:
        """The grids by their keys."""
        found: dict[str, PageGrid] = {}
        for i in range(len(self.graph.nodes)):
            shape, entries = self.graph.grid.nodes[i].shape, self.graph.grid.nodes[i].entries
            is_row = i in self.graph.rows
            values = [(name_value(k),) for k in entries]
            found[name_value(i)] = show_grid(name_value(i), shape, values, is_row=is_row)
            found[name_gradient(i)] = show_grid(name_gradient(i), shape, self._gradients[i], is_row=is_row)
        for wire in self.list_wires():
            source, target = (self.graph.grid.nodes[i] for i in (wire.source, wire.target))
            key = name_downstream(wire)
            terms = self._list_terms(wire, self._gradients)
            found[key] = show_grid(key, source.shape, terms, is_row=wire.source in self.graph.rows)
            if isinstance(target.operation, Gate):
                local = [(name_local(Wire(0, use.target, use.slot)),) for use in target.uses[wire.slot]]
                found[name_local(wire)] = show_grid(name_local(wire), target.shape, local)
        return found

    def list_wires(self) -> Iterator[Wire]:
        """Yield the wires along which a gradient comes: a typed vector needs none."""
        for i in self.graph.gate_ids:
            yield from list_derived(self.graph, i)

    def list_branches(self) -> Iterator[tuple[int, list[Wire]]]:
        """Yield the nodes from which several wires leave, with these."""
        for i, wires in enumerate(self.graph.wires_from):
            if wires[1:] and self.graph.nodes[i].constant is None:
                yield i, [*wires]

    def write_texts(self, trace: Trace) -> dict[str, str]:
        """Write every entry as people read it, by its key; what is nothing but rounding error is 0."""
        return dict(self._write_entries(clear_noise(trace)))

    def find_longest(self, trace: Trace, sliders: Sequence[Slider]) -> dict[str, str]:
        """Find the longest text of every entry over the ranges, from a few hundred points of them."""
        longest = self.write_texts(trace)
        for point in list_points(trace.graph, trace.point, sliders):
            try:
                found = trace.graph.at(point)
            except BpvizError:  # outside a domain there are no numbers
                continue
            least = NOISE * max(map(abs, filter(isfinite, (*found.values, *found.gradients))))
            for key, text in self._write_entries(found, least):
                if len(text) >= len(longest[key]) and width(text, 1.0) > width(longest[key], 1.0):
                    longest[key] = text
        return longest

    def _write_entries(self, trace: Trace, least: float = 0.0) -> Iterator[tuple[str, str]]:
        for grid in self.by_key.values():
            numbers = [reduce(add, (read_scalar(trace, key) for key in terms), 0.0) for terms in grid.entries]
            numbers = [0.0 if abs(each) <= least else each for each in numbers]
            is_one = not grid.shape
            texts = [number(numbers[0], self.rounding)] if is_one else write_entries(numbers, self.rounding)
            yield from zip(grid.keys, texts, strict=True)

    @cached_property
    def _gradients(self) -> list[list[Terms]]:
        """Of what the gradient of every entry of every node is the sum: VectorNumbers in keys."""
        found: list[list[Terms]] = [[] for _ in self.graph.nodes]
        for i in range(len(self.graph.nodes) - 1, -1, -1):
            node = self.graph.grid.nodes[i]
            found[i] = [(name_gradient(entry),) for entry in node.entries]
            if node.moves and i != self.graph.output:
                parts = [self._list_terms(wire, found) for wire in self.graph.wires_from[i]]
                found[i] = [tuple(key for terms in each for key in terms) for each in zip(*parts, strict=True)]
        return found

    def _list_terms(self, wire: Wire, gradients: Sequence[Sequence[Terms]]) -> list[Terms]:
        source, target = (self.graph.grid.nodes[i] for i in (wire.source, wire.target))
        added: list[list[str]] = [[] for _ in source.entries]
        for entry, gate, slot in target.uses[wire.slot]:
            added[entry] += gradients[wire.target][gate] if slot == MOVED else (name_downstream(Wire(0, gate, slot)),)
        return [*map(tuple, added)]


def show_grid(key: str, shape: Shape, entries: Sequence[Terms], *, is_row: bool = False) -> PageGrid:
    """Make a grid of those entries that are shown."""
    grid = PageGrid(key, shape, (), is_row)
    return grid._replace(entries=tuple(entries[k] for k in grid.places))


def read_scalar(trace: Trace, key: str) -> float:
    """Read a number of the scalars by its key."""
    node, _, slot = key[1:].partition(".")
    if key[0] in "vg":
        return (trace.values if key[0] == "v" else trace.gradients)[int(node)]
    return (trace.local if key[0] == "l" else trace.downstream)[int(node)][int(slot)]
