"""The sliders of a page: each input has a range, given as -10:10:0.01 or else chosen around its value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor, log10
from typing import NamedTuple

from bpviz.autodiff import Trace, check_number, list_inputs
from bpviz.errors import UsageError
from bpviz.graph import Graph
from bpviz.lang import read_constant
from bpviz.limits import DEFAULT, Limits
from bpviz.names import match_twins

COLON = ":"
HINT = "write from:to or from:to:step, such as -10:10:0.01"
STEPS = 200  # from one end to the other, where no step is given
ROOM = 1.5  # times its value: so far from 0 a range ends at least, where none is given
USUAL_END = 2.0  # of the range around an input that is 0


class Slider(NamedTuple):
    """The range of an input: its first value, its last, and the step between two of them."""

    name: str
    start: float
    stop: float
    step: float


def make_sliders(
    trace: Trace, given: Mapping[str, str | Sequence[float]], limits: Limits = DEFAULT
) -> tuple[Slider, ...]:
    """Make a slider for every input of a trace, from the ranges that are given by name.

    A range is "-10:10:0.01" or (-10, 10, 0.01), its step left out or not. Raises UsageError for a name that is no
    input, for what is no range, and for a range that the input's value is not in.
    """
    graph = trace.graph
    ranges = match_twins(given, graph.input_names)
    for name in ranges:
        if name not in graph.input_names:
            raise UsageError(f"no input is called {name}", hint=list_inputs(graph))
    sliders = []
    for name in graph.input_names:
        value = trace.value(name)
        slider = _read_slider(name, ranges[name], limits) if name in ranges else surround(name, value)
        if not slider.start <= value <= slider.stop:
            hint = f"give it another value, or a range that holds it: {name}={min(value, slider.start):g}:"
            hint += f"{max(value, slider.stop):g}"
            raise UsageError(f"{name} = {value:g} is outside its range, {slider.start:g}:{slider.stop:g}", hint=hint)
        sliders.append(slider)
    return tuple(sliders)


def spread_ranges(graph: Graph, given: Mapping[str, str | Sequence[float]]) -> dict[str, str | Sequence[float]]:
    """Return ranges by name, with that of a vector as one for each of its entries."""
    ranges: dict[str, str | Sequence[float]] = {}
    for name, range_ in match_twins(given, [*dict.fromkeys((*graph.variable_names, *graph.input_names))]).items():
        entries = graph.vector_inputs[name].entries if name in graph.vector_inputs else (name,)
        ranges |= dict.fromkeys(entries, range_)
    return ranges


def surround(name: str, value: float) -> Slider:
    """Choose a range around a value: from a round number below 0 to the same above, and well beyond the value.

    >>> surround("x", 3.0), surround("y", 0.37).stop, surround("z", 0.0).stop
    (Slider(name='x', start=-5.0, stop=5.0, step=0.05), 1.0, 2.0)
    """
    least = ROOM * abs(value) or USUAL_END
    power = floor(log10(least))
    end = next(end for digit in (1, 2, 5, 10) if (end := float(f"{digit}e{power}")) >= least)
    return Slider(name, -end, end, float(f"{2 * end / STEPS:.3g}"))


def _read_slider(name: str, given: str | Sequence[float], limits: Limits) -> Slider:
    if isinstance(given, str):
        texts = given.split(COLON)
        if not 2 <= len(texts) <= 3 or not all(text.strip() for text in texts):
            raise UsageError(f"{name} = {given[:60]} is no range", hint=HINT)
        numbers = [read_constant(text, name, limits) for text in texts]
    elif isinstance(given, Sequence) and 2 <= len(given) <= 3:
        numbers = [*given]
        for each in numbers:
            check_number(name, each)
    else:
        raise UsageError(f"{name} = {given!r:.60} is no range", hint="write (from, to) or (from, to, step)")
    start, stop, *steps = map(float, numbers)
    if not start < stop:
        raise UsageError(f"the range of {name} from {start:g} to {stop:g} has nothing between its ends", hint=HINT)
    step = steps[0] if steps else float(f"{(stop - start) / STEPS:.1g}")
    if not 0 < step <= stop - start:
        hint = f"the third number is the step: {start:g}:{stop:g}:{(stop - start) / STEPS:.1g}"
        raise UsageError(f"{name} cannot go from {start:g} to {stop:g} in steps of {step:g}", hint=hint)
    return Slider(name, start, stop, step)


def write_plainly(x: float) -> str:
    """Write a number with all its digits, as a field of a form has it.

    >>> write_plainly(-4.0), write_plainly(0.1)
    ('-4', '0.1')
    """
    return repr(x).removesuffix(".0")
