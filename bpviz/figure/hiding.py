"""Hide numbers of a figure, and keep the space that they would take.

A hidden number must not be readable in a tooltip either, so the titles of its edge and of its shape are cut as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bpviz.figure.diagram import (
    ABSENT,
    BRANCH,
    EMPTY,
    FILLED,
    GATE,
    GRADIENT,
    HIDDEN,
    NEW,
    OUTPUT,
    SHOWN,
    TRUNK,
    VALUE,
    Diagram,
    Edge,
    Label,
    Shape,
    Stage,
)

VISIBLE = (SHOWN, NEW, FILLED)
ZEROS = str.maketrans("123456789", "0" * 9)  # all digits of the figure's typeface are as wide


def apply_stage(diagram: Diagram, blank: Diagram, stage: Stage) -> Diagram:
    """Give labels the states of a stage, highlight its shapes, and cut titles that would tell a hidden number.

    blank is the same diagram without numbers; its titles stand where everything is hidden.
    """
    gates = (shape.id for shape in diagram.shapes if shape.kind == GATE)  # in step order
    steps = {gate: f"({step})" for step, gate in enumerate(gates, start=1)} if stage.steps else {}
    edges_of: dict[int, list[Edge]] = {}
    edges = []
    for edge, bare_edge in zip(diagram.edges, blank.edges, strict=True):
        labels = [
            label._replace(state=stage.states.get((edge.id, label.role), SHOWN)) if label.state != ABSENT else label
            for label in (edge.before, edge.after)
        ]
        numbers = ", ".join(f"{label.role} {label.text}" for label in labels if label.state in VISIBLE)
        if all(label.state in VISIBLE for label in labels):
            title = edge.title
        else:
            title = f"{bare_edge.title}: {numbers}" if numbers else bare_edge.title
        edges.append(edge._replace(before=labels[0], after=labels[1], title=title))
        edges_of.setdefault(edge.node, []).append(edges[-1])
    shapes = [
        shape._replace(
            title=_choose_title(shape, bare_shape.title, edges_of.get(shape.node, [])),
            highlighted=shape.id in stage.highlighted,
            step=steps.get(shape.id, ""),
        )
        for shape, bare_shape in zip(diagram.shapes, blank.shapes, strict=True)
    ]
    return Diagram(tuple(shapes), tuple(edges), diagram.inputs)


def reserve_space(blank: Diagram, filled: Diagram) -> Diagram:
    """Give a blank diagram the space that the numbers of the filled one need, so that both have the same layout."""
    edges = (
        empty._replace(before=_reserve(empty.before, full.before), after=_reserve(empty.after, full.after))
        for empty, full in zip(blank.edges, filled.edges, strict=True)
    )
    return blank._replace(edges=tuple(edges))


def _reserve(empty: Label, full: Label) -> Label:
    if empty.text or empty.state == ABSENT:
        return empty
    if full.grid:
        return full._replace(text="", grid=full.grid.translate(ZEROS), state=EMPTY)
    return full._replace(text=full.text.translate(ZEROS), state=HIDDEN)


def shows_output(diagram: Diagram) -> bool:
    """Say whether the output's value is to be seen, or any value where the output is not drawn."""
    output = next((shape.node for shape in diagram.shapes if shape.kind == OUTPUT), None)
    values = _collect_labels([edge for edge in diagram.edges if output in (None, edge.node)], VALUE)
    return any(label.text for label in values) and _any_visible(values)


def _choose_title(shape: Shape, bare: str, edges: Sequence[Edge]) -> str:
    """Choose the title of a shape, which tells no more than the edges that carry its numbers show."""
    values = _collect_labels(edges, VALUE)
    if not _any_visible(values):
        return bare
    trunks = [edge for edge in edges if edge.kind == TRUNK and shape.kind != BRANCH] or edges
    if shape.kind == OUTPUT or all(label.state in VISIBLE for label in _collect_labels(trunks, GRADIENT)):
        return shape.title
    return bare if shape.kind == BRANCH else f"{bare} = {values[0].text}"


def _collect_labels(edges: Iterable[Edge], role: str) -> list[Label]:
    return [label for edge in edges for label in (edge.before, edge.after) if label.role == role]


def _any_visible(labels: Iterable[Label]) -> bool:
    return any(label.state in VISIBLE for label in labels)
