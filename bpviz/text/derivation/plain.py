"""The derivation as plain lines of at most 80 columns, in pieces that a terminal may colour."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import replace

from bpviz.errors import columns
from bpviz.formula.printing import SIGN, TEXT, show
from bpviz.formula.tree import Atom, Formula
from bpviz.text.derivation.records import Derivation, Equation, Step, read_through
from bpviz.text.report import Piece, PieceLine
from bpviz.text.writers import write_lines

WIDTH = 80
MARGIN = 6  # what a step's number takes
SPACED = replace(TEXT, times=" × ")


def plain(derivation: Derivation) -> str:
    """Return the derivation as plain text, which rich prints with colours."""
    return write_lines(pieces(derivation))


def pieces(derivation: Derivation) -> list[PieceLine]:
    """Return the derivation as lines of pieces."""
    derivation = read_through(derivation)
    lines = [*_heading(derivation)]
    if derivation.forward:
        lines += [(), (Piece("forward pass", "heading"),), *_forward_lines(derivation.forward)]
    if derivation.backward:
        lines += [(), (Piece("backward pass, in reverse order", "heading"),)]
    for step in derivation.backward:
        lines += _backward_lines(step)
    for warning in derivation.warnings:
        lines += [(), *_sentence(f"note: {warning}", 0)]
    return lines


def _heading(derivation: Derivation) -> list[PieceLine]:
    point = ", ".join(f"{name} = {value}" for name, value in derivation.point)
    return _sentence(f"{derivation.output} at {point}" if point else derivation.output, 0, "heading")


def _forward_lines(steps: Sequence[Step]) -> list[PieceLine]:
    """Return the forward steps, their equals signs in columns where the page is wide enough."""
    rows = []
    for step in steps:
        equation = step.lines[0]
        assert isinstance(equation, Equation)
        left, *sides, result = chain(equation, forward=True)
        rows.append((_number(step.number), left, sides[0], *(sides[1:] or [""]), result))
    widths = [max(columns(row[i]) for row in rows) for i in range(1, 4)]
    if MARGIN + sum(widths) + 6 + max(columns(row[4]) for row in rows) > WIDTH:
        return [line for row in rows for line in _broken(row[0], [*filter(None, row[1:])], "value")]
    return [
        (
            Piece(row[0], "step"),
            *(Piece(_padded(text, width) + "  ") for text, width in zip(row[1:4], widths, strict=True) if width),
            Piece(row[4], "value"),
        )
        for row in rows
    ]


def _backward_lines(step: Step) -> list[PieceLine]:
    lines: list[PieceLine] = [()]
    if step.formula:
        head = f"{step.name} = {show(step.formula, SPACED)}"
        lines += [(Piece(_number(step.number), "step"), Piece(head))]
    width = max((columns(_left(line)) for line in step.lines if isinstance(line, Equation)), default=0)
    for line in step.lines:
        if isinstance(line, Equation):
            lines += _broken(" " * MARGIN, chain(line, forward=False), "gradient", width)
        else:
            text = "".join(part.text if isinstance(part, Atom) else part for part in line.parts)
            lines += _sentence(text, MARGIN, "remark")
    return lines


def chain(equation: Equation, *, forward: bool) -> list[str]:
    """Return the links of an equation, signs in front: left, symbols, numbers, result."""
    links = [_left(equation)]
    if equation.symbols:
        links.append("= " + (show(equation.symbols, SPACED) if forward else _product(equation.symbols)))
    if equation.numbers:
        links.append("= " + show(equation.numbers, SPACED))
    return [*links, f"{'=' if equation.is_exact else '≈'} {equation.result.text}"]


def _product(formula: Formula) -> str:
    """Return local · upstream, with room round the dot that the chain rule is about."""
    if isinstance(formula, Atom):
        return show(formula, TEXT)
    local, upstream = formula.parts
    return f"{show(local, TEXT, SIGN)} · {show(upstream, TEXT)}"


def _left(equation: Equation) -> str:
    return show(equation.left, TEXT) + (f" via {equation.via}" if equation.via else "")


def _broken(head: str, links: Sequence[str], role: str, width: int = 0) -> list[PieceLine]:
    """Return a chain on one line, or where that is too long one link a line under the first equals sign."""
    left = _padded(links[0], width)
    margin = columns(head) + columns(left) + 1
    one_line = " ".join(links[1:])
    if margin + columns(one_line) <= WIDTH:
        middle = "".join(f" {link}" for link in links[1:-1])
        return [(Piece(head, "step"), Piece(f"{left}{middle} "), Piece(links[-1], role))]
    first, *others = links[1:]
    start, *rest = _wrapped(first, WIDTH - margin)
    lines: list[PieceLine] = [(Piece(head, "step"), Piece(f"{left} {start}"))]
    rest += [line for link in others[:-1] for line in _wrapped(link, WIDTH - margin)]
    lines += [(Piece(" " * margin + line),) for line in rest]
    return [*lines, (Piece(" " * margin), Piece(others[-1], role))]


def _wrapped(link: str, room: int) -> list[str]:
    """Return a link as the lines that it needs, broken before signs: a sum of many terms has several."""
    if columns(link) <= room:
        return [link]
    kept = re.sub(r"([-+−×·=≈]) ", "\\1\N{NO-BREAK SPACE}", link)
    lines = textwrap.wrap(kept, room, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def _sentence(text: str, margin: int, role: str = "") -> list[PieceLine]:
    lines = textwrap.wrap(text, WIDTH - margin, break_long_words=False) or [""]
    return [(Piece(" " * margin), Piece(line, role)) for line in lines]


def _number(step: int) -> str:
    return f"({step})".rjust(MARGIN - 1) + " "


def _padded(text: str, width: int) -> str:
    return text + " " * (width - columns(text))
