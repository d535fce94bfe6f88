"""bpviz build: many figures from one file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from bpviz.cli.arguments import Words, refuse_output
from bpviz.cli.command import HELP, Command
from bpviz.cli.options import Option, Within, option
from bpviz.cli.program import warn
from bpviz.cli.target import say
from bpviz.errors import BpvizError, UsageError, shown
from bpviz.text.terminal import progress

if TYPE_CHECKING:
    from bpviz.builds import Built


class FileCommand(Command):
    """A command that takes the name of one file, and options."""

    takes = "FILE"

    def run(self, args: Sequence[str]) -> int:
        """Run it; show its help where nothing is typed."""
        return super().run(args or HELP.names)

    def keywords(self, words: Words) -> dict[str, Any]:
        """Return what the function is called with: the file, and the options."""
        files = words.programs
        refuse_output(files)
        if len(files) != 1:
            what = f"one file at a time, but there are {len(files)}: {'   '.join(files)}" if files else "which file?"
            raise UsageError(what, hint="write bpviz build figures.toml")
        return {"file": files[0], **super().keywords(words._replace(programs=[]))}


def file_command(*options: Option) -> Callable[[Callable[..., int | None]], FileCommand]:
    """Make a command that takes a file of the function below it."""
    return lambda function: FileCommand(function, options)


@file_command(
    option(
        "-j",
        "--jobs",
        type=Within(1, 256),
        metavar="N",
        help="So many processes draw; as many as there are processors, where there are enough figures.",
    ),
    option("--force", action="store_true", help="Draw every figure, whether it has changed or not."),
    option("--watch", action="store_true", help="Build again whenever the file or a program in it is saved."),
    option("--quiet", action="store_true", help="Print errors and warnings only."),
)
def build(file: str, jobs: int | None, force: bool, watch: bool, quiet: bool) -> int:
    """Draw the figures that FILE asks for: those that have changed, in several processes.

    FILE is TOML. On top stand options of bpviz draw for all figures, and the folder for them; then a table [[figure]]
    for each, with its program (or a .bp file), values, output, and options of its own:

      theme = "print"

      [[figure]]
      program = "(x + σ(y)) / (σ(x) + (x+y)^2)"
      values = { x = 3, y = -4 }
      output = ["example.svg", "example.pdf"]

    Names of files are from the folder of FILE. A figure that fails does not stop the others; the exit status is 1 then.

    bpviz build figures.toml
    bpviz build figures.toml --watch
    """
    from bpviz import builds

    if not watch:
        with progress("figures") as tell:
            return _say(builds.build(file, jobs=jobs or 0, force=force, on_progress=tell), quiet=quiet)
    for built in builds.watch(file, jobs=jobs or 0, force=force):
        if isinstance(built, BpvizError):
            say(f"bpviz: {shown(str(built))}", aside=True)
        else:
            _say(built, quiet=quiet)
        sys.stdout.flush()  # it may be long until there is more, and somebody may read it through a pipe
    return 0


def _say(built: Built, *, quiet: bool) -> int:
    """Tell what a build did; return the exit status."""
    for failure in built.failed:
        say(f"bpviz: {failure.label}: {shown(failure.error)}", aside=True)
    warn(built.warnings)
    if not quiet:
        counts = {"drawn": built.drawn, "unchanged": built.unchanged, "failed": len(built.failed)}
        total = sum(counts.values())
        told = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        say(f"{total} figure{'' if total == 1 else 's'}: {told}")
    return 1 if built.failed else 0
