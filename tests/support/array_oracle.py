"""Random programs of vectors with an oracle that is not ours: the text that bpviz reads, beside what NumPy computes.

Both are grown side by side from one random tree. NumPy's arrays hold numbers of mpmath with 40 digits, so that central
differences of them are right to far more digits than a float has.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import mpmath
import numpy as np

DIGITS = 40
STEP = mpmath.mpf(10) ** -13  # of the central differences, whose error is its square
SIZES = (1, 2, 2, 3)
NAMES = {0: "abcs", 1: "uvxyz", 2: "ABMWX"}  # by how many axes a variable has
Array = Any  # of numbers of mpmath
Environment = Mapping[str, Array]


def each(function: Callable[..., Any]) -> Callable[..., Array]:
    """Apply a function of mpmath to every entry."""
    return np.frompyfunc(function, function.__code__.co_argcount, 1)


SIGMOID, EXP, TANH, RELU, ROOT, LOG = (
    each(lambda a: 1 / (1 + mpmath.exp(-a))),
    each(lambda a: mpmath.exp(a)),
    each(lambda a: mpmath.tanh(a)),
    each(lambda a: max(a, mpmath.mpf(0))),
    each(lambda a: mpmath.sqrt(a)),
    each(lambda a: mpmath.log(a)),
)
LARGER, SMALLER = each(lambda a, b: max(a, b)), each(lambda a, b: min(a, b))
UNARY: tuple[tuple[str, Callable[[Array], Array]], ...] = (
    ("(-({}))", lambda a: -a),
    ("sigmoid({})", SIGMOID),
    ("tanh({})", TANH),
    ("np.tanh({})", TANH),
    ("relu({})", RELU),
    ("exp(-({})^2)", lambda a: EXP(-a * a)),
    ("({})^2", lambda a: a * a),
    ("abs({})", abs),
    ("sqrt(1 + ({})^2)", lambda a: ROOT(1 + a * a)),
    ("ln(2 + ({})^2)", lambda a: LOG(2 + a * a)),
    ("1/(1 + ({})**2)", lambda a: 1 / (1 + a * a)),
)
BINARY: tuple[tuple[str, Callable[[Array, Array], Array]], ...] = (
    ("({} + {})", lambda a, b: a + b),
    ("({} - {})", lambda a, b: a - b),
    ("({} * {})", lambda a, b: a * b),
    ("({} / (1 + {}^2))", lambda a, b: a / (1 + b * b)),
    ("max({}, {})", LARGER),
    ("min({}, {})", SMALLER),
)


def total(a: Array, axis: int | None = None) -> Array:
    """Return the sum as an array, also of all entries."""
    return np.asarray(np.sum(a, axis=axis), dtype=object)


def log_sum_exp(a: Array, axis: int | None = None) -> Array:
    """Return ln Σ eᵃ."""
    return np.asarray(LOG(total(EXP(a), axis)), dtype=object)


def soften(a: Array) -> Array:
    """Return the softmax along the last axis."""
    powers = EXP(a)
    return powers / np.sum(powers, axis=-1, keepdims=True)


def find_norm(a: Array) -> Array:
    """Return the root of the sum of all squares."""
    return np.asarray(ROOT(total(a * a)), dtype=object)


def find_product(a: Array) -> Array:
    """Return the product of all entries."""
    return np.asarray(np.prod(a), dtype=object)


def reduce_by(function: Callable[..., Any]) -> Callable[..., Array]:
    """Make a reduction of NumPy's return an array."""
    return lambda a, axis=None: np.asarray(function(a, axis=axis), dtype=object)


REDUCTIONS: tuple[tuple[str, Callable[..., Array]], ...] = (
    ("sum", total),
    ("mean", lambda a, axis=None: total(a, axis) / (a.size if axis is None else a.shape[axis])),
    ("max", reduce_by(np.max)),
    ("min", reduce_by(np.min)),
    ("logsumexp", log_sum_exp),
)


class Grown(NamedTuple):
    """A piece of a program: its text, and what it computes."""

    text: str
    compute: Callable[[Environment], Array]


