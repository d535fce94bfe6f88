"""Make worksheets and their keys as PDF, from a trace or, with variants, from a graph."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bpviz.autodiff import Trace, describe_point, run
from bpviz.endings import TEXTS
from bpviz.errors import UsageError
from bpviz.figure.description import describe
from bpviz.figure.geometry import measure
from bpviz.figure.grids import MOST_ENTRIES, is_cut
from bpviz.figure.picture import Picture, make_picture
from bpviz.figure.rendering import read_page_size, render
from bpviz.files import is_folder, make_folder, read_ending, write_in_turn
from bpviz.formula.numerals import Rounding, rounding_to
from bpviz.graph import Graph
from bpviz.grouping import group
from bpviz.lecture.answer_keys import AnswerKey, SheetToAnswer
from bpviz.lecture.papers import SHEETS, find_paper
from bpviz.lecture.short_numbers import RULES
from bpviz.lecture.students import name_file
from bpviz.lecture.typesetting import compile_pdf
from bpviz.lecture.value_ranges import ValueRange, make_value_ranges
from bpviz.lecture.variants import Variants, find_variants
from bpviz.lecture.worksheet_content import Blanks, SheetContent, SheetWriter, find_blanks, mark_blanks
from bpviz.lecture.worksheet_layout import LOOK, PageSize, SheetArrangement, SheetPlan, plan_sheet
from bpviz.lecture.worksheet_strips import StripFigure, read_figure
from bpviz.lecture.worksheet_typst import SheetPrint, write_sheets
from bpviz.lecture.worksheet_vectors import VectorSheetWriter
from bpviz.limits import check_drawn, set_limits
from bpviz.text.report import Text
from bpviz.text.writers import write as write_report
from bpviz.vectors import say_shape

MOST_SHEETS = 500  # at once
SHEET, KEY = "sheet", "key"  # how their files' names begin in a folder
ANSWER_FORMATS = {ending.removeprefix("."): name for ending, name in TEXTS.items()}


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

        def lay_out(arrangement: SheetArrangement) -> StripFigure:
            picture = self._draw(arrangement, key=False)
            return read_figure(picture.diagram, measure(picture, engine=self.engine))

        graph = group(self.trace.graph)
        return plan_sheet(
            self.content,
            lay_out,
            self.paper,
            has_shared_inputs=any(len(graph.wires_from[i]) > 1 for i in graph.inputs),
            first=self.first.plan if self.first else None,
        )

    def picture(self, *, key: bool) -> Picture:
        """Draw the figure of the sheet or of the key."""
        return self._draw(self.plan.arrangement, key=key)

    def _draw(self, arrangement: SheetArrangement, *, key: bool) -> Picture:
        graph, rounding = self.trace.graph, self.rounding
        whole = describe(graph, self.trace, rounding, labels=LOOK.labels, branch=True)
        return make_picture(
            graph,
            self.trace,
            theme=LOOK._replace(rank_gap=arrangement.gap),
            direction=arrangement.direction,
            inputs=arrangement.inputs,
            rounding=rounding,
            stage=mark_blanks(whole, self.blanks, key=key),
        )


@dataclass(frozen=True, repr=False)
class Worksheets:
    """Sheets on one program, each with its key; variants says how their numbers were found, if they were searched.

    save writes a file or a folder, by the target's name:

    class.pdf           the sheets, and behind them the keys
    sheets/             a PDF for each sheet and for each key: sheet-01.pdf, or with names sheet-01-Ada-Lovelace.pdf
    keys.csv, .json     the answers as data, a row for every blank of every sheet (bpviz.lecture.answer_keys);
    .txt, .md, .tex     the same as a table
    """

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

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is to be said of the first sheet's numbers, and of kinks of which no sheet has one of the sides."""
        first = self.sheets[0].trace
        one_sided = self.variants.one_sided if self.variants else ()
        equations = [f"{first.graph.nodes[i].name} = {first.graph.expression(i)}" for i in one_sided]
        missing = "is not on every side of its kink over the sheets: no short numbers were found there"
        return (*first.warnings, *(f"{equation} {missing}" for equation in equations))

    def save(self, target: str | os.PathLike[str], *, sheets: bool = True, keys: bool = True) -> None:
        """Write the sheets, the keys or both to a file or a folder, as the target's name says.

        A failed write leaves no half file. Raises UsageError for a name that says nothing, OutputError for what cannot
        be made or written.
        """
        files = self.files(target, sheets=sheets, keys=keys)
        if is_folder(target):
            make_folder(target)
        write_in_turn(files)

    def files(self, target: str | os.PathLike[str], *, sheets: bool = True, keys: bool = True) -> dict[str, bytes]:
        """Make the files of a target, by their names: one with its ending or, in a folder, one for each sheet and key.

        Raises UsageError for a name that says nothing, OutputError if Typst is not installed.
        """
        target = os.fspath(target)
        if is_folder(target):
            return {
                os.path.join(target, name_file(kind, number, len(self.sheets), sheet.content.student)): compile_pdf(
                    *self._write_typst([(number, kind == KEY)])
                )
                for kind in [SHEET] * sheets + [KEY] * keys
                for number, sheet in enumerate(self.sheets, start=1)
            }
        format_ = read_ending(target, ("pdf", *ANSWER_FORMATS), "worksheet")
        if format_ == "pdf":
            return {target: self.pdf(sheets=sheets, keys=keys)}
        return {target: self.answers(ANSWER_FORMATS[format_]).encode()}

    def answers(self, format: str = "csv") -> Text:  # noqa: A002  the command line's word
        """Write the answers as csv, json, plain, markdown or latex text: a row for every blank of every sheet."""
        return write_report(self.key, format)

    @property
    def key(self) -> AnswerKey:
        """The answers, row by row."""
        return AnswerKey(
            [SheetToAnswer(each.content.student, each.trace, each.blanks, each.rounding) for each in self.sheets]
        )

    def pdf(self, *, sheets: bool = True, keys: bool = True) -> bytes:
        """Typeset the sheets, the keys, or both with the keys last; raise OutputError if Typst is not installed."""
        return compile_pdf(*self.typst(sheets=sheets, keys=keys))

    def typst(self, *, sheets: bool = True, keys: bool = True) -> tuple[str, dict[str, bytes]]:
        """Write the sheets as Typst, and make the files that it reads."""
        numbers = range(1, len(self.sheets) + 1)
        return self._write_typst(
            [(number, is_key) for is_key in [False] * sheets + [True] * keys for number in numbers]
        )

    def _write_typst(self, wanted: Sequence[tuple[int, bool]]) -> tuple[str, dict[str, bytes]]:
        """Write some of the sheets and keys, each by its number and whether it is the key."""
        files: dict[str, bytes] = {}
        prints = []
        for number, is_key in wanted:
            sheet = self.sheets[number - 1]
            name = f"{KEY if is_key else SHEET}-{number}.pdf"
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
    names: Sequence[str] = (),
    seed: int = 1,
    numbers: str | None = None,
    range: Mapping[str, object] | None = None,  # noqa: A002  the command line's word
    vary_constants: bool = False,
    paper: str = "a4",
    title: str = "",
    digits: int | None = None,
    decimals: int | None = None,
    engine: str = "bundled",
    limit: Mapping[str, int] | None = None,
) -> Worksheets:
    """Make a worksheet on a trace, or with `variants` as many sheets on a graph, each with other numbers.

    blank is values, gradients or both: what is left blank; given names what is filled in nonetheless ("f", "x.value").
    names are those of the students, one for each variant; with them variants may be left out. numbers is exact or
    rounded: which numbers variants may have; without it they are exact if there are enough, else rounded. range gives
    some inputs the values that they may have: {"y": [0, 1], "a": "0.1:0.9"}, or "0.1:0.9:0.2" with a step.
    vary_constants draws the program's constants anew, too. Raises a BpvizError for an option that is wrong.
    """
    graph = what if isinstance(what, Graph) else what.graph
    point = {} if isinstance(what, Graph) else {name: what.value(name) for name in graph.variable_names}
    if not (graph.gate_ids or graph.inputs):
        raise UsageError("a constant leaves nothing to fill in", hint='take a program with an input: "x*y + 2"')
    limits = set_limits(limit)
    check_drawn(len(group(graph).gate_ids), limits.drawn)
    _refuse_large_grids(graph)
    find_paper(paper, SHEETS)
    blanks = find_blanks(graph, blank, given)
    count = _count_sheets(variants, names)
    if not count:
        _refuse_search(graph, {"--range": range, "--numbers": numbers, "--vary-constants": vary_constants})
    ranges = make_value_ranges(graph, range or {}, limits)
    found = _search(graph, point, count, seed, numbers, ranges, vary_constants, limit) if count else None
    traces = found.traces if found else [run(graph, point)]
    rounding = rounding_to(digits, decimals)
    sheets: list[Worksheet] = []
    for number, trace in enumerate(traces, start=1):
        blanks = find_blanks(trace.graph, blank, given)
        label = f"Sheet {number}" if found else ""
        writer = (VectorSheetWriter if graph.vectors else SheetWriter)(trace, blanks, rounding)
        content = writer.describe(title, label, names[number - 1] if names else "")
        sheets.append(Worksheet(trace, blanks, content, paper, rounding, engine, sheets[0] if sheets else None))
    return Worksheets(tuple(sheets), sheets[0].content.title, found)


