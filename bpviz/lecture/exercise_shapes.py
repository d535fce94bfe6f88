"""Random expressions as text: a tree grown gate by gate from the output, its leaves named so that some branch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple, TypeVar

from bpviz.gates import Gate, listed

LEAF = -1
NAMES = ("x", "y", "z", "w", "u", "v")
SHARED_NAME = "q"
PARAMETERS = ("2", "3")  # 2^x and x^3
HOLE = re.compile(r"<(\d+)>")
KEYBOARD = str.maketrans({"×": "*", "−": "-", "²": "^2"})
SUM, SIGN, PRODUCT, POWER, ATOM = range(5)  # how tightly a piece of an expression holds together
# By how a gate is written, how tightly it holds and how tightly its operands must, to stand without brackets.
BINDINGS = {
    "{} + {}": (SUM, (SUM, PRODUCT)),
    "{} - {}": (SUM, (SUM, PRODUCT)),
    "{} * {}": (PRODUCT, (PRODUCT, POWER)),
    "{} / {}": (PRODUCT, (PRODUCT, POWER)),
    "1/{}": (SIGN, (POWER,)),
    "-{}": (SIGN, (POWER,)),
    "{}^2": (POWER, (ATOM,)),
    "{}^{}": (POWER, (ATOM, ATOM)),
}
Piece = tuple[str, int]
T = TypeVar("T")


@dataclass
class Shape:
    """A tree of gates: the operands of each, which are gates that stand behind it, or leaves. Gate 0 is the output."""

    gates: list[Gate] = field(default_factory=list)
    operands: list[list[int]] = field(default_factory=list)

    def leaves(self) -> list[tuple[int, int]]:
        """Return every leaf as the gate and the slot that it is in."""
        slots = [(gate, slot) for gate, operands in enumerate(self.operands) for slot in range(len(operands))]
        return [(gate, slot) for gate, slot in slots if self.operands[gate][slot] == LEAF]


class Place(NamedTuple):
    """Where a gate may be put: a slot of a gate, and how deep that is."""

    gate: int
    slot: int
    depth: int


class Shared(NamedTuple):
    """A gate whose value branches, and the leaf that is its second use."""

    gate: int
    leaf: tuple[int, int]


def slots(gate: Gate) -> int:
    """Return how many operands of a gate are no constants; one that takes any number gets the fewest."""
    return gate.arity[0] - (gate.parameter is not None)


def cost(gate: Gate) -> int:
    """Return how many gates one becomes as a lecturer takes it: a/b is a × 1/b."""
    return 2 if gate.splits_at == "lecture" else 1


def grow(random: Random, gates: Sequence[Gate], size: int, deepening: float) -> Shape | None:
    """Return a tree of gates that cost size; deepening is the chance that one is put where the tree is deepest.

    Nothing where the costs do not add up, nothing joins, or a gate of one operand follows itself: relu(relu(x)).
    """
    kinds = _kinds(random, gates, size)
    if not kinds or slots(kinds[0]) < 2:
        return None
    shape, places = Shape(), [Place(LEAF, 0, 0)]
    for number, gate in enumerate(kinds):
        place = _pick(random, places, deepening)
        places.remove(place)
        if place.gate != LEAF:
            if slots(gate) == 1 and shape.gates[place.gate] is gate:
                return None
            shape.operands[place.gate][place.slot] = number
        places += [Place(number, slot, place.depth + 1) for slot in range(slots(gate))]
        shape.gates.append(gate)
        shape.operands.append([LEAF] * slots(gate))
    return shape


def _kinds(random: Random, gates: Sequence[Gate], size: int) -> list[Gate]:
    """Return gates that cost size, every kind once before any comes again, one that joins first."""
    kinds: list[Gate] = []
    left = size
    while left:
        fitting = [gate for gate in _shuffled(random, gates) if cost(gate) <= left]
        if not fitting:
            return []
        for gate in fitting:
            if cost(gate) <= left:
                kinds.append(gate)
                left -= cost(gate)
    kinds = _shuffled(random, kinds)
    joining = next((i for i, gate in enumerate(kinds) if slots(gate) > 1), 0)
    return [kinds.pop(joining), *kinds]


def _pick(random: Random, places: Sequence[Place], deepening: float) -> Place:
    depths = [place.depth for place in places]
    wanted = max(depths) if random.random() < deepening else min(depths)
    return _one_of(random, [place for place in places if place.depth == wanted])


def write(random: Random, shape: Shape, most_inputs: int, *, gate_branches: bool) -> str:
    """Return a shape as a program in which an input branches, or with gate_branches the value of a gate.

    Nothing where that is not possible, or a gate would have one operand twice: x + x.
    """
    shared = _shared(random, shape) if gate_branches else None
    if gate_branches and not shared:
        return ""
    leaves = [leaf for leaf in shape.leaves() if not shared or leaf != shared.leaf]
    count = max(1, min(most_inputs, len(NAMES), len(leaves) - (shared is None)))
    inputs = dict(zip(leaves, _shuffled(random, [i % count for i in range(len(leaves))]), strict=True))
    pieces: dict[int, Piece] = {}
    line = ""
    for gate in reversed(range(len(shape.gates))):
        operands = [
            pieces[operand] if operand != LEAF else _leaf(inputs.get((gate, slot)))
            for slot, operand in enumerate(shape.operands[gate])
        ]
        if len(set(operands)) < len(operands) and len(shape.gates) > 2:
            return ""
        pieces[gate] = _written(shape.gates[gate], operands)
        if shared and gate == shared.gate:
            line, pieces[gate] = f"{SHARED_NAME} = {pieces[gate][0]}\n", _leaf(None)
    return _named(f"{line}f = {pieces[0][0]}\n")


def _leaf(number: int | None) -> Piece:
    return (SHARED_NAME if number is None else f"<{number}>"), ATOM


def _shared(random: Random, shape: Shape) -> Shared | None:
    """Return a gate and a leaf that may be its value too, which is not a part of it."""
    parents = {operand: gate for gate, operands in enumerate(shape.operands) for operand in operands}
    pairs = []
    for leaf in shape.leaves():
        above = [leaf[0]]
        while above[-1] in parents:
            above.append(parents[above[-1]])
        pairs += [Shared(gate, leaf) for gate in range(len(shape.gates)) if gate not in above]
    return _one_of(random, pairs) if pairs else None


def _written(gate: Gate, operands: Sequence[Piece]) -> Piece:
    """Return a gate with its operands put in, as one types it, and how tightly it holds together."""
    given = list(operands)
    if gate.parameter is not None:
        given.insert(gate.parameter, (PARAMETERS[gate.parameter], ATOM))
    template = gate.written.translate(KEYBOARD)
    if template not in BINDINGS:
        return f"{gate.name}({listed(gate, [text for text, _ in given])})", ATOM
    binding, least = BINDINGS[template]
    parts = [text if held >= needed else f"({text})" for (text, held), needed in zip(given, least, strict=True)]
    return template.format(*parts), binding


def _named(text: str) -> str:
    """Return a program with its inputs called x, y, z as they come."""
    names: dict[str, str] = {}
    for number in HOLE.findall(text):
        names.setdefault(number, NAMES[len(names)])
    return HOLE.sub(lambda hole: names[hole[1]], text)


def _one_of(random: Random, choices: Sequence[T]) -> T:
    return choices[int(random.random() * len(choices))]


def _shuffled(random: Random, items: Sequence[T]) -> list[T]:
    """Return items in an order by chance that every version of Python agrees on."""
    return sorted(items, key=lambda _: random.random())
