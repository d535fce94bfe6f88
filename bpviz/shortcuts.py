"""Text and a point in, an output out, in one call: bpviz.draw("x*y", x=2, y=3, theme="dark").

Each of these is parse, at and the method of that name in one. A keyword is an option of parse, an option of the
output, or else an input of the program; an input that shares its name with an option is given in set, as on the
command line.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from bpviz.autodiff import list_inputs
from bpviz.errors import BpvizError, UsageError
from bpviz.graph import Graph
from bpviz.lang import Unshaped, fit_shapes, parse
from bpviz.names import find_nearest, match_twins
from bpviz.outputs import GraphOutputs

if TYPE_CHECKING:
    from bpviz.autodiff import Trace
    from bpviz.checking import Check
    from bpviz.explore import Descent, Sweep
    from bpviz.figure import Figure
    from bpviz.lecture import Deck, Worksheets
    from bpviz.pages import Page
    from bpviz.text import Text

OF_PARSING = ("gates", "share", "constants", "shapes", "unroll", "limit")
Point = Mapping[str, Any] | None  # values by name, where they are not given as keywords


def draw(program: str | Graph, point: Point = None, /, **words: Any) -> Figure:
    """Draw a program at a point, or blank where no input has a value; options of parse and figure.draw.

    >>> draw("x*y", x=2, y=3, theme="cs231n").trace.gradient("x")
    3.0
    """
    from bpviz.figure import draw

    graph, options, point = _sort(program, point, draw, words)
    return draw(run_if_given(graph, point, blank=options.get("blank", False)), **options)


def table(program: str | Graph, point: Point = None, /, **words: Any) -> Text:
    """Write every number of a program at a point as a table; options of parse and text.table.

    >>> print(table("x*y", x=2, y=3, format="csv").splitlines()[1])
    input,,x,,,2.0,3.0,,,
    """
    from bpviz.text import table

    trace, options = _read(program, point, table, words)
    return table(trace, **options)


def steps(program: str | Graph, point: Point = None, /, **words: Any) -> Text:
    """Derive the gradients of a program step by step, without any value in symbols; options of parse and text.steps.

    >>> print(steps("x*y", x=2, y=3).splitlines()[0])
    f at x = 2, y = 3
    """
    from bpviz.text import steps

    graph, options, point = _sort(program, point, steps, words)
    return steps(run_if_complete(graph, point), **options)


def code(program: str | Graph, point: Point = None, /, **words: Any) -> Text:
    """Write a program as code: with values a script, without any a function; options of parse and text.code."""
    from bpviz.text import code

    graph, options, point = _sort(program, point, code, words)
    return code(run_if_complete(graph, point), **options)


def symbolic(program: str | Graph, point: Point = None, /, **words: Any) -> Text:
    """Derive a program by every input as a formula; options of parse and text.symbolic.

    >>> print(symbolic("x*y^2").splitlines()[-1])
    ∂f/∂y = 2·y·x
    """
    from bpviz.text import symbolic

    graph, options, point = _sort(program, point, symbolic, words)
    if point:
        raise UsageError(f"a formula needs no value for {next(iter(point))}", hint="leave it out")
    return symbolic(graph, **options)


def check(program: str | Graph, point: Point = None, /, **words: Any) -> Check:
    """Compare a program's gradients with other ways to find them; options of parse and checking.check.

    >>> check("x*y", x=2, y=3).is_right, check("x*y", x=2, y=3, claim="x=2").is_right
    (True, False)
    """
    from bpviz.checking import check

    trace, options = _read(program, point, check, words)
    return check(trace, **options)


def deck(program: str | Graph, point: Point = None, /, **words: Any) -> Deck:
    """Make the lecture on a program at a point, slide by slide; options of parse and lecture.deck.

    >>> deck("x*y", x=2, y=3).pages
    7
    """
    from bpviz.lecture import deck

    trace, options = _read(program, point, deck, words)
    return deck(trace, **options)


def page(program: str | Graph, point: Point = None, /, **words: Any) -> Page:
    """Make one HTML page of a program at a point, with everything on it; options of parse and page.page.

    >>> page("x*y", x=2, y=3).html.count("<svg")
    1
    """
    from bpviz.pages import page

    trace, options = _read(program, point, page, words)
    return page(trace, **options)


def worksheet(program: str | Graph, point: Point = None, /, **words: Any) -> Worksheets:
    """Make a worksheet on a program, or many with other numbers; options of parse and lecture.worksheet."""
    from bpviz.lecture import refuse_values, worksheet

    graph, options, point = _sort(program, point, worksheet, words)
    if options.get("variants") or options.get("names"):
        refuse_values(graph, point)
        return worksheet(graph, **options)
    return worksheet(graph.at(point), **options)


def sweep(program: str | Graph, point: Point = None, /, **words: Any) -> Sweep:
    """Compute value and gradients over a range of one input, or a grid of two; options of parse and explore.sweep.

    A range is "-5:5:200" or (-5, 5, 200): from, to, and how many points; the other inputs have one value each.

    >>> sweep("x^2", x="-1:1:3").gradients["x"]
    (-2.0, 0.0, 2.0)
    """
    from bpviz.explore import sweep

    graph, options, point = _sort(program, point, sweep, words, ranges=True)
    return sweep(graph, set=point, **options)


def descend(program: str | Graph, point: Point = None, /, **words: Any) -> Descent:
    """Take gradient steps from a point, and say why they end; options of parse and explore.descend.

    >>> descend("x^2", x=3, rate=0.25).reason
    'converged'
    """
    from bpviz.explore import descend

    graph, options, point = _sort(program, point, descend, words)  # no trace: only the goal needs values at the start
    return descend(graph, set=point, **options)


def _read(
    program: str | Graph, point: Point, output: Callable[..., Any], words: Mapping[str, Any]
) -> tuple[Trace, dict[str, Any]]:
    """Return the trace that the words ask for, and the output's options."""
    graph, options, values = _sort(program, point, output, words)
    return graph.at(values), options


