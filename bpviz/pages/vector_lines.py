"""The lines of the derivation on a page with vectors: their results are places for numbers, which the script fills.

Each line has the key of its result. Of a line's numbers those that are entries of the page's grids have places as well;
where some are not, as in softmax's rule, the script leaves the numbers out as soon as an input moves.

    <tr data-line=d5.0 data-keep=2>    of its formulas two stay wherever the inputs are; the last is the result
    <mn data-e=d5.0.1>                 an entry
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bpviz.autodiff import Trace
from bpviz.formula.printing import TEXT, choose_sign, drop_marks, show
from bpviz.formula.tree import GRIDS, Atom, Formula, Term
from bpviz.graph import Wire
from bpviz.lecture.derivation_pages import DerivationPages
from bpviz.noise import clear_noise
from bpviz.pages.page_grids import PageGrids
from bpviz.pages.page_lines import list_lines, mark_passes
from bpviz.pages.page_numbers import name_downstream, name_gradient, name_local, name_value
from bpviz.pages.page_steps import SEED, list_steps
from bpviz.text.derivation import Derivation, DerivationScope, Equation, drop_repetitions
from bpviz.text.deriving import derive
from bpviz.text.equations_html import write_sides
from bpviz.text.grid_formulas import make_numbers
from bpviz.text.vector_derivation import VectorNumberDeriver
from bpviz.vectors import VectorNumbers, VectorWire

FIRST_PLACE = 900_000_000_001  # a numeral that stands for an entry; no formula has it
PLACE = re.compile(r"<mn>(9\d{11})</mn>")


class KeyedNumber(float):
    """An entry of a grid that knows which one it is."""

    key: str


@dataclass(frozen=True, repr=False)
class KeyedNumbers(VectorNumbers):
    """The numbers of the vector nodes, of which each that the page shows knows its key."""

    grids: PageGrids

    def value(self, node: int) -> list[float]:
        """Return the value of every entry of a node."""
        return add_keys(self.grids, name_value(node), super().value(node))

    def gradient(self, node: int) -> list[float]:
        """Return the gradient of every entry of a node."""
        return add_keys(self.grids, name_gradient(node), super().gradient(node))

    def contribution(self, wire: VectorWire) -> list[float]:
        """Return what one wire adds to every entry of its source."""
        return add_keys(self.grids, name_downstream(Wire(*wire)), super().contribution(wire))


@dataclass(frozen=True)
class KeyedDeriver(VectorNumberDeriver):
    """Makes the lines of a derivation of numbers that know their keys."""

    grids: PageGrids

    @cached_property
    def numbers(self) -> VectorNumbers:
        """The numbers of the vector nodes."""
        trace = self.trace
        return KeyedNumbers(self.graph.grid, trace.values, trace.gradients, trace.downstream, self.grids)

    def put_local(self, wire: Wire) -> Formula:
        """Write the numbers of a gate's local gradient."""
        target = self.get_node(wire.target)
        slopes = [self.trace.local[gate][slot] for _, gate, slot in target.uses[wire.slot]]
        keyed = add_keys(self.grids, name_local(wire), slopes)
        return make_numbers(keyed, () if self.is_number(wire) else target.shape, self.rounding)


def add_keys(grids: PageGrids, key: str, numbers: Sequence[float]) -> list[float]:
    """Give the entries of a grid that are shown their keys."""
    if key not in grids.by_key:
        return [*numbers]
    keyed: list[float] = [*numbers]
    for place, entry in zip(grids.by_key[key].places, grids.by_key[key].keys, strict=True):
        number = KeyedNumber(numbers[place])
        number.key = entry
        keyed[place] = number
    return keyed


def derive_keyed(trace: Trace, grids: PageGrids) -> Derivation:
    """Derive a trace with numbers that know their keys."""
    deriver = KeyedDeriver(grids.graph, grids.rounding, DerivationScope(), clear_noise(trace), grids)
    return drop_repetitions(deriver.compose(trace.graph, None))


def write_vector_derivation(pages: DerivationPages, grids: PageGrids, texts: Mapping[str, str]) -> str:
    """Write the derivation, each of its lines with the key of its result and with places for its numbers."""
    entries: list[str] = []
    keys = iter(list_keys(grids))
    tags: list[str] = []

    def place(line: Any) -> Any:
        if not isinstance(line, Equation):
            return line
        key = next(keys)
        if key == SEED:
            tags.append(f"<tr data-line={key}>")
            return line
        numbers = line.numbers
        kept = len(write_sides(line._replace(numbers=None, result=None), "")) - 1
        if numbers and is_placed(numbers, line.symbols):
            numbers = put_places(numbers, entries)
            kept = len(write_sides(line, "")) - 2
        tags.append(f"<tr data-line={key} data-keep={kept}>")
        return line._replace(numbers=numbers, result=line.result and put_places(line.result, entries))

    forward = tuple(step._replace(lines=tuple(map(place, step.lines))) for step in pages.derivation.forward)
    backward = tuple(step._replace(lines=tuple(map(place, step.lines))) for step in pages.derivation.backward)
    placed = pages._replace(derivation=pages.derivation._replace(forward=forward, backward=backward))
    known = {*list_lines(derive(grids.scalars, grids.rounding))}
    html = mark_passes(placed, tags, known)

    def write_place(found: re.Match[str]) -> str:
        entry = entries[int(found[1]) - FIRST_PLACE]
        return f"<mn data-e={entry}>{texts[entry]}</mn>"

    return PLACE.sub(write_place, html)


def list_keys(grids: PageGrids) -> list[str]:
    """List the keys of all lines."""
    return [key for step in list_steps(grids.graph) for key in step.lines]


def write_rules(derivation: Derivation, grids: PageGrids) -> dict[str, str]:
    """Write the rule of each line of the chain rule in one line, by its key: "∂f/∂q · xᵀ"."""
    equations = [line for line in list_lines(derivation) if isinstance(line, Equation)]
    return {
        key: f"{choose_sign(line.symbols)} {show(drop_marks(line.symbols), TEXT)}"
        for key, line in zip(list_keys(grids), equations, strict=True)
        if key[0] == "d" and line.symbols
    }


def is_placed(numbers: Formula, symbols: Formula | None) -> bool:
    """Say whether the numbers of a line are entries of grids, or stand in its symbols as they are."""
    typed = {atom.text for atom in _list_atoms(symbols)} if symbols else set()

    def is_known(formula: Formula, *, in_grid: bool) -> bool:
        if isinstance(formula, Term):
            return all(is_known(part, in_grid=in_grid or formula.head in GRIDS) for part in formula.parts)
        is_keyed = isinstance(formula.value, KeyedNumber)
        return is_keyed if in_grid else not is_keyed and (formula.text in typed or formula.value is None)

    return is_known(numbers, in_grid=False)


def put_places(formula: Formula, entries: list[str]) -> Formula:
    """Put numerals that stand for entries in the place of their numbers, and list their keys."""
    if isinstance(formula, Term):
        return Term(formula.head, tuple(put_places(part, entries) for part in formula.parts))
    if not isinstance(formula.value, KeyedNumber):
        return formula
    entries.append(formula.value.key)
    return Atom(str(FIRST_PLACE + len(entries) - 1), 1.0)


def _list_atoms(formula: Formula) -> Iterator[Atom]:
    if isinstance(formula, Atom):
        yield formula
    else:
        for part in formula.parts:
            yield from _list_atoms(part)
