"""Explain in a sentence what a slip is and what to do instead, with the numbers of the trace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bpviz.autodiff import Trace
from bpviz.checking.claims import GRADIENT, Claim
from bpviz.checking.formula_claims import EVERYWHERE, HERE, NEARBY, Comparison
from bpviz.checking.slips import MOST_NODES, Slip, choose_number, format_of
from bpviz.errors import join_words
from bpviz.formula.numerals import MOST_DIGITS, Rounding, number
from bpviz.formula.printing import TEXT, show
from bpviz.formula.products import simplify
from bpviz.formula.tree import Atom, read, substitute
from bpviz.gates import TABLE, fill_slope, write_expression
from bpviz.gates.gate import Mistake
from bpviz.graph import Graph, Wire, leaf
from bpviz.text.trace_report import join_terms

SIX_DIGITS = Rounding(6)
MOST_TERMS, MOST_NAMES, MOST_INPUTS = 12, 8, 6  # that a sentence lists
MADE_IF, CARRY = "is what you get when", "carry all digits, round at the end"
# What each kind of slip is, as the end of a sentence that begins with "x = 0.18", before its numbers are told. A page's
# quiz says no more, since its numbers are asked for (pages/quiz.py).
SLIP_WORDS = {
    "cut off": "digits cut off: round instead",
    "negated": "has the size of the {quantity} and the wrong sign",
    "value": "is the value of {of}, not {its}",
    "gradient": "is the gradient of {of}, not {its}",
    "other": "is the gradient of {of}, not of {name}",
    "other value": "is the value of {of}, not of {name}",
    "left out": f"{MADE_IF} {{equation}} hands on {{operand}} as it is",
    "turned": f"{MADE_IF} the sign is turned at {{equation}}",
    "order": f"{MADE_IF} the two operands of {{equation}} are swapped",
    "rule": f"{MADE_IF} the local gradient of {{equation}} for {{operand}} is taken as {{wrong}}, {{mistake}}",
    "degrees": f"{MADE_IF} {{angle}} is taken in degrees: set the calculator to radians",
    "overwritten": f"{MADE_IF} every branch overwrites the gradient: write += where a second contribution comes in",
    "digits": f"{MADE_IF} every number is rounded to {{places}} on the way: {CARRY}",
    "swapped": f"{MADE_IF} the two local gradients of {{equation}} are swapped",
    "branch": f"{MADE_IF} only {{counted}} counted: {{name}} also feeds {{others}}, and a gradient is the sum over all "
    "branches",
    "wires": f"{MADE_IF} only {{counted}} count: a gradient is the sum over all of them",
    "lost minus": f"{MADE_IF} the minus sign of a local gradient is lost",
    "sign": f"{MADE_IF} the sign is turned at {{equation}}",
    "upstream": f"{MADE_IF} {{equation}} hands back its local gradient alone: multiply it by the upstream gradient",
    "local": f"{MADE_IF} {{equation}} hands back its upstream gradient unchanged: multiply it by the local gradient",
}


def write_mistake(graph: Graph, node: int, mistake: Mistake, rounding: Rounding) -> str:
    """Write a local gradient of a gate as somebody mistakes it: "x" for the 2·x of x²."""
    operands = [leaf(graph.nodes[i], rounding) for i in graph.nodes[node].operands]
    return show(simplify(substitute(read(mistake.slope), operands, Atom(graph.nodes[node].name))), TEXT)


@dataclass(frozen=True)
class Explainer:
    """What explains slips: the trace with its numbers, and how these are rounded."""

    trace: Trace
    rounding: Rounding

    def explain_comparison(self, compared: Comparison, claim: Claim) -> str:
        """Say where a formula is right, as sentences of which the first has begun with "x = 2*y"."""
        what = "gradient" if claim.quantity == GRADIENT else "value"
        if compared.verdict == EVERYWHERE:
            return f"is right everywhere: it was compared with the {what} at {compared.points} points."
        if compared.differs_at is None:
            return "is right here, and there is no other point near that it could be tried at."
        begin = {HERE: "is right at this point only", NEARBY: "is right around this point, but not everywhere"}.get(
            compared.verdict, "is not right"
        )
        if compared.claimed is None:
            right = number(compared.right, self.rounding)
            return f"{begin}: {self._write_point()}it has no value, and the {what} is {right}."
        claimed, right = self._tell_apart(compared.claimed, compared.right)
        text = f"{begin}: {self._write_point()}it is {claimed}, and the {what} is {right}."
        if compared.is_near and not compared.slips:
            text += " It is nearly right everywhere: write its constants exactly."
        return text

    def _write_point(self) -> str:
        inputs = list(self.trace.point.items())
        listed = ", ".join(f"{name} = {number(value, SIX_DIGITS)}" for name, value in inputs[:MOST_INPUTS])
        return f"at {listed}{', …' if inputs[MOST_INPUTS:] else ''} " if inputs else ""

    def _tell_apart(self, a: float, b: float) -> tuple[str, str]:
        """Write two numbers with as many digits as it takes to see that they differ."""
        least = self.rounding.digits
        digits = next((d for d in range(least, MOST_DIGITS) if float(f"{a:.{d}g}") != float(f"{b:.{d}g}")), MOST_DIGITS)
        return number(a, Rounding(digits)), number(b, Rounding(digits))

    def say_nothing_found(self) -> str:
        """Say why a number has no explanation."""
        is_searched = len(self.trace.graph.nodes) <= MOST_NODES
        return "no single slip makes this number" if is_searched else "the program is too large to look for the slip"

    def name_others(self, slip: Slip) -> str:
        """Name the other gates where the same slip would make the number: "; so does the same at den"."""
        names = list(dict.fromkeys(self._name(node) for node in slip.also))
        listed = join_words(names if len(names) <= MOST_NAMES else [*names[:MOST_NAMES], "more"])
        return f". Or: the same at {listed}" if names else ""

    def explain(self, slip: Slip, claim: Claim) -> str:
        """Explain a slip, and what to do instead, as the end of a sentence that begins with "x = 0.18"."""
        name, right, equation = self._name(claim.node), choose_number(self.trace, claim), self._equation(slip.node)
        say = SLIP_WORDS.get(slip.kind, "").format
        match slip.kind:
            case "cut off":
                return f"is {number(right, SIX_DIGITS)} with its {say()}"
            case "negated":
                follow = ". Follow the signs wire by wire" if claim.quantity == GRADIENT else ""
                return f"{say(quantity=claim.quantity)}: it is {self._number(right)}{follow}"
            case "value":
                output = self.trace.graph.output_name
                its = "its gradient" if slip.node == claim.node else f"the gradient of {name}"
                return f"{say(of=self._name(slip.node), its=its)}: how fast {output} changes with {name}"
            case "gradient":
                its = "its value" if slip.node == claim.node else f"the value of {name}"
                return f"{say(of=self._name(slip.node), its=its)}, {self._number(right)}"
            case "other" | "other value":
                return say(of=self._name(slip.other), name=name)
            case "left out":
                (operand,) = self.trace.graph.nodes[slip.node].operands
                return say(equation=equation, operand=self._name(operand))
            case "turned":
                return f"{say(equation=equation)}, which is {self._number(self.trace.values[slip.node])}"
            case "order":
                return say(equation=equation)
            case "other gate":
                node = self.trace.graph.nodes[slip.node]
                other = write_expression(TABLE[slip.other], tuple(self._name(i) for i in node.operands))
                right_gate = self.trace.graph.expression(slip.node)
                return f"{MADE_IF} {other} is taken for {right_gate} in {node.name}"
            case "product":
                a, b = (self._name(operand) for operand in self.trace.graph.nodes[slip.node].operands)
                rule = f"by the product rule it has two terms, {a}′·{b} + {a}·{b}′"
                return f"{MADE_IF} the derivative of {equation} is taken as the product of the two derivatives: {rule}"
            case "rule":
                return self._explain_rule(slip)
            case "degrees":
                return say(angle=equation if slip.other == 1 else "every angle")
            case "overwritten":
                return say()
            case "decimals" | "digits":
                unit = {"decimals": "decimal", "digits": "significant digit"}[slip.kind]
                places = f"{slip.other} {unit}{'' if slip.other == 1 else 's'}"
                return SLIP_WORDS["digits"].format(places=places)
            case "one decimals" | "one digits":
                value = self.trace.values[slip.node]
                rounded = float(format(value, format_of(slip.kind.removeprefix("one "), slip.other)))
                from_, to = number(value, SIX_DIGITS), number(rounded, SIX_DIGITS)
                return f"{MADE_IF} {equation} is rounded to {to} on the way, from {from_}: {CARRY}"
            case "swapped":
                operands = self.trace.graph.nodes[slip.node].operands
                slopes = [
                    f"the one for {self._name(operand)} is {self._number(slope)}"
                    for operand, slope in zip(operands, self.trace.local[slip.node], strict=True)
                ]
                return f"{say(equation=equation)}: {', '.join(slopes)}"
            case "branch":
                return self._explain_branch(slip)
        return self._explain_wire(slip)

    def _explain_rule(self, slip: Slip) -> str:
        """Explain a local gradient that is not the gate's: ∂xsqr/∂x is taken as x, without the 2; it is 2·x = 6."""
        (wire,) = slip.wires
        graph = self.trace.graph
        node = graph.nodes[wire.target]
        assert node.gate
        right = fill_slope(
            node.gate, wire.slot, [leaf(graph.nodes[i], self.rounding) for i in node.operands], Atom(node.name)
        )
        mistake = node.gate.mistakes[slip.other]
        words = SLIP_WORDS["rule"].format(
            equation=self._equation(wire.target),
            operand=self._name(wire.source),
            wrong=write_mistake(graph, wire.target, mistake, self.rounding),
            mistake=mistake.words,
        )
        return f"{words}: it is {show(right, TEXT)} = {self._number(self.trace.local[wire.target][wire.slot])}"

    def _explain_wire(self, slip: Slip) -> str:
        """Explain a slip in what a gate hands back along a wire."""
        wire, equation = slip.wires[0], self._equation(slip.node)
        local, upstream = self.trace.local[wire.target][wire.slot], self.trace.gradients[wire.target]
        numbers = [self._number(local), self._number(upstream)]
        factors = " × ".join(f"({each})" if each.startswith("−") else each for each in numbers)
        words = SLIP_WORDS[slip.kind].format(equation=equation)
        match slip.kind:
            case "lost minus":
                return f"{words}: the one of {equation} for {self._name(wire.source)} is {numbers[0]}"
            case "sign":
                return f"{words}: what goes back to {self._name(wire.source)} is {factors}"
        return f"{words}, {factors}"

    def _explain_branch(self, slip: Slip) -> str:
        wires, name = self.trace.graph.wires_from[slip.node], self._name(slip.node)
        missed = [wire for wire in wires if wire not in slip.wires]
        terms = [self._number(self.trace.downstream[wire.target][wire.slot]) for wire in wires[:MOST_TERMS]]
        more = " + …" if wires[MOST_TERMS:] else ""
        total = f"{join_terms(terms)}{more} = {self._number(self.trace.gradients[slip.node])}"
        if {wire.target for wire in slip.wires} & {wire.target for wire in missed}:
            counted = f"{len(slip.wires)} of the {len(wires)} wires out of {name}"
            return f"{SLIP_WORDS['wires'].format(counted=counted)}, {total}"
        verb = "contribution is" if len(slip.wires) == 1 else "contributions are"
        counted, others = f"{self._list_targets(slip.wires)}'s {verb}", self._list_targets(missed)
        return f"{SLIP_WORDS['branch'].format(counted=counted, name=name, others=others)}, {total}"

    def _list_targets(self, wires: Sequence[Wire]) -> str:
        """Return the gates that wires lead to, each once: x, y and z."""
        names = list(dict.fromkeys(self._name(wire.target) for wire in wires))
        if len(names) > MOST_NAMES:
            names = [*names[: MOST_NAMES - 1], f"{len(names) - MOST_NAMES + 1:,} more"]
        return join_words(names)

    def _name(self, node: int) -> str:
        return self.trace.graph.nodes[node].name

    def _equation(self, node: int) -> str:
        """Return a gate with its expression: den = sigx + xpysqr."""
        return f"{self._name(node)} = {self.trace.graph.expression(node)}"

    def _number(self, x: float) -> str:
        return number(x, self.rounding)
