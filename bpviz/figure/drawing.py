"""Draw a graph or a trace as a figure: the front of this package.

Every keyword has the name of the command line's option. An input that shares its name with one of them is given in
set, as on the command line.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from bpviz.autodiff import Trace, describe_point
from bpviz.errors import UsageError
from bpviz.figure.arrangement import ARE_BESIDE, BESIDE, ONCE, check_inputs
from bpviz.figure.description import write_texts
from bpviz.figure.diagram import GATE, INPUT
from bpviz.figure.dot import is_hurried, write_dot
from bpviz.figure.fitting import (
    MANY_GATES,
    MOST_GATES_ARRANGED,
    MOST_GATES_FITTED,
    NUMBERS_FITTED,
    SLIDE,
    SMALLEST_ON_SLIDE,
    Arrangement,
    choose_inputs,
    fit_picture,
    read_length,
    read_room,
)
from bpviz.figure.fold_groups import find_groups
from bpviz.figure.geometry import measure
from bpviz.figure.layout import find_missing_letters, find_rare_letters
from bpviz.figure.lettering import shorten
from bpviz.figure.paths import find_paths, list_paths
from bpviz.figure.picture import Picture, make_picture
from bpviz.figure.rendering import DPI, FORMATS, read_size, render
from bpviz.figure.svg import FONT, OUTLINE, check_text
from bpviz.figure.theme import OPERATION, RIGHT, UP, check_labels, find_theme
from bpviz.files import read_ending, write
from bpviz.formula.numerals import THREE_DIGITS, Rounding, rounding_to
from bpviz.graph import Graph
from bpviz.grouping import group
from bpviz.limits import check_drawn, set_limits
from bpviz.noise import clear_noise
from bpviz.outputs import PictureOutputs

FIGURE_FORMATS = (*FORMATS, "tex")
MOST_GRADIENTS = 6  # in the summary, which is one line on a terminal


@dataclass(frozen=True, repr=False)
class Figure(PictureOutputs):
    """A drawn program: its graph, its trace (None for a blank figure) and its picture. A notebook shows it as it is."""

    graph: Graph
    trace: Trace | None
    picture: Picture
    engine: str = "bundled"
    dpi: float = DPI
    pixels: int | None = None  # the limit of a PNG, where it can be moved
    rounding: Rounding = THREE_DIGITS
    symbolic: bool = False
    highlight: str | None = None
    number_size: float | None = None  # points: how large its numbers are in the room that it was fitted to
    text: str = FONT  # how an SVG has its letters
    is_arranged: bool = False  # whether its shared inputs were put beside their gates without being asked to

    def data(self, format: str) -> bytes:  # noqa: A002  the command line's word
        """Return the figure as the bytes of an svg, pdf, png, dot or tex file."""
        if format == "tex":
            return self.tex.encode()
        return render(self.picture, format, engine=self.engine, dpi=self.dpi, pixels=self.pixels, text=self.text)

    @cached_property
    def svg(self) -> str:
        """The figure as SVG text."""
        return self.data("svg").decode()

    @cached_property
    def tex(self) -> str:
        """The figure as a LaTeX document of its own, which is a TikZ picture where a paper inputs it."""
        from bpviz.figure.tikz import write_document  # late: most figures are no LaTeX

        picture = self.picture
        geometry = measure(picture, engine=self.engine)
        return write_document(picture.diagram, geometry, picture.appearance, picture.title)

    def save(self, target: str | os.PathLike[str], format: str | None = None) -> None:  # noqa: A002  the command line's word
        """Write the figure to a file whose ending says how; raise UsageError for an unknown ending.

        A failed write leaves no half file and raises OutputError.
        """
        write(target, self.data(format or choose_format(target)))

    @property
    def summary(self) -> str:
        """One line: the output and the gradients of the inputs, or that the figure has no numbers."""
        graph, trace, output = self.graph, self._readable, self.graph.output_name
        names = [shorten(name) for name in group(graph).input_names]
        if trace is None:
            return f"{output}({', '.join(names)}), {'in symbols' if self.symbolic else 'blank'}"
        texts = write_texts(graph, trace, self.rounding)
        parts = [f"{output} = {texts.value(texts.graph.output)}"]
        gradients = [texts.summarize_gradient(i) for i in texts.graph.inputs]
        parts += [f"∂{output}/∂{name}{gradient}" for name, gradient in zip(names, gradients, strict=True)]
        if len(names) > MOST_GRADIENTS:
            parts = [*parts[: MOST_GRADIENTS + 1], f"and {len(names) - MOST_GRADIENTS} more"]
        return "   ".join(parts)

    @property
    def paths(self) -> list[str]:
        """The paths that are highlighted, one line each, under a line that counts them; empty if none are."""
        if self.highlight is None:
            return []
        graph, trace = group(self.graph), None if self.graph.vectors else self._readable
        return list_paths(graph, trace, find_paths(graph, trace, self.highlight), self.rounding)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What there is to know of the numbers, or of the program where there are none."""
        return self._readable.warnings if self._readable else self.graph.warnings

    @cached_property
    def _readable(self) -> Trace | None:
        return self.trace and clear_noise(self.trace)

    def tell_small_numbers(self, files: Mapping[str, bytes], option: str = "--fit 16:9") -> str:
        """Return that the numbers of a figure would be too small on a slide, or nothing, and the option that helps.

        files are the figure's data by their formats.
        """
        if self.number_size is not None or self.picture.appearance.width:
            return ""
        size = next((size for format_, data in files.items() if (size := read_size(data, format_, self.dpi))), None)
        if not size:
            return ""
        number_size = self.picture.appearance.theme.number_size * min(SLIDE[0] / size[0], SLIDE[1] / size[1])
        if number_size >= SMALLEST_ON_SLIDE:
            return ""
        return f"on a 16:9 slide its numbers are {number_size:.1f} points large; {option} makes them as large as can be"

    def tell_other_letters(self, formats: Collection[str]) -> list[str]:
        """Tell of letters that the figure's typeface has not, where files of these formats show it, a sentence each."""
        rare = find_rare_letters(self.picture.dot)
        lines = []
        if rare and not {"svg", "pdf", "png"}.isdisjoint(formats):
            if missing := find_missing_letters(rare, self.engine):
                lines.append(
                    f"no font on this machine has {shorten(missing)}: boxes stand in their place, until you install a "
                    "font that has them, such as one of the Noto family"
                )
            if self.text == OUTLINE and "svg" in formats:
                lines.append(
                    f"words with {shorten(rare)} stay text in the SVG: the figure's typeface has no outlines of them"
                )
        return lines

    @property
    def remarks(self) -> list[str]:
        """In which ways a large figure is drawn more simply than a small one, a sentence each."""
        cut, gates, lines = self.picture.diagram.wires_cut, len(group(self.graph).gate_ids), []
        if cut:
            wires = "1 long wire is" if cut == 1 else f"{cut} long wires are"
            lines.append(f"{gates} gates: {wires} cut, and the value's name stands at the gate instead")
        if self.is_arranged:
            lines.append(ARE_BESIDE)
        if self.number_size is not None and self.number_size < SMALLEST_ON_SLIDE:
            what = f"the numbers are {self.number_size:.1f} points large there"
            lines.append(f"{what}: fold layers with --fold, draw a part with --focus NAME, or take a larger room")
        if is_hurried(self.picture.diagram):
            lines.append(f"{gates} gates: placed in a hurry, so that wires take longer ways than they need")
        return lines

    def __repr__(self) -> str:
        """Return one line that tells which figure it is: the picture itself is thousands of characters of DOT."""
        blank = "" if self.trace else ", blank"
        return f"<{type(self).__name__} {describe_point(self.graph, self.trace)}{blank}>"


