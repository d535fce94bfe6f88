"""A sweep as text: all of its points, or on a terminal as many as can be read, with what the rest comes to.

CSV and JSON carry the full double precision; a point outside the domain has empty fields there, and null.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isfinite, isnan
from typing import Any

from bpviz.explore.sweeps import Sweep
from bpviz.formula.numerals import THREE_DIGITS, Rounding, number
from bpviz.text.tables import Block, aligned, markdown_cell, markdown_table, tabular
from bpviz.text.writers import writer_of

MOST_ROWS = 25  # that a terminal shows of one range
MOST_EACH = 5  # values of each range that a terminal shows of a grid
MOST_GRADIENTS = 4  # columns of gradients on a terminal
NONE = "–"


def sweep_text(sweep: Sweep, format: str = "plain", rounding: Rounding = THREE_DIGITS) -> str:  # noqa: A002  CLI's word
    """Return a sweep as plain, markdown, latex, csv or json text; UsageError for any other format."""
    return writer_of(WRITERS, format, "no sweep is written as")(sweep, rounding)


def block(sweep: Sweep, rounding: Rounding = THREE_DIGITS, *, whole: bool = True) -> Block:
    """Return the points as rows; if not the whole, evenly chosen ones, and the gradients that move first."""
    names = _gradient_names(sweep, whole=whole)
    output = sweep.graph.output_name
    heads = (*(each.name for each in sweep.ranges), output, *(f"∂{output}/∂{name}" for name in names))
    chosen = range(len(sweep.values)) if whole else _chosen(sweep)
    places = list(sweep.points())
    rows = tuple(
        (
            *(number(x, rounding) for x in places[i]),
            _cell(sweep.values[i], rounding),
            *(_cell(sweep.gradients[name][i], rounding) for name in names),
        )
        for i in chosen
    )
    return Block(heads, rows, tuple(range(len(heads))))


def notes(sweep: Sweep, rounding: Rounding = THREE_DIGITS, *, whole: bool = True) -> list[str]:
    """Return what is to be said under the rows: which there are, the least and the greatest value, the gaps."""
    told = [] if whole else _left_out(sweep)
    return [*told, *_extremes(sweep, rounding), *gap_lines(sweep)]


def gap_lines(sweep: Sweep) -> list[str]:
    """Return what there is to say of points without a value, and of those without a gradient."""
    total, lines = len(sweep.values), []
    if sweep.gaps:
        lines.append(f"{sweep.gaps:,} of {total:,} points {'is' if sweep.gaps == 1 else 'are'} outside the domain")
    if sweep.undefined:
        has = "has" if sweep.undefined == 1 else "have"
        lines.append(f"{sweep.undefined:,} of {total:,} points {has} no gradient")
    return lines


def record(sweep: Sweep) -> dict[str, Any]:
    """Return a sweep as the dictionary that JSON writes; where a number does not exist, or is infinite, None."""
    return {
        "program": sweep.graph.source,
        "output": sweep.graph.output_name,
        "fixed": dict(sweep.fixed),
        "ranges": {each.name: list(each.values) for each in sweep.ranges},
        "shape": list(sweep.shape),
        "value": [_finite(value) for value in sweep.values],
        "gradients": {name: [_finite(x) for x in column] for name, column in sweep.gradients.items()},
        "outside": sweep.gaps,
    }


def arrays(sweep: Sweep) -> dict[str, tuple[tuple[int, ...], Sequence[float]]]:
    """Return a sweep as arrays, each its shape and its numbers: as contour(x, y, f) of matplotlib's takes them."""
    found: dict[str, tuple[tuple[int, ...], Sequence[float]]] = {
        each.name: ((each.points,), each.values) for each in sweep.ranges
    }
    found |= {name: ((), (value,)) for name, value in sweep.fixed.items()}
    return found | {name: (sweep.shape, column) for name, column in list(columns(sweep))[len(sweep.ranges) :]}


def columns(sweep: Sweep) -> Iterator[tuple[str, Sequence[float]]]:
    """Yield the columns of a sweep: the ranges' inputs, the value, and every gradient."""
    points = list(sweep.points())
    for i, each in enumerate(sweep.ranges):
        yield each.name, [point[i] for point in points]
    yield sweep.graph.output_name, sweep.values
    for name, column in sweep.gradients.items():
        yield f"d{sweep.graph.output_name}/d{name}", column


