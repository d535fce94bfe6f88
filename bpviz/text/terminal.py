"""Print on standard output: through rich on a terminal, as plain text without colour or cutting into a pipe."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def show(text: object) -> None:
    """Print a text, or anything else that str and rich know: a check, a sweep.

    rich decides what a terminal is and what it can do, from TERM, NO_COLOR, FORCE_COLOR and COLUMNS.
    """
    if not sys.stdout:  # the shell has closed it
        return
    console = stdout_console()
    if console.is_terminal:
        console.print(text, crop=False)
    else:
        plain = str(text)
        sys.stdout.write(plain if plain.endswith("\n") else f"{plain}\n")


def stdout_console() -> Console:
    """Return rich's console for standard output, which prints texts as they are: no markup, no highlighting."""
    from rich.console import Console

    class PipedConsole(Console):
        """A console that leaves a pipe that nobody reads any more to the command line, which rich would end."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return PipedConsole(highlight=False, markup=False, emoji=False)
