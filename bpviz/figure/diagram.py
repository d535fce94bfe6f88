"""The figure: a graph, with the numbers of a trace or blank, as DOT text and as sentences for those who cannot see it.

Pure text: figure.rendering lays it out and draws it. What the figure says is planned by figure.sketch, how DOT says it
stands in figure.dot, how it looks in figure.theme.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

from bpviz.autodiff import Trace
from bpviz.errors import UsageError
from bpviz.figure.carried import CHAIN, LOCALS, USUAL, carried, shown_called
from bpviz.figure.discretion import discreet, is_told, roomy
from bpviz.figure.lettering import cut, heading, subscripted
from bpviz.figure.picture import Picture
from bpviz.figure.sketch import BRANCH, FOLD, GATE, Sketch, Stage, sketch, staged
from bpviz.figure.theme import Theme, direction_called, labels_called, theme_called
from bpviz.formula.numerals import THREE_DIGITS, Rounding, number
from bpviz.graph import Graph
from bpviz.sources import statements

if TYPE_CHECKING:
    from bpviz.figure.folding.groups import Group

SMALL = 60  # gates: figures up to this size are drawn whole, however long their wires are
TITLE_ROOM = 400.0  # points, at one point to the em: a title is cut in the middle of its program beyond this


def diagram(
    graph: Graph,
    trace: Trace | None = None,
    *,
    theme: str | Theme = "drawio",
    direction: str | None = None,
    labels: str | None = None,
    rounding: Rounding = THREE_DIGITS,
    branch: bool = True,
    title: str = "",
    width: float | None = None,
    transparent: bool = False,
    stage: Stage | None = None,
    show: str | Collection[str] = USUAL,
    symbolic: bool = False,
    room: Trace | None = None,
    flow: bool = False,
    highlight: str | None = None,
    folds: Sequence[Group] = (),
    focus: str | None = None,
) -> Picture:
    """Return the figure of a graph; without a trace it is blank, with room to write the numbers in.

    direction is up, down, right or left, labels name, op or both: what stands in a circle; the
    theme says both if they are not given. branch=False draws no branch dots. width, in inches, scales the whole.
    stage hides, rules or marks numbers and lights gates; nothing moves by it.
    show says what wires carry (views.carried), symbolic writes symbols in place of numbers. room is a trace for whose
    numbers a blank figure has the room, so that the two lie on each other. flow draws a wire as wide
    as its gradient; highlight makes the paths from one input or gate to the output stand out, and lists them.
    folds are closed into boxes (views.folding), focus leaves out what is far from one input or gate.
    Raises UsageError for an option that is none of these.
    """
    look = theme_called(theme)
    if width is not None and not 0 < width < 1000:
        raise UsageError(
            f"a figure {width:g} inches wide cannot be drawn", hint="give a width between 0 and 1000 inches"
        )
    names = labels_called(labels or look.labels)
    plan = Plan(graph, rounding, names, branch, show, symbolic, flow, highlight, folds, focus)
    said = _planned(plan, trace, room, stage)
    from bpviz.figure.dot import Page, write

    page = Page(look, direction_called(direction or look.direction), heading(title), width, transparent)
    return Picture(
        write(said, page),
        title or summary(graph, trace, rounding, symbolic=symbolic),
        describe(graph, trace if is_told(said) else None, said, rounding),
        titles(said),
        said,
        page,
    )


class Plan(NamedTuple):
    """What diagram is asked for that a sketch depends on, but for the numbers."""

    graph: Graph
    rounding: Rounding
    labels: str
    branch: bool
    show: str | Collection[str]
    symbolic: bool
    flow: bool
    highlight: str | None
    folds: Sequence[Group]
    focus: str | None


def _planned(plan: Plan, trace: Trace | None, room: Trace | None, stage: Stage | None) -> Sketch:
    """Return the sketch of a plan."""
    graph, rounding, show = plan.graph, plan.rounding, plan.show
    if plan.folds:
        _refuse_in_boxes(plan)
    said = _drawn(plan, trace)
    if stage:
        said = discreet(staged(said, stage), _drawn(plan, None))
    said = carried(said, graph, trace, rounding, show=show, symbolic=plan.symbolic)
    if room and not trace:
        said = roomy(said, carried(_drawn(plan, room), graph, room, rounding, show=show))
    if plan.flow or plan.highlight is not None:
        said = _coursed(said, graph, trace, rounding, plan.flow, plan.highlight)
    if plan.focus is not None:
        from bpviz.figure.folding.focus import focused  # late: few figures need it

        said = focused(said, graph, plan.focus, plan.folds)
    if len(said.spots) > SMALL and len(graph.gate_ids) > SMALL:
        from bpviz.figure.cuts import shortened  # late: few figures need it

        said = shortened(said, graph)
    return said


def _drawn(plan: Plan, trace: Trace | None) -> Sketch:
    """Return the sketch of a plan with the numbers of a trace, and nothing else on its wires yet."""
    whole = sketch(plan.graph, trace, plan.rounding, labels=plan.labels, branch=plan.branch)
    if not plan.folds:
        return whole
    from bpviz.figure.folding.boxes import folded  # late: few figures need it

    return folded(whole, plan.graph, trace, plan.rounding, plan.folds)


def _refuse_in_boxes(plan: Plan) -> None:
    """Raise UsageError for what a figure with boxes cannot tell, since it is about every wire."""
    words = shown_called(plan.show)
    refused = {
        "local gradients": LOCALS in words,
        "products of the chain rule": CHAIN in words,
        "symbols for all contributions": plan.symbolic,
        "flow through every wire": plan.flow,
        "paths": plan.highlight is not None,
    }
    for what, is_asked in refused.items():
        if is_asked:
            raise UsageError(f"a folded figure shows no {what}: boxes hide some", hint="leave one of the two out")


def _coursed(
    said: Sketch, graph: Graph, trace: Trace | None, rounding: Rounding, flow: bool, highlight: str | None
) -> Sketch:
    """Return a sketch whose wires are drawn by what flows through them, or by whether they lie on a path."""
    if flow and highlight is not None:
        raise UsageError("flow and highlight both change how wide wires are", hint="choose one of them")
    if highlight is not None:
        from bpviz.figure.paths import highlighted  # late: few figures need it

        return highlighted(said, graph, trace, highlight, rounding)
    if trace is None:
        raise UsageError("without values nothing flows", hint="give every input a value")
    from bpviz.figure.flow import flowing  # late: few figures need it

    return flowing(said, trace)


def summary(graph: Graph, trace: Trace | None, rounding: Rounding = THREE_DIGITS, *, symbolic: bool = False) -> str:
    """Return what a figure shows, in one line."""
    said = _statements(graph)
    source = cut("; ".join(said), TITLE_ROOM / 10, 1.0)
    program = source if "=" in source or said[1:] else f"{subscripted(graph.output_name)} = {source}"
    if symbolic:
        return f"{program}, values and gradients in symbols"
    if trace is None:
        return f"{program}, its gates and wires, to be filled in"
    return f"{program}, forward values and gradients{_point(graph, trace, rounding)}"


def _statements(graph: Graph) -> list[str]:
    """Return what a program computes, statement by statement: no comments, and no input's own value."""
    found = statements(graph.source)
    return [each for each in found if each.partition("=")[0].strip() not in graph.defaults] or found


