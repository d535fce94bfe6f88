"""Where a text goes: a file, or standard output."""

from __future__ import annotations

import sys

import click

from bpviz.errors import UsageError


class Target(click.ParamType):  # type: ignore[type-arg]  # generic for mypy in new versions of click only
    """The name of a file to write: of any kind, but not none at all, which a script's unset variable gives.

    The refusal shows an example, and offers standard output where there are no other words for it.
    """

    name = "file"

    def __init__(self, example: str = "f.svg", or_else: str = "or - for standard output") -> None:
        self.hint = ", ".join(filter(None, (example, or_else)))

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name as typed; raise UsageError for an empty one."""
        if value.strip():
            return value
        option = param.opts[0] if param else "-o"
        raise UsageError(f"{option} needs a file's name", hint=f"write {option} {self.hint}")


TARGET = Target()


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
