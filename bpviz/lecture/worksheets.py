"""A program and a point in, worksheets and their keys out, as PDF.

Every keyword has the name of the command line's option.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from bpviz.autodiff import Trace, run
from bpviz.errors import UsageError
from bpviz.figure import render_package as render
from bpviz.figure.diagram import diagram
from bpviz.figure.picture import Picture
from bpviz.figure.sketch import sketch
from bpviz.formula.numerals import THREE_DIGITS, Rounding, rounding_to
from bpviz.graph import Graph
from bpviz.lecture.variants import RULES, Variants, find_variants
from bpviz.lecture.worksheet_content import Asked, Sheet, asked_for, sheet, stage
from bpviz.lecture.worksheet_layout import LOOK, Plan, Size, paper_called, plan
from bpviz.lecture.worksheet_strips import Figure, figure
from bpviz.lecture.worksheet_typst import Printed, typeset
from bpviz.limits import check_drawn, limits

PAGE = re.compile(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+) ?\]")
MOST = 500  # sheets in one file


@dataclass(frozen=True)
class Paper:
    """How sheets are set: the paper, the rounding, and the Graphviz that draws the figures."""

    paper: str = "a4"
    rounding: Rounding = THREE_DIGITS
    engine: str = "bundled"


@dataclass(frozen=True)
class Worksheet:
    """One sheet: its trace, what is asked for, and what it says. It is drawn as the first of its class is."""

    trace: Trace
    asked: Asked
    said: Sheet
    paper: Paper
    first: Worksheet | None = None

    @cached_property
    def plan(self) -> Plan:
        """Return where its parts stand."""

        def drawn(direction: str, gap: float) -> Figure:
            picture = self._picture(direction, gap, key=False)
            return figure(picture.said, render.geometry(picture, engine=self.paper.engine))

        way = (self.first.plan.direction, self.first.plan.gap) if self.first else None
        return plan(self.said, drawn, self.paper.paper, way)

    def figure(self, *, key: bool) -> bytes:
        """Return the figure of the sheet or of the key as a PDF."""
        return render.picture(self.picture(key=key), "pdf", engine=self.paper.engine)

    def picture(self, *, key: bool) -> Picture:
        """Return the figure of the sheet or of the key."""
        return self._picture(self.plan.direction, self.plan.gap, key=key)

    def _picture(self, direction: str, gap: float, *, key: bool) -> Picture:
        graph, rounding = self.trace.graph, self.paper.rounding
        said = sketch(graph, self.trace, rounding, labels=LOOK.labels, branch=True)
        return diagram(
            graph,
            self.trace,
            theme=LOOK._replace(rank_gap=gap),
            direction=direction,
            rounding=rounding,
            stage=stage(said, self.asked, key=key),
        )


@dataclass(frozen=True)
class Worksheets:
    """Sheets for one program, each with its key; found says how their numbers were searched for, if they were."""

    sheets: tuple[Worksheet, ...]
    title: str
    found: Variants | None = None

    def pdf(self, *, sheets: bool = True, keys: bool = True) -> bytes:
        """Return the sheets, the keys, or both with the keys last, set by Typst; OutputError where there is none."""
        from bpviz.lecture.typesetting import compile_pdf

        return compile_pdf(*self.typst(sheets=sheets, keys=keys))

    def typst(self, *, sheets: bool = True, keys: bool = True) -> tuple[str, dict[str, bytes]]:
        """Return what the PDF is made from: Typst, and the files that it reads."""
        files: dict[str, bytes] = {}
        pages = []
        for is_key in [False] * sheets + [True] * keys:
            for number, each in enumerate(self.sheets, start=1):
                name = f"{'key' if is_key else 'sheet'}-{number}.pdf"
                files[name] = each.figure(key=is_key)
                pages.append(Printed(each.said, each.plan, name, size_of(files[name]), is_key))
        return typeset(pages, self.title), files


def size_of(pdf: bytes) -> Size:
    """Return the size of a figure's page."""
    found = PAGE.search(pdf)
    assert found, "a PDF has a page"
    return Size(float(found[1]), float(found[2]))


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
    """Return a worksheet on a trace, or with variants as many sheets with other numbers, for which a graph will do.

    blank is values, gradients or both, given what is filled in as a start. numbers is exact or rounded: which numbers
    are short; otherwise exact ones are taken if there are enough. Raises a BpvizError when an option is wrong.
    """
    graph, point = (what, {}) if isinstance(what, Graph) else (what.graph, what.point)
    if not (graph.gate_ids or graph.inputs):
        raise UsageError("a constant leaves nothing to fill in", hint='take a program with an input: "x*y + 2"')
    check_drawn(len(graph.gate_ids), limits(limit).drawn)
    paper_called(paper)
    asked_for(graph, blank, given)
    found = _searched(graph, point, variants, seed, numbers, keep_constants, limit) if variants else None
    traces = found.traces if found else [run(graph, point)]
    setting = Paper(paper, rounding_to(digits, decimals), engine)
    first, *others = (
        _sheet(trace, blank, given, title, f"Sheet {number}" if found else "", setting)
        for number, trace in enumerate(traces, start=1)
    )
    sheets = (first, *(replace(each, first=first) for each in others))
    return Worksheets(sheets, sheets[0].said.title, found)


def _sheet(trace: Trace, blank: str, given: Sequence[str], title: str, label: str, setting: Paper) -> Worksheet:
    asked = asked_for(trace.graph, blank, given)
    return Worksheet(trace, asked, sheet(trace, asked, title=title, label=label, rounding=setting.rounding), setting)


def _searched(
    graph: Graph,
    point: Mapping[str, float],
    count: int,
    seed: int,
    numbers: str | None,
    keep_constants: bool,
    limit: Mapping[str, int] | None,
) -> Variants:
    """Return count sheets' numbers; raise UsageError if there are too few."""
    if point:
        name = next(iter(point))
        raise UsageError(f"--variants draws {name} itself", hint=f"leave --{name} out, or --variants")
    if not 1 <= count <= MOST:
        raise UsageError(f"{count} sheets cannot be made at once", hint=f"choose 1 to {MOST}")
    if numbers is not None and numbers not in RULES:
        raise UsageError(f"no numbers are called {numbers}", hint=f"choose one of {', '.join(RULES)}")
    rule = RULES[numbers] if numbers else None
    found = find_variants(graph, count, seed, rule=rule, keep_constants=keep_constants, limit=limit)
    if len(found.traces) < count:
        raise _too_few(found, count, numbers, keep_constants)
    return found


def _too_few(found: Variants, count: int, numbers: str | None, keep_constants: bool) -> UsageError:
    there = len(found.traces)
    exist = "is" if there == 1 else "are"
    how_many = (
        f"there {exist} {'only ' if there else ''}{there or 'none'}" if found.is_exhausted else f"{there} were found"
    )
    remedies = list(
        chain(
            [f"ask for {there}" if there > 1 else ""],
            ["allow decimals with --numbers rounded" if found.rule.name == "exact" else ""],
            ["leave --keep-constants out" if keep_constants else ""],
            ["leave --numbers out" if numbers == "rounded" else ""],
            ["take a simpler program, or give its values yourself without --variants"],
        )
    )
    return UsageError(
        f"no {count} sheets with short numbers ({found.rule.description}): {how_many} among {found.grid.description}",
        hint=" or ".join(each for each in remedies if each),
    )
