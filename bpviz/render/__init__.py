"""The only package that runs Graphviz or writes a file: a picture becomes bytes, bytes become a whole file."""

from bpviz.render.figure import DPI, ENGINES, FORMATS, picture
from bpviz.render.files import make_folder, write
from bpviz.render.interrupt import interruptible
from bpviz.render.places import geometry

__all__ = ["DPI", "ENGINES", "FORMATS", "geometry", "interruptible", "make_folder", "picture", "write"]
