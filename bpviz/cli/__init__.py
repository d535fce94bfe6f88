"""The command line, on click: options in, one call of the library, print.

A command is a function in one of the modules *_commands.py, and has a place in SECTIONS. Errors become text and an
exit status here and nowhere else: 2 for what the user typed, 1 for what could not be computed or written.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from bpviz.cli.document_commands import quarto
from bpviz.cli.draw_commands import build, draw
from bpviz.cli.explore_commands import check, descend, sweep
from bpviz.cli.lecture_commands import deck, exercise, page, worksheet
from bpviz.cli.programs import Command
from bpviz.cli.targets import Cell, say
from bpviz.cli.text_commands import code, gates, steps, symbolic, table
from bpviz.cli.words import LONGEST_QUOTE
from bpviz.errors import BpvizError, UsageError, clean_message
from bpviz.names import find_nearest

SECTIONS: dict[str, tuple[Command, ...]] = {
    "Draw the figure": (draw, build),
    "Print the numbers": (table, steps, code, symbolic, gates),
    "For the lecture": (deck, page, worksheet, exercise),
    "Check and explore": (check, sweep, descend),
    "For documents": (quarto,),
}
OTHER_COMMANDS = {  # what people call a command, and what it is called here
    **dict.fromkeys(("graph", "tree", "diagram", "figure", "picture", "image", "svg"), "draw"),
    **dict.fromkeys(("show", "render", "view"), "draw"),
    **dict.fromkeys(("grad", "gradient", "gradients", "backward", "backprop", "forward"), "table"),
    **dict.fromkeys(("eval", "evaluate", "value", "values", "compute", "run", "print"), "table"),
    **dict.fromkeys(("derive", "derivation", "solve", "solution"), "steps"),
    **dict.fromkeys(("derivative", "derivatives", "diff", "differentiate", "formula", "simplify"), "symbolic"),
    **dict.fromkeys(("python", "numpy", "javascript", "torch", "jax", "latex", "export", "compile"), "code"),
    **dict.fromkeys(("explain", "rule", "rules", "list", "functions"), "gates"),
    **dict.fromkeys(("slides", "lecture", "presentation", "beamer", "animate", "animation"), "deck"),
    **dict.fromkeys(("html", "web", "website", "interactive", "play", "widget"), "page"),
    **dict.fromkeys(("quiz", "exam", "homework", "sheet"), "worksheet"),
    **dict.fromkeys(("practice", "train", "exercises"), "exercise"),
    **dict.fromkeys(("verify", "gradcheck", "test", "grade", "mark"), "check"),
    **dict.fromkeys(("plot", "curve", "surface"), "sweep"),
    **dict.fromkeys(("optimize", "optimise", "minimize", "minimise", "sgd"), "descend"),
    **dict.fromkeys(("watch", "make"), "build"),
    **dict.fromkeys(("pandoc", "extension", "filter", "markdown"), "quarto"),
}
INTERRUPTED = 130  # what a shell expects of a program that Ctrl-C ended
MESSAGES = "BPVIZ_MESSAGES"  # the variable by which a filter that reads standard output only has all messages there
COMPLETION = "_BPVIZ_COMPLETE"  # the variable by which click's scripts for the shells ask for completions


class CommandError(click.ClickException):
    """An error of bpviz as click's: its message, and the exit status."""

    def __init__(self, error: BpvizError) -> None:
        super().__init__(str(error))
        self.exit_code = error.exit_status  # type: ignore[misc]  # of the class in click, but of each error here


