"""The slides as a beamer file: one picture in TikZ, its numbers uncovered slide by slide, the equations with it.

The frames, and where things stand on a slide, are those of every deck. The slides that show the figure are overlays of
one beamer frame, so that nothing in it can move; what is said about it has a room of its own, and is made smaller where
it would not fit. Fonts, colours and theme are the file's own, to be changed as in any beamer file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from bpviz.figure import tikz
from bpviz.figure.dot import Page
from bpviz.figure.geometry import Geometry
from bpviz.figure.sketch import GRADIENT, HIDDEN, NEW, VALUE, Sketch
from bpviz.formula import latex
from bpviz.formula.printing import show
from bpviz.formula.tree import Formula
from bpviz.lecture.deck.places import Places
from bpviz.lecture.deck.records import BACKWARD, FORWARD, Column, Frame, Remark, Table, Words
from bpviz.lecture.deck.statements import Statement
from bpviz.lecture.deck.tables import SLIDE as ROOM
from bpviz.lecture.deck.tables import parts
from bpviz.text.derivation.records import Equation
from bpviz.text.derivation.typeset import LATEX, links

MILLIMETRE = 72 / 25.4  # points
# What beamer calls the shapes of slides, and how wide they are: the deck's own slides, smaller, their letters too.
RATIOS = {"16:9": ("169", 160 * MILLIMETRE), "4:3": ("43", 128 * MILLIMETRE), "a4": ("141", 148.5 * MILLIMETRE)}
ROLES = {FORWARD: VALUE, BACKWARD: GRADIENT}  # the colours of the passes
NEXT_ROW = " \\\\[2pt] "
HIGHER = 20.0  # points of the deck's slides that beamer's headings take more
TYPED = {"−": "-", "×": "*", "·": "*", "÷": "/", "…": "...", "²": "^2", "³": "^3", "√": "sqrt", "∞": "infinity"}
TYPED |= dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
NOTES = r"\setbeameroption{show notes}"
HANDOUT = r"\usepackage{pgfpages}\pgfpagesuselayout{4 on 1}[a4paper, landscape, border shrink=5mm]"


class Drawn(NamedTuple):
    """The figure as it stands on the slides, and where what is said about it stands."""

    said: Sketch
    geometry: Geometry
    page: Page
    places: Places
    unit: float

    def length(self, points: float) -> str:
        """Return a length of the deck's own slides as it is on these."""
        return f"{points * self.unit:.1f}bp"


def beamer(
    frames: Sequence[Frame],
    said: Sketch,
    geometry: Geometry,
    page: Page,
    stand: Places,
    *,
    title: str,
    paper: str = "16:9",
    notes: bool = False,
    handout: bool = False,
) -> str:
    """Return a deck as a beamer file of as many slides as there are frames.

    said, geometry and page are of the figure with all numbers, stand says where it and the words stand. notes shows
    the words of each slide on a page behind it, handout sets four slides on a page.
    """
    ratio, wide = RATIOS[paper.lower()]
    unit = wide / stand.width
    plain = page._replace(transparent=True, title="")
    drawn = Drawn(said, geometry.scaled(stand.scale * unit), plain, stand, unit)
    slides = "\n".join(
        text for shows, run in groupby(frames, _shows_figure) for text in _frames(tuple(run), shows, drawn)
    )
    title = tikz.CONTROL.sub(" ", title)
    settings = [
        *tikz.fallbacks(slides),
        rf"\title{{{latex.text(''.join(map(_typed, title)))}}}",
        *tikz.colours(page.theme),
        tikz.ON,
        *([NOTES] if notes else []),
        *([HANDOUT] if handout else []),
    ]
    return DOCUMENT.format(title=title, ratio=ratio, settings="\n".join(settings), slides=slides)


def _typed(character: str) -> str:
    """Return a character as one types it, for the file's title, which has no mathematics."""
    return latex.GREEK.get(character) or (character if character.isascii() else TYPED.get(character, "?"))


