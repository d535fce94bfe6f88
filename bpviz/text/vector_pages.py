"""What the page of a vector operation says: its rules, and where they come from, entry by entry in a small example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bpviz.formula.printing import TEXT, Style, show
from bpviz.formula.products import simplify
from bpviz.formula.tree import LETTERS, Atom, Formula, Term, read
from bpviz.gates import GATES, fill_formula, fill_slope
from bpviz.vectors import Shape, VectorOperation
from bpviz.vectors.rule_numbers import ONES, UPSTREAM, fill_rule, mark_entrywise
from bpviz.vectors.shapes import list_indices
from bpviz.vectors.vector_row import OF_PLAN, MatrixRules, Pick

AS_TYPED = replace(TEXT, matmul=" @ ")
LOSS, RESULT = "L", "z"
LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
MOST_FORWARD = 4  # entries of a result whose formulas are written


def write_definition(operation: VectorOperation) -> str:
    """Write what an operation computes: "z = a @ b"."""
    rules = find_sample_rules(operation)
    return f"{RESULT} = {_show(operation, rules.forward, AS_TYPED)}"


def write_rules(operation: VectorOperation) -> list[str]:
    """Write the gradient of every operand: "∂L/∂a = ∂L/∂z · bᵀ"."""
    rules = find_sample_rules(operation)
    return [
        f"∂{LOSS}/∂{letter} = {_show(operation, rule)}"
        for letter, rule in zip(_name_operands(operation), rules.backward, strict=False)
    ]


def list_paragraphs(operation: VectorOperation) -> Mapping[str, str]:
    """List the paragraphs of a page by their labels."""
    return {
        "gradients": "\n".join(write_rules(operation)),
        "shapes": operation.takes,
        "entry by entry": "\n".join(_write_entries(operation)),
        "where they come from": operation.derivation,
        "to a gradient": operation.does,
        "in practice": operation.lesson,
        "also called": ", ".join(operation.aliases),
        "in gates": _name_gates(operation),
    }


def find_sample_rules(operation: VectorOperation) -> MatrixRules:
    """Find the rules of an operation for the shapes of its example."""
    shapes, arguments = operation.sample
    return operation.rules(shapes, arguments, (False,) * len(shapes))


def _name_operands(operation: VectorOperation) -> str:
    return LETTERS[: len(operation.sample[0])]


def _show(operation: VectorOperation, rule: str, style: Style = TEXT) -> str:
    """Write a rule with the letters of the operands, and ∂L/∂z for what comes back."""
    shapes, arguments = operation.sample
    known: dict[str, Shape] = dict(zip(LETTERS, shapes, strict=False))
    result = operation.plan(shapes, arguments).shape
    known |= {RESULT: result, UPSTREAM: result, ONES: (1,)}
    marked = mark_entrywise(read(rule), lambda atom: not known[atom.text])
    names: dict[str, Formula] = {UPSTREAM: _write_gradient(RESULT), ONES: Term(ONES, ())}
    return show(fill_rule(marked, names, [Atom(letter) for letter in _name_operands(operation)]), style)


def _write_gradient(name: str) -> Formula:
    return Term("partial", (Atom(LOSS), Atom(name)))


def _write_entries(operation: VectorOperation) -> list[str]:
    """Write the entries of the result, and the gradient of one entry of each operand, by the scalar gates."""
    shapes, arguments = operation.sample
    plan = operation.plan(shapes, arguments)
    if any(pick.operand == OF_PLAN for gate in plan.gates for pick in gate.operands):
        return []  # gates after one another have no formula of one line
    letters = _name_operands(operation)
    names = [_name_entries(letter, shape) for letter, shape in zip(letters, shapes, strict=True)]
    results = _name_entries(RESULT, plan.shape)

    def name(pick: Pick) -> Atom:
        return Atom(names[pick.operand][pick.entry])

    lines = []
    for result, pick in [*zip(results, plan.entries, strict=True)][:MOST_FORWARD]:
        formula: Formula = Atom(result)
        if pick.operand == OF_PLAN:
            gate, used = plan.gates[pick.entry]
            formula = fill_formula(GATES[gate], [*map(name, used)], Atom(result), mathematics=True)
        lines.append(f"{result} = {show(formula if pick.operand == OF_PLAN else name(pick), TEXT)}")
    for k, entries in enumerate(names):
        meant = Pick(k, min(1, len(entries) - 1))
        terms: list[Formula] = []
        for result, pick in zip(results, plan.entries, strict=True):
            if pick == meant:
                terms.append(_write_gradient(result))
            elif pick.operand == OF_PLAN:
                gate, used = plan.gates[pick.entry]
                slots = [slot for slot, each in enumerate(used) if each == meant]
                slopes = [fill_slope(GATES[gate], slot, [*map(name, used)], Atom(result)) for slot in slots]
                terms += [simplify(Term("*", (slope, _write_gradient(result)))) for slope in slopes]
        total = terms[0] if len(terms) == 1 else Term("+", tuple(terms))
        lines.append(f"{show(_write_gradient(name(meant).text), TEXT)} = {show(total, TEXT)}")
    return lines


def _name_entries(name: str, shape: Shape) -> list[str]:
    return [name + "".join(map(str, index)).translate(LOWERED) for index in list_indices(shape)]


def _name_gates(operation: VectorOperation) -> str:
    """Name the scalar gates that an operation comes to."""
    gates = dict.fromkeys(gate.gate for gate in operation.plan(*operation.sample).gates)
    if not gates:
        return "none: it moves entries, and computes nothing"
    return f"{', '.join(gates)}; bpviz table --unroll lists them all"
