"""Equations and derivations as HTML: MathML, which fetches nothing, in rows whose first signs stand in a column.

The classes value, gradient, step, remark and rows are for a stylesheet; derivation.css in bpviz/lecture and
notebook.css beside this module are two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bpviz.formula.mathml import MATHML, escape, math
from bpviz.formula.printing import SIGN, choose_sign, drop_marks, show, show_terms
from bpviz.formula.tree import Atom, Formula, Term
from bpviz.text.derivation import TO_ROUNDING, Derivation, DerivationStep, Equation, Sentence
from bpviz.text.notebook_html import wrap_formulas

BAR = '<mo form="postfix" stretchy="true" lspace="0.1em">|</mo>'
MOST_TERMS_UNBROKEN = 3  # of a sum that is one formula


def write_derivation_html(derivation: Derivation, plain: str) -> str:
    """Write a derivation for a notebook: the point, and the rows of both passes. plain is the same as plain text."""
    body = [f"<p>{_write_point(derivation)}</p>"] if derivation.point else []
    body += [f"<p>{write_sentence(remark.parts)}</p>" for remark in derivation.remarks]
    if derivation.forward:
        body += ['<p class="part">Forward pass</p>', write_forward(derivation.forward)]
    if derivation.backward:
        body += ['<p class="part">Backward pass, in reverse order</p>']
        body += [write_backward(step, head="p") for step in derivation.backward]
    return wrap_formulas([*body, *(f"<p>{escape(warning)}</p>" for warning in derivation.warnings)], plain)


def _write_point(derivation: Derivation) -> str:
    """Write the output and the point, "f at x = 3, y = −4", or in symbols "f as a function of x, y"."""
    point = [
        math(show(Atom(name), MATHML), *([write_sign("="), show(value, MATHML)] if value else []))
        for name, value in derivation.point
    ]
    link = "at" if derivation.has_numbers else "as a function of"
    return f"{math(show(Atom(derivation.output), MATHML))} {link} {', '.join(point)}"


def write_equations(groups: Iterable[Sequence[tuple[str, Formula]]], notes: Iterable[str], plain: str) -> str:
    """Write groups of equations for a notebook, their left sides already MathML, and notes below them.

    plain is the same as plain text.
    """
    rows = [write_rows((0, [math(left), *write_side(right)]) for left, right in group) for group in groups if group]
    return wrap_formulas([*rows, *(f"<p>{escape(note)}</p>" for note in notes)], plain)


def write_forward(steps: Sequence[DerivationStep]) -> str:
    """Write the forward pass: a row for each gate, behind its number."""
    return write_rows(
        (step.number, write_sides(line, "value")) for step in steps for line in step.lines if isinstance(line, Equation)
    )


def write_backward(step: DerivationStep, head: str = "h3") -> str:
    """Write a step of the backward pass: the gate, and the rows of its gradients with what is said between them.

    head is the element in which the gate stands.
    """
    lines = ["<section>"]
    if step.formula:
        sign, formula = write_sign(choose_sign(step.formula)), show(drop_marks(step.formula), MATHML)
        name = show(Atom(step.name), MATHML)
        lines.append(f'<{head}><span class="step">({step.number})</span>{math(name, sign, formula)}</{head}>')
    for run in step.runs:
        if isinstance(run, Sentence):
            lines.append(f'<p class="remark">{write_sentence(run.parts)}</p>')
        else:
            lines.append(write_rows((0, write_sides(equation, "gradient")) for equation in run))
    return "\n".join([*lines, "</section>"])


def write_rows(equations: Iterable[tuple[int, Sequence[str]]]) -> str:
    """Write equations, each as its number, 0 for none, and its sides, as a table: their first signs are a column."""
    rows = (
        f"<tr><td>{f'({number})' if number else ''}</td><td>{left}</td><td>{' '.join(others)}</td></tr>"
        for number, (left, *others) in equations
    )
    return "\n".join(['<div class="rows"><table>', *rows, "</table></div>"])


def write_sentence(parts: Iterable[str | Atom]) -> str:
    """Write a sentence with its names as mathematics."""
    return "".join(math(show(part, MATHML)) if isinstance(part, Atom) else escape(part) for part in parts)


def write_sides(equation: Equation, role: str) -> list[str]:
    """Write each side of an equation as a formula of its own, so that a narrow screen may break before a sign.

    So is each term of a long sum. role is the class of the result.
    """
    left = show(equation.left, MATHML)
    if equation.via:
        left = f"<msub><mrow>{left}{BAR}</mrow><mtext>via {escape(equation.via)}</mtext></msub>"
    sides = [math(left)]
    if equation.symbols:
        sides += write_side(equation.symbols)
    numbers = equation.numbers and drop_marks(equation.numbers)
    if isinstance(numbers, Term) and numbers.head == "*":  # a cross between numbers, not a dot
        first, *others = numbers.parts
        factors = [show(first, MATHML, SIGN), *(show(part, MATHML, SIGN + 1) for part in others)]
        sides.append(math(write_sign("="), write_sign("×").join(factors)))
    elif numbers:
        sides += write_side(numbers)
    if not equation.result:
        return sides
    result = f'<mrow class="{role}">{show(equation.result, MATHML)}</mrow>'
    noise = f"<mtext>&nbsp;{TO_ROUNDING}</mtext>" if equation.is_noise else ""
    return [*sides, math(write_sign("=" if equation.is_exact else "≈"), result + noise)]


def write_side(formula: Formula) -> list[str]:
    """Write one side of an equation with its sign, each term of a long sum by itself."""
    sign = write_sign(choose_sign(formula))
    first, *others = show_terms(drop_marks(formula), MATHML)
    if len(others) < MOST_TERMS_UNBROKEN:
        return [math(sign, first, *others)]
    signed = (term.replace("<mo>", '<mo form="infix">', 1) for term in others)
    return [math(sign, first), *map(math, signed)]


def write_sign(sign: str) -> str:
    """Write a sign that stands between two sides, or before the second."""
    return f'<mo form="infix">{sign}</mo>'