class CommandGroup(click.Group):
    """The group of all commands, which its help shows in sections."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Let click parse the words; bpviz alone, and bpviz help, show the help, and bpviz help draw that of draw."""
        if not args or args[0] == "help":
            args = [*args[1:], "--help"]
        known = [name for option in self.get_params(ctx) for name in option.opts]
        if args[0].startswith("-") and args[0] not in known and not ctx.resilient_parsing:
            hint = "bpviz -h lists the commands; bpviz draw comes before a program"
            raise CommandError(UsageError(f"no option is called {args[0][:LONGEST_QUOTE]}", hint=hint))
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called; raise UsageError for a word that is none, and tell which may be meant."""
        word = args[0]
        if word in self.commands or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        meant = OTHER_COMMANDS.get(word.lower()) or find_nearest(word, self.commands)
        hint = f"did you mean bpviz {meant}?" if meant else f'did you mean bpviz draw "{word[:LONGEST_QUOTE]}"?'
        raise UsageError(f"no command is called {word[:LONGEST_QUOTE]}", hint=hint)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in sections, in the order in which a lecturer needs them, and the options behind them."""
        for section, commands in SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl([(command.name or "", command.short_help or "") for command in commands])
        click.Command.format_options(self, ctx, formatter)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is called; what it raises on purpose becomes an error of click's."""
        try:
            return super().invoke(ctx)
        except BpvizError as error:
            raise CommandError(error) from error


@click.group(
    cls=CommandGroup,
    commands={command.name or "": command for commands in SECTIONS.values() for command in commands},
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100, "show_default": True},
    options_metavar="",
    subcommand_metavar="COMMAND ...",
    epilog="bpviz draw -h tells about one command, and so does bpviz help draw.",
)
@click.version_option(package_name="bpviz", message="%(prog)s %(version)s")
def bpviz() -> None:
    """Draw an expression as the graph of its backpropagation: a value and a gradient on every wire.

    \b
    bpviz draw "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4
    bpviz table "q = x + y; f = q*z" --x -2 --y 5 --z -4
    bpviz gates
    """


def main() -> None:
    """Run the command line and leave with its exit status.

    These are the steps of click's main, with other answers to Ctrl-C, to a closed pipe and to a full disk, and
    without its reading x*y as a pattern of files on Windows.
    """
    if os.environ.get(MESSAGES) == "stdout":
        sys.stderr = sys.stdout
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without ∂ gets a ?, not a traceback
    if COMPLETION in os.environ:
        from click.shell_completion import shell_complete

        sys.exit(shell_complete(bpviz, {}, "bpviz", COMPLETION, os.environ[COMPLETION]))
    try:
        with bpviz.make_context("bpviz", sys.argv[1:]) as context:
            status = bpviz.invoke(context) or 0
    except click.exceptions.Exit as leaving:
        status = leaving.exit_code
    except click.ClickException as error:
        status = error.exit_code
        say(f"bpviz: {clean_message(write_message(error))}", aside=True)
    except KeyboardInterrupt:
        status = INTERRUPTED
    except BrokenPipeError:  # whoever reads has enough
        _silence_stdout()
        status = 0
    except OSError as error:
        _tell_unwritten(error)
        status = 1
    sys.exit(_flush(status))


def write_message(error: click.ClickException) -> str:
    """Write the message of an error; one of click's own also tells where to look what can be typed."""
    message = error.format_message()
    if isinstance(error, click.UsageError) and error.ctx:
        message += f"\n{error.ctx.command_path} -h shows how it is typed"
    return message


def run_in_cell(words: Sequence[str], cell: Cell | None) -> None:
    """Run a command line in IPython, a cell shows its outputs in a notebook; raise what a shell gets as a status."""
    try:
        with bpviz.make_context("bpviz", [*words], obj=cell) as context:
            bpviz.invoke(context)
    except click.exceptions.Exit:  # after the help, or the version
        return
    except click.ClickException as error:
        if isinstance(error.__cause__, BpvizError):
            raise error.__cause__ from None
        raise UsageError(write_message(error)) from None


def _tell_unwritten(error: OSError) -> None:
    say(f"bpviz: the output could not be written: {error.strerror or error}", aside=True)


def _flush(status: int) -> int:
    """Flush standard output; return the exit status, which is 1 if that fails."""
    try:
        if sys.stdout:  # None where the shell has closed it
            sys.stdout.flush()
    except BrokenPipeError:
        _silence_stdout()
    except OSError as error:
        _tell_unwritten(error)
        _silence_stdout()
        return 1
    return status


def _silence_stdout() -> None:
    """Give Python somewhere to flush to when the reader has gone, as its documentation on SIGPIPE advises."""
    if sys.stdout:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