def _gradient_names(sweep: Sweep, *, whole: bool) -> list[str]:
    moving = [each.name for each in sweep.ranges]
    names = [*moving, *(name for name in sweep.gradients if name not in moving)]
    return names if whole else names[:MOST_GRADIENTS]


def _chosen(sweep: Sweep) -> list[int]:
    """Return the rows that a terminal shows: the first, the last, and evenly chosen ones between them."""
    if len(sweep.ranges) == 1:
        return _even(sweep.ranges[0].points, MOST_ROWS)
    across, up = sweep.ranges
    columns = _even(across.points, MOST_EACH)
    return [i * across.points + j for i in _even(up.points, MOST_EACH) for j in columns]


def _even(count: int, most: int) -> list[int]:
    """Return places from 0 to count - 1, at most so many, in steps as even as whole numbers allow.

    >>> _even(101, 5), _even(3, 5)
    ([0, 25, 50, 75, 100], [0, 1, 2])
    """
    if count <= most:
        return list(range(count))
    parts = next((parts for parts in range(most - 1, most // 2, -1) if (count - 1) % parts == 0), most - 1)
    return [round(i * (count - 1) / parts) for i in range(parts + 1)]


def _left_out(sweep: Sweep) -> list[str]:
    rows, every = len(_chosen(sweep)), len(sweep.values)
    names = len(sweep.gradients) - MOST_GRADIENTS
    parts = [f"{rows} of {every:,} points are shown"] if rows < every else []
    parts += [f"{names} more gradient{'s' if names > 1 else ''} left out"] if names > 0 else []
    return [f"{', '.join(parts)}; --all shows all"] if parts else []


def _extremes(sweep: Sweep, rounding: Rounding) -> list[str]:
    """Return where the value is least and where it is greatest."""
    known = [i for i, value in enumerate(sweep.values) if not isnan(value)]
    if not known:
        return []
    places = list(sweep.points())
    lines = []
    for word, choose in (("least", min), ("greatest", max)):
        i = choose(known, key=lambda i: sweep.values[i])
        named = zip((each.name for each in sweep.ranges), places[i], strict=True)
        where = ", ".join(f"{name} = {number(x, rounding)}" for name, x in named)
        lines.append(f"{word} {sweep.graph.output_name} = {number(sweep.values[i], rounding)} at {where}")
    return [", ".join(lines)]


def _cell(value: float, rounding: Rounding) -> str:
    return NONE if isnan(value) else number(value, rounding)


def _finite(x: float) -> float | None:
    return x if isfinite(x) else None


def _plain(sweep: Sweep, rounding: Rounding) -> str:
    lines = [*aligned(block(sweep, rounding)), "", *(f"note: {note}" for note in notes(sweep, rounding))]
    return "\n".join(lines).rstrip() + "\n"


def _markdown(sweep: Sweep, rounding: Rounding) -> str:
    told = "".join(f"\n*{markdown_cell(note)}*\n" for note in notes(sweep, rounding))
    return markdown_table(block(sweep, rounding)) + told


def _latex(sweep: Sweep, rounding: Rounding) -> str:
    from bpviz.formula import latex  # late: no other format needs mathematics

    plain, output = block(sweep, rounding), latex.name(sweep.graph.output_name)
    names = [each.name for each in sweep.ranges]
    slopes = [rf"\partial {output}/\partial {latex.name(name)}" for name in _gradient_names(sweep, whole=True)]
    heads = tuple(f"${head}$" for head in (*map(latex.name, names), output, *slopes))
    rows = tuple(tuple(f"${latex.mathematics(cell)}$" if cell != NONE else "--" for cell in row) for row in plain.rows)
    told = "".join(f"% {note}\n" for note in notes(sweep, rounding))
    return tabular(Block(heads, rows, plain.numbers)) + told


def _csv(sweep: Sweep, rounding: Rounding) -> str:
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    heads, numbers = zip(*columns(sweep), strict=True)
    writer.writerow(heads)
    for row in zip(*numbers, strict=True):
        writer.writerow(["" if isnan(x) else x for x in row])
    return out.getvalue()


def _json(sweep: Sweep, rounding: Rounding) -> str:
    import json

    return json.dumps(record(sweep), ensure_ascii=False, allow_nan=False) + "\n"


WRITERS: dict[str, Callable[[Sweep, Rounding], str]] = {
    "plain": _plain,
    "markdown": _markdown,
    "latex": _latex,
    "csv": _csv,
    "json": _json,
}
