"""What every command that takes a program shares: its options, reading the program, and the point.

The point's values are constant expressions; names that the program has not are told apart from mistyped options.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from bpviz.cli.arguments import nearest, put
from bpviz.errors import UsageError, shown
from bpviz.graph import Graph
from bpviz.limits import Limits, limits, raise_by

if TYPE_CHECKING:
    from bpviz.autodiff import Trace
    from bpviz.views.numerals import Rounding

SUFFIX = ".bp"
LIMITS = "bpviz.limits"  # where the context keeps what --limit says
WIDEST = 4  # bytes of a character


def _keep_limits(ctx: click.Context, option: click.Parameter, words: Sequence[str]) -> None:
    """Keep the limits as the command line sets them for whatever of the command needs them."""
    ctx.meta[LIMITS] = limits(dict(_limit(word) for word in words))


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
    click.option(
        "--limit",
        metavar="NAME=NUMBER",
        multiple=True,
        expose_value=False,
        callback=_keep_limits,
        help=f"Move a limit: {', '.join(f'{name}={most}' for name, most in Limits()._asdict().items())}.",
    ),
)


class Asked(NamedTuple):
    """A program as a command line asks for it: what stands in it is read when a command wants it."""

    context: click.Context
    program: str
    point: dict[str, str]
    settings: Sequence[str]
    gates: str
    share: bool
    constants: bool
    digits: int
    decimals: int | None

    @property
    def numbers(self) -> dict[str, Any]:
        """How numbers are rounded, as the library's keywords."""
        return {"digits": self.digits, "decimals": self.decimals}

    @property
    def rounding(self) -> Rounding:
        """How numbers are rounded, as the views want it."""
        from bpviz.views.numerals import rounding_to

        return rounding_to(self.digits, self.decimals)

    def graph(self) -> Graph:
        """Return the program's graph, within the limits that the command line sets."""
        from bpviz.lang import parse

        text, limit = read_program(self.program), limits_set()._asdict()
        return parse(text, gates=self.gates, share=self.share, constants=self.constants, limit=limit)

    def values(self, graph: Graph, *, optional: bool = False) -> dict[str, float]:
        """Return the values given for a graph's inputs; optional says that none at all will do."""
        return read_point(graph, self.point, self.settings, option_names(self.context), optional=optional)

    def trace(self) -> Trace:
        """Return the program's trace at the point."""
        from bpviz.autodiff import run

        graph = self.graph()
        return run(graph, self.values(graph))


def program_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the program argument and the options that all commands share; the command gets them as one Asked."""

    @wraps(command)
    def bundled(**given: Any) -> None:
        own = {name: given.pop(name) for name in Asked._fields[1:]}
        command(Asked(click.get_current_context(), **own), **given)

    for option in reversed(SHARED):
        bundled = option(bundled)
    return bundled


def limits_set() -> Limits:
    """Return the limits that the running command line sets."""
    found: Limits = click.get_current_context().meta.get(LIMITS, Limits())
    return found


def read_program(program: str) -> str:
    """Return the text of a program: a .bp file's, standard input's, or the argument itself.

    Raises UsageError for a file that is not there, is not text, or is too long.
    """
    most = limits_set().characters
    if program == "-":
        if sys.stdin is None:  # the shell has closed it
            raise UsageError("there is no standard input to read", hint="give the program in quotation marks")
        return _decoded(sys.stdin.buffer.read(WIDEST * most + 1), "standard input", most)
    if not program.endswith(SUFFIX) or "\n" in program:
        return program
    try:
        with open(program, "rb", opener=_open_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UsageError(f"{program} is no regular file", hint="give its text on standard input, as program -")
            return _decoded(file.read(WIDEST * most + 1), program, most)
    except (OSError, ValueError) as error:
        what = f"{program} cannot be read: {getattr(error, 'strerror', None) or error}"
        raise UsageError(what, hint=f"give a {SUFFIX} file or an expression") from error


def read_point(
    graph: Graph,
    point: dict[str, str],
    settings: Sequence[str],
    options: Sequence[str],
    *,
    optional: bool = False,
) -> dict[str, float]:
    """Return the values given on the command line, by input; optional says that none at all will do.

    Raises UsageError for a name that is no input (or a mistyped option of those), for what is not a number, and for
    an input that has no value.
    """
    from bpviz.lang import constant

    texts = dict(point)
    for text in settings:
        put(texts, *_setting(text))
    names = [graph.nodes[i].name for i in graph.inputs]
    for name in texts:
        if name not in names:
            raise _unknown(name, names, options)
    missing = [name for name in names if name not in texts and name not in graph.defaults]
    if missing and (texts or not optional):
        raise without(graph, missing, options)
    return {name: constant(text, name) for name, text in texts.items()}


def without(graph: Graph, missing: Sequence[str], options: Sequence[str]) -> UsageError:
    """Return the error that asks for the values of inputs that have none."""
    from bpviz.autodiff import about_e

    flags = [f"--set {name}=…" if f"--{name}" in options else f"--{name} …" for name in missing]
    listed = " and ".join([", ".join(missing[:-1]), missing[-1]] if missing[1:] else missing)
    values = "values" if missing[1:] else "a value"
    hint = about_e(graph, missing) or f"add {' '.join(flags)}"
    return UsageError(f"{graph.output_name} needs {values} for {listed}", hint=hint)


def option_names(ctx: click.Context) -> list[str]:
    """Return the long options of the running command."""
    return [text for option in ctx.command.get_params(ctx) for text in option.opts if text.startswith("--")]


def warn(warnings: Sequence[str]) -> None:
    """Print warnings where they do not mix with the output."""
    for warning in warnings:
        click.echo(f"bpviz: warning: {shown(warning)}", err=True)


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"--set {text} sets nothing", hint="write --set NAME=VALUE, such as --set o=1")
    return name.strip(), value


def _limit(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    try:
        return name.strip(), int(number.replace(",", ""))
    except ValueError:
        raise UsageError(f"--limit {text[:60]} sets no limit", hint="write --limit gates=200000") from None


def _unknown(name: str, names: Sequence[str], options: Sequence[str]) -> UsageError:
    known = f"the inputs are {', '.join(names)}" if names else "the program has no inputs"
    meant = nearest(f"--{name}", options)
    if meant:
        return UsageError(f"no option or input is called --{name}", hint=f"did you mean {meant}? ({known})")
    return UsageError(f"no input is called {name}", hint=known)


def _open_at_once(path: str, flags: int) -> int:
    """Open a file without waiting for anybody to write to it, should it be a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _decoded(data: bytes, where: str, most: int) -> str:
    if len(data) > WIDEST * most:
        hint = f"is it a program? Split it if it is, or {raise_by('characters', 10 * most)}"
        raise UsageError(f"{where} is longer than {most:,} characters", hint=hint)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        hint = "save it as UTF-8; is it a text file?"
        raise UsageError(f"{where} is not UTF-8 text (byte {error.start + 1})", hint=hint) from error
    if "\0" in text:
        raise UsageError(f"{where} is not a text file: it has a zero byte", hint="give a program as text")
    return text.replace("\r\n", "\n").replace("\r", "\n")
