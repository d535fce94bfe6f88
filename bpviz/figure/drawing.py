"""The front of the library: a program and a point in, a figure out.

Every keyword has the name of the command line's option. An input that shares its name with one of them is given in
set, as on the command line.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bpviz.autodiff import Trace, describe_point
from bpviz.errors import UsageError
from bpviz.figure import render_package as render
from bpviz.figure.diagram import diagram
from bpviz.figure.lettering import short
from bpviz.figure.picture import Picture
from bpviz.figure.sketch import GATE
from bpviz.formula.numerals import THREE_DIGITS, Rounding, number, rounding_to
from bpviz.graph import Graph
from bpviz.limits import check_drawn, limits

if TYPE_CHECKING:
    from bpviz.figure.folding.groups import Group

FORMATS = (*render.FORMATS, "tex")
POINTS_PER_INCH = 72.0
INCHES = {"in": 1.0, "cm": 1 / 2.54, "mm": 1 / 25.4, "pt": 1 / POINTS_PER_INCH, "px": 1 / 96.0}
MOST_TOLD = 5  # inputs that a figure's repr tells
MOST_GRADIENTS = 6  # in the summary, which is one line on a terminal


@dataclass(frozen=True, repr=False)
class Figure:
    """A drawn program: its graph, its trace (None for the blank figure) and its picture.

    A notebook shows it as it is.
    """

    graph: Graph
    trace: Trace | None
    picture: Picture
    engine: str = "bundled"
    dpi: float = render.DPI
    pixels: int | None = None  # the limit of a PNG, where it can be moved
    rounding: Rounding = THREE_DIGITS
    symbolic: bool = False
    highlight: str | None = None

    @property
    def summary(self) -> str:
        """One line: the output and the gradients of the inputs, or that the figure has no numbers."""
        graph, trace, output = self.graph, self.trace, self.graph.output_name
        names = [short(name) for name in graph.input_names]
        if trace is None:
            return f"{output}({', '.join(names)}), {'in symbols' if self.symbolic else 'blank'}"
        parts = [f"{output} = {number(trace.values[graph.output], self.rounding)}"]
        gradients = [number(trace.gradients[i], self.rounding) for i in graph.inputs]
        parts += [f"∂{output}/∂{name} = {gradient}" for name, gradient in zip(names, gradients, strict=True)]
        if len(names) > MOST_GRADIENTS:
            parts = [*parts[: MOST_GRADIENTS + 1], f"and {len(names) - MOST_GRADIENTS} more"]
        return "   ".join(parts)

    @property
    def paths(self) -> list[str]:
        """The paths that are highlighted, one line each, under a line that counts them; empty if none are."""
        if self.highlight is None:
            return []
        from bpviz.figure.paths import paths, sentences

        found = paths(self.graph, self.trace, self.highlight)
        return sentences(self.graph, self.trace, found, self.rounding)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What there is to know of the numbers, or of the program where there are none."""
        return self.trace.warnings if self.trace else self.graph.warnings

    @property
    def remarks(self) -> list[str]:
        """In which ways a large figure is drawn more simply than a small one, a sentence each."""
        from bpviz.figure.dot import is_hurried

        cut, gates, lines = self.picture.said.cut, len(self.graph.gate_ids), []
        if cut:
            wires = "1 long wire is" if cut == 1 else f"{cut} long wires are"
            lines.append(f"{gates} gates: {wires} cut, and the value's name stands at the gate instead")
        if is_hurried(self.picture.said):
            lines.append(f"{gates} gates: placed in a hurry, so that wires take longer ways than they need")
        return lines

    def data(self, format: str) -> bytes:  # noqa: A002  the command line's word
        """Return the figure as the bytes of an svg, pdf, png, dot or tex file."""
        if format == "tex":
            return self.tex.encode()
        return render.picture(self.picture, format, engine=self.engine, dpi=self.dpi, pixels=self.pixels)

    @cached_property
    def svg(self) -> str:
        """Return the figure as SVG text."""
        return self.data("svg").decode()

    @cached_property
    def tex(self) -> str:
        """Return the figure as a LaTeX document of its own, which is a TikZ picture where a paper inputs it."""
        from bpviz.figure.tikz import document

        picture = self.picture
        return document(picture.said, render.geometry(picture, engine=self.engine), picture.page, picture.title)

    def save(self, target: str | os.PathLike[str], format: str | None = None) -> None:  # noqa: A002  the command line's word
        """Write the figure to a file whose ending says how; raise UsageError for an ending nobody knows.

        A failed write leaves no half file and raises OutputError.
        """
        render.write(target, self.data(format or format_of(target)))

    def __repr__(self) -> str:
        """Return a line that tells which figure it is: the picture itself is thousands of characters of DOT."""
        blank = "" if self.trace else ", blank"
        return f"<{type(self).__name__} {describe_point(self.graph, self.trace)}{blank}>"

    def _repr_svg_(self) -> str:
        return self.svg


