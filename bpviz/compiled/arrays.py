"""Straight-line code on NumPy arrays: block by block, so that what is computed stays in the cache.

Elementwise, with the functions of NumPy where it has them; what it has not is called point by point.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache, reduce
from typing import Any

import numpy as np

from bpviz.compiled.instructions import Operation
from bpviz.compiled.passes import Passes
from bpviz.errors import UsageError

BLOCK = 8192  # points that are computed at a time
Array = np.ndarray[Any, np.dtype[np.float64]]

SIGNS: Mapping[str, Callable[..., Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "negative": np.negative,
    "if": np.where,
    "max": np.maximum,
    "min": np.minimum,
}
ALIKE: Mapping[Callable[..., Any], Callable[..., Any]] = {
    abs: np.absolute,
    max: lambda *operands: reduce(np.maximum, operands),
    min: lambda *operands: reduce(np.minimum, operands),
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


def run(passes: Passes, names: Sequence[str], values: Sequence[Any]) -> tuple[Array, dict[str, Array]]:
    """Return the value and the gradients at every point of the inputs, broadcast."""
    inputs = np.broadcast_arrays(*[_array(name, value) for name, value in zip(names, values, strict=True)])
    shape = inputs[0].shape
    flat = [each.reshape(-1) for each in inputs]
    value = np.empty(flat[0].size)
    gradients = [np.empty(flat[0].size) for _ in names]
    with np.errstate(all="ignore"):
        for start in range(0, value.size, BLOCK):
            block = slice(start, start + BLOCK)
            _run_block(passes, [each[block] for each in flat], value[block], [each[block] for each in gradients])
    return value.reshape(shape), {
        name: gradient.reshape(shape) for name, gradient in zip(names, gradients, strict=True)
    }


def _array(name: str, value: Any) -> Array:
    if value is None:
        raise UsageError(f"{name} has no value", hint=f"give {name} a number, or an array of them")
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise UsageError(f"{name} is no array of numbers", hint=f"give {name} an array of float64")
    return array.astype(np.float64, copy=False)


def _run_block(passes: Passes, inputs: Sequence[Array], value: Array, gradients: Sequence[Array]) -> None:
    code = passes.code
    results: dict[int, Any] = {}
    for i in code.needed((passes.value, *passes.gradients, *passes.finite)):
        operation, operands, number = code.all[i]
        if operation == "input":
            results[i] = inputs[int(number)]
        elif operation == "constant":
            results[i] = np.float64(number)
        elif operation == "part":
            results[i] = results[operands[0]][int(number)]
        else:
            results[i] = _function(operation, len(operands))(*(results[operand] for operand in operands))
    value[:] = results[passes.value]
    for gradient, i in zip(gradients, passes.gradients, strict=True):
        gradient[:] = results[i]
    bad = ~np.isfinite(value)
    for i in passes.finite:
        if i not in passes.gradients:
            bad |= ~np.isfinite(results[i])
    if bad.any():
        value[bad] = np.nan
        for gradient in gradients:
            gradient[bad] = np.nan


@cache
def _function(operation: Operation, operands: int) -> Callable[..., Any]:
    """Return an operation on arrays."""
    if isinstance(operation, str):
        return SIGNS[operation]
    return ALIKE.get(operation) or _point_by_point(operation, operands)


def _point_by_point(function: Callable[..., Any], operands: int) -> Callable[..., Any]:
    def safe(*point: float) -> Any:
        try:
            return function(*point)
        except (ValueError, ZeroDivisionError, OverflowError):
            return math.nan

    def loop(*arrays: Any) -> Any:
        broadcast = np.broadcast_arrays(*arrays)
        made = [safe(*point) for point in zip(*(each.tolist() for each in broadcast), strict=True)]
        several = next((each for each in made if isinstance(each, tuple)), None)
        if several is None:
            return np.array(made, dtype=np.float64)
        none = (math.nan,) * len(several)
        return np.array([each if isinstance(each, tuple) else none for each in made]).T

    return loop