def piece(text: str, compute: Callable[[Environment], Any]) -> Grown:
    """Return a piece whose result is an array, though NumPy makes a number of an array without axes."""
    return Grown(text, lambda known: np.asarray(compute(known), dtype=object))


class GrownProgram(NamedTuple):
    """A program, the values of its inputs, and what NumPy makes of them."""

    text: str
    point: dict[str, Any]
    compute: Callable[[Environment], Array]

    def value(self) -> float:
        """Return the value of the output."""
        with mpmath.workdps(DIGITS):
            return float(self.compute(self._exact()).item())

    def gradient(self, name: str) -> Any:
        """Return the gradient of an input by central differences, in its shape."""
        with mpmath.workdps(DIGITS):
            exact = self._exact()
            result = np.zeros(exact[name].shape)
            for index in np.ndindex(*exact[name].shape):
                moved = []
                for step in (STEP, -STEP):
                    other = exact[name].copy()
                    other[index] += step
                    moved.append(self.compute({**exact, name: other}).item())
                result[index] = float((moved[0] - moved[1]) / (2 * STEP))
            return result

    def _exact(self) -> dict[str, Array]:
        make = np.frompyfunc(mpmath.mpf, 1, 1)
        return {name: np.asarray(make(value), dtype=object) for name, value in self.point.items()}


