"""What a build wrote: for each file a digest of what was asked and one of what was written.

It stands beside the file of figures, hidden, so that the next build draws only what has changed, was changed by
somebody else, or is gone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import NamedTuple

from bpviz.building.plan import Wanted
from bpviz.errors import OutputError
from bpviz.figure import render_package as render


class Written(NamedTuple):
    """The digests of one file: what was asked for it, and its bytes."""

    asked: str
    bytes: str


Record = Mapping[str, Written]  # by the file's path from the record's folder


def record_path(path: str) -> str:
    """Return where the record of a file of figures stands."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name}.built")


def read_record(path: str) -> dict[str, Written]:
    """Return the record of a file of figures; an empty one where there is none, or none that can be read."""
    try:
        with open(record_path(path), encoding="utf-8") as file:
            return {output: Written(*digests) for output, digests in json.load(file).items()}
    except (OSError, ValueError, TypeError, AttributeError):  # it can be made again: everything is drawn
        return {}


def write_record(path: str, record: Record) -> None:
    """Write the record of a file of figures; raise OutputError where that cannot be done."""
    text = json.dumps(record, indent=0, sort_keys=True)
    try:
        render.write(record_path(path), f"{text}\n".encode())
    except OutputError as error:
        error.hint = "the figures are written, but the next build draws all of them again"
        raise


def stale(figures: Iterable[Wanted], record: Record, home: str, version: str) -> list[Wanted]:
    """Return the figures of which a file is not there as it would be written now."""
    return [
        figure
        for figure in figures
        if figure.problem or not all(_stands(figure, output, record, home, version) for output in figure.outputs)
    ]


def key_of(output: str, home: str) -> str:
    """Return how a record names a file: from its own folder, so that both can be moved together."""
    try:
        return os.path.relpath(output, home or os.curdir).replace(os.sep, "/")
    except ValueError:  # another drive of Windows
        return os.path.abspath(output)


def asked(figure: Wanted, version: str) -> str:
    """Return the digest of everything that a figure is made from."""
    made_of = [version, figure.program, figure.values, figure.defaults, figure.options]
    return digest(json.dumps(made_of, sort_keys=True).encode())


def digest(data: bytes) -> str:
    """Return a digest of bytes."""
    return sha256(data).hexdigest()


def _stands(figure: Wanted, output: str, record: Record, home: str, version: str) -> bool:
    known = record.get(key_of(output, home))
    if not known or known.asked != asked(figure, version):
        return False
    try:
        with open(output, "rb") as file:
            return digest(file.read()) == known.bytes
    except OSError:
        return False
