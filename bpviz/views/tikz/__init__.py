"""A sketch that has been laid out as TikZ: a picture to be put into a paper, or a document of its own."""

from bpviz.views.tikz.canvas import Overlays
from bpviz.views.tikz.document import document, fallbacks
from bpviz.views.tikz.picture import CONTROL, ON, colours, picture

__all__ = ["CONTROL", "ON", "Overlays", "colours", "document", "fallbacks", "picture"]
