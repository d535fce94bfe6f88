"""Answers about whole vectors, marked entry by entry, with the slip that makes all of a wrong one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bpviz.autodiff import Trace
from bpviz.checking.claims import GRADIENT, VALUE
from bpviz.checking.entry_names import label_entries, write_index
from bpviz.checking.explanations import Explainer
from bpviz.checking.slips import diagnose
from bpviz.checking.vector_claims import VectorClaim
from bpviz.checking.vector_slips import VectorSlip, diagnose_vector
from bpviz.errors import join_words
from bpviz.formula.numerals import MINUS, Rounding, number
from bpviz.formula.printing import TEXT, show
from bpviz.formula.tree import LETTERS, Atom, Formula, read
from bpviz.gates import Gate
from bpviz.graph import Graph, write_derivative
from bpviz.grouping import group
from bpviz.noise import clear_noise
from bpviz.text.grid_formulas import write_inline
from bpviz.vectors import VectorNode, VectorNumbers, VectorOperation, VectorWire, nest, say_shape, write_shape
from bpviz.vectors.rule_numbers import UPSTREAM, fill_rule, mark_entrywise
from bpviz.vectors.shapes import count_entries, list_indices

MADE_IF = "is what you get when"
LONGEST_CLAIM = 60  # characters of a claim in a table; of a longer one the corners are shown
MOST_ENTRIES_TOLD = 4  # of those that are wrong
# what each kind of slip is, as the end of a sentence that begins with the vector's name
WORDS = {
    "negated": "has the right size and the wrong sign everywhere",
    "turned": "is the transpose of the {quantity}: rows for columns",
    "value": "is the value of {other}, not {its}",
    "gradient": "is the gradient of {other}, not {its}",
    "rule": f"{MADE_IF} {{derivative}} is taken as {{wrong}}, {{mistake}}: at {{equation}} it is {{right}}",
    "slope": f"{MADE_IF} the local gradient of {{equation}} is taken as {{wrong}}, {{mistake}}, in every entry",
    "sign": f"{MADE_IF} the sign of what {{equation}} hands back to {{source}} is turned in every entry",
    "upstream": f"{MADE_IF} {{equation}} hands back its local gradient alone: multiply it by the upstream gradient",
    "local": f"{MADE_IF} {{equation}} hands back its upstream gradient unchanged: multiply it by the local gradient",
    "branch": f"{MADE_IF} what comes back from {{equation}} is left out: a gradient is the sum over all branches",
    "copies": "is what each copy gets back: {source} is repeated to {shape} in {equation}, and its gradient is the sum "
    "over the copies",
    "first copy": f"{MADE_IF} only the first copy of {{source}} counts: it is repeated to {{shape}} in {{equation}}, "
    "and its gradient is the sum over the copies",
    "last copy": f"{MADE_IF} only the last copy of {{source}} counts: it is repeated to {{shape}} in {{equation}}, "
    "and its gradient is the sum over the copies",
    "mean of copies": f"{MADE_IF} the mean over the copies of {{source}} is taken: it is repeated to {{shape}} in "
    "{equation}, and its gradient is their sum",
}


@dataclass(frozen=True)
class VectorAnswer:
    """A claim about a vector, marked."""

    trace: Trace
    claim: VectorClaim

    @property
    def numbers(self) -> VectorNumbers:
        """The numbers of the vectors, as people read them."""
        numbers = clear_noise(self.trace).vectors
        assert numbers
        return numbers

    @property
    def node(self) -> VectorNode:
        """The vector that the claim is about."""
        return self.numbers.graph.nodes[self.claim.node]

    @cached_property
    def correct(self) -> list[float]:
        """The gradient, or the value, row by row."""
        of = self.numbers.gradient if self.claim.quantity == GRADIENT else self.numbers.value
        return of(self.claim.node)

    @property
    def has_right_shape(self) -> bool:
        """Say whether the claim has the shape of the vector."""
        return self.claim.shape == self.node.shape

    @cached_property
    def wrong(self) -> list[int]:
        """Which entries are wrong, where the shape is right."""
        if not self.has_right_shape:
            return []
        pairs = zip(self.claim.entries, self.correct, strict=True)
        return [k for k, (claim, number) in enumerate(pairs) if not claim.fits(number)]

    @property
    def is_right(self) -> bool:
        """Say whether the shape and every entry are right."""
        return self.has_right_shape and not self.wrong

    @property
    def verdict(self) -> str:
        """Say right or wrong, or how many entries are right."""
        if self.is_right or not self.has_right_shape or len(self.wrong) == len(self.correct):
            return "right" if self.is_right else "wrong"
        return f"{len(self.correct) - len(self.wrong)} of {len(self.correct)} right"

    @cached_property
    def slips(self) -> list[VectorSlip]:
        """The slips that make all of what is claimed, if it is wrong."""
        return [] if self.is_right else diagnose_vector(self.trace, self.claim)

    # for people

    def write_cells(self, rounding: Rounding) -> tuple[str, str, str, str]:
        """Write the name, what is claimed, what is right, and the verdict."""
        correct = write_inline(self.correct, self.node.shape, rounding)
        claimed = _write_signs(self.claim.text)
        if len(claimed) > LONGEST_CLAIM:
            claimed = write_inline([each.value for each in self.claim.entries], self.claim.shape, rounding)
        return self.node.name, claimed, correct, self.verdict

    def explain(self, rounding: Rounding) -> str:
        """Explain an answer in sentences; one that is right needs none."""
        if self.is_right:
            return ""
        name = f"the value of {self.node.name}" if self.claim.quantity == VALUE else self.node.name
        writer = SlipWriter(self.trace, self.claim)
        slips = [writer.write(slip) for slip in self.slips]
        others = "".join(f" Or: it {slip}." for slip in slips[1:])
        if not self.has_right_shape:
            own = f"{self.node.name} is {say_shape(self.node.shape)}, and this is {say_shape(self.claim.shape)}"
            law = "a gradient has the shape of its variable: " if self.claim.quantity == GRADIENT else ""
            return f"{name}: {law}{own}." + (f" It {slips[0]}.{others}" if slips else "")
        if slips:
            return f"{name} {slips[0]}.{others}"
        said = f"{name}: {self._list_wrong(rounding)}"
        if len(self.wrong) == len(self.correct):
            return f"{said}; no single slip makes all of these numbers."
        return f"{said}.{self._explain_entry(rounding)}"

    def _explain_entry(self, rounding: Rounding) -> str:
        """Explain an entry that is the only one that is wrong, as any number is explained."""
        (claim, *others) = [self.claim.entries[k] for k in self.wrong]
        trace = label_entries(self.trace)
        slips = [] if others else diagnose(trace, claim)
        explainer = Explainer(clear_noise(trace), rounding)
        return f" {_write_signs(claim.text)} {explainer.explain(slips[0], claim)}." if slips else ""

    def _list_wrong(self, rounding: Rounding) -> str:
        """Say how many entries are right, and what the wrong ones are: "[0, 1] is 0.176, not 0.2"."""
        places = list_indices(self.node.shape) if self.node.shape else [()]
        told = [
            f"{write_index(places[k])} is {number(self.correct[k], rounding)}, not "
            f"{_write_signs(self.claim.entries[k].text)}"
            for k in self.wrong[:MOST_ENTRIES_TOLD]
        ]
        count, total = len(self.correct) - len(self.wrong), len(self.correct)
        listed = join_words(told) if len(self.wrong) <= MOST_ENTRIES_TOLD else f"{', '.join(told)}, …"
        if not count:
            return f"no entry is right: {listed}"
        return f"{count} of {total} entries {'is' if count == 1 else 'are'} right; {listed}"

    # for programs

    def record(self, rounding: Rounding) -> dict[str, Any]:
        """Return the claim in full precision, in nested lists."""
        shape = self.node.shape
        claimed: Any = [each.value for each in self.claim.entries]
        writer = SlipWriter(self.trace, self.claim)
        return {
            "name": self.node.name,
            "output": self.trace.graph.output_name,
            "of": self.claim.quantity,
            "claimed": self.claim.text,
            "kind": "vector",
            "number": nest(claimed, self.claim.shape),
            "correct": nest(self.correct, shape),
            "verdict": self.verdict,
            "differs_at": None,
            "slips": [writer.record(slip) for slip in self.slips],
            "explanation": self.explain(rounding),
            "wrong_entries": [list(list_indices(shape)[k]) for k in self.wrong],
        }


def _write_signs(claimed: str) -> str:
    return claimed.replace("-", MINUS)


@dataclass(frozen=True)
class SlipWriter:
    """What puts a slip of vectors into words."""

    trace: Trace
    claim: VectorClaim

    @property
    def vectors(self) -> Graph:
        """The graph of the vector nodes."""
        return group(self.trace.graph)

    def write(self, slip: VectorSlip) -> str:
        """Write a slip as the end of a sentence that begins with the vector's name."""
        its = "its gradient" if self.claim.quantity == GRADIENT else "its value"
        name = self.vectors.nodes[self.claim.node].name
        other = "" if slip.other is None else self.vectors.nodes[slip.other].name
        if other and slip.other != self.claim.node:
            its = f"that of {name}"
        words: dict[str, str] = {"quantity": self.claim.quantity, "its": its, "other": other}
        if slip.wire:
            words |= self._describe(slip.wire, slip)
        return WORDS[slip.kind].format(**words)

    def record(self, slip: VectorSlip) -> dict[str, Any]:
        """Return a slip for JSON, with the fields that those of scalars have."""
        at = slip.wire.target if slip.wire else self.claim.node
        name = self.vectors.nodes[at].name
        return {"slip": slip.kind, "at": name, "also_at": [], "explanation": self.write(slip)}

    def _describe(self, wire: VectorWire, slip: VectorSlip) -> dict[str, str]:
        """Describe a wire: its source, the operation that it leads to, and the rule that was mistaken."""
        assert self.trace.graph.vectors
        node = self.trace.graph.vectors.nodes[wire.target]
        source = self.vectors.nodes[wire.source].name
        words = {
            "source": source,
            "equation": f"{self.vectors.nodes[wire.target].name} = {self.vectors.expression(wire.target)}",
            "derivative": show(write_derivative(self.vectors, wire.source), TEXT),
            "shape": write_shape(node.shape),
        }
        if slip.kind == "rule" and isinstance(node.operation, VectorOperation):
            words |= self._describe_rule(wire, node, node.operation, slip.number)
        elif slip.kind == "slope" and isinstance(node.operation, Gate):
            mistake = node.operation.mistakes[slip.number]
            names = {
                letter: Atom(self.vectors.nodes[i].name) for letter, i in zip(LETTERS, node.operands, strict=False)
            }
            names["z"] = Atom(self.vectors.nodes[wire.target].name)
            words |= {"wrong": show(fill_rule(read(mistake.slope), names), TEXT), "mistake": mistake.words}
        return words

    def _describe_rule(
        self, wire: VectorWire, node: VectorNode, operation: VectorOperation, which: int
    ) -> dict[str, str]:
        """Write the rule that was mistaken, and the right one."""
        assert self.trace.graph.vectors
        nodes = self.trace.graph.vectors.nodes
        shapes = [nodes[i].shape for i in node.operands]
        rules = operation.rules(shapes, node.arguments, node.transposed)
        names: dict[str, Formula] = {
            letter: Atom(self.vectors.nodes[i].name) for letter, i in zip(LETTERS, node.operands, strict=False)
        }
        names |= {
            "z": Atom(self.vectors.nodes[wire.target].name),
            UPSTREAM: write_derivative(self.vectors, wire.target),
        }
        letters = {**dict(zip(LETTERS, shapes, strict=False)), "z": node.shape, UPSTREAM: node.shape}

        def put_in(text: str) -> str:
            marked = mark_entrywise(read(text), lambda atom: count_entries(letters.get(atom.text, (2,))) == 1)
            return show(fill_rule(marked, names), TEXT)

        mistake = operation.mistakes(shapes, node.arguments, node.transposed)[which]
        backward = rules.backward[wire.slot if len(rules.backward) > 1 else 0]
        return {"wrong": put_in(mistake.formula), "mistake": mistake.words, "right": put_in(backward)}
