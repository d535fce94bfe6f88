"""Where a text goes: a file, standard output, or, for what is not the output, standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from bpviz.errors import UsageError

if TYPE_CHECKING:
    Format = TypeVar("Format")


def target_like(
    example: str = "f.svg", or_else: str = "or - for standard output", option: str = "-o"
) -> Callable[[str], str]:
    """Return what reads the name of a file to write: any, but not none at all, which a script's unset variable gives.

    The refusal shows an example, and offers standard output where there are no other words for it.
    """

    def named(word: str) -> str:
        if word.strip():
            return word
        raise UsageError(f"{option} needs a file's name", hint=f"write {option} {', '.join([example, or_else])}")

    return named


TARGET = target_like()


def say(text: str, *, aside: bool = False) -> None:
    """Print a text; aside, on standard error, what would mix with an output that is read."""
    stream = sys.stderr if aside else sys.stdout
    if stream:  # None where the shell has closed it
        stream.write(f"{text}\n")


def format_of(target: str | None, endings: Mapping[str, Format], missing: str) -> Format | None:
    """Return what a file's ending says, and None for standard output; UsageError, begun by missing, for others."""
    if not target or target == "-":
        return None
    try:
        return endings[os.path.splitext(target)[1].lower()]
    except KeyError:
        raise UsageError(f"{missing} {target}", hint=f"end it in {', '.join(endings)}") from None


def write_told(output: str | None, text: str, *, quiet: bool) -> None:
    """Write text to a file and say so, or to standard output."""
    write_text(output, text)
    if output and output != "-" and not quiet:
        say(f"→ {output}")


def write_text(output: str | None, text: str) -> None:
    """Write text to a file, or to standard output when there is none or it is -."""
    write_bytes(output, text.encode())


def write_bytes(output: str | None, data: bytes) -> None:
    """Write bytes to a file, or to standard output when there is none or it is -."""
    if output and output != "-":
        from bpviz.figure.render_package import write

        write(output, data)
    elif sys.stdout:
        sys.stdout.flush()  # of what was said before
        sys.stdout.buffer.write(data)


def show(targets: Sequence[str]) -> None:
    """Open files in the programs that the desktop has for their kinds; tell of those for which it has none."""
    for each in targets:
        if not opened(os.path.abspath(each)):
            say(f"bpviz: warning: nothing here opens {each}; open it yourself", aside=True)


def opened(path: str) -> bool:
    """Open a file in the program that the desktop has for it, and say whether there is one."""
    if sys.platform == "win32":
        os.startfile(path)
        return True
    from subprocess import DEVNULL, Popen, TimeoutExpired

    try:
        opener = Popen(["open" if sys.platform == "darwin" else "xdg-open", path], stdout=DEVNULL, stderr=DEVNULL)
        return opener.wait(timeout=1) == 0
    except TimeoutExpired:  # it has become the program that shows the file
        return True
    except OSError:
        return False
