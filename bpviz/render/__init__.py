"""The only package that runs Graphviz or writes a file: a picture becomes bytes, bytes become a whole file."""

from bpviz.render.figure import DPI, ENGINES, FORMATS, picture
from bpviz.render.files import write
from bpviz.render.interrupt import interruptible

__all__ = ["DPI", "ENGINES", "FORMATS", "interruptible", "picture", "write"]
