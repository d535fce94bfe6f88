"""New expressions to practise on: random ones of given gates, with a branch, short numbers and no dead ends.

A shape with names that branch is drawn by chance, then its numbers are searched for; one without good numbers is
dropped for the next. Everything follows from the seed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.errors import UsageError
from bpviz.gates import Gate, gate_called
from bpviz.lang import parse
from bpviz.lecture.exercise_shapes import grow, slots, write
from bpviz.lecture.short_numbers import GRIDS, Grid, positive
from bpviz.lecture.variants import variants

SHAPES = 100  # that are tried before the search is given up
BUDGET = 2_000  # gates that may be computed for one shape and grid
MOST_JUDGED = 100_000  # gates of points that are tried and refused before the search is given up: about a second
A_POINT = 3  # gates that the judging of a point costs besides its own
LARGEST = 30  # gates


class Level(NamedTuple):
    """How hard: in words, how many inputs at most, how likely to be deep, whether a gate branches, which numbers."""

    says: str
    inputs: int
    deepening: float
    gate_branches: bool
    grids: tuple[Grid, ...]


LEVELS = {
    "easy": Level(
        "up to four inputs, shallow, whole numbers above 0", 4, 0.0, False, (positive(GRIDS[0]), positive(GRIDS[1]))
    ),
    "medium": Level("up to three inputs, deeper, negative numbers too", 3, 0.5, False, GRIDS[:2]),
    "hard": Level(
        "up to three inputs, a long chain, a gate's value branches too, halves", 3, 0.85, True, (GRIDS[3], *GRIDS[1:3])
    ),
}


class Exercise(NamedTuple):
    """A new program, its text with the inputs' values in it, and its numbers."""

    program: str
    trace: Trace


def exercise(gates: Sequence[Gate], size: int, seed: int, level: str = "medium") -> Exercise:
    """Return an expression of size gates of the given kinds, every kind in it if there is room.

    Raises UsageError for a level or a size that is none, and where no such exercise was found.

    >>> print(exercise(gates_called("add,mul"), 3, 7, "easy").program, end="")
    x = 2
    y = 1
    z = 3
    f = (x + y) * (y + z)
    """
    _check(gates, size, level)
    random, asked, judged = Random(seed), LEVELS[level], 0

    def accept(trace: Trace) -> bool:
        nonlocal judged
        judged += size + A_POINT
        return is_instructive(trace)

    tried = 0
    while tried < SHAPES and judged < MOST_JUDGED:
        tried += 1
        shape = grow(random, gates, size, asked.deepening)
        text = write(random, shape, asked.inputs, gate_branches=asked.gate_branches) if shape else ""
        trace = _numbered(text, size, random, asked, accept) if text else None
        if trace:
            return Exercise(_with_values(trace), trace)
    raise UsageError(
        f"{tried} expressions of {size} gates ({_listed(gates)}) gave no {level} exercise with short numbers",
        hint="allow more kinds of gates, another size, another level or another seed",
    )


def _check(gates: Sequence[Gate], size: int, level: str) -> None:
    if level not in LEVELS:
        raise UsageError(f"no level is called {level}", hint=f"choose one of {', '.join(LEVELS)}")
    if not 1 <= size <= LARGEST:
        raise UsageError(f"an exercise cannot have {size} gates", hint=f"choose 1 to {LARGEST}")
    if all(slots(gate) < 2 for gate in gates):
        raise UsageError(
            f"branches never join again in {_listed(gates)} alone", hint="add a gate of two operands: add or mul"
        )


def _numbered(text: str, size: int, random: Random, level: Level, accept: Callable[[Trace], bool]) -> Trace | None:
    """Return a program with numbers at which nothing is 0 but what a branch loses; None where there are none."""
    graph = parse(text)
    if len(graph.gate_ids) != size:
        return None
    seed = int(random.random() * 2**32)
    found = variants(
        graph,
        1,
        seed,
        parse,
        keep_constants=True,
        grids=level.grids,
        accept=accept,
        only_lively=True,
        budget=BUDGET,
    )
    return found.traces[0] if found.traces else None


def is_instructive(trace: Trace) -> bool:
    """Return whether no gradient is 0, but for the contributions of a branch, and the inputs differ."""
    graph = trace.graph
    inputs = [trace.values[i] for i in graph.inputs]
    return all(trace.gradients[i] for i in (*graph.inputs, *graph.gate_ids)) and len(set(inputs)) == len(inputs)


def _with_values(trace: Trace) -> str:
    graph = trace.graph
    inputs = [f"{graph.nodes[i].name} = {trace.values[i]:g}\n" for i in graph.inputs]
    return "".join([*inputs, graph.source])


def gates_called(names: str) -> list[Gate]:
    """Return the gates of a list of names, aliases, symbols or beginnings of names.

    >>> gates_called("add,mul,max")
    [<gate add>, <gate multiply>, <gate max>]
    """
    words = names.replace(",", " ").split()
    if not words:
        raise UsageError("no gates are named", hint="write their names with commas between: add,mul,max")
    return list(dict.fromkeys(map(gate_called, words)))


def _listed(gates: Sequence[Gate]) -> str:
    return ", ".join(gate.name for gate in gates)
