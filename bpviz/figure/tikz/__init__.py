"""A sketch that has been laid out as TikZ: a picture to be put into a paper, or a document of its own."""

from bpviz.figure.tikz.canvas import Overlays
from bpviz.figure.tikz.document import document, fallbacks
from bpviz.figure.tikz.picture import CONTROL, ON, colours, picture

__all__ = ["CONTROL", "ON", "Overlays", "colours", "document", "fallbacks", "picture"]
