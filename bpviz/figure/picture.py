"""Make the picture of a graph: its DOT text, and sentences for those who cannot see it.

A Picture is pure text; figure/rendering.py lays it out and draws it. What the figure says is planned by the functions
that `make_picture` calls, one after another; figure/dot.py writes it down, and figure/theme.py says how it looks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.errors import UsageError
from bpviz.figure.arrangement import BESIDE, ONCE, break_into_rows, check_inputs, place_inputs_beside
from bpviz.figure.cutting import cut_long_wires, focus_on
from bpviz.figure.description import describe, write_texts
from bpviz.figure.diagram import BRANCH, FOLD, GATE, Diagram, Stage
from bpviz.figure.dot import write_dot
from bpviz.figure.flow import draw_flow
from bpviz.figure.fold_groups import Group
from bpviz.figure.folding import fold
from bpviz.figure.hiding import apply_stage, reserve_space, shows_output
from bpviz.figure.lettering import cut, subscript, wrap_title
from bpviz.figure.paths import highlight_paths
from bpviz.figure.shape_labels import show_shapes
from bpviz.figure.theme import Appearance, Theme, check_direction, check_labels, find_theme
from bpviz.figure.wire_labels import CHAIN, GRADIENTS, LOCALS, USUAL, label_wires, parse_show
from bpviz.formula.numerals import THREE_DIGITS, Rounding
from bpviz.graph import Graph
from bpviz.grouping import group
from bpviz.noise import clear_noise

MOST_GATES_UNCUT = 60  # figures up to this size are drawn whole, however long their wires are
WIDEST = 1000.0  # inches
UNROLL = "write --unroll, in Python graph.unroll(), to draw every number by itself"
SUMMARY_WIDTH = 40.0  # em: a longer program is cut in its middle


class Picture(NamedTuple):
    """A figure as text: its DOT, a title in one line, a description in sentences, and a title for each SVG id.

    The DOT was written from the diagram and the appearance; other writers (TikZ) start from them, too.
    """

    dot: str
    title: str
    description: str
    titles: dict[str, str]
    diagram: Diagram
    appearance: Appearance


def make_picture(
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
    space_for: Trace | None = None,
    flow: bool = False,
    highlight: str | None = None,
    groups: Sequence[Group] = (),
    focus: str | None = None,
    inputs: str = ONCE,
    grouped: bool = False,
    rows: int = 1,
    clearances: Iterable[tuple[str, float]] | None = None,
) -> Picture:
    """Make the picture of a graph with the numbers of a trace, or blank, with space to write the numbers in.

    direction is up, down, right or left, and labels says what stands in a circle: name, op or both; the theme chooses
    where they are None. branch=False draws no branch dots. width, in inches, scales the whole figure. stage hides,
    rules or marks numbers and highlights gates; nothing moves by it. show says what wires carry, symbolic writes
    symbols in place of numbers. A blank picture has space for the numbers of the trace space_for, so that the two lie
    on each other. inputs says whether a shared input stands once or beside each of its gates, grouped whether edges
    then go other ways than between an input and its numbers, rows into how many rows the figure is broken, and
    clearances, of some circles, how deep the room is that wires leave them (see Diagram). flow
    draws an edge as wide as its gradient; highlight makes the paths from one input or gate to the output stand out, and
    lists them. Each group of gates becomes one box, and focus leaves out what is far from one input or gate. Raises
    UsageError for an option that is none of these, RowsError where there are no rows.
    """
    graph = group(graph)
    is_filled = trace is space_for
    trace = trace and clear_noise(trace)
    space_for = trace if is_filled else space_for and clear_noise(space_for)
    look = find_theme(theme)
    if width is not None and not 0 < width < WIDEST:
        hint = f"give a width between 0 and {WIDEST:g} inches"
        raise UsageError(f"a figure {width:g} inches wide cannot be drawn", hint=hint)
    in_circle = check_labels(labels or look.labels)
    if graph.vectors:
        _refuse_for_vectors(show, flow=flow)
    if groups:
        _refuse_in_boxes(show, symbolic=symbolic, flow=flow, highlight=highlight)
    if flow and highlight is not None:
        raise UsageError("flow and highlight both change how wide wires are", hint="choose one of them")

    def describe_with(numbers: Trace | None) -> Diagram:
        whole = describe(graph, numbers, rounding, labels=in_circle, branch=branch)
        return fold(whole, graph, numbers, rounding, groups) if groups else whole

    diagram = describe_with(trace)
    if stage:
        diagram = apply_stage(diagram, describe_with(None), stage)
    diagram = label_wires(diagram, graph, trace, rounding, show=show, symbolic=symbolic)
    diagram = show_shapes(diagram, graph, show)
    if space_for and not trace:
        filled = label_wires(describe_with(space_for), graph, space_for, rounding, show=show)
        diagram = reserve_space(diagram, filled)
    if highlight is not None:
        # between vectors a local gradient is no number, so that a path has no product to list
        diagram = highlight_paths(diagram, graph, None if graph.vectors else trace, highlight, rounding)
    if flow:
        if trace is None:
            raise UsageError("without values nothing flows", hint="give every input a value")
        diagram = draw_flow(diagram, trace)
    if focus is not None:
        diagram = focus_on(diagram, graph, focus, groups)
    if check_inputs(inputs) == BESIDE:
        sums = trace if GRADIENTS in parse_show(show) and not symbolic else None
        diagram = place_inputs_beside(diagram, graph, sums, rounding)._replace(grouped=grouped)
        if stage:  # on a slide the sums come in their time, as equations
            diagram = diagram._replace(legend=None)
    if len(diagram.shapes) > MOST_GATES_UNCUT and len(graph.gate_ids) > MOST_GATES_UNCUT:
        diagram = cut_long_wires(diagram, graph)
    elif rows > 1:
        diagram = break_into_rows(diagram, graph, rows)

    if clearances is not None:
        diagram = diagram._replace(clearances=dict(clearances))
    appearance = Appearance(look, check_direction(direction or look.direction), wrap_title(title), width, transparent)
    return Picture(
        write_dot(diagram, appearance),
        title or summarize(graph, trace, rounding, symbolic=symbolic),
        describe_in_words(graph, trace if shows_output(diagram) else None, diagram, rounding),
        _collect_titles(diagram),
        diagram,
        appearance,
    )


def _refuse_in_boxes(show: str | Collection[str], *, symbolic: bool, flow: bool, highlight: str | None) -> None:
    """Raise UsageError for what a figure with boxes cannot tell, since it is about every wire."""
    words = parse_show(show)
    refused = {
        "local gradients": LOCALS in words,
        "products of the chain rule": CHAIN in words,
        "symbols for all contributions": symbolic,
        "flow through every wire": flow,
        "paths": highlight is not None,
    }
    for what, is_wanted in refused.items():
        if is_wanted:
            raise UsageError(f"a folded figure shows no {what}: boxes hide some", hint="leave one of the two out")


def _refuse_for_vectors(show: str | Collection[str], *, flow: bool) -> None:
    """Raise UsageError for what a wire that carries a vector cannot tell, since it is one number."""
    refused = {
        "local gradients: between vectors they are matrices of their own": LOCALS in parse_show(show),
        "products of the chain rule: they are products of matrices": CHAIN in parse_show(show),
        "flow: a vector has no one width": flow,
    }
    for what, is_wanted in refused.items():
        if is_wanted:
            raise UsageError(f"a figure of vectors shows no {what}", hint=UNROLL)


def summarize(graph: Graph, trace: Trace | None, rounding: Rounding = THREE_DIGITS, *, symbolic: bool = False) -> str:
    """Write in one line what a figure shows: its program, without comments and inputs' own values, and the point."""
    lines = graph.statements
    lines = [each for each in lines if each.partition("=")[0].strip() not in graph.defaults] or lines
    source = cut("; ".join(lines), SUMMARY_WIDTH, 1.0)
    program = source if "=" in source or lines[1:] else f"{subscript(graph.output_name)} = {source}"
    if symbolic:
        return f"{program}, values and gradients in symbols"
    if trace is None:
        return f"{program}, its gates and wires, to be filled in"
    texts = write_texts(graph, trace, rounding)
    point = [f"{texts.name(i)} = {texts.value(i)}" for i in graph.inputs]
    return f"{program}, forward values and gradients{' at ' + ', '.join(point) if point else ''}"


