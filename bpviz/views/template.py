"""The gate template: one large gate, what flows through it both ways, and the chain rule written along.

Inputs stand at the left and the output at the right, as in every lecture, whatever the theme; each wire is two
arrows, forward with its value above, backward with its gradient below. Nothing here is left to Graphviz's layout: the
places are computed from the widths of the words (a circle as small as what stands in it allows) and pinned.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite, isnan, sqrt
from textwrap import wrap
from typing import NamedTuple

from bpviz.autodiff import Trace, run
from bpviz.errors import UsageError
from bpviz.fonts import FAMILY, MAGNIFICATION
from bpviz.gates import ANY, LETTERS, Gate, written
from bpviz.graph import Graph, Node
from bpviz.views.cells import escaped
from bpviz.views.diagram import Picture
from bpviz.views.digraph import Digraph
from bpviz.views.dot import Page
from bpviz.views.formula import Atom, Term, forward, slope
from bpviz.views.lettering import LINE, subscripted, width
from bpviz.views.numerals import THREE_DIGITS, Rounding, number
from bpviz.views.printing import TEXT, show
from bpviz.views.sketch import Sketch
from bpviz.views.steps.records import agrees, exact, printed
from bpviz.views.theme import RIGHT, Theme, theme_called

SEVERAL = 3  # operands of a gate that takes as many as are written
NAMES = {1: ("x",), 2: ("x", "y")}
OUTPUTS, LOSSES = ("z", "f", "out"), ("L", "loss", "J")
CONSTANT = re.compile(r", (\w) constant")  # what a row's formula calls its parameter
RAISED = re.compile(r"[ᵃᵇ][⁻⁺¹²³ᵃᵇ]*")
LETTER = re.compile(r"(?<![A-Za-zΑ-ω])[abz](?![A-Za-zΑ-ω])")
SMALL = {"x": "ˣ", "y": "ʸ"}
PLAIN = str.maketrans("⁻⁺¹²³", "−+123")

SIZE, CAPTION_SIZE, SYMBOL_SIZE = 13.0, 10.5, 34.0  # points
APART = 4.0  # points from the middle of a wire to each of its arrows
LEADING = 1.5  # points between two lines: a bracket hangs lower than LINE allows for
GAP = 5.0  # points between an arrow and its words
PAD = 9.0  # points between the circle and what stands in it
LEAST_RADIUS, STEEPEST = 74.0, 0.72  # a port is at most so many radii above or below the middle
LEAST_WIRE = 96.0
ROW_GAP = 16.0  # points between the words of two wires
WIDEST_LINE = 25  # characters of a local gradient on one line
MARGIN = 10.0
TAIL = 12.0  # points of a wire beyond its words
HEAD = 6.0  # points that an arrowhead is long
INCH = 72.0
VALUE, GRADIENT, FAINT, INK = "value", "gradient", "faint", "ink"


@dataclass(frozen=True)
class Line:
    """A line of words, and what they are: value, gradient, faint or ink."""

    text: str
    role: str
    size: float = SIZE


@dataclass(frozen=True)
class Block:
    """Lines on top of one another, left-aligned where they stand in the circle."""

    lines: tuple[Line, ...]

    @property
    def width(self) -> float:
        """Return its width in points."""
        return max((width(line.text, line.size) for line in self.lines), default=0.0)

    @property
    def height(self) -> float:
        """Return its height in points."""
        return sum(line.size * LINE + LEADING for line in self.lines) - LEADING


@dataclass(frozen=True)
class Lesson:
    """A gate with names for its operands, and perhaps a point and an upstream gradient."""

    gate: Gate
    names: tuple[str, ...]
    graph: Graph
    trace: Trace | None
    upstream: float | None
    rounding: Rounding

    @property
    def output(self) -> str:
        """Return the name of the gate's output."""
        return subscripted(self.graph.output_name)

    @property
    def loss(self) -> str:
        """Return the name of what all gradients are of."""
        return next(name for name in LOSSES if name not in self.names)

    @property
    def slots(self) -> list[int]:
        """Return the operands that have a wire: all but a parameter."""
        return [slot for slot in range(len(self.names)) if slot != self.gate.parameter]

    def partial(self, above: str, below: str) -> str:
        """Return a derivative in symbols."""
        return f"∂{above}/∂{below}"


