"""Make what a file asks for: read it, draw what has changed, write it, and keep a record."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from bpviz.builds.plans import compute_digest, read_plan
from bpviz.builds.records import Digests, is_up_to_date, name_in_record, read_record, write_record
from bpviz.builds.workers import Delivery, count_workers, draw_all
from bpviz.errors import BpvizError
from bpviz.files import make_folder, write

NO_SOURCES: Mapping[str, int] = MappingProxyType({})


class Failure(NamedTuple):
    """A figure that could not be drawn or written, and why."""

    label: str
    error: str


class Built(NamedTuple):
    """What a build did: how many figures it drew, into which files, how many stood already, what failed, and notes.

    `sources` are the files that were read, and when each had been saved.
    """

    drawn: int = 0
    written: tuple[str, ...] = ()
    unchanged: int = 0
    failed: tuple[Failure, ...] = ()
    warnings: tuple[str, ...] = ()
    sources: Mapping[str, int] = NO_SOURCES


def build(
    path: str | os.PathLike[str],
    *,
    jobs: int = 1,
    force: bool = False,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Built:
    """Draw the figures that a TOML file asks for, except those that stand already as they would be drawn now.

    `jobs` is how many processes draw; 0 means as many as there are processors and the number of figures is worth.
    With more than one, your script must guard its own start by `if __name__ == "__main__"`. `force` draws everything.
    `on_progress` is called with the number of figures that are done and that are to do. Raises UsageError if the file
    does not describe figures, OutputError if the record cannot be written; a figure that fails is in the result.
    """
    plan = read_plan(os.fspath(path))
    home, record = os.path.dirname(plan.path), read_record(plan.path)
    orders = [order for order in plan.orders if force or not is_up_to_date(order, record, home)]
    outputs = {name_in_record(output, home) for order in plan.orders for output in order.outputs}
    new_record = {output: digests for output, digests in record.items() if output in outputs}
    built = Built(unchanged=len(plan.orders) - len(orders), sources=plan.sources)
    on_progress(0, len(orders))
    try:
        for done, delivery in enumerate(draw_all(orders, jobs or count_workers(len(orders))), 1):
            built = _write_outputs(built, delivery, new_record, home)
            on_progress(done, len(orders))
    finally:  # Ctrl-C keeps what is done
        if new_record != record:
            write_record(plan.path, new_record)
    return built


def _write_outputs(built: Built, delivery: Delivery, record: dict[str, Digests], home: str) -> Built:
    """Write the files of a figure, put them on record, and return the build with them."""
    order, order_digest = delivery.order, delivery.order.digest()
    try:
        if delivery.error:
            raise BpvizError(delivery.error)
        for output, data in zip(order.outputs, delivery.files, strict=True):
            digests = Digests(order_digest, compute_digest(data))
            _make_folder_of(output)
            write(output, data)
            record[name_in_record(output, home)] = digests
    except BpvizError as error:
        return built._replace(failed=(*built.failed, Failure(order.full_label, str(error))))
    warnings = [f"{order.full_label}: {warning}" for warning in delivery.warnings]
    return built._replace(
        drawn=built.drawn + 1,
        written=(*built.written, *order.outputs),
        warnings=(*built.warnings, *warnings),
    )


def _make_folder_of(output: str) -> None:
    folder = os.path.dirname(output)
    if folder and not os.path.isdir(folder):
        _make_folder_of(folder)
        make_folder(folder)
