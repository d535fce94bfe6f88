"""A command: a function, and the options that its keywords come from.

argparse reads the options (cli.options). It sees nothing else: the program, and the inputs that are options of that
program, are sorted out before (cli.arguments). Help is set by cli.help.
"""

from __future__ import annotations

from argparse import ArgumentError, ArgumentParser, HelpFormatter
from collections.abc import Callable, Sequence
from typing import Any

from bpviz.cli.arguments import Words, nearest, sort_words
from bpviz.cli.options import Option, option
from bpviz.cli.target import say
from bpviz.errors import UsageError

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

            say(help_of(self.name, self.takes, self.about, self.options))
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