class Template(NamedTuple):
    """The graph of one gate, its trace where it has values, and the template as text."""

    graph: Graph
    trace: Trace | None
    picture: Picture


@dataclass
class Sheet:
    """The DOT text as it grows, with the titles of what is in it."""

    dot: Digraph
    theme: Theme
    titles: dict[str, str] = field(default_factory=dict)


def template(
    gate: Gate,
    values: Mapping[str, float] | None = None,
    upstream: float | None = None,
    *,
    theme: str | Theme = "drawio",
    rounding: Rounding = THREE_DIGITS,
    width: float | None = None,
    transparent: bool = False,
) -> Template:
    """Return a gate's template.

    values name the operands and give their values, in order; without them they are x, y, or x₁, x₂, x₃. upstream is
    the gradient that arrives. width is in inches. Raises UsageError for too few or too many values, EvaluationError
    outside the gate's domain.
    """
    lesson = lesson_of(gate, values or {}, upstream, rounding)
    look = theme_called(theme)
    sheet = Sheet(_page(look, width, transparent), look)
    _draw(sheet, lesson)
    title = f"the {gate.name} gate: {_equation(lesson)}, upstream, local and downstream gradients"
    page = Page(look, RIGHT, title, width, transparent)
    nothing = Sketch((), (), ())  # no writer but this one can draw a template
    picture = Picture(sheet.dot.source, title, _described(lesson), sheet.titles, nothing, page)
    return Template(lesson.graph, lesson.trace, picture)


def lesson_of(gate: Gate, values: Mapping[str, float], upstream: float | None, rounding: Rounding) -> Lesson:
    """Return a gate with its operands named and, where there are values, run."""
    names = _names(gate, values)
    if upstream is not None and not values:
        raise UsageError("an upstream gradient alone gives no numbers", hint=_hint(gate, names))
    if upstream is not None and not isfinite(upstream):
        raise UsageError(f"upstream = {upstream:g} is not a finite number", hint="give upstream a finite value")
    output = next(name for name in OUTPUTS if name not in names)
    source = f"{output} = {written(gate, names)}"
    span = (len(output) + 3, len(source))
    nodes = [
        Node(name, None, (), span, values.get(name, 1.0) if slot == gate.parameter else None)
        for slot, name in enumerate(names)
    ]
    count = len(names)
    inputs = tuple(slot for slot in range(count) if slot != gate.parameter)
    gate_node = Node(output, gate, tuple(range(count)), span)
    graph = Graph(source, (*nodes, gate_node), inputs, count, output, {})
    trace = run(graph, {names[slot]: values[names[slot]] for slot in inputs}) if values else None
    return Lesson(gate, names, graph, trace, upstream, rounding)


def _names(gate: Gate, values: Mapping[str, float]) -> tuple[str, ...]:
    """Return the operands' names: those that have values, in their order if they are x, y or a, b, else as typed."""
    fewest, most = gate.arity
    usual = _usual(gate)
    if not values:
        return usual
    if not fewest <= len(values) <= most or len(values) > len(LETTERS):
        many = f"{len(values)} value{'s' if len(values) > 1 else ''}"
        wants = "1 operand" if most == 1 else f"{fewest} operands" + (" or more" if most > fewest else "")
        raise UsageError(f"{gate.name} takes {wants}, not {many}", hint=_hint(gate, usual))
    for known in (usual, tuple("xyz"), tuple(LETTERS)):
        if set(values) <= set(known):
            return tuple(name for name in known if name in values)
    return tuple(values)


def _usual(gate: Gate) -> tuple[str, ...]:
    if gate.arity[1] == ANY:
        return tuple(f"x_{i + 1}" for i in range(SEVERAL))
    if gate.parameter is None:
        return NAMES[gate.arity[0]]
    found = CONSTANT.search(gate.formula)
    constant = found[1] if found else "c"
    return ("x", constant) if gate.parameter else (constant, "x")


