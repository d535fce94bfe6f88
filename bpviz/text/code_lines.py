"""The lines that every listing has: forward one named line a gate, each with the formula that is right at the point.

A textbook's formula is the one to show, but 1/(1 + exp(-x)) overflows at x = -800, and 1 - z² has lost every digit of
tanh's slope at 30. So at a point each line is worked out as Python would, and where that goes wrong the gate's accurate
formula is taken or, in the few places where no formula of one line is right, the number itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.errors import count_columns
from bpviz.formula.evaluation import evaluate
from bpviz.formula.languages import Dialect
from bpviz.formula.numerals import Rounding, number
from bpviz.formula.printing import POWER, TEXT, show
from bpviz.formula.tree import Atom, Formula, Term, read, substitute
from bpviz.gates import Gate, fill_formula, list_formulas, list_slopes
from bpviz.graph import Graph, Node, Wire
from bpviz.text.code_names import Identifiers
from bpviz.text.textbook_failures import MINDS_THE_SIGN, FailingPoint, find_failure, find_mistake

COMMENT_COLUMN = 60  # a line of more columns keeps its comment to itself instead of pushing all the others out
LINE_COLUMNS = 88  # a signature or a dict of more columns is written one name a line
INDENT = "    "
ARITHMETIC = ("+", "-", "*", "/", "negative")
IN_A_CONSTANT = ("sqrt", "exp", "ln")  # what a constant of a listing has besides; an int to a power may not fit NumPy
MOST_OPERANDS_TOLD = 2  # of a point in a comment
TEN_DIGITS = Rounding(10)  # of which 1 − 10⁻⁹ needs nine


class CodeLine(NamedTuple):
    """A line of code and the comments behind it and above it; is_number where it holds at the trace's point only."""

    code: str
    comment: str = ""
    above: str = ""
    is_number: bool = False


class ChosenFormula(NamedTuple):
    """The formula to print, and what is wrong with the textbook's if it is another."""

    formula: Formula
    mistake: str = ""

    @property
    def is_number(self) -> bool:
        """Whether a number stands for a formula, which is right at the trace's point only."""
        return bool(self.mistake) and isinstance(self.formula, Atom)


class GatePoint(NamedTuple):
    """The numbers at which a line is right: its operands by their identifiers, its value and its local gradients."""

    at: dict[str, float]
    value: float
    local: tuple[float, ...]


