"""A deck as one HTML file: with JavaScript a slide a screen, without it one under the other, in print a page each.

Nothing is fetched: the figures are SVG in the page, the equations MathML, the letters of the figures embedded once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bpviz import fonts
from bpviz.views.deck.browser import BEHAVIOUR, STYLE
from bpviz.views.deck.records import BACKWARD, FORWARD, TITLE, Column, Frame, Line, Remark, Table, Words
from bpviz.views.deck.statements import Statement
from bpviz.views.deck.tables import shared_out
from bpviz.views.deck.wording import plain
from bpviz.views.formula import Atom, Formula
from bpviz.views.mathml import CLOSE, MATHML, OPEN, escaped, math
from bpviz.views.printing import SIGN, show
from bpviz.views.steps.records import Equation
from bpviz.views.theme import Theme

ROOT = re.compile(r'<svg ([^>]*?)width="[^"]*" height="[^"]*" ([^>]*?)aria-labelledby="[^"]*">')
DRAWING_STYLE = re.compile(r"<style>.*?</style>\n?", re.DOTALL)
IDENTIFIER = re.compile(r' id="[^"]*"')
HEADER = re.compile(r"<title[^>]*>[^<]*</title>\n?<desc[^>]*>[^<]*</desc>\n?")
BAR = '<mo form="postfix" stretchy="true" lspace="0.1em">|</mo>'
NUMERALS = "0123456789.−∞×⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
ROLES = {FORWARD: "value", BACKWARD: "gradient"}
NEWLINE = "\n"
ROWS_UNDER, ROWS_ALONE = 7, 16  # of a part of a table
HELP = (
    ("→ ↓ space, click, swipe left", "next slide"),
    ("← ↑, swipe right", "previous slide"),
    ("Home, End", "first, last slide"),
    ("n", "what to say"),
    ("f", "full screen"),
    ("?", "this list"),
)


def page(
    frames: Sequence[Frame], drawings: Sequence[str], theme: Theme, title: str, *, notes: bool, beside: bool
) -> str:
    """Return the page; drawings has the SVG of each frame's figure, "" where it has none.

    notes shows the sentences for the speaker from the start, beside sets the words beside the figure.
    """
    slides = [
        _slide(k, frame, drawing) for k, (frame, drawing) in enumerate(zip(frames, drawings, strict=True), start=1)
    ]
    body = "\n".join(slides)
    classes = " ".join(["beside"] * beside + ["noted"] * notes)
    rows = "".join(f"<dt>{escaped(keys)}</dt><dd>{what}</dd>" for keys, what in HELP)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escaped(title)}</title>\n'
        f"<style>\n{fonts.font_faces(set(body), NUMERALS)}{_colours(theme)}{STYLE}</style>\n</head>\n"
        f'<body class="{classes}">\n<main>\n{body}\n</main>\n'
        f'<div id="progress"><div></div></div>\n<p id="said" role="status" aria-live="polite"></p>\n'
        f'<nav aria-label="slides"><button id="back" aria-label="previous slide">‹</button>'
        f'<span id="count" aria-hidden="true"></span><button id="on" aria-label="next slide">›</button>'
        f'<button id="ask" aria-label="keys">?</button></nav>\n'
        f'<dialog id="help" aria-label="keys"><dl>{rows}</dl></dialog>\n'
        f"<script>\n{BEHAVIOUR}</script>\n</body>\n</html>\n"
    )


def _colours(theme: Theme) -> str:
    dark = int(theme.background[1:3], 16) < 0x80
    names = {"paper": theme.background, "ink": theme.ink, "faint": theme.faint}
    names |= {"value": theme.value, "gradient": theme.gradient, "lit": theme.lit}
    settings = "".join(f"--{name}:{colour};" for name, colour in names.items())
    return f":root{{color-scheme:{'dark' if dark else 'light'};{settings}--family:{fonts.FALLBACKS}}}\n"


def _slide(number: int, frame: Frame, drawing: str) -> str:
    heading = _words(frame.heading)
    if frame.defined:
        heading += math(_sign("="), show(frame.defined.formula, MATHML))
    figure = f"<figure>{_drawing(drawing, plain(frame.note))}</figure>\n" if drawing else ""
    lines = "\n".join([*(_line(line, frame.part) for line in frame.lines), *_tables(frame)])
    kind = f"slide {frame.part}" + ("" if drawing or frame.part == TITLE else " words")
    level = "h1" if number == 1 else "h2"
    return (
        f'<section class="{kind}" id="slide-{number}" data-said="{escaped(plain(frame.heading))}">\n'
        f'<{level}>{heading}</{level}>\n{figure}<div class="lines">\n{lines}\n</div>\n'
        f'<p class="note">{_words(frame.note)}</p>\n</section>'
    )


def _drawing(svg: str, what: str) -> str:
    """Return a figure to stand in a page with others: no id twice, no letters again, as large as there is room."""
    svg = IDENTIFIER.sub("", DRAWING_STYLE.sub("", svg))
    svg = HEADER.sub("", svg, count=1)
    return ROOT.sub(lambda root: f'<svg {root[1]}{root[2]}aria-label="{escaped(what)}">', svg, count=1).strip()


def _line(line: Line, part: str) -> str:
    if isinstance(line, Remark):
        return f"<p>{_words(line.words)}</p>"
    if isinstance(line, Statement):
        return f'<p class="equation">{_statement(line)}</p>'
    return _equation(line, ROLES.get(part, "ink"))


def _equation(equation: Equation, role: str) -> str:
    """Return an equation, each side a formula of its own, so that a narrow screen may break before a sign."""
    left = show(equation.left, MATHML)
    if equation.via:
        left = f"<msub><mrow>{left}{BAR}</mrow><mtext>via {escaped(equation.via)}</mtext></msub>"
    sides = [math(left)]
    for side in (equation.symbols, equation.numbers):
        if side:
            sides.append(math(_sign("="), _product(side) if side is equation.numbers else show(side, MATHML)))
    sign = _sign("=" if equation.is_exact else "≈")
    sides.append(math(sign, f'<mrow class="{role}">{show(equation.result, MATHML)}</mrow>'))
    return f'<p class="equation">{" ".join(sides)}</p>'


def _product(formula: Formula) -> str:
    """Return numbers put in, a product with a cross between its factors."""
    if isinstance(formula, Atom) or formula.head != "*":
        return show(formula, MATHML)
    first, *others = formula.parts
    return _sign("×").join([show(first, MATHML, SIGN), *(show(part, MATHML, SIGN + 1) for part in others)])


def _statement(statement: Statement) -> str:
    arguments = _sign(",").join(show(each, MATHML) for each in statement.arguments)
    left = show(statement.name, MATHML) + (f"{OPEN}{arguments}{CLOSE}" if arguments else "")
    return f"{math(left)} {math(_sign('='), show(statement.formula, MATHML))}"


def _words(words: Words) -> str:
    return "".join(map(_word, words))


def _word(word: str | Formula | Statement) -> str:
    if isinstance(word, str):
        return escaped(word)
    if isinstance(word, Statement):
        return f"<span>{_statement(word)}</span>"
    return math(show(word, MATHML))


def _tables(frame: Frame) -> Iterator[str]:
    """Yield a slide's table in as many parts as stand side by side, under a wide figure more than on a slide alone."""
    if not frame.table:
        return
    most = ROWS_UNDER if frame.stage else ROWS_ALONE
    parts = [frame.table._replace(rows=rows) for rows in shared_out(frame.table.rows, most)]
    yield f'<div class="tables">\n{NEWLINE.join(map(_table, parts))}\n</div>'


def _table(table: Table) -> str:
    heads = "".join(f"<th{_kind(column)}>{escaped(column.head)}</th>" for column in table.columns)
    rows = "".join(f"<tr>{''.join(map(_cell, row, table.columns))}</tr>\n" for row in table.rows)
    return f"<table><thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody></table>"


def _cell(words: Words, column: Column) -> str:
    return f"<td{_kind(column, column.role)}>{_words(words)}</td>"


def _kind(column: Column, role: str = "") -> str:
    kinds = " ".join(["number"] * column.is_number + [role] * bool(role))
    return f' class="{kinds}"' if kinds else ""


def _sign(sign: str) -> str:
    return f'<mo form="infix">{sign}</mo>'
