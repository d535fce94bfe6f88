"""A bar on the terminal while something long goes on; nothing where it is short or nobody watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

PATIENCE = 0.5  # seconds that nobody minds: no bar is shown, and rich is not imported, before they have passed


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Yield a function that is told how many of total parts are done by now, and shows it on standard error."""
    with ExitStack() as until_the_end:
        yield _teller(what, total, until_the_end) if sys.stderr and sys.stderr.isatty() else _nobody


def _teller(what: str, total: int, until_the_end: ExitStack) -> Callable[[int], None]:
    begun = time.monotonic()
    show: Callable[[int], None] | None = None

    def tell(done: int) -> None:
        nonlocal show
        if show is None and time.monotonic() - begun > PATIENCE:
            show = _bar(what, total, until_the_end)
        if show:
            show(done)

    return tell


def _bar(what: str, total: int, until_the_end: ExitStack) -> Callable[[int], None]:
    from rich.console import Console
    from rich.progress import Progress

    bar = until_the_end.enter_context(Progress(console=Console(stderr=True), transient=True))
    task = bar.add_task(what, total=total)
    return lambda done: bar.update(task, completed=done)


def _nobody(done: int) -> None:
    """Tell nobody."""
