"""Somebody's answers, marked: right or wrong, the right number, and the slip that makes the wrong one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any, NamedTuple

from bpviz.autodiff import Trace, run
from bpviz.checking.claims import GRADIENT, VALUE, Claim
from bpviz.checking.entry_names import label_entries
from bpviz.checking.explanations import Explainer
from bpviz.checking.formula_claims import EVERYWHERE, Comparison, compare_formula
from bpviz.checking.slips import Slip, choose_number, diagnose
from bpviz.checking.vector_answers import VectorAnswer
from bpviz.checking.vector_claims import VectorClaim
from bpviz.formula.numerals import MINUS, MOST_DIGITS, THREE_DIGITS, Rounding, number
from bpviz.noise import clear_noise
from bpviz.text.report import Cell, Report, ReportColumn, ReportTable, head_with_slope

NAME, QUANTITY, CLAIMED, VERDICT = (
    ReportColumn("name", "name"),
    ReportColumn("of"),
    ReportColumn("claimed", "number"),
    ReportColumn("verdict"),
)
CSV_HEADS = ("name", "output", "of", "claimed", "correct", "verdict", "slips", "explanation")
LOGARITHM_ERROR = 1e-6  # of a logarithm that is whole but for its rounding


class Answer(NamedTuple):
    """A claim, what came of it if it is a formula, and the slips that would make it, if it is wrong.

    The trace is that of the program, or of the part of it that the claim is about.
    """

    trace: Trace
    claim: Claim
    is_right: bool
    slips: tuple[Slip, ...]
    comparison: Comparison | None = None

    @property
    def verdict(self) -> str:
        """Say right or wrong of a number, and of a formula where it is equal."""
        return self.comparison.verdict if self.comparison else "right" if self.is_right else "wrong"


def mark(trace: Trace, claims: Sequence[Claim | VectorClaim]) -> list[Answer | VectorAnswer]:
    """Say of each claim whether it is right, and which slips explain it if it is wrong."""
    scalars = label_entries(trace) if trace.graph.vectors else trace
    return [
        VectorAnswer(trace, claim) if isinstance(claim, VectorClaim) else _mark(_choose_trace(scalars, claim), claim)
        for claim in claims
    ]


def _choose_trace(trace: Trace, claim: Claim) -> Trace:
    if claim.part is None:
        return trace
    return run(claim.part, {name: trace.value(name) for name in claim.part.input_names})


def _mark(trace: Trace, claim: Claim) -> Answer:
    if claim.formula:
        found = compare_formula(trace, claim)
        return Answer(trace, claim, found.verdict == EVERYWHERE, found.slips, found)
    is_right = any(claim.fits(choose_number(each, claim)) for each in (trace, clear_noise(trace)))
    return Answer(trace, claim, is_right, () if is_right else diagnose(trace, claim))


@dataclass(frozen=True)
class AnswerReport(Report):
    """Somebody's answers, marked."""

    noun = "answers are"
    prefix = ""
    indent = 2

    trace: Trace
    answers: Sequence[Answer | VectorAnswer]
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
        """Return a row for each claim. What the claims are about has a column if it is not a gradient in all."""
        quantities = {answer.claim.quantity for answer in self.answers}
        correct = ReportColumn("gradient" if quantities <= {GRADIENT} else "correct", "gradient")
        if quantities <= {GRADIENT}:
            return [ReportTable((NAME, CLAIMED, correct, VERDICT), [self._row(answer) for answer in self.answers])]
        rows = [(name, answer.claim.quantity, *rest) for answer in self.answers for name, *rest in [self._row(answer)]]
        return [ReportTable((NAME, QUANTITY, CLAIMED, correct, VERDICT), rows)]

    def _row(self, answer: Answer | VectorAnswer) -> tuple[Cell, ...]:
        if isinstance(answer, VectorAnswer):
            return answer.write_cells(self.rounding)
        right = number(choose_number(clear_noise(answer.trace), answer.claim), _refine(self.rounding, answer))
        name: Cell = _name(answer, answer.claim.node)
        if answer.claim.part:
            name = head_with_slope(answer.trace.graph.output_name, _name(answer, answer.claim.node))
        return name, _show(answer.claim), right, answer.verdict

    def notes(self) -> list[str]:
        """Return how claims were read, and what is said of each that is wrong or a formula, likely slips first."""
        return [*self._list_readings(), *[text for answer in self.answers if (text := self._explain(answer))]]

    def _list_readings(self) -> list[str]:
        notes = (answer.claim.note for answer in self.answers if isinstance(answer, Answer))
        return list(dict.fromkeys(filter(None, notes)))

    def record(self) -> dict[str, Any]:
        """Return the claims, each with its slips, in full precision; notes say how claims were read.

        A claim has these fields:

        name         the name that it is about
        output       of what it is the gradient, which is the output of the program if it is not ∂num/∂x
        of           "gradient" or "value"
        claimed      what is claimed, as it was typed
        kind         "number" or "formula", or "vector", whose numbers are nested lists
        number       what is claimed as a number, at the point of the trace; null where a formula has no value
        correct      the gradient or the value at the point
        verdict      "right" or "wrong"; of a formula "equal everywhere", "equal only here", "equal nearby" (but not
                     everywhere) or "differs" (here)
        differs_at   of a formula the point where it is not right, claimed and correct there; else null
        slips        what would make it, the likeliest first: the kind of slip, the gate where it happens, others where
                     the same would make it, the number that it makes, and the explanation as the end of a sentence
        explanation  all that is said of it to people, as sentences
        """
        return {
            "program": self.trace.graph.source,
            "output": self.trace.graph.output_name,
            "value": self.trace.values[self.trace.graph.output],
            "claims": [self._answer_record(answer) for answer in self.answers],
            "notes": self._list_readings(),
            "warnings": list(self.trace.warnings),
        }

    def csv_rows(self) -> Iterator[Sequence[object]]:
        """Yield a row for each claim, the kinds of its slips separated by spaces."""
        yield CSV_HEADS
        for answer in self.answers:
            record = self._answer_record(answer)
            kinds = " ".join(each["slip"].replace(" ", "_") for each in record["slips"])
            yield *[record[head] for head in CSV_HEADS[:-2]], kinds, record["explanation"]

    def _answer_record(self, answer: Answer | VectorAnswer) -> dict[str, Any]:
        if isinstance(answer, VectorAnswer):
            return answer.record(self.rounding)
        claim, compared = answer.claim, answer.comparison
        found = compared.here if compared else claim.value
        explainer = self._choose_explainer(answer)
        return {
            "name": _name(answer, claim.node),
            "output": answer.trace.graph.output_name,
            "of": claim.quantity,
            "claimed": claim.text,
            "kind": "formula" if claim.formula else "number",
            "number": found,
            "correct": choose_number(answer.trace, claim),
            "verdict": answer.verdict,
            "differs_at": _record_difference(compared) if compared else None,
            "slips": [
                {
                    "slip": slip.kind,
                    "at": _name(answer, slip.node),
                    "also_at": [_name(answer, node) for node in slip.also],
                    "number": slip.number,
                    "explanation": explainer.explain(slip, claim),
                }
                for slip in answer.slips
            ],
            "explanation": self._explain(answer),
        }

    def _explain(self, answer: Answer | VectorAnswer) -> str:
        """Explain an answer in sentences; a number that is right needs none."""
        if isinstance(answer, VectorAnswer):
            return answer.explain(self.rounding)
        claim, compared = answer.claim, answer.comparison
        if answer.is_right and not compared:
            return ""
        name, output = _name(answer, claim.node), answer.trace.graph.output_name
        if claim.quantity == VALUE:
            name = f"value of {name}"
        elif claim.formula or claim.part:  # x = 2·x reads as an equation
            name = f"∂{output}/∂{name}"
        head = f"{name} = {_show(claim)}"
        explainer = self._choose_explainer(answer)
        if compared:
            head = f"{head} {explainer.explain_comparison(compared, claim)}"
            if compared.verdict == EVERYWHERE or compared.claimed is None or (compared.is_near and not answer.slips):
                return head
            if not answer.slips:
                return f"{head} No single slip makes this formula."
            head = f"{head} It"
        elif not answer.slips:
            return f"{head}: {explainer.say_nothing_found()}."
        first, *others = [explainer.explain(slip, claim) + explainer.name_others(slip) for slip in answer.slips]
        return f"{head} {first}." + "".join(f" Or: it {other}." for other in others)

    def _choose_explainer(self, answer: Answer) -> Explainer:
        """Explain a formula with the numbers of the point where it differs."""
        compared = answer.comparison
        trace = compared.differs_at if compared and compared.differs_at else answer.trace
        return Explainer(clear_noise(trace), self.rounding)


def _name(answer: Answer, node: int) -> str:
    return answer.trace.graph.nodes[node].name


def _show(claim: Claim) -> str:
    return " ".join(claim.text.split()).replace("-", MINUS)


def _record_difference(compared: Comparison) -> dict[str, Any] | None:
    if compared.differs_at is None:
        return None
    return {"point": compared.differs_at.point, "claimed": compared.claimed, "correct": compared.right}


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
