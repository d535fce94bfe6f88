"""The table of all numbers on a slide: its rows, and into how many parts it is cut so that it is as large as can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

from bpviz.autodiff import Trace
from bpviz.figure.lettering import width
from bpviz.figure.sketch import GRADIENT, VALUE
from bpviz.formula.numerals import Rounding, number
from bpviz.formula.tree import Atom
from bpviz.lecture.deck.elision import elided
from bpviz.lecture.deck.records import Column, Frame, Table, Words
from bpviz.lecture.deck.wording import plain
from bpviz.text.derivation.records import Equation, Step

COLUMNS = (
    Column("step", is_number=True),
    Column("name"),
    Column("is"),
    Column("value", is_number=True, role=VALUE),
    Column("local gradients"),
    Column("gradient", is_number=True, role=GRADIENT),
)
MOST_LOCALS = 4 * 6  # words of the local gradients in a row: six of them
MOST_PARTS = 4  # tables side by side
ROW_HEIGHT, COLUMN_GAP, PART_GAP = 1.61, 0.78, 1.8  # em
WIDEST_CELL = 18.0  # em: a cell of more words is wrapped, or made smaller
SLIDE = (880.0, 420.0)  # points: the room for a table that has a slide to itself
LEAST_LETTERS, LARGEST_LETTERS = 11.0, 18.0  # points
SMALL_LETTERS, USUAL_PARTS = 9.0, 3  # points, and parts, of a table under a figure
NOTE = 18.0  # points: a line of words over a table
FEW_ROWS = 13  # of a table that is not cut however small its letters are

Item = TypeVar("Item")


def table_of(trace: Trace, forward: Sequence[Step], rounding: Rounding) -> Table:
    """Return every number of a trace as a table; forward has the steps with their equations."""
    rows = [*_input_rows(trace, rounding), *_gate_rows(trace, forward, rounding)]
    return Table(COLUMNS, tuple(rows))


def _input_rows(trace: Trace, rounding: Rounding) -> Iterator[tuple[Words, ...]]:
    for node in trace.graph.inputs:
        value, gradient = _number(trace.values[node], rounding), _number(trace.gradients[node], rounding)
        yield (), (Atom(trace.graph.nodes[node].name),), ("input",), (value,), (), (gradient,)


def _gate_rows(trace: Trace, forward: Sequence[Step], rounding: Rounding) -> Iterator[tuple[Words, ...]]:
    for step, node in zip(forward, trace.graph.gate_ids, strict=True):
        equation = step.lines[0]
        assert isinstance(equation, Equation)
        assert equation.symbols
        value, gradient = _number(trace.values[node], rounding), _number(trace.gradients[node], rounding)
        formula = elided(equation.symbols)
        locals_ = _locals(trace, node, rounding)
        yield (str(step.number),), (Atom(step.name),), (formula,), (value,), locals_, (gradient,)


def _locals(trace: Trace, node: int, rounding: Rounding) -> Words:
    """Return the local gradients of a gate, each behind its operand's name."""
    words: list[str | Atom] = []
    for wire in trace.graph.wires_into(node):
        name = Atom(trace.graph.nodes[wire.source].name)
        slope = _number(trace.local[node][wire.slot], rounding)
        words += [", " if words else "", name, ":\N{NO-BREAK SPACE}", slope]
    shown = [*words[:MOST_LOCALS], ", …"] if len(words) > MOST_LOCALS else words
    return tuple(word for word in shown if word)


def _number(x: float, rounding: Rounding) -> Atom:
    return Atom(number(x, rounding), x)


def pages(table: Table) -> list[Table]:
    """Return a table in as few parts as have a slide each on which it can be read."""
    count = 1
    while -(-len(table.rows) // count) > FEW_ROWS and _largest(table, SLIDE, count)[0] < LEAST_LETTERS:
        count += 1
    return _cut(table, count)


def parts(table: Table, room: tuple[float, float]) -> list[Table]:
    """Return a table cut into as many parts as stand side by side largest in a room of this width and height."""
    return _cut(table, _largest(table, room)[1])


def letters(table: Table, room: tuple[float, float]) -> float:
    """Return how large the letters of a table so cut can be, in points."""
    return _largest(table, room)[0]


def height_under(frame: Frame) -> float:
    """Return how high the room under a figure must be for a slide's table and what is said over it to be read."""
    rows = -(-len(frame.table.rows) // USUAL_PARTS) if frame.table else 0
    return (1 + rows) * ROW_HEIGHT * SMALL_LETTERS + NOTE * len(frame.lines) if rows else 0.0


def _largest(table: Table, room: tuple[float, float], slides: int = 1) -> tuple[float, int]:
    """Return how large the letters of a table can be, on so many slides, and in how many parts that is."""
    cells = zip(*(map(plain, row) for row in table.rows), strict=True)
    columns = [(head.head, *column) for head, column in zip(table.columns, cells, strict=True)]
    wide = sum(min(max(width(cell, 1.0) for cell in column), WIDEST_CELL) + COLUMN_GAP for column in columns)
    found = []
    for count in range(1, MOST_PARTS + 1):
        rows = 1 + -(-len(table.rows) // (slides * count))
        size = min(room[0] / (count * wide + (count - 1) * PART_GAP), room[1] / (rows * ROW_HEIGHT), LARGEST_LETTERS)
        found.append((size, -count))
    size, count = max(found)
    return size, -count


def _cut(table: Table, count: int) -> list[Table]:
    return [table._replace(rows=rows) for rows in shared_out(table.rows, -(-len(table.rows) // count))]


def shared_out(items: Sequence[Item], most: int) -> list[tuple[Item, ...]]:
    """Return items in groups as even as can be, no more than most in one; no items are one empty group."""
    count = max(1, -(-len(items) // max(1, most)))
    bounds = [len(items) * k // count for k in range(count + 1)]
    return [tuple(items[start:end]) for start, end in pairwise(bounds)]
