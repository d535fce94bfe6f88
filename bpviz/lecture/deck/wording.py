"""Words and lines of a frame as plain text: for those who cannot see the figure, and for captions."""

from __future__ import annotations

from bpviz.formula.printing import TEXT, show
from bpviz.formula.tree import Formula
from bpviz.lecture.deck.records import FORWARD, Line, Remark, Words
from bpviz.lecture.deck.statements import Statement
from bpviz.text.derivation.plain import chain


def plain(words: Words) -> str:
    """Return words and formulas as text."""
    return "".join(word if isinstance(word, str) else _formula(word) for word in words)


def plain_line(line: Line, part: str) -> str:
    """Return a line of a slide in this part of a deck as text."""
    if isinstance(line, Remark):
        return plain(line.words)
    if isinstance(line, Statement):
        return _formula(line)
    return " ".join(chain(line, forward=part == FORWARD))


def _formula(formula: Formula | Statement) -> str:
    if not isinstance(formula, Statement):
        return show(formula, TEXT)
    arguments = f"({', '.join(each.text for each in formula.arguments)})" if formula.arguments else ""
    return f"{show(formula.name, TEXT)}{arguments} = {show(formula.formula, TEXT)}"
