"""The command line: options in, one library call, print.

Each command is a module of its own name, imported only when it runs or when its help is shown. Errors become text
and an exit status here and nowhere else: 2 for what the user typed, 1 for what could not be computed or written.
"""

from __future__ import annotations

import sys
from importlib import import_module

import click

from bpviz.errors import BpvizError, shown

COMMANDS = {  # name: what the list of commands says, so that showing it imports none of them
    "draw": "Write the figure.",
    "table": "Print every number of it.",
    "code": "Print it as code: the staged computation.",
    "steps": "Print the derivation with the numbers put in.",
    "deck": "Make slides of it.",
    "worksheet": "Set it as a sheet to fill in, with its key.",
    "exercise": "Make a new expression to practise on.",
    "check": "Check every gradient, or somebody's answers.",
    "symbolic": "Print the derivatives in closed form.",
    "gates": "Print what each gate does to a gradient.",
}
INTERRUPTED = 130  # what a shell expects of a program that Ctrl-C ended


class Commands(click.Group):
    """The commands, by module."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name them in the order in which a lecturer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of a command and return it."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"bpviz.cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List them without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of a line; an expression where a command belongs is told as such."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            raise _no_command(args[0])
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bpviz", message="bpviz %(version)s")
@click.pass_context
def bpviz(ctx: click.Context) -> None:
    """Draw an expression as the graph of its backpropagation: a value and a gradient on every wire.

    \b
    bpviz draw "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4
    bpviz table "q = x + y; f = q*z" --x -2 --y 5 --z -4
    bpviz gates
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> None:
    """Run the command line and leave with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without ∂ gets a ?, not a traceback
    try:
        status = bpviz.main(prog_name="bpviz", standalone_mode=False)
    except BpvizError as error:
        _leave(error.exit_status, str(error))
    except click.ClickException as error:
        _leave(error.exit_code, _in_our_words(error))
    except (KeyboardInterrupt, click.Abort):
        _leave(INTERRUPTED)
    except BrokenPipeError:
        _silence_stdout()
        _leave(1)
    except OSError as error:
        _leave(1, f"the output could not be written: {error.strerror or error}")
    _leave(status if isinstance(status, int) else 0)


def _in_our_words(error: click.ClickException) -> str:
    """Return click's own complaints as ours are written: what is wrong, and on the next line what to do."""
    option = getattr(error, "param", None)
    if isinstance(error, click.MissingParameter) and isinstance(option, click.Argument):
        return f"no {option.name} was given\nwrite it in quotation marks; -h shows how"
    if isinstance(error, click.NoSuchOption):
        return (
            f"no option is called {error.option_name}\nbpviz -h lists the commands; bpviz draw comes before a program"
        )
    if isinstance(error, click.BadParameter) and isinstance(option, click.Option):
        return f"{option.opts[-1]} does not take that: {_uncapitalized(error.message)}"
    return _uncapitalized(error.format_message())


def _uncapitalized(sentence: str) -> str:
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")


def _leave(status: int, message: str = "") -> None:
    if message:
        click.echo(f"bpviz: {shown(message)}", err=True)
    try:
        if sys.stdout:  # None where the shell has closed it
            sys.stdout.flush()
    except BrokenPipeError:
        _silence_stdout()
    except OSError as error:
        click.echo(f"bpviz: the output could not be written: {error.strerror}", err=True)
        _silence_stdout()
        status = 1
    sys.exit(status)


def _silence_stdout() -> None:
    """Give Python somewhere to flush to when the reader has gone, as its documentation on SIGPIPE advises."""
    import os

    if sys.stdout:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _no_command(word: str) -> click.UsageError:
    from bpviz.cli.arguments import nearest

    meant = nearest(word, COMMANDS)
    hint = f"did you mean bpviz {meant}?" if meant else f'did you mean bpviz draw "{word[:60]}"?'
    return click.UsageError(f"no command is called {word[:60]}\n{hint}")
