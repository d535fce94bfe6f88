"""Text to Graph: tokens or LaTeX, parser, bindings, lowering, naming; parse is the way in."""

from bpviz.lang.reading import MAX_CHARACTERS, constant, parse, unparse

__all__ = ["MAX_CHARACTERS", "constant", "parse", "unparse"]
