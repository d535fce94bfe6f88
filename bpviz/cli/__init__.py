"""The command line: options in, one library call, print.

Each command is a module of its own name, imported only when it runs or when its help is shown: a new one is a module
with a function of that name under @program_command(...), and a line in COMMANDS. Errors become text and an exit status
here and nowhere else: 2 for what the user typed, 1 for what could not be computed or written.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from bpviz.errors import BpvizError, UsageError, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bpviz.cli.command import Command

COMMANDS = {  # name: what the list of commands says, so that showing it imports none of them
    "draw": "Write the figure.",
    "build": "Write many figures, which a file asks for.",
    "table": "Print every number of it.",
    "code": "Print it as code: the staged computation.",
    "steps": "Print the derivation with the numbers put in.",
    "deck": "Make slides of it.",
    "worksheet": "Set it as a sheet to fill in, with its key.",
    "exercise": "Make a new expression to practise on.",
    "check": "Check every gradient, or somebody's answers.",
    "sweep": "Print and plot it over ranges of its inputs.",
    "descend": "Take gradient steps, and plot their path.",
    "symbolic": "Print the derivatives in closed form.",
    "gates": "Print what each gate does to a gradient.",
}
HELP = """\
Usage: bpviz COMMAND ...

  Draw an expression as the graph of its backpropagation: a value and a
  gradient on every wire.

  bpviz draw "(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)" --x 3 --y -4
  bpviz table "q = x + y; f = q*z" --x -2 --y 5 --z -4
  bpviz gates

Commands (bpviz draw -h tells about one):
{}

Options:
  --version   Show the version and exit.
  -h, --help  Show this message and exit.
"""
INTERRUPTED = 130  # what a shell expects of a program that Ctrl-C ended
COMPLETING = "_ARGCOMPLETE"  # set by a shell that wants a half-typed line completed


def main() -> None:
    """Run the command line and leave with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without ∂ gets a ?, not a traceback
    try:
        status = run(sys.argv[1:])
    except BpvizError as error:
        _leave(error.exit_status, str(error))
    except KeyboardInterrupt:
        _leave(INTERRUPTED)
    except BrokenPipeError:  # whoever reads has enough
        _silence_stdout()
        _leave(0)
    except OSError as error:
        _leave(1, f"the output could not be written: {error.strerror or error}")
    _leave(status)


def run(args: Sequence[str]) -> int:
    """Run what the words of a command line ask for; return its exit status."""
    if COMPLETING in os.environ:
        from bpviz.cli.completion import complete

        complete(COMMANDS, command_called)
    first = args[0] if args else "--help"
    if first in ("-h", "--help"):
        _print(HELP.format("\n".join(f"  {name:10} {about}" for name, about in COMMANDS.items())))
    elif first == "--version":
        from importlib.metadata import version

        _print(f"bpviz {version('bpviz')}\n")
    else:
        return command_called(first).run(args[1:])
    return 0


def command_called(name: str) -> Command:
    """Import a command and return it; raise UsageError for a word that is none."""
    if name not in COMMANDS:
        raise _no_command(name)
    from importlib import import_module

    command: Command = getattr(import_module(f"bpviz.cli.{name}"), name)
    return command


def _no_command(word: str) -> UsageError:
    from bpviz.cli.arguments import nearest

    if word.startswith("-"):
        hint = "bpviz -h lists the commands; bpviz draw comes before a program"
        return UsageError(f"no option is called {word[:60]}", hint=hint)
    meant = nearest(word, COMMANDS)
    if word == "help":
        return UsageError("no command is called help", hint="write bpviz -h, or bpviz draw -h for one of them")
    hint = f"did you mean bpviz {meant}?" if meant else f'did you mean bpviz draw "{word[:60]}"?'
    return UsageError(f"no command is called {word[:60]}", hint=hint)


def _print(text: str) -> None:
    if sys.stdout:  # None where the shell has closed it
        sys.stdout.write(text)


def _leave(status: int, message: str = "") -> None:
    if message and sys.stderr:
        sys.stderr.write(f"bpviz: {shown(message)}\n")
    try:
        if sys.stdout:
            sys.stdout.flush()
    except BrokenPipeError:
        _silence_stdout()
    except OSError as error:
        sys.stderr.write(f"bpviz: the output could not be written: {error.strerror}\n")
        _silence_stdout()
        status = 1
    sys.exit(status)


def _silence_stdout() -> None:
    """Give Python somewhere to flush to when the reader has gone, as its documentation on SIGPIPE advises."""
    if sys.stdout:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
