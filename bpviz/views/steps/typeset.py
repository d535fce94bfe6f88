"""The derivation as Markdown, LaTeX and Typst: the same equations in three hands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from bpviz.views import latex as tex
from bpviz.views import typst as typ
from bpviz.views.formula import Atom
from bpviz.views.printing import Style, show
from bpviz.views.steps.records import Derivation, Equation, Sentence, Step
from bpviz.views.table import markdown_cell as markdown_text


class Notation(NamedTuple):
    """How equations are set: in symbols, with numbers, and the wire that a contribution comes along."""

    symbols: Style
    numbers: Style
    about: str
    via: Callable[[str, str], str]


def _via_latex(left: str, via: str) -> str:
    name, comma, operand = via.partition(", ")
    return rf"\left.{left}\right|_{{\text{{via }} {tex.name(name)}{f', {chr(92)}text{{{operand}}}' if comma else ''}}}"


def _via_typst(left: str, via: str) -> str:
    name, comma, operand = via.partition(", ")
    return f'lr({left} |)_("via" {typ.name(name)}{f", #[{operand}]" if comma else ""})'


LATEX = Notation(tex.LATEX, replace(tex.LATEX, times=r" \times "), r"\approx", _via_latex)
TYPST = Notation(typ.TYPST, replace(typ.TYPST, times=" times "), "approx", _via_typst)


def markdown(derivation: Derivation) -> str:
    """Return the derivation as Markdown with its mathematics between dollar signs, for Jupyter and Quarto."""
    lines = [_at(derivation, tex.LATEX)]
    if derivation.forward:
        lines += ["", "### Forward pass", ""]
        lines += [f"- ({step.number}) {_math(_inline(line))}" for step in derivation.forward for line in step.lines]
    if derivation.backward:
        lines += ["", "### Backward pass, in reverse order", ""]
    for step in derivation.backward:
        head = f"({step.number}) {_math(_defined(step, LATEX))}" if step.formula else "The output"
        lines.append(f"- {head}")
        lines += [
            f"    - {_math(_inline(line)) if isinstance(line, Equation) else _said(line, tex.LATEX, markdown_text)}"
            for line in step.lines
        ]
    lines += [f"\n*{markdown_text(warning)}*" for warning in derivation.warnings]
    return "\n".join(lines) + "\n"


def latex(derivation: Derivation) -> str:
    """Return the derivation as LaTeX: displays of amsmath, to be put into a document."""
    lines = ["% needs \\usepackage{amsmath}", rf"\noindent {_at(derivation, tex.LATEX)}"]
    if derivation.forward:
        rows = [_row(line, LATEX, step.number) for step in derivation.forward for line in step.lines]
        lines += ["", r"\paragraph{Forward pass}", *_latex_display(rows)]
    if derivation.backward:
        lines += ["", r"\paragraph{Backward pass, in reverse order}"]
    for step in derivation.backward:
        lines += [
            "",
            *(
                [rf"\medskip\noindent ({step.number})\quad $\displaystyle {_defined(step, LATEX)}$"]
                if step.formula
                else []
            ),
        ]
        for block in _blocks(step):
            lines += (
                [_said(block, tex.LATEX, tex.text)]
                if isinstance(block, Sentence)
                else _latex_display([_row(line, LATEX) for line in block])
            )
    lines += [f"\n\\noindent\\emph{{{tex.text(warning)}}}" for warning in derivation.warnings]
    return "\n".join(lines) + "\n"


def typst(derivation: Derivation) -> str:
    """Return the derivation as Typst markup."""
    lines = [_at(derivation, typ.TYPST)]
    if derivation.forward:
        rows = [_row(line, TYPST, step.number) for step in derivation.forward for line in step.lines]
        lines += ["", "== Forward pass", *_typst_display(rows)]
    if derivation.backward:
        lines += ["", "== Backward pass, in reverse order"]
    for step in derivation.backward:
        lines += [
            "",
            *(
                [f"#block(sticky: true)[({step.number}) #h(1em) $display({_defined(step, TYPST)})$]"]
                if step.formula
                else []
            ),
        ]
        for block in _blocks(step):
            lines += (
                [_said(block, typ.TYPST, typ.text)]
                if isinstance(block, Sentence)
                else _typst_display([_row(line, TYPST) for line in block])
            )
    lines += [f"\n#emph[{typ.text(warning)}]" for warning in derivation.warnings]
    return "\n".join(lines) + "\n"


def _at(derivation: Derivation, style: Style) -> str:
    """Return the output and the point: "$f$ at $x = 3$, $y = -4$"."""
    point = [f"{style.name(each)} = {style.number(Atom(value, 0.0))}" for each, value in derivation.point]
    return f"{_math(style.name(derivation.output))} at {', '.join(map(_math, point))}" if point else ""


def _blocks(step: Step) -> list[list[Equation] | Sentence]:
    """Return the lines of a step with equations that follow one another in one block."""
    blocks: list[list[Equation] | Sentence] = []
    for line in step.lines:
        if isinstance(line, Sentence):
            blocks.append(line)
        elif blocks and isinstance(blocks[-1], list):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _said(sentence: Sentence, style: Style, escape: Callable[[str], str]) -> str:
    """Return a sentence with its names as mathematics."""
    return "".join(_math(show(part, style)) if isinstance(part, Atom) else escape(part) for part in sentence.parts)


def _math(text: str) -> str:
    return f"${text}$"


def _defined(step: Step, notation: Notation) -> str:
    assert step.formula
    return f"{show(Atom(step.name), notation.symbols)} = {show(step.formula, notation.symbols)}"


def _inline(line: Equation | Sentence) -> str:
    assert isinstance(line, Equation)
    return " ".join(links(line, LATEX))


def _row(line: Equation | Sentence, notation: Notation, step: int = 0) -> str:
    """Return an equation as a row of a display, aligned at its first equals sign, its step number at the end."""
    assert isinstance(line, Equation)
    left, *others = links(line, notation)
    gap = r"\qquad" if notation is LATEX else "wide"
    return f"{left} &{' '.join(others)}" + (f" && {gap} ({step})" if step else "")


def links(equation: Equation, notation: Notation) -> list[str]:
    """Return an equation in links: its left side, then each further side with the sign before it, the result last."""
    left = show(equation.left, notation.symbols)
    chain = [notation.via(left, equation.via) if equation.via else left]
    if equation.symbols:
        chain.append(f"= {show(equation.symbols, notation.symbols)}")
    if equation.numbers:
        chain.append(f"= {show(equation.numbers, notation.numbers)}")
    return [*chain, f"{'=' if equation.is_exact else notation.about} {show(equation.result, notation.numbers)}"]


def _latex_display(rows: Sequence[str]) -> list[str]:
    return tex.display(" \\\\[0.5ex]\n".join(f"  {row}" for row in rows))


def _typst_display(rows: Sequence[str]) -> list[str]:
    return ["$ " + " \\\n  ".join(rows) + " $"]
