"""Text to Graph: tokens or LaTeX, parser, bindings, lowering, naming; parse is the way in."""

from bpviz.lang.reading import constant, parse, unparse

__all__ = ["constant", "parse", "unparse"]
