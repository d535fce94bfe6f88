"""The words on a page: the program as a line, inputs with their values, the name of a derivative."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bpviz.figure.lettering import SUPERSCRIPTS, subscript
from bpviz.formula.numerals import MINUS, Rounding, number
from bpviz.graph import Graph
from bpviz.sources import statements

LONGEST = 90  # characters of a program that is shown
POWER = re.compile(r"\s*(?:\^|\*\*)\s*(\d+)(?!\d|\.|\s*(?:\^|\*\*))")
HOSTILE = re.compile(r"[\\$]")  # LaTeX: not to be shown as it is typed


def program_line(graph: Graph) -> str:
    """Return a program as a line of mathematics, without the values of its inputs; its output's name if it is long.

    >>> from bpviz.lang import parse
    >>> program_line(parse("q = x + y; q*z^2 - 1"))
    'q = x + y,  f = q·z² − 1'
    >>> program_line(parse("w = 2; w*x"))
    'f = w·x'
    """
    *others, last = statements(graph.source)
    last = last if "=" in last else f"{graph.output_name} = {last}"
    said = [*(each for each in others if each.partition("=")[0].strip() not in graph.defaults), last]
    line = ",  ".join(map(mathematics, said))
    return subscript(graph.output_name) if HOSTILE.search(line) or len(line) > LONGEST else line


def mathematics(expression: str) -> str:
    """Return an expression as typed with the signs of print."""
    raised = POWER.sub(lambda power: power[1].translate(SUPERSCRIPTS), expression)
    return subscript(raised.replace("*", "·").replace("-", MINUS))


def point_line(point: Mapping[str, float], rounding: Rounding) -> str:
    """Return inputs with their values.

    >>> point_line({"x": 3, "w_0": -0.5}, Rounding(3))
    'x = 3,  w₀ = −0.5'
    """
    return ",  ".join(f"{subscript(name)} = {number(value, rounding)}" for name, value in point.items())


def derivative(output: str, name: str) -> str:
    """Return the name of a derivative: ∂f/∂x."""
    return f"∂{subscript(output)}/∂{subscript(name)}"
