"""Straight-line code on NumPy arrays: elementwise, and block by block, so that what is computed stays in the cache.

Broadcast inputs give results of the common shape. What is no number at a point is nan there and disturbs no other;
a function that NumPy has not is called point by point.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np

from bpviz.compiled.instructions import Operation
from bpviz.compiled.passes import straight_line
from bpviz.compiled.registers import Plan, Planner
from bpviz.errors import UsageError
from bpviz.functions import exact, several
from bpviz.functions.elementwise import FORMULAS
from bpviz.graph import Graph

ROOM = 3 << 19  # bytes of buffers, which stay in a cache of 1 to 2 MiB
LEAST, MOST = 256, 16384  # points that are computed at a time
Array = np.ndarray[Any, np.dtype[np.float64]]
Scalar = Callable[..., tuple[float, Mapping[str, float]] | None]

UFUNCS: Mapping[Operation, np.ufunc] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "negative": np.negative,
    "max": np.maximum,
    "min": np.minimum,
    abs: np.absolute,
    math.copysign: np.copysign,
    math.exp: np.exp,
    math.expm1: np.expm1,
    math.log: np.log,
    math.log1p: np.log1p,
    math.log2: np.log2,
    math.log10: np.log10,
    math.sqrt: np.sqrt,
    math.pow: np.power,
    math.sin: np.sin,
    math.cos: np.cos,
    math.tan: np.tan,
    math.asin: np.arcsin,
    math.acos: np.arccos,
    math.atan: np.arctan,
    math.atan2: np.arctan2,
    math.sinh: np.sinh,
    math.cosh: np.cosh,
    math.tanh: np.tanh,
    math.asinh: np.arcsinh,
    math.acosh: np.arccosh,
    math.atanh: np.arctanh,
    math.hypot: np.hypot,
}


def _total(*operands: Any) -> Any:
    """Return a sum with the errors of its rounding added in the end (Knuth's two-sum)."""
    total, lost = operands[0], 0.0
    for operand in operands[1:]:
        before, total = total, total + operand
        part = total - before
        lost = lost + ((before - (total - part)) + (operand - part))
    return total + lost


OTHERS: Mapping[Operation, Callable[..., Any]] = {
    # what makes an array of its own, of truth values or of numbers
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
    "if": np.where,
    several.total: _total,
    several.mean: lambda *operands: _total(*operands) / len(operands),
    several.count_of: lambda winner, *operands: sum(np.equal(winner, operand) * 1.0 for operand in operands),
    exact.product: lambda *operands: reduce(np.multiply, operands),
    max: lambda *operands: reduce(np.maximum, operands),
    min: lambda *operands: reduce(np.minimum, operands),
}


class ArrayCode:
    """A program on arrays; scalar is the same on floats, or None where they are not finite."""

    def __init__(self, graph: Graph, names: Sequence[str], scalar: Scalar) -> None:
        self.names = names
        self.scalar = scalar
        self.passes = straight_line(graph, FORMULAS)
        self._plans: dict[tuple[bool, ...], Plan] = {}

    def run(self, values: Sequence[Any]) -> tuple[Array, dict[str, Array]]:
        """Return the value and the gradients at every point of the inputs; raise UsageError for what is no number."""
        inputs = [_array(name, value) for name, value in zip(self.names, values, strict=True)]
        shape = _common_shape(inputs)
        is_one = tuple(each.size == 1 for each in inputs)
        if is_one not in self._plans:
            self._plans[is_one] = Planner(self.passes, is_one, _function).plan()
        flat = [
            each.reshape(()) if one else np.broadcast_to(each, shape).reshape(-1)
            for each, one in zip(inputs, is_one, strict=True)
        ]
        results = [np.empty(shape) for _ in range(1 + len(inputs))]
        with np.errstate(all="ignore"):
            self._run(self._plans[is_one], flat, [each.reshape(-1) for each in results])
        return results[0], dict(zip(self.names, results[1:], strict=True))

    def _run(self, made: Plan, inputs: Sequence[Array], results: Sequence[Array]) -> None:
        """Fill the results, block by block."""
        registers: list[Any] = [None] * made.size
        for register, number in made.constants:
            registers[register] = number
        for register, place in made.inputs:
            registers[register] = inputs[place]
        for function, operands, result, _ in made.once:
            registers[result] = function(*[registers[i] for i in operands])
        length = results[0].size
        at_a_time = min(length, MOST, max(LEAST, ROOM // (8 * len(made.buffers) + 1)))
        buffers = [(register, np.empty(at_a_time)) for register in made.buffers]
        for start in range(0, length, max(1, at_a_time)):
            block = slice(start, min(start + at_a_time, length))
            for register, buffer in buffers:
                registers[register] = buffer[: block.stop - start]
            for register, place in made.inputs:
                registers[register] = inputs[place][block] if inputs[place].ndim else inputs[place]
            for register, place in made.outputs:
                registers[register] = results[place][block]
            _run_block(made, registers)
            for source, place in made.copies:
                results[place][block] = registers[source]
            given = [each[block] if each.ndim else each for each in inputs]
            self._mend(given, [registers[i] for i in made.checked], [each[block] for each in results])

    def _mend(self, inputs: Sequence[Any], checked: Sequence[Any], results: Sequence[Array]) -> None:
        """Put nan where a number is not finite, and what floats give where only a gradient of the array is not."""
        if all(math.isfinite(np.add.reduce(each, axis=None)) for each in (*checked, *results)):
            return  # a sum that overflows by itself is looked at more closely, too
        fine = np.ones(results[0].shape, dtype=bool)
        for each in checked:
            fine &= np.isfinite(each)
        for each in results:
            each[~fine] = np.nan
        fine &= ~np.logical_and.reduce([np.isfinite(each) for each in results])
        for point in np.nonzero(fine)[0]:
            floats = self.scalar(*(float(each[point] if each.ndim else each) for each in inputs))
            if floats:
                value, gradients = floats
                for each, number in zip(results, (value, *gradients.values()), strict=True):
                    each[point] = number


def _run_block(made: Plan, registers: list[Any]) -> None:
    for function, operands, result, fills in made.steps:
        if fills:
            function(*[registers[i] for i in operands], out=registers[result])
        else:
            registers[result] = function(*[registers[i] for i in operands])


def _common_shape(inputs: Sequence[Array]) -> tuple[int, ...]:
    shapes = [each.shape for each in inputs]
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        different = " and ".join(map(str, dict.fromkeys(shape for shape in shapes if shape)))
        hint = "give arrays of one shape, or of shapes that NumPy broadcasts"
        raise UsageError(f"arrays of the shapes {different} do not go together", hint=hint) from None


def _array(name: str, value: Any) -> Array:
    if value is None:
        raise UsageError(f"{name} has no value", hint=f"give {name} a number, or an array of them")
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise UsageError(f"{name} is no array of numbers", hint=f"give {name} an array of float64")
    return array.astype(np.float64, copy=False)


def _function(operation: Operation, number: int) -> tuple[Callable[..., Any], bool]:
    """Return an operation on arrays, and whether it fills an array that is there."""
    if operation == "part":
        return (lambda whole: whole[number]), False
    if operation in UFUNCS:
        return UFUNCS[operation], True
    return OTHERS.get(operation) or _point_by_point(operation), False


def _point_by_point(function: Any) -> Callable[..., Any]:
    """Return a function of floats as one of arrays: of what is no tuple an array, of tuples one for each part."""

    def safe(*point: float) -> Any:
        try:
            return function(*point)
        except (ValueError, ZeroDivisionError, OverflowError):
            return math.nan

    def loop(*arrays: Any) -> Any:
        points = np.broadcast_arrays(*arrays)
        made = [safe(*point) for point in zip(*(each.reshape(-1).tolist() for each in points), strict=True)]
        parts = next((len(each) for each in made if isinstance(each, tuple)), 0)
        if not parts:
            return np.array(made, dtype=np.float64).reshape(points[0].shape)
        rows = [each if isinstance(each, tuple) else (math.nan,) * parts for each in made]
        return np.array(rows, dtype=np.float64).T.reshape(parts, *points[0].shape)

    return loop
