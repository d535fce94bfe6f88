"""Text to Graph: tokens or LaTeX, parser, bindings, lowering, naming; parse is the way in."""

from bpviz.lang.reading import Unshaped, fit_shapes, parse, read_constant, unparse

__all__ = ["Unshaped", "fit_shapes", "parse", "read_constant", "unparse"]