def name_key_file(folder: str) -> str:
    """Return the file beside a folder of sheets that their keys go to, since the folder is for the students.

    Raises UsageError for a folder such as "../" that has no name here.

    >>> name_key_file("sheets/")
    'sheets-key.pdf'
    """
    if not (folder.rstrip("/\\.") and os.path.basename(os.path.abspath(folder))):
        raise UsageError(f"the keys have no place beside {folder}", hint="add --key keys.pdf, or --no-key")
    return f"{folder.rstrip('/' + os.sep)}-key.pdf"


def refuse_values(graph: Graph, point: Mapping[str, Any]) -> None:
    """Raise UsageError if an input has a value, perhaps as it is typed, although variants draw the numbers."""
    for name, value in point.items():
        if name in graph.vector_inputs:
            size = "x".join(map(str, graph.vector_inputs[name].shape))
            hint = f"leave its entries out and say its shape: --shape {name}={size}"
        else:
            typed = value if isinstance(value, str) else f"{value:g}"
            hint = f"leave --{name} out, or say which values it may have: --range {name}={typed}"
        raise UsageError(f"--variants draws {name} itself", hint=hint)


def _refuse_large_grids(graph: Graph) -> None:
    """Raise UsageError for a vector that figures show without all of its entries."""
    for node in graph.vectors.nodes if graph.vectors else ():
        if is_cut(node.shape):
            what = (
                f"{node.name or node.text} is {say_shape(node.shape)}, and a grid has {MOST_ENTRIES} lines to write on"
            )
            raise UsageError(what, hint="take smaller shapes, or add --unroll: it has every entry on a wire of its own")


