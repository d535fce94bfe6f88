"""Where the output of a command goes: a file, standard output or, for what is not the output, standard error."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import click

from bpviz.errors import NOTE, UsageError, clean_message

if TYPE_CHECKING:
    from bpviz.graph import Graph

Format = TypeVar("Format")
RICH = "rich"  # the format of a text that is in colour on a terminal
TEXTS = {".txt": "plain", ".md": "markdown", ".tex": "latex", ".csv": "csv", ".json": "json"}


def say(text: str, *, aside: bool = False) -> None:
    """Print a line; aside, on standard error, what would mix with an output that another program reads."""
    click.echo(text, sys.stderr if aside else sys.stdout)  # named, or click writes UTF-8 where ASCII is asked for


def warn(warnings: Sequence[str]) -> None:
    """Print warnings on standard error, but for notes on how the program was read, which are printed when it is."""
    for warning in warnings:
        if not warning.startswith(NOTE):
            say(f"bpviz: warning: {clean_message(warning)}", aside=True)


def print_notes(graph: Graph) -> None:
    """Print on standard error how a program was read, where custom has two ways."""
    for note in graph.notes:
        say(f"bpviz: {clean_message(note)}", aside=True)


def choose_format(target: str | None, endings: Mapping[str, Format], refusal: str) -> Format | None:
    """Return the format that a file's ending says, and None for standard output.

    Raises UsageError, which begins with the refusal, for another ending.
    """
    if not target or target == "-":
        return None
    try:
        return endings[os.path.splitext(target)[1].lower()]
    except KeyError:
        raise UsageError(f"{refusal} {target}", hint=f"end it in {', '.join(endings)}") from None


def check_format(format_: str | None, formats: Sequence[str], targets: Sequence[str]) -> None:
    """Raise UsageError if --format names none of the formats that the files have."""
    if format_ and format_ not in formats:
        raise UsageError(f"{targets[0]} is no .{format_} file", hint="leave --format out: the ending says it")


def write(target: str | None, data: str | bytes) -> None:
    """Write a text or bytes to a file, or to standard output if there is no target or it is -."""
    if isinstance(data, str):
        data = data.encode()
    if target and target != "-":
        from bpviz.files import write as write_file

        write_file(target, data)
    elif sys.stdout:  # None where the shell has closed it
        sys.stdout.flush()  # of what was said before
        sys.stdout.buffer.write(data)


def write_text(target: str | None, text: str, *, is_rich: bool = False, quiet: bool = False) -> None:
    """Write a text to a file and say so, or to standard output; a rich text in colour, if that is a terminal."""
    if is_rich and target in (None, "-"):
        from bpviz.text import show

        show(text)
        return
    write(target, text)
    if target and target != "-" and not quiet:
        say(f"→ {target}")


def write_all(targets: Sequence[str], formats: Sequence[str], make: Callable[[str], bytes]) -> dict[str, bytes]:
    """Make an output in each of the formats, and only then write its files; return what was made, by format.

    Ctrl-C ends the process at once while one is made: Graphviz's layout is one long call that Python cannot break off.
    """
    with interruptible():
        made = {each: make(each) for each in dict.fromkeys(formats)}
    for target, each in zip(targets, formats, strict=True):
        write(target, made[each])
    return made


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C end the process at once, as a shell expects of a command, for as long as this lasts.

    It is for the making of a picture and never for the writing of a file: nothing of ours is cleaned up. Where
    another handler or another thread is in charge, nothing is changed.
    """
    ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    try:
        if ours:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
    except ValueError:  # not the main thread: signals are not ours to set
        ours = False
    try:
        yield
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)


def show_files(targets: Sequence[str]) -> None:
    """Open files in the programs that the desktop has for their kinds; tell of those for which it has none."""
    for each in targets:
        if each != "-" and not open_file(os.path.abspath(each)):
            say(f"bpviz: warning: nothing here opens {each}; open it yourself", aside=True)


def open_file(path: str) -> bool:
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
