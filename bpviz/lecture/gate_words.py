"""The words of a gate's picture: an equation, local gradients, and the chain rule from the output to each operand.

The operands have names, and perhaps values. gate_pictures computes the positions of the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum, isfinite, isnan
from textwrap import wrap
from typing import NamedTuple

from bpviz.autodiff import Trace, run
from bpviz.errors import UsageError
from bpviz.figure.lettering import LINE, SUPERSCRIPTS, subscript, width
from bpviz.formula.numerals import Rounding, number
from bpviz.formula.printing import TEXT, show
from bpviz.formula.tree import Atom, Formula, Term
from bpviz.gates import ANY, LETTERS, Gate, fill_formula, fill_slope, write_expression
from bpviz.graph import Graph, Node
from bpviz.text.printed_arithmetic import holds_as_printed, read_numeral

SEVERAL, PAIRS = 3, 2  # operands of a gate that takes any number, and in each of its lists if it has lists
LIST_NAMES = ("x", "w")
OPERAND_NAMES = {1: ("x",), 2: ("x", "y")}
OUTPUT_NAMES, LOSS_NAMES = ("z", "f", "out"), ("L", "loss", "J")
PARAMETER_NAME = re.compile(r", (\w) constant")  # in a row's formula
RAISED = re.compile(r"[ᵃᵇ][⁻⁺¹²³ᵃᵇ]*")
LETTER = re.compile(r"(?<![A-Za-zΑ-ω])[abz](?![A-Za-zΑ-ω])")
RAISED_NAMES = {name: name.translate(SUPERSCRIPTS) for name in "xyn"}
LOWERED = str.maketrans("⁻⁺¹²³", "−+123")
SIZE, CAPTION_SIZE = 13.0, 10.5  # points
LEADING = 1.5  # points between two lines: a bracket hangs lower than LINE allows for
MOST_CHARACTERS, MOST_NOTE_CHARACTERS = 25, 80  # on a line of a local gradient, and of a note below the picture
VALUE, GRADIENT, FAINT, INK = "value", "gradient", "faint", "ink"


class TextLine(NamedTuple):
    """A line of words, and its role, which decides its colour: value, gradient, faint or ink."""

    text: str
    role: str
    size: float = SIZE


class TextBlock(NamedTuple):
    """Lines below one another."""

    lines: tuple[TextLine, ...]

    @property
    def width(self) -> float:
        """The width in points."""
        return max((width(line.text, line.size) for line in self.lines), default=0.0)

    @property
    def height(self) -> float:
        """The height in points."""
        return fsum(line.size * LINE + LEADING for line in self.lines) - LEADING


def _write_block(rows: Iterable[str], role: str, caption: str) -> TextBlock:
    return TextBlock((*(TextLine(row, role) for row in rows), TextLine(caption, FAINT, CAPTION_SIZE)))


def _raise_exponent(exponent: Formula) -> str:
    text = show(exponent, TEXT).replace(" ", "")
    return text.translate(SUPERSCRIPTS) if all(ord(character) in SUPERSCRIPTS for character in text) else ""


# Text in which x^n is xⁿ. The font has no small y for the base of a logarithm, so log_y x is written as it is computed.
LETTERED = replace(TEXT, raised=_raise_exponent, functions={**TEXT.functions, "log": "ln(#1)/ln(#2)"})


@dataclass(frozen=True)
class GateUse:
    """A gate with names for its operands, and perhaps their values and an upstream gradient."""

    gate: Gate
    names: tuple[str, ...]
    graph: Graph
    trace: Trace | None
    upstream: float | None
    rounding: Rounding

    @property
    def output(self) -> str:
        """The name of the gate's output, as it is shown."""
        return subscript(self.graph.output_name)

    @property
    def loss(self) -> str:
        """The name of what all gradients are derivatives of."""
        return next(name for name in LOSS_NAMES if name not in self.names)

    @property
    def slots(self) -> list[int]:
        """The slots of the operands that have a wire: all but a parameter."""
        return [slot for slot in range(len(self.names)) if slot != self.gate.parameter]

    @property
    def at_kink(self) -> bool:
        """Whether the gate has no derivative at the point."""
        return self.trace is not None and self.trace.graph.is_at_kink(self.trace.graph.output, self.trace.values)

    def write_name(self, slot: int) -> str:
        """Write an operand's name as it is shown."""
        return subscript(self.names[slot])

    def write_number(self, value: float) -> str:
        """Write a rounded number."""
        return number(value, self.rounding)

    @property
    def equation(self) -> str:
        """What the gate computes: z = x·y."""
        atoms = [Atom(self.write_name(slot)) for slot in range(len(self.names))]
        return f"{self.output} = {show(fill_formula(self.gate, atoms, Atom(self.output), mathematics=True), LETTERED)}"

    def write_local_gradient(self, slot: int) -> str:
        """Write a local gradient as the gate's row writes it, with the operands' names in place of a, b and z."""
        gate, names = self.gate, [self.write_name(each) for each in range(len(self.names))]
        derived = show(fill_slope(gate, slot, [Atom(name) for name in names], Atom(self.output)), LETTERED)
        if gate.parameter is not None:
            is_named = self.names[gate.parameter] in gate.board_local[0]
            return rename_operands(gate.board_local[0], [names[slot]], self.output) if is_named else derived
        if len(gate.board_local) == 1 and len(names) > 1:
            return gate.board_local[0] if "[" in derived else derived
        return rename_operands(gate.board_local[slot], names, self.output)

    def describe_local(self, slot: int) -> TextBlock:
        """Write the words in the circle at an operand's wire: the local gradient in symbols, and its number.

        There is no derivative at a kink: the number that is taken there stands with the gate's rule below it.
        """
        symbols = self.write_local_gradient(slot)
        head = f"∂{self.output}/∂{self.write_name(slot)} ="
        value = self.trace.local[-1][slot] if self.trace else 0.0
        shown = self.write_number(value)
        if self.at_kink:
            number, caption = _write_block([f"{head} {shown}"], INK, "local gradient").lines
            rule = [TextLine(row, FAINT, CAPTION_SIZE) for row in wrap(self.gate.rule, MOST_CHARACTERS)]
            return TextBlock((number, *rule, caption))
        rows = [f"{head} {symbols}"]
        if len(rows[0]) > MOST_CHARACTERS:
            rows = [head, *_break_formula(symbols)]
        if self.trace and shown != symbols:
            rows.append(f"{_choose_equals(value, shown)} {shown}")
        return _write_block(rows, INK, "local gradient")

    def describe_downstream(self, slot: int) -> TextBlock:
        """Write the words below an operand's wire: the chain rule, and its numbers."""
        name = self.write_name(slot)
        rows = [f"∂{self.loss}/∂{name} = ∂{self.output}/∂{name} · ∂{self.loss}/∂{self.output}"]
        if self.trace and self.upstream is not None:
            local, upstream = (
                Atom(self.write_number(each), each) for each in (self.trace.local[-1][slot], self.upstream)
            )
            product = self.trace.local[-1][slot] * self.upstream
            result = Atom(self.write_number(product), product)
            sign = "=" if holds_as_printed(Term("*", (local, upstream)), result, self.rounding) else "≈"
            outcome = ", not defined" if isnan(product) else f" {sign} {result.text}"
            rows.append(f"= {local.text} × {upstream.text}{outcome}")
        return _write_block(rows, GRADIENT, "downstream gradient")

    def describe_value(self, slot: int) -> TextBlock:
        """Write the words above an operand's wire: its name, and its value."""
        value = f" = {self.write_number(self.trace.values[slot])}" if self.trace else ""
        return TextBlock((TextLine(self.write_name(slot) + value, VALUE),))

    def describe_result(self) -> TextBlock:
        """Write the words above the output's wire: z = x·y, and its value."""
        text = self.equation
        if self.trace:
            shown = self.write_number(self.trace.values[-1])
            text += f" {_choose_equals(self.trace.values[-1], shown)} {shown}"
        return TextBlock((TextLine(text, VALUE),))

    def describe_upstream(self) -> TextBlock:
        """Write the words below the output's wire: ∂L/∂z, and the upstream gradient."""
        number = f" = {self.write_number(self.upstream)}" if self.upstream is not None else ""
        return _write_block([f"∂{self.loss}/∂{self.output}{number}"], GRADIENT, "upstream gradient")

    def write_footnotes(self) -> TextBlock:
        """Write the words below the picture: the chain rule in words, and warnings of a kink or a pole."""
        warnings = self.trace.warnings if self.trace else ()
        rows = [row for warning in warnings for row in wrap(warning, MOST_NOTE_CHARACTERS)]
        rule = TextLine("downstream gradient = local gradient × upstream gradient", INK)
        return TextBlock((rule, *(TextLine(row, FAINT, CAPTION_SIZE) for row in rows)))

    def describe(self) -> str:
        """Describe the picture in sentences, for those who cannot see it."""
        sentences = [f"{self.gate.name}: {self.describe_result().lines[0].text}. {self.gate.words.does}."]
        for slot in self.slots:
            local, downstream = (
                " ".join(line.text for line in block.lines[:-1])
                for block in (self.describe_local(slot), self.describe_downstream(slot))
            )
            sentences.append(f"Local gradient {local}; downstream gradient {downstream}.")
        return " ".join(sentences)


