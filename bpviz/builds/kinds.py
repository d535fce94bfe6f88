"""What a file may ask for: a row for each kind of table, which says how its orders are made.

A kind is called as the command that makes it, but for [[figure]], which bpviz draw makes, and [[gate]]. Its options are
those of the functions of the library that make it, so that a new option there is one here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from bpviz import shortcuts
from bpviz.builds.orders import Order, list_options
from bpviz.endings import ARRAYS, DERIVATIONS, FORMULAS, PAGES, PLOTS, TEXTS, choose_by_ending, choose_languages
from bpviz.errors import NOTE, UsageError
from bpviz.explore import descend, plot, sweep, write_text
from bpviz.figure import choose_format, draw
from bpviz.graph import Graph
from bpviz.lang import parse
from bpviz.lecture import Deck, deck, draw_gate, worksheet
from bpviz.pages import check_page_target, page
from bpviz.text import code, steps, symbolic, table, write_gate_page

GATE_PAGE = ".txt"
MANY = 8  # a deck or a class of worksheets is as much work as so many figures


class Made(NamedTuple):
    """What was made to order: a function from an output's name to the files that it is, and what there is to know."""

    make_files: Callable[[str], Mapping[str, bytes]]
    warnings: Sequence[str] = ()


class Kind(NamedTuple):
    """A kind of table: how it is made, and which functions' options it has.

    `noun` is what a summary counts. An order that names no output goes to the name of its program with `usual_ending`
    behind it. `own` are options, with their types, that no function of the library takes; `subject` is the key of what
    it is about, and `work` how many figures it is worth.
    """

    noun: str
    make: Callable[[Order], Made]
    functions: tuple[Callable[..., Any], ...]
    usual_ending: str
    own: Mapping[str, Any] = {}
    subject: str = "program"
    takes_ranges: bool = False
    work: int = 1

    @property
    def options(self) -> dict[str, Any]:
        """The options of its tables, with their types."""
        return {name: type_ for each in self.functions for name, type_ in list_options(each).items()} | dict(self.own)


def make_figure(order: Order) -> Made:
    """Draw a figure, blank if there are no values."""
    graph = order.read_graph()
    figure = shortcuts.draw(graph, set=order.find_point(graph), **order.pick(draw))
    files = {output: figure.data(choose_format(output)) for output in order.outputs}
    formats = {choose_format(output): data for output, data in files.items()}
    small = figure.tell_small_numbers(formats, 'fit = "16:9"')
    remarks = [f"{NOTE}{remark}" for remark in (*figure.remarks, small) if remark]
    warnings = [*figure.warnings, *figure.tell_other_letters(formats.keys()), *remarks]
    return Made(lambda output: {output: files[output]}, list_warnings(graph, warnings))


def make_deck(order: Order) -> Made:
    """Make slides: a file, or a folder of pictures."""
    graph = order.read_graph()
    made = shortcuts.deck(graph, set=order.find_point(graph), **order.pick(deck))
    return Made(lambda output: made.files(output, **order.pick(Deck.files)), list_warnings(graph, made.trace.warnings))


def make_page(order: Order) -> Made:
    """Make a web page with all that there is of a program."""
    graph = order.read_graph()
    made = shortcuts.page(graph, set=order.find_point(graph), **order.pick(page))

    def make_files(output: str) -> dict[str, bytes]:
        check_page_target(output)
        return {output: made.html.encode()}

    return Made(make_files, list_warnings(graph, made.trace.warnings))


def make_worksheet(order: Order) -> Made:
    """Set sheets to fill in, and their keys: behind the sheets, unless they have files of their own or none."""
    graph = order.read_graph()
    is_class = bool(order.options.get("variants") or order.options.get("names"))
    point = order.values if is_class else order.find_point(graph)  # a class has numbers of its own
    made = shortcuts.worksheet(graph, set=point, **order.pick(worksheet))
    keys_behind = not order.keys and not order.options.get("no_key", False)

    def make_files(output: str) -> dict[str, bytes]:
        if output in order.keys:
            return made.files(output, sheets=False)
        return made.files(output, keys=keys_behind)

    return Made(make_files, list_warnings(graph, made.warnings))


def make_steps(order: Order) -> Made:
    """Write a derivation, in symbols if there are no values."""
    graph = order.read_graph()
    what = shortcuts.run_if_complete(graph, order.find_point(graph))

    def make_files(output: str) -> dict[str, bytes]:
        format_ = choose_by_ending(output, {**PAGES, **DERIVATIONS}, "no derivation is written to")
        options = {**order.pick(steps), "format": format_}
        if format_ in PAGES.values():
            return {output: what.typeset_steps(**options)}
        return {output: what.steps(**options).encode()}

    return Made(make_files, list_warnings(graph, what.warnings))


