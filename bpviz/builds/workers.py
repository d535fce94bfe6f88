"""Make what is ordered, in this process or in several.

They hand back bytes and one process writes all files, so that Ctrl-C, which ends the others at once, leaves no half
file.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from itertools import islice
from multiprocessing import get_context
from typing import NamedTuple

from bpviz.builds.kinds import KINDS
from bpviz.builds.orders import Order
from bpviz.errors import BpvizError

FIGURES_A_PROCESS = 8  # outweigh starting one more process, which takes about 0.2 s
AHEAD = 4  # orders waiting for each process, so that none is idle and few are held in memory


class Delivery(NamedTuple):
    """What was made to order: for each of its outputs the bytes of its files by name, or the error that came between.

    An output is one file, but for folders.
    """

    order: Order
    files: tuple[Mapping[str, bytes], ...] = ()
    warnings: tuple[str, ...] = ()
    error: str = ""


def make_all(orders: Sequence[Order], jobs: int) -> Iterator[Delivery]:
    """Make what is ordered and yield it in this order; `jobs` is how many processes work, 1 being this one."""
    if jobs < 2 or len(orders) < 2:
        yield from map(make_order, orders)
        return
    waiting = deque(orders)
    while waiting:  # once, unless a process dies: then the next one makes the order alone that it died of
        yield from _make_in_processes(waiting, jobs)
        jobs = 1


def _make_in_processes(waiting: deque[Order], jobs: int) -> Iterator[Delivery]:
    """Make from the left of the queue; what is not made yet when a process dies stays in it.

    With one job the order that the process died of is the first one, which is then yielded as failed.
    """
    # Processes made anew, not forked: Graphviz's state and our threads are not to be copied, on any system.
    # Ctrl-C reaches all of them: it ends them without a word, and the first process reports it.
    end_at_ctrl_c = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    pool = ProcessPoolExecutor(min(jobs, len(waiting)), get_context("spawn"), initializer=end_at_ctrl_c)
    running: deque[Future[Delivery]] = deque()
    try:
        while waiting:
            running.extend([pool.submit(make_order, each) for each in islice(waiting, len(running), AHEAD * jobs)])
            delivery = running.popleft().result()
            waiting.popleft()
            yield delivery
    except BrokenProcessPool:
        if jobs == 1:
            yield Delivery(waiting.popleft(), error="the process that made it died")
    finally:
        pool.shutdown(cancel_futures=True)


def make_order(order: Order) -> Delivery:
    """Make what one table asks for; what is wrong with it goes into the result."""
    if order.problem:
        return Delivery(order, error=order.problem)
    try:
        made = KINDS[order.kind].make(order)
        return Delivery(order, tuple(map(made.make_files, order.outputs)), tuple(made.warnings))
    except BpvizError as error:
        return Delivery(order, error=str(error))


def count_workers(orders: Sequence[Order]) -> int:
    """Return how many processes are worth starting on this machine for some orders."""
    if sys.version_info >= (3, 13):
        processors = os.process_cpu_count()
    else:
        processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    figures = sum(KINDS[order.kind].work for order in orders)
    return max(1, min(processors or 1, figures // FIGURES_A_PROCESS, len(orders)))
