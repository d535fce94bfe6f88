"""What a gate's template says: a gate with names for its operands, and the words that stand at each of its ports.

Where they stand is for views.template.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, isnan
from textwrap import wrap

from bpviz.autodiff import Trace, run
from bpviz.errors import UsageError
from bpviz.figure.lettering import LINE, SUPERSCRIPTS, subscripted, width
from bpviz.formula.numerals import Rounding, number
from bpviz.formula.printing import TEXT, show
from bpviz.formula.tree import Atom, Formula, Term, forward, slope
from bpviz.gates import ANY, LETTERS, Gate, written
from bpviz.graph import Graph, Node
from bpviz.text.derivation.records import agrees, exact, printed

SEVERAL, PAIRS = 3, 2  # operands of a gate that takes as many as are written, and in each of its lists if it has them
LISTS = ("x", "w")
NAMES = {1: ("x",), 2: ("x", "y")}
OUTPUTS, LOSSES = ("z", "f", "out"), ("L", "loss", "J")
CONSTANT = re.compile(r", (\w) constant")  # what a row's formula calls its parameter
RAISED = re.compile(r"[ᵃᵇ][⁻⁺¹²³ᵃᵇ]*")
LETTER = re.compile(r"(?<![A-Za-zΑ-ω])[abz](?![A-Za-zΑ-ω])")
SMALL = {name: name.translate(SUPERSCRIPTS) for name in "xyn"}
PLAIN = str.maketrans("⁻⁺¹²³", "−+123")
SIZE, CAPTION_SIZE = 13.0, 10.5  # points
LEADING = 1.5  # points between two lines: a bracket hangs lower than LINE allows for
WIDEST_LINE = 25  # characters of a local gradient on one line
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

    @property
    def at_kink(self) -> bool:
        """Return whether the point is one without a derivative."""
        if self.trace is None or self.gate.kink is None:
            return False
        *operands, result = self.trace.values
        return self.gate.kink(result, *operands)

    def partial(self, above: str, below: str) -> str:
        """Return a derivative in symbols."""
        return f"∂{above}/∂{below}"


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
    if not fewest <= len(values) <= most or len(values) > len(LETTERS) or len(values) % gate.groups:
        many = f"{len(values)} value{'s' if len(values) > 1 else ''}"
        wants = "1 operand" if most == 1 else f"{fewest} operands" + (" or more" if most > fewest else "")
        wants = f"{gate.groups} lists of operands" if gate.groups > 1 else wants
        raise UsageError(f"{gate.name} takes {wants}, not {many}", hint=_hint(gate, usual))
    for known in (usual, tuple("xyz"), tuple(LETTERS)):
        if set(values) <= set(known):
            return tuple(name for name in known if name in values)
    return tuple(values)


def _usual(gate: Gate) -> tuple[str, ...]:
    if gate.arity[1] == ANY:
        count = SEVERAL if gate.groups == 1 else PAIRS
        return tuple(f"{name}_{i + 1}" for name in LISTS[: gate.groups] for i in range(count))
    if gate.parameter is None and gate.operands:
        return gate.operands
    if gate.parameter is None:
        return NAMES[gate.arity[0]]
    found = CONSTANT.search(gate.formula)
    constant = found[1] if found else "c"
    return ("x", constant) if gate.parameter else (constant, "x")


def _hint(gate: Gate, names: Sequence[str]) -> str:
    return f"write bpviz gates {gate.name} {' '.join(f'--{name} {k + 2}' for k, name in enumerate(names))} --upstream 5"


def _raised(exponent: Formula) -> str:
    """Return an exponent in small letters, and nothing where the font has not all of them."""
    text = show(exponent, TEXT).replace(" ", "")
    return text.translate(SUPERSCRIPTS) if all(ord(character) in SUPERSCRIPTS for character in text) else ""


# x^n is xⁿ; there is no small y for the base of a logarithm, so that to any base is shown as it is computed
LETTERED = replace(TEXT, raised=_raised, functions={**TEXT.functions, "log": "ln(#1)/ln(#2)"})


def equation(lesson: Lesson) -> str:
    """Return z = x·y."""
    atoms = [Atom(subscripted(name)) for name in lesson.names]
    return f"{lesson.output} = {show(forward(lesson.gate, atoms, Atom(lesson.output), mathematics=True), LETTERED)}"


def local_symbol(lesson: Lesson, slot: int) -> str:
    """Return a local gradient as the gate's row writes it, with the operands' names put in."""
    gate, names = lesson.gate, [subscripted(name) for name in lesson.names]
    if len(gate.local) == 1 and len(names) > 1 and gate.parameter is None:
        general = show(slope(gate, slot, [Atom(name) for name in names], Atom(lesson.output)), LETTERED)
        return gate.local[0] if "[" in general else general
    if gate.parameter is None:
        return _renamed(gate.local[slot], names, lesson.output)
    if lesson.names[gate.parameter] not in gate.local[0]:
        return show(slope(gate, slot, [Atom(name) for name in names], Atom(lesson.output)), LETTERED)
    return _renamed(gate.local[0], [names[slot]], lesson.output)


def _renamed(text: str, names: Sequence[str], output: str) -> str:
    """Return a row's formula, which is in a, b and z, in other names.

    >>> _renamed("b·aᵇ⁻¹", ["x", "y"], "z"), _renamed("−tan a", ["θ"], "z")
    ('y·xʸ⁻¹', '−tan θ')
    >>> _renamed("a·e^(−a²/2)", ["x"], "z")
    'x·exp(−x²/2)'
    """
    other = {**dict(zip(LETTERS, names, strict=False)), "z": output}
    text = LETTER.sub(lambda found: other.get(found[0], found[0]), text.replace("e^(", "exp("))

    def raised(found: re.Match[str]) -> str:
        letters = found[0].replace("ᵃ", "\0").replace("ᵇ", "\1")
        here = [other.get(letter, letter) for letter in "ab"]
        if all(name in SMALL for letter, name in zip("\0\1", here, strict=True) if letter in letters):
            return letters.replace("\0", SMALL.get(here[0], "")).replace("\1", SMALL.get(here[1], ""))
        full = letters.translate(PLAIN).replace("\0", here[0]).replace("\1", here[1])
        return f"^{full}" if full.isalnum() else f"^({full})"

    return RAISED.sub(raised, text)


def local(lesson: Lesson, slot: int) -> Block:
    """Return what stands in the circle at a port: the local gradient in symbols, its number, and what it is.

    At a kink there is no derivative: the number is the one that is taken there, and the rule stands under it.
    """
    name, symbol = subscripted(lesson.names[slot]), local_symbol(lesson, slot)
    head = f"{lesson.partial(lesson.output, name)} ="
    caption = Line("local gradient", FAINT, CAPTION_SIZE)
    value = lesson.trace.local[-1][slot] if lesson.trace else 0.0
    shown = number(value, lesson.rounding)
    if lesson.at_kink:
        rules = [Line(row, FAINT, CAPTION_SIZE) for row in wrap(lesson.gate.rule, WIDEST_LINE)]
        return Block((Line(f"{head} {shown}", INK), *rules, caption))
    rows = [f"{head} {symbol}"]
    if len(rows[0]) > WIDEST_LINE:
        rows = [head, *_broken(symbol)]
    if lesson.trace and shown != symbol:
        rows.append(_equals(value, shown) + shown)
    return Block((*(Line(row, INK) for row in rows), caption))


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


def downstream(lesson: Lesson, slot: int) -> Block:
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


def value_of(lesson: Lesson, slot: int) -> Block:
    """Return what stands above an input's wire: its name and its value."""
    name = subscripted(lesson.names[slot])
    value = f" = {number(lesson.trace.values[slot], lesson.rounding)}" if lesson.trace else ""
    return Block((Line(name + value, VALUE),))