def _hint(gate: Gate, names: Sequence[str]) -> str:
    return f"write bpviz gates {gate.name} {' '.join(f'--{name} {k + 2}' for k, name in enumerate(names))} --upstream 5"


# -- what it says ------------------------------------------------------------------------------------------------------


def _equation(lesson: Lesson) -> str:
    """Return z = x·y."""
    atoms = [Atom(subscripted(name)) for name in lesson.names]
    return f"{lesson.output} = {show(forward(lesson.gate, atoms, Atom(lesson.output), mathematics=True), TEXT)}"


def local_symbol(lesson: Lesson, slot: int) -> str:
    """Return a local gradient as the gate's row writes it, with the operands' names put in."""
    gate, names = lesson.gate, [subscripted(name) for name in lesson.names]
    if len(gate.local) == 1 and len(names) > 1 and gate.parameter is None:
        general = show(slope(gate, slot, [Atom(name) for name in names], Atom(lesson.output)), TEXT)
        return gate.local[0] if "[" in general else general
    if gate.parameter is None:
        return _renamed(gate.local[slot], names, lesson.output)
    if lesson.names[gate.parameter] not in gate.local[0]:
        return show(slope(gate, slot, [Atom(name) for name in names], Atom(lesson.output)), TEXT)
    return _renamed(gate.local[0], [names[slot]], lesson.output)


def _renamed(text: str, names: Sequence[str], output: str) -> str:
    """Return a row's formula, which is in a, b and z, in other names.

    >>> _renamed("b·aᵇ⁻¹", ["x", "y"], "z"), _renamed("−tan a", ["θ"], "z")
    ('y·xʸ⁻¹', '−tan θ')
    """
    other = {**dict(zip(LETTERS, names, strict=False)), "z": output}
    text = LETTER.sub(lambda found: other.get(found[0], found[0]), text)

    def raised(found: re.Match[str]) -> str:
        letters = found[0].replace("ᵃ", "\0").replace("ᵇ", "\1")
        here = [other.get(letter, letter) for letter in "ab"]
        if all(name in SMALL for letter, name in zip("\0\1", here, strict=True) if letter in letters):
            return letters.replace("\0", SMALL.get(here[0], "")).replace("\1", SMALL.get(here[1], ""))
        full = letters.translate(PLAIN).replace("\0", here[0]).replace("\1", here[1])
        return f"^{full}" if full.isalnum() else f"^({full})"

    return RAISED.sub(raised, text)


def _local(lesson: Lesson, slot: int) -> Block:
    """Return what stands in the circle at a port: the local gradient in symbols, its number, and what it is."""
    name, symbol = subscripted(lesson.names[slot]), local_symbol(lesson, slot)
    head = f"{lesson.partial(lesson.output, name)} ="
    rows = [f"{head} {symbol}"]
    if len(rows[0]) > WIDEST_LINE:
        rows = [head, *_broken(symbol)]
    if lesson.trace:
        value = lesson.trace.local[-1][slot]
        shown = number(value, lesson.rounding)
        if shown != symbol:
            rows.append(_equals(value, shown) + shown)
    return Block((*(Line(row, INK) for row in rows), Line("local gradient", FAINT, CAPTION_SIZE)))


def _broken(formula: str) -> list[str]:
    """Return a formula in lines, broken before a sum's signs and after a comma, never inside brackets."""
    pieces, depth = [""], 0
    for i, character in enumerate(formula):
        depth += (character in "([") - (character in ")]")
        if depth == 0 and (formula[i - 1 : i + 1] == ", " or formula[i : i + 3] in (" + ", " − ")):
            pieces.append("")
        pieces[-1] += character
    lines = [""]
    for piece in pieces:
        if lines[-1] and len(lines[-1] + piece) > WIDEST_LINE:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def _equals(value: float, shown: str) -> str:
    return "= " if "∞" in shown or float(printed(shown)) == value else "≈ "


