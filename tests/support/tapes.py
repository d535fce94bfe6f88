"""Random graphs that look like programs, and traces of them with numbers of every length: for tests of the picture."""

from __future__ import annotations

from random import Random

from bpviz.autodiff import Trace
from bpviz.gates import GATES
from bpviz.graph import Graph, Node

UNARY = ("sigmoid", "tanh", "reciprocal", "square", "exp", "relu")
BINARY = ("add", "multiply", "subtract", "add", "multiply")
SEVERAL = ("max", "sum")
INPUTS = ("x", "y", "z", "w_0", "w_12", "θ", "b", "learning_rate")
NOWHERE = (0, 0)


def tape(seed: int, most: int = 60) -> Graph:
    """Return a graph of 1 to most gates over 1 to 8 inputs, all of which lead to the output."""
    random = Random(seed)
    inputs, gates = random.randint(1, 8), random.randint(1, most)
    nodes = [Node(name, None, (), NOWHERE) for name in random.sample(INPUTS, inputs)]
    loose = random.sample(range(inputs), inputs)  # what no gate uses yet
    for k in range(gates):
        gate, operands = next_gate(random, nodes, loose, left=gates - k)
        if gate in ("add", "multiply") and operands[0] == operands[1] and random.random() < 0.5:
            nodes.append(Node(random.choice(("2", "0.5", "-1")), None, (), NOWHERE, 2.0))
            operands = (operands[0], len(nodes) - 1)
        name = random.choice((f"v{k}", f"g{k}_out", f"a_{k}"))
        nodes.append(Node(name, GATES[gate], operands, NOWHERE))
        loose.append(len(nodes) - 1)
    return needed(nodes)


def next_gate(random: Random, nodes: list[Node], loose: list[int], left: int) -> tuple[str, tuple[int, ...]]:
    """Choose a gate and its operands: those not used yet first when few gates are left, else what is recent."""
    hurry = len(loose) > left
    kinds = (BINARY, SEVERAL) if hurry else (UNARY, BINARY, BINARY, SEVERAL)
    kind = random.choice(kinds)
    operands = [operand(random, nodes, loose, hurry) for _ in range({UNARY: 1, BINARY: 2, SEVERAL: 3}[kind])]
    return random.choice(kind), tuple(operands)


def operand(random: Random, nodes: list[Node], loose: list[int], hurry: bool) -> int:
    if loose and (hurry or random.random() < 0.6):
        return loose.pop()
    while True:
        found = max(0, len(nodes) - 1 - int(random.expovariate(0.15)))
        if nodes[found].constant is None:
            if found in loose:
                loose.remove(found)
            return found


def needed(nodes: list[Node]) -> Graph:
    """Return the graph of the last node: what does not lead to it is left out."""
    wanted = {len(nodes) - 1}
    for i in range(len(nodes) - 1, -1, -1):
        if i in wanted:
            wanted.update(nodes[i].operands)
    place = {old: new for new, old in enumerate(sorted(wanted))}
    kept = tuple(nodes[old]._replace(operands=tuple(place[o] for o in nodes[old].operands)) for old in place)
    inputs = tuple(i for i, node in enumerate(kept) if node.gate is None and node.constant is None)
    return Graph("a random program", kept, inputs, len(kept) - 1, "f", {})


def numbers(graph: Graph, seed: int) -> Trace:
    """Return a trace whose numbers are of every length that can occur, and of no meaning."""
    random = Random(seed)

    def row(count: int) -> tuple[float, ...]:
        return tuple(
            random.choice(
                (3.0, -4.0, random.gauss(0, 1), random.gauss(0, 0.01), random.gauss(0, 300), 1e-9, -1.2345e12)
            )
            for _ in range(count)
        )

    one_each = [row(len(node.operands)) for node in graph.nodes]
    return Trace(graph, row(len(graph.nodes)), row(len(graph.nodes)), tuple(one_each), tuple(one_each), ())
