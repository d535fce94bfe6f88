"""The board: which numbers of a figure are shown so far, which are new, and what is lit.

It knows the figure's strands and nothing of equations. Each method that shows something returns the stage to be drawn,
in which what it has just shown is new; on the next it is shown like all before it.
"""

from __future__ import annotations

from collections.abc import Collection

from bpviz.figure.sketch import GRADIENT, HIDDEN, NEW, SHOWN, STUB, TRUNK, VALUE, Sketch, Stage

Place = tuple[str, str]  # of a number: its strand's id, and its role


class Board:
    """All numbers of a sketch, hidden at first. It changes as a lecture goes on."""

    def __init__(self, said: Sketch) -> None:
        self.said = said
        self.states = {(strand.id, role): HIDDEN for strand in said.strands for role in (VALUE, GRADIENT)}

    def blank(self) -> Stage:
        """Hide every number, as at the beginning."""
        self.states = dict.fromkeys(self.states, HIDDEN)
        return self._stage(())

    def show_values(self, nodes: Collection[int], lit: int | None = None) -> Stage:
        """Show the values of some nodes on every wire that carries them."""
        wanted = frozenset(nodes)
        return self._show([(strand.id, VALUE) for strand in self.said.strands if strand.node in wanted], lit)

    def show_seed(self) -> Stage:
        """Show the gradient 1 that comes in at the output."""
        stub = next(strand for strand in self.said.strands if strand.kind == STUB)
        return self._show([(stub.id, GRADIENT)], stub.node)

    def show_step(self, node: int, sums: Collection[int] = ()) -> Stage:
        """Show the gradients on the wires into a gate, and on the trunks of the branches that it completes."""
        into = [(strand.id, GRADIENT) for strand in self.said.strands if strand.wire and strand.wire.target == node]
        return self._show([*into, *self._trunks(sums)], node)

    def show_sum(self, node: int) -> Stage:
        """Show the gradient on the trunk of a branch."""
        return self._show(self._trunks([node]), node)

    def show_all(self, *roles: str) -> Stage:
        """Show every value, every gradient or both, none of them as new."""
        for place in self.states:
            if place[1] in roles:
                self.states[place] = SHOWN
        return self._show((), None)

    def _trunks(self, nodes: Collection[int]) -> list[Place]:
        return [(strand.id, GRADIENT) for strand in self.said.strands if strand.kind == TRUNK and strand.node in nodes]

    def _show(self, places: Collection[Place], lit: int | None) -> Stage:
        self.states = {place: SHOWN if state != HIDDEN else HIDDEN for place, state in self.states.items()}
        self.states.update((place, NEW) for place in places if self.states[place] == HIDDEN)
        return self._stage(() if lit is None else (lit,))

    def _stage(self, lit: Collection[int]) -> Stage:
        return Stage(dict(self.states), tuple(spot.id for spot in self.said.spots if spot.node in lit))
