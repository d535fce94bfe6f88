"""Sweep a program: its value and every gradient over a range of one input, or over a grid of two."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import isnan, prod
from zipfile import ZIP_DEFLATED, ZipFile

from bpviz.autodiff import Trace, bind, check_number, take_vectors_apart
from bpviz.errors import OutputError, UsageError
from bpviz.explore.objective import make_sampler
from bpviz.explore.ranges import Range, make_range
from bpviz.formula.numerals import THREE_DIGITS, Rounding, number
from bpviz.graph import Graph
from bpviz.limits import raise_by, set_limits
from bpviz.names import match_twins
from bpviz.outputs import ExploredOutputs

MOST_RANGES = 2
POINTS_A_REPORT = 1_000  # after so many points progress is reported
Values = float | str | Sequence[float] | Range  # one value; a range as text, "-5:5:200"; or as numbers, (-5, 5, 200)


@dataclass(frozen=True, repr=False)
class Sweep(ExploredOutputs):
    """The numbers of a program over one range, or over a grid of two; the first range changes fastest.

    `values` and the columns of `gradients` have one number for each point; it is NaN outside the domain. `fixed` are
    the inputs that do not move. `at` is the point that a picture marks, empty if there is none.
    """

    graph: Graph
    ranges: tuple[Range, ...]
    fixed: Mapping[str, float]
    at: tuple[float, ...]
    values: tuple[float, ...]
    gradients: Mapping[str, tuple[float, ...]]

    def __repr__(self) -> str:
        over = " and ".join(map(str, self.ranges))
        return f"<Sweep of {self.graph.output_name} over {over}: {len(self.values):,} points>"

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the grid as NumPy and matplotlib have it: rows are values of the second range."""
        return tuple(each.points for each in reversed(self.ranges))

    @cached_property
    def gaps(self) -> int:
        """How many points are outside the program's domain."""
        return sum(map(isnan, self.values))

    @cached_property
    def undefined(self) -> int:
        """At how many points there is a value but no gradient."""
        return sum(any(map(isnan, slopes)) for slopes in zip(*self.gradients.values(), strict=True)) - self.gaps

    @property
    def warnings(self) -> list[str]:
        """What there is to know of points without a value, and of points without a gradient."""
        total, lines = len(self.values), []
        if self.gaps:
            lines.append(f"{self.gaps:,} of {total:,} points {'is' if self.gaps == 1 else 'are'} outside the domain")
        if self.undefined:
            has = "has" if self.undefined == 1 else "have"
            lines.append(f"{self.undefined:,} of {total:,} points {has} no gradient")
        return lines

    def summarize(self, rounding: Rounding = THREE_DIGITS) -> str:
        """Say in a line what was swept."""
        ends = [(each.name, number(each.start, rounding), number(each.stop, rounding)) for each in self.ranges]
        over = " and ".join(f"{name} from {start} to {stop}" for name, start, stop in ends)
        return f"{self.graph.output_name} over {over}: {len(self.values):,} points"

    def points(self) -> Iterator[tuple[float, ...]]:
        """Yield the values of the ranges' inputs, point by point, in the order of `values`."""
        return _list_points(self.ranges)

    def npz(self) -> bytes:
        """Return the sweep as the bytes of a NumPy .npz file: of x, f and df/dx each an array in the sweep's shape.

        A file that numpy.savez writes has the same content; but that takes no input that is called file. Raises
        OutputError if NumPy is not installed.
        """
        try:
            import numpy as np
        except ImportError as error:
            hint = "install it with: pip install numpy; a .csv needs no package"
            raise OutputError("NumPy, which writes .npz files, is not installed", hint=hint) from error
        output = self.graph.output_name
        arrays = {each.name: np.array(each.values) for each in self.ranges}
        arrays |= {name: np.array(value) for name, value in self.fixed.items()}
        arrays[output] = np.reshape(self.values, self.shape)
        arrays |= {f"d{output}/d{name}": np.reshape(column, self.shape) for name, column in self.gradients.items()}
        out = io.BytesIO()
        with ZipFile(out, "w", ZIP_DEFLATED) as archive:  # its entries are dated 1980: equal numbers give equal bytes
            for name, array in arrays.items():
                with archive.open(f"{name}.npy", "w") as entry:
                    np.lib.format.write_array(entry, array)
        return out.getvalue()