def result_of(lesson: Lesson) -> Block:
    """Return what stands above the output's wire: z = x·y and its value."""
    text = equation(lesson)
    if not lesson.trace:
        return Block((Line(text, VALUE),))
    value = lesson.trace.values[-1]
    shown = number(value, lesson.rounding)
    return Block((Line(f"{text} {_equals(value, shown)}{shown}", VALUE),))


def upstream_of(lesson: Lesson) -> Block:
    """Return what stands under the output's wire."""
    text = lesson.partial(lesson.loss, lesson.output)
    if lesson.upstream is not None:
        text += f" = {number(lesson.upstream, lesson.rounding)}"
    return Block((Line(text, GRADIENT), Line("upstream gradient", FAINT, CAPTION_SIZE)))


def footnotes(lesson: Lesson) -> Block:
    """Return what stands under it all: the chain rule in words, and what a kink or a pole asks to be told."""
    rule = Line("downstream gradient = local gradient × upstream gradient", INK)
    notes = lesson.trace.warnings if lesson.trace else ()
    told = [Line(row, FAINT, CAPTION_SIZE) for note in notes for row in wrap(note, 80)]
    return Block((rule, *told))


def described(lesson: Lesson) -> str:
    """Return the template in sentences, for those who cannot see it."""
    said = [f"{lesson.gate.name}: {result_of(lesson).lines[0].text}. {lesson.gate.does}."]
    for slot in lesson.slots:
        inside = " ".join(line.text for line in local(lesson, slot).lines[:-1])
        below = " ".join(line.text for line in downstream(lesson, slot).lines[:-1])
        said.append(f"Local gradient {inside}; downstream gradient {below}.")
    return " ".join(said)
