"""Text to Graph: tokens or LaTeX, parser, bindings, lowering, naming; parse is the way in."""

from bpviz.lang.declared_shapes import read_shape
from bpviz.lang.example_shapes import write_example
from bpviz.lang.reading import Unshaped, fit_shapes, parse, unparse
from bpviz.lang.typed_values import find_value_file, is_vector, read_constant, read_value

__all__ = [
    "Unshaped",
    "find_value_file",
    "fit_shapes",
    "is_vector",
    "parse",
    "read_constant",
    "read_shape",
    "read_value",
    "unparse",
    "write_example",
]
