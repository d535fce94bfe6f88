"""A block of a document: a program, and options that say what to make of it.

A block is a command line, as a cell of a notebook is: the option x with the value 3 is --x=3, and a flag has the value
true or false. The options of commands that write files are not for a block to give: where a figure goes, the document
says.
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from hashlib import sha256
from importlib.metadata import version
from typing import Any, NamedTuple

from bpviz.cli import run_in_cell
from bpviz.errors import UsageError
from bpviz.files import SUFFIX, read_text
from bpviz.limits import DEFAULT
from bpviz.pages import write_frame

COMMANDS = {"figure": "draw", "table": "table", "steps": "steps", "page": "page"}  # by what a block is made as
FIGURE, PAGE = "figure", "page"
REFUSED = ("output", "open", "quiet", "format")
LEAST_LETTERS = 2  # of the beginning of an option for which the command line takes it
FLAGS = {"true": "--", "false": "--no-"}  # what stands before a flag of each value
ERROR_CLASS = "bpviz-error"  # of what stands in a document in place of a figure that could not be made
RELEASE = version("bpviz")


class Block(NamedTuple):
    """What a block says. A program that is the name of a .bp file is read from the folder."""

    program: str
    kind: str = FIGURE
    options: Mapping[str, str] = {}
    folder: str = ""

    @property
    def file(self) -> str:
        """The path of the program's file; empty where the program stands in the block."""
        program = self.program.strip()
        return os.path.join(self.folder, program) if program.endswith(SUFFIX) and "\n" not in program else ""

    def digest(self) -> str:
        """Return a name for what is made of the block; another block, file or release has another."""
        options = [part for name in sorted(self.options) for part in (name, self.options[name])]
        text = read_text(self.file, DEFAULT.characters) if self.file else self.program
        return sha256("\0".join([RELEASE, self.kind, text, *options]).encode()).hexdigest()[:20]


class PageFrame(NamedTuple):
    """A page that stands in a frame of the document."""

    html: str

    def _repr_html_(self) -> str:
        return write_frame(self.html, "Move the inputs and watch the gradients")


class MadeBlock(NamedTuple):
    """What is made of a block: a figure, a text or a page, and the warnings and notes on it."""

    output: Any
    messages: tuple[str, ...]


def make_block(block: Block) -> MadeBlock:
    """Make what a block says; raise a BpvizError as its command does, and for what is not for a block to say."""
    if block.kind not in COMMANDS:
        kinds = ", ".join(COMMANDS)
        raise UsageError(f"nothing is made as {block.kind:.60}", hint=f"choose one of {kinds}")
    program = block.program.strip()
    if program in ("", "-"):
        raise UsageError("the block has no program", hint="write one into it, such as x*y")
    made: list[Any] = []
    printed, said = io.StringIO(), io.StringIO()
    with redirect_stderr(said), redirect_stdout(printed):
        words = [COMMANDS[block.kind], *_write_options(block.options), block.file or program]
        if block.kind == PAGE:
            words.append("--output=-")
        run_in_cell(words, lambda output, format=None: made.append(output))  # noqa: A006  the command line's word
    messages = tuple(line.removeprefix("bpviz: ") for line in said.getvalue().splitlines())
    return MadeBlock(PageFrame(printed.getvalue()) if block.kind == PAGE else made[0], messages)


def describe(summary: str) -> str:
    """Write the summary of a figure for those who cannot see it.

    >>> describe("f = 6   ∂f/∂x = 3")
    'The graph: f = 6, ∂f/∂x = 3'
    """
    return f"The graph: {summary.replace('   ', ', ')}"


def _write_options(options: Mapping[str, str]) -> list[str]:
    words = []
    for name, value in options.items():
        if any(each.startswith(name) for each in REFUSED) and len(name) >= LEAST_LETTERS:
            raise UsageError(f"a block has no option {name}", hint="leave it out")
        words.append(FLAGS[value] + name if value in FLAGS else f"--{name}={value}")
    return words
