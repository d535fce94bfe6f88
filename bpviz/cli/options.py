"""The options that several commands share, and the types of their values: click's, with words of our own."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from bpviz.cli.targets import name_place
from bpviz.cli.words import FILE_TO_WRITE, LONGEST_QUOTE
from bpviz.errors import UsageError
from bpviz.files import SUFFIX
from bpviz.limits import Limits
from bpviz.names import find_nearest

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

OTHER_ENDINGS = (SUFFIX, "/", os.sep)  # of names of programs and folders to write
Decorator = Callable[[Any], Any]  # of the function of a command


class Choice(click.Choice):  # type: ignore[type-arg]  # generic since click 8.2 only
    """One of a few words, in capital letters or small ones."""

    def __init__(self, *choices: str) -> None:
        super().__init__(choices, case_sensitive=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the word that is meant; raise UsageError for one that is nearly it."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            if meant := find_nearest(value, self.choices):
                raise UsageError(error.format_message(), hint=f"did you mean {meant}?") from None
            raise


class ThemeName(Choice):
    """The name of a theme. The table of themes is imported only when it is asked for: few commands draw."""

    def __init__(self) -> None:
        self.case_sensitive = False

    @cached_property
    def choices(self) -> Sequence[str]:  # type: ignore[override]  # an attribute in click
        """The names of the themes, the usual one first."""
        from bpviz.figure import THEMES

        return tuple(THEMES)


class WholeNumber(click.IntRange):
    """A whole number within bounds."""

    name = "whole number"


class RealNumber(click.FloatRange):
    """A number within bounds."""

    name = "number"


class Target(click.Path):
    """The name of a file to write: any, but not none at all, which is what an unset variable of a script gives."""

    name = "file"

    def __init__(self, example: str = "f.svg", instead: str = "- for standard output") -> None:
        super().__init__()
        self.example, self.instead = example, instead

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name; raise UsageError for an empty one, with an example."""
        option = param.opts[0] if param else "-o"
        names = [name.strip() for name in value.split(",")]
        if names[1:] and all(FILE_TO_WRITE.fullmatch(name) or name.endswith(OTHER_ENDINGS) for name in names):
            what = f"{value[:LONGEST_QUOTE]} is {len(names)} files, and {option} takes one"
            raise UsageError(what, hint=f"write {' '.join(f'{option} {name}' for name in names)}")
        if value.strip():
            return str(value)
        raise UsageError(f"{option} needs a file's name", hint=f"write {option} {self.example}, or {self.instead}")


def read_setting(text: str) -> tuple[str, str]:
    """Return the name and the value of --set; raise UsageError for a word that sets nothing."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(f"--set {text} sets nothing", hint="write --set NAME=VALUE, such as --set o=1")
    return name.strip(), value


def read_shape_option(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the name and the shape of --shape; raise UsageError for a word that gives none."""
    from bpviz.lang import read_shape

    name, equals, shape = text.partition("=")
    if not equals or not name.strip():
        what = f"--shape {text[:LONGEST_QUOTE]} gives no shape"
        raise UsageError(what, hint="write --shape W=2x3 for a matrix, --shape x=3 for a vector")
    return name.strip(), read_shape(shape, name.strip())


def read_limit(text: str) -> tuple[str, int]:
    """Return the name and the number of --limit; raise UsageError for a word that sets none."""
    name, _, number = text.partition("=")
    try:
        return name.strip(), int(number.replace(",", ""))
    except ValueError:
        raise UsageError(f"--limit {text[:LONGEST_QUOTE]} sets no limit", hint="write --limit gates=200000") from None


