"""The gate table's inline formulas as instructions: "exp(-a) / (1.0 + exp(-a))" with a gate's operands put in.

A formula is an expression of Python in the operands a, b, ..., all operands (...), the output z, numbers, comparisons,
a conditional, max and min of two, and the functions and numbers of math and bpviz.functions by name. It is read from
the table only, never from a user's text.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from bpviz.compiled.instructions import Instructions, Operation
from bpviz.functions import circular, exact, networks, normal, powers, several
from bpviz.gates import LETTERS
from bpviz.records import NamedTuple

MODULES = (math, exact, powers, circular, normal, networks, several)
OPERATORS: Mapping[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
OUTPUT, ALL = "z", "..."


class Apply(NamedTuple):
    """An operation on the items before it, so many of them and perhaps all of a gate's operands; or a part of it."""

    operation: Operation
    operands: int
    takes_all: bool = False
    part: int | None = None


Item = str | float | Apply  # a name, a number, or what is done with those before it


def emit(formula: str, operands: Sequence[int], code: Instructions, output: int = -1, meant: int = 0) -> int:
    """Append what a formula computes of a gate's operands and output; return the result's id.

    meant is the slot of the operand that is called a where a gate of several has one formula for all of them.
    """
    stack: list[int] = []
    for item in _read(formula):
        if isinstance(item, Apply):
            taken = [stack.pop() for _ in range(item.operands)][::-1]
            stack.append(call(item.operation, [*taken, *(operands if item.takes_all else ())], code, item.part))
        elif isinstance(item, float):
            stack.append(code.constant(item))
        else:
            stack.append(output if item == OUTPUT else operands[LETTERS.index(item) or meant])
    return stack.pop()


def call(function: Operation, operands: Sequence[int], code: Instructions, part: int | None = None) -> int:
    """Append an operation, or the formula that stands for a function; return the id of its result, or of a part."""
    formulas = code.formulas.get(function)
    if formulas:
        return emit(formulas[part or 0], operands, code)
    whole = code.add(function, *operands)
    return whole if part is None else code.part(whole, part)


@cache
def vocabulary() -> Mapping[str, Any]:
    """Return the functions and numbers that a formula may name."""
    return {"abs": abs} | {name: each for module in MODULES for name, each in vars(module).items()}


@cache
def _read(formula: str) -> tuple[Item, ...]:
    return tuple(_items(ast.parse(formula, mode="eval").body))


def _items(node: ast.expr) -> Iterator[Item]:
    """Yield an expression's items, each operation after what it is applied to."""
    match node:
        case ast.Name(id=name):
            yield name if name in LETTERS or name == OUTPUT else float(vocabulary()[name])
        case ast.Constant(value=float(value)):
            yield value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=float(value))):
            yield -value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield from _applied("negative", [operand])
        case (
            ast.BinOp(left=left, op=operator, right=right) | ast.Compare(left=left, ops=[operator], comparators=[right])
        ):
            yield from _applied(OPERATORS[type(operator)], [left, right])
        case ast.IfExp(test=test, body=then, orelse=otherwise):
            yield from _applied("if", [test, then, otherwise])
        case ast.Call(func=ast.Name(id=name), args=operands):
            yield from _applied(name if name in ("max", "min") else vocabulary()[name], operands)
        case ast.Subscript(value=ast.Call(func=ast.Name(id=name), args=operands), slice=ast.Constant(value=int(part))):
            yield from _applied(vocabulary()[name], operands, part)
        case _:
            raise ValueError(f"{ast.unparse(node)} cannot be compiled")


def _applied(operation: Operation, operands: Sequence[ast.expr], part: int | None = None) -> Iterator[Item]:
    single = [each for each in operands if not (isinstance(each, ast.Constant) and each.value is ...)]
    for operand in single:
        yield from _items(operand)
    yield Apply(operation, len(single), takes_all=len(single) < len(operands), part=part)
