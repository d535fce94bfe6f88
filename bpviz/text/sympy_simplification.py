"""Closed forms as sympy simplifies them, written as trees of numbers, letters and names.

This runs in a process of its own (sympy_process.py): sympy.simplify has no bound, and may take minutes over one line.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from fractions import Fraction
from math import pi
from threading import Timer
from typing import Any

import sympy

from bpviz.gates import GATES
from bpviz.graph import Graph, Node
from bpviz.text.sympy_process import ADD, INPUT, MULTIPLY, NUMBER, ONE_OVER, POWER, WHERE, Tree

LARGEST_NUMBER = 1000.0  # in absolute value; sympy writes (2*x)^n as 2^n * x^n, and computes 2^n
LARGEST_INTEGER = 2**4096  # beyond it, sympy is computing a number instead of keeping a formula
LARGEST_FRACTION = 10**9  # numerators and denominators from here on are one rounded number
MOST_PARTS_OF_PI = 360  # denominators of the fractions of π that are looked for
COMPARISONS = {sympy.Gt: ">", sympy.Ge: ">=", sympy.Lt: "<", sympy.Le: "<="}


class TooComplexError(Exception):
    """A closed form that sympy would not finish."""


def answer(job: dict[str, Any]) -> None:
    """Do a job and print its result: what the process of its own runs."""
    watch = Timer(job["seconds"], os._exit, (1,))
    watch.daemon = True
    watch.start()
    sys.stdout.write(simplify_job(job))


def simplify_job(job: dict[str, Any]) -> str:
    """Return the simplified derivatives of a job as JSON; null if sympy would not finish them."""
    try:
        return json.dumps(simplify_derivatives(decode_graph(job["graph"])))
    except (TooComplexError, RecursionError):
        return json.dumps(None)


def decode_graph(encoded: dict[str, Any]) -> Graph:
    """Read the graph that sympy_process.encode_graph has written."""
    nodes = tuple(
        Node(name, GATES[gate] if gate else None, tuple(operands), (0, 0), constant)
        for name, gate, operands, constant in encoded["nodes"]
    )
    return Graph("", nodes, tuple(encoded["inputs"]), encoded["output"], "f", {}, constants=encoded["constants"])


def simplify_derivatives(graph: Graph) -> list[Tree]:
    """Differentiate the output by each input, and let sympy simplify the derivatives.

    Raises TooComplexError where sympy would compute a number for ever, and where there is no derivative anywhere.
    """
    symbols = {i: sympy.Symbol(graph.nodes[i].name, real=True) for i in graph.inputs}
    output = _build_expression(graph, symbols)
    found = [_simplify(sympy.diff(output, symbol)) for symbol in symbols.values()]
    if any(each.has(sympy.nan, sympy.zoo) for each in found):
        raise TooComplexError
    letters = {symbol: k for k, symbol in enumerate(symbols.values())}
    return [_write_tree(each, letters) for each in found]


def _build_expression(graph: Graph, symbols: Mapping[int, Any]) -> Any:
    """Build the output as one expression in these symbols."""
    built: list[Any] = []
    for i, node in enumerate(graph.nodes[: graph.output + 1]):
        if i in symbols:
            built.append(symbols[i])
        elif node.gate is None:
            constant = node.constant or 0.0
            if abs(constant) > LARGEST_NUMBER:
                raise TooComplexError
            built.append(_guess_constant(constant))
        else:
            operands = [built[operand] for operand in node.operands]
            if all(operand.is_number for operand in operands) and not graph.constants:
                raise TooComplexError
            built.append(node.gate.symbolic(sympy, *operands))
            if any(max(abs(x.p), x.q) > LARGEST_INTEGER for x in built[i].atoms(sympy.Rational)):
                raise TooComplexError
    return built[graph.output]


def _guess_constant(x: float) -> Any:
    """Guess how a constant was typed: as a fraction of π, or as a decimal fraction."""
    turns = Fraction(x / pi).limit_denominator(MOST_PARTS_OF_PI)
    if turns and float(turns) * pi == x:
        return sympy.Rational(turns.numerator, turns.denominator) * sympy.pi
    fraction = Fraction(repr(x))
    return sympy.Rational(fraction.numerator, fraction.denominator)


def _simplify(expression: Any) -> Any:
    """Simplify an expression, its signs, steps, maxima and choices left as they are instead of rearranged.

    Of a choice the operands are simplified, each by itself. A sign has the slope 0, as bpviz takes it, and its square
    is 1 wherever it has one.
    """
    expression = expression.replace(sympy.DiracDelta, lambda *_: sympy.Integer(0))
    expression = expression.replace(
        lambda each: each.is_Pow and each.exp == 2 and each.base.func is sympy.sign, lambda _: sympy.Integer(1)
    )
    kinked = sorted(expression.atoms(sympy.sign, sympy.Heaviside, sympy.Max, sympy.Min, sympy.Piecewise), key=str)
    masks = {each: sympy.Dummy(real=True) for each in kinked}
    simpler = sympy.simplify(expression.xreplace(masks))
    kept = {}
    for each, mask in masks.items():
        kept[mask] = each
        if isinstance(each, sympy.Piecewise):
            pieces = [(_simplify(value), condition) for value, condition in each.args]
            kept[mask] = sympy.Piecewise(*pieces, evaluate=False)
    return simpler.xreplace(kept)


def _nest_choices(pieces: Any, letters: Mapping[Any, int]) -> Tree:
    """Write a choice as nested ones of two each; raise TooComplexError for a condition that is not a comparison."""
    (value, condition), *others = pieces
    if condition == sympy.true:
        return _write_tree(value, letters)
    if condition.func not in COMPARISONS or not others:
        raise TooComplexError
    sides = [_write_tree(side, letters) for side in condition.args]
    return [WHERE, [COMPARISONS[condition.func], *sides], _write_tree(value, letters), _nest_choices(others, letters)]


def _write_tree(expression: Any, letters: Mapping[Any, int]) -> Tree:
    """Write an expression as a tree, in the order in which sympy prints it."""
    if isinstance(expression, sympy.Piecewise):
        return _nest_choices(expression.args, letters)
    if expression.is_Symbol:
        return [INPUT, letters[expression]]
    if expression.is_Rational:
        is_short = max(abs(expression.p), expression.q) < LARGEST_FRACTION
        return [NUMBER, int(expression.p), int(expression.q)] if is_short else [NUMBER, float(expression)]
    if expression.is_Add:
        return [ADD, *(_write_tree(term, letters) for term in expression.as_ordered_terms())]
    if expression.is_Mul:
        return [MULTIPLY, *(_write_tree(factor, letters) for factor in expression.as_ordered_factors())]
    if expression.func is sympy.Abs and expression.args[0].is_Pow:  # sympy writes |x^(2/3)|, where x^(2/3) is complex
        base, exponent = expression.args[0].args
        return [POWER, _write_tree(sympy.Abs(base), letters), _write_tree(exponent, letters)]
    if expression.is_Pow:
        base, exponent = expression.args
        if exponent.is_number and exponent.is_negative:
            return [ONE_OVER, _write_tree(base**-exponent, letters)]
        return [POWER, _write_tree(base, letters), _write_tree(exponent, letters)]
    return [expression.func.__name__, *(_write_tree(argument, letters) for argument in expression.args)]
