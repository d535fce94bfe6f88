"""The lines of a page's derivation, each with a key, and what page_lines.js needs to write them anew elsewhere.

The forward lines are forms: a gate's formula in MathML with holes for numbers. A number may need brackets, which
depends on the number: 3 + (−4), and (2×10⁻⁵)². So a formula is printed once with plain numbers, and for each operand
with numbers of the other kinds; the brackets that these have besides are kept with their kinds. In a form #0; is the
first operand, $( and $) are brackets, and {1nb$(} is a bracket that is there where operand 1 is of kind n or b.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from bpviz.autodiff import Trace
from bpviz.formula.mathml import CLOSE, MATHML, OPEN
from bpviz.formula.numerals import Rounding
from bpviz.formula.printing import show
from bpviz.formula.tree import Atom
from bpviz.gates import fill_formula
from bpviz.graph import Graph, leaf
from bpviz.lecture.derivation_pages import DerivationPages, write_passes
from bpviz.noise import clear_noise
from bpviz.pages.compaction import compact_html
from bpviz.pages.page_steps import list_steps
from bpviz.text.derivation import BRACKETS, Derivation, Equation, Sentence
from bpviz.text.deriving import derive
from bpviz.text.equations_html import write_sentence, write_sides

KINDS = {"n": "−{}", "s": "{}×10⁹", "b": "−{}×10⁹"}  # negative, with a power of ten, and both
FIRST_NUMBER = 90001  # that stands for an operand; no formula of a gate has it
LEFT, RIGHT = "⟦", "⟧"


def write_derivation(pages: DerivationPages, graph: Graph, rounding: Rounding) -> str:
    """Write a derivation, each of its lines with the key of its result, and how many formulas are without numbers.

    What holds at the trace's point only is of class here: a remark on a kink, of which a line has no formula, either.
    """
    derivation, brackets = pages.derivation, Sentence((BRACKETS,))
    known = {*list_lines(derive(graph, rounding))} - {brackets}
    keys = [key for step in list_steps(graph) for key in step.lines]
    equations = [line for line in list_lines(derivation) if isinstance(line, Equation)]
    return mark_passes(pages, [_tag_line(key, each, known) for key, each in zip(keys, equations, strict=True)], known)


def mark_passes(pages: DerivationPages, tags: Sequence[str], known: Collection[Equation | Sentence]) -> str:
    """Write a derivation with these tags for its rows; remarks that are not known hold at its point only."""
    rows = iter(tags)
    html = re.sub("<tr>", lambda row: next(rows), write_passes(pages))
    for line in list_lines(pages.derivation):
        if isinstance(line, Sentence) and line not in known:
            words = f">{write_sentence(line.parts)}</p>"
            html = html.replace(f'<p class="remark"{words}', f'<p class="remark here"{words}')
    return html.replace("<p>", '<p id="point">', 1) if pages.point else f'<p id="point"></p>\n{html}'


def list_lines(derivation: Derivation) -> list[Equation | Sentence]:
    """List the lines of both passes."""
    return [line for step in (*derivation.forward, *derivation.backward) for line in step.lines]


def _tag_line(key: str, equation: Equation, known: Collection[Equation | Sentence]) -> str:
    in_symbols = equation._replace(numbers=None, result=None, is_exact=True, is_noise=False)
    kept = len(write_sides(in_symbols, "")) - 1 if in_symbols in known else 0
    return f"<tr data-line={key}{f' data-keep={kept}' if kept != 1 else ''}>"


def describe_lines(trace: Trace, rounding: Rounding) -> dict[str, Any]:
    """Describe the lines for the script.

    forms are the forms of forward lines, and form says for each gate which is its own. symbols are those of the lines
    that have none on the page, because it is made at a kink. conditional are the gates of which brackets are explained.
    """
    graph, trace = trace.graph, clear_noise(trace)
    written = [write_form(graph, node) for node in graph.gate_ids]
    forms = [*dict.fromkeys(written)]
    keys = iter([key for step in list_steps(graph) for key in step.lines])
    symbols, conditional = {}, []
    for step in (*derive(graph, rounding).forward, *derive(graph, rounding).backward):
        for line in step.lines:
            key = next(keys) if isinstance(line, Equation) else ""
            node = int(key[1:].partition(".")[0]) if key[:1] == "d" else 0
            if isinstance(line, Equation) and node and graph.is_at_kink(node, trace.values):
                symbols[key] = compact_html(" ".join(write_sides(line, "")[1:]))
        if Sentence((BRACKETS,)) in step.lines:
            conditional.append(graph.gate_ids[step.number - 1])
    return {
        "forms": forms,
        "form": [*map(forms.index, written)],
        "symbols": symbols,
        "conditional": conditional,
        "brackets": BRACKETS if conditional else "",
    }


def write_form(graph: Graph, node: int) -> str:
    """Write the form of a gate's line, its = included; of a gate of constants alone, which has no numbers, nothing."""
    slots = [slot for slot, i in enumerate(graph.nodes[node].operands) if graph.nodes[i].constant is None]
    if not slots:
        return ""
    plain = _print(graph, node, {})
    found: dict[tuple[int, int, str], str] = {}  # of a place, an operand and a bracket: for which kinds it is there
    for slot in slots:
        for kind in KINDS:
            for place, bracket in _find_brackets(plain, _print(graph, node, {slot: kind})):
                found[place, slot, bracket] = found.get((place, slot, bracket), "") + kind
    added = [""] * (len(plain) + 1)
    for (place, slot, bracket), kinds in found.items():
        added[place] += f"{{{slot}{kinds}{bracket}}}"
    own = {LEFT: f"<mrow>{OPEN}", RIGHT: f"{CLOSE}</mrow>"}  # of the form, whatever the numbers
    form = "".join(before + own.get(each, each) for before, each in zip(added, [*plain, ""], strict=True))
    short = compact_html(form).replace("<", "~").replace(">", "^")  # which stand as they are in a script's data
    return short.replace(LEFT, "$(").replace(RIGHT, "$)")


def _print(graph: Graph, node: int, kinds: dict[int, str]) -> str:
    """Print the side of a line that has the numbers, each as #0, #1, …"""
    gate = graph.nodes[node].gate
    assert gate
    numbers, holes = [], {}
    for slot, i in enumerate(graph.nodes[node].operands):
        if graph.nodes[i].constant is None:
            text = KINDS.get(kinds.get(slot, ""), "{}").format(FIRST_NUMBER + slot)
            numbers.append(Atom(text, -1.0 if text.startswith("−") else 1.0))
            holes[show(numbers[-1], MATHML)] = f"<mn>#{slot};</mn>"
        else:
            numbers.append(leaf(graph.nodes[i]))
    formula = fill_formula(gate, numbers, Atom(""), mathematics=True)
    html = " ".join(write_sides(Equation(Atom(""), "", None, formula, True, None), "")[1:])
    for number, hole in holes.items():
        html = html.replace(number, hole)
    return html.replace(f"<mrow>{OPEN}", LEFT).replace(f"{CLOSE}</mrow>", RIGHT)


def _find_brackets(plain: str, form: str) -> Iterator[tuple[int, str]]:
    """Yield the brackets that a form has besides those of the plain one, and where they go in that."""
    place = 0
    for each in form:
        if plain[place : place + 1] == each:
            place += 1
        else:
            assert each in (LEFT, RIGHT), form
            yield place, each
