"""The script of a page: the program as JavaScript, what the page knows of it as data, and page.js, the same on all.

What somebody typed stands in strings of the data only, without < and &, so that it is neither code nor markup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bpviz.autodiff import Trace
from bpviz.figure.lettering import subscript
from bpviz.formula.numerals import Rounding
from bpviz.gates import BRANCH, Gate
from bpviz.pages.compaction import compact_script
from bpviz.pages.page_grids import PageGrids
from bpviz.pages.page_lines import describe_lines
from bpviz.pages.page_steps import list_steps
from bpviz.text.run_script import UNSAFE, write_run_script
from bpviz.vectors import VectorOperation

SCRIPTS = ("page_numbers", "page_scalars", "page_lines", "page")
VECTOR_SCRIPTS = ("page_numbers", "page_vectors", "page")


def write_data(data: object) -> str:
    """Write data as JavaScript that is safe in a page, without a space between its parts.

    >>> write_data([1, "</script>"])
    '[1,"\\\\u003c/script\\\\u003e"]'
    """
    return json.dumps(data, separators=(",", ":")).translate(UNSAFE)


def write_script(
    trace: Trace,
    rounding: Rounding,
    letter_size: float,
    quiz: str = "",
    grids: PageGrids | None = None,
    rules: Mapping[str, str] | None = None,
) -> str:
    """Write the script of a page; letter_size is that of the numbers on the wires, in units of the figure.

    quiz is the script that a quiz adds. grids are those of a program with vectors, rules its lines of the chain rule.
    """
    graph = grids.graph if grids else trace.graph
    does = [*dict.fromkeys(say_effect(node.gate) for node in graph.nodes if node.gate)]
    data = {
        "digits": rounding.digits,
        "decimals": rounding.decimals,
        "letter_size": letter_size,
        "start": [trace.values[i] for i in trace.graph.inputs],
        "inputs": graph.inputs,
        "names": [
            subscript(graph.output_name if i == graph.output else node.name) for i, node in enumerate(graph.nodes)
        ],
        "gates": graph.gate_ids,
        "output": subscript(graph.output_name),
        "output_node": graph.output,
        "does": does,
        "kinds": [does.index(say_effect(node.gate)) if node.gate else None for node in graph.nodes],
        "branch": BRANCH,
        **(describe_grids(grids, rules or {}) if grids else describe_lines(trace, rounding)),
        "steps": " ".join(step.key for step in list_steps(graph)),
    }
    if quiz:
        data |= {"is_quiz": True, "symbols": {}}  # those of a quiz stand on the page
    run = write_run_script(trace.graph, clears_noise=True)
    scripts = VECTOR_SCRIPTS if grids else SCRIPTS
    own = "\n".join(Path(__file__).with_name(f"{name}.js").read_text(encoding="utf-8") for name in scripts)
    code = f"{run}const PAGE = {write_data(data)};\n{own}{quiz}"
    return '"use strict";\n' + compact_script(code)


def say_effect(gate: Gate | VectorOperation) -> str:
    """Say what a gate or an operation on vectors does to a gradient."""
    return gate.does if isinstance(gate, VectorOperation) else gate.words.does


def describe_grids(grids: PageGrids, rules: Mapping[str, str]) -> dict[str, Any]:
    """Describe the grids for the script: page_vectors.js says what each part is."""
    graph, entries = grids.graph, grids.scalars.inputs
    leaving: list[list[list[int]]] = [[] for _ in graph.nodes]
    for wire in grids.list_wires():
        leaving[wire.source].append([wire.target, wire.slot])
    vectors = []
    for i in graph.inputs:
        shape = graph.grid.nodes[i].shape
        columns = (shape[1] if len(shape) > 1 else 0) if shape else None
        vectors.append({"node": i, "at": [*map(entries.index, graph.grid.nodes[i].entries)], "columns": columns})
    return {
        "grid_digits": grids.rounding.grid_digits,
        "wires": leaving,
        "operands": [node.operands for node in graph.nodes],
        "entries": entries,
        "vectors": vectors,
        "grids": {
            grid.key: [" ".join("+".join(terms) for terms in grid.entries), grid.template]
            for grid in grids.by_key.values()
        },
        "members": [node.members for node in graph.grid.nodes],
        "rules": rules,
    }