def _downstream(lesson: Lesson, slot: int) -> Block:
    """Return what stands under an input's wire: the chain rule, its numbers, and what it is."""
    name = subscripted(lesson.names[slot])
    local, upstream = lesson.partial(lesson.output, name), lesson.partial(lesson.loss, lesson.output)
    lines = [Line(f"{lesson.partial(lesson.loss, name)} = {local} · {upstream}", GRADIENT)]
    if lesson.trace and lesson.upstream is not None:
        lines.append(Line(_product(lesson, lesson.trace.local[-1][slot], lesson.upstream), GRADIENT))
    return Block((*lines, Line("downstream gradient", FAINT, CAPTION_SIZE)))


def _product(lesson: Lesson, local: float, upstream: float) -> str:
    factors = [Atom(number(each, lesson.rounding), each) for each in (local, upstream)]
    if isnan(local * upstream):
        return f"= {factors[0].text} × {factors[1].text}, not defined"
    result = Atom(number(local * upstream, lesson.rounding), local * upstream)
    sign = "=" if agrees(exact(Term("*", tuple(factors))), result, lesson.rounding) else "≈"
    return f"= {factors[0].text} × {factors[1].text} {sign} {result.text}"


def _value(lesson: Lesson, slot: int) -> Block:
    name = subscripted(lesson.names[slot])
    value = f" = {number(lesson.trace.values[slot], lesson.rounding)}" if lesson.trace else ""
    return Block((Line(name + value, VALUE),))


def _result(lesson: Lesson) -> Block:
    """Return what stands above the output's wire: z = x·y and its value."""
    text = _equation(lesson)
    if not lesson.trace:
        return Block((Line(text, VALUE),))
    value = lesson.trace.values[-1]
    shown = number(value, lesson.rounding)
    return Block((Line(f"{text} {_equals(value, shown)}{shown}", VALUE),))


def _upstream(lesson: Lesson) -> Block:
    text = lesson.partial(lesson.loss, lesson.output)
    if lesson.upstream is not None:
        text += f" = {number(lesson.upstream, lesson.rounding)}"
    return Block((Line(text, GRADIENT), Line("upstream gradient", FAINT, CAPTION_SIZE)))


def _footnotes(lesson: Lesson) -> Block:
    rule = Line("downstream gradient = local gradient × upstream gradient", INK)
    notes = lesson.trace.warnings if lesson.trace else ()
    told = [Line(row, FAINT, CAPTION_SIZE) for note in notes for row in wrap(note, 80)]
    return Block((rule, *told))


def _described(lesson: Lesson) -> str:
    said = [f"{lesson.gate.name}: {_result(lesson).lines[0].text}. {lesson.gate.does}."]
    for slot in lesson.slots:
        inside = " ".join(line.text for line in _local(lesson, slot).lines[:-1])
        below = " ".join(line.text for line in _downstream(lesson, slot).lines[:-1])
        said.append(f"Local gradient {inside}; downstream gradient {below}.")
    return " ".join(said)


# -- where it stands ---------------------------------------------------------------------------------------------------


def _draw(sheet: Sheet, lesson: Lesson) -> None:
    """Write the whole template: the circle at the origin, wires to the left and to the right of it."""
    slots = lesson.slots
    locals_ = [_local(lesson, slot) for slot in slots]
    values, downstreams = [_value(lesson, slot) for slot in slots], [_downstream(lesson, slot) for slot in slots]
    heights = _rows(locals_, values, downstreams)
    symbol = Line(lesson.gate.symbol, INK, SYMBOL_SIZE)
    radius = _radius(locals_, heights, symbol)
    _circle(sheet, lesson, radius)
    for i, block in enumerate(locals_):
        _put_local(sheet, lesson, i, block, heights[i], radius)
    left, right = _symbol_room(radius, symbol, locals_, heights)
    middle = 0.0 if left <= -right else (left + right) / 2
    _text(sheet, "symbol", Block((symbol,)), middle, 0.0, lesson.gate.name)
    long = max([LEAST_WIRE, *(block.width for block in (*values, *downstreams))]) + 2 * TAIL
    for i, slot in enumerate(slots):
        _input_wire(sheet, lesson, slot, heights[i], radius, long, values[i], downstreams[i])
    result, upstream = _result(lesson), _upstream(lesson)
    _output_wire(sheet, lesson, radius, max(LEAST_WIRE, result.width, upstream.width) + 2 * TAIL, result, upstream)
    lowest = min(-radius, heights[-1] - APART - GAP - downstreams[-1].height)
    notes = _footnotes(lesson)
    _text(sheet, "chain-rule", notes, 0.0, lowest - 2 * GAP - notes.height / 2, "the chain rule")


