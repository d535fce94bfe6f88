"""A bar on the terminal while something long goes on; nothing where it is short or nobody watches."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

PATIENCE = 0.5  # seconds that nobody minds: no bar is shown, and rich is not imported, before they have passed


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that is told how many parts are done by now, and of how many, and shows it on standard error."""
    with ExitStack() as until_the_end:
        yield _teller(what, until_the_end) if sys.stderr and sys.stderr.isatty() else _nobody


def _teller(what: str, until_the_end: ExitStack) -> Callable[[int, int], None]:
    begun = time.monotonic()
    show: Callable[[int, int], None] | None = None

    def tell(done: int, total: int) -> None:
        nonlocal show
        if show is None and time.monotonic() - begun > PATIENCE:
            show = _bar(what, until_the_end)
        if show:
            show(done, total)

    return tell


def _bar(what: str, until_the_end: ExitStack) -> Callable[[int, int], None]:
    from rich.console import Console
    from rich.progress import Progress

    bar = until_the_end.enter_context(Progress(console=Console(stderr=True), transient=True))
    task = bar.add_task(what)
    return lambda done, total: bar.update(task, completed=done, total=total)


def _nobody(done: int, total: int) -> None:
    """Tell nobody."""
