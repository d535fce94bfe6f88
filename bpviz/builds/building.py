"""Make what a file asks for: read it, make what has changed, write it, and keep a record."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import NamedTuple

from bpviz.builds.kinds import KINDS
from bpviz.builds.orders import compute_digest
from bpviz.builds.plans import read_plan
from bpviz.builds.records import Digests, is_as_written, is_up_to_date, name_in_record, read_record, write_record
from bpviz.builds.workers import Delivery, count_workers, make_all
from bpviz.errors import BpvizError
from bpviz.files import make_folder, tell_written, write

NONE: Mapping[str, int] = MappingProxyType({})


class Failure(NamedTuple):
    """An output that could not be made or written, and why."""

    label: str
    error: str


class Built(NamedTuple):
    """What a build did: how many orders it made, into which files, how many stood already, what failed, and notes.

    `asked` is what the file asks for, as in {"figure": 3, "deck": 1}; `sources` are the files that were read, and when
    each had been saved.
    """

    made: int = 0
    written: tuple[str, ...] = ()
    unchanged: int = 0
    failed: tuple[Failure, ...] = ()
    warnings: tuple[str, ...] = ()
    asked: Mapping[str, int] = NONE
    sources: Mapping[str, int] = NONE


def build(
    path: str | os.PathLike[str],
    *,
    jobs: int = 1,
    force: bool = False,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Built:
    """Make what a TOML file asks for, except what stands already as it would be made now.

    `jobs` is how many processes work; 0 means as many as there are processors and the work is worth. With more than
    one, your script must guard its own start by `if __name__ == "__main__"`. `force` makes everything. `on_progress` is
    called with the number of orders that are done and that are to do. Raises UsageError if the file asks for nothing
    that there is, OutputError if the record cannot be written; an order that fails is in the result.
    """
    plan = read_plan(os.fspath(path))
    home, record = os.path.dirname(plan.path), read_record(plan.path)
    orders = [order for order in plan.orders if force or not is_up_to_date(order, record, home)]
    outputs = {name_in_record(output, home) for order in plan.orders for output in order.outputs}
    new_record = {output: digests for output, digests in record.items() if output in outputs}
    asked = Counter(KINDS[order.kind].noun for order in plan.orders)
    built = Built(unchanged=len(plan.orders) - len(orders), asked=asked, sources=plan.sources)
    on_progress(0, len(orders))
    try:
        for done, delivery in enumerate(make_all(orders, jobs or count_workers(orders)), 1):
            built = _write_outputs(built, delivery, new_record, home)
            on_progress(done, len(orders))
    finally:  # Ctrl-C keeps what is done
        if new_record != record:
            write_record(plan.path, new_record)
    return built


def _write_outputs(built: Built, delivery: Delivery, record: dict[str, Digests], home: str) -> Built:
    """Write the files of an order, put them on record, and return the build with them."""
    order, order_digest = delivery.order, delivery.order.digest()
    try:
        if delivery.error:
            raise BpvizError(delivery.error)
        with tell_written() as written:
            for output, files in zip(order.outputs, delivery.files, strict=True):
                digests = {name_in_record(name, home): compute_digest(data) for name, data in files.items()}
                for name, data in files.items():
                    _make_folder_of(name)
                    write(name, data)
                key = name_in_record(output, home)
                if key in record:
                    _remove_left_over(key, record[key], digests, home)
                record[key] = Digests(order_digest, digests)
                written.append(output)
    except BpvizError as error:
        return built._replace(failed=(*built.failed, Failure(order.full_label, str(error))))
    warnings = [f"{order.full_label}: {warning}" for warning in delivery.warnings]
    return built._replace(
        made=built.made + 1,
        written=(*built.written, *order.outputs),
        warnings=(*built.warnings, *warnings),
    )


def _remove_left_over(folder: str, before: Digests, files: Mapping[str, str], home: str) -> None:
    """Remove from a folder what its last build wrote and this one did not, such as the sheet of who left the class.

    What somebody changed since stays.
    """
    for name in before.files:
        if name not in files and os.path.dirname(name) == folder and is_as_written(name, before, home):
            with suppress(OSError):
                os.remove(os.path.join(home, name))


def _make_folder_of(output: str) -> None:
    folder = os.path.dirname(output)
    if folder and not os.path.isdir(folder):
        _make_folder_of(folder)
        make_folder(folder)
