"""The derivation as Markdown, LaTeX and Typst: the same equations in three hands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from bpviz.formula import latex as tex
from bpviz.formula import typst as typ
from bpviz.formula.printing import Style, show
from bpviz.formula.tree import Atom
from bpviz.text.derivation.records import Derivation, Equation, Sentence, Step
from bpviz.text.writers import escape_markdown as markdown_text


class Hand(NamedTuple):
    """How a derivation is set.

    symbols, numbers   an equation's formulas
    about, via         the sign ≈, and the wire that a contribution comes along
    escape             any words; at begins the page, and holds the point
    part, head, note   templates: of a heading, of a step's number and what it computes, of a warning
    display            rows of equations; gap stands before a row's number
    """

    symbols: Style
    numbers: Style
    about: str
    via: Callable[[str, str], str]
    escape: Callable[[str], str]
    at: str
    part: str
    head: str
    note: str
    display: Callable[[Sequence[str]], list[str]]
    gap: str


def _via_latex(left: str, via: str) -> str:
    name, comma, operand = via.partition(", ")
    return rf"\left.{left}\right|_{{\text{{via }} {tex.name(name)}{f', {chr(92)}text{{{operand}}}' if comma else ''}}}"


def _via_typst(left: str, via: str) -> str:
    name, comma, operand = via.partition(", ")
    return f'lr({left} |)_("via" {typ.name(name)}{f", #[{operand}]" if comma else ""})'


def _latex_display(rows: Sequence[str]) -> list[str]:
    return tex.display(" \\\\[0.5ex]\n".join(f"  {row}" for row in rows))


def _typst_display(rows: Sequence[str]) -> list[str]:
    return ["$ " + " \\\n  ".join(rows) + " $"]


LATEX = Hand(
    symbols=tex.LATEX,
    numbers=replace(tex.LATEX, times=r" \times "),
    about=r"\approx",
    via=_via_latex,
    escape=tex.text,
    at="% needs \\usepackage{{amsmath}}\n\\noindent {}",
    part=r"\paragraph{{{}}}",
    head=r"\medskip\noindent ({})\quad $\displaystyle {}$",
    note=r"\noindent\emph{{{}}}",
    display=_latex_display,
    gap=r"\qquad",
)
TYPST = Hand(
    symbols=typ.TYPST,
    numbers=replace(typ.TYPST, times=" times "),
    about="approx",
    via=_via_typst,
    escape=typ.text,
    at=f"{typ.WORD}\n{{}}",
    part="== {}",
    head="#block(sticky: true)[({}) #h(1em) $display({})$]",
    note="#emph[{}]",
    display=_typst_display,
    gap="wide",
)


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
    return _page(derivation, LATEX)


def typst(derivation: Derivation) -> str:
    """Return the derivation as Typst markup."""
    return _page(derivation, TYPST)


def _page(derivation: Derivation, hand: Hand) -> str:
    lines = [hand.at.format(_at(derivation, hand.symbols))]
    if derivation.forward:
        rows = [_row(line, hand, step.number) for step in derivation.forward for line in step.lines]
        lines += ["", hand.part.format("Forward pass"), *hand.display(rows)]
    if derivation.backward:
        lines += ["", hand.part.format("Backward pass, in reverse order")]
    for step in derivation.backward:
        lines += ["", *([hand.head.format(step.number, _defined(step, hand))] if step.formula else [])]
        for block in _blocks(step):
            if isinstance(block, Sentence):
                lines.append(_said(block, hand.symbols, hand.escape))
            else:
                lines += hand.display([_row(line, hand) for line in block])
    lines += ["\n" + hand.note.format(hand.escape(warning)) for warning in derivation.warnings]
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


def _defined(step: Step, hand: Hand) -> str:
    assert step.formula
    return f"{show(Atom(step.name), hand.symbols)} = {show(step.formula, hand.symbols)}"


def _inline(line: Equation | Sentence) -> str:
    assert isinstance(line, Equation)
    return " ".join(links(line, LATEX))


def _row(line: Equation | Sentence, hand: Hand, step: int = 0) -> str:
    """Return an equation as a row of a display, aligned at its first equals sign, its step number at the end."""
    assert isinstance(line, Equation)
    left, *others = links(line, hand)
    return f"{left} &{' '.join(others)}" + (f" && {hand.gap} ({step})" if step else "")


def links(equation: Equation, hand: Hand) -> list[str]:
    """Return an equation in links: its left side, then each further side with the sign before it, the result last."""
    left = show(equation.left, hand.symbols)
    chain = [hand.via(left, equation.via) if equation.via else left]
    if equation.symbols:
        chain.append(f"= {show(equation.symbols, hand.symbols)}")
    if equation.numbers:
        chain.append(f"= {show(equation.numbers, hand.numbers)}")
    return [*chain, f"{'=' if equation.is_exact else hand.about} {show(equation.result, hand.numbers)}"]
