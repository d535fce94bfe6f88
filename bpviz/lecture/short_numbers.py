"""Which numbers are short enough to work with by hand: the two rules, and what a constant may be drawn anew as.

EXACT is the rule of a sheet that needs no calculator. Where a gate such as σ or exp leaves no such points, ROUNDED
keeps the inputs short and asks of the other numbers only that three digits write them plainly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import isfinite
from typing import NamedTuple

from bpviz.errors import BpvizError
from bpviz.gates import Gate
from bpviz.graph import Graph

LARGEST_WHOLE = 99.0
LARGEST_HALF = 9.5
LARGEST_QUARTER = 0.75
SMALLEST, LARGEST = 0.01, 99.9  # of a rounded number that is not 0
PROBES = (0.5, 2.0, 3.0, 5.0)  # operands at which a gate shows whether it keeps to fractions
WHOLE_PROBE = 3.0  # the second operand: x³ is a fraction, x³ᐟ² is none
SMALL_DENOMINATOR = 1000
STRUCTURAL = (0.0, 1.0, -1.0)  # constants that make a formula what it is: max(0, 1 - h), 1/(1 + exp(-x))


class Rule(NamedTuple):
    """What a short number is, in words and as a test."""

    name: str
    says: str
    fits: Callable[[float], bool]


class Grid(NamedTuple):
    """What an input and a constant may be, in words and as numbers from the shortest on."""

    says: str
    inputs: tuple[float, ...]
    constants: tuple[float, ...]


def is_short(x: float) -> bool:
    """Return whether a number is a whole one or a half of at most two digits, or a quarter below one.

    >>> [is_short(x) for x in (3.0, -7.5, 99.0, 0.25, 100.0, 10.5, 1.25)]
    [True, True, True, True, False, False, False]
    """
    size = abs(x)
    return (
        (size <= LARGEST_WHOLE and size == int(size))
        or (size <= LARGEST_HALF and 2 * size == int(2 * size))
        or (size <= LARGEST_QUARTER and 4 * size == int(4 * size))
    )


def is_plain(x: float) -> bool:
    """Return whether three significant digits write a number with at most two before the point and four after it."""
    return x == 0 or SMALLEST <= abs(x) <= LARGEST


EXACT = Rule("exact", "whole numbers and halves of at most two digits, 0.25 and 0.75", is_short)
ROUNDED = Rule("rounded", f"three digits, between {SMALLEST} and 99.9 in size (or 0)", is_plain)
RULES = {rule.name: rule for rule in (EXACT, ROUNDED)}


def _signed(sizes: Sequence[float]) -> tuple[float, ...]:
    return tuple(x for size in sizes for x in ((size, -size) if size else (0.0,)))


def _whole(first: int, last: int) -> tuple[float, ...]:
    return tuple(map(float, range(first, last + 1)))


HALVES = (0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5)
# The grids grow: a larger one is searched only when the smaller ones have not enough.
GRIDS = (
    Grid("whole numbers from −3 to 3 but 0", _signed(_whole(1, 3)), _whole(2, 3)),
    Grid("whole numbers from −6 to 6 but 0", _signed(_whole(1, 6)), _whole(2, 5)),
    Grid("whole numbers from −9 to 9", _signed(_whole(0, 9)), _whole(2, 9)),
    Grid("whole numbers and halves from −9.5 to 9.5", _signed((*_whole(0, 9), *HALVES)), (*_whole(2, 9), *HALVES)),
)


def positive(grid: Grid) -> Grid:
    """Return a grid without its negative numbers and 0."""
    return grid._replace(inputs=tuple(x for x in grid.inputs if x > 0))


def is_rational(gate: Gate) -> bool:
    """Return whether a gate makes fractions of fractions, as σ and √ do not: asked of the gate itself, at a few points.

    >>> from bpviz.gates import GATES
    >>> [name for name in ("add", "reciprocal", "max", "sigmoid", "exp") if not is_rational(GATES[name])]
    ['sigmoid', 'exp']
    """
    results: list[float] = []
    for probe in PROBES:
        operands = (probe, WHOLE_PROBE)[: gate.arity[0]]
        try:
            value = gate.forward(*operands)
        except (ValueError, ZeroDivisionError, OverflowError):
            continue
        results += [value, *gate.slopes(value, *operands)]
    return bool(results) and all(map(_is_fraction, results))


def _is_fraction(x: float) -> bool:
    if not isfinite(x):
        return False
    return abs(float(Fraction(x).limit_denominator(SMALL_DENOMINATOR)) - x) <= 1e-12 * max(1.0, abs(x))


def drawn_constants(graph: Graph) -> tuple[int, ...]:
    """Return the constants of a program that are drawn anew: typed numbers, but 0, ±1, π and what is part of a gate."""
    parameters = set()
    for node in graph.nodes:
        if node.gate and node.gate.parameter is not None:
            parameters.add(node.operands[node.gate.parameter])
    return tuple(
        i
        for i, node in enumerate(graph.nodes)
        if node.constant is not None
        and node.constant not in STRUCTURAL
        and i not in parameters
        and _typed(graph, i) == node.constant
    )


def _typed(graph: Graph, node: int) -> float | None:
    """Return the number that stands in the source where a constant was written, if one does."""
    from bpviz.lang import constant

    text = graph.source[slice(*graph.nodes[node].span)]
    if not any(c.isdigit() for c in text) or any(c.isalpha() for c in text):
        return None
    try:
        return constant(text, "a constant")
    except BpvizError:
        return None
