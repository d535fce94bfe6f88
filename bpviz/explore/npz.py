"""Columns of numbers as a NumPy .npz file, written without NumPy: a ZIP file of arrays of float64.

The format of an array is NumPy's own (numpy.lib.format, version 1.0). No time is told, so equal numbers give equal
bytes.
"""

from __future__ import annotations

import io
import sys
from array import array
from collections.abc import Mapping, Sequence
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MAGIC = b"\x93NUMPY\x01\x00"
ALIGNED = 64  # bytes that an array's numbers begin at a multiple of


def npz(arrays: Mapping[str, tuple[Sequence[int], Sequence[float]]]) -> bytes:
    """Return arrays, each a shape and its numbers in C's order, as the bytes of an .npz file."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as file:
        for name, (shape, numbers) in arrays.items():
            entry = ZipInfo(f"{name}.npy")  # of 1980, which is what a ZIP file has for no time
            entry.compress_type = ZIP_DEFLATED
            file.writestr(entry, _npy(shape, numbers))
    return out.getvalue()


def _npy(shape: Sequence[int], numbers: Sequence[float]) -> bytes:
    lengths = "".join(f"{length}, " for length in shape)
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({lengths}), }}"
    room = -(len(MAGIC) + 2 + len(header) + 1) % ALIGNED
    padded = header.encode("ascii") + b" " * room + b"\n"
    data = array("d", numbers)
    if sys.byteorder == "big":
        data.byteswap()
    return MAGIC + len(padded).to_bytes(2, "little") + padded + data.tobytes()