@dataclass(frozen=True)
class Staging:
    """What is needed to write any line of a listing: the program, perhaps a point, the names and the language.

    Without a point a line is the textbook's, unless that goes wrong at one of the points that textbook_failures.py
    tries, or if is_accurate the one that is right over the whole domain.
    """

    graph: Graph
    trace: Trace | None
    names: Identifiers
    dialect: Dialect
    is_accurate: bool = False

    def gate(self, node: int) -> Gate:
        """Return the gate of a node that has one."""
        gate = self.graph.nodes[node].gate
        assert gate
        return gate

    def operands(self, node: int) -> list[Atom]:
        """Return the operands of a gate for a formula, by their identifiers."""
        return [self.operand(i) for i in self.graph.nodes[node].operands]

    def operand(self, node: int) -> Atom:
        """Return an input, a gate or a constant for a formula."""
        if self.graph.nodes[node].constant is None:
            return Atom(self.names.values[node])
        return spell_constant(self.graph.nodes[node], plainly=bool(self.dialect.own))

    def output(self, node: int) -> Atom:
        """Return a gate's own name for a formula."""
        return Atom(self.names.values[node])

    @cached_property
    def forward(self) -> dict[int, ChosenFormula]:
        """The formula of each gate, by id."""
        return {i: self.choose_forward(i) for i in self.graph.gate_ids}

    def choose_forward(self, node: int) -> ChosenFormula:
        """Choose the formula of a gate."""
        gate = self.gate(node)
        if any(f"{function}(" in gate.mathematics for function in self.dialect.own):
            return ChosenFormula(fill_formula(gate, self.operands(node), self.output(node), mathematics=True))
        formulas = list_formulas(gate, self.operands(node), self.output(node))
        if self.trace is None:
            return self._choose_anywhere(node, None, formulas)
        points = self.points_at(node)
        if not self.dialect.own:
            return self._choose(node, formulas, [(point.at, point.value) for point in points])
        # a framework differentiates this line itself, so the slopes must be right too, and no number may stand in it
        textbooks = [formulas[0]]
        textbooks += [list_slopes(gate, slot, self.operands(node), self.output(node))[0] for slot in self._slots(node)]
        mistakes = (
            find_mistake(textbook, point.at, exact)
            for point in points
            for textbook, exact in zip(textbooks, (point.value, *point.local), strict=True)
        )
        mistake = next(filter(None, mistakes), "") if formulas[1:] else ""
        return ChosenFormula(formulas[-1], _say_here(mistake) if mistake else "")

    def _slots(self, node: int) -> range:
        return range(len(self.operands(node)))

    def _choose_anywhere(self, node: int, slot: int | None, formulas: Sequence[Formula]) -> ChosenFormula:
        """Choose a formula of z, or of a local gradient, for a function, which is called at any point."""
        if self.is_accurate or len(formulas) == 1:
            return ChosenFormula(formulas[-1])
        gate, operands = self.gate(node), self.operands(node)
        # a framework differentiates the line of z itself, so the slopes must be right too
        slots = range(len(gate.local)) if self.dialect.own else ()
        failures = (find_failure(gate, each, operands) for each in (slot, *slots))
        failure = next(filter(None, failures), None)
        return ChosenFormula(formulas[-1], _say_where(failure, operands)) if failure else ChosenFormula(formulas[0])

    def choose_slope(self, wire: Wire) -> ChosenFormula:
        """Choose the formula of a local gradient."""
        node = wire.target
        formulas = list_slopes(self.gate(node), wire.slot, self.operands(node), self.output(node))
        if self.trace is None:
            return self._guard_pole(wire, self._choose_anywhere(node, wire.slot, formulas))
        name, forward = self.names.values[node], self.forward[node].formula
        at = [
            (point.at | {name: evaluate(forward, point.at)}, point.local[wire.slot]) for point in self.points_at(node)
        ]
        return self._choose(node, formulas, at)

    def _guard_pole(self, wire: Wire, choice: ChosenFormula) -> ChosenFormula:
        """Put infinity in for a local gradient where its gate has a pole, at which Python does not divide by zero."""
        gate, (operand, *others) = self.gate(wire.target), self.operands(wire.target)
        if self.is_accurate or wire.slot or not gate.poles or operand.value is not None:
            return choice
        numbers = [other.value for other in others if other.value is not None]
        if len(numbers) == len(others) and not _is_infinite_at(gate, (gate.poles[-1], *numbers)):
            return choice  # x³ has none
        pole = Atom("", gate.poles[-1])
        # of two, these are a number and its negative
        condition = Term("==", (operand if len(gate.poles) == 1 else Term("abs", (operand,)), pole))
        if gate.pole_if:
            condition = Term("*", (condition, substitute(read(gate.pole_if), (operand, *others), Atom(""))))
        is_negative = isinstance(choice.formula, Term) and choice.formula.head == "negative"
        infinity = Atom("", -math.inf if is_negative else math.inf)
        return choice._replace(formula=Term("where", (condition, infinity, choice.formula)))

    def values_at(self, node: int) -> dict[str, float]:
        """Return the values of a gate's operands, and its own, by their identifiers."""
        assert self.trace
        inside = (i for i in (*self.graph.nodes[node].operands, node) if i in self.names.values)
        return {self.names.values[i]: self.trace.values[i] for i in inside}

    def points_at(self, node: int) -> list[GatePoint]:
        """Return the numbers at which the line of a gate must be right: those of the trace."""
        assert self.trace
        return [GatePoint(self.values_at(node), self.trace.values[node], self.trace.local[node])]

    def write_numbers(self, node: int, numbers: Sequence[float]) -> Atom:
        """Write what stands in a line where no formula is right: the number of a gate at each of its points."""
        return Atom("", numbers[0])

    def _choose(
        self, node: int, formulas: Sequence[Formula], at: Sequence[tuple[dict[str, float], float]]
    ) -> ChosenFormula:
        """Return the first formula that gives the number at every point, or else the numbers themselves."""
        textbook, *others = formulas
        mistake = _find_first_mistake(textbook, at)
        if not mistake:
            return ChosenFormula(textbook)
        right = (formula for formula in others if not _find_first_mistake(formula, at))
        numbers = self.write_numbers(node, [exact for _, exact in at])
        return ChosenFormula(next(right, numbers), _say_here(mistake))


def _find_first_mistake(formula: Formula, at: Sequence[tuple[dict[str, float], float]]) -> str:
    return next(filter(None, (find_mistake(formula, point, exact) for point, exact in at)), "")


def _is_infinite_at(gate: Gate, operands: Sequence[float]) -> bool:
    try:
        return math.isinf(gate.slopes(gate.forward(*operands), *operands)[0])
    except (ArithmeticError, ValueError):
        return False