def describe(graph: Graph, trace: Trace | None, said: Sketch, rounding: Rounding = THREE_DIGITS) -> str:
    """Return a figure in sentences that a screen reader can read: each gate in step order, and where gradients add."""
    names = [subscripted(graph.nodes[i].name) for i in graph.inputs]
    sentences = [f"A graph of {_count(len(graph.gate_ids), 'gate')} with {_count(len(names), 'input')}"]
    sentences[0] += f": {', '.join(names)}." if names else "."
    titled = {spot.id: spot for spot in said.spots}
    sentences += [f"Input {titled[i].title}." for i in said.inputs]
    sentences += [f"Step {graph.step_of[spot.node]}: {spot.title}." for spot in said.spots if spot.kind == GATE]
    sentences += [f"In one box, {spot.title}." for spot in said.spots if spot.kind == FOLD]
    sentences += [f"At the {spot.title}." for spot in said.spots if spot.kind == BRANCH and trace]
    output = subscripted(graph.output_name)
    sentences.append(
        f"The output {output} is {number(trace.values[graph.output], rounding)}."
        if trace
        else f"The output is {output}."
    )
    return " ".join(sentences)


def titles(said: Sketch) -> dict[str, str]:
    """Return what each SVG group stands for, by its id; a wire is three groups, its label and two lines, or five."""
    named = {spot.id: spot.title for spot in said.spots}
    for strand in said.strands:
        parts = ["", "-in", "-out", *(["-on", "-port"] if strand.port.text else [])]
        named |= dict.fromkeys((f"{strand.id}{part}" for part in parts), strand.title)
    return named


def _point(graph: Graph, trace: Trace, rounding: Rounding) -> str:
    at = [f"{subscripted(graph.nodes[i].name)} = {number(trace.values[i], rounding)}" for i in graph.inputs]
    return " at " + ", ".join(at) if at else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
