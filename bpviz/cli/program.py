"""What every command that takes a program shares: its options, reading the program, and the point.

The point's values are constant expressions; names that the program has not are told apart from mistyped options.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from bpviz.cli.arguments import nearest
from bpviz.errors import UsageError
from bpviz.graph import Graph

MOST_CHARACTERS = 1_000_000
SUFFIX = ".bp"
Command = TypeVar("Command", bound=Callable[..., Any])

SHARED = (
    click.argument("program"),
    click.option("--set", "settings", metavar="NAME=VALUE", multiple=True, help="An input that is named as an option."),
    click.option(
        "--gates",
        type=click.Choice(["lecture", "fused", "elementary"]),
        default="lecture",
        help="How finely: a/b as a × 1/b (lecture), as one gate (fused), or everything in its simplest gates.",
    ),
    click.option("--share", is_flag=True, help="Merge equal subexpressions into one gate."),
    click.option("--constants", is_flag=True, help="Draw constants as nodes of their own."),
    click.option("--digits", type=click.IntRange(1, 17), default=3, help="Significant digits of a number."),
    click.option("--decimals", type=click.IntRange(0, 17), help="Fixed decimals instead: 2 writes 2.00."),
)


def program_options(command: Command) -> Command:
    """Add the program argument and the options that all commands share."""
    for option in reversed(SHARED):
        command = option(command)
    return command


def read_program(program: str) -> str:
    """Return the text of a program: a .bp file's, standard input's, or the argument itself.

    Raises UsageError for a file that is not there, is not text, or is too long.
    """
    if program == "-":
        return _decoded(sys.stdin.buffer.read(4 * MOST_CHARACTERS + 1), "standard input")
    if not program.endswith(SUFFIX) or "\n" in program:
        return program
    try:
        with Path(program).open("rb") as file:
            return _decoded(file.read(4 * MOST_CHARACTERS + 1), program)
    except (OSError, ValueError) as error:
        what = f"{program} cannot be read: {getattr(error, 'strerror', None) or error}"
        raise UsageError(what, hint=f"give a {SUFFIX} file or an expression") from error


def read_point(
    graph: Graph, point: dict[str, str], settings: Sequence[str], options: Sequence[str]
) -> dict[str, float]:
    """Return the values given on the command line, by input.

    Raises UsageError for a name that is no input (or a mistyped option of those), and for what is not a number.
    """
    from bpviz.lang import constant

    texts = {**point, **dict(_setting(text) for text in settings)}
    names = [graph.nodes[i].name for i in graph.inputs]
    for name in texts:
        if name not in names:
            raise _unknown(name, names, options)
    return {name: constant(text, name) for name, text in texts.items()}


def option_names(ctx: click.Context) -> list[str]:
    """Return the long options of the running command."""
    return [text for option in ctx.command.get_params(ctx) for text in option.opts if text.startswith("--")]


def warn(warnings: Sequence[str]) -> None:
    """Print warnings where they do not mix with the output."""
    for warning in warnings:
        click.echo(f"bpviz: warning: {warning}", err=True)


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"--set {text} sets nothing", hint="write --set NAME=VALUE, such as --set o=1")
    return name.strip(), value


def _unknown(name: str, names: Sequence[str], options: Sequence[str]) -> UsageError:
    known = f"the inputs are {', '.join(names)}" if names else "the program has no inputs"
    meant = nearest(f"--{name}", options)
    if meant:
        return UsageError(f"no option or input is called --{name}", hint=f"did you mean {meant}? ({known})")
    return UsageError(f"no input is called {name}", hint=known)


def _decoded(data: bytes, where: str) -> str:
    if len(data) > 4 * MOST_CHARACTERS:
        raise UsageError(
            f"{where} is longer than {MOST_CHARACTERS:,} characters", hint="is it a program? Split it if it is"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        hint = "save it as UTF-8; is it a text file?"
        raise UsageError(f"{where} is not UTF-8 text (byte {error.start + 1})", hint=hint) from error
    if "\0" in text:
        raise UsageError(f"{where} is not a text file: it has a zero byte", hint="give a program as text")
    return text.replace("\r\n", "\n").replace("\r", "\n")