def _say_here(mistake: str) -> str:
    return mistake if mistake == MINDS_THE_SIGN else f"{mistake} here"


def _say_where(failure: FailingPoint, operands: Sequence[Atom]) -> str:
    """Say what goes wrong and at which operands: "overflows at x = −800"; far out, if these are too many to tell."""
    if failure.mistake == MINDS_THE_SIGN:
        return failure.mistake
    if len(operands) > MOST_OPERANDS_TOLD or len(operands) != len(failure.operands):
        return f"{failure.mistake} far out"
    pairs = zip(operands, failure.operands, strict=True)
    told = [f"{operand.text} = {number(x, TEN_DIGITS)}" for operand, x in pairs if operand.value is None]
    return f"{failure.mistake} at {', '.join(told)}"


def spell_constant(node: Node, *, plainly: bool = False) -> Atom:
    """Return a constant for code: the calculation as typed, if it gives the same number, bit for bit.

    plainly is for frameworks, whose functions take no plain numbers: + − · / is all that a calculation may have.
    """
    typed = node.typed and node.typed.typed
    is_spelled = typed and _has_only(typed, ARITHMETIC if plainly else (*ARITHMETIC, *IN_A_CONSTANT))
    if typed and is_spelled and evaluate(typed, {}) == node.constant:
        return Atom(node.name, node.constant, typed)
    return Atom(node.name, node.constant)


def _has_only(typed: Term, heads: Sequence[str]) -> bool:
    inner = [part.typed if isinstance(part, Atom) else part for part in typed.parts]
    return typed.head in heads and all(_has_only(each, heads) for each in inner if each)


def write_forward(staging: Staging) -> list[CodeLine]:
    """Write one line a gate, with its step number, and in words where its code does not show what it is."""
    graph, names, dialect = staging.graph, staging.names, staging.dialect
    style = dialect.style
    lines = []
    numbers = {i for i, node in enumerate(graph.nodes) if node.constant is not None}
    for step, i in enumerate(graph.gate_ids, start=1):
        choice = staging.forward[i]
        textbook = list_formulas(staging.gate(i), staging.operands(i), staging.output(i))[0]
        words = f" {show(graph.formula(i), TEXT)}" if "(" in staging.gate(i).mathematics else ""
        right = show(choice.formula, style)
        if numbers.issuperset(graph.nodes[i].operands):  # which the functions of a framework may not take
            numbers.add(i)
            right = dialect.number.format(right)
        code = dialect.constant.format(names.values[i], right)
        above = explain_mistake(show(textbook, style), choice.mistake)
        lines.append(CodeLine(code, f"({step}){words}", above, choice.is_number))
    if not graph.nodes[graph.output].gate:
        lines.append(CodeLine(dialect.constant.format(names.output, show(staging.operand(graph.output), style))))
    return lines


def write_backward(staging: Staging) -> list[CodeLine]:
    """Write a line a wire, from the output back, each with the number of the forward step that it undoes."""
    graph, names, out = staging.graph, staging.names, staging.graph.output
    seed = f"np.ones_like({names.output})" if staging.dialect.takes_arrays else "1.0"
    template = staging.dialect.variable if graph.wires_from[out] else staging.dialect.constant
    lines = [CodeLine(template.format(names.gradients[out], seed), "the output's own gradient")]
    begun = {out}
    for step, i in reversed([*enumerate(graph.gate_ids, start=1)]):
        if i not in begun:
            continue
        for wire in graph.wires_into(i):
            if graph.nodes[wire.source].constant is None:
                lines.append(_write_contribution(staging, wire, step, wire.source in begun))
                begun.add(wire.source)
    return lines + [
        CodeLine(
            staging.dialect.constant.format(names.gradients[i], "0.0"),
            f"{graph.output_name} does not depend on {graph.nodes[i].name}",
        )
        for i in graph.inputs
        if i not in begun
    ]


def _write_contribution(staging: Staging, wire: Wire, step: int, begun: bool) -> CodeLine:
    """Write the line that adds one wire's gradient to its source; begun says that another has been there before."""
    graph, gradients, choice = staging.graph, staging.names.gradients, staging.choose_slope(wire)
    uses = len(graph.wires_from[wire.source]) + (wire.source == graph.output)
    upstream = gradients[wire.target]
    local = show(choice.formula, staging.dialect.style, POWER)
    right = {"1": upstream, "-1": f"-{upstream}", "(-1)": f"-{upstream}"}.get(local, f"{local} * {upstream}")
    if right == upstream and staging.dialect.takes_arrays and uses > 1 and not begun:
        right = f"1 * {right}"  # a copy: += on the same array would change the upstream gradient as well
    rule = staging.gate(wire.target).rule
    comment = f"({step})"
    if begun:
        times = "twice" if uses == 2 else f"{uses} times"
        comment += f" += because {graph.nodes[wire.source].name} is used {times}: contributions add"
    elif rule:
        comment += f" {rule}"
    above = _explain_slope(staging, wire, choice)
    dialect = staging.dialect
    template = dialect.addition if begun else dialect.variable if uses > 1 else dialect.constant
    code = template.format(gradients[wire.source], right)
    return CodeLine(code, comment, "" if above in comment else above, choice.is_number)