def _rows(locals_: Sequence[Block], values: Sequence[Block], downstreams: Sequence[Block]) -> list[float]:
    """Return how high each input's wire is: far enough apart for their words, symmetrically about the middle."""
    above = max(block.height for block in values) + APART + GAP
    below = max(block.height for block in downstreams) + APART + GAP
    pitch = max(above + below, *(block.height for block in locals_)) + ROW_GAP
    top = pitch * (len(values) - 1) / 2
    return [top - pitch * i for i in range(len(values))]


def _radius(locals_: Sequence[Block], heights: Sequence[float], symbol: Line) -> float:
    """Return the smallest radius of a circle in which nothing touches anything."""
    radius = max(LEAST_RADIUS, max(map(abs, heights)) / STEEPEST)
    while not _fits(radius, locals_, heights, symbol):
        radius += 2.0
    return radius


def _fits(radius: float, locals_: Sequence[Block], heights: Sequence[float], symbol: Line) -> bool:
    left, right = _symbol_room(radius, symbol, locals_, heights)
    if right - left < width(symbol.text, symbol.size):
        return False
    return all(
        abs(y) + block.height / 2 < radius - 1 and _start(radius, block, y) + block.width <= -_start(radius, block, y)
        for block, y in zip(locals_, heights, strict=True)
    )


def _start(radius: float, block: Block, y: float) -> float:
    """Return where a block begins whose corners are to stay in the circle."""
    reach = abs(y) + block.height / 2
    return -sqrt(max(0.0, radius * radius - reach * reach)) + PAD


def _symbol_room(
    radius: float, symbol: Line, locals_: Sequence[Block], heights: Sequence[float]
) -> tuple[float, float]:
    """Return between what the symbol may stand: the local gradients beside it and the circle's right side."""
    half = symbol.size * LINE / 2
    right = sqrt(radius * radius - half * half) - PAD
    beside = [
        _start(radius, block, y) + block.width + PAD
        for block, y in zip(locals_, heights, strict=True)
        if abs(y) - block.height / 2 < half
    ]
    return max(beside, default=-right), right


def _circle(sheet: Sheet, lesson: Lesson, radius: float) -> None:
    sheet.dot.node(
        "gate", label="", shape="circle", fixedsize="true", width=_inches(2 * radius), pos="0,0", **{"class": "gate"}
    )
    sheet.titles["gate"] = _result(lesson).lines[0].text


def _put_local(sheet: Sheet, lesson: Lesson, i: int, block: Block, y: float, radius: float) -> None:
    name = subscripted(lesson.names[lesson.slots[i]])
    start = _start(radius, block, y)
    _text(sheet, f"local-{i}", block, start + block.width / 2, y, f"local gradient of {name}", left=True)


def _input_wire(
    sheet: Sheet, lesson: Lesson, slot: int, y: float, radius: float, long: float, value: Block, gradient: Block
) -> None:
    name = subscripted(lesson.names[slot])
    far, middle = -radius - long, -radius - long / 2
    _point(sheet, f"input-{slot}", far, y)
    port = -sqrt(radius * radius - (y + APART) ** 2)
    _arrow(sheet, f"forward-{slot}", f"input-{slot}", "gate", (far, port), y + APART, VALUE, f"value of {name}")
    port = -sqrt(radius * radius - (y - APART) ** 2)
    _arrow(sheet, f"backward-{slot}", "gate", f"input-{slot}", (port, far), y - APART, GRADIENT, f"gradient of {name}")
    _text(sheet, f"value-{slot}", value, middle, y + APART + GAP + value.height / 2, f"value of {name}")
    title = f"downstream gradient of {name}"
    _text(sheet, f"gradient-{slot}", gradient, middle, y - APART - GAP - gradient.height / 2, title)