def describe_in_words(graph: Graph, trace: Trace | None, diagram: Diagram, rounding: Rounding = THREE_DIGITS) -> str:
    """Describe a figure in sentences for a screen reader: each gate in step order, and where gradients add up."""
    names = [subscript(graph.nodes[i].name) for i in graph.inputs]
    sentences = [f"A graph of {_count(len(graph.gate_ids), 'gate')} with {_count(len(names), 'input')}"]
    sentences[0] += f": {', '.join(names)}." if names else "."
    titles = {shape.id: shape.title for shape in diagram.shapes}
    sentences += [f"Input {titles[id_]}." for id_ in diagram.inputs]
    sentences += [f"Step {graph.step_of[each.node]}: {each.title}." for each in diagram.shapes if each.kind == GATE]
    sentences += [f"In one box, {shape.title}." for shape in diagram.shapes if shape.kind == FOLD]
    sentences += [f"At the {shape.title}." for shape in diagram.shapes if shape.kind == BRANCH and trace]
    output = subscript(graph.output_name)
    if trace:
        sentences.append(f"The output {output} is {write_texts(graph, trace, rounding).value(graph.output)}.")
    else:
        sentences.append(f"The output is {output}.")
    return " ".join(sentences)


def _collect_titles(diagram: Diagram) -> dict[str, str]:
    """Collect the title of each SVG group by its id; an edge is three groups, its label and two segments, or five."""
    titles = {shape.id: shape.title for shape in diagram.shapes}
    for edge in diagram.edges:
        parts = ["", "-in", "-out", *(["-on", "-port"] if edge.port.text else [])]
        titles |= dict.fromkeys((f"{edge.id}{part}" for part in parts), edge.title)
    return titles


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