def make_table(order: Order) -> Made:
    """Write every number as a table."""
    graph = order.read_graph()
    trace = graph.at(order.find_point(graph))

    def make_files(output: str) -> dict[str, bytes]:
        format_ = choose_by_ending(output, TEXTS, "no table is written to")
        return {output: trace.table(format=format_, **order.pick(table)).encode()}

    return Made(make_files, list_warnings(graph, trace.warnings))


def make_code(order: Order) -> Made:
    """Write a listing: a script if there are values, a function if there are none."""
    graph = order.read_graph()
    what = shortcuts.run_if_complete(graph, order.find_point(graph))
    options = order.pick(code)
    languages = choose_languages(order.outputs, options.pop("lang", None))
    language_of = dict(zip(order.outputs, languages, strict=True))
    return Made(
        lambda output: {output: what.code(lang=language_of[output], **options).encode()},
        list_warnings(graph, what.warnings),
    )


def make_symbolic(order: Order) -> Made:
    """Write the derivatives in closed form, which takes no values: the file's are for other orders."""
    graph = order.read_graph()

    def make_files(output: str) -> dict[str, bytes]:
        format_ = choose_by_ending(output, FORMULAS, "no formula is written to")
        text = shortcuts.symbolic(graph, set=order.values, format=format_, **order.pick(symbolic))
        return {output: text.encode()}

    return Made(make_files, graph.warnings)


def make_sweep(order: Order) -> Made:
    """Go over ranges of inputs: numbers, or a plot."""
    graph = order.read_graph()
    swept = shortcuts.sweep(graph, set=order.find_point(graph), **order.pick(sweep))
    return Made(
        lambda output: {output: _write_explored(swept, output, ARRAYS, order)}, list_warnings(graph, swept.warnings)
    )


def make_descent(order: Order) -> Made:
    """Take gradient steps: numbers, or a plot."""
    graph = order.read_graph()
    descent = shortcuts.descend(graph, set=order.find_point(graph), **order.pick(descend))
    return Made(lambda output: {output: _write_explored(descent, output, {}, order)}, graph.warnings)


def list_warnings(graph: Graph, warnings: Sequence[str]) -> Sequence[str]:
    """Return warnings behind the notes on how the program was read, each once."""
    return tuple(dict.fromkeys((*graph.notes, *warnings)))


def _write_explored(what: Any, output: str, arrays: Mapping[str, str], order: Order) -> bytes:
    format_ = choose_by_ending(output, {**TEXTS, **PLOTS, **arrays}, "nothing is written to")
    if format_ in PLOTS.values():
        return bytes(what.plot(**order.pick(plot)).data(format_))
    if format_ in arrays.values():
        return bytes(what.npz())
    return bytes(what.text(format_, **order.pick(write_text)).encode())


def make_gate(order: Order) -> Made:
    """Write all about a gate, or draw its template, with numbers if its operands have values."""
    page = write_gate_page(order.subject).encode()  # a name that is none is told at once
    if all(output.lower().endswith(GATE_PAGE) for output in order.outputs):
        if order.values:
            raise UsageError("numbers are for the drawing of a gate", hint='write output = "gate.svg"')
        return Made(lambda output: {output: page})
    figure = draw_gate(
        order.subject, set={operand: float(value) for operand, value in order.values.items()}, **order.pick(draw_gate)
    )

    def make_files(output: str) -> dict[str, bytes]:
        if output.lower().endswith(GATE_PAGE):
            return {output: page}
        return {output: figure.data(choose_format(output))}

    return Made(make_files, figure.warnings)


KINDS: Mapping[str, Kind] = {
    "figure": Kind("figure", make_figure, (parse, draw), ".svg"),
    "deck": Kind("deck", make_deck, (parse, deck, Deck.files), "-deck.pdf", work=MANY),
    "worksheet": Kind(
        "worksheet",
        make_worksheet,
        (parse, worksheet),
        "-sheet.pdf",
        own={"names": Sequence[str] | str, "key": Sequence[str] | str, "no_key": bool},
        work=MANY,
    ),
    "page": Kind("page", make_page, (parse, page), ".html"),
    "steps": Kind("derivation", make_steps, (parse, steps), "-steps.pdf"),
    "table": Kind("table", make_table, (parse, table), "-table.md"),
    "sweep": Kind("sweep", make_sweep, (parse, sweep, plot), "-sweep.svg", takes_ranges=True),
    "descend": Kind("descent", make_descent, (parse, descend, plot), "-descent.svg"),
    "code": Kind("listing", make_code, (parse, code), ".py"),
    "symbolic": Kind("formula", make_symbolic, (parse, symbolic), "-symbolic.tex"),
    "gate": Kind("gate", make_gate, (draw_gate,), ".svg", subject="gate"),
}
OTHER_KINDS = {"draw": "figure", "derivation": "steps", "sheet": "worksheet", "slides": "deck", "plot": "sweep"}
