"""Values as they are typed after --x or in a file: a number, a constant expression, a vector, or @weights.csv.

They are read by the program's own parser, so that a value may be written in every way in which a program has it.
"""

from __future__ import annotations

import re
from math import isfinite
from typing import Any, cast

from bpviz.errors import BpvizError, UsageError
from bpviz.lang.bindings import bind
from bpviz.lang.lowering import Constant, Lowering
from bpviz.lang.postfix import Code
from bpviz.lang.reading import read
from bpviz.lang.unrolling import VectorLowering, VectorOperand
from bpviz.limits import DEFAULT, Limits
from bpviz.vectors import Nested, nest, read_value_file

PLAIN_NUMBER = re.compile(r"[-+]?[0-9]{1,15}(?:\.[0-9]{1,15})?")
OF_FILE = "@"  # before the name of a file that has the value
OPENS_VECTOR = ("[", r"\begin", "array", "tensor")  # what no value has that is one number


def read_constant(source: str, what: str, most: Limits = DEFAULT) -> float:
    """Return the value of a constant expression, given for the input or option what; raise UsageError.

    most are the limits that hold for it: of characters, and of digits.

    >>> read_constant("-1/4", "x"), read_constant("1e-3", "x")
    (-0.25, 0.001)
    """
    text = source.strip()
    if PLAIN_NUMBER.fullmatch(plain := text.replace("−", "-")):
        return float(plain)
    value = _calculate(text, what, most)
    if isinstance(value, list):
        raise UsageError(f"{what} = {text[:40]} is not one number", hint="write a number, such as 3 or pi/2")
    return float(value)


def read_value(source: str, what: str, most: Limits = DEFAULT) -> Nested:
    """Return the value that is typed for the input what: a number, or the nested lists of a vector or a matrix.

    @weights.csv is the value that a file has. Raises UsageError.

    >>> read_value("[[1, 2], [3, 4/2]]", "W"), read_value("3", "x")
    ([[1.0, 2.0], [3.0, 2.0]], 3.0)
    """
    text = source.strip()
    if file := find_value_file(text):
        return read_value_file(file, what, most.characters)
    if is_vector(text):
        value = _calculate(text, what, most)
        return value if isinstance(value, list) or not (text[0] == "[" and text[-1] == "]") else [value]  # [5]
    return read_constant(text, what, most)


def find_value_file(value: object) -> str:
    """Return the name of the file that a typed value is in: @weights.csv; empty if it is no file."""
    text = value.strip() if isinstance(value, str) else ""
    return text.removeprefix(OF_FILE).strip() if text.startswith(OF_FILE) else ""


def is_vector(text: str) -> bool:
    """Say whether what is typed for an input is a vector: it has a bracket of one, or names a file."""
    return text.strip().startswith(OF_FILE) or any(sign in text for sign in OPENS_VECTOR)


def _calculate(text: str, what: str, most: Limits) -> Nested:
    """Return the value of an expression without names: a number, or nested lists."""
    if not text:
        raise UsageError(f"{what} has no value", hint="give it a number, such as 3 or pi/2")
    if text.lstrip("+-−").lower() in ("inf", "infinity", "nan", "∞"):
        raise UsageError(f"{what} = {text} is not a finite number", hint="write a finite number")
    try:
        text = text[1:] if text.startswith("+") else text
        code = read(text, most)
        return _run(code, text, what, most)
    except UsageError:
        raise
    except BpvizError as error:
        raise UsageError(f"{what}: {error.what}", place=error.place, hint=error.hint) from None


def _run(code: Code, text: str, what: str, most: Limits) -> Nested:
    statement = code.statements[0]
    if len(code.statements) > 1 or statement.name:
        raise UsageError(f"{what} = {text[:40]} is not one number", hint="write a number, such as 3 or pi/2")
    bound = bind(code)
    for name, span in bound.inputs.items():  # the first is told
        place = code.place(*span) if name != text else None
        hint = "write a number, such as 3, 1e-3 or pi/2"
        raise UsageError(f"{what}: {name} is not a number", place=place, hint=hint)
    if not code.has_vectors:
        number = Lowering(code, "fused", False, has_euler=bound.has_euler).run(
            code, statement.first, statement.stop, {}
        )
        assert isinstance(number, Constant)
        assert isfinite(number.value)
        return number.value
    lowering = VectorLowering(code, "fused", False, has_euler=bound.has_euler)
    result: Any = lowering.run(code, statement.first, statement.stop, {})
    shape = result.shape if isinstance(result, VectorOperand) else ()
    return cast(Nested, nest(lowering.evaluate(result), shape))
