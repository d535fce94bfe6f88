"""What each language calls the functions of the gate table's formulas: one table, the rest is shared.

A function that is not named here has its own name in the library: exp is math.exp, np.exp, torch.exp, jnp.exp.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bpviz.formula.printing import POWER, Function, Style, fill
from bpviz.formula.tree import Atom

LITERAL = re.compile(r"(0|[1-9]\d{0,14})(\.\d+)?")  # a number as typed that means the same in Python
CONSTANT = re.compile(r"-?(\d[\d.]*(e[-+]?\d+)?|(torch|jnp)\.pi)")
WHOLE_NUMBER = re.compile(r"-?\d+")  # which some functions of JAX do not take
NUMBER = re.compile(r"-?\d[\d.]*(e[-+]?\d+)?")
CALCULATION = re.compile(r"(\d[\d.]*(e[-+]?\d+)?|(torch|jnp)\.pi|[-+*/() ])+")  # of numbers alone
FRAMEWORKS_OWN = ("σ", "Φ", "softplus", "logsumexp")
COMPARED = re.compile(r" (?:[<>]=?|[=!]=) ")
RECIPROCALS = {"sec": "cos", "csc": "sin", "cot": "tan", "sech": "cosh", "csch": "sinh", "coth": "tanh"}
WHOLE = 1e15  # from here on a whole number is written as a float


class FrameworkRules(NamedTuple):
    """What a framework takes where there is no derivative: the slopes of |x| at 0 and of hypot at the origin.

    nan_roots are the roots whose slope at 0 is no number to it. A tie of max or min is shared equally by every one.
    """

    name: str
    abs_at_0: float
    hypot_at_0: float
    nan_roots: tuple[str, ...]


@dataclass(frozen=True)
class Dialect:
    """A language of listings: its import lines, the names they bind, and how formulas are written.

    math is the import line of a listing that uses that module; own are the functions of a gate's mathematics that a
    framework has, which needs no formula for them; takes_arrays says that its lines compute whole arrays of points.
    rules are a framework's own at kinks; number is how the result of numbers alone is written. A line that names a
    number is constant, or variable where more is added to it; comment is what a comment begins with.
    """

    imports: tuple[str, ...]
    names: tuple[str, ...]
    style: Style
    math: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    takes_arrays: bool = False
    rules: FrameworkRules | None = None
    number: str = "{}"
    constant: str = "{} = {}"
    variable: str = "{} = {}"
    addition: str = "{} += {}"
    comment: str = "#"


def _compare_with_others(operands: list[str], sign: str) -> str:
    """Write the share of the gradient that one operand of max or min gets: all, none, or a part at a tie."""
    own, output, *every = operands
    if len(every) == 2:
        other = every[every[0] == own]
        return f"(({own} {sign} {other}) + 0.5 * ({own} == {other}))"
    return f"(({own} == {output}) / sum(each == {output} for each in ({', '.join(every)})))"


def _write_number(module: str, atom: Atom) -> str:
    value = atom.value or 0.0
    if abs(value) == math.pi:
        return f"{'-' if value < 0 else ''}{module}.pi"
    if math.isinf(value):
        return f"{'-' if value < 0 else ''}{module}.inf"
    if LITERAL.fullmatch(atom.text) and float(atom.text) == value:
        return atom.text
    return f"{value:.0f}" if value.is_integer() and abs(value) < WHOLE else repr(value)


def _write_script_number(atom: Atom) -> str:
    value = atom.value or 0.0
    if abs(value) == math.pi:
        return f"{'-' if value < 0 else ''}Math.PI"
    if math.isinf(value):
        return f"{'-' if value < 0 else ''}Infinity"
    return f"{value:.0f}" if value.is_integer() and abs(value) < WHOLE else repr(value)


def _make_tensor(operand: str) -> str:
    """Write an operand for a function of PyTorch, which takes tensors only."""
    if CONSTANT.fullmatch(operand):
        return f"torch.tensor({operand if operand.endswith('pi') else float(operand)})"
    return f"torch.tensor({operand})" if CALCULATION.fullmatch(operand) else operand


def _write_condition(condition: str) -> str:
    """Write a condition without its brackets: x > 0 of (x > 0), and (x == 0) * (y < 1) as it is."""
    return condition if ") * (" in condition else condition[1:-1]


def _choose(module: str, operands: list[str]) -> str:
    condition, then, otherwise = operands
    return f"{module}.where({_write_condition(condition)}, {then}, {otherwise})"


def _choose_value(operands: list[str]) -> str:
    condition, then, otherwise = operands
    return f"({then} if {_write_condition(condition)} else {otherwise})"


def _choose_traced(module: str, operands: list[str]) -> str:
    """Write a choice for a framework, which differentiates numbers that depend on an operand, and no whole ones."""
    condition, *branches = operands
    if not all(CALCULATION.fullmatch(branch) for branch in branches):
        return _choose(module, operands)
    numbers = [f"{float(branch)}" if NUMBER.fullmatch(branch) else branch for branch in branches]
    compared = next((side for side in COMPARED.split(condition[1:-1]) if not CONSTANT.fullmatch(side)), "0")
    return f"({_choose(module, [condition, *numbers])} + 0 * {compared})"


def _choose_tensor(operands: list[str]) -> str:
    """Write a choice for PyTorch, to which a comparison of two numbers is no condition yet."""
    condition, *branches = operands
    sides = COMPARED.split(condition[1:-1])
    if all(CONSTANT.fullmatch(side) or CALCULATION.fullmatch(side) for side in sides):
        return _choose("torch", [f"(torch.tensor{condition})", *branches])
    return _choose_traced("torch", [condition, *branches])


def _find_extreme_tensor(pair: str, many: str, operands: list[str]) -> str:
    tensors = ", ".join(map(_make_tensor, operands))
    return f"torch.{pair}({tensors})" if len(operands) == 2 else f"torch.stack([{tensors}]).{many}(0)"


def _find_extreme_array(pair: str, many: str, operands: list[str]) -> str:
    joined = ", ".join(operands)
    return f"jnp.{pair}({joined})" if len(operands) == 2 else f"jnp.stack([{joined}]).{many}(0)"


def add_plainly(operands: list[str]) -> str:
    """Write a sum with plus signs, which a framework differentiates."""
    return f"({' + '.join(operands)})"


def _find_largest(module: str, pair: str, operands: list[str]) -> str:
    joined = ", ".join(operands)
    several = f"{module}.{pair}.reduce({module}.broadcast_arrays({joined}))"
    return f"{module}.{pair}({joined})" if len(operands) == 2 else several


SHARES: Mapping[str, Function] = {
    "above": lambda operands: _compare_with_others(operands, ">"),
    "below": lambda operands: _compare_with_others(operands, "<"),
}
PYTHON = Dialect(
    imports=(),
    math=("import math",),
    names=("math",),
    style=Style(
        number=lambda atom: _write_number("math", atom),
        negative_number=POWER,
        other_function="math.{}({})",
        functions={
            "ln": "math.log(#1)",
            "abs": "abs(#1)",
            "max": "max(#*)",
            "min": "min(#*)",
            "relu": "max(0.0, #1)",
            "sign": "((#1 > 0) - (#1 < 0))",
            **SHARES,
            "where": _choose_value,
            "step": "float(#1 > 0)",
            "cbrt": "math.copysign(abs(#1) ** (1 / 3), #1)",
            "root": "math.copysign(abs(#1) ** (1 / #2), #1)",
            "fsum": "math.fsum([#*])",
            "arcsin": "math.asin(#1)",
            "arccos": "math.acos(#1)",
            "arctan": "math.atan(#1)",
            "arsinh": "math.asinh(#1)",
            "arcosh": "math.acosh(#1)",
            "artanh": "math.atanh(#1)",
            **{name: f"(1 / math.{inverse}(#1))" for name, inverse in RECIPROCALS.items()},
        },
    ),
)
# Names that a listing in JavaScript must not use: the language's own, and those that it or a browser needs.
# fmt: off
SCRIPT_WORDS = (
    "arguments", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete",
    "do", "else", "enum", "eval", "export", "extends", "false", "finally", "for", "function", "if", "implements",
    "import", "in", "instanceof", "interface", "let", "new", "null", "package", "private", "protected", "public",
    "return", "static", "super", "switch", "this", "throw", "true", "try", "typeof", "undefined", "var", "void",
    "while", "with", "yield", "Array", "BigInt", "Infinity", "Math", "NaN", "Number", "Object", "RangeError",
    "String", "console", "document", "location", "top", "window",
)
# fmt: on
IN_MATH = ("exp", "expm1", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "atan2", "hypot", "cbrt", "abs", "sign")
# What JavaScript's Math has not, or gives a value where there is none, is a function of gates/accurate/accurate.js.
JAVASCRIPT = Dialect(
    imports=(),
    names=SCRIPT_WORDS,
    constant="const {} = {};",
    variable="let {} = {};",
    addition="{} += {};",
    comment="//",
    style=Style(
        number=_write_script_number,
        relation="Number({} {} {})",
        relations={"==": "===", "!=": "!=="},
        power="power({}, {})",
        closed_exponent=True,
        functions={
            **{name: f"Math.{name}(#1)" for name in IN_MATH},
            "atan2": "Math.atan2(#*)",
            "hypot": "Math.hypot(#*)",
            "max": "Math.max(#*)",
            "min": "Math.min(#*)",
            "relu": "Math.max(0, #1)",
            "above": "share_equally(#*)",
            "below": "share_equally(#*)",
            "where": lambda operands: f"({operands[0]} ? {operands[1]} : {operands[2]})".replace("(Number(", "((", 1),
            "step": "Number(#1 > 0)",
            "arcsin": "Math.asin(#1)",
            "arccos": "Math.acos(#1)",
            "arctan": "Math.atan(#1)",
            "arsinh": "Math.asinh(#1)",
            "arcosh": "Math.acosh(#1)",
        },
    ),
)
NUMPY = Dialect(
    imports=("import numpy as np",),
    math=("import math", ""),
    names=("math", "np"),
    takes_arrays=True,
    style=Style(
        number=lambda atom: _write_number("np", atom),
        negative_number=POWER,
        negative_relation="-1.0 * {}",
        other_function="np.{}({})",
        functions={
            "ln": "np.log(#1)",
            "max": lambda operands: _find_largest("np", "maximum", operands),
            "min": lambda operands: _find_largest("np", "minimum", operands),
            "relu": "np.maximum(0.0, #1)",
            **SHARES,
            "where": lambda operands: _choose("np", operands),
            "step": "np.where(#1 > 0, 1.0, 0.0)",
            "root": "np.sign(#1) * np.abs(#1) ** (1 / #2)",
            "atan2": "np.arctan2(#*)",
            "erf": "np.vectorize(math.erf)(#1)",
            "erfc": "np.vectorize(math.erfc)(#1)",
            "fsum": "np.vectorize(lambda *each: math.fsum(each))(#*)",
            "arsinh": "np.arcsinh(#1)",
            "arcosh": "np.arccosh(#1)",
            "artanh": "np.arctanh(#1)",
        },
    ),
)
TORCH = Dialect(
    imports=("import torch", "", "torch.set_default_dtype(torch.float64)"),
    names=("torch",),
    style=Style(
        number=lambda atom: _write_number("torch", atom),
        negative_number=POWER,
        other_function="torch.{}({})",
        functions={
            "max": lambda operands: _find_extreme_tensor("maximum", "amax", operands),
            "min": lambda operands: _find_extreme_tensor("minimum", "amin", operands),
            "ln": lambda operands: f"torch.log({_make_tensor(operands[0])})",
            "where": _choose_tensor,
            "step": "torch.relu(torch.sign(#1))",
            "cbrt": "torch.sign(#1) * torch.abs(#1) ** (1 / 3)",
            "root": lambda operands: fill(
                "torch.sign(#1) * torch.abs(#1) ** (1 / #2)", [_make_tensor(operands[0]), operands[1]]
            ),
            "logsumexp": lambda operands: (
                f"torch.logsumexp(torch.stack([{', '.join(map(_make_tensor, operands))}]), 0)"
            ),
            "σ": lambda operands: f"torch.sigmoid({_make_tensor(operands[0])})",
            "Φ": lambda operands: f"torch.special.ndtr({_make_tensor(operands[0])})",
            "softplus": lambda operands: f"torch.nn.functional.softplus({_make_tensor(operands[0])}, threshold=40)",
            "fsum": add_plainly,
            "arsinh": "torch.asinh(#1)",
            "arcosh": "torch.acosh(#1)",
            "artanh": "torch.atanh(#1)",
        },
        argument=_make_tensor,
    ),
    own=FRAMEWORKS_OWN,
    number="torch.as_tensor({}, dtype=torch.float64)",
    rules=FrameworkRules("PyTorch", abs_at_0=0.0, hypot_at_0=math.nan, nan_roots=("cbrt", "root")),
)
JAX = Dialect(
    imports=("import jax", "import jax.numpy as jnp", "", 'jax.config.update("jax_enable_x64", True)'),
    names=("jax", "jnp"),
    style=Style(
        number=lambda atom: _write_number("jnp", atom),
        negative_number=POWER,
        other_function="jnp.{}({})",
        functions={
            "ln": "jnp.log(#1)",
            "max": lambda operands: _find_extreme_array("maximum", "max", operands),
            "min": lambda operands: _find_extreme_array("minimum", "min", operands),
            "relu": "jax.nn.relu(#1)",
            "where": lambda operands: _choose_traced("jnp", operands),
            "step": "jnp.heaviside(#1, 0.0)",
            "root": "jnp.sign(#1) * jnp.abs(#1) ** (1 / #2)",
            "logsumexp": "jax.scipy.special.logsumexp(jnp.stack([#*]), 0)",
            "atan2": "jnp.arctan2(#*)",
            "erf": "jax.lax.erf(#1)",
            "σ": "jax.nn.sigmoid(#1)",
            "Φ": "jax.scipy.special.ndtr(#1)",
            "softplus": "jax.nn.softplus(#1)",
            "fsum": add_plainly,
            "arsinh": "jnp.arcsinh(#1)",
            "arcosh": "jnp.arccosh(#1)",
            "artanh": "jnp.arctanh(#1)",
        },
        argument=lambda operand: f"{operand}.0" if WHOLE_NUMBER.fullmatch(operand) else operand,
    ),
    own=FRAMEWORKS_OWN,
    number="float({})",
    rules=FrameworkRules("JAX", abs_at_0=1.0, hypot_at_0=0.5, nan_roots=("root",)),
)
