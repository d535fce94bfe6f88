"""Draw the figures that are ordered, in this process or in several.

They hand back bytes and one process writes all files, so that Ctrl-C, which ends the others at once, leaves no half
file.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from itertools import islice
from multiprocessing import get_context
from typing import Any, NamedTuple

from bpviz import shortcuts
from bpviz.builds.plans import Order, list_options
from bpviz.errors import BpvizError
from bpviz.figure import choose_format, draw
from bpviz.lang import parse

FIGURES_A_PROCESS = 8  # outweigh starting one more process, which takes about 0.2 s
AHEAD = 4  # figures waiting for each process, so that none is idle and few are held in memory


class Delivery(NamedTuple):
    """A figure drawn to order: the bytes of each of its outputs, or the error that kept it from being drawn."""

    order: Order
    files: tuple[bytes, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str = ""


def draw_all(orders: Sequence[Order], jobs: int) -> Iterator[Delivery]:
    """Draw the figures and yield them in order; `jobs` is how many processes draw, 1 being this one."""
    if jobs < 2 or len(orders) < 2:
        yield from map(draw_order, orders)
        return
    waiting = deque(orders)
    while waiting:  # once, unless a process dies: then the next one draws the figure alone that it died of
        yield from _draw_in_processes(waiting, jobs)
        jobs = 1


def _draw_in_processes(waiting: deque[Order], jobs: int) -> Iterator[Delivery]:
    """Draw from the left of the queue; what is not drawn yet when a process dies stays in it.

    With one job the figure that the process died of is the first one, which is then yielded as failed.
    """
    # Processes made anew, not forked: Graphviz's state and our threads are not to be copied, on any system.
    # Ctrl-C reaches all of them: it ends them without a word, and the first process reports it.
    end_at_ctrl_c = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    pool = ProcessPoolExecutor(min(jobs, len(waiting)), get_context("spawn"), initializer=end_at_ctrl_c)
    running: deque[Future[Delivery]] = deque()
    try:
        while waiting:
            running.extend([pool.submit(draw_order, each) for each in islice(waiting, len(running), AHEAD * jobs)])
            delivery = running.popleft().result()
            waiting.popleft()
            yield delivery
    except BrokenProcessPool:
        if jobs == 1:
            yield Delivery(waiting.popleft(), error="the process that drew it died")
    finally:
        pool.shutdown(cancel_futures=True)


def draw_order(order: Order) -> Delivery:
    """Draw one figure; what is wrong with it goes into the result."""
    if order.problem:
        return Delivery(order, error=order.problem)
    try:
        graph = parse(order.program, **_pick(order.options, parse))
        defaults = {name: value for name, value in order.defaults.items() if name in graph.input_names}
        figure = shortcuts.draw(graph, set={**defaults, **order.values}, **_pick(order.options, draw))
        formats = [choose_format(output) for output in order.outputs]
        files = {each: figure.data(each) for each in dict.fromkeys(formats)}
    except BpvizError as error:
        return Delivery(order, error=str(error))
    warnings = figure.trace.warnings if figure.trace else graph.warnings
    return Delivery(order, tuple(files[each] for each in formats), tuple(warnings))


def _pick(options: Mapping[str, Any], function: Callable[..., Any]) -> dict[str, Any]:
    """Return those options that a function takes; `limit` is one of both parse and draw."""
    return {name: value for name, value in options.items() if name in list_options(function)}


def count_workers(figures: int) -> int:
    """Return how many processes are worth starting on this machine for so many figures."""
    if sys.version_info >= (3, 13):
        processors = os.process_cpu_count()
    else:
        processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(processors or 1, figures // FIGURES_A_PROCESS))
