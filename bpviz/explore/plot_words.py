"""The words of a plot: the program as a line, values of inputs, and what the picture shows in a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bpviz.explore.descents import Descent
from bpviz.explore.sweeps import Sweep
from bpviz.figure.lettering import SUPERSCRIPTS, subscript
from bpviz.formula.numerals import MINUS, Rounding, number
from bpviz.graph import Graph

MOST_CHARACTERS = 90  # of a program that is shown
POWER = re.compile(r"\s*(?:\^|\*\*)\s*(\d+)(?!\d|\.|\s*(?:\^|\*\*))")
LATEX = re.compile(r"[\\$]")  # not to be shown as it is typed


def describe_sweep(sweep: Sweep) -> str:
    """Say in a sentence what the picture of a sweep shows, for those who cannot see it."""
    output = sweep.graph.output_name
    over = " and ".join(map(str, sweep.ranges))
    if len(sweep.ranges) == 1:
        what = f"{output} and {write_derivative(output, sweep.ranges[0].name)} over {over}"
    else:
        what = f"contours of {output} and the field of its gradient over {over}"
    return "; ".join([what, *sweep.warnings])


def describe_descent(descent: Descent) -> str:
    """Say in a sentence what the picture of a descent shows, for those who cannot see it."""
    verb = "maximizing" if descent.maximizes else "minimizing"
    return f"{verb} {descent.name} over {', '.join(descent.params)}: {descent.summarize()}"


def write_program(graph: Graph) -> str:
    """Write a program as a line of mathematics without the values of its inputs, or only its output's name if long.

    >>> from bpviz.lang import parse
    >>> write_program(parse("q = x + y; q*z^2 - 1"))
    'q = x + y,  f = q·z² − 1'
    >>> write_program(parse("w = 2; w*x"))
    'f = w·x'
    """
    *others, last = graph.statements
    last = last if "=" in last else f"{graph.output_name} = {last}"
    shown = [*(each for each in others if each.partition("=")[0].strip() not in graph.defaults), last]
    raised = (POWER.sub(lambda power: power[1].translate(SUPERSCRIPTS), each) for each in shown)
    line = ",  ".join(subscript(each.replace("*", "·").replace("-", MINUS)) for each in raised)
    return subscript(graph.output_name) if LATEX.search(line) or len(line) > MOST_CHARACTERS else line


def write_point(point: Mapping[str, float], rounding: Rounding) -> str:
    """Write inputs with their values.

    >>> write_point({"x": 3, "w_0": -0.5}, Rounding(3))
    'x = 3,  w₀ = −0.5'
    """
    return ",  ".join(f"{subscript(name)} = {number(value, rounding)}" for name, value in point.items())


def write_derivative(output: str, name: str) -> str:
    """Write the name of a derivative: ∂f/∂x."""
    return f"∂{subscript(output)}/∂{subscript(name)}"


def describe_end(descent: Descent, rounding: Rounding) -> list[str]:
    """Return in a few words how a descent ended, at which rate, and which inputs did not move."""
    ended = descent.summarize(rounding).partition(":")[0].partition(";")[0].partition(",")[0]
    return [ended, f"rate {number(descent.rate, rounding)}", write_point(descent.fixed, rounding)]
