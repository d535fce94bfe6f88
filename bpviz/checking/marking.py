"""Somebody's answers, marked: right or wrong, the gradient, and the slip that makes the wrong number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any, NamedTuple

from bpviz.autodiff import Trace
from bpviz.checking.claims import Claim
from bpviz.checking.slips import LETTERS, SEARCHED, Slip, diagnose
from bpviz.formula.numerals import MOST_DIGITS, THREE_DIGITS, Rounding, number
from bpviz.graph import Wire
from bpviz.text.report import Report, ReportColumn, ReportTable, finite
from bpviz.text.trace_report import join_terms

COLUMNS = (
    ReportColumn("name", "name"),
    ReportColumn("claimed", "number"),
    ReportColumn("gradient", "gradient"),
    ReportColumn("verdict"),
)
FIELDS = ("name", "claimed", "gradient", "verdict", "slips", "explanation")
SLACK = 1e-6  # of a logarithm that is whole but for its rounding
MOST_TERMS, MOST_NAMES = 12, 8  # that a sentence lists
UNEXPLAINED = "no single slip makes this number."
UNSEARCHED = "the program is too large to look for the slip."


class Answer(NamedTuple):
    """A claim and the slips that would make it, if it is wrong."""

    claim: Claim
    is_right: bool
    slips: tuple[Slip, ...]


def mark(trace: Trace, claims: Sequence[Claim]) -> list[Answer]:
    """Return the claims with their verdicts."""
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

    def tables(self) -> list[ReportTable]:
        """Return a row for each claim."""
        return [ReportTable(COLUMNS, [self._row(answer) for answer in self.answers])]

    def notes(self) -> list[str]:
        """Return for each wrong claim the sentences that explain it, the likeliest slip first."""
        return [_sentence(self.trace, answer, self.rounding) for answer in self.answers if not answer.is_right]

    def record(self) -> dict[str, Any]:
        """Return the claims, each with its slips, in full precision."""
        return {
            "program": self.trace.graph.source,
            "output": self.trace.graph.output_name,
            "value": self.trace.values[self.trace.graph.output],
            "claims": [_record(self.trace, answer, self.rounding) for answer in self.answers],
            "warnings": list(self.trace.warnings),
        }

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield a row for each claim, the kinds of its slips separated by spaces."""
        yield FIELDS
        for answer in self.answers:
            *facts, slips = _record(self.trace, answer, self.rounding).values()
            kinds = " ".join(each["slip"].replace(" ", "_") for each in slips)
            explanation = "" if answer.is_right else _sentence(self.trace, answer, self.rounding)
            yield *facts, kinds, explanation

    def _row(self, answer: Answer) -> tuple[str, ...]:
        node = answer.claim.node
        return (
            self.trace.graph.nodes[node].name,
            answer.claim.text.replace("-", "−"),
            number(self.trace.gradients[node], _finer(answer, self.rounding)),
            "right" if answer.is_right else "wrong",
        )


def _finer(answer: Answer, rounding: Rounding) -> Rounding:
    """Return a rounding that keeps one digit more than the claim has, so that the table shows why it is wrong.

    An answer that is no decimal is meant exactly: where it is right, that is shown like any other number.
    """
    claim = answer.claim
    if not claim.precision or (claim.is_exact and answer.is_right):
        return rounding
    last = floor(log10(2 * claim.precision) + SLACK)  # the power of ten of its last place
    size = floor(log10(abs(claim.value))) if claim.value else last
    digits = min(max(rounding.digits, size - last + 2), MOST_DIGITS)
    decimals = rounding.decimals if rounding.decimals is None else min(max(rounding.decimals, 1 - last), MOST_DIGITS)
    return Rounding(digits, decimals)


def _sentence(trace: Trace, answer: Answer, rounding: Rounding) -> str:
    name = trace.graph.nodes[answer.claim.node].name
    claimed = f"{name} = {answer.claim.text.replace('-', '−')}"
    if not answer.slips:
        return f"{claimed}: {UNEXPLAINED if len(trace.graph.nodes) <= SEARCHED else UNSEARCHED}"
    first, *others = [_told(trace, answer.claim, slip, rounding) for slip in answer.slips]
    return f"{claimed} {first}." + "".join(f" Or: it {other}." for other in others)


def _told(trace: Trace, claim: Claim, slip: Slip, rounding: Rounding) -> str:
    """Return what makes the number and what to do instead, to follow "x = 0.18"."""
    return TELLERS[slip.kind](Telling(trace, claim, slip, rounding))


class Telling(NamedTuple):
    """A slip about to be told, and the names and numbers that its sentence needs."""

    trace: Trace
    claim: Claim
    slip: Slip
    rounding: Rounding

    def name(self, node: int) -> str:
        """Return the name of a node."""
        return self.trace.graph.nodes[node].name

    def equation(self, node: int) -> str:
        """Return a gate with its expression: den = sigx + xpysqr."""
        return f"{self.name(node)} = {self.trace.graph.expression(node)}"

    def number(self, x: float) -> str:
        """Return a number as the reader wants it rounded."""
        return number(x, self.rounding)

    def local(self, wire: Wire) -> str:
        """Return a wire's local gradient."""
        return self.number(self.trace.local[wire.target][wire.slot])

    def factors(self, wire: Wire) -> str:
        """Return a wire's two factors, in brackets where one is negative."""
        local, upstream = self.local(wire), self.number(self.trace.gradients[wire.target])
        return " × ".join(f"({each})" if each.startswith("−") else each for each in (local, upstream))


