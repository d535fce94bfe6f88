"""Where the output of a command goes: a file, standard output or, for what is not the output, standard error.

In a notebook an output that has no file goes to the cell, which shows a figure as a picture and sets a table.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import click

from bpviz.endings import choose_by_ending
from bpviz.errors import NOTE, UsageError, clean_message
from bpviz.files import write as write_file
from bpviz.files import write_in_turn

if TYPE_CHECKING:
    from bpviz.graph import Graph

STANDARD_OUTPUT = "-"
RICH = "rich"  # the format of a text that is in colour on a terminal


class Cell(Protocol):
    """What shows an output in a notebook's cell; a picture in one format where that is given, and in all otherwise."""

    def __call__(self, output: object, format: str | None = None) -> None:  # noqa: A002  the command line's word
        """Show an output below the cell."""


def find_cell() -> Cell | None:
    """Return the cell that runs this command line, which is click's object of the context; None outside a notebook."""
    context = click.get_current_context(silent=True)
    cell: Cell | None = context.find_root().obj if context else None
    return cell


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


def choose_formats(
    outputs: Sequence[str], format_: str | None, endings: Mapping[str, str], refusal: str, usual: str = RICH
) -> tuple[list[str], list[str]]:
    """Return the targets of a text, and the format of each: by a file's ending; on standard output --format's or usual.

    Raises UsageError, which begins with the refusal, for an ending that is none, and for a format that no target has.
    """
    targets = list(outputs) or [STANDARD_OUTPUT]
    formats = [
        format_ or usual if target == STANDARD_OUTPUT else choose_by_ending(target, endings, refusal)
        for target in targets
    ]
    if format_ not in (None, RICH, *formats):
        raise UsageError(f"{outputs[0]} does not hold {format_}", hint="leave --format out: the ending says it")
    return targets, formats


def check_format(format_: str | None, formats: Sequence[str], targets: Sequence[str]) -> None:
    """Raise UsageError if --format names none of the formats that the files have."""
    if format_ and format_ not in formats:
        raise UsageError(f"{targets[0]} is no .{format_} file", hint="leave --format out: the ending says it")


def name_place(target: str) -> str:
    """Return what two names of one target have in common: the full path of a file, without links."""
    return target if target == STANDARD_OUTPUT else os.path.normcase(os.path.realpath(target))


def check_open(open_: bool, targets: Sequence[str], example: str) -> None:
    """Raise UsageError if --open asks to show a file and none is written; example is the name of one."""
    if open_ and set(targets) <= {STANDARD_OUTPUT}:
        raise UsageError("--open shows a file, and none is written", hint=f"add -o {example}, or leave --open out")


def write(target: str, data: str | bytes) -> None:
    """Write a text or bytes to a file, or to standard output if the target is -.

    Raises UsageError for bytes that are no text where standard output is a notebook's cell.
    """
    if target != STANDARD_OUTPUT:
        write_file(target, encode(data))
    elif find_cell():
        try:
            click.echo(encode(data).decode(), sys.stdout, nl=False)
        except UnicodeDecodeError:
            raise UsageError("a cell prints text only", hint="name a file, as in -o f.pdf") from None
    elif sys.stdout:  # None where the shell has closed it
        sys.stdout.flush()  # of what was said before
        sys.stdout.buffer.write(encode(data))


def encode(data: str | bytes) -> bytes:
    """Return a text as the bytes of a file, and bytes as they are."""
    return data.encode() if isinstance(data, str) else data


def print_text(text: str | bytes, *, is_rich: bool) -> None:
    """Write a text to standard output; a rich text in colour, if that is a terminal. A cell shows it.

    Raises UsageError for a document, which is bytes, in a cell.
    """
    if cell := find_cell():
        if isinstance(text, bytes):
            hint = "name a file, as in -o steps.pdf, or leave --format out"
            raise UsageError("a cell shows a derivation, but no document", hint=hint)
        cell(text)
    elif is_rich:
        from bpviz.text import show

        show(text)
    else:
        write(STANDARD_OUTPUT, text)


def write_all(targets: Sequence[str], formats: Sequence[str], make: Callable[[str], str | bytes]) -> dict[str, bytes]:
    """Make an output in each of the formats, and only then write its files; return what was made, by format.

    Ctrl-C ends the process at once while one is made: Graphviz's layout is one long call that Python cannot break off.
    """
    with interruptible():
        made = {each: encode(make(each)) for each in dict.fromkeys(formats)}
    write_in_turn({target: made[each] for target, each in zip(targets, formats, strict=True)}, write)
    return made


def write_texts(
    targets: Sequence[str], formats: Sequence[str], make: Callable[[str], str | bytes], *, quiet: bool, open_: bool
) -> None:
    """Make a text or a document in each of the formats, write it, and say in a line to which files.

    A rich text alone is printed in colour, if standard output is a terminal; make is called with "plain" for it.
    """
    check_open(open_, targets, "f.txt")
    is_rich = formats == [RICH]
    if is_rich or (targets == [STANDARD_OUTPUT] and find_cell()):
        print_text(make("plain" if is_rich else formats[0]), is_rich=is_rich)
        return
    write_all(targets, ["plain" if each == RICH else each for each in formats], make)
    say_written(targets, quiet=quiet)
    if open_:
        show_files(targets)


def say_written(targets: Sequence[str], before: str = "", *, quiet: bool) -> None:
    """Say in a line which files were written, unless that is not wanted."""
    files = [target for target in targets if target != STANDARD_OUTPUT]
    if files and not quiet:
        say(f"{before}→ {', '.join(files)}", aside=STANDARD_OUTPUT in targets)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C end the process at once, as a shell expects of a command, for as long as this lasts.

    It is for the making of a picture and never for the writing of a file: nothing of ours is cleaned up. Where
    another handler or another thread is in charge, nothing is changed.
    """
    ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler and not find_cell()  # it would end the kernel
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
