"""What every command that takes a program shares: its options, reading the program, and the point.

The point's values are constant expressions; names that the program has not are told apart from mistyped options.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from bpviz.cli.arguments import Words, nearest, one_program, put
from bpviz.cli.command import HELP, Command
from bpviz.cli.looks import DIGITS, ROUNDING
from bpviz.cli.options import Option, option
from bpviz.cli.target import say
from bpviz.errors import UsageError, shown
from bpviz.graph import Graph
from bpviz.limits import DEFAULT, Limits, limits
from bpviz.sources import SUFFIX, WIDEST, decoded, read_text

if TYPE_CHECKING:
    from bpviz.autodiff import Trace
    from bpviz.formula.numerals import Rounding

SHARED = (
    option(
        "--set", dest="settings", metavar="NAME=VALUE", action="append", help="An input that is named as an option."
    ),
    option(
        "--gates",
        choices=["lecture", "fused", "elementary"],
        default="lecture",
        help="How finely: a/b as a × 1/b (lecture), as one gate (fused), or everything in its simplest gates.",
    ),
    option("--share", action="store_true", help="Merge equal subexpressions into one gate."),
    option("--constants", action="store_true", help="Draw constants as nodes of their own."),
    *ROUNDING,
    option(
        "--limit",
        dest="moved",
        metavar="NAME=NUMBER",
        action="append",
        help=f"Move a limit: {', '.join(f'{name}={most}' for name, most in Limits()._asdict().items())}.",
    ),
)


class Asked(NamedTuple):
    """A program as a command line asks for it: what stands in it is read when a command wants it."""

    program: str
    point: dict[str, str]
    settings: Sequence[str]
    gates: str
    share: bool
    constants: bool
    digits: int | None  # None where nothing is typed
    decimals: int | None
    limits: Limits
    options: Sequence[str]  # of the command, which a mistyped input may have meant

    @property
    def numbers(self) -> dict[str, Any]:
        """How numbers are rounded, as the library's keywords."""
        return {"digits": self.digits or DIGITS, "decimals": self.decimals}

    @property
    def rounding(self) -> Rounding:
        """How numbers are rounded, as the views want it."""
        from bpviz.formula.numerals import rounding_to

        return rounding_to(self.digits or DIGITS, self.decimals)

    def graph(self) -> Graph:
        """Return the program's graph, within the limits that the command line sets."""
        from bpviz.lang import parse

        text = read_program(self.program, self.limits.characters)
        limit = self.limits._asdict()
        return parse(text, gates=self.gates, share=self.share, constants=self.constants, limit=limit)

    def values(self, graph: Graph, *, optional: bool = False) -> dict[str, float]:
        """Return the values given for a graph's inputs; optional says that none at all will do."""
        return read_point(graph, self.point, self.settings, self.options, optional=optional, most=self.limits)

    def trace(self) -> Trace:
        """Return the program's trace at the point."""
        from bpviz.autodiff import run

        graph = self.graph()
        return run(graph, self.values(graph))


class ProgramCommand(Command):
    """A command whose first argument is an Asked: the program, its point, and the options that all such have.

    Its unknown options are the inputs of the program.
    """

    takes = "PROGRAM"

    def __init__(self, function: Callable[..., int | None], options: Sequence[Option]) -> None:
        super().__init__(function, (*SHARED, *options))

    def run(self, args: Sequence[str]) -> int:
        """Run it; show its help where nothing is typed."""
        return super().run(args or HELP.names)

    def keywords(self, words: Words) -> dict[str, Any]:
        """Return what the function is called with: what is asked, and the command's own options."""
        program = one_program(words.programs)
        given = self.read(words.options)
        if program is None:
            raise UsageError("no program was given", hint="write it in quotation marks; -h shows how")
        own = {name: given.pop(name) for name in ("settings", "gates", "share", "constants", "digits", "decimals")}
        set_to = limits(dict(map(_limit, given.pop("moved"))))
        names = [name for name in self.takes_value if name.startswith("--")]
        return {"asked": Asked(program, words.point, **own, limits=set_to, options=names), **given}


def program_command(*options: Option) -> Callable[[Callable[..., int | None]], ProgramCommand]:
    """Make a command that takes a program of the function below it; it gets what is asked and its own options."""
    return lambda function: ProgramCommand(function, options)


def read_program(program: str, most: int) -> str:
    """Return the text of a program, of most characters: a .bp file's, standard input's, or the argument itself.

    Raises UsageError for a file that is not there, is not text, or is too long.
    """
    if program == "-":
        if sys.stdin is None:  # the shell has closed it
            raise UsageError("there is no standard input to read", hint="give the program in quotation marks")
        return decoded(sys.stdin.buffer.read(WIDEST * most + 1), "standard input", most)
    if not program.endswith(SUFFIX) or "\n" in program:
        return program
    return read_text(program, most)


def read_point(
    graph: Graph,
    point: dict[str, str],
    settings: Sequence[str],
    options: Sequence[str],
    *,
    optional: bool = False,
    most: Limits = DEFAULT,
) -> dict[str, float]:
    """Return the values given on the command line, by input; optional says that none at all will do.

    Raises UsageError for a name that is no input (or a mistyped option of those), for what is not a number, and for
    an input that has no value.
    """
    from bpviz.lang import constant

    texts = settings_of(point, settings)
    names = [graph.nodes[i].name for i in graph.inputs]
    for name in texts:
        if name not in names:
            raise _unknown(name, names, options)
    missing = [name for name in names if name not in texts and name not in graph.defaults]
    if missing and (texts or not optional):
        raise without(graph, missing, options)
    return {name: constant(text, name, most) for name, text in texts.items()}


def settings_of(point: dict[str, str], settings: Sequence[str]) -> dict[str, str]:
    """Return what is typed for each name, as --NAME or with --set; raise UsageError for a name given twice."""
    texts = dict(point)
    for text in settings:
        put(texts, *_setting(text))
    return texts


def without(graph: Graph, missing: Sequence[str], options: Sequence[str]) -> UsageError:
    """Return the error that asks for the values of inputs that have none."""
    from bpviz.autodiff import about_e

    flags = [f"--set {name}=…" if f"--{name}" in options else f"--{name} …" for name in missing]
    listed = " and ".join([", ".join(missing[:-1]), missing[-1]] if missing[1:] else missing)
    values = "values" if missing[1:] else "a value"
    hint = about_e(graph, missing) or f"add {' '.join(flags)}"
    return UsageError(f"{graph.output_name} needs {values} for {listed}", hint=hint)


def warn(warnings: Sequence[str]) -> None:
    """Print warnings where they do not mix with the output."""
    for warning in warnings:
        say(f"bpviz: warning: {shown(warning)}", aside=True)


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
