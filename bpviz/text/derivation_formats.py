"""Write a derivation: as plain lines of at most 80 columns, as Markdown, as LaTeX and as Typst."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from bpviz.errors import NOTE, count_columns
from bpviz.formula import latex as tex
from bpviz.formula import typst as typ
from bpviz.formula.numerals import ABOUT
from bpviz.formula.printing import COMPACT, SIGN, TEXT, Style, drop_marks, equate, show, show_terms
from bpviz.formula.tree import Atom, Term
from bpviz.text.derivation import TO_ROUNDING, Derivation, DerivationStep, Equation, Sentence, drop_repetitions
from bpviz.text.equations_html import write_derivation_html
from bpviz.text.report import Markdown, Piece, PieceLine, Text
from bpviz.text.writers import escape_markdown, find_writer, write_lines

WIDTH = 80
MARGIN = 6  # columns of a step's number
CHAINED = replace(TEXT, constant=COMPACT)
SPACED = replace(CHAINED, times=" × ", matmul=" @ ")
BACKWARD_NUMBERS = replace(SPACED, matmul=TEXT.matmul)
TERMS_A_ROW = 6  # of a sum in a display, which nothing breaks by itself
NO_BREAK = "\N{NO-BREAK SPACE}"


def write_derivation(derivation: Derivation, format: str = "plain") -> Text:  # noqa: A002  the command line's word
    """Write a derivation as plain, markdown, latex or typst text; UsageError for any other format."""
    writer = find_writer(FORMATS, format, "no derivation is written as")
    return writer(drop_repetitions(derivation))


# plain lines, in pieces that a terminal colours


def _write_plain(derivation: Derivation) -> Text:
    point = ", ".join(f"{name} = {show(value, TEXT)}" if value else name for name, value in derivation.point)
    words = [derivation.output, "at" if derivation.has_numbers else "as a function of", point]
    lines = _wrap_point(" ".join(words if point else words[:1]))
    lines += [line for remark in derivation.remarks for line in _wrap_sentence(remark.text, 0, "remark")]
    if derivation.forward:
        lines += [(), (Piece("forward pass", "heading"),), *_write_forward(derivation.forward)]
    if derivation.backward:
        lines += [(), (Piece("backward pass, in reverse order", "heading"),)]
    for step in derivation.backward:
        lines += _write_backward(step)
    for warning in derivation.warnings:
        lines += [(), *_wrap_sentence(f"{NOTE}{warning.removeprefix(NOTE)}", 0)]
    html, latex = partial(write_derivation_html, derivation), partial(_typeset, LATEX, derivation)
    return write_lines(lines, html=html, latex=latex)


def _write_forward(steps: Sequence[DerivationStep]) -> list[PieceLine]:
    """Write the forward steps, their equals signs in columns where the page is wide enough."""
    rows = []
    for step in steps:
        equation = step.lines[0]
        assert isinstance(equation, Equation)
        left, symbols, *numbers = write_plain_chain(equation, forward=True)
        result = numbers.pop() if equation.result else ""
        rows.append((_write_number(step.number), left, symbols, *(numbers or [""]), result))
    widths = [max(count_columns(row[i]) for row in rows) for i in range(1, 4)]
    if MARGIN + sum(widths) + 6 + max(count_columns(row[4]) for row in rows) > WIDTH:
        return [
            line for row in rows for line in _break_chain(row[0], [*filter(None, row[1:])], "value" if row[4] else "")
        ]
    return [
        (
            Piece(row[0], "step"),
            *(Piece(_pad(text, width) + "  ") for text, width in zip(row[1:4], widths, strict=True) if width),
            Piece(row[4], "value"),
        )
        for row in rows
    ]


def _write_backward(step: DerivationStep) -> list[PieceLine]:
    lines: list[PieceLine] = [()]
    if step.formula:
        head = equate(step.name, step.formula, SPACED)
        lines += [(Piece(_write_number(step.number), "step"), Piece(head))]
    width = max((count_columns(_write_left(line)) for line in step.lines if isinstance(line, Equation)), default=0)
    for line in step.lines:
        if isinstance(line, Equation):
            role = "gradient" if line.result else ""
            lines += _break_chain(" " * MARGIN, write_plain_chain(line, forward=False), role, width)
        else:
            lines += _wrap_sentence(line.text, MARGIN, "remark")
    return lines


def write_plain_chain(equation: Equation, *, forward: bool) -> list[str]:
    """Write the sides of an equation as plain text, each but the first with its sign: left, symbols, numbers, result.

    forward says of which pass it is: the backward pass has room round the dot that the chain rule is about.
    """
    sides = [_write_left(equation)]
    if equation.symbols:
        symbols = drop_marks(equation.symbols)
        sign = "=" if symbols is equation.symbols else ABOUT
        if isinstance(symbols, Term) and symbols.head == "*" and not forward:
            *local, upstream = symbols.parts
            factors = [show(each, CHAINED, SIGN) for each in local]
            sides.append(f"{sign} {' · '.join([*factors, show(upstream, TEXT, SIGN)])}")
        else:  # in the backward pass, a sum of contributions
            sides.append(f"{sign} {show(symbols, SPACED if forward else TEXT)}")
    if equation.numbers:
        sides.append("= " + show(drop_marks(equation.numbers), SPACED if forward else BACKWARD_NUMBERS))
    if equation.result:
        to_rounding = f" {TO_ROUNDING}" if equation.is_noise else ""
        sides.append(f"{'=' if equation.is_exact else '≈'} {show(equation.result, TEXT)}{to_rounding}")
    return sides


def _write_left(equation: Equation) -> str:
    return show(equation.left, TEXT) + (f" via {equation.via}" if equation.via else "")


def _break_chain(head: str, sides: Sequence[str], role: str, width: int = 0) -> list[PieceLine]:
    """Write a chain on one line, or where that is too long one side a line under the first equals sign."""
    left = _pad(sides[0], width)
    margin = count_columns(head) + count_columns(left) + 1
    one_line = " ".join(sides[1:])
    if margin + count_columns(one_line) <= WIDTH:
        middle = "".join(f" {side}" for side in sides[1:-1])
        return [(Piece(head, "step"), Piece(f"{left}{middle} "), Piece(sides[-1], role))]
    first, *others = sides[1:]
    start, *rest = _wrap_side(first, WIDTH - margin)
    rest += [line for side in others[:-1] for line in _wrap_side(side, WIDTH - margin)]
    lines: list[PieceLine] = [(Piece(head, "step"), Piece(f"{left} {start}"))]
    lines += [(Piece(" " * margin + line),) for line in rest]
    return [*lines, *((Piece(" " * margin), Piece(side, role)) for side in others[-1:])]


def _wrap_side(side: str, room: int) -> list[str]:
    """Break a side of an equation into the lines that it needs, broken before signs: a long sum has several."""
    if count_columns(side) <= room:
        return [side]
    unbroken = re.sub(r"([-+−×·⊙@=≈]) ", rf"\1{NO_BREAK}", side)
    return _wrap_words(unbroken, room, "  ")


def _wrap_words(text: str, room: int, indent: str = "") -> list[str]:
    """Break a text into lines: a grid in it between its rows, a row where even that is too long, only if need be."""
    lines: list[str] = []
    for depth in (1, 2, 3):  # of brackets, from which on nothing is broken
        whole = _glue_grids(text, depth)
        lines = textwrap.wrap(whole, room, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
        if all(count_columns(line) <= room for line in lines):
            break
    return [line.replace(NO_BREAK, " ") for line in lines]


def _glue_grids(text: str, least: int) -> str:
    """Replace the spaces inside so many square brackets and more by spaces at which no line is broken."""
    depth, glued = 0, ""
    for character in text:
        depth += (character == "[") - (character == "]")
        glued += NO_BREAK if character == " " and depth >= least else character
    return glued


def _wrap_sentence(text: str, margin: int, role: str = "") -> list[PieceLine]:
    lines = textwrap.wrap(text, WIDTH - margin, break_long_words=False) or [""]
    return [(Piece(" " * margin), Piece(line, role)) for line in lines]


def _wrap_point(text: str) -> list[PieceLine]:
    """Break the line that says where the derivatives are taken, no grid of it before it must be."""
    return [(Piece(line, "heading"),) for line in _wrap_words(text, WIDTH)]


def _write_number(step: int) -> str:
    return f"({step})".rjust(MARGIN - 1) + " "


def _pad(text: str, width: int) -> str:
    return text + " " * (width - count_columns(text))


# Markdown, LaTeX and Typst: the same equations in three notations


class Typesetting(NamedTuple):
    """How a notation writes a derivation.

    symbols, numbers   the styles of an equation's formulas
    about, via         the sign ≈, and the wire that a contribution comes along
    to_rounding        what stands after a 0 that is one only to rounding
    escape             a function that writes any words
    start              the template of the first line, which holds the point
    part, head, note   templates: of a heading, of a step's number and what it computes, of a warning
    display            a function that writes rows of equations
    gap                what stands before a row's number, and before the terms of a sum that goes on in another row
    empty              what stands before a sign that begins a row, so that it has room on both sides
    """

    symbols: Style
    numbers: Style
    about: str
    via: Callable[[str, str], str]
    to_rounding: str
    escape: Callable[[str], str]
    start: str
    part: str
    head: str
    note: str
    display: Callable[[Sequence[str]], list[str]]
    gap: str
    empty: str


def _write_latex_via(left: str, via: str) -> str:
    name, comma, operand = via.partition(", ")
    return rf"\left.{left}\right|_{{\text{{via }} {tex.name(name)}{f', {chr(92)}text{{{operand}}}' if comma else ''}}}"


def _write_typst_via(left: str, via: str) -> str:
    name, comma, operand = via.partition(", ")
    return f'lr({left} |)_("via" {typ.name(name)}{f", #[{operand}]" if comma else ""})'


LATEX = Typesetting(
    symbols=tex.LATEX,
    numbers=replace(tex.LATEX, times=r" \times "),
    about=r"\approx",
    via=_write_latex_via,
    to_rounding=rf"\text{{ {TO_ROUNDING}}}",
    escape=tex.text,
    start="% needs \\usepackage{{amsmath}}\n\\noindent {}",
    part=r"\paragraph{{{}}}",
    head=r"\medskip\noindent ({})\quad $\displaystyle {}$",
    note=r"\noindent\emph{{{}}}",
    display=lambda rows: tex.display(" \\\\[0.5ex]\n".join(f"  {row}" for row in rows)),
    gap=r"\qquad",
    empty="{}",
)
TYPST = Typesetting(
    symbols=typ.TYPST,
    numbers=replace(typ.TYPST, times=" times "),
    about="approx",
    via=_write_typst_via,
    to_rounding=f' "{TO_ROUNDING}"',
    escape=typ.text,
    start=f"{typ.WORD}\n{{}}",
    part="== {}",
    head="#block(sticky: true)[({}) #h(1em) $display({})$]",
    note="#emph[{}]",
    display=lambda rows: ["$ " + " \\\n  ".join(rows) + " $"],
    gap="wide",
    empty='""',
)


def write_chain(equation: Equation, typesetting: Typesetting) -> list[str]:
    """Write the sides of an equation as mathematics, each but the first with its sign; a result comes last."""
    return ["".join(terms) for terms in write_chain_in_terms(equation, typesetting)]


def write_chain_in_terms(equation: Equation, typesetting: Typesetting) -> list[list[str]]:
    """Write the sides of an equation as write_chain does, each in its terms: where a long one may be broken."""
    left = show(equation.left, typesetting.symbols)
    sides = [[typesetting.via(left, equation.via) if equation.via else left]]
    if equation.symbols:
        symbols = drop_marks(equation.symbols)
        first, *others = show_terms(symbols, typesetting.symbols)
        sides.append([f"{'=' if symbols is equation.symbols else typesetting.about} {first}", *others])
    if equation.numbers:
        first, *others = show_terms(drop_marks(equation.numbers), typesetting.numbers)
        sides.append([f"= {first}", *others])
    if equation.result:
        result = show(equation.result, typesetting.numbers) + (typesetting.to_rounding if equation.is_noise else "")
        sides.append([f"{'=' if equation.is_exact else typesetting.about} {result}"])
    return sides


def _write_markdown(derivation: Derivation) -> Text:
    """Write the derivation as Markdown with its mathematics between dollar signs, for Jupyter and Quarto."""
    lines = [_write_point(derivation, tex.LATEX)]
    lines += [f"\n{_write_remark(remark, tex.LATEX, escape_markdown)}" for remark in derivation.remarks]
    if derivation.forward:
        lines += ["", "### Forward pass", ""]
        lines += [f"- ({step.number}) {_write_inline(line)}" for step in derivation.forward for line in step.lines]
    if derivation.backward:
        lines += ["", "### Backward pass, in reverse order", ""]
    for step in derivation.backward:
        head = f"({step.number}) ${_write_definition(step, LATEX)}$" if step.formula else "The output"
        lines += [f"- {head}", *(f"    - {_write_inline(line)}" for line in step.lines)]
    lines += [f"\n*{escape_markdown(warning)}*" for warning in derivation.warnings]
    return Markdown("\n".join(lines) + "\n")


def _write_inline(line: Equation | Sentence) -> str:
    if isinstance(line, Sentence):
        return _write_remark(line, tex.LATEX, escape_markdown)
    return f"${' '.join(write_chain(line, LATEX))}$"


def _typeset(typesetting: Typesetting, derivation: Derivation) -> Text:
    """Write the derivation as displays of mathematics, to be put into a document."""
    lines = [typesetting.start.format(_write_point(derivation, typesetting.symbols))]
    lines += [f"\n{_write_remark(remark, typesetting.symbols, typesetting.escape)}" for remark in derivation.remarks]
    if derivation.forward:
        rows = [
            row
            for step in derivation.forward
            for line in step.lines
            for row in _write_rows(line, typesetting, step.number)
        ]
        lines += ["", typesetting.part.format("Forward pass"), *typesetting.display(rows)]
    if derivation.backward:
        lines += ["", typesetting.part.format("Backward pass, in reverse order")]
    for step in derivation.backward:
        lines.append("")
        if step.formula:
            lines.append(typesetting.head.format(step.number, _write_definition(step, typesetting)))
        rows = []
        for line in step.lines:  # equations that follow one another are one display
            if isinstance(line, Equation):
                rows += _write_rows(line, typesetting)
                continue
            lines += [*(typesetting.display(rows) if rows else ())]
            lines.append(_write_remark(line, typesetting.symbols, typesetting.escape))
            rows = []
        lines += typesetting.display(rows) if rows else []
    lines += ["\n" + typesetting.note.format(typesetting.escape(warning)) for warning in derivation.warnings]
    return Text("\n".join(lines) + "\n")


def _write_point(derivation: Derivation, style: Style) -> str:
    """Write the output and the point, "$f$ at $x = 3$, $y = -4$", or in symbols "$f$ as a function of $x$, $y$"."""
    if not derivation.point:
        return ""
    if not derivation.has_numbers:
        names = ", ".join(f"${style.name(name)}$" for name, _ in derivation.point)
        return f"${style.name(derivation.output)}$ as a function of {names}"
    point = [f"${style.name(name)} = {show(value, style)}$" for name, value in derivation.point if value]
    return f"${style.name(derivation.output)}$ at {', '.join(point)}"


def _write_remark(sentence: Sentence, style: Style, escape: Callable[[str], str]) -> str:
    """Write a sentence with its names as mathematics."""
    return "".join(f"${show(part, style)}$" if isinstance(part, Atom) else escape(part) for part in sentence.parts)


def _write_definition(step: DerivationStep, typesetting: Typesetting) -> str:
    assert step.formula
    name = show(Atom(step.name), typesetting.symbols)
    return equate(name, step.formula, typesetting.symbols, about=typesetting.about)


def _write_rows(line: Equation | Sentence, typesetting: Typesetting, step: int = 0) -> list[str]:
    """Write an equation as a row of a display, aligned at its first equals sign, its step number at the end.

    If a side of it is a long sum, each side has rows of its own, as many as its terms need.
    """
    assert isinstance(line, Equation)
    (left,), *sides = write_chain_in_terms(line, typesetting)
    rows = []
    for terms in sides:
        rows.append("".join(terms[:TERMS_A_ROW]))
        for start in range(TERMS_A_ROW, len(terms), TERMS_A_ROW):
            rows.append(f"{typesetting.gap} {typesetting.empty}{''.join(terms[start : start + TERMS_A_ROW])}")
    if len(rows) == len(sides):
        rows = [" ".join(rows)]
    rows = [f"{left} &{rows[0]}", *(f"&{row}" for row in rows[1:])]
    return [*rows[:-1], rows[-1] + (f" && {typesetting.gap} ({step})" if step else "")]


FORMATS: Mapping[str, Callable[[Derivation], Text]] = {
    "plain": _write_plain,
    "markdown": _write_markdown,
    "latex": partial(_typeset, LATEX),
    "typst": partial(_typeset, TYPST),
}
