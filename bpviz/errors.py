"""What bpviz says when it cannot go on: what is wrong, where, and what to do.

Everything below the command line raises a BpvizError and nothing else on bad input; the command line turns it
into text and an exit status in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from types import TracebackType

NOTE = "note: "  # how a warning begins that says how the program was read
LONGEST_LINE = 1000  # characters of a line of a message
MAGIC = "get_ipython()."  # how a line of a cell begins that IPython makes of a magic
WINDOW = 72  # columns of the source line that an error shows; longer lines are cut around the caret


class Place(NamedTuple):
    """A stretch of a source text: characters start up to, not including, end."""

    source: str
    start: int
    end: int


class BpvizError(Exception):
    """The base of everything bpviz raises on purpose.

    what: one sentence on what is wrong. place: where in the source, if anywhere. hint: what to do instead.
    """

    exit_status = 1

    def __init__(self, what: str, *, place: Place | None = None, hint: str = "") -> None:
        self.what = what
        self.place = place
        self.hint = hint
        super().__init__(what)

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows in place of a traceback: the message, and the line of its cell."""
        lines = f"{type(self).__name__}: {clean_message(str(self))}".split("\n")
        return [*lines, *_find_line_of_cell(self.__traceback__)]

    def __str__(self) -> str:
        parts = [self.what, show_place(self.place) if self.place else "", self.hint]
        return "\n".join(part for part in parts if part)


def _find_line_of_cell(traceback: TracebackType | None) -> list[str]:
    """Return the line of a notebook's cell that a traceback goes through; nothing for a cell that is one magic."""
    from linecache import getline
    from traceback import walk_tb

    for frame, number in walk_tb(traceback):
        if frame.f_globals.get("__name__") == "__main__":
            code = getline(frame.f_code.co_filename, number).strip()
            return [f"in line {number} of the cell: {code}"] if code and not code.startswith(MAGIC) else []
    return []


class ProgramError(BpvizError):
    """The program's text is not one: the user can mend it by typing something else."""

    exit_status = 2


class UsageError(BpvizError):
    """An option, a name or a value does not fit the program: the user can mend it by typing something else."""

    exit_status = 2


class EvaluationError(BpvizError):
    """The program has no finite value, or no defined gradient, at this point."""


class TooLargeError(EvaluationError):
    """A value or a gradient of the program is beyond the largest float64 at this point."""


class OutputError(BpvizError):
    """A file could not be written, or a picture could not be made."""


def show_place(place: Place) -> str:
    """Write the source line of a place after its number, and carets under the place. Long lines are cut around it.

    >>> print(show_place(Place("x + sigmod(y)", 4, 10)))
      line 1: x + sigmod(y)
                  ^^^^^^
    """
    lines_before = place.source.count("\n", 0, place.start)
    line_start = place.source.rfind("\n", 0, place.start) + 1
    line_end = place.source.find("\n", place.start)
    line_end = len(place.source) if line_end < 0 else line_end
    first = max(line_start, min(place.start - WINDOW // 2, line_end - WINDOW))
    last = min(line_end, first + WINDOW)
    head = f"  line {lines_before + 1}: " + ("…" if first > line_start else "")
    shown = place.source[first:last]
    padding = count_columns(head + make_printable(place.source[first : place.start]))
    carets = count_columns(make_printable(place.source[place.start : min(place.end, last)]))
    tail = "…" if last < line_end else ""
    return f"{head}{make_printable(shown)}{tail}\n{' ' * padding}{'^' * max(1, carets)}"


def clean_message(message: str) -> str:
    """Make a message safe for a terminal: without control characters, and its long lines cut."""
    lines = (line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…" for line in message.split("\n"))
    return "\n".join(map(make_printable, lines))


def count_columns(text: str) -> int:
    """Count the terminal columns of a text: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(0 if category(c) in ("Mn", "Me", "Cf") else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def make_printable(text: str) -> str:
    """Replace the characters of a text that would move a cursor, colour a terminal or turn letters round."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text)


def join_words(words: Sequence[str]) -> str:
    """Join words with commas and "and", as a sentence does.

    >>> join_words(["x"]), join_words(["x", "y", "z"])
    ('x', 'x, y and z')
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