def _count_sheets(variants: int, names: Sequence[str]) -> int:
    """Return how many sheets to search numbers for, 0 for none; raise UsageError for more than are made at once."""
    if names and variants not in (0, len(names)):
        what = f"--variants {variants} does not fit the {len(names)} names"
        raise UsageError(what, hint="leave --variants out: there is a sheet for each name")
    count = variants or len(names)
    if not 0 <= count <= MOST_SHEETS:
        raise UsageError(f"{count} sheets cannot be made at once", hint=f"choose 1 to {MOST_SHEETS}")
    return count


def _refuse_search(graph: Graph, options: Mapping[str, object]) -> None:
    """Raise UsageError for an option of a search where nothing is searched."""
    given = next((name for name, value in options.items() if value), None)
    if given:
        values = " ".join(f"--{name} 3" for name in graph.input_names)
        raise UsageError(
            f"{given} is for sheets with numbers of their own", hint=f"add --variants 30, or take {values}"
        )


def _search(
    graph: Graph,
    point: Mapping[str, Any],
    count: int,
    seed: int,
    numbers: str | None,
    ranges: Mapping[int, ValueRange],
    vary_constants: bool,
    limit: Mapping[str, int] | None,
) -> Variants:
    """Search for the numbers of `count` sheets; raise UsageError if there are too few."""
    refuse_values(graph, point)
    if numbers is not None and numbers not in RULES:
        raise UsageError(f"no numbers are called {numbers}", hint=f"choose one of {', '.join(RULES)}")
    rule = RULES[numbers] if numbers else None
    found = find_variants(graph, count, seed, rule=rule, ranges=ranges, vary_constants=vary_constants, limit=limit)
    if found.is_class(count):
        return found
    available = len(found.traces)
    remedies = [
        f"ask for {available}" if 1 < available < count else "",
        "allow decimals with --numbers rounded" if found.rule.name == "exact" else "",
        "leave --numbers out" if numbers == "rounded" else "",
        "give --range more values" if ranges else "",
        "take a simpler program, or give its values yourself without --variants",
    ]
    hint = " or ".join(filter(None, remedies))
    if available >= count:
        stuck = graph.nodes[found.stuck[0]].name
        what = f"{stuck} = {graph.expression(found.stuck[0])} would be at the same point on all {count} sheets"
        raise UsageError(f"{what} ({found.rule.description})", hint=hint)
    exist = "is" if available == 1 else "are"
    only = f"there {exist} {'only ' if available else ''}{available or 'none'}"
    how_many = only if found.is_exhausted else f"{available} were found"
    raise UsageError(
        f"no {count} sheets with short numbers ({found.rule.description}): {how_many} among {found.searched}", hint=hint
    )
