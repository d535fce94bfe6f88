"""The gate table's inline formulas as instructions: "exp(-a) / (1.0 + exp(-a))" with a gate's operands put in.

A formula is an expression of Python in the operands a, b, ..., the output z, numbers, comparisons, a conditional and
the functions of math and bpviz.functions by name. It is read from the table only, never from a user's text.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from functools import cache
from typing import Any

from bpviz.compiled.instructions import Instructions
from bpviz.functions import circular, exact, networks, normal, powers

MODULES = (math, exact, powers, circular, normal, networks)
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
}


def emit(formula: str, names: Mapping[str, int], code: Instructions) -> int:
    """Append what a formula computes, the ids of its operands and output given by name; return the result's id."""
    return _emit(_read(formula), names, code)


@cache
def _read(formula: str) -> ast.expr:
    return ast.parse(formula, mode="eval").body


@cache
def vocabulary() -> Mapping[str, Any]:
    """Return the functions and numbers that a formula may name."""
    return {"abs": abs} | {name: each for module in MODULES for name, each in vars(module).items()}


def _emit(node: ast.expr, names: Mapping[str, int], code: Instructions) -> int:
    match node:
        case ast.Name(id=name):
            return names[name] if name in names else code.constant(float(vocabulary()[name]))
        case ast.Constant(value=float(value) | int(value)):
            return code.constant(float(value))
        case ast.BinOp(left=left, op=operator, right=right):
            parts = [left, right]
            return code.add(OPERATORS[type(operator)], *(_emit(part, names, code) for part in parts))
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)):
            return code.constant(-float(value))  # type: ignore[arg-type]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return code.add("negative", _emit(operand, names, code))
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return code.add(OPERATORS[type(operator)], _emit(left, names, code), _emit(right, names, code))
        case ast.IfExp(test=test, body=then, orelse=otherwise):
            return code.add("if", *(_emit(part, names, code) for part in (test, then, otherwise)))
        case ast.Call(func=ast.Name(id=name), args=operands):
            function = name if name in ("max", "min") else vocabulary()[name]
            return code.add(function, *(_emit(operand, names, code) for operand in operands))
        case _:
            raise ValueError(f"the gate table's formula {ast.unparse(node)!r} is none that can be compiled")
