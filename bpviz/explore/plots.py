"""Pictures of sweeps and descents, as svg, pdf or png: the one place that runs matplotlib, without a screen.

matplotlib is imported when a picture is drawn. Its settings are ours, whatever a machine's matplotlibrc says; letters
in SVG are outlines, so that every program shows the same; no date is written. Equal sweeps give equal bytes as long
as matplotlib's version is the same.
"""

from __future__ import annotations

import html
import io
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zlib import crc32

from bpviz.errors import EvaluationError, OutputError, UsageError
from bpviz.explore.curves import LARGEST
from bpviz.explore.descents import Descent
from bpviz.explore.plot_words import describe_descent, describe_sweep, write_program
from bpviz.explore.sweeps import Sweep
from bpviz.figure.rendering import DPI, HIGHEST_DPI, remove_forbidden
from bpviz.figure.theme import Theme, find_theme
from bpviz.files import read_ending, write
from bpviz.formula.numerals import THREE_DIGITS, Rounding, rounding_to
from bpviz.limits import DEFAULT, check_pixels
from bpviz.outputs import PictureOutputs

if TYPE_CHECKING:
    from bpviz.explore.plot_style import PlotFigure

FORMATS = ("svg", "pdf", "png")
INSTALL = "install it with: pip install matplotlib; the numbers need no package"
NO_DATES: Mapping[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": None, "Producer": "bpviz"},
    "png": {"Software": None},
}
SVG_ROOT = re.compile(r"\A.*?(<svg [^>]*)>", re.DOTALL)  # with what XML has before it
SVG_ID = re.compile(r'( id="|href="#|url\(#)')  # before each id, and each reference to one
SVG_METADATA = re.compile(r"\A.*?</metadata>\n", re.DOTALL)


@dataclass(frozen=True, repr=False)
class Plot(PictureOutputs):
    """A picture of a sweep or of a descent. A notebook shows it as it is."""

    what: Sweep | Descent
    theme: Theme
    title: str = ""
    rounding: Rounding = field(default=THREE_DIGITS)
    dpi: float = DPI
    transparent: bool = False

    @property
    def description(self) -> str:
        """What the picture shows, in a sentence, for those who cannot see it."""
        return describe_descent(self.what) if isinstance(self.what, Descent) else describe_sweep(self.what)

    def draw(self) -> PlotFigure:
        """Draw the picture as a matplotlib figure; raise OutputError if matplotlib is not installed."""
        try:
            import matplotlib as _  # noqa: F401  before the modules that need it
        except ImportError as error:
            raise OutputError("matplotlib, which draws curves, is not installed", hint=INSTALL) from error
        from bpviz.explore import curve_plots, plane_plots
        from bpviz.explore.plot_style import apply_style

        with apply_style(self.theme):
            if isinstance(self.what, Descent):
                draw = plane_plots.draw_path if len(self.what.params) == 2 else curve_plots.draw_steps
                return draw(self.what, self.theme, self.rounding, self.title)
            draw_sweep = plane_plots.draw_contours if len(self.what.ranges) == 2 else curve_plots.draw_curves
            return draw_sweep(self.what, self.theme, self.rounding, self.title)

    def data(self, format: str) -> bytes:  # noqa: A002  the command line's word
        """Draw the picture as the bytes of an svg, pdf or png file; raise OutputError without matplotlib."""
        if format not in FORMATS:
            raise UsageError(f"no plot is written as {format}", hint=f"choose one of {', '.join(FORMATS)}")
        if not 1 <= self.dpi <= HIGHEST_DPI:
            hint = f"give 1 to {HIGHEST_DPI:g}; a screen has 96"
            raise UsageError(f"{self.dpi:g} dots per inch are no resolution", hint=hint)
        figure = self.draw()
        width, height = figure.get_size_inches()
        if format == "png":
            check_pixels(width * height * self.dpi**2, DEFAULT.pixels, movable=False)
        from bpviz.explore.plot_style import apply_style

        title = remove_forbidden(self.title or write_program(self.what.graph))
        metadata = NO_DATES[format] | ({} if format == "png" else {"Title": title})
        out = io.BytesIO()
        with apply_style(self.theme):
            figure.savefig(out, format=format, dpi=self.dpi, transparent=self.transparent, metadata=metadata)
        if format == "svg":
            return _finish_svg(out.getvalue().decode(), title, remove_forbidden(self.description)).encode()
        return out.getvalue()

    @cached_property
    def svg(self) -> str:
        """The picture as SVG text."""
        return self.data("svg").decode()

    def save(self, target: str | os.PathLike[str], format: str | None = None) -> None:  # noqa: A002  the command line's word
        """Write the picture to a file whose ending says how; raise UsageError for an unknown ending."""
        write(target, self.data(format or read_ending(target, FORMATS, "plot")))

    def __repr__(self) -> str:
        return f"<Plot of {self.description}>"


def plot(
    what: Sweep | Descent,
    *,
    theme: str = "drawio",
    title: str = "",
    digits: int = 3,
    decimals: int | None = None,
    dpi: float = DPI,
    transparent: bool = False,
) -> Plot:
    """Make the picture of a sweep or a descent; matplotlib is needed only when its bytes are asked for.

    A sweep over one range is the curve of the value above that of the derivative, over two the contours with arrows
    along the gradient. A descent of two parameters is a path over contours; of one, a path on the curve beside the
    values by step; of more, the values by step. Raises UsageError for a wrong option, EvaluationError if no point of
    a sweep is in the domain.

    >>> from bpviz import sweep
    >>> plot(sweep("x^2", x="-1:1:3"))
    <Plot of f and ∂f/∂x over x from -1 to 1>
    """
    if not isinstance(what, Sweep | Descent):  # from untyped code
        raise UsageError(f"{what!r:.60} is no sweep and no descent", hint='write plot(sweep("x^2", x="-5:5"))')
    if isinstance(what, Sweep) and what.gaps == len(what.values):
        where = f"none of the {what.gaps:,} points is in the domain of {what.graph.output_name}"
        raise EvaluationError(f"there is nothing to draw: {where}", hint="move the range")
    if isinstance(what, Descent):
        farthest = {name: max(abs(step.point[i]) for step in what.path) for i, name in enumerate(what.params)}
    else:
        farthest = {each.name: max(abs(each.start), abs(each.stop)) for each in what.ranges}
    for name, reach in farthest.items():
        if reach > LARGEST:  # the arithmetic of a drawing would overflow
            hint = "the numbers themselves can be written: -o numbers.csv"
            raise UsageError(f"{name} goes to {reach:g}, and a picture to {LARGEST:g} at the most", hint=hint)
    return Plot(what, find_theme(theme), title, rounding_to(digits, decimals), dpi, transparent)


def _finish_svg(svg: str, title: str, description: str) -> str:
    """Make SVG stand in a page of HTML: without an XML head, with a title and a description that are read aloud.

    Its ids begin with a mark of its own, so that many plots can stand on one page.
    """
    mark = f"plot-{crc32((title + description + svg).encode()):08x}"
    svg = SVG_ID.sub(rf"\1{mark}-", svg)
    root = SVG_ROOT.sub(rf'\1 role="img" aria-labelledby="{mark}-title {mark}-desc">', svg, count=1)
    head, _, body = root.partition("\n")
    return (
        f'{head}\n<title id="{mark}-title">{html.escape(title, quote=False)}</title>\n'
        f'<desc id="{mark}-desc">{html.escape(description, quote=False)}</desc>\n{SVG_METADATA.sub("", body, count=1)}'
    )