def _branch(at: Telling) -> str:
    graph, node = at.trace.graph, at.slip.node
    every = graph.wires_from[node]
    counted = _listed([at.name(wire.target) for wire in at.slip.wires])
    missed = _listed([at.name(wire.target) for wire in every if wire not in at.slip.wires])
    terms = join_terms([at.number(at.trace.downstream[wire.target][wire.slot]) for wire in every[:MOST_TERMS]])
    more = " + …" if every[MOST_TERMS:] else ""
    total = f"{terms}{more} = {at.number(at.trace.gradients[node])}"
    if {wire.target for wire in at.slip.wires} & {wire.target for wire in every if wire not in at.slip.wires}:
        wires = f"{len(at.slip.wires)} of the {len(every)} wires out of {at.name(node)}"
        return f"is what you get when only {wires} count: a gradient is the sum over all of them, {total}"
    verb = "contribution is" if len(at.slip.wires) == 1 else "contributions are"
    return (
        f"is what you get when only {counted}'s {verb} counted: {at.name(node)} also feeds {missed}, and a gradient "
        f"is the sum over all branches, {total}"
    )


def _lost_minus(at: Telling) -> str:
    (wire,) = at.slip.wires
    return (
        f"is what you get when the minus sign of a local gradient is lost: the one of {at.equation(wire.target)} "
        f"for {at.name(wire.source)} is {at.local(wire)}"
    )


def _sign(at: Telling) -> str:
    (wire,) = at.slip.wires
    return (
        f"is what you get when the sign is turned at {at.equation(wire.target)}: what goes back to "
        f"{at.name(wire.source)} is {at.factors(wire)}"
    )


def _swapped(at: Telling) -> str:
    first, second = (at.number(x) for x in at.trace.local[at.slip.node])
    names = [at.name(operand) for operand in at.trace.graph.nodes[at.slip.node].operands]
    return (
        f"is what you get when the two local gradients of {at.equation(at.slip.node)} are swapped: the one for "
        f"{names[0]} is {first}, the one for {names[1]} is {second}"
    )


def _upstream(at: Telling) -> str:
    return (
        f"is what you get when {at.equation(at.slip.node)} hands back its local gradient alone: multiply it by the "
        f"upstream gradient, {at.factors(at.slip.wires[0])}"
    )


def _local(at: Telling) -> str:
    return (
        f"is what you get when {at.equation(at.slip.node)} hands back its upstream gradient unchanged: multiply it by "
        f"the local gradient, {at.factors(at.slip.wires[0])}"
    )


def _degrees(at: Telling) -> str:
    where = at.equation(at.slip.node) if at.slip.other == 1 else "every angle"
    return f"is what you get when {where} is taken in degrees: set the calculator to radians"


def _overwritten(at: Telling) -> str:
    return "is what you get when every branch overwrites the gradient: write += where a second contribution comes in"


def _rounded(at: Telling) -> str:
    places = {"decimals": "decimal", "digits": "significant digit"}[at.slip.kind]
    count = f"{at.slip.other} {places}{'' if at.slip.other == 1 else 's'}"
    return f"is what you get when every number is rounded to {count} on the way: carry all digits, round at the end"


def _one_rounded(at: Telling) -> str:
    kind, node = at.slip.kind.removeprefix("one "), at.slip.node
    value = at.trace.values[node]
    exact, shown = (number(x, Rounding(6)) for x in (value, float(format(value, LETTERS[kind].format(at.slip.other)))))
    return (
        f"is what you get when {at.equation(node)} is rounded to {shown} on the way, from {exact}: "
        "carry all digits, round at the end"
    )


def _cut_off(at: Telling) -> str:
    right = at.trace.gradients[at.claim.node]
    return f"is {number(right, Rounding(6))} with its digits cut off: round instead"


def _value(at: Telling) -> str:
    name = at.name(at.claim.node)
    return f"is the value of {name}, not its gradient: how fast {at.trace.graph.output_name} changes with {name}"


def _other(at: Telling) -> str:
    return f"is the gradient of {at.name(at.slip.other)}, not of {at.name(at.claim.node)}"


def _negated(at: Telling) -> str:
    right = at.number(at.trace.gradients[at.claim.node])
    return f"has the size of the gradient and the wrong sign: it is {right}. Follow the signs wire by wire"


TELLERS: dict[str, Callable[[Telling], str]] = {
    "branch": _branch,
    "lost minus": _lost_minus,
    "sign": _sign,
    "negated": _negated,
    "swapped": _swapped,
    "upstream": _upstream,
    "local": _local,
    "degrees": _degrees,
    "overwritten": _overwritten,
    "decimals": _rounded,
    "digits": _rounded,
    "one decimals": _one_rounded,
    "one digits": _one_rounded,
    "cut off": _cut_off,
    "value": _value,
    "other": _other,
}


def _listed(words: list[str]) -> str:
    """Join words as a sentence does: x, y and z; a word that repeats is said once."""
    words = list(dict.fromkeys(words))
    if len(words) > MOST_NAMES:
        words = [*words[: MOST_NAMES - 1], f"{len(words) - MOST_NAMES + 1:,} more"]
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)


def _record(trace: Trace, answer: Answer, rounding: Rounding) -> dict[str, Any]:
    gradient, names = trace.gradients[answer.claim.node], trace.graph.nodes
    return {
        "name": names[answer.claim.node].name,
        "claimed": answer.claim.text,
        "gradient": finite(gradient),
        "verdict": "right" if answer.is_right else "wrong",
        "slips": [
            {
                "slip": slip.kind,
                "at": names[slip.node].name,
                "gradient": slip.gradient,
                "explanation": _told(trace, answer.claim, slip, rounding),
            }
            for slip in answer.slips
        ],
    }
