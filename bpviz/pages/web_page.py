"""Make a page of a trace: the front of this package. Every keyword has the name of the command line's option."""

from __future__ import annotations

import html
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bpviz.autodiff import Trace, describe_point
from bpviz.errors import UsageError
from bpviz.figure import draw
from bpviz.figure.theme import find_theme
from bpviz.files import read_ending, write
from bpviz.formula.numerals import rounding_to
from bpviz.grouping import GroupedGraph, group
from bpviz.lecture.derivation_pages import DerivationPages
from bpviz.limits import check_derived, set_limits
from bpviz.pages.page_grids import PageGrids
from bpviz.pages.page_html import PageContent, write_page
from bpviz.pages.page_numbers import find_longest, write_numbers
from bpviz.pages.quiz import find_points, hide_answers, make_quiz, reserve_blanks, widen_sliders
from bpviz.pages.sliders import make_sliders, spread_ranges
from bpviz.pages.slotted_figure import write_figure
from bpviz.pages.vector_lines import derive_keyed
from bpviz.text.derivation import drop_repetitions
from bpviz.text.deriving import derive

PAGE_FORMATS = ("html", "htm")
UNROLL = "write --unroll, in Python graph.unroll(), for a quiz on every number by itself"
FRAME_HEIGHT = "46em"  # of a page below a notebook's cell: the figure of the example and its sliders


@dataclass(frozen=True, repr=False)
class Page:
    """A trace as one HTML file, which fetches nothing."""

    trace: Trace
    html: str

    def save(self, target: str | os.PathLike[str]) -> None:
        """Write the page to a file; raise UsageError for another ending than .html, OutputError if that fails."""
        check_page_target(target)
        write(target, self.html.encode())

    def _repr_html_(self) -> str:
        """Return the page in a frame of its own below a notebook's cell."""
        return write_frame(self.html, f"the page of {self.trace.graph.output_name}")

    def __repr__(self) -> str:
        return f"<Page {describe_point(self.trace.graph, self.trace)}>"


def page(
    trace: Trace,
    *,
    range: Mapping[str, str | Sequence[float]] | None = None,  # noqa: A002  the command line's word
    theme: str = "drawio",
    direction: str | None = None,
    labels: str | None = None,
    digits: int | None = None,
    decimals: int | None = None,
    branch: bool = True,
    title: str = "",
    embed: bool = False,
    quiz: bool = False,
    engine: str = "bundled",
    limit: Mapping[str, int] | None = None,
) -> Page:
    """Make a page of a trace: its figure, its function, every number, the derivation, and a slider for each input.

    range has ranges of inputs by name, as "-10:10:0.01" or (-10, 10, 0.01); that of a vector holds for all its entries,
    and an input without one has a range around its value. The numbers on the wires have room for the longest of the
    ranges. theme, direction, labels and branch are those of the figure; where a reader's screen is dark the colours are
    those of the dark theme. With embed only the figure, the sliders and the steps are to be seen, without a margin: a
    page for a frame in another. With quiz the wires have blanks to fill in, and the rest of the page opens when all of
    them are. Raises a BpvizError when an option is wrong, and for a quiz on a program with vectors.
    """
    if trace.graph.vectors and quiz:
        raise UsageError("a quiz cannot ask for vectors yet", hint=UNROLL)
    limits, rounding = set_limits(limit), rounding_to(digits, decimals)
    check_derived(len(trace.graph.gate_ids), limits.derived)
    ranges = spread_ranges(trace.graph, range or {})
    sliders = make_sliders(trace, ranges, limits)
    points: list[dict[str, float]] = []
    if quiz:
        points = find_points(trace, ranges, sliders, limits)
        sliders = widen_sliders(sliders, ranges, points)
    look = find_theme(theme)
    blank = draw(
        trace,
        blank=True,
        theme=theme,
        direction=direction,
        labels=labels,
        branch=branch,
        transparent=True,
        engine=engine,
        limit=limit,
    )
    graph = group(trace.graph)
    grids = PageGrids(graph, rounding) if isinstance(graph, GroupedGraph) else None
    if grids:
        texts, longest = grids.write_texts(trace), grids.find_longest(trace, sliders)
    else:
        texts, longest = write_numbers(trace, rounding), find_longest(trace, sliders, rounding)
    if quiz:
        texts, longest = hide_answers(trace.graph, texts), reserve_blanks(longest)
    figure, size = write_figure(blank, longest, texts, grids.by_key if grids else None)
    if grids:
        derived = derive_keyed(trace, grids)
    else:
        derived = drop_repetitions(derive(trace.graph if quiz else trace, rounding))
    content = PageContent(
        trace,
        figure,
        size,
        sliders,
        DerivationPages(derived, trace.graph.statements),
        texts,
        rounding,
        look,
        title or f"The backpropagation of {trace.graph.output_name}",
        embed,
        make_quiz(trace, points, look, rounding) if quiz else None,
        grids,
    )
    return Page(trace, write_page(content))


def write_frame(page: str, title: str) -> str:
    """Write a frame in which a page stands in another; its title is for those who cannot see it."""
    style = f"width:100%;height:{FRAME_HEIGHT};border:0"
    return f'<iframe srcdoc="{html.escape(page)}" title="{html.escape(title)}" style="{style}"></iframe>\n'


def check_page_target(target: str | os.PathLike[str]) -> None:
    """Raise UsageError for the name of a file that does not end in .html."""
    read_ending(target, PAGE_FORMATS, "page")
