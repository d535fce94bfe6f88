"""Which vectors of a program lie as rows: x and z of z = x·W, and a bias that is repeated down the rows of a batch.

A vector is a column in print unless something that is done with it needs a row; what is computed of a row entry by
entry is a row, too.
"""

from __future__ import annotations

from bpviz.vectors.vector_graph import VectorGraph
from bpviz.vectors.vector_row import VectorOperation

LETTERS, RESULT = "ab", "z"


def find_rows(graph: VectorGraph) -> frozenset[int]:
    """Find the vector nodes that lie as rows, by their ids."""
    rows: set[int] = set()
    beside: list[tuple[int, int]] = []  # vectors that are used entry by entry, and what comes of them
    for i, node in enumerate(graph.nodes):
        shapes = [graph.nodes[k].shape for k in node.operands]
        if isinstance(node.operation, VectorOperation):
            turned = node.transposed or (False,) * len(shapes)
            letters = node.operation.rules(shapes, node.arguments, turned).rows
            named = {**dict(zip(LETTERS, node.operands, strict=False)), RESULT: i}
            rows.update(named[letter] for letter in letters if len(graph.nodes[named[letter]].shape) == 1)
            if shapes == [node.shape] and len(node.shape) == 1:  # a softmax
                beside.append((node.operands[0], i))
        elif node.operation:
            repeated = [k for k, shape in zip(node.operands, shapes, strict=True) if len(shape) == 1]
            if len(node.shape) > 1:
                rows.update(repeated)
            beside += [(k, i) for k in repeated if node.shape == graph.nodes[k].shape]
    for pairs in (beside, beside[::-1]):  # forward to what is computed, and back to what it is computed of
        for source, target in pairs:
            if source in rows or target in rows:
                rows |= {source, target}
    return frozenset(rows)
