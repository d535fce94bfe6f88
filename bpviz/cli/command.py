"""A command: a function, and the options that its keywords come from.

An option is written as argparse's add_argument takes it, and argparse reads them. It sees options only: the program,
and the inputs that are options of that program, are sorted out before (cli.arguments). Help is set by cli.help.
"""

from __future__ import annotations

from argparse import Action, ArgumentError, ArgumentParser, ArgumentTypeError, HelpFormatter, Namespace
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from bpviz.cli.arguments import Words, nearest, sort_words
from bpviz.cli.target import say
from bpviz.errors import UsageError


class Option(NamedTuple):
    """One option: its names, and what else add_argument is told of it."""

    names: tuple[str, ...]
    how: dict[str, Any]

    @property
    def takes_value(self) -> bool:
        """Say whether a value follows it."""
        return self.how.get("action", "store") in ("store", "append")


def option(*names: str, **how: Any) -> Option:
    """Return an option; how is add_argument's: dest, type, choices, default, metavar, action, help."""
    if how.get("action") == "append":
        how = {"default": [], **how}  # which argparse copies before it appends
    if "choices" in how:
        how = {"type": _one_of(how["choices"]), **how}  # argparse's own refusal differs from Python to Python
    return Option(names, how)


class Switch(Action):
    """Sets what --NAME switches on and --no-NAME off."""

    def __init__(self, option_strings: Sequence[str], dest: str, **how: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **how)

    def __call__(self, parser: ArgumentParser, given: Namespace, values: Any, name: str | None = None) -> None:
        """Set it by the name that was typed."""
        setattr(given, self.dest, not (name or "").startswith("--no-"))


class Within(NamedTuple):
    """Reads a number from least to most, or tells that a word is none of those."""

    least: float = float("-inf")
    most: float = float("inf")
    kind: type[int] | type[float] = int
    above: bool = False  # least itself is too little

    def __call__(self, word: str) -> float:
        """Return the number that a word is."""
        try:
            number = self.kind(word)
        except ValueError:
            raise ArgumentTypeError(f"{word} is no {'whole ' if self.kind is int else ''}number") from None
        if not self.least <= number <= self.most or (self.above and number == self.least):
            raise ArgumentTypeError(f"{word} is out of range: {self}")
        return number

    def __str__(self) -> str:
        if self.most == float("inf"):
            above = f"above {self.least}" if self.above else f"{self.least} or more"
            return "" if self.least == float("-inf") else above
        return f"above {self.least}, at most {self.most}" if self.above else f"{self.least} to {self.most}"


HELP = option("-h", "--help", action="store_true", help="Show this message and exit.")


class Command:
    """A function that is called with what a command line says, and returns its exit status, None for 0."""

    takes = ""  # how the usage calls the word that is no option

    def __init__(self, function: Callable[..., int | None], options: Sequence[Option]) -> None:
        self.function = function
        self.name = function.__name__
        self.about = function.__doc__ or ""
        self.options = (*options, HELP)
        self.takes_value = {name: option.takes_value for option in self.options for name in option.names}

    def run(self, args: Sequence[str]) -> int:
        """Call the function with what the words of a command line say; return its exit status."""
        words = sort_words(args, self.takes_value)
        if not set(HELP.names).isdisjoint(words.options):
            from bpviz.cli.help import help_of

            say(help_of(self))
            return 0
        return self.function(**self.keywords(words)) or 0

    def keywords(self, words: Words) -> dict[str, Any]:
        """Return what the function is called with: here the options, and nothing else may be typed."""
        for name in words.point:
            meant = nearest(f"--{name}", self.takes_value)
            hint = f"did you mean {meant}?" if meant else f"bpviz {self.name} -h lists the options"
            raise UsageError(f"no option is called --{name}", hint=hint)
        for word in words.programs:
            raise UsageError(
                f"{self.name} takes options only, not {word[:60]}", hint=f"bpviz {self.name} -h lists them"
            )
        return self.read(words.options)

    def read(self, options: Sequence[str]) -> dict[str, Any]:
        """Return the values of the options, each by its keyword."""
        parser = ArgumentParser(
            add_help=False,
            allow_abbrev=False,
            exit_on_error=False,
            formatter_class=lambda prog: HelpFormatter(prog, width=80),  # not shown; to find its width it asks shutil
        )
        self.add_options(parser)
        try:
            given = vars(parser.parse_args(options))
        except ArgumentError as error:
            name = (error.argument_name or "").split("/")[-1]
            raise UsageError(f"{name} does not take that: {error.message}") from None
        del given["help"]
        return given

    def add_options(self, parser: ArgumentParser) -> None:
        """Add the options to a parser of argparse's."""
        for each in self.options:
            parser.add_argument(*each.names, **each.how)


def command(*options: Option) -> Callable[[Callable[..., int | None]], Command]:
    """Make a command of the function below it, whose name it gets and whose docstring is its help."""
    return lambda function: Command(function, options)


def _one_of(choices: Sequence[str]) -> Callable[[str], str]:
    """Return what reads one of a few words, and tells that a word is none of them."""

    def choice(word: str) -> str:
        if word not in choices:
            raise ArgumentTypeError(f"{word!r} is not one of {', '.join(map(repr, choices))}")
        return word

    return choice
