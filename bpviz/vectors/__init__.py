"""Vectors and matrices: shapes, the table of vector operations, and the layer that groups scalar nodes into vectors.

A new operation is one row in vector_table.py and one case in tests/vectors. What works entry by entry is in the gate
table already.
"""

from bpviz.vectors.shapes import Nested, Shape, nest, read_nested, say_shape, write_shape
from bpviz.vectors.value_files import read_value_file
from bpviz.vectors.vector_graph import VectorGraph, VectorNode, VectorWire
from bpviz.vectors.vector_numbers import VectorNumbers
from bpviz.vectors.vector_row import VectorOperation
from bpviz.vectors.vector_table import (
    VECTOR_FUNCTIONS,
    VECTOR_OPERATIONS,
    VECTOR_TABLE,
    find_operation,
    find_scalar_gate,
)

__all__ = [
    "VECTOR_FUNCTIONS",
    "VECTOR_OPERATIONS",
    "VECTOR_TABLE",
    "Nested",
    "Shape",
    "VectorGraph",
    "VectorNode",
    "VectorNumbers",
    "VectorOperation",
    "VectorWire",
    "find_operation",
    "find_scalar_gate",
    "nest",
    "read_nested",
    "read_value_file",
    "say_shape",
    "write_shape",
]
