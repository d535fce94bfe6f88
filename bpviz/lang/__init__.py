"""Text to Graph: tokens or LaTeX, parser, bindings, lowering, naming; parse is the way in."""

from bpviz.lang.reading import parse, read_constant, unparse

__all__ = ["parse", "read_constant", "unparse"]