def draw(
    what: Graph | Trace,
    *,
    blank: bool = False,
    theme: str = "drawio",
    direction: str | None = None,
    labels: str | None = None,
    digits: int = 3,
    decimals: int | None = None,
    branch: bool = True,
    title: str = "",
    width: str | None = None,
    transparent: bool = False,
    show: str | Collection[str] = "values,gradients",
    symbolic: bool = False,
    flow: bool = False,
    highlight: str | None = None,
    fold: bool | str | Collection[str] = False,
    depth: int | None = None,
    focus: str | None = None,
    engine: str = "bundled",
    dpi: float = render.DPI,
    limit: Mapping[str, int] | None = None,
) -> Figure:
    """Return the figure of a trace; of a graph, and with blank, the figure without numbers.

    A blank figure of a trace has room for its numbers, so that the two lie on one another. show is what wires carry:
    some of values, gradients, local, chain and names; symbolic writes symbols instead. flow makes wires as wide as
    their gradients, highlight makes the paths from one input or gate stand out. fold closes layers and statements into
    boxes (True), or the statements that it names; depth opens
    as many levels of boxes again; focus draws what is near one input or gate. width is a length with its unit, such
    as "12cm"; dpi is for PNG. limit moves a limit by its name, as in {"drawn": 5000} (bpviz.limits). Raises a
    BpvizError when an option is wrong.
    """
    graph, known = (what, None) if isinstance(what, Graph) else (what.graph, what)
    folds, most = _folds(graph, fold, depth), limits(limit).drawn
    if focus is None:
        check_drawn(len(graph.gate_ids) - sum(len(box.members) - 1 for box in folds), most)
    trace = None if blank else known
    picture = diagram(
        graph,
        trace,
        theme=theme,
        direction=direction,
        labels=labels,
        rounding=rounding_to(digits, decimals),
        branch=branch,
        title=title,
        width=inches(width) if width is not None else None,
        transparent=transparent,
        show=show,
        symbolic=symbolic,
        room=known,
        flow=flow,
        highlight=highlight,
        folds=folds,
        focus=focus,
    )
    check_drawn(sum(spot.kind == GATE for spot in picture.said.spots), most)  # of what is in focus
    drawn = _measured(picture, engine) if flow else picture
    pixels = limits(limit).pixels
    return Figure(graph, trace, drawn, engine, dpi, pixels, rounding_to(digits, decimals), symbolic, highlight)


def _measured(picture: Picture, engine: str) -> Picture:
    """Return a river with dashes of one length, for which it is laid out once to be measured."""
    from bpviz.figure.flow import evenly_dashed  # late: only a river needs it

    return evenly_dashed(picture, render.geometry(picture, engine=engine))


def format_of(target: str | os.PathLike[str]) -> str:
    """Return the format that a file's ending chooses; raise UsageError when it chooses none."""
    ending = os.path.splitext(target)[1].lower().removeprefix(".")
    if ending not in FORMATS:
        what = f"no figure is written as .{ending}" if ending else f"{target} has no ending that says what to write"
        raise UsageError(what, hint=f"end it in {', '.join('.' + each for each in FORMATS)}")
    return ending


def inches(length: str) -> float:
    """Return a length such as "12cm" in inches; raise UsageError when it is none.

    >>> inches("36pt")
    0.5
    """
    try:
        size, unit = length.strip()[:-2], length.strip()[-2:]
        result = float(size) * INCHES[unit]
    except (ValueError, KeyError, AttributeError):  # the last is from untyped code: width=12
        result = 0.0
    if not 0 < result <= 200:
        raise UsageError(f"{length} is no width", hint=f"write a length with its unit, {', '.join(INCHES)}: 12cm")
    return result


def _folds(graph: Graph, fold: bool | str | Collection[str], depth: int | None) -> tuple[Group, ...]:
    """Return the boxes that a figure has; depth alone asks for boxes, too."""
    if not fold and depth is None:
        return ()
    from bpviz.figure.folding.groups import groups  # late: few figures need it

    return groups(graph, fold or True, depth)
