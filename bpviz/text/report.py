"""A report: the content of a table, a check, a sweep or a descent before a format is chosen.

A report has tables and notes for people, a record for JSON and rows for CSV. `bpviz.text.writers` turns any report
into any format, so what makes a report knows no format and what writes a format knows no report.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Literal, NamedTuple

from bpviz.formula import latex

MISSING = "–"  # stands in a table where there is no number

Role = Literal["text", "name", "step", "number", "value", "gradient", "terms", "local", "shape", "values", "gradients"]


class Math(NamedTuple):
    """A cell of mathematics: its plain text, and a function that writes it as LaTeX when that format is asked for.

    block is the text on several lines, where it has them: the rows of a matrix.
    """

    text: str
    latex: Callable[[], str]
    block: str = ""


Cell = str | Math


class ReportColumn(NamedTuple):
    """A column of a table: its head, and the role that decides its colour, its alignment and its LaTeX.

    "name" is the name of an input or a gate; "step", "number", "value" and "gradient" are numbers, and flush right;
    "terms" is a sum of gradients, "local" a list of local gradients; "shape", "values" and "gradients" are those of
    vectors; "text" is everything else.
    """

    head: Cell
    role: Role = "text"

    @property
    def is_number(self) -> bool:
        """Say whether the column holds one number a row."""
        return self.role in ("step", "number", "value", "gradient")


class ReportTable(NamedTuple):
    """A table of a report. Each row has a cell for each column."""

    columns: tuple[ReportColumn, ...]
    rows: Sequence[Sequence[Cell]]


class Report(ABC):
    """What there is to write. Each format calls the methods that it needs: CSV rounds no number for a table.

    noun    what is written, for the error "no table is written as xml"
    prefix  stands before each note in plain text
    indent  of the JSON text; None writes one line
    """

    noun = "table is"
    prefix = "note: "
    indent: int | None = None

    @abstractmethod
    def tables(self) -> list[ReportTable]:
        """Return the tables that people read, their numbers rounded."""

    @abstractmethod
    def notes(self) -> Sequence[str]:
        """Return the sentences that stand under the tables."""

    @abstractmethod
    def record(self) -> Mapping[str, Any]:
        """Return what JSON carries, in full precision. An iterator in it is written with one item a line."""

    @abstractmethod
    def csv_rows(self) -> Iterable[Sequence[object]]:
        """Yield what CSV carries, in full precision: the heads, then the rows."""


class Piece(NamedTuple):
    """A stretch of a line of text, and what it is: heading, step, value, gradient, remark, or nothing special."""

    text: str
    role: str = ""


PieceLine = tuple[Piece, ...]


class Text(str):
    """A text that print, a notebook and a terminal show as it is, not in quotation marks.

    rich prints the same content with colours, fitted to the width of the terminal, and a notebook sets it.
    """

    def __new__(
        cls,
        text: str,
        renderable: Callable[[], Any] | None = None,
        *,
        html: Callable[[], str | None] | None = None,
        latex: Callable[[], str] | None = None,
    ) -> Text:
        """Make a text; the functions are called when they are needed.

        renderable returns what rich prints in its place, html what a notebook's page shows, latex what it exports.
        """
        self = super().__new__(cls, text)
        self._renderable, self._html, self._latex = renderable, html, latex
        return self

    _renderable: Callable[[], Any] | None
    _html: Callable[[], str | None] | None
    _latex: Callable[[], str] | None

    def __rich__(self) -> Any:
        if self._renderable:
            return self._renderable()
        from rich.text import Text as RichText

        return RichText(self.removesuffix("\n"), no_wrap=True, overflow="ignore")

    def _repr_html_(self) -> str | None:
        return self._html() if self._html else None

    def _repr_latex_(self) -> str | None:
        return self._latex() if self._latex else None

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))


class Markdown(Text):
    """A text that a notebook sets as Markdown."""

    def _repr_markdown_(self) -> str:
        return str(self)


def head_with_name(name: str) -> Math:
    """Return a name as the head of a column."""
    return Math(name, partial(latex.name, name))


def head_with_slope(output: str, name: str) -> Math:
    """Return ∂f/∂x as the head of a column."""
    return Math(f"∂{output}/∂{name}", lambda: rf"\partial {latex.name(output)}/\partial {latex.name(name)}")
