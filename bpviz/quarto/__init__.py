"""The extension for Quarto, which is also a filter for pandoc alone: bpviz.lua, and what Quarto reads of it.

This package only puts these files into a project. The filter runs the command line, a block of code being one, so that
it needs nothing of Python but bpviz on the PATH.
"""

from __future__ import annotations

import os
from pathlib import Path

from bpviz.files import make_folder, write

HOME = Path(__file__).parent
FILES = ("_extension.yml", "bpviz.lua")
PLACE = ("_extensions", "bpviz")  # where Quarto looks for the extension bpviz in a project


def write_extension(project: str | os.PathLike[str] = ".") -> list[str]:
    """Write the extension into the folder of a project, over an older one; return the names of its files.

    Raises OutputError where that cannot be written.
    """
    folder = os.fspath(project)
    for part in PLACE:
        folder = os.path.join(folder, part)
        make_folder(folder)
    names = [os.path.join(folder, name) for name in FILES]
    for name, file in zip(names, FILES, strict=True):
        write(name, (HOME / file).read_bytes())
    return names
