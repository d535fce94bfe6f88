"""Figures drawn, one after the other or in several processes at once.

A process of its own draws and hands the bytes back; files are written by one process only, so that Ctrl-C, which ends
the others at once, leaves no half file.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from bpviz import shortcuts
from bpviz.building.plan import Wanted
from bpviz.errors import BpvizError
from bpviz.figure import drawing as api
from bpviz.shortcuts import OF_PARSING, as_graph

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

AHEAD = 4  # figures waiting for each process, so that none is idle and few are held in memory


class Drawn(NamedTuple):
    """A figure drawn: the bytes of each of its outputs, or the error that kept it from being drawn."""

    wanted: Wanted
    files: tuple[bytes, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str = ""


def draw_all(figures: Sequence[Wanted], jobs: int) -> Iterator[Drawn]:
    """Yield each figure as it is drawn, in order; jobs is how many processes draw, 1 being this one."""
    if jobs < 2 or len(figures) < 2:
        yield from map(_draw, figures)
        return
    waiting = deque(figures)
    while waiting:  # once, unless a process dies: then the figure it died of is known, drawn alone
        yield from _draw_in_processes(waiting, jobs)
        jobs = 1


def _draw_in_processes(waiting: deque[Wanted], jobs: int) -> Iterator[Drawn]:
    """Draw from the left of the queue, which keeps what is not drawn yet when a process dies.

    With one job that is the process of the first figure, which is then yielded as failed.
    """
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    # Processes made anew, not forked: Graphviz's state and our threads are not to be copied, on any system.
    pool = ProcessPoolExecutor(min(jobs, len(waiting)), get_context("spawn"), initializer=_end_at_ctrl_c)
    running: deque[Future[Drawn]] = deque()
    try:
        while waiting:
            running.extend(_submitted(pool, islice(waiting, len(running), AHEAD * jobs)))
            drawn = running.popleft().result()
            waiting.popleft()
            yield drawn
    except BrokenProcessPool:
        if jobs == 1:
            yield Drawn(waiting.popleft(), error="the process that drew it died")
    finally:
        pool.shutdown(cancel_futures=True)


def _submitted(pool: ProcessPoolExecutor, figures: Iterable[Wanted]) -> list[Future[Drawn]]:
    return [pool.submit(_draw, figure) for figure in figures]


def _draw(wanted: Wanted) -> Drawn:
    """Draw one figure; what is wrong with it goes into the result."""
    if wanted.problem:
        return Drawn(wanted, error=wanted.problem)
    try:
        parsing = {name: value for name, value in wanted.options.items() if name in OF_PARSING}
        look = {name: value for name, value in wanted.options.items() if name not in OF_PARSING or name == "limit"}
        graph = as_graph(wanted.program, **parsing)
        inputs = {graph.nodes[i].name for i in graph.inputs}
        shared = {name: value for name, value in wanted.defaults.items() if name in inputs}
        figure = shortcuts.draw(graph, set={**shared, **wanted.values}, **look)
        files = {kind: figure.data(kind) for kind in dict.fromkeys(map(api.format_of, wanted.outputs))}
    except BpvizError as error:
        return Drawn(wanted, error=str(error))
    warnings = figure.trace.warnings if figure.trace else graph.warnings
    return Drawn(wanted, tuple(files[api.format_of(output)] for output in wanted.outputs), tuple(warnings))


def _end_at_ctrl_c() -> None:
    """Let Ctrl-C end a drawing process without a word: it comes to all of them, and the first one tells."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)