class Grower:
    """Grows one program from a source of chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.shapes: dict[str, tuple[int, ...]] = {}  # of the inputs and of the statements
        self.point: dict[str, Any] = {}
        self.statements: list[tuple[str, Grown]] = []

    def grow(self) -> GrownProgram:
        """Return a program of up to three statements and an output that is one number."""
        for k in range(self.chance.choice((0, 1, 1, 2))):
            shape = self.pick_shape()
            grown = self.grow_shape(shape, 2)
            if grown.text not in self.shapes:
                self.statements.append((f"q{k}", grown))
                self.shapes[f"q{k}"] = shape
        output = self.grow_shape((), 3)
        if not self.point:
            return Grower(self.chance).grow()
        return GrownProgram(self.write(output), self.point, partial(self.compute, output))

    def write(self, output: Grown) -> str:
        """Write the program, in one line or in several."""
        lines = [*(f"{name} = {grown.text}" for name, grown in self.statements), output.text]
        is_clear = not any(line.startswith("-") for line in lines)  # with a minus the line before goes on
        return ("\n" if is_clear and self.chance.random() < 0.5 else "; ").join(lines)

    def compute(self, output: Grown, inputs: Environment) -> Array:
        """Compute the output from the inputs."""
        known = dict(inputs)
        for name, grown in self.statements:
            known[name] = grown.compute(known)
        return output.compute(known)

    def pick_shape(self) -> tuple[int, ...]:
        """Return a shape: mostly a vector or a matrix."""
        axes = self.chance.choice((0, 1, 1, 2, 2))
        return tuple(self.chance.choice(SIZES) for _ in range(axes))

    def grow_shape(self, shape: tuple[int, ...], depth: int) -> Grown:
        """Grow a piece of a shape."""
        if depth <= 0 or (shape and self.chance.random() < 0.15):
            return self.grow_leaf(shape)
        ways = [self.grow_unary, self.grow_binary]
        ways += [
            [self.grow_reduction, self.grow_reduction, self.grow_scalar],
            [self.grow_vector] * 3,
            [self.grow_matrix] * 3,
        ][len(shape)]
        return self.chance.choice(ways)(shape, depth - 1)

    def grow_leaf(self, shape: tuple[int, ...]) -> Grown:
        """Return a variable, an old one or a new one, or a list of numbers."""
        known = [name for name, each in self.shapes.items() if each == shape]
        if known and self.chance.random() < 0.7:
            return self.use(self.chance.choice(known))
        free = [name for name in NAMES[len(shape)] if name not in self.shapes]
        if free and self.chance.random() < 0.85:
            name = self.chance.choice(free)
            self.shapes[name] = shape
            self.point[name] = self.pick_values(shape)
            return self.use(name)
        values = self.pick_values(shape)
        exact = np.asarray(np.frompyfunc(lambda each: mpmath.mpf(each), 1, 1)(values), dtype=object)
        if shape in ((1,), (1, 1)):  # a bracket round one number is only that
            text = f"[[{float(exact.item())}, 0]]@[{'[1], [0]' if shape[1:] else '1, 0'}]"
        else:
            text = f"{values}"
        return piece(f"({text})", lambda known: exact)

    def use(self, name: str) -> Grown:
        """Return a variable."""
        return piece(name, lambda known: known[name])

    def pick_values(self, shape: tuple[int, ...]) -> Any:
        """Return numbers of a shape, as nested lists."""
        if not shape:
            return round(self.chance.uniform(-2, 2), 3)
        return [self.pick_values(shape[1:]) for _ in range(shape[0])]

    def grow_unary(self, shape: tuple[int, ...], depth: int) -> Grown:
        """Apply a function to every entry."""
        (text, function), a = self.chance.choice(UNARY), self.grow_shape(shape, depth)
        return piece(text.format(a.text), lambda known: function(a.compute(known)))

    def grow_binary(self, shape: tuple[int, ...], depth: int) -> Grown:
        """Put two pieces together entry by entry, of which one may be repeated."""
        text, function = self.chance.choice(BINARY)
        others = [
            shape,
            shape,
            (),
            shape[1:],
            (1, *shape[1:]) if len(shape) == 2 else shape,
            (*shape[:-1], 1)[: len(shape)],
        ]
        pieces = [self.grow_shape(shape, depth), self.grow_shape(self.chance.choice(others), depth - 1)]
        if text.startswith("(") and self.chance.random() < 0.5:
            pieces.reverse()
        a, b = pieces
        return piece(text.format(a.text, b.text), lambda known: function(a.compute(known), b.compute(known)))

    def grow_reduction(self, shape: tuple[int, ...], depth: int) -> Grown:
        """Reduce all entries of a vector or a matrix."""
        (name, function), inner = self.chance.choice(REDUCTIONS), self.pick_vector()
        a = self.grow_shape(inner, depth)
        text = self.chance.choice(
            (f"{name}({a.text})", f"np.{name}({a.text})" if name != "logsumexp" else f"{name}({a.text})")
        )
        return piece(text, lambda known: function(a.compute(known)))

    def pick_vector(self) -> tuple[int, ...]:
        """Return a shape with an axis."""
        return self.pick_shape() or (3,)

    def grow_scalar(self, shape: tuple[int, ...], depth: int) -> Grown:
        """Come to one number by a product, a norm, an entry or a cross entropy."""
        n, kind = self.chance.choice((2, 3)), self.chance.randrange(6)
        a = self.grow_shape((n,), depth)
        if kind == 0:
            b = self.grow_shape((n,), depth)
            text = self.chance.choice(("(({})@({}))", "dot({}, {})", "np.dot({}, {})", "(({}).T@({}))")).format(
                a.text, b.text
            )
            return piece(text, lambda known: total(a.compute(known) * b.compute(known)))
        if kind == 1:
            return piece(f"norm(2 + ({a.text})^2)", lambda known: find_norm(2 + a.compute(known) ** 2))
        if kind == 2:
            k = self.chance.randrange(-n, n)
            return piece(f"({a.text})[{k}]", lambda known: np.asarray(a.compute(known)[k], dtype=object))
        if kind == 3:
            k = self.chance.randrange(n)
            return piece(
                f"cross_entropy({a.text}; {k})",
                lambda known: np.asarray(log_sum_exp(z := a.compute(known)) - z[k], dtype=object),
            )
        if kind == 4:
            b = self.grow_shape((n,), depth)
            text = f"cross_entropy({a.text}; softmax({b.text}))"
            return piece(text, lambda known: -total(soften(b.compute(known)) * LOG(soften(a.compute(known)))))
        return piece(f"prod({a.text})", lambda known: find_product(a.compute(known)))

    def grow_vector(self, shape: tuple[int, ...], depth: int) -> Grown:
        """Come to a vector by a product, a softmax, a reduction along an axis, a row, or what is put together."""
        (n,), m, kind = shape, self.chance.choice(SIZES), self.chance.randrange(7)
        if kind == 0:
            return self.multiply((n, m), (m,), depth)
        if kind == 1:
            return self.multiply((m,), (m, n), depth)
        if kind == 2 and n > 1:
            a = self.grow_shape((n,), depth)
            return piece(f"softmax({a.text})", lambda known: soften(a.compute(known)))
        if kind == 3:
            (name, function), axis = self.chance.choice(REDUCTIONS), self.chance.randrange(2)
            a = self.grow_shape((m, n) if axis == 0 else (n, m), depth)
            text = self.chance.choice((f"{name}({a.text}, axis={axis})", f"({a.text}).{name}(axis={axis})"))
            return piece(text, lambda known: function(a.compute(known), axis=axis))
        if kind == 4:
            k, is_row = self.chance.randrange(m), self.chance.random() < 0.5
            a = self.grow_shape((m, n) if is_row else (n, m), depth)
            text = f"({a.text})[{k}]" if is_row else f"({a.text})[:, {k}]"
            return piece(text, lambda known: a.compute(known)[k] if is_row else a.compute(known)[:, k])
        if kind == 5 and n > 1:
            k = self.chance.randrange(1, n)
            a, b = self.grow_shape((k,), depth), self.grow_shape((n - k,), depth)
            text = self.chance.choice(("concat({}, {})", "np.concatenate([{}, {}])")).format(a.text, b.text)
            return piece(text, lambda known: np.concatenate([a.compute(known), b.compute(known)]))
        entries = [self.grow_shape((), depth - 1) for _ in range(n)]
        text = f"[{', '.join(entry.text for entry in entries)}]"
        text = text if n > 1 else f"sum([[{entries[0].text}, 0]], axis=1)"  # a bracket round one number is only that
        return piece(text, lambda known: np.array([entry.compute(known).item() for entry in entries], dtype=object))

    def grow_matrix(self, shape: tuple[int, ...], depth: int) -> Grown:
        """Come to a matrix by a product, a transpose, a softmax, or rows that are put together."""
        (m, n), k, kind = shape, self.chance.choice(SIZES), self.chance.randrange(5)
        if kind == 0:
            return self.multiply((m, k), (k, n), depth)
        if kind == 1:
            a = self.grow_shape((n, m), depth)
            text = self.chance.choice(("({}).T", "transpose({})", "({})'")).format(a.text)
            return piece(text, lambda known: a.compute(known).T)
        if kind == 2 and n > 1:
            a = self.grow_shape((m, n), depth)
            return piece(f"softmax({a.text})", lambda known: soften(a.compute(known)))
        if kind == 3:
            a, b = self.grow_shape((m,), depth), self.grow_shape((n,), depth)
            text = self.chance.choice(("outer({}, {})", "np.outer({}, {})", "(({})@({}).T)")).format(a.text, b.text)
            return piece(text, lambda known: np.outer(a.compute(known), b.compute(known)))
        if m > 1:
            rows = [self.grow_shape((n,), depth - 1) for _ in range(m)]
            text = f"[{', '.join(row.text for row in rows)}]"
            return piece(text, lambda known: np.array([row.compute(known) for row in rows], dtype=object))
        return self.grow_leaf(shape)

    def multiply(self, left: tuple[int, ...], right: tuple[int, ...], depth: int) -> Grown:
        """Multiply matrices and vectors."""
        a, b = self.grow_shape(left, depth), self.grow_shape(right, depth)
        text = self.chance.choice(("(({})@({}))", "matmul({}, {})", "({}).dot({})")).format(a.text, b.text)
        return piece(text, lambda known: np.asarray(a.compute(known) @ b.compute(known), dtype=object))


def grow_vector_program(chance: random.Random) -> GrownProgram:
    """Return a random program of vectors that bpviz can read, with the values of its inputs."""
    return Grower(chance).grow()