def complete_file(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ask the shell to complete the name of a file."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def combine(*decorators: Decorator) -> Decorator:
    """Return one decorator that declares the options of several, in this order."""

    def decorate(function: Any) -> Any:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


def outputs(help_: str, type_: Target | None = None) -> Decorator:
    """Declare -o, which names the files to write: there may be several, each with a name of its own."""
    return click.option(
        "-o",
        "--output",
        "outputs",
        metavar="FILE",
        type=type_ or Target(),
        multiple=True,
        callback=refuse_twins,
        help=help_,
    )


def output(help_: str, type_: Target, default: str) -> Decorator:
    """Declare -o, which names the one file to write."""
    return click.option(
        "-o",
        "--output",
        metavar="FILE",
        type=type_,
        multiple=True,
        callback=lambda context, option, files: take_one(files, default),
        help=f"{help_} [default: {default}]",
        show_default=False,
    )


def refuse_twins(context: click.Context, option: click.Parameter, files: Sequence[str]) -> Sequence[str]:
    """Return names of files to write; raise UsageError if two of them are one file, of which one would be lost."""
    named: dict[str, str] = {}
    for file in files:
        place = name_place(file)
        if place in named:
            same = f"{file} is named twice" if file == named[place] else f"{named[place]} and {file} are one file"
            raise UsageError(f"{same}, and the second would replace the first", hint="keep one, or rename the other")
        named[place] = file
    return files


def take_one(files: Sequence[str], default: str) -> str:
    """Return the one file that -o names, or the usual one; raise UsageError for more than one."""
    if files[1:]:
        raise UsageError(f"one -o at a time, but there are {len(files)}: {'   '.join(files)}", hint="keep one of them")
    return files[0] if files else default


def title(help_: str) -> Decorator:
    """Declare --title."""
    return click.option("--title", default="", show_default=False, help=help_)


def opens(help_: str) -> Decorator:
    """Declare --open, which shows what was written."""
    return click.option("--open", "open_", is_flag=True, help=help_)


direction = click.option("--direction", type=Choice("up", "down", "right", "left"), help="Where the values flow to.")
theme = click.option(
    "--theme", type=ThemeName(), default="drawio", help="The look; auto: dark where the reader's screen is (SVG, HTML)."
)
engine = click.option("--engine", type=Choice("bundled", "system"), default="bundled", help="Which Graphviz to use.")
width = click.option("--width", metavar="LENGTH", help="The picture's width: 12cm, 5in, 800px.")
fit = click.option(
    "--fit", metavar="ROOM", help="Numbers as large as can be in 16:9, 4:3, a4, a4-landscape, column or 25cmx11cm."
)
inputs = click.option("--inputs", type=Choice("once", "beside"), help="Draw a shared input once or beside each gate.")
dpi = click.option("--dpi", type=RealNumber(10, 2400), metavar="NUMBER", help="Dots per inch of a PNG.")
transparent = click.option("--transparent", is_flag=True, help="No background.")
text = click.option(
    "--text",
    type=Choice("font", "outline"),
    default="font",
    help="Letters of an SVG: with their font, or as outlines, for programs that ignore embedded fonts.",
)
quiet = click.option("--quiet", is_flag=True, help="Print no line about what was written.")
labels = click.option("--labels", type=Choice("name", "op", "both"), help="What stands in the circles.")
branch = click.option(
    "--branch/--no-branch",
    default=True,
    help="A dot, and the total, where one value feeds several wires; without it the totals are not drawn.",
)

# What commands of a kind take besides: made once, since each option takes click a twentieth of a millisecond.
ROUNDING: tuple[click.Parameter, ...] = (
    click.Option(
        ["--digits"], type=WholeNumber(1, 17), metavar="N", show_default="3", help="Significant digits of a number."
    ),
    click.Option(["--decimals"], type=WholeNumber(0, 17), metavar="N", help="Fixed decimals instead: 2 writes 2.00."),
)
OF_PROGRAMS: tuple[click.Parameter, ...] = (
    click.Argument(["program"], shell_complete=complete_file),
    click.Option(
        ["--set", "settings"],
        metavar="NAME=VALUE",
        type=read_setting,
        multiple=True,
        help="An input that is named as an option.",
    ),
    click.Option(
        ["--gates"],
        type=Choice("lecture", "fused", "elementary"),
        default="lecture",
        help="How finely: a/b as a × 1/b (lecture), as one gate (fused), or everything in its simplest gates.",
    ),
    click.Option(["--share"], is_flag=True, help="Merge equal subexpressions into one gate."),
    click.Option(["--constants"], is_flag=True, help="Draw constants as nodes of their own."),
    click.Option(
        ["--shape", "shapes"],
        metavar="NAME=ROWSxCOLUMNS",
        type=read_shape_option,
        multiple=True,
        help="The shape of an input without a value: W=2x3 is a matrix, x=3 a vector.",
    ),
    click.Option(["--unroll"], is_flag=True, help="Show every entry of a vector as a node of its own."),
    *ROUNDING,
    click.Option(
        ["--limit", "limits"],
        metavar="NAME=NUMBER",
        type=read_limit,
        multiple=True,
        help=f"Move a limit: {', '.join(f'{name}={limit}' for name, limit in Limits()._asdict().items())}.",
    ),
)
