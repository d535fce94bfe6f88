"""What a figure in a file may ask for: the keywords of api.draw, whatever they are, with the types of their values."""

from __future__ import annotations

from bpviz.figure import drawing
from bpviz.keywords import types_of
from bpviz.lang import parse

NOT_HERE = ("source", "what", "return")  # a file calls the second values
OPTIONS = {name: hint for name, hint in {**types_of(parse), **types_of(drawing.draw)}.items() if name not in NOT_HERE}
