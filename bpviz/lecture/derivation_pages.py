"""A derivation as a document of its own: a PDF on sheets of A4, which Typst sets, or one HTML page without a script.

Its lines are those that bpviz steps prints. It stands here and not in bpviz.text, because only this package runs Typst
and because its equations are written as those of a deck. derivation.typ and derivation.css beside this module say how
the two are laid out; the page fetches nothing, and its equations are MathML.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bpviz import fonts
from bpviz.autodiff import Trace
from bpviz.figure.theme import find_theme
from bpviz.formula.mathml import escape
from bpviz.formula.numerals import rounding_to
from bpviz.formula.printing import equate, show
from bpviz.formula.tree import Atom, Formula
from bpviz.formula.typst import string
from bpviz.graph import Graph
from bpviz.lecture import deck_html, deck_typst
from bpviz.lecture.slides import BACKWARD, FORWARD, ROLES, Equality, Words
from bpviz.lecture.typesetting import compile_pdf, write_array, write_document
from bpviz.limits import check_derived, set_limits
from bpviz.text.derivation import Derivation, DerivationStep, Equation, Sentence, drop_repetitions
from bpviz.text.derivation_formats import TYPST, write_chain_in_terms
from bpviz.text.deriving import derive
from bpviz.text.equations_html import write_backward, write_forward
from bpviz.text.writers import find_writer

TEMPLATE = Path(__file__).with_name("derivation.typ")
STYLE = Path(__file__).with_name("derivation.css")
THEME = find_theme("drawio")
HEADS = {FORWARD: "Forward pass", BACKWARD: "Backward pass, in reverse order"}


def typeset_steps(
    what: Graph | Trace,
    *,
    digits: int | None = None,
    decimals: int | None = None,
    symbolic: bool = False,
    only: str | None = None,
    for_: str | None = None,
    format: str = "pdf",  # noqa: A002  the command line's word
    limit: Mapping[str, int] | None = None,
) -> bytes:
    """Set the derivation of a trace with its numbers, or of a graph in symbols, as a document: pdf or html.

    The other options are those of bpviz.text.steps. Raises OutputError for a PDF where there is no Typst.
    """
    write = find_writer(FORMATS, format, "no document is written as")
    graph = what if isinstance(what, Graph) else what.graph
    check_derived(len(graph.gate_ids), set_limits(limit).derived)
    derivation = derive(graph if symbolic else what, rounding_to(digits, decimals), only, for_)
    return write(DerivationPages(drop_repetitions(derivation), graph.statements))


class DerivationPages(NamedTuple):
    """A derivation and the statements of its program, which stand above it."""

    derivation: Derivation
    statements: Sequence[str]

    @property
    def title(self) -> str:
        """What the document is called."""
        return f"The derivatives of {self.derivation.output}"

    @property
    def point(self) -> Words:
        """Say where the derivatives are taken, or of what they are functions."""
        output, words = Atom(self.derivation.output), list[str | Formula | Equality]()
        for name, value in self.derivation.point:
            words += [", " if words else "", Equality(Atom(name), (), value) if value else Atom(name)]
        link = " at " if self.derivation.has_numbers else " as a function of "
        return (output, link, *words, ".") if words else ()

    @property
    def remarks(self) -> list[Words]:
        """What is said before the first step: the point, what is left out, and how the program was read."""
        derivation = self.derivation
        found = [self.point, *(each.parts for each in derivation.remarks), *((each,) for each in derivation.warnings)]
        return [each for each in found if each]

    @property
    def passes(self) -> list[tuple[str, tuple[DerivationStep, ...]]]:
        """The passes that have steps."""
        found = ((FORWARD, self.derivation.forward), (BACKWARD, self.derivation.backward))
        return [(part, steps) for part, steps in found if steps]


# by way of Typst


def _write_pdf(pages: DerivationPages) -> bytes:
    colours = {"ink": THEME.ink, "faint": THEME.faint, "value": THEME.value, "gradient": THEME.gradient}
    settings = [f'#let {name} = rgb("{colour}")' for name, colour in colours.items()]
    listing = write_array(map(string, pages.statements))
    body = [f"= #{string(pages.title)}", f'#raw(block: true, {listing}.join("\\n"))']
    body += [f"\n{deck_typst.write_words(remark)}" for remark in pages.remarks]
    for part, steps in pages.passes:
        body.append(f"\n#part({ROLES[part]})[{HEADS[part]}]")
        if part == FORWARD:
            body.append(_write_typst_rows([(step.number, line) for step in steps for line in step.lines], part))
        else:
            body += [line for step in steps for line in _write_typst_step(step)]
    return compile_pdf(write_document(pages.title, settings, TEMPLATE, body), {})


def _write_typst_step(step: DerivationStep) -> list[str]:
    lines = []
    if step.formula:
        definition = equate(show(Atom(step.name), TYPST.symbols), step.formula, TYPST.symbols, about=TYPST.about)
        lines.append(f"#step([({step.number})], $display({definition})$)")
    for run in step.runs:
        if isinstance(run, Sentence):
            lines.append(f"#remark[{deck_typst.write_words(run.parts)}]")
        else:
            lines.append(_write_typst_rows([(0, equation) for equation in run], BACKWARD))
    return lines


def _write_typst_rows(rows: Sequence[tuple[int, Equation | Sentence]], part: str) -> str:
    numbers = write_array(f"[({number})]" if number else "[]" for number, _ in rows)
    equations = [_write_typst_equation(line, ROLES[part]) for _, line in rows if isinstance(line, Equation)]
    return f"#rows({numbers}, {write_array(equations)})"


def _write_typst_equation(equation: Equation, role: str) -> str:
    """Write an equation by its sides, and the terms of each, between which a long one is broken."""
    formulas = [each for each in (equation.left, equation.symbols, equation.numbers, equation.result) if each]
    texts = write_chain_in_terms(equation, TYPST)
    if equation.result:
        sign, _, result = texts[-1][0].partition(" ")
        texts[-1] = [f"{sign} #text(fill: {role})[$display({result})$]"]
    sides = []
    for formula, (first, *others) in zip(formulas, texts, strict=True):
        body, breaks = "".join((first, *others)), str(deck_typst.can_break(formula)).lower()
        terms = write_array(f"$display({term})$" for term in (first, *(f"{TYPST.empty}{other}" for other in others)))
        sides.append(f"(body: $display({body})$, terms: {terms}, breaks: {breaks})")
    return write_array(sides)


# as HTML


def _write_html(pages: DerivationPages) -> bytes:
    listing = "\n".join(map(escape, pages.statements))
    body = [f"<h1>{escape(pages.title)}</h1>", f"<pre>{listing}</pre>"]
    content = "\n".join([*body, write_passes(pages)])
    colours = {"ink": THEME.ink, "faint": THEME.faint, "value": THEME.value, "gradient": THEME.gradient}
    settings = "".join(f"--{name}:{colour};" for name, colour in colours.items())
    style = (
        f"{fonts.font_faces(set(content), '')}{fonts.math_faces(set(content))}"
        f":root{{color-scheme:light;{settings}--family:{fonts.FALLBACKS}}}\n"
        f"{STYLE.read_text(encoding='utf-8')}"
    )
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(pages.title)}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n{content}\n</body>\n</html>\n"
    ).encode()


def write_passes(pages: DerivationPages) -> str:
    """Write the remarks of a derivation and its passes as HTML, which STYLE lays out."""
    body = [f"<p>{deck_html.write_words(remark)}</p>" for remark in pages.remarks]
    for part, steps in pages.passes:
        body.append(f'<section class="{part}">\n<h2>{HEADS[part]}</h2>')
        if part == FORWARD:
            body.append(write_forward(steps))
        else:
            body += map(write_backward, steps)
        body.append("</section>")
    return "\n".join(body)


FORMATS: Mapping[str, Callable[[DerivationPages], bytes]] = {"pdf": _write_pdf, "html": _write_html}