def _output_wire(sheet: Sheet, lesson: Lesson, radius: float, long: float, value: Block, gradient: Block) -> None:
    near, far, name = sqrt(radius * radius - APART * APART), radius + long, lesson.output
    _point(sheet, "output", far, 0.0)
    _arrow(sheet, "forward-output", "gate", "output", (near, far), APART, VALUE, f"value of {name}")
    _arrow(sheet, "backward-output", "output", "gate", (far, near), -APART, GRADIENT, f"gradient of {name}")
    middle = radius + long / 2
    _text(sheet, "value-output", value, middle, APART + GAP + value.height / 2, f"value of {name}")
    title = f"upstream gradient of {name}"
    _text(sheet, "gradient-output", gradient, middle, -APART - GAP - gradient.height / 2, title)


# -- how it is written -------------------------------------------------------------------------------------------------


def _page(theme: Theme, width: float | None, transparent: bool) -> Digraph:
    attributes = {
        "layout": "nop2",
        "dpi": f"{INCH / MAGNIFICATION:g}",
        "pad": _inches(MARGIN),
        "bgcolor": "transparent" if transparent else theme.background,
        "fontname": FAMILY,
    }
    if width:
        attributes["size"] = f"{width * MAGNIFICATION:g},{1000 * MAGNIFICATION}!"
    dot = Digraph(attributes)
    dot.attr(
        "node", id=r"\N", shape="plain", fontname=FAMILY, color=theme.ink, fontcolor=theme.ink, penwidth=_points(1.5)
    )
    dot.attr("edge", penwidth=_points(1.25), arrowsize=_points(HEAD / 10))
    return dot


def _text(sheet: Sheet, id_: str, block: Block, x: float, y: float, title: str, *, left: bool = False) -> None:
    """Write lines with their middle at a place."""
    usual = block.lines[0].size  # as an attribute: Graphviz takes no more than 255 from a FONT
    align = ' ALIGN="LEFT"' if left else ""
    rows = "".join(f"<TR><TD{align}>{_styled(line, sheet.theme, usual)}</TD></TR>" for line in block.lines)
    table = f'<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0" CELLSPACING="{_points(LEADING)}">{rows}</TABLE>'
    sheet.dot.node(id_, label=f"<{table}>", pos=_place(x, y), fontsize=_points(usual), **{"class": "text"})
    sheet.titles[id_] = title


def _styled(line: Line, theme: Theme, usual: float) -> str:
    colours = {VALUE: theme.value, GRADIENT: theme.gradient, FAINT: theme.faint, INK: theme.ink}
    text = f"<I>{escaped(line.text)}</I>" if line.role == GRADIENT else escaped(line.text)
    size = f'POINT-SIZE="{_points(line.size)}" ' if line.size != usual else ""
    return f'<FONT {size}COLOR="{colours[line.role]}">{text}</FONT>'


def _point(sheet: Sheet, id_: str, x: float, y: float) -> None:
    sheet.dot.node(id_, label="", shape="point", width="0", style="invis", pos=_place(x, y))


def _arrow(
    sheet: Sheet, id_: str, tail: str, head: str, along: tuple[float, float], y: float, role: str, title: str
) -> None:
    """Write a straight arrow: Graphviz takes a curve that ends where the arrowhead begins, and the arrowhead's tip."""
    start, tip = along
    back = HEAD if tip < start else -HEAD
    stops = [start + (tip + back - start) * share for share in (0, 1 / 3, 2 / 3, 1)]
    curve = " ".join(_place(x, y) for x in stops)
    colour = sheet.theme.value if role == VALUE else sheet.theme.gradient
    sheet.dot.edge(tail, head, id=id_, pos=f"e,{_place(tip, y)} {curve}", color=colour, **{"class": role})
    sheet.titles[id_] = title


def _place(x: float, y: float) -> str:
    return f"{x * MAGNIFICATION:.2f},{y * MAGNIFICATION:.2f}"


def _inches(points: float) -> str:
    return f"{points * MAGNIFICATION / INCH:.3f}"


def _points(size: float) -> str:
    return f"{size * MAGNIFICATION:g}"
