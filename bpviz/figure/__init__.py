"""A trace or a graph as a picture: what it says, how it looks, DOT, layout, and the files that it becomes."""

from bpviz.figure.drawing import Figure, draw

__all__ = ["Figure", "draw"]