DOCUMENT = r"""% {title}
% pdflatex, lualatex or xelatex, run twice, makes the slides. Theme and fonts may be changed as in any beamer file; for
% the words to say with each slide, add \setbeameroption{{show notes}}.
\documentclass[aspectratio={ratio}]{{beamer}}
\ifdefined\DeclareUnicodeCharacter\usepackage[T1]{{fontenc}}\fi
\usepackage{{lmodern}}
\usepackage{{tikz,array}}
{settings}
\setbeamercolor{{background canvas}}{{bg=bpvizbackground}}
\setbeamercolor{{normal text}}{{fg=bpvizink}}
\setbeamercolor{{frametitle}}{{fg=bpvizink}}
\setbeamercolor{{page number in head/foot}}{{fg=bpvizfaint}}
\setbeamertemplate{{navigation symbols}}{{}}
\setbeamertemplate{{footline}}[page number]
\newsavebox\bpvizbox
% one line of mathematics, or a table: as wide as there is room at most
\newcommand\bpvizwide[1]{{\sbox\bpvizbox{{#1}}%
  \ifdim\wd\bpvizbox>\linewidth\resizebox{{\linewidth}}{{!}}{{\usebox\bpvizbox}}\else\usebox\bpvizbox\fi}}
% a heading: one line, as high as any other
\newcommand\bpvizheading[1]{{\strut\smash{{\bpvizwide{{#1}}}}}}
% what stands on a slide, in a room so high: made smaller if it is higher
\newcommand\bpvizhigh[2]{{\sbox\bpvizbox{{\begin{{minipage}}[t]{{\linewidth}}\centering #2\end{{minipage}}}}%
  \ifdim\dimexpr\ht\bpvizbox+\dp\bpvizbox\relax>\dimexpr#1\relax
    \centering\resizebox*{{!}}{{#1}}{{\usebox\bpvizbox}}\else\usebox\bpvizbox\fi\par}}
\newcommand\bpvizequations[1]{{\bpvizwide{{$\displaystyle\begin{{aligned}}#1\end{{aligned}}$}}\par\vskip4pt}}
\newcommand\bpvizremark[1]{{{{\small\everymath{{\displaystyle}}#1\par}}\vskip4pt}}
\begin{{document}}
{slides}
\end{{document}}
"""


def _shows_figure(frame: Frame) -> bool:
    return frame.stage is not None


def _frames(frames: tuple[Frame, ...], shows_figure: bool, drawn: Drawn) -> Iterator[str]:
    """Yield frames of beamer: one for a run of slides with the figure, one for each of the others."""
    if shows_figure:
        yield _run(frames, drawn)
        return
    for frame in frames:
        content = _joined([*_lines(frame), *_tables(frame, ROOM)])
        yield _frame("", [_heading(frame), rf"  \bpvizhigh{{0.78\textheight}}{{{content}}}", _note(frame)])


def _run(frames: tuple[Frame, ...], drawn: Drawn) -> str:
    """Return the frame of slides on which the numbers of the figure appear."""
    numbered = [(f"<{k}>", frame) for k, frame in enumerate(frames, start=1)]
    picture = tikz.picture(drawn.said, drawn.geometry, drawn.page, _overlays(frames, drawn.said)).rstrip()
    box = drawn.places.text
    room = (box.width, box.height)
    high = drawn.length(box.height if drawn.places.is_beside else box.height - HIGHER)
    align = r"\raggedright" if drawn.places.is_beside else ""
    lines = [
        rf"    \only{k}{{\bpvizhigh{{{high}}}{{{align}{_joined([*_lines(frame), *_tables(frame, room)])}}}}}%"
        for k, frame in numbered
    ]
    if drawn.places.is_beside:
        figure = drawn.places.figure
        wide = drawn.length(figure.width)
        gap = drawn.length(box.x - figure.x - figure.width)
        before = rf"  \makebox[\textwidth]{{\begin{{minipage}}[c][{high}][c]{{{wide}}}%"
        between = rf"  \end{{minipage}}\hskip{gap}\begin{{minipage}}[c][{high}][c]{{{drawn.length(box.width)}}}%"
        after = r"  \end{minipage}}"
    else:
        gap = drawn.length(box.y - drawn.places.figure.y - drawn.places.figure.height)
        before = r"  \makebox[\textwidth]{%"
        between = rf"  }}\par\vskip{gap}\begin{{minipage}}[t][{high}][t]{{\textwidth}}%"
        after = r"  \end{minipage}"
    headings, notes = (_heading(frame, k) for k, frame in numbered), (_note(frame, k) for k, frame in numbered)
    return _frame("[t]", [*headings, before, picture, between, *lines, after, *notes])


def _frame(options: str, lines: Iterable[str]) -> str:
    return "\n".join([rf"\begin{{frame}}{options}", *lines, r"\end{frame}", ""])


def _heading(frame: Frame, slides: str = "") -> str:
    """Return a heading in the colour of its pass: of a backward step with the gate's formula behind its name."""
    formula = rf"$\,= {show(frame.defined.formula, LATEX.symbols)}$" if frame.defined else ""
    words = rf"\bpvizheading{{{_words(frame.heading)}{formula}}}"
    role = ROLES.get(frame.part)
    return rf"  \frametitle{slides}{{{rf'{chr(92)}color{{bpviz{role}}}' if role else ''}{words}}}"


