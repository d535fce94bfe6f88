"""Print through rich: texts on standard output, a bar on standard error while something long goes on."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

TERMINAL_VARIABLES = {"FORCE_COLOR", "TTY_COMPATIBLE"}  # for which rich takes a pipe for a terminal
PATIENCE = 0.5  # seconds before a bar is shown: what is over sooner needs none

Progress = Callable[[int, int], None]  # called with how many parts are done, and how many there are


def show(text: object) -> None:
    """Print a text, or anything else that has a plain and a rich form, as a check or a gate's page.

    On a terminal rich prints it with colours, fitted to the width; a pipe gets str(text), uncoloured and uncut. What a
    terminal is and what it can do, rich knows from TERM, NO_COLOR, FORCE_COLOR and COLUMNS.
    """
    if not sys.stdout:  # the shell has closed it
        return
    if sys.stdout.isatty() or not TERMINAL_VARIABLES.isdisjoint(os.environ):  # a pipe need not wait for rich
        console = _stdout_console()
        if console.is_terminal:
            console.print(text, crop=False)
            return
    plain = str(text)
    sys.stdout.write(plain if plain.endswith("\n") else f"{plain}\n")


def _stdout_console() -> Console:
    """Return a console that prints texts as they are: brackets are no markup, numbers are not coloured."""
    from rich.console import Console

    class PipedConsole(Console):
        """A console that raises when nobody reads its pipe any more, as print does; rich itself would exit."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return PipedConsole(highlight=False, markup=False, emoji=False)


@contextmanager
def progress(task: str) -> Iterator[Progress]:
    """Yield a function to call with how many parts are done and how many there are, which shows a bar.

    Nothing is shown where standard error is no terminal, and nothing before half a second has passed.
    """
    with ExitStack() as stack:
        started = time.monotonic()
        update: Progress | None = None

        def report(done: int, total: int) -> None:
            nonlocal update
            if update is None and time.monotonic() - started > PATIENCE:
                update = stack.enter_context(_bar(task))
            if update:
                update(done, total)

        yield report if sys.stderr and sys.stderr.isatty() else lambda done, total: None


@contextmanager
def _bar(task: str) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task_id = bar.add_task(task)
        yield lambda done, total: bar.update(task_id, completed=done, total=total)