def use_gate(gate: Gate, values: Mapping[str, float], upstream: float | None, rounding: Rounding) -> GateUse:
    """Name the operands of a gate and, where they have values, run it.

    Raises UsageError where the values or the upstream gradient do not fit the gate, and EvaluationError outside its
    domain.
    """
    names = _choose_names(gate, values)
    if upstream is not None and not values:
        raise UsageError("an upstream gradient alone gives no numbers", hint=_write_hint(gate, names))
    if upstream is not None and not isfinite(upstream):
        raise UsageError(f"upstream = {upstream:g} is not a finite number", hint="give upstream a finite value")
    output = next(name for name in OUTPUT_NAMES if name not in names)
    source = f"{output} = {write_expression(gate, names)}"
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
    return GateUse(gate, names, graph, trace, upstream, rounding)


def _choose_names(gate: Gate, values: Mapping[str, float]) -> tuple[str, ...]:
    """Order the names that have values: as in the alphabet if they are x, y, z or a, b, c, else as typed."""
    fewest, most = gate.arity
    usual = _choose_usual_names(gate)
    if not values:
        return usual
    if not fewest <= len(values) <= most or len(values) > len(LETTERS) or len(values) % gate.groups:
        given = f"{len(values)} value{'s' if len(values) > 1 else ''}"
        needed = "1 operand" if most == 1 else f"{fewest} operands" + (" or more" if most > fewest else "")
        needed = f"{gate.groups} lists of operands" if gate.groups > 1 else needed
        raise UsageError(f"{gate.name} takes {needed}, not {given}", hint=_write_hint(gate, usual))
    for known in (usual, tuple("xyz"), tuple(LETTERS)):
        if set(values) <= set(known):
            return tuple(name for name in known if name in values)
    return tuple(values)


