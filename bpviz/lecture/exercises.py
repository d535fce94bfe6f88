"""New expressions to practise on: random gates, a value that branches, short numbers, and no gradient that is 0.

An exercise is found by trial. `grow_tree` draws a tree of gates, `write_tree` names its leaves so that some value
branches, and `find_variants` looks for short numbers; an expression that has none is dropped and the next one is drawn.
The seed decides everything, so equal seeds give equal exercises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from bpviz.autodiff import Trace, describe_point
from bpviz.errors import UsageError
from bpviz.gates import Gate, list_operands
from bpviz.lang import parse
from bpviz.lecture.short_numbers import GRIDS, Grid, keep_positive
from bpviz.lecture.variants import draw_one, find_variants, shuffle
from bpviz.vectors import find_scalar_gate

MOST_SHAPES = 100  # that are tried before the search is given up
MOST_GATES_COMPUTED = 2_000  # in the search for the numbers of one expression
MOST_GATES_JUDGED = 100_000  # of points that are tried and refused before the search is given up: about a second
JUDGING_COST = 3  # gates that judging a point costs besides its own
MOST_GATES = 30  # of an exercise
LEAF = -1
INPUT_NAMES = ("x", "y", "z", "w", "u", "v")
SHARED_NAME = "q"
PARAMETERS = ("2", "3")  # the constants of 2^x and x^3
INPUT = re.compile(r"<(\d+)>")  # an input whose name is not yet chosen
KEYBOARD = str.maketrans({"×": "*", "−": "-", "²": "^2", "≥": ">=", "≤": "<=", "=": "==", "≠": "!="})
SUM, SIGN, PRODUCT, POWER, ATOM = range(5)  # how tightly a piece of an expression holds together
# For each way to write a gate: how tightly it holds, and how tightly an operand must hold to need no brackets.
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
Leaf = tuple[int, int]  # the gate that a leaf belongs to, and the slot that it is in
Piece = tuple[str, int]  # a part of an expression, and how tightly it holds together


class Difficulty(NamedTuple):
    """How hard an exercise is.

    deepening is the chance that a gate is put where the tree is deepest, and grids are the numbers to choose from.
    With gate_branches the value of a gate branches, without it that of an input.
    """

    most_inputs: int
    deepening: float
    gate_branches: bool
    grids: tuple[Grid, ...]


SMALL_POSITIVE = tuple(map(keep_positive, GRIDS[:2]))
LEVELS = {
    "easy": Difficulty(most_inputs=4, deepening=0.0, gate_branches=False, grids=SMALL_POSITIVE),
    "medium": Difficulty(most_inputs=3, deepening=0.5, gate_branches=False, grids=GRIDS[:2]),
    "hard": Difficulty(most_inputs=3, deepening=0.85, gate_branches=True, grids=(GRIDS[3], *GRIDS[1:3])),
}


class Exercise(NamedTuple):
    """A new expression: its program, which gives every input a value, and the trace of that program."""

    program: str
    trace: Trace

    def __repr__(self) -> str:
        return f"<Exercise {describe_point(self.trace.graph, self.trace)}>"


def exercise(*, gates: str = "add,mul,max", size: int = 5, seed: int = 1, level: str = "medium") -> Exercise:
    """Make up an expression with size gates of the given kinds; every kind occurs in it if there is room.

    gates is a list of names with commas between: names, aliases, symbols or beginnings of names. level is easy (up to
    four inputs, a shallow expression, whole numbers above 0), medium (up to three inputs, deeper, negative numbers
    too) or hard (a long chain in which the value of a gate branches, halves). Raises UsageError for an option that is
    wrong, and where no such exercise was found.

    >>> exercise(gates="add,mul", size=3, seed=7, level="easy")
    <Exercise f = 12 at x = 2, y = 1, z = 3>
    >>> print(_.program, end="")
    x = 2
    y = 1
    z = 3
    f = (x + y) * (y + z)
    """
    words = gates.replace(",", " ").split()
    if not words:
        raise UsageError("no gates are named", hint="write their names with commas between: add,mul,max")
    other = "choose gates of numbers, such as add,mul,max"
    kinds = list(dict.fromkeys(find_scalar_gate(word, "an exercise", other) for word in words))
    kind_names = ", ".join(gate.name for gate in kinds)
    if level not in LEVELS:
        raise UsageError(f"no level is called {level}", hint=f"choose one of {', '.join(LEVELS)}")
    if not 1 <= size <= MOST_GATES:
        raise UsageError(f"an exercise cannot have {size} gates", hint=f"choose 1 to {MOST_GATES}")
    if all(count_slots(gate) < 2 for gate in kinds):
        raise UsageError(
            f"branches never join again in {kind_names} alone", hint="add a gate of two operands: add or mul"
        )
    random, difficulty, judged = Random(seed), LEVELS[level], 0

    def accept(trace: Trace) -> bool:
        nonlocal judged
        judged += size + JUDGING_COST
        return is_instructive(trace)

    tried = 0
    while tried < MOST_SHAPES and judged < MOST_GATES_JUDGED:
        tried += 1
        shape = grow_tree(random, kinds, size, difficulty.deepening)
        text = write_tree(random, shape, difficulty) if shape else ""
        program = _choose_numbers(text, size, random, difficulty, accept) if text else ""
        if program:
            return Exercise(program, parse(program).at())
    raise UsageError(
        f"{tried} expressions of {size} gates ({kind_names}) gave no {level} exercise with short numbers",
        hint="allow more kinds of gates, another size, another level or another seed",
    )


def _choose_numbers(
    text: str, size: int, random: Random, difficulty: Difficulty, accept: Callable[[Trace], bool]
) -> str:
    """Write a program with short numbers for its inputs; return "" where there are none that accept takes."""
    graph = parse(text)
    if len(graph.gate_ids) != size:
        return ""
    found = find_variants(
        graph,
        1,
        int(random.random() * 2**32),
        grids=difficulty.grids,
        accept=accept,
        only_lively=True,
        budget=MOST_GATES_COMPUTED,
    )
    if not found.traces:
        return ""
    values = found.traces[0].values
    return "".join([*(f"{graph.nodes[i].name} = {values[i]:g}\n" for i in graph.inputs), text])


def is_instructive(trace: Trace) -> bool:
    """Check that no value's gradient is 0 and that no two inputs are equal."""
    graph = trace.graph
    inputs = [trace.values[i] for i in graph.inputs]
    return all(trace.gradients[i] for i in (*graph.inputs, *graph.gate_ids)) and len(set(inputs)) == len(inputs)


