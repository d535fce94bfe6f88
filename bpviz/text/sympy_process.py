"""sympy in a process of its own, which ends when it has an answer, when its time is over, or with Ctrl-C.

What goes in and comes out is JSON: the tape one way, trees of formulas the other. The process runs these modules as
they are found here and nothing that is typed; its command line is always the same.

A tree is a list: a head, and what it is applied to. [INPUT, 0] is the first input, [NUMBER, 1, 3] a third,
[NUMBER, 1e40] a rounded number; other heads are ADD and the like, or what sympy calls the function: ["Pi"],
["tanh", [INPUT, 0]].
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from functools import reduce
from math import pi
from pathlib import Path
from typing import Any, cast

from bpviz.errors import EvaluationError, UsageError
from bpviz.formula.products import ONE, ZERO, add, divide, multiply
from bpviz.formula.tree import Atom, Formula, Term
from bpviz.graph import Graph
from bpviz.limits import DEFAULT, raise_by

Tree = list[Any]
INPUT, NUMBER, ADD, MULTIPLY, POWER, ONE_OVER = "input", "number", "add", "multiply", "power", "one over"
WHERE = "where"  # a condition, which is a comparison, and what is taken where it holds and where not
HALF = [NUMBER, 1, 2]
SYMPY_FUNCTIONS = {"log": "ln", "Abs": "abs", "Max": "max", "Min": "min"}  # others are called as in our notation
PACKAGES = str(Path(__file__).parents[2])  # where bpviz is
HINT = "leave --simplify out"
GRACE = 5  # seconds after which the process ends itself, should nobody be there any more to end it
BEGINNING = (
    "import sys, json; job = json.load(sys.stdin); sys.path[:] = job['path'];"
    "from bpviz.text.sympy_simplification import answer; answer(job)"
)


def simplify_gradients(graph: Graph, seconds: float = DEFAULT.seconds) -> dict[int, Tree]:
    """Ask sympy for the derivative of the output by each input, simplified.

    Raises UsageError for a formula that sympy does not take on, EvaluationError when the seconds are over.
    """
    job = {"path": [*sys.path, PACKAGES], "seconds": seconds + GRACE, "graph": encode_graph(graph)}
    try:
        found = json.loads(_ask(json.dumps(job).encode(), seconds))
    except subprocess.TimeoutExpired:
        hint = f"{HINT}, or {raise_by('seconds', 6 * int(seconds))}"
        time = f"{seconds:g} second{'' if seconds == 1 else 's'}"
        what = f"sympy has not simplified {graph.output_name} within {time}"
        raise EvaluationError(what, hint=hint) from None
    except (ValueError, RecursionError):  # it ended without a word: out of memory, or of stack
        found = None
    if found is None:
        raise UsageError("sympy does not finish with this formula", hint=HINT)
    return dict(zip(graph.inputs, found, strict=True))


def _ask(job: bytes, seconds: float) -> bytes:
    """Start the process and wait for its answer; kill it when the time is over, or at Ctrl-C."""
    line = [sys.executable, "-I", "-S", "-c", BEGINNING]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            return process.communicate(job, timeout=seconds)[0]
        finally:
            process.kill()
            process.wait()  # with Ctrl-C the context leaves without


def encode_graph(graph: Graph) -> dict[str, Any]:
    """Write what the derivatives of a graph depend on as data that JSON can hold."""
    nodes = [(node.name, node.gate and node.gate.name, node.operands, node.constant) for node in graph.nodes]
    return {"nodes": nodes, "inputs": graph.inputs, "output": graph.output, "constants": graph.constants}


def read_tree(tree: Tree, atoms: Sequence[Atom]) -> Formula:
    """Read a tree as a formula; the atoms stand for the inputs."""
    head, *parts = tree
    if head == INPUT:
        return atoms[parts[0]]
    if head == NUMBER:
        if len(parts) == 1:
            return Atom("", parts[0])
        upper, lower = (Atom(f"{x}".replace("-", "−"), float(x)) for x in parts)
        return divide(upper, lower)
    if head == "Pi":
        return Atom("π", pi)
    if head == "Exp1":
        return Term("exp", (ONE,))
    formulas = [read_tree(part, atoms) for part in parts]
    if head == ADD:
        return add(formulas)
    if head == MULTIPLY:
        return reduce(multiply, formulas, cast(Formula, ONE))
    if head == ONE_OVER:
        return divide(ONE, formulas[0])
    if head == POWER:
        return Term("sqrt", (formulas[0],)) if parts[1] == HALF else Term("^", tuple(formulas))
    if head == "Heaviside":
        return Term(">", (formulas[0], ZERO))
    function: str = head
    return Term(SYMPY_FUNCTIONS.get(function, function), tuple(formulas))