def _choose_usual_names(gate: Gate) -> tuple[str, ...]:
    if gate.arity[1] == ANY:
        count = SEVERAL if gate.groups == 1 else PAIRS
        return tuple(f"{name}_{i + 1}" for name in LIST_NAMES[: gate.groups] for i in range(count))
    if gate.parameter is None:
        return gate.syntax.operands or OPERAND_NAMES[gate.arity[0]]
    found = PARAMETER_NAME.search(gate.board)
    parameter = found[1] if found else "c"
    return ("x", parameter) if gate.parameter else (parameter, "x")


def _write_hint(gate: Gate, names: Sequence[str]) -> str:
    return f"write bpviz gates {gate.name} {' '.join(f'--{name} {k + 2}' for k, name in enumerate(names))} --upstream 5"


def rename_operands(formula: str, names: Sequence[str], output: str) -> str:
    """Put other names in place of a, b and z in a row's formula.

    >>> rename_operands("b·aᵇ⁻¹", ["x", "y"], "z"), rename_operands("−tan a", ["θ"], "z")
    ('y·xʸ⁻¹', '−tan θ')
    >>> rename_operands("a·e^(−a²/2)", ["x"], "z")
    'x·exp(−x²/2)'
    """
    new = {**dict(zip(LETTERS, names, strict=False)), "z": output}
    formula = LETTER.sub(lambda found: new.get(found[0], found[0]), formula.replace("e^(", "exp("))

    def rename_exponent(found: re.Match[str]) -> str:
        exponent = found[0].replace("ᵃ", "\0").replace("ᵇ", "\1")
        a, b = (new.get(letter, letter) for letter in "ab")
        if all(name in RAISED_NAMES for mark, name in (("\0", a), ("\1", b)) if mark in exponent):
            return exponent.replace("\0", RAISED_NAMES.get(a, "")).replace("\1", RAISED_NAMES.get(b, ""))
        lowered = exponent.translate(LOWERED).replace("\0", a).replace("\1", b)
        return f"^{lowered}" if lowered.isalnum() else f"^({lowered})"

    return RAISED.sub(rename_exponent, formula)


def _break_formula(formula: str) -> list[str]:
    """Break a formula into lines before the signs of a sum and after commas, but never inside brackets."""
    pieces, depth = [""], 0
    for i, character in enumerate(formula):
        depth += (character in "([") - (character in ")]")
        if depth == 0 and (formula[i - 1 : i + 1] == ", " or formula[i : i + 3] in (" + ", " − ")):
            pieces.append("")
        pieces[-1] += character
    lines = [""]
    for piece in pieces:
        if lines[-1] and len(lines[-1] + piece) > MOST_CHARACTERS:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def _choose_equals(value: float, shown: str) -> str:
    return "=" if "∞" in shown or float(read_numeral(shown)) == value else "≈"