# -- a random tree of gates --------------------------------------------------------------------------------------------


@dataclass
class ExpressionShape:
    """A tree of gates. Gate 0 is the output; the operands of each gate are later gates, or LEAF."""

    gates: list[Gate] = field(default_factory=list)
    operands: list[list[int]] = field(default_factory=list)

    def list_leaves(self) -> list[Leaf]:
        """List every leaf, gate by gate."""
        slots = [(gate, slot) for gate, operands in enumerate(self.operands) for slot in range(len(operands))]
        return [(gate, slot) for gate, slot in slots if self.operands[gate][slot] == LEAF]


class OpenSlot(NamedTuple):
    """A slot of a gate that is still empty, and how deep in the tree it is."""

    gate: int
    slot: int
    depth: int


def count_slots(gate: Gate) -> int:
    """Count the operands of a gate that are no constants; of a gate that takes any number of them, the fewest."""
    return gate.arity[0] - (gate.parameter is not None)


def count_gates(gate: Gate) -> int:
    """Count the gates that a gate becomes with --gates lecture: two for a/b, which is a × 1/b."""
    return 2 if gate.parts.splits_at == "lecture" else 1


def grow_tree(random: Random, gates: Sequence[Gate], size: int, deepening: float) -> ExpressionShape | None:
    """Draw a tree of `size` gates; `deepening` is the chance that a gate is put where the tree is deepest.

    Returns None where the sizes of the gates do not add up, where no gate joins two values, and where a gate of one
    operand would follow itself, as in relu(relu(x)).
    """
    kinds = _draw_kinds(random, gates, size)
    if not kinds or count_slots(kinds[0]) < 2:
        return None
    shape, open_slots = ExpressionShape(), [OpenSlot(LEAF, 0, 0)]
    for number, gate in enumerate(kinds):
        depths = [each.depth for each in open_slots]
        depth = max(depths) if random.random() < deepening else min(depths)
        chosen = draw_one(random, [each for each in open_slots if each.depth == depth])
        open_slots.remove(chosen)
        if chosen.gate != LEAF:
            if count_slots(gate) == 1 and shape.gates[chosen.gate] is gate:
                return None
            shape.operands[chosen.gate][chosen.slot] = number
        open_slots += [OpenSlot(number, slot, chosen.depth + 1) for slot in range(count_slots(gate))]
        shape.gates.append(gate)
        shape.operands.append([LEAF] * count_slots(gate))
    return shape