def _joined(blocks: Iterable[str]) -> str:
    return "%\n      ".join(["", *blocks])


def _note(frame: Frame, slides: str = "") -> str:
    return rf"  \note{slides}{{{_words(frame.note)}}}"


def _overlays(frames: tuple[Frame, ...], said: Sketch) -> tikz.Overlays:
    """Return on which slides each number is to be seen and each is new, and each spot lit."""
    stages = [frame.stage for frame in frames if frame.stage]
    places = [(strand.id, role) for strand in said.strands for role in (VALUE, GRADIENT)]
    states = {place: [stage.marks.get(place, "") for stage in stages] for place in places}
    seen = {place: _slides([state != HIDDEN for state in each]) for place, each in states.items()}
    fresh = {place: _slides([state == NEW for state in each]) for place, each in states.items()}
    lit = {spot.id: _slides([spot.id in stage.lit for stage in stages]) for spot in said.spots}
    return tikz.Overlays(seen, fresh, lit)


def _slides(is_on: Sequence[bool]) -> str:
    """Return the slides on which a thing is to be seen, as beamer writes them.

    >>> _slides([False, True, True, False, True]), _slides([True, False])
    ('2-3,5-', '1')
    """
    ranges = []
    for shown, group in groupby(range(len(is_on)), lambda k: is_on[k]):
        slides = [k + 1 for k in group]
        last = "" if slides[-1] == len(is_on) else f"{slides[-1]}"
        if shown:
            ranges.append(f"{slides[0]}" if len(slides) == 1 and last else f"{slides[0]}-{last}")
    return ",".join(ranges)


def _lines(frame: Frame) -> Iterator[str]:
    """Yield what stands on a slide: equations that follow one another as one display, and remarks."""
    for is_remark, group in groupby(frame.lines, lambda line: isinstance(line, Remark)):
        if is_remark:
            yield from (rf"\bpvizremark{{{_words(line.words)}}}" for line in group if isinstance(line, Remark))
        else:
            rows = NEXT_ROW.join(_row(line, frame.part) for line in group if not isinstance(line, Remark))
            yield rf"\bpvizequations{{{rows}}}"


def _row(line: Equation | Statement, part: str) -> str:
    """Return a row of a display; an equation's result is in the colour of the pass."""
    if isinstance(line, Statement):
        return _statement(line, "&=")
    left, *others, last = links(line, LATEX)
    sign, _, result = last.partition(" ")
    if part in ROLES:
        result = rf"{{\color{{bpviz{ROLES[part]}}}{result}}}"
    return f"{left} &{' '.join([*others, sign])} {result}"


def _statement(statement: Statement, equals: str) -> str:
    name, formula = show(statement.name, LATEX.symbols), show(statement.formula, LATEX.symbols)
    arguments = ", ".join(show(each, LATEX.symbols) for each in statement.arguments)
    return f"{name}{f'({arguments})' if arguments else ''} {equals} {formula}"


def _words(words: Words) -> str:
    """Return words with their formulas as mathematics between them."""
    return "".join(latex.text(part) if isinstance(part, str) else f"${_formula(part)}$" for part in words)


def _formula(formula: Formula | Statement) -> str:
    return _statement(formula, "=") if isinstance(formula, Statement) else show(formula, LATEX.symbols)


def _tables(frame: Frame, room: tuple[float, float]) -> Iterator[str]:
    """Yield a slide's table, in as many parts side by side as make it largest."""
    if frame.table:
        tables = r"\hskip2em ".join(map(_table, parts(frame.table, room)))
        yield rf"\bpvizwide{{{tables}}}"


def _table(table: Table) -> str:
    columns = "".join(_column(column) for column in table.columns)
    heads = (
        rf"\multicolumn{{1}}{{{'r' if each.is_number else 'l'}}}{{{latex.text(each.head)}}}" for each in table.columns
    )
    rows = [" & ".join(heads) + r" \\ \hline\noalign{\vskip3pt}"]
    rows += [" & ".join(map(_words, row)) + r" \\" for row in table.rows]
    return rf"\begin{{tabular}}[t]{{{columns}}}{' '.join(rows)}\end{{tabular}}"


def _column(column: Column) -> str:
    colour = rf">{{\color{{bpviz{column.role}}}}}" if column.role else ""
    return colour + ("r" if column.is_number else "l")
