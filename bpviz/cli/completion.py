"""Completion of half-typed command lines, by argcomplete: started by the shell, when Tab is pressed."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from collections.abc import Callable, Iterable

from argcomplete import autocomplete
from argcomplete.completers import FilesCompleter

from bpviz.cli.command import Command
from bpviz.sources import SUFFIX


def complete(names: Iterable[str], command_called: Callable[[str], Command]) -> None:
    """Offer the words that fit what is typed, and leave; only the command that is typed is imported."""
    parser = ArgumentParser("bpviz")
    parser.add_argument("--version", action="store_true")
    commands = parser.add_subparsers()
    typed = os.environ.get("COMP_LINE", "").split()[1:2]
    for name in names:
        words = commands.add_parser(name, add_help=False)
        if [name] == typed:
            command_called(name).add_options(words)
            words.add_argument("words", nargs="*").completer = FilesCompleter([SUFFIX])  # type: ignore[attr-defined]  # argcomplete's own attribute
    autocomplete(parser)