def _draw_kinds(random: Random, gates: Sequence[Gate], size: int) -> list[Gate]:
    """Draw gates that make up `size`, every kind once before any comes again; the first one joins two values."""
    kinds: list[Gate] = []
    left = size
    while left:
        fitting = [gate for gate in shuffle(random, gates) if count_gates(gate) <= left]
        if not fitting:
            return []
        for gate in fitting:
            if count_gates(gate) <= left:
                kinds.append(gate)
                left -= count_gates(gate)
    kinds = shuffle(random, kinds)
    joining = next((i for i, gate in enumerate(kinds) if count_slots(gate) > 1), 0)
    return [kinds.pop(joining), *kinds]


# -- the tree as text --------------------------------------------------------------------------------------------------


def write_tree(random: Random, shape: ExpressionShape, difficulty: Difficulty) -> str:
    """Write a tree as a program in which an input branches or, where the difficulty says so, the value of a gate.

    Returns "" where that is not possible, and where a gate would have the same operand twice, as in x + x.
    """
    shared, second_use = _choose_shared(random, shape) if difficulty.gate_branches else (None, None)
    if difficulty.gate_branches and shared is None:
        return ""
    leaves = [leaf for leaf in shape.list_leaves() if leaf != second_use]
    count = max(1, min(difficulty.most_inputs, len(INPUT_NAMES), len(leaves) - (shared is None)))
    inputs = dict(zip(leaves, shuffle(random, [i % count for i in range(len(leaves))]), strict=True))
    pieces: dict[int, Piece] = {}
    first_line = ""
    for gate in reversed(range(len(shape.gates))):
        operands = [
            pieces[operand] if operand != LEAF else _write_leaf(inputs.get((gate, slot)))
            for slot, operand in enumerate(shape.operands[gate])
        ]
        if len(set(operands)) < len(operands) and len(shape.gates) > 2:
            return ""
        pieces[gate] = write_gate(shape.gates[gate], operands)
        if gate == shared:
            first_line, pieces[gate] = f"{SHARED_NAME} = {pieces[gate][0]}\n", _write_leaf(None)
    text = f"{first_line}f = {pieces[0][0]}\n"
    numbers = list(dict.fromkeys(INPUT.findall(text)))  # the first input of the text is x, the next one y
    return INPUT.sub(lambda found: INPUT_NAMES[numbers.index(found[1])], text)


def _write_leaf(number: int | None) -> Piece:
    return (SHARED_NAME if number is None else f"<{number}>"), ATOM


def _choose_shared(random: Random, shape: ExpressionShape) -> tuple[int | None, Leaf | None]:
    """Choose a gate whose value branches and a leaf, not below that gate, that uses the value a second time."""
    parents = {operand: gate for gate, operands in enumerate(shape.operands) for operand in operands}
    pairs = []
    for leaf in shape.list_leaves():
        above = [leaf[0]]
        while above[-1] in parents:
            above.append(parents[above[-1]])
        pairs += [(gate, leaf) for gate in range(len(shape.gates)) if gate not in above]
    return draw_one(random, pairs) if pairs else (None, None)


def write_gate(gate: Gate, operands: Sequence[Piece]) -> Piece:
    """Write a gate with its operands, as one types it.

    >>> from bpviz.gates import GATES
    >>> write_gate(GATES["multiply"], [("x", ATOM), ("y + z", SUM)])
    ('x * (y + z)', 2)
    """
    given = list(operands)
    if gate.parameter is not None:
        given.insert(gate.parameter, (PARAMETERS[gate.parameter], ATOM))
    template = gate.written.translate(KEYBOARD)
    if gate.syntax.comparison:
        return template.format(*(text for text, _ in given)), ATOM
    if template not in BINDINGS:
        return f"{gate.name}({list_operands(gate, [text for text, _ in given])})", ATOM
    binding, needed = BINDINGS[template]
    parts = [text if held >= least else f"({text})" for (text, held), least in zip(given, needed, strict=True)]
    return template.format(*parts), binding
