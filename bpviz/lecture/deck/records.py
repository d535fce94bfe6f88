"""What a slide is: a frame of words, equations, perhaps a table, and the stage of its figure, in no notation yet."""

from __future__ import annotations

from typing import NamedTuple, Union

from bpviz.figure.sketch import Stage
from bpviz.formula.tree import Formula
from bpviz.lecture.deck.statements import Statement
from bpviz.text.derivation.records import Equation

TITLE, FORWARD, BACKWARD, RESULT = "title", "forward", "backward", "result"  # the parts of a deck

Words = tuple[Union[str, Formula, Statement], ...]  # noqa: UP007  as in views.formula


class Remark(NamedTuple):
    """What is said in words, with formulas among them."""

    words: Words


Line = Union[Equation, Statement, Remark]  # noqa: UP007


class Column(NamedTuple):
    """A column of a table: its head, whether its numbers stand flush right, and the role whose colour they have."""

    head: str
    is_number: bool = False
    role: str = ""


class Table(NamedTuple):
    """Rows of cells, each of words and formulas, under their heads."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Words, ...], ...]


class Frame(NamedTuple):
    """One slide: its heading, its lines and its table, a sentence for the speaker, and the stage of its figure, if any.

    part is the pass that it belongs to; defined is the gate that the lines are about, with its formula.
    """

    part: str
    heading: Words
    lines: tuple[Line, ...]
    note: Words
    stage: Stage | None = None
    defined: Statement | None = None
    table: Table | None = None
