"""A deck as one HTML file: with JavaScript a slide a screen, without it one under the other, in print a page each.

Nothing is fetched: the figure is SVG in the page, once for all slides, the equations are MathML, and the letters of the
figure are embedded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bpviz import fonts
from bpviz.figure.theme import Theme
from bpviz.formula.mathml import CLOSE, MATHML, OPEN, escaped, math
from bpviz.formula.printing import SIGN, show
from bpviz.formula.tree import Atom, Formula
from bpviz.lecture.deck import shared
from bpviz.lecture.deck.browser import BEHAVIOUR, STYLE
from bpviz.lecture.deck.places import HEAD, Places
from bpviz.lecture.deck.records import BACKWARD, FORWARD, TITLE, Column, Frame, Line, Remark, Table, Words
from bpviz.lecture.deck.statements import Statement
from bpviz.lecture.deck.tables import SLIDE, letters, parts
from bpviz.lecture.deck.wording import plain
from bpviz.text.derivation.records import Equation

BAR = '<mo form="postfix" stretchy="true" lspace="0.1em">|</mo>'
NUMERALS = "0123456789.−∞×⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
ROLES = {FORWARD: "value", BACKWARD: "gradient"}
ROOM = 0.95  # of what there is for a table: letters are as wide as each browser has them
LETTERS, LARGE_LETTERS = 17.0, 22.0  # points, on a slide of the deck in print
EQUATION, TALL_EQUATION, REMARK = 2.1, 2.9, 1.8  # em: how high a line is
REMARK_LENGTH = 80  # characters on a line
HELP = (
    ("→ ↓ space, click, swipe left", "next slide"),
    ("← ↑, swipe right", "previous slide"),
    ("Home, End", "first, last slide"),
    ("n", "what to say"),
    ("f", "full screen"),
    ("?", "this list"),
)


def page(frames: Sequence[Frame], drawing: str, stand: Places, theme: Theme, title: str, *, notes: bool) -> str:
    """Return the page; drawing is the SVG of the figure with all that is ever to be seen of it.

    stand says where things stand on a slide of the deck in print, and notes shows the sentences for the speaker from
    the start.
    """
    stages = {k: frame.stage for k, frame in enumerate(frames, start=1) if frame.stage}
    slides = [
        _slide(k, frame, shared.use(drawing, k, stages, plain(frame.note)) if frame.stage else "", stand)
        for k, frame in enumerate(frames, start=1)
    ]
    body = "\n".join([shared.definition(drawing, stages, theme.lit), "<main>", *slides, "</main>"])
    classes = " ".join(["beside"] * stand.is_beside + ["noted"] * notes)
    share = f"--figure:{(stand.text.y - HEAD) / stand.height:.3f}"  # of the screen's height, under the heading
    rows = "".join(f"<dt>{escaped(keys)}</dt><dd>{what}</dd>" for keys, what in HELP)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escaped(title)}</title>\n'
        f"<style>\n{fonts.font_faces(set(body), NUMERALS)}{_colours(theme)}{STYLE}{shared.STYLE}</style>\n</head>\n"
        f'<body class="{classes}" style="{share}">\n{body}\n'
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


def _slide(number: int, frame: Frame, drawing: str, stand: Places) -> str:
    heading = _words(frame.heading)
    if frame.defined:
        heading += math(_sign("="), show(frame.defined.formula, MATHML))
    figure = f"<figure>{drawing}</figure>\n" if drawing else ""
    lines = "\n".join([*(_line(line, frame.part) for line in frame.lines), *_tables(frame, stand)])
    kind = f"slide {frame.part}" + ("" if drawing or frame.part == TITLE else " words")
    level = "h1" if number == 1 else "h2"
    size = _letters(frame, stand) / stand.height * 100
    said = escaped(plain(frame.heading))
    return (
        f'<section class="{kind}" id="slide-{number}" style="--words:{size:.2f}" data-said="{said}">\n'
        f'<{level}>{heading}</{level}>\n{figure}<div class="lines">\n{lines}\n</div>\n'
        f'<p class="note">{_words(frame.note)}</p>\n</section>'
    )


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


def _letters(frame: Frame, stand: Places) -> float:
    """Return how large the words and equations of a slide can be under its figure, in points."""
    high = sum(_height(line, frame.part) for line in frame.lines)
    return min(LETTERS, stand.text.height / high) if frame.stage and high else LETTERS if frame.stage else LARGE_LETTERS


def _height(line: Line, part: str) -> float:
    """Return about how high a line of a slide is, in em."""
    if isinstance(line, Remark):
        return REMARK * -(-len(plain(line.words)) // REMARK_LENGTH)
    return TALL_EQUATION if part == BACKWARD or "<mfrac>" in _line(line, part) else EQUATION


def _tables(frame: Frame, stand: Places) -> Iterator[str]:
    """Yield a slide's table in its parts, and how large its letters are there."""
    if frame.table:
        under = (stand.text.width, stand.text.height) if frame.stage else SLIDE
        room = (under[0] * ROOM, under[1] * ROOM)
        size = letters(frame.table, room) / stand.height * 100
        tables = "\n".join(map(_table, parts(frame.table, room)))
        yield f'<div class="tables" style="--letters:{size:.3f}">\n{tables}\n</div>'


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
