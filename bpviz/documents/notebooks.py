"""bpviz in a notebook: %load_ext bpviz, then the command line in a cell, as %bpviz or %%bpviz.

A line `%bpviz table "x*y" --x 2 --y 3` is a command line. A cell that begins with `%%bpviz --x 2 --y 3` is the program
of the command that its first line names, of draw if that names none. What a shell would get as a file or on its
terminal is shown below the cell. `$name`, for a word of the line, is the value of a Python variable.
"""

from __future__ import annotations

import re
import shlex
import struct
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from bpviz.cli import run_in_cell
from bpviz.cli.targets import open_file
from bpviz.errors import OutputError, UsageError
from bpviz.names import find_nearest

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from bpviz.explore import Plot
    from bpviz.figure import Figure

SVG, PNG, PDF = "image/svg+xml", "image/png", "application/pdf"
FORMATS = {SVG: "svg", PNG: "png", PDF: "pdf"}
Bundle: TypeAlias = tuple[dict[str, str], dict[str, dict[str, int]]]  # data and metadata, by MIME type
SCREEN_DPI = 96
PNG_SIZE_AT = 16  # bytes: where the header of a PNG has its width and height
MARK = re.compile(r'aria-labelledby="([\w-]+)-title ')  # with which all ids of an SVG begin
VARIABLE = re.compile(r"(--\w+=)?\$([^\W\d]\w*)")  # $x0 or --x=$x0

shown_in_notebook: Counter[str] = Counter()  # how often, by the mark of the picture


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Give a notebook the magics %bpviz and %%bpviz: what %load_ext bpviz calls."""
    from IPython.core.magic import no_var_expand

    def bpviz(line: str, cell: str | None = None) -> None:
        """Run a command line of bpviz, %bpviz table "x*y" --x 2 --y 3; the rest of a %%bpviz cell is its program."""
        run_magic(shell, line, cell)

    # IPython would put a variable x into \frac{x}{y}
    shell.register_magic_function(no_var_expand(bpviz), "line_cell", "bpviz")


def run_magic(shell: InteractiveShell, line: str, program: str | None) -> None:
    """Run the command line of a magic; program is the rest of the cell, None for a magic of one line."""
    words = [insert_variable(word, shell.user_ns) for word in split_words(line)]
    if program is not None:
        command = words.pop(0) if words and not words[0].startswith("-") else "draw"
        words = [command, f"{program.rstrip()}\n", *words]  # with a line end nothing takes it for an option or a file
    run_in_cell(words, show_below if has_cells(shell) else None)


def split_words(line: str) -> list[str]:
    """Split a line into words as a shell does; raise UsageError if a quotation mark is not closed."""
    try:
        return shlex.split(line)
    except ValueError:
        raise UsageError("a quotation mark is not closed", hint="put the program between two of them") from None


def insert_variable(word: str, variables: Mapping[str, Any]) -> str:
    """Return the value of a variable for $name, and any other word as it is; UsageError if there is none of the name.

    >>> insert_variable("$rate", {"rate": 0.1}), insert_variable("--x=$rate", {"rate": 0.1}), insert_variable("$x$", {})
    ('0.1', '--x=0.1', '$x$')
    """
    found = VARIABLE.fullmatch(word)
    if not found:
        return word
    if found[2] not in variables:
        meant = find_nearest(found[2], variables)
        hint = f"did you mean ${meant}?" if meant else f"give it a value in a cell above: {found[2]} = 3"
        raise UsageError(f"no variable is called {found[2]}", hint=hint)
    return f"{found[1] or ''}{variables[found[2]]}"


def has_cells(shell: object) -> bool:
    """Say whether a shell shows pictures. A notebook's does and has a kernel; IPython's on a terminal has none."""
    return getattr(shell, "kernel", None) is not None


def show_below(output: Any, format: str | None = None) -> None:  # noqa: A002  the command line's word
    """Show an output below the cell; a picture in one format, if that is given, or as its text, such as that of dot."""
    from IPython.display import display

    kinds = [kind for kind, known in FORMATS.items() if known == format and kind != SVG]  # with an SVG goes the rest
    if format not in (None, *FORMATS.values()):
        print(output.data(format).decode(), end="")  # noqa: T201  the cell is where it goes
    else:
        display(output, include=kinds or None)


def show_picture(picture: Figure | Plot) -> None:
    """Show a picture in the notebook's cell, or where there is none in the program that the desktop has for SVG.

    Raises OutputError if there is neither.
    """
    python = sys.modules.get("IPython")
    if python and has_cells(python.get_ipython()):
        show_below(picture)
        return
    from tempfile import NamedTemporaryFile

    with NamedTemporaryFile(suffix=".svg", delete=False) as file:  # the program reads it when we have gone
        file.write(picture.data("svg"))
    if not open_file(file.name):
        raise OutputError("nothing here opens an SVG", hint='save it and open it yourself: figure.save("f.svg")')


def bundle_picture(picture: Figure | Plot, include: Collection[str] | None, exclude: Collection[str] | None) -> Bundle:
    """Return a picture as a notebook keeps it, by MIME type, and how large its PNG is.

    The page shows the SVG, or the PNG where a notebook is not trusted, and a notebook exported to LaTeX has the PDF. A
    PNG that would be larger than pictures may be is left out.
    """
    wanted = [kind for kind in FORMATS if (not include or kind in include) and kind not in (exclude or ())]
    bundle: dict[str, str] = {"text/plain": repr(picture)}
    metadata: dict[str, dict[str, int]] = {}
    if SVG in wanted:
        bundle[SVG] = number_ids(picture.svg)
    if PDF in wanted:
        bundle[PDF] = b64encode(picture.data("pdf")).decode()
    if PNG in wanted:
        try:
            data = picture.data("png")
        except UsageError:
            if SVG in bundle:
                return bundle, metadata
            raise
        bundle[PNG] = b64encode(data).decode()
        width, height = struct.unpack_from(">II", data, PNG_SIZE_AT)
        scale = SCREEN_DPI / picture.dpi
        metadata[PNG] = {"width": round(width * scale), "height": round(height * scale)}
    return bundle, metadata


def number_ids(svg: str, times_shown: Counter[str] = shown_in_notebook) -> str:
    """Give the ids of an SVG that has been shown before a number of their own: no page has an id twice."""
    found = MARK.search(svg)
    if not found:
        return svg
    times_shown[found[1]] += 1
    count = times_shown[found[1]]
    return svg if count == 1 else svg.replace(f"{found[1]}-", f"{found[1]}-{count}-")
