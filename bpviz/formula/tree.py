"""The gate table's formulas as small trees, with a gate's operands put in: what every language and notation prints.

A row writes its formula once ("1.0/(1 + exp(-a))", "b*a^(b-1)"); Python, LaTeX and the others differ only in how a
tree is printed (printing.py). The notation: numbers and pi, the operands a, b, ..., the output z, "..." for all
operands, "others" for all but the one meant, "pairs" for the products of two lists, "partner" for the other factor of
the one meant, + - * / ^, comparisons, and functions by name; sum, prod and count are written out. It is read from the
table only, never from a user's text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from math import isfinite, pi
from typing import NamedTuple, Union

from bpviz.gates import LETTERS, Gate

TOKEN = re.compile(r"\s*(\.\.\.|\d+(?:\.\d+)?|\w+|==|[-+*/^()<>,])")
OPERATORS = (("<", ">", "=="), ("+", "-"), ("*", "/"))  # loosest first; unary minus and ^ bind tighter
ALL, OTHERS = "...", "others"
PAIRS, PARTNER = "pairs", "partner"  # of two lists: the products, operand by operand, and the other of a product
SIGNS, COUNT = {"sum": "+", "prod": "*"}, "count"  # functions that are written out
PI = "π"
SHORT = 8  # a folded number of more characters than this is left as the sum or product that it is


class Atom(NamedTuple):
    """A name, or with a value a number, as the language at hand writes it."""

    text: str
    value: float | None = None


class Term(NamedTuple):
    """An operator or a function with what it is applied to."""

    head: str
    parts: tuple[Formula, ...]


Formula = Union[Atom, Term]  # noqa: UP007  Python 3.10 cannot join a class and a forward reference with |


def forward(gate: Gate, operands: Sequence[Atom], output: Atom, *, mathematics: bool = False) -> Formula:
    """Return a gate's formula with its operands put in, as code or as mathematics."""
    return put(_read(gate.math if mathematics and gate.math else gate.code), operands, output)


def forwards(gate: Gate, operands: Sequence[Atom], output: Atom) -> list[Formula]:
    """Return a gate's formulas as code: the textbook's, and if it has one the one that is right everywhere."""
    return [put(_read(formula), operands, output) for formula in (gate.code, gate.sound) if formula]


def slope(gate: Gate, slot: int, operands: Sequence[Atom], output: Atom) -> Formula:
    """Return the local gradient of one operand; a gate of several operands has one formula, in which a is that one."""
    return slopes(gate, slot, operands, output)[0]


def slopes(gate: Gate, slot: int, operands: Sequence[Atom], output: Atom) -> list[Formula]:
    """Return the local gradient of one operand: the textbook's, and if there is one the one right everywhere."""
    found = []
    for formulas in (gate.code_slopes, gate.sound_slopes):
        meant, k = (slot, 0) if len(formulas) == 1 else (0, slot)
        if formulas and formulas[k]:
            found.append(simplified(put(_read(formulas[k]), operands, output, meant)))
    return found


def put(formula: Formula, operands: Sequence[Atom], output: Atom, meant: int = 0) -> Formula:
    """Return a formula of the table with atoms for its operands and its output; a stands for the operand meant."""
    if isinstance(formula, Atom):
        if formula.value is not None:
            return formula
        if formula.text == "z":
            return output
        if formula.text == "pi":
            return Atom(PI, pi)
        if formula.text == PARTNER:
            return operands[(meant + len(operands) // 2) % len(operands)]
        return operands[LETTERS.index(formula.text) or meant]
    parts: list[Formula] = []
    for part in formula.parts:
        if part == Atom(ALL):
            parts += operands
        elif part == Atom(PAIRS):
            half = len(operands) // 2
            parts += [Term("*", pair) for pair in zip(operands[:half], operands[half:], strict=True)]
        elif part == Atom(OTHERS):
            parts += [operand for slot, operand in enumerate(operands) if slot != meant]
        else:
            parts.append(put(part, operands, output, meant))
    return _written_out(formula.head, tuple(parts))


def _written_out(head: str, parts: tuple[Formula, ...]) -> Formula:
    """Return a function of operands; a sum, a product or a count of several as one writes it without the function."""
    if head == COUNT:
        return Atom(f"{len(parts)}", float(len(parts)))
    return parts[0] if head in SIGNS and len(parts) == 1 else Term(SIGNS.get(head, head), parts)


def simplified(formula: Formula) -> Formula:
    """Return a local gradient as one writes it by hand: 3*x^(3-1) is 3x², 1*x^0 is 1."""
    if isinstance(formula, Atom):
        return formula
    parts = tuple(simplified(part) for part in formula.parts)
    numbers = tuple(part.value if isinstance(part, Atom) else None for part in parts)
    match formula.head, numbers:
        case "*", (0.0, _) | (_, 0.0):
            return Atom("0", 0.0)
        case (("*" | "^" | "/"), (_, 1.0)):
            return parts[0]
        case "*", (1.0, _):
            return parts[1]
        case "*", (-1.0, _):
            return Term("negative", parts[1:])
        case "^", (_, 0.0):
            return Atom("1", 1.0)
    return _folded(formula.head, parts, numbers)


def _folded(head: str, parts: tuple[Formula, ...], numbers: tuple[float | None, ...]) -> Formula:
    """Return a difference of two numbers, or a negative one, as a number where that is short."""
    result = None
    match head, numbers:
        case "-", (float(a), float(b)):
            result = a - b
        case "negative", (float(a),):
            result = -a
    if result is None or not isfinite(result) or len(f"{result:.17g}") > SHORT:
        return Term(head, parts)
    return Atom("", result)


@cache
def _read(text: str) -> Formula:
    """Return a formula of the table as a tree."""
    formula, rest = _binary([*TOKEN.findall(text), ""], 0)
    if rest != [""]:
        raise ValueError(f"the gate table's formula {text!r} goes wrong at {' '.join(rest)!r}")
    return formula


def _binary(tokens: list[str], level: int) -> tuple[Formula, list[str]]:
    if level == len(OPERATORS):
        return _power(tokens)
    if level == 1 and tokens[0] == "-":
        operand, tokens = _binary(tokens[1:], 2)
        left: Formula = Term("negative", (operand,))
    else:
        left, tokens = _binary(tokens, level + 1)
    while tokens[0] in OPERATORS[level]:
        operator = tokens[0]
        right, tokens = _binary(tokens[1:], level + 1)
        left = Term(operator, (left, right))
    return left, tokens


def _power(tokens: list[str]) -> tuple[Formula, list[str]]:
    base, tokens = _primary(tokens)
    if tokens[0] != "^":
        return base, tokens
    exponent, tokens = _primary(tokens[1:])
    return Term("^", (base, exponent)), tokens


def _primary(tokens: list[str]) -> tuple[Formula, list[str]]:
    head, *rest = tokens
    if head == "(":
        inside, rest = _binary(rest, 0)
        return inside, rest[1:]
    if rest[0] == "(":
        return _call(head, rest[1:])
    return Atom(head, float(head) if head[0].isdigit() else None), rest


def _call(name: str, tokens: list[str]) -> tuple[Formula, list[str]]:
    parts = []
    while True:
        part, (mark, *tokens) = _binary(tokens, 0)
        parts.append(part)
        if mark != ",":
            return Term(name, tuple(parts)), tokens
