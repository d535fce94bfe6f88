"""What can be made of a program: the outputs of a Graph (blank, or in symbols) and of a Trace (with its numbers).

This is the one place from which imports point up the house: each method imports the package that makes its output
when it is called, so that a table waits for no figure. Their options are those of the functions that they call.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from bpviz.errors import UsageError
from bpviz.names import find_nearest

if TYPE_CHECKING:
    from bpviz.autodiff import Trace
    from bpviz.checking import Check
    from bpviz.documents.notebooks import Bundle
    from bpviz.explore import Descent, Plot, Sweep
    from bpviz.figure import Figure
    from bpviz.lecture import Deck, Worksheets
    from bpviz.pages import Page
    from bpviz.text import Text


class Outputs:
    """The outputs that need no numbers: of a graph they are blank or in symbols, of a trace they have its numbers."""

    def draw(self: Any, **options: Any) -> Figure:
        """Draw the figure, blank if there are no numbers; the options are those of bpviz.figure.draw."""
        from bpviz.figure import draw

        check_options(draw, options)
        return draw(self, **options)

    def code(self: Any, **options: Any) -> Text:
        """Write the staged computation as code; the options are those of bpviz.text.code."""
        from bpviz.text import code

        check_options(code, options)
        return code(self, **options)

    def steps(self: Any, **options: Any) -> Text:
        """Write the derivation, in symbols if there are no numbers; the options are those of bpviz.text.steps."""
        from bpviz.text import steps

        check_options(steps, options)
        return steps(self, **options)

    def symbolic(self: Any, **options: Any) -> Text:
        """Write the derivatives in closed form; the options are those of bpviz.text.symbolic."""
        from bpviz.text import symbolic

        check_options(symbolic, options)
        return symbolic(self, **options)

    def typeset_steps(self: Any, **options: Any) -> bytes:
        """Set the derivation as a PDF or an HTML page; the options are those of bpviz.lecture.typeset_steps."""
        from bpviz.lecture import typeset_steps

        check_options(typeset_steps, options)
        return typeset_steps(self, **options)

    def worksheet(self: Any, **options: Any) -> Worksheets:
        """Make a sheet to fill in, with its key; the options are those of bpviz.lecture.worksheet."""
        from bpviz.lecture import worksheet

        check_options(worksheet, options)
        return worksheet(self, **options)

    def sweep(self: Any, **ranges: Any) -> Sweep:
        """Compute value and gradients over ranges of inputs; the options are those of bpviz.explore.sweep."""
        from bpviz.explore import sweep

        return sweep(self, **ranges)


class GraphOutputs(Outputs):
    """The outputs of a graph, and the step from it to a trace."""

    def at(self: Any, point: Mapping[str, Any] | None = None, /, **inputs: Any) -> Trace:
        """Run the graph at a point, given as a mapping, as keywords, or both; raise as bpviz.run does.

        A value is a number, or for a vector a list, a list of rows, an array or a tensor. Where it has another shape
        than the graph has it, the program is read again for that shape.
        """
        from bpviz.autodiff import run
        from bpviz.lang import fit_shapes

        values = {**(point or {}), **inputs}
        return run(fit_shapes(self, values), values)


class TraceOutputs(Outputs):
    """The outputs of a trace: those of its graph, and those that are made of numbers."""

    def table(self: Any, **options: Any) -> Text:
        """Write every number as a table; the options are those of bpviz.text.table."""
        from bpviz.text import table

        check_options(table, options)
        return table(self, **options)

    def check(self: Any, **options: Any) -> Check:
        """Check gradients, or somebody's answers to them; the options are those of bpviz.checking.check."""
        from bpviz.checking import check

        check_options(check, options)
        return check(self, **options)

    def deck(self: Any, **options: Any) -> Deck:
        """Make the lecture slide by slide; the options are those of bpviz.lecture.deck."""
        from bpviz.lecture import deck

        check_options(deck, options)
        return deck(self, **options)

    def page(self: Any, **options: Any) -> Page:
        """Make one HTML page with everything on it; the options are those of bpviz.pages.page."""
        from bpviz.pages import page

        return page(self, **options)

    def descend(self: Any, **options: Any) -> Descent:
        """Take gradient steps from the point; the options are those of bpviz.explore.descend."""
        from bpviz.explore import descend

        check_options(descend, options)
        return descend(self, **options)


class PictureOutputs:
    """What a figure and a plot do where they are looked at: in a notebook, or on the desktop."""

    def show(self: Any) -> None:
        """Show the picture in a notebook's cell, elsewhere in a window of the desktop; OutputError if there is none."""
        from bpviz.documents.notebooks import show_picture

        show_picture(self)

    def _repr_mimebundle_(
        self: Any, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> Bundle:
        from bpviz.documents.notebooks import bundle_picture

        return bundle_picture(self, include, exclude)


class ExploredOutputs:
    """What can be made of a sweep or a descent: a text and a picture."""

    def text(self: Any, format: str = "plain", **options: Any) -> Text:  # noqa: A002  the command line's word
        """Write the numbers as text; the options are those of bpviz.explore.write_text."""
        from bpviz.explore import write_text

        return write_text(self, format, **options)

    def plot(self: Any, **options: Any) -> Plot:
        """Draw the picture, with matplotlib; the options are those of bpviz.plot."""
        from bpviz.explore import plot

        return plot(self, **options)


def check_options(output: Callable[..., object], options: Mapping[str, object]) -> None:
    """Raise UsageError for an option that a function does not have, with the one that may be meant."""
    known = output.__kwdefaults__ or {}
    for name in options:
        if name not in known:
            meant = find_nearest(name, known)
            hint = f"did you mean {meant}?" if meant else f"the options are {', '.join(known)}"
            raise UsageError(f"no option is called {name}", hint=hint)
