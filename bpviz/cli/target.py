"""Where a text goes: a file, or standard output."""

from __future__ import annotations

import sys


def write_text(output: str | None, text: str) -> None:
    """Write text to a file, or to standard output when there is none or it is -."""
    write_bytes(output, text.encode())


def write_bytes(output: str | None, data: bytes) -> None:
    """Write bytes to a file, or to standard output when there is none or it is -."""
    if output and output != "-":
        from bpviz.render import write

        write(output, data)
    else:
        sys.stdout.buffer.write(data)