def draw(
    what: Graph | Trace,
    *,
    blank: bool = False,
    theme: str = "drawio",
    direction: str | None = None,
    labels: str | None = None,
    digits: int | None = None,
    decimals: int | None = None,
    branch: bool = True,
    title: str = "",
    width: str | None = None,
    fit: str | None = None,
    inputs: str | None = None,
    transparent: bool = False,
    show: str | Collection[str] = "values,gradients",
    symbolic: bool = False,
    flow: bool = False,
    highlight: str | None = None,
    fold: bool | str | Collection[str] = False,
    depth: int | None = None,
    focus: str | None = None,
    text: str = FONT,
    engine: str = "bundled",
    dpi: float = DPI,
    limit: Mapping[str, int] | None = None,
) -> Figure:
    """Draw a trace as a figure; draw a graph, and with blank a trace, without numbers.

    A blank figure of a trace has space for its numbers, so that the two lie on one another. show is what wires carry:
    some of values, gradients, local, chain, names and shapes; symbolic writes symbols instead. flow makes wires as wide
    as their gradients, highlight makes the paths from one input or gate stand out. fold closes statements into boxes,
    all (True) or those that it names; with depth 0 each layer is one box, with 1 each statement; focus draws what is
    near one input or gate. width is a length with its unit, such as "12cm". fit is a room, 16:9, 4:3, a4, a4-landscape,
    column or "25cmx11cm": direction, labels, inputs and rows are chosen, unless they are given, so that numbers are as
    large there as they can be. inputs is once, or beside for shared inputs that stand at each of their gates; without
    it that is chosen for figures of a dozen to sixty gates, and folded ones have them beside. The theme auto has light
    colours, and in an SVG dark ones where the reader's screen is dark. text says how an SVG has its letters: font
    embeds the typeface, outline writes them as paths, for programs that ignore embedded fonts. dpi is for PNG. limit
    moves a limit by its name, as in {"drawn": 5000} (bpviz.limits). Raises a BpvizError when an option is wrong.
    """
    graph, known = (what, None) if isinstance(what, Graph) else (what.graph, what)
    trace = None if blank else known
    rounding = rounding_to(digits, decimals)
    grouped = group(graph)
    groups = find_groups(grouped, fold or True, depth) if fold or depth is not None else ()
    allowed = set_limits(limit)
    if focus is None:  # otherwise only what is in focus counts
        check_drawn(len(grouped.gate_ids) - sum(len(group.members) - 1 for group in groups), allowed.drawn)

    if fit is not None and width is not None:
        raise UsageError("fit and width both say how large the figure is", hint="leave one of them out")
    number_size = None
    inches = read_length(width) if width is not None else None
    look = find_theme(theme)
    if fit is not None:
        look = look._replace(number_size=look.number_size * NUMBERS_FITTED)
    gates = len(grouped.gate_ids)
    place = inputs  # None: to be chosen
    if groups and isinstance(fold, bool) and branch and focus is None and gates <= MOST_GATES_FITTED:
        place = inputs or BESIDE  # textbooks draw boxes with their inputs beside them
    usual = Arrangement(direction or look.direction, check_labels(labels or look.labels), check_inputs(place or ONCE))

    def arrange(arrangement: Arrangement, width: float | None = None) -> Picture:
        return make_picture(
            graph,
            trace,
            theme=look,
            direction=arrangement.direction,
            labels=arrangement.labels,
            rounding=rounding,
            branch=branch,
            title=title,
            width=width,
            transparent=transparent,
            show=show,
            symbolic=symbolic,
            space_for=known,
            flow=flow,
            highlight=highlight,
            groups=groups,
            focus=focus,
            inputs=arrangement.inputs,
            rows=arrangement.rows,
            grouped=arrangement.grouped,
            clearances=arrangement.clearances,
        )

    if fit is not None:
        directions = [direction] if direction else dict.fromkeys((look.direction, UP, RIGHT))
        circles = [labels] if labels else dict.fromkeys((look.labels, OPERATION))
        allowed_inputs = place if branch else ONCE
        fitted = fit_picture(arrange, [read_room(fit)], directions, circles, allowed_inputs, gates=gates, engine=engine)
        picture, number_size = arrange(fitted.arrangement, fitted.width), fitted.number_size
    elif place is None and branch and focus is None and MANY_GATES < gates <= MOST_GATES_ARRANGED:
        fitted = choose_inputs(arrange, usual, engine)
        picture = arrange(fitted.arrangement, inches) if inches else fitted.picture
    else:
        picture = arrange(usual._replace(clearances=None), inches)
    check_drawn(sum(shape.kind == GATE for shape in picture.diagram.shapes), allowed.drawn)
    if flow:  # dashes are evenly long once it is known how long the edges are
        lengths = measure(picture, engine=engine).measure_segments()
        picture = picture._replace(dot=write_dot(picture.diagram, picture.appearance, lengths))
    copied = len(picture.diagram.inputs) > len({shape.node for shape in picture.diagram.shapes if shape.kind == INPUT})
    is_arranged = copied and inputs is None
    return Figure(
        graph,
        trace,
        picture,
        engine,
        dpi,
        allowed.pixels,
        rounding,
        symbolic,
        highlight,
        number_size,
        is_arranged=is_arranged,
        text=check_text(text),
    )


def choose_format(target: str | os.PathLike[str]) -> str:
    """Return the format of a figure that a file's ending chooses; raise UsageError when it chooses none."""
    return read_ending(target, FIGURE_FORMATS, "figure")
