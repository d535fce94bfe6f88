"""A formula as a small tree, and the notation in which the gate table states its mathematics.

"1.0/(1 + exp(-a))" becomes Term("/", (1.0, Term("+", …))); Python, LaTeX and the other languages differ only in how
such a tree is printed (printing.py), and floats, sympy and mpmath in how it is worked out (evaluation.py).

The notation has numbers and pi, the operands a, b, …, the output z and its gradient up, + - * / ^, comparisons and
functions by name. For a function of many operands "..." stands for all of them, "others" for all but the one meant,
"pairs" for the products of two lists, "partner" for the other factor of the one meant, "exps" for the exponentials,
"shares" for those with the largest operand subtracted first; sum, prod and count are written out. Only formulas of our
own are read here: never a text that somebody typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from math import pi
from typing import NamedTuple, Union

LETTERS = "abcdefgh"  # what the operands are called, in their order
OUTPUT, UPSTREAM = "z", "up"
TOKEN = re.compile(r"\s*(\.\.\.|\d+(?:\.\d+)?|\w+|==|!=|<=|>=|[-+*/@^()<>,])")
# loosest first; unary minus and ^ bind tighter
OPERATORS = (("<", ">", "==", "!=", "<=", ">="), ("+", "-"), ("*", "/", "@"))
ALL, OTHERS = "...", "others"
PAIRS, PARTNER = "pairs", "partner"  # of two lists: the products, operand by operand, and the other of a product
EXPS, SHARES = "exps", "shares"  # exp of each operand, and of each less the largest one
WRITTEN_OUT, COUNT = {"sum": "+", "prod": "*"}, "count"  # functions of several that formulas write out
PI = "π"
# What a term of numbers stands for: a vector as it lies, or turned, and a matrix of rows.
GRIDS = ("column", "row", "turned column", "turned row", "matrix")


class Atom(NamedTuple):
    """A name, or with a value a number: its text as the language at hand writes it, or empty.

    typed is the calculation as which a number was typed, of numbers alone: 2·π of 6.28.
    """

    text: str
    value: float | None = None
    typed: Term | None = None


class Term(NamedTuple):
    """An operator or a function with what it is applied to."""

    head: str
    parts: tuple[Formula, ...]


Formula = Union[Atom, Term]  # noqa: UP007  Python 3.10 cannot join a class and a forward reference with |


def substitute(
    formula: Formula, operands: Sequence[Atom], output: Atom, meant: int = 0, upstream: Atom | None = None
) -> Formula:
    """Put atoms into a formula for a, b, … and z; where there is one formula for all operands, a is the one meant.

    upstream stands for up, the gradient of z, in a formula that has it.

    >>> substitute(read("a*b + z"), [Atom("x"), Atom("y")], Atom("f")) == read("x*y + f")
    True
    """
    if isinstance(formula, Atom):
        if formula.value is not None:
            return formula
        if formula.text == OUTPUT:
            return output
        if formula.text == UPSTREAM and upstream:
            return upstream
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
        elif part == Atom(EXPS):
            parts += [Term("exp", (operand,)) for operand in operands]
        elif part == Atom(SHARES):
            largest = Term("max", tuple(operands))
            parts += [Term("exp", (Term("-", (operand, largest)),)) for operand in operands]
        elif part == Atom(OTHERS):
            parts += [operand for slot, operand in enumerate(operands) if slot != meant]
        else:
            parts.append(substitute(part, operands, output, meant, upstream))
    if formula.head == COUNT:
        return Atom(f"{len(parts)}", float(len(parts)))
    if formula.head in WRITTEN_OUT and len(parts) == 1:
        return parts[0]
    return Term(WRITTEN_OUT.get(formula.head, formula.head), tuple(parts))


@cache
def read(text: str) -> Formula:
    """Read a formula in our notation; raise ValueError for one that is wrong.

    >>> read("2*a")
    Term(head='*', parts=(Atom(text='2', value=2.0, typed=None), Atom(text='a', value=None, typed=None)))
    """
    formula, rest = _read_binary([*TOKEN.findall(text), ""], 0)
    if rest != [""]:
        raise ValueError(f"the formula {text!r} goes wrong at {' '.join(rest).strip()!r}")
    return formula


def _read_binary(tokens: list[str], level: int) -> tuple[Formula, list[str]]:
    if level == len(OPERATORS):
        base, tokens = _read_primary(tokens)
        if tokens[0] != "^":
            return base, tokens
        exponent, tokens = _read_primary(tokens[1:])
        return Term("^", (base, exponent)), tokens
    if level == 1 and tokens[0] == "-":
        operand, tokens = _read_binary(tokens[1:], 2)
        left: Formula = Term("negative", (operand,))
    else:
        left, tokens = _read_binary(tokens, level + 1)
    while tokens[0] in OPERATORS[level]:
        operator = tokens[0]
        right, tokens = _read_binary(tokens[1:], level + 1)
        left = Term(operator, (left, right))
    return left, tokens


def _read_primary(tokens: list[str]) -> tuple[Formula, list[str]]:
    head, *rest = tokens
    if head == "(":
        inside, rest = _read_binary(rest, 0)
        return inside, rest[1:]
    if rest[0] != "(":
        return Atom(head, float(head) if head[0].isdigit() else None), rest
    operand, rest = _read_binary(rest[1:], 0)
    operands = [operand]
    while rest[0] == ",":
        operand, rest = _read_binary(rest[1:], 0)
        operands.append(operand)
    return Term(head, tuple(operands)), rest[1:]