def sweep(
    what: Graph | Trace,
    *,
    set: Mapping[str, Values] | None = None,  # noqa: A002  the command line's --set
    at: Mapping[str, float] | None = None,
    limit: Mapping[str, int] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    **inputs: Values,
) -> Sweep:
    """Compute the value and every gradient of a program over a range of one input, or over a grid of two.

    A range is "-5:5:200" or (-5, 5, 200): from, to, and how many points. The other inputs have one value each, or the
    program's own. `at` is the point that a picture marks. Where the program has no value, there is NaN. `on_progress`
    is called now and then with the number of points that are done, and of all. Raises UsageError for other than one
    or two ranges, for names that are no inputs, and for more points than the limit.
    """
    graph, point = (what, {}) if isinstance(what, Graph) else (what.graph, what.point)
    given = match_twins({**point, **(set or {}), **inputs}, [*graph.variable_names, *graph.input_names])
    given, graph = take_vectors_apart(graph, given), graph.unroll()  # an entry may have a range
    ranges = [
        value if isinstance(value, Range) else make_range(name, value)
        for name, value in given.items()
        if isinstance(value, str | Sequence)
    ]
    numbers = {name: value for name, value in given.items() if not isinstance(value, str | Sequence)}
    total = _count_points(graph, ranges, set_limits(limit).points)
    moving = [each.name for each in ranges]
    bound = bind(graph, {**numbers, **dict.fromkeys(moving, 0.0)})
    fixed = {name: value for name, value in bound.items() if name not in moving}
    marked = _choose_marked_point(graph, ranges, at or {})
    sample = make_sampler(graph, moving, fixed, graph.input_names)
    values: list[float] = []
    slopes: list[tuple[float, ...]] = []
    for done, numbers_of_point in enumerate(_list_points(ranges)):
        value, gradients = sample(*numbers_of_point)
        values.append(value)
        slopes.append(gradients)
        if on_progress and not done % POINTS_A_REPORT:
            on_progress(done, total)
    columns = dict(zip(graph.input_names, zip(*slopes, strict=True), strict=True))
    return Sweep(graph, tuple(ranges), fixed, marked, tuple(values), columns)


def _count_points(graph: Graph, ranges: Sequence[Range], limit: int) -> int:
    """Return how many points there are; raise UsageError for other than one or two ranges, and for too many points."""
    if not graph.inputs:
        raise UsageError(f"{graph.output_name} has no inputs, so there is nothing to sweep")
    if not 1 <= len(ranges) <= MOST_RANGES:
        what = f"{len(ranges)} inputs have ranges" if ranges else "no input has a range"
        name = graph.input_names[0]
        example = f"write {name} as from:to:points, such as --{name} -5:5:201"
        raise UsageError(what, hint="sweep one of them, or a grid of two" if ranges else example)
    total = prod(each.points for each in ranges)
    if total > limit:
        hint = f"take fewer, or {raise_by('points', total)}"
        raise UsageError(f"{total:,} points are more than {limit:,}", hint=hint)
    return total


def _list_points(ranges: Sequence[Range]) -> Iterator[tuple[float, ...]]:
    return (point[::-1] for point in product(*(each.values for each in reversed(ranges))))


def _choose_marked_point(graph: Graph, ranges: Sequence[Range], at: Mapping[str, float]) -> tuple[float, ...]:
    """Return the point to mark: that of `at`, or else of the program's own values; empty if that is in no range."""
    by_name = {each.name: each for each in ranges}
    at = match_twins(at, graph.input_names)
    for name, value in at.items():
        if name not in by_name:
            hint = f"it takes {' and '.join(by_name)}; the others have one value anyway"
            raise UsageError(f"the point to mark has no {name}", hint=hint)
        check_number(name, value)
        if value not in by_name[name]:
            ends = f"{by_name[name].start:g} to {by_name[name].stop:g}"
            raise UsageError(f"the point to mark, {name} = {value:g}, is not in the range", hint=f"that is {ends}")
    known = {**graph.defaults, **at}
    is_inside = all(each.name in known and known[each.name] in each for each in ranges)
    return tuple(float(known[each.name]) for each in ranges) if is_inside else ()
