"""The only package that runs Graphviz or writes a file: a picture becomes bytes, bytes become a whole file."""

from __future__ import annotations

from bpviz.records import TYPE_CHECKING
from bpviz.render.figure import DPI, ENGINES, FORMATS, picture
from bpviz.render.files import make_folder, write
from bpviz.render.interrupt import interruptible

if TYPE_CHECKING:
    from bpviz.render.places import geometry

__all__ = ["DPI", "ENGINES", "FORMATS", "geometry", "interruptible", "make_folder", "picture", "write"]


def __getattr__(name: str) -> object:
    """Import geometry when it is asked for: most figures need no places."""
    if name != "geometry":
        raise AttributeError(f"module 'bpviz.render' has no attribute {name!r}")
    from bpviz.render.places import geometry

    return geometry
