"""Where a text goes: a file, or standard output."""

from __future__ import annotations

import sys


def write_text(output: str | None, text: str) -> None:
    """Write text to a file, or to standard output when there is none or it is -."""
    if output and output != "-":
        from bpviz.render import write

        write(output, text.encode())
    else:
        sys.stdout.buffer.write(text.encode())
