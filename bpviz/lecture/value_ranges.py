"""The values that the variants of a program may give an input: a list, as in 0,1, or an interval, as in 0.1:0.9.

An interval without a step is searched on round numbers, first few and then more: of 0.1:0.9 the tenths, then the
multiples of 0.05, then the hundredths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import cycle
from math import ceil, floor
from typing import NamedTuple

from bpviz.autodiff import check_number, list_inputs
from bpviz.errors import UsageError
from bpviz.graph import Graph
from bpviz.lang import read_constant
from bpviz.limits import DEFAULT, Limits
from bpviz.names import match_twins

COLON = ":"
HINT = "write the values, as in 0,1,2, or from:to or from:to:step, as in 0.1:0.9:0.1"
LEAST_FIRST, MOST_FIRST = 5, 1000  # values of an interval that are tried first
LEVELS = 3  # so often an interval is searched, each time more finely
MOST_VALUES = 10_000  # of an interval with a step


class ValueRange(NamedTuple):
    """The values that an input may have.

    levels are tried one after the other; a list of values and an interval with a step have one. is_list says that
    every single value was chosen by whoever made the range, 0 too.
    """

    levels: tuple[tuple[float, ...], ...]
    is_list: bool = False

    def at_level(self, level: int) -> tuple[float, ...]:
        """Return the values of a level, or of the last one there is."""
        return self.levels[min(level, len(self.levels) - 1)]


def make_value_ranges(graph: Graph, given: Mapping[str, object], limits: Limits = DEFAULT) -> dict[int, ValueRange]:
    """Make the range of each input, by its node, from text as in "0,1" and "0.1:0.9", or from numbers.

    The range of a vector is that of each of its entries. Raises UsageError for a name that is no input, and for what is
    no range.
    """
    ranges: dict[int, ValueRange] = {}
    for name, values in match_twins(given, [*graph.vector_inputs, *graph.input_names]).items():
        if name not in graph.input_names and name not in graph.vector_inputs:
            raise UsageError(f"no input is called {name}", hint=list_inputs(graph))
        found = read_value_range(values, name, limits) if isinstance(values, str) else _list_numbers(values, name)
        entries = graph.vector_inputs[name].entries if name in graph.vector_inputs else (name,)
        ranges |= {graph.find(entry): found for entry in entries}
    return ranges


def read_value_range(text: str, name: str, limits: Limits = DEFAULT) -> ValueRange:
    """Read a range as it is typed; raise UsageError for what is none.

    >>> read_value_range("0,1", "y")
    ValueRange(levels=((0.0, 1.0),), is_list=True)
    >>> read_value_range("0.1:0.9:0.4", "a")
    ValueRange(levels=((0.1, 0.5, 0.9),), is_list=False)
    >>> [len(level) for level in read_value_range("0.1:0.9", "a").levels]
    [9, 17, 81]
    """
    if "=" in text:
        raise UsageError(f"{name} = {text[:60]} is no range", hint="give every input a --range of its own")
    if COLON not in text:
        numbers = [read_constant(each, name, limits) for each in text.split(",")]
        return ValueRange((tuple(dict.fromkeys(numbers)),), is_list=True)
    ends = [each.strip() for each in text.split(COLON)]
    if len(ends) > 3 or not all(ends) or "," in text:
        raise UsageError(f"{name} = {text[:60]} is no range", hint=HINT)
    start, stop, *step = (read_constant(each, name, limits) for each in ends)
    if not start < stop:
        hint = f"write {ends[1]}:{ends[0]}" if start > stop else f"write {name}={ends[0]}, which keeps it as it is"
        raise UsageError(f"the range of {name} from {start:g} to {stop:g} has nothing between its ends", hint=hint)
    return ValueRange((_step_through(name, start, stop, step[0]),)) if step else _refine(start, stop)


def _list_numbers(values: object, name: str) -> ValueRange:
    numbers = values if isinstance(values, Sequence) else [values]
    if not numbers:
        raise UsageError(f"the range of {name} has no value", hint='write a list of numbers, or "0.1:0.9"')
    for each in numbers:
        check_number(name, each)
    return ValueRange((tuple(dict.fromkeys(map(float, numbers))),), is_list=True)


def _step_through(name: str, start: float, stop: float, step: float) -> tuple[float, ...]:
    """List start, start + step, … up to stop, without the noise of float64."""
    if not 0 < step <= stop - start:
        hint = f"the third number is the step: {start:g}:{stop:g}:{(stop - start) / 4:g}"
        raise UsageError(f"{name} cannot go from {start:g} to {stop:g} in steps of {step:g}", hint=hint)
    first, exact_step = Fraction(repr(start)), Fraction(repr(step))
    count = floor((Fraction(repr(stop)) - first) / exact_step) + 1
    if count > MOST_VALUES:
        hint = f"take a larger step; at most {MOST_VALUES:,} values are tried"
        raise UsageError(f"{name} from {start:g} to {stop:g} in steps of {step:g} has {count:,} values", hint=hint)
    return tuple(float(first + k * exact_step) for k in range(count))


def _refine(start: float, stop: float) -> ValueRange:
    """List the round numbers of an interval, and then finer ones, twice."""
    step = Fraction(1)
    while (stop - start) / step > MOST_FIRST:
        step *= 10
    levels: list[tuple[float, ...]] = []
    divisors = cycle((2, 5))  # 1, 0.5, 0.1, 0.05, …
    while len(levels) < LEVELS:
        first, last = ceil(Fraction(repr(start)) / step), floor(Fraction(repr(stop)) / step)
        if levels or last - first + 1 >= LEAST_FIRST:
            levels.append(tuple(float(k * step) for k in range(first, last + 1)))
        step /= next(divisors)
    return ValueRange(tuple(levels))
