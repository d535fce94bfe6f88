"""The command for those who write documents: bpviz quarto, which brings bpviz into a project of Quarto."""

from __future__ import annotations

import click

from bpviz.cli import options
from bpviz.cli.programs import Command, command
from bpviz.cli.targets import say_written


@command("Bring figures into documents of Quarto and pandoc.", Command)
@click.argument("project", metavar="[FOLDER]", default=".", shell_complete=options.complete_file)
@options.quiet
def quarto(project: str, quiet: bool) -> None:
    """Write the extension bpviz into the FOLDER of a project, or here: _extensions/bpviz/.

    A document then has figures where it has such blocks of code; x=3 is what --x 3 is for bpviz draw, and as=table,
    as=steps and as=page make a table, a derivation and a page with sliders:

    \b
      ```{.bpviz #fig-example x=3 y=-4 theme=cs231n caption="The example."}
      (x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)
      ```

    Quarto is told of the filter in the metadata of the document:

    \b
      filters:
        - path: bpviz
          at: pre-ast

    pandoc alone takes the same file: pandoc --lua-filter _extensions/bpviz/bpviz.lua. Files that are there already are
    written anew, so that this is also how the extension is brought up to date.

    \b
    bpviz quarto
    bpviz quarto my-course
    """
    from bpviz.quarto import write_extension

    say_written(write_extension(project), quiet=quiet)
