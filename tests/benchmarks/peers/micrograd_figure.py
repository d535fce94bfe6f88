"""The figure of the example as one draws it today: micrograd, the graphviz package, and the system's dot.

A script of its own: python micrograd_figure.py FILE.
The walk and the labels are those of micrograd's notebook trace_graph.
"""

import math
import sys

from graphviz import Digraph
from micrograd.engine import Value


def sigmoid(x: Value) -> Value:
    out = Value(1 / (1 + math.exp(-x.data)), (x,), "sigmoid")

    def backward() -> None:
        x.grad += out.data * (1 - out.data) * out.grad

    out._backward = backward
    return out


def main(file: str) -> None:
    x, y = Value(3.0), Value(-4.0)
    f = (x + sigmoid(y)) / (sigmoid(x) + (x + y) ** 2)
    f.backward()
    nodes, edges = set(), set()

    def walk(value: Value) -> None:
        if value not in nodes:
            nodes.add(value)
            for operand in value._prev:
                edges.add((operand, value))
                walk(operand)

    walk(f)
    dot = Digraph(format="svg", graph_attr={"rankdir": "LR"})
    for value in nodes:
        label = f"{{ data {value.data:.4f} | grad {value.grad:.4f} }}"
        dot.node(name=str(id(value)), label=label, shape="record")
        if value._op:
            dot.node(name=f"{id(value)}{value._op}", label=value._op)
            dot.edge(f"{id(value)}{value._op}", str(id(value)))
    for operand, value in edges:
        dot.edge(str(id(operand)), f"{id(value)}{value._op}")
    dot.render(file)


if __name__ == "__main__":
    main(sys.argv[1])
