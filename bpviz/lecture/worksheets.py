"""Make worksheets and their keys as PDF, from a trace or, with variants, from a graph."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bpviz.autodiff import Trace, describe_point, run
from bpviz.errors import UsageError
from bpviz.figure.diagram import describe
from bpviz.figure.geometry import measure
from bpviz.figure.picture import Picture, make_picture
from bpviz.figure.rendering import read_page_size, render
from bpviz.files import write
from bpviz.formula.numerals import Rounding, rounding_to
from bpviz.graph import Graph
from bpviz.lecture.papers import SHEETS, find_paper
from bpviz.lecture.typesetting import compile_pdf
from bpviz.lecture.variants import RULES, Variants, find_variants
from bpviz.lecture.worksheet_content import Blanks, SheetContent, describe_sheet, find_blanks, mark_blanks
from bpviz.lecture.worksheet_layout import LOOK, PageSize, SheetPlan, plan_sheet
from bpviz.lecture.worksheet_strips import StripFigure, read_figure
from bpviz.lecture.worksheet_typst import SheetPrint, write_sheets
from bpviz.limits import check_drawn, set_limits
from bpviz.noise import clear_noise

MOST_SHEETS = 500  # in one file


@dataclass(frozen=True)
class Worksheet:
    """One sheet: its trace, which of the numbers are left blank, and what it says.

    first is the first sheet of a class; the others have the direction of its figure, if that fits.
    """

    trace: Trace
    blanks: Blanks
    content: SheetContent
    paper: str
    rounding: Rounding
    engine: str
    first: Worksheet | None = None

    @cached_property
    def plan(self) -> SheetPlan:
        """Where its parts stand."""

        def lay_out(direction: str, gap: float) -> StripFigure:
            picture = self._draw(direction, gap, key=False)
            return read_figure(picture.diagram, measure(picture, engine=self.engine))

        return plan_sheet(self.content, lay_out, self.paper, self.first.plan if self.first else None)

    def picture(self, *, key: bool) -> Picture:
        """Draw the figure of the sheet or of the key."""
        return self._draw(self.plan.direction, self.plan.gap, key=key)

    def _draw(self, direction: str, gap: float, *, key: bool) -> Picture:
        graph, rounding = self.trace.graph, self.rounding
        whole = describe(graph, self.trace, rounding, labels=LOOK.labels, branch=True)
        return make_picture(
            graph,
            self.trace,
            theme=LOOK._replace(rank_gap=gap),
            direction=direction,
            rounding=rounding,
            stage=mark_blanks(whole, self.blanks, key=key),
        )


@dataclass(frozen=True, repr=False)
class Worksheets:
    """Sheets on one program, each with its key; variants says how their numbers were found, if they were searched."""

    sheets: tuple[Worksheet, ...]
    title: str
    variants: Variants | None = None

    def __repr__(self) -> str:
        return f"<Worksheets on {describe_point(self.sheets[0].trace.graph, None)}: {self.summary}>"

    @property
    def summary(self) -> str:
        """How many sheets there are and, if their numbers were searched, which numbers they have."""
        count = len(self.sheets)
        numbers = f", {self.variants.rule.description}" if self.variants else ""
        return f"{count} sheet{'' if count == 1 else 's'}{numbers}"

    def save(self, target: str | os.PathLike[str], *, sheets: bool = True, keys: bool = True) -> None:
        """Write the PDF to a file; a failed write leaves no half file and raises OutputError."""
        write(target, self.pdf(sheets=sheets, keys=keys))

    def pdf(self, *, sheets: bool = True, keys: bool = True) -> bytes:
        """Typeset the sheets, the keys, or both with the keys last; raise OutputError if Typst is not installed."""
        return compile_pdf(*self.typst(sheets=sheets, keys=keys))

    def typst(self, *, sheets: bool = True, keys: bool = True) -> tuple[str, dict[str, bytes]]:
        """Write the sheets as Typst, and make the files that it reads."""
        files: dict[str, bytes] = {}
        prints = []
        for is_key in [False] * sheets + [True] * keys:
            for number, sheet in enumerate(self.sheets, start=1):
                name = f"{'key' if is_key else 'sheet'}-{number}.pdf"
                files[name] = render(sheet.picture(key=is_key), "pdf", engine=sheet.engine)
                size = PageSize(*read_page_size(files[name]))
                prints.append(SheetPrint(sheet.content, sheet.plan, name, size, is_key))
        return write_sheets(prints, self.title), files


def worksheet(
    what: Graph | Trace,
    *,
    blank: str = "both",
    given: Sequence[str] = (),
    variants: int = 0,
    seed: int = 1,
    numbers: str | None = None,
    keep_constants: bool = False,
    paper: str = "a4",
    title: str = "",
    digits: int = 3,
    decimals: int | None = None,
    engine: str = "bundled",
    limit: Mapping[str, int] | None = None,
) -> Worksheets:
    """Make a worksheet on a trace, or with `variants` as many sheets on a graph, each with other numbers.

    blank is values, gradients or both: what is left blank; given names what is filled in nonetheless ("f", "x.value").
    numbers is exact or rounded: which numbers variants may have; without it they are exact if there are enough, else
    rounded. keep_constants draws only the inputs anew. Raises a BpvizError for an option that is wrong.
    """
    graph, point = (what, {}) if isinstance(what, Graph) else (what.graph, what.point)
    if not (graph.gate_ids or graph.inputs):
        raise UsageError("a constant leaves nothing to fill in", hint='take a program with an input: "x*y + 2"')
    check_drawn(len(graph.gate_ids), set_limits(limit).drawn)
    find_paper(paper, SHEETS)
    blanks = find_blanks(graph, blank, given)
    found = _search(graph, point, variants, seed, numbers, keep_constants, limit) if variants else None
    traces = [*map(clear_noise, found.traces if found else [run(graph, point)])]
    rounding = rounding_to(digits, decimals)
    sheets: list[Worksheet] = []
    for number, trace in enumerate(traces, start=1):
        blanks = find_blanks(trace.graph, blank, given)
        content = describe_sheet(trace, blanks, rounding, title, f"Sheet {number}" if found else "")
        sheets.append(Worksheet(trace, blanks, content, paper, rounding, engine, sheets[0] if sheets else None))
    return Worksheets(tuple(sheets), sheets[0].content.title, found)


def refuse_values(point: Mapping[str, float]) -> None:
    """Raise UsageError if an input has a value although variants draw the numbers."""
    if point:
        name = next(iter(point))
        raise UsageError(f"--variants draws {name} itself", hint=f"leave --{name} out, or --variants")


def _search(
    graph: Graph,
    point: Mapping[str, float],
    count: int,
    seed: int,
    numbers: str | None,
    keep_constants: bool,
    limit: Mapping[str, int] | None,
) -> Variants:
    """Search for the numbers of `count` sheets; raise UsageError if there are too few."""
    refuse_values(point)
    if not 1 <= count <= MOST_SHEETS:
        raise UsageError(f"{count} sheets cannot be made at once", hint=f"choose 1 to {MOST_SHEETS}")
    if numbers is not None and numbers not in RULES:
        raise UsageError(f"no numbers are called {numbers}", hint=f"choose one of {', '.join(RULES)}")
    rule = RULES[numbers] if numbers else None
    found = find_variants(graph, count, seed, rule=rule, keep_constants=keep_constants, limit=limit)
    available = len(found.traces)
    if available >= count:
        return found
    exist = "is" if available == 1 else "are"
    only = f"there {exist} {'only ' if available else ''}{available or 'none'}"
    how_many = only if found.is_exhausted else f"{available} were found"
    remedies = [
        f"ask for {available}" if available > 1 else "",
        "allow decimals with --numbers rounded" if found.rule.name == "exact" else "",
        "leave --keep-constants out" if keep_constants else "",
        "leave --numbers out" if numbers == "rounded" else "",
        "take a simpler program, or give its values yourself without --variants",
    ]
    raise UsageError(
        f"no {count} sheets with short numbers ({found.rule.description}): {how_many} among {found.grid.description}",
        hint=" or ".join(filter(None, remedies)),
    )
