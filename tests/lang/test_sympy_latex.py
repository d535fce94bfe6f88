r"""The strings of sympy's own test of its LaTeX parser: read to the value that sympy gives them, or refused.

Of the table those count that are a real number at a point; \overline{z}, which sympy conjugates, is a name here.
"""

from __future__ import annotations

import math
import random
import re

import pytest
import sympy

from bpviz.errors import BpvizError
from bpviz.lang import parse
from bpviz.names import spell_out

NO_GATES = (sympy.factorial, sympy.floor, sympy.ceiling, sympy.binomial)
NO_NUMBERS = (sympy.Integral, sympy.Derivative, sympy.Limit, sympy.Sum, sympy.Product, sympy.oo)


def scalars() -> list[tuple[str, sympy.Expr]]:
    """Return the strings of the table with the expressions that they stand for, of those that have a real value."""
    table = pytest.importorskip("sympy.parsing.tests.test_latex").GOOD_PAIRS
    pairs = [(latex, sympy.sympify(meant)) for latex, meant in table]
    return [
        (latex, meant)
        for latex, meant in pairs
        if isinstance(meant, sympy.Expr)
        and not meant.has(*NO_NUMBERS, *NO_GATES)
        and not meant.atoms(sympy.core.function.AppliedUndef)
        and all(sympy.im(value_of(meant, point_of(meant, seed))) == 0 for seed in range(2))
    ]


def point_of(expression: sympy.Expr, seed: int) -> dict[sympy.Symbol, float]:
    draw = random.Random(seed)
    point = {symbol: draw.uniform(0.3, 0.9) for symbol in sorted(expression.free_symbols, key=str)}
    return {symbol: math.pi if str(symbol) == "pi" else value for symbol, value in point.items()}


def value_of(expression: sympy.Expr, point: dict[sympy.Symbol, float]) -> sympy.Expr:
    return expression.subs(point).doit().evalf()


def fold(name: str) -> str:
    """Return the letters of a name without what sympy and bpviz write differently, such as where a prime stands."""
    return "".join(sorted(re.sub(r"[\W_]|bar", "", spell_out(name.replace("'", "′"))).lower()))


def read(latex: str, meant: sympy.Expr, seed: int) -> bool | None:
    """Return whether a string is read as it is meant; None where it is refused."""
    point = point_of(meant, seed)
    values = {fold(str(symbol)): value for symbol, value in point.items()}
    try:
        graph = parse(latex)
        trace = graph.at({name: values[fold(name)] for name in graph.input_names})
    except BpvizError:
        return None
    return math.isclose(trace.values[graph.output], float(value_of(meant, point)), rel_tol=1e-9)


def test_of_sympys_table_nine_tenths_are_read_and_none_wrong() -> None:
    answers = {latex: [read(latex, meant, seed) for seed in range(2)] for latex, meant in scalars()}
    wrong = [latex for latex, each in answers.items() if False in each]
    refused = [latex for latex, each in answers.items() if None in each]
    assert not wrong
    assert len(answers) >= 90
    assert len(answers) - len(refused) >= 0.9 * len(answers), refused
