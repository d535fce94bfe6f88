"""What each wire of a figure carries: values, gradients, local gradients, the chain rule, names; numbers or symbols.

A sketch goes in and a sketch comes out whose marks are others: the same spots and strands.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.errors import UsageError
from bpviz.figure.lettering import subscripted
from bpviz.figure.sketch import ABSENT, GRADIENT, LOCAL, SHOWN, VALUE, Mark, Sketch, Strand
from bpviz.formula.numerals import Rounding, number
from bpviz.graph import Graph, Wire

VALUES, GRADIENTS, LOCALS, CHAIN, NAMES = "values", "gradients", "local", "chain", "names"
CARRIED = (VALUES, GRADIENTS, LOCALS, CHAIN, NAMES)
USUAL = (VALUES, GRADIENTS)
MOST_TERMS = 4  # of a branch's sum, beside its wire
LONGEST = 24  # characters of a local gradient's formula; beyond it is ∂z/∂a
NOTHING = Mark("", LOCAL, ABSENT)
PENCIL = "\N{NO-BREAK SPACE}" * 14  # room for a number behind its name, where it is written by hand


def shown_called(show: str | Collection[str]) -> tuple[str, ...]:
    """Return what is to be shown, from a list or from words with commas; raise UsageError for a word that is none.

    >>> shown_called("names, values")
    ('values', 'names')
    """
    words = [word.strip() for word in show.split(",")] if isinstance(show, str) else list(show)
    for word in words:
        if word not in CARRIED:
            hint = f"choose some of {', '.join(CARRIED)}, with commas between"
            raise UsageError(f"a wire cannot show {word}" if word else "nothing is to be shown", hint=hint)
    return tuple(word for word in CARRIED if word in words)


class Carrier(NamedTuple):
    """What is needed to write on a wire."""

    graph: Graph
    trace: Trace | None
    rounding: Rounding
    show: tuple[str, ...]
    symbolic: bool

    def name(self, node: int) -> str:
        """Return a node's name, the output's being that of the program."""
        graph = self.graph
        return subscripted(graph.output_name if node == graph.output else graph.nodes[node].name)

    def partial(self, node: int) -> str:
        """Return ∂f/∂den."""
        return f"∂{self.name(self.graph.output)}/∂{self.name(node)}"

    def slope(self, wire: Wire) -> str:
        """Return ∂den/∂sigx."""
        return f"∂{self.name(wire.target)}/∂{self.name(wire.source)}"

    def number(self, value: float) -> str:
        """Return a number as it is rounded in this figure."""
        return number(value, self.rounding)


def carried(
    said: Sketch,
    graph: Graph,
    trace: Trace | None,
    rounding: Rounding,
    *,
    show: str | Collection[str] = USUAL,
    symbolic: bool = False,
) -> Sketch:
    """Return a sketch whose wires carry what is asked for, as symbols in place of numbers if symbolic is true.

    Raises UsageError for a word that is none of CARRIED, and for numbers that a figure without values has not.
    """
    asked = shown_called(show)
    if asked == USUAL and not symbolic:
        return said
    for word in (LOCALS, CHAIN):
        if word in asked and trace is None and not symbolic:
            raise UsageError(f"a figure without values shows no {word}", hint="give the inputs values, or --symbolic")
    with_ = Carrier(graph, trace, rounding, asked, symbolic)
    strands = tuple(_carrying(with_, strand) for strand in said.strands)
    return said._replace(strands=strands)


def _carrying(with_: Carrier, strand: Strand) -> Strand:
    """Return a strand with its marks; where it carries nothing else, what stands at its port stands beside it."""
    before, after, port = _before(with_, strand), _after(with_, strand), _port(with_, strand)
    if before.state == after.state == ABSENT:
        after, port = port, NOTHING
    return strand._replace(before=before, after=after, port=port)


def _before(with_: Carrier, strand: Strand) -> Mark:
    name = with_.name(strand.node)
    if with_.symbolic or VALUES not in with_.show:
        is_named = NAMES in with_.show or (with_.symbolic and VALUES in with_.show)
        return Mark(name, VALUE) if is_named else Mark("", VALUE, ABSENT)
    if NAMES not in with_.show:
        return strand.before
    return Mark(f"{name} = {strand.before.text or PENCIL}", VALUE)


def _after(with_: Carrier, strand: Strand) -> Mark:
    if CHAIN in with_.show:
        return Mark(_symbolic_chain(with_, strand) if with_.symbolic else _chain(with_, strand), GRADIENT)
    if GRADIENTS not in with_.show:
        return Mark("", GRADIENT, ABSENT)
    if not with_.symbolic:
        return strand.after
    if strand.wire and len(with_.graph.wires_from[strand.node]) > 1:
        return Mark(_product(with_, strand.wire), GRADIENT)  # one share of ∂f/∂x, which has no symbol of its own
    return Mark(with_.partial(strand.node), GRADIENT)


def _port(with_: Carrier, strand: Strand) -> Mark:
    if LOCALS not in with_.show or not strand.wire:
        return NOTHING
    if not with_.symbolic and with_.trace:
        return Mark(f"×{with_.number(with_.trace.local[strand.wire.target][strand.wire.slot])}", LOCAL, SHOWN)
    return Mark(f"×{_formula(with_, strand.wire)}", LOCAL)


def _formula(with_: Carrier, wire: Wire) -> str:
    """Return a local gradient in symbols: its formula, or ∂z/∂a where that is long or no arithmetic."""
    from bpviz.formula.printing import SIGN, TEXT, show  # late: most figures need no formula
    from bpviz.formula.tree import Atom
    from bpviz.gates import slope
    from bpviz.graph import leaf

    gate, operands = with_.graph.nodes[wire.target].gate, with_.graph.nodes[wire.target].operands
    assert gate
    atoms = [leaf(with_.graph.nodes[i], with_.rounding) for i in operands]
    atoms = [atom._replace(text=subscripted(atom.text)) if atom.value is None else atom for atom in atoms]
    text = show(slope(gate, wire.slot, atoms, Atom(with_.name(wire.target))), TEXT, SIGN)
    return text if len(text) <= LONGEST and "[" not in text else with_.slope(wire)


def _product(with_: Carrier, wire: Wire) -> str:
    return f"{with_.partial(wire.target)} · {with_.slope(wire)}"


def _symbolic_chain(with_: Carrier, strand: Strand) -> str:
    graph, name = with_.graph, with_.partial(strand.node)
    wires = graph.wires_from[strand.node]
    if strand.wire:
        product = _product(with_, strand.wire)
        return product if len(wires) > 1 else f"{name} = {product}"
    if strand.node == graph.output and len(wires) < 2:
        return f"{name} = 1"
    if not wires or len(wires) > MOST_TERMS:
        return name
    return f"{name} = {' + '.join(_product(with_, wire) for wire in wires)}"


def _chain(with_: Carrier, strand: Strand) -> str:
    """Return upstream × local = downstream, or at a branch the sum, ≈ where the rounded numbers do not give it."""
    trace, graph = with_.trace, with_.graph
    assert trace
    if wire := strand.wire:
        factors = (trace.gradients[wire.target], trace.local[wire.target][wire.slot])
        return _equation(with_, "*", factors, trace.downstream[wire.target][wire.slot])
    wires = graph.wires_from[strand.node]
    is_sum = strand.id.startswith("trunk") and len(wires) <= MOST_TERMS
    if not is_sum:
        return strand.after.text
    return _equation(with_, "terms", [trace.downstream[w.target][w.slot] for w in wires], trace.gradients[strand.node])


def _equation(with_: Carrier, operator: str, parts: Sequence[float], result: float) -> str:
    from bpviz.formula.printing import TEXT, show
    from bpviz.formula.tree import Atom, Term  # late: most figures need no formula
    from bpviz.text.derivation import agrees, exact

    atoms = tuple(Atom(with_.number(part), part) for part in parts)
    term = Term(operator, atoms)
    outcome = Atom(with_.number(result), result)
    sign = "=" if agrees(exact(term), outcome, with_.rounding) else "≈"
    written = " × ".join(part.text for part in atoms) if operator == "*" else show(term, TEXT)
    return f"{written} {sign} {outcome.text}"
