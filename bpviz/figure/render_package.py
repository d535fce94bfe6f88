"""The only package that runs Graphviz or writes a file: a picture becomes bytes, bytes become a whole file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpviz.figure.interrupt import interruptible
from bpviz.figure.rendering import DPI, ENGINES, FORMATS, picture
from bpviz.files import make_folder, write

if TYPE_CHECKING:
    from bpviz.figure.places import geometry

__all__ = ["DPI", "ENGINES", "FORMATS", "geometry", "interruptible", "make_folder", "picture", "write"]


def __getattr__(name: str) -> object:
    """Import geometry when it is asked for: most figures need no places."""
    if name != "geometry":
        raise AttributeError(f"module 'bpviz.figure.render_package' has no attribute {name!r}")
    from bpviz.figure.places import geometry

    return geometry
