"""What earlier builds wrote: for each output, by its path from the record's folder, the digests of order and files."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import NamedTuple

from bpviz.builds.orders import Order, compute_digest
from bpviz.errors import OutputError
from bpviz.files import write


class Digests(NamedTuple):
    """What the record holds of one output: the digest of its order, and that of each file, by its name."""

    order: str
    files: dict[str, str]


def is_up_to_date(order: Order, record: Mapping[str, Digests], home: str) -> bool:
    """Say whether every output of an order is there as it would be written now."""
    if order.problem:
        return False
    order_digest = order.digest()
    known = [record.get(name_in_record(output, home)) for output in order.outputs]
    return all(
        each and each.order == order_digest and all(is_as_written(name, each, home) for name in each.files)
        for each in known
    )


def is_as_written(name: str, digests: Digests, home: str) -> bool:
    """Say whether a file of an output is there as it was written."""
    try:
        with open(os.path.join(home, name), "rb") as file:
            return compute_digest(file.read()) == digests.files[name]
    except OSError:
        return False


def find_record(path: str) -> str:
    """Return where the record of a file of orders stands."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name}.built")


def read_record(path: str) -> dict[str, Digests]:
    """Read the record of a file of orders; it is empty if there is none, or none that can be read."""
    try:
        with open(find_record(path), encoding="utf-8") as file:
            return {output: Digests(order, dict(files)) for output, (order, files) in json.load(file).items()}
    except (OSError, ValueError, TypeError, AttributeError):  # it can be made again: everything is made
        return {}


def write_record(path: str, record: Mapping[str, Digests]) -> None:
    """Write the record of a file of orders; raise OutputError, with what then happens, if that cannot be done."""
    text = json.dumps(record, indent=0, sort_keys=True)
    try:
        write(find_record(path), f"{text}\n".encode())
    except OutputError as error:
        error.hint = "the outputs are written, but the next build makes all of them again"
        raise


def name_in_record(output: str, home: str) -> str:
    """Return how a record names a file: by its path from the record's folder, so that both can be moved together."""
    try:
        return os.path.relpath(output, home or os.curdir).replace(os.sep, "/")
    except ValueError:  # another drive of Windows
        return os.path.abspath(output)
