"""What a figure in a file may ask for: the keywords of api.draw, whatever they are, with the types of their values."""

from __future__ import annotations

from bpviz import api
from bpviz.keywords import types_of

NOT_HERE = ("program", "set")  # a file calls the second values
OPTIONS = {name: hint for name, hint in types_of(api.draw).items() if name not in NOT_HERE}
