"""Random programs with vectors, and points for them: shapes, broadcasting, branches, every vector operation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from random import Random
from typing import Any, NamedTuple

from bpviz.vectors.shapes import Shape, broadcast, count_entries, nest

SIZES = (1, 2, 2, 3, 3, 4)
UNARY = ("sigmoid({})", "tanh({})", "relu({})", "-{}", "{}^2", "exp(tanh({}))", "ln(1 + {}^2)", "sqrt(1 + {}^2)")
BINARY = ("{} + {}", "{} - {}", "{}*{}", "{}/(2 + {}^2)", "max({}, {})", "{} + 2*{}")
REDUCING = ("sum", "mean", "max", "min", "prod", "logsumexp")
MOST_OPERATIONS = 9
WORD = re.compile(r"\w+")


class VectorProgram(NamedTuple):
    """A program, and a value for each of its inputs."""

    source: str
    point: dict[str, Any]


class Writer:
    """What writes one program, statement by statement, with the shape of every name."""

    def __init__(self, random: Random) -> None:
        self.random, self.shapes = random, dict[str, Shape]()
        self.lines, self.numbers = list[str](), count(1)
        for name in ("W", "x", "b", "X", "c")[: random.randint(1, 5)]:
            self.shapes[name] = self.draw_shape()
        self.inputs = dict(self.shapes)

    def draw_shape(self) -> Shape:
        """Draw a shape of up to two axes."""
        return tuple(self.random.choice(SIZES) for _ in range(self.random.choice((0, 1, 1, 2, 2))))

    def pick(self, axes: int | None = None) -> str:
        """Pick a name, of so many axes if there is one; what was made last is likely."""
        names = [name for name, shape in self.shapes.items() if axes is None or len(shape) == axes]
        if not names:
            name = f"e{next(self.numbers)}"
            self.shapes[name] = self.inputs[name] = tuple(self.random.choice(SIZES) for _ in range(axes or 0))
            return name
        return names[-1] if self.random.random() < 0.5 else self.random.choice(names)

    def name(self, expression: str, shape: Shape) -> None:
        """Name an expression of this shape."""
        name = f"u{next(self.numbers)}"
        self.lines.append(f"{name} = {expression}")
        self.shapes[name] = shape

    def add_operation(self) -> None:
        """Add an operation of any kind."""
        self.random.choice((self.add_gate, self.add_gate, self.add_product, self.add_reduction, self.add_move))()

    def add_gate(self) -> None:
        """Add a gate, entry by entry."""
        a = self.pick()
        if self.random.random() < 0.5:
            self.name(self.random.choice(UNARY).format(a), self.shapes[a])
            return
        fitting = [b for b, shape in self.shapes.items() if broadcast([self.shapes[a], shape]) is not None]
        b = self.random.choice(fitting)
        shape = broadcast([self.shapes[a], self.shapes[b]])
        assert shape is not None
        self.name(self.random.choice(BINARY).format(a, b), shape)

    def add_product(self) -> None:
        """Add a product of two that fit, or an outer product."""
        shapes = {name: shape for name, shape in self.shapes.items() if shape}
        pairs = [(a, b) for a, own in shapes.items() for b, other in shapes.items() if own[-1] == other[0]]
        if pairs and self.random.random() < 0.8:
            a, b = self.random.choice(pairs)
            self.name(f"{a} @ {b}", (*shapes[a][:-1], *shapes[b][1:]))
        else:
            a, b = self.pick(1), self.pick(1)
            self.name(f"outer({a}, {b})", (*self.shapes[a], *self.shapes[b]))

    def add_reduction(self) -> None:
        """Add a sum or the like over everything or along an axis, a norm, a softmax or a cross entropy."""
        a = self.pick(self.random.choice((1, 2)))
        shape = self.shapes[a]
        match self.random.randrange(5):
            case 0 if shape[-1] > 1:
                self.name(f"softmax({a})", shape)
            case 1 if len(shape) == 1 and shape[0] > 1:
                self.name(f"cross_entropy({a}; {self.random.choice((a, self.random.randrange(shape[0])))})", ())
            case 2:
                self.name(f"norm({a})", ())
            case 3:
                axis = self.random.randrange(len(shape))
                rest = tuple(size for k, size in enumerate(shape) if k != axis)
                self.name(f"{self.random.choice(REDUCING)}({a}, axis={axis})", rest)
            case _:
                self.name(f"{self.random.choice(REDUCING)}({a})", ())

    def add_move(self) -> None:
        """Add a transpose, an entry or a row, vectors put together, or a list."""
        match self.random.randrange(4):
            case 0:
                a = self.pick(2)
                self.name(f"{a}.T", self.shapes[a][::-1])
            case 1:
                a = self.pick(self.random.choice((1, 2)))
                place = [self.random.randrange(size) for size in self.shapes[a]]
                place = place[: self.random.randint(1, len(place))]
                self.name(f"{a}[{', '.join(map(str, place))}]", self.shapes[a][len(place) :])
            case 2:
                a, b = self.pick(1), self.pick(1)
                self.name(f"concat({a}, {b})", (self.shapes[a][0] + self.shapes[b][0],))
            case _:
                a, b = self.pick(0), self.pick(0)
                self.name(f"[{a}, {b}, 2]", (3,))

    def finish(self) -> VectorProgram:
        """End with one number, which depends on what was made last and sometimes on more, without the rest."""
        last, others = [*self.shapes][-1], [self.pick(), self.pick()]
        ends = [f"sum({last})" if self.shapes[last] else f"{last}*1"]
        ends += [f"mean({other}*{other})" for other in others if self.shapes[other] and other != last]
        needed, lines = set(WORD.findall(" + ".join(ends))), [f"f = {' + '.join(ends)}"]
        for line in reversed(self.lines):
            name, _, expression = line.partition(" = ")
            if name in needed:
                needed |= {*WORD.findall(expression)}
                lines.append(line)
        point = {name: self.draw_value(shape) for name, shape in self.inputs.items() if name in needed}
        return VectorProgram("\n".join(reversed(lines)), point)

    def draw_value(self, shape: Shape) -> Any:
        """Draw numbers that are not near 0."""
        count = count_entries(shape)
        return nest([self.random.choice((-1, 1)) * self.random.uniform(0.2, 2) for _ in range(count)], shape)


def write_programs(number: int, seed: int = 0) -> Iterator[VectorProgram]:
    """Yield so many random programs."""
    random = Random(seed)
    for _ in range(number):
        writer = Writer(random)
        for _ in range(random.randint(1, MOST_OPERATIONS)):
            writer.add_operation()
        yield writer.finish()