def run_if_given(graph: Graph, point: Mapping[str, float], *, blank: bool = False) -> Trace | Graph:
    """Run a graph at a point and return the trace, or the graph itself where no input has a value.

    A figure that is blank on purpose needs no numbers: there the graph will do, too, where a value is missing or cannot
    be computed. Otherwise raises as Graph.at does.
    """
    if graph.inputs and not point and not graph.defaults:
        return graph
    try:
        return graph.at(point)
    except BpvizError:
        if blank:
            return graph
        raise


def run_if_complete(graph: Graph, point: Mapping[str, float]) -> Trace | Graph:
    """Run a graph at a point and return the trace, or the graph itself where a value is missing and none is given.

    Raises as Graph.at does where only some values are given.
    """
    return graph.at(point) if point or not graph.missing_inputs(point) else graph


def _sort(
    program: str | Graph, point: Point, output: Callable[..., Any], words: Mapping[str, Any], *, ranges: bool = False
) -> tuple[Graph, dict[str, Any], dict[str, Any]]:
    """Return the graph, the output's options, and what is left: the inputs, with those of the point.

    The graph is that for vectors as long as those that are given; with ranges, a tuple is a range and no vector.
    Raises UsageError for a word that is neither an option nor an input, with the one that it may be meant for.
    """
    known = [name for name, each in inspect.signature(output).parameters.items() if each.kind is each.KEYWORD_ONLY]
    options = {name: value for name, value in words.items() if name in known and name != "set"}
    inputs = {name: value for name, value in words.items() if name not in (*known, *OF_PARSING, "set")}
    given = {**(point or {}), **words.get("set", {}), **inputs}
    parsing = {name: words[name] for name in OF_PARSING if name in words}
    graph = (
        as_graph(program, **parsing) if isinstance(program, GraphOutputs) else parse(program, **parsing, values=given)
    )
    names = [*dict.fromkeys((*graph.variable_names, *graph.input_names))]
    for name in match_twins(inputs, names):
        if name not in names:
            meant = find_nearest(name, [*known, *OF_PARSING, *names])
            hint = f"did you mean {meant}?" if meant else list_inputs(graph)
            raise UsageError(f"no option or input is called {name}", hint=hint)
    given = match_twins(given, names)
    return graph if ranges else fit_shapes(graph, given), options, given


def as_graph(program: str | Graph, **options: Any) -> Graph:
    """Return the graph of a program that is text, or a graph already; raise as parse does.

    A graph has been parsed with choices of its own: UsageError for others that come too late.
    """
    if not isinstance(program, GraphOutputs):
        return parse(program, **options)
    if isinstance(program, Unshaped):
        return parse(program.source, **{**program.options, **options})
    made_with = {"gates": program.level, "share": program.share, "constants": program.constants}
    late = [f"{name}={value!r}" for name, value in options.items() if made_with.get(name, value) != value]
    if late:
        what = f"{', '.join(late)} {'come' if late[1:] else 'comes'} too late for a graph that is made already"
        raise UsageError(what, hint=f"give it to parse: parse(text, {', '.join(late)})")
    return program
