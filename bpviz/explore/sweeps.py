"""A sweep: the value and every gradient of a program over a range of one input, or a grid of two."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isnan, prod

from bpviz.autodiff import bind, check_number
from bpviz.errors import UsageError
from bpviz.explore.ranges import Range
from bpviz.explore.samples import sampler
from bpviz.graph import Graph
from bpviz.limits import DEFAULT, raise_by

MOST_RANGES = 2
TOLD_EVERY = 1_000  # points


@dataclass(frozen=True, repr=False)
class Sweep:
    """A program over one range or a grid of two; the first range changes fastest.

    fixed are the inputs that stand still, at the point that is marked, which a program's own values or --at give.
    Outside the domain values and gradients are NaN.
    """

    graph: Graph
    ranges: tuple[Range, ...]
    fixed: Mapping[str, float]
    at: tuple[float, ...]
    values: tuple[float, ...]
    gradients: Mapping[str, tuple[float, ...]]

    def __repr__(self) -> str:
        """Return a line that tells which sweep it is: its numbers are thousands."""
        over = " and ".join(f"{each.name} from {each.start:g} to {each.stop:g}" for each in self.ranges)
        return f"<Sweep of {self.graph.output_name} over {over}: {len(self.values):,} points>"

    @property
    def shape(self) -> tuple[int, ...]:
        """Return the shape of the grid as NumPy and matplotlib have it: rows are values of the second range."""
        return tuple(each.points for each in reversed(self.ranges))

    @cached_property
    def gaps(self) -> int:
        """Return how many points are outside the program's domain."""
        return sum(map(isnan, self.values))

    @cached_property
    def undefined(self) -> int:
        """Return at how many points there is a value but no gradient."""
        return sum(any(map(isnan, at)) for at in zip(*self.gradients.values(), strict=True)) - self.gaps

    def points(self) -> Iterator[tuple[float, ...]]:
        """Yield the values of the ranges' inputs, point after point, as values and gradients have them."""
        return points(self.ranges)


def sweep(
    graph: Graph,
    ranges: Sequence[Range],
    fixed: Mapping[str, float] | None = None,
    at: Mapping[str, float] | None = None,
    *,
    most: int = DEFAULT.points,
    tell: Callable[[int, int], None] | None = None,
) -> Sweep:
    """Return the sweep of a graph over one or two ranges, other inputs being fixed or the program's own values.

    at is the point to mark; tell is told now and then how many of all points are done. Raises UsageError for other
    numbers of ranges, for names that are no inputs, and for more than most points.
    """
    total = check_ranges(graph, ranges, most)
    names = [each.name for each in ranges]
    still = _still(graph, names, fixed or {})
    mark = _mark(graph, ranges, at or {})
    inputs = [graph.nodes[i].name for i in graph.inputs]
    sample = sampler(graph, names, still, inputs)
    values: list[float] = []
    slopes: list[tuple[float, ...]] = []
    for done, point in enumerate(points(ranges)):
        value, gradients = sample(*point)
        values.append(value)
        slopes.append(gradients)
        if tell and not done % TOLD_EVERY:
            tell(done, total)
    columns = dict(zip(inputs, zip(*slopes, strict=True), strict=True))
    return Sweep(graph, tuple(ranges), still, mark, tuple(values), columns)


def check_ranges(graph: Graph, ranges: Sequence[Range], most: int) -> int:
    """Return how many points there are; raise UsageError for other than one or two ranges, and for too many points."""
    names = [graph.nodes[i].name for i in graph.inputs]
    if not names:
        raise UsageError(f"{graph.output_name} has no inputs, so there is nothing to sweep")
    if not 1 <= len(ranges) <= MOST_RANGES:
        what = f"{len(ranges)} inputs have ranges" if ranges else "no input has a range"
        given = f"write {names[0]} as from:to:points, such as --{names[0]} -5:5:201"
        raise UsageError(what, hint="sweep one of them, or a grid of two" if ranges else given)
    total = prod(each.points for each in ranges)
    if total > most:
        hint = f"take fewer, or {raise_by('points', total)}"
        raise UsageError(f"{total:,} points are more than {most:,}", hint=hint)
    return total


def points(ranges: Sequence[Range]) -> Iterator[tuple[float, ...]]:
    """Yield the points of one range or of a grid of two, the first range changing fastest."""
    if len(ranges) == 1:
        return ((x,) for x in ranges[0].values)
    columns = ranges[0].values
    return ((x, y) for y in ranges[1].values for x in columns)


def _still(graph: Graph, moving: Sequence[str], fixed: Mapping[str, float]) -> dict[str, float]:
    """Return the value of every input that does not move."""
    bound = bind(graph, {**fixed, **dict.fromkeys(moving, 0.0)})
    return {name: value for name, value in bound.items() if name not in moving}


def _mark(graph: Graph, ranges: Sequence[Range], at: Mapping[str, float]) -> tuple[float, ...]:
    """Return the point to mark: what at says, or else the program's own values; empty where there is none in range."""
    over = {each.name: each for each in ranges}
    for name, value in at.items():
        if name not in over:
            hint = f"it takes {' and '.join(over)}; the others have one value anyway"
            raise UsageError(f"the point to mark has no {name}", hint=hint)
        check_number(name, value)
        if value not in over[name]:
            ends = f"{over[name].start:g} to {over[name].stop:g}"
            raise UsageError(f"the point to mark, {name} = {value:g}, is not in the range", hint=f"that is {ends}")
    known = {**graph.defaults, **at}
    inside = all(each.name in known and known[each.name] in each for each in ranges)
    return tuple(float(known[each.name]) for each in ranges) if inside else ()
