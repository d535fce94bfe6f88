"""sympy in a process of its own, which ends when it has an answer, when its time is over, or with Ctrl-C.

What goes in and comes out is JSON: the tape one way, trees of formulas the other. The process runs these modules as
they are found here and nothing that is typed; its command line is always the same.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bpviz.errors import EvaluationError, UsageError
from bpviz.formula.sympy_forms.sympy_tree import Tree
from bpviz.gates import GATES
from bpviz.graph import Graph, Node
from bpviz.limits import DEFAULT, raise_by

PACKAGES = str(Path(__file__).parents[2])  # where bpviz is
HINT = "leave --simplify out"
GRACE = 5  # seconds after which the process ends itself, should nobody be there any more to end it
BEGINNING = (
    "import sys, json; job = json.load(sys.stdin); sys.path[:] = job['path'];"
    "from bpviz.formula.sympy_forms.apart import answer; answer(job)"
)


def simplified_gradients(graph: Graph, seconds: float = DEFAULT.seconds) -> dict[int, Tree]:
    """Return the derivative of the output by each input as sympy simplifies it.

    Raises UsageError for a formula that sympy does not take on, EvaluationError when the seconds are over.
    """
    job = {"path": [*sys.path, PACKAGES], "seconds": seconds + GRACE, "graph": _said(graph)}
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
    """Return what the process answers; it has ended when this is left, in whatever way."""
    line = [sys.executable, "-I", "-S", "-c", BEGINNING]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            return process.communicate(job, timeout=seconds)[0]
        finally:
            process.kill()
            process.wait()  # with Ctrl-C the context leaves without


def answer(job: dict[str, Any]) -> None:
    """Do a job in the process of its own: print its result."""
    from threading import Timer

    watch = Timer(job["seconds"], os._exit, (1,))
    watch.daemon = True
    watch.start()
    sys.stdout.write(result(job))


def result(job: dict[str, Any]) -> str:
    """Return the trees of a job, null where there are none."""
    from bpviz.formula.sympy_forms.simplified import TooComplexError, simplified

    try:
        return json.dumps(simplified(_heard(job["graph"])))
    except (TooComplexError, RecursionError):
        return json.dumps(None)


def _said(graph: Graph) -> dict[str, Any]:
    nodes = [(node.name, node.gate and node.gate.name, node.operands, node.constant) for node in graph.nodes]
    return {"nodes": nodes, "inputs": graph.inputs, "output": graph.output, "constants": graph.constants}


def _heard(said: dict[str, Any]) -> Graph:
    nodes = tuple(
        Node(name, GATES[gate] if gate else None, tuple(operands), (0, 0), constant)
        for name, gate, operands, constant in said["nodes"]
    )
    return Graph("", nodes, tuple(said["inputs"]), said["output"], "f", {}, constants=said["constants"])
