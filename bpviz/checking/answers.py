"""Somebody's answers, marked: right or wrong, the gradient, and the slip that makes the wrong number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any, NamedTuple

from bpviz.autodiff import Trace
from bpviz.checking.claims import Claim
from bpviz.checking.slips import MOST_NODES, Slip, diagnose, format_of
from bpviz.errors import join_words
from bpviz.formula.numerals import MOST_DIGITS, THREE_DIGITS, Rounding, number
from bpviz.graph import Wire
from bpviz.text.report import Report, ReportColumn, ReportTable
from bpviz.text.trace_report import join_terms

COLUMNS = (
    ReportColumn("name", "name"),
    ReportColumn("claimed", "number"),
    ReportColumn("gradient", "gradient"),
    ReportColumn("verdict"),
)
CSV_HEADS = ("name", "claimed", "gradient", "verdict", "slips", "explanation")
SIX_DIGITS = Rounding(6)
LOGARITHM_ERROR = 1e-6  # of a logarithm that is whole but for its rounding
MOST_TERMS, MOST_NAMES = 12, 8  # that a sentence lists
MADE_IF = "is what you get when"


class Answer(NamedTuple):
    """A claim and the slips that would make it, if it is wrong."""

    claim: Claim
    is_right: bool
    slips: tuple[Slip, ...]


def mark(trace: Trace, claims: Sequence[Claim]) -> list[Answer]:
    """Say of each claim whether it is right, and which slips explain it if it is wrong."""
    return [Answer(claim, claim.fits(trace.gradients[claim.node]), diagnose(trace, claim)) for claim in claims]


@dataclass(frozen=True)
class AnswerReport(Report):
    """Somebody's answers, marked."""

    noun = "answers are"
    prefix = ""
    indent = 2

    trace: Trace
    answers: Sequence[Answer]
    rounding: Rounding = THREE_DIGITS

    @property
    def is_right(self) -> bool:
        """Say whether all answers are right."""
        return all(answer.is_right for answer in self.answers)

    @property
    def subject(self) -> str:
        """Return what was checked: 1 answer, 3 answers."""
        return f"{len(self.answers)} answer{'' if len(self.answers) == 1 else 's'}"

    def tables(self) -> list[ReportTable]:
        """Return a row for each claim."""
        rows = [
            (
                self._name(answer.claim.node),
                answer.claim.text.replace("-", "−"),
                number(self.trace.gradients[answer.claim.node], _refine(self.rounding, answer)),
                "right" if answer.is_right else "wrong",
            )
            for answer in self.answers
        ]
        return [ReportTable(COLUMNS, rows)]

    def notes(self) -> list[str]:
        """Return for each wrong claim the sentences that explain it, the likeliest slip first."""
        return [self._explain(answer) for answer in self.answers if not answer.is_right]

    def record(self) -> dict[str, Any]:
        """Return the claims, each with its slips, in full precision."""
        return {
            "program": self.trace.graph.source,
            "output": self.trace.graph.output_name,
            "value": self.trace.values[self.trace.graph.output],
            "claims": [self._answer_record(answer) for answer in self.answers],
            "warnings": list(self.trace.warnings),
        }

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield a row for each claim, the kinds of its slips separated by spaces."""
        yield CSV_HEADS
        for answer in self.answers:
            *facts, slips = self._answer_record(answer).values()
            kinds = " ".join(each["slip"].replace(" ", "_") for each in slips)
            yield *facts, kinds, "" if answer.is_right else self._explain(answer)

    def _answer_record(self, answer: Answer) -> dict[str, Any]:
        return {
            "name": self._name(answer.claim.node),
            "claimed": answer.claim.text,
            "gradient": self.trace.gradients[answer.claim.node],
            "verdict": "right" if answer.is_right else "wrong",
            "slips": [
                {
                    "slip": slip.kind,
                    "at": self._name(slip.node),
                    "gradient": slip.gradient,
                    "explanation": self._explain_slip(slip, answer.claim),
                }
                for slip in answer.slips
            ],
        }

    def _explain(self, answer: Answer) -> str:
        claimed = f"{self._name(answer.claim.node)} = {answer.claim.text.replace('-', '−')}"
        if not answer.slips:
            is_searched = len(self.trace.graph.nodes) <= MOST_NODES
            why = "no single slip makes this number" if is_searched else "the program is too large to look for the slip"
            return f"{claimed}: {why}."
        first, *others = [self._explain_slip(slip, answer.claim) for slip in answer.slips]
        return f"{claimed} {first}." + "".join(f" Or: it {other}." for other in others)

    def _explain_slip(self, slip: Slip, claim: Claim) -> str:
        """Explain a slip, and what to do instead, as the end of a sentence that begins with "x = 0.18"."""
        name, right, equation = self._name(claim.node), self.trace.gradients[claim.node], self._equation(slip.node)
        match slip.kind:
            case "cut off":
                return f"is {number(right, SIX_DIGITS)} with its digits cut off: round instead"
            case "negated":
                return (
                    f"has the size of the gradient and the wrong sign: it is {self._number(right)}. "
                    "Follow the signs wire by wire"
                )
            case "value":
                output = self.trace.graph.output_name
                return f"is the value of {name}, not its gradient: how fast {output} changes with {name}"
            case "other":
                return f"is the gradient of {self._name(slip.other)}, not of {name}"
            case "degrees":
                angle = equation if slip.other == 1 else "every angle"
                return f"{MADE_IF} {angle} is taken in degrees: set the calculator to radians"
            case "overwritten":
                return f"{MADE_IF} every branch overwrites the gradient: write += where a second contribution comes in"
            case "decimals" | "digits":
                unit = {"decimals": "decimal", "digits": "significant digit"}[slip.kind]
                places = f"{slip.other} {unit}{'' if slip.other == 1 else 's'}"
                return f"{MADE_IF} every number is rounded to {places} on the way: carry all digits, round at the end"
            case "one decimals" | "one digits":
                value = self.trace.values[slip.node]
                rounded = float(format(value, format_of(slip.kind.removeprefix("one "), slip.other)))
                from_to = f"{number(rounded, SIX_DIGITS)} on the way, from {number(value, SIX_DIGITS)}"
                return f"{MADE_IF} {equation} is rounded to {from_to}: carry all digits, round at the end"
            case "swapped":
                operands = self.trace.graph.nodes[slip.node].operands
                slopes = [
                    f"the one for {self._name(operand)} is {self._number(slope)}"
                    for operand, slope in zip(operands, self.trace.local[slip.node], strict=True)
                ]
                return f"{MADE_IF} the two local gradients of {equation} are swapped: {', '.join(slopes)}"
            case "branch":
                return self._explain_branch(slip)
        return self._explain_wire(slip)

    def _explain_wire(self, slip: Slip) -> str:
        """Explain a slip in what a gate hands back along a wire."""
        wire, equation = slip.wires[0], self._equation(slip.node)
        local, upstream = self.trace.local[wire.target][wire.slot], self.trace.gradients[wire.target]
        numbers = [self._number(local), self._number(upstream)]
        factors = " × ".join(f"({each})" if each.startswith("−") else each for each in numbers)
        match slip.kind:
            case "lost minus":
                lost = f"the one of {equation} for {self._name(wire.source)} is {numbers[0]}"
                return f"{MADE_IF} the minus sign of a local gradient is lost: {lost}"
            case "sign":
                turned = f"what goes back to {self._name(wire.source)} is {factors}"
                return f"{MADE_IF} the sign is turned at {equation}: {turned}"
            case "upstream":
                forgotten = f"its local gradient alone: multiply it by the upstream gradient, {factors}"
            case _:
                forgotten = f"its upstream gradient unchanged: multiply it by the local gradient, {factors}"
        return f"{MADE_IF} {equation} hands back {forgotten}"

    def _explain_branch(self, slip: Slip) -> str:
        wires, name = self.trace.graph.wires_from[slip.node], self._name(slip.node)
        missed = [wire for wire in wires if wire not in slip.wires]
        terms = [self._number(self.trace.downstream[wire.target][wire.slot]) for wire in wires[:MOST_TERMS]]
        more = " + …" if wires[MOST_TERMS:] else ""
        total = f"{join_terms(terms)}{more} = {self._number(self.trace.gradients[slip.node])}"
        if {wire.target for wire in slip.wires} & {wire.target for wire in missed}:
            counted = f"{len(slip.wires)} of the {len(wires)} wires out of {name}"
            return f"{MADE_IF} only {counted} count: a gradient is the sum over all of them, {total}"
        counted, others = self._list_targets(slip.wires), self._list_targets(missed)
        verb = "contribution is" if len(slip.wires) == 1 else "contributions are"
        return (
            f"{MADE_IF} only {counted}'s {verb} counted: {name} also feeds {others}, "
            f"and a gradient is the sum over all branches, {total}"
        )

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


def _refine(rounding: Rounding, answer: Answer) -> Rounding:
    """Return a rounding that keeps one digit more than the claim has, so that the table shows why it is wrong.

    An answer that is no decimal is meant exactly: where it is right, the gradient is rounded like any other number.
    """
    claim = answer.claim
    if not claim.precision or (claim.is_exact and answer.is_right):
        return rounding
    last = floor(log10(2 * claim.precision) + LOGARITHM_ERROR)  # the power of ten of its last place
    size = floor(log10(abs(claim.value))) if claim.value else last
    digits = min(max(rounding.digits, size - last + 2), MOST_DIGITS)
    decimals = rounding.decimals if rounding.decimals is None else min(max(rounding.decimals, 1 - last), MOST_DIGITS)
    return Rounding(digits, decimals)