def _explain_slope(staging: Staging, wire: Wire, choice: ChosenFormula) -> str:
    """Say where a local gradient is not the textbook's formula: a kink's rule, or what goes wrong."""
    if not choice.mistake:
        return ""
    node, gate = wire.target, staging.gate(wire.target)
    if staging.trace and staging.graph.is_at_kink(node, staging.trace.values):
        return gate.rule
    textbook = list_slopes(gate, wire.slot, staging.operands(node), staging.output(node))[0]
    return explain_mistake(show(textbook, staging.dialect.style), choice.mistake)


def explain_mistake(textbook: str, mistake: str) -> str:
    """Say above a line why it is not the textbook's; nothing where it is."""
    return f"instead of {textbook}, which {mistake}" if mistake else ""


def align(lines: Sequence[CodeLine], comment: str = "#") -> list[str]:
    """Write lines as text, the comments behind them in one column; comment is what these begin with."""
    widths = [count_columns(line.code) for line in lines]
    fitting = [width for line, width in zip(lines, widths, strict=True) if line.comment and width <= COMMENT_COLUMN]
    column = max(fitting, default=0)
    written = []
    for line, width in zip(lines, widths, strict=True):
        written += [f"{comment} {line.above}"] if line.above else []
        space = " " * max(0, column - width)
        written.append(f"{line.code}{space}  {comment} {line.comment}" if line.comment else line.code)
    return written


def write_heading(graph: Graph, trace: Trace | None, names: Identifiers, comment: str = "#") -> list[str]:
    """Write the comments on top of a listing: the program, the names that had to change, what to know."""
    source = graph.source.strip()
    program = source if "=" in source else f"{graph.output_name} = {source}"
    is_short = "\n" not in source and len(graph.statements) == 1 and len(program) <= LINE_COLUMNS
    notes = [*names.renamings, *(trace.warnings if trace else graph.warnings)]
    comments = []
    for text in ([program] if is_short else []) + notes:
        printable = "".join(c if c.isprintable() or c.isspace() else "?" for c in text)
        comments.append(f"{comment} {' '.join(printable.split())}")  # on one line
    return comments


def write_signature(graph: Graph, names: Identifiers, name: str) -> list[str]:
    """Write the def line of a function of the inputs; those with a default of the program's come last."""
    defaults = {i: graph.defaults[graph.nodes[i].name] for i in graph.inputs if graph.nodes[i].name in graph.defaults}
    bare = [names.values[i] for i in graph.inputs if i not in defaults]
    given = [f"{names.values[i]}={default!r}" for i, default in defaults.items()]
    return bracket(f"def {name}(", [*bare, *given], "):")


def write_return(value: str, gradients: Mapping[str, str]) -> list[str]:
    """Write the return line of a function: the value and a dict of gradients, which are given by name."""
    return bracket(f"return {value}, {{", [f'"{name}": {text}' for name, text in gradients.items()], "}")


def write_prints(output: str, value: str, gradients: Mapping[str, str]) -> list[str]:
    """Write the lines that print the output and its gradients, which are given by name."""
    lines = [f'print(f"{output} = {{{value}}}")']
    return lines + [f'print(f"d{output}/d{name} = {{{text}}}")' for name, text in gradients.items()]


def by_name(graph: Graph, texts: Sequence[str]) -> dict[str, str]:
    """Return a text for each input by its name."""
    return dict(zip(graph.input_names, texts, strict=True))


def bracket(head: str, items: Sequence[str], tail: str) -> list[str]:
    """Put items into a bracket, on one line or, if that is long, one item a line."""
    line = f"{head}{', '.join(items)}{tail}"
    return [line] if len(line) <= LINE_COLUMNS else [head, *(f"{INDENT}{item}," for item in items), tail]


def indent(lines: Sequence[str]) -> list[str]:
    """Move lines one level further in."""
    return [f"{INDENT}{line}" if line else line for line in lines]
