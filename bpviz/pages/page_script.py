"""The script of a page: the program as JavaScript, what the page knows of it as data, and page.js, the same on all.

What somebody typed stands in strings of the data only, without < and &, so that it is neither code nor markup.
"""

from __future__ import annotations

import json
from pathlib import Path

from bpviz.autodiff import Trace
from bpviz.figure.lettering import subscript
from bpviz.formula.numerals import Rounding
from bpviz.gates import BRANCH
from bpviz.pages.compaction import compact_script
from bpviz.pages.page_lines import describe_lines
from bpviz.pages.page_steps import list_steps
from bpviz.text.run_script import UNSAFE, write_run_script

SCRIPTS = [Path(__file__).with_name(f"{name}.js") for name in ("page_numbers", "page_lines", "page")]


def write_data(data: object) -> str:
    """Write data as JavaScript that is safe in a page, without a space between its parts.

    >>> write_data([1, "</script>"])
    '[1,"\\\\u003c/script\\\\u003e"]'
    """
    return json.dumps(data, separators=(",", ":")).translate(UNSAFE)


def write_script(trace: Trace, rounding: Rounding, letter_size: float, quiz: str = "") -> str:
    """Write the script of a page; letter_size is that of the numbers on the wires, in units of the figure.

    quiz is the script that a quiz adds.
    """
    graph = trace.graph
    names = [subscript(node.name) for node in graph.nodes]
    names[graph.output] = subscript(graph.output_name)
    does = [*dict.fromkeys(node.gate.words.does for node in graph.nodes if node.gate)]
    data = {
        "digits": rounding.digits,
        "decimals": rounding.decimals,
        "letter_size": letter_size,
        "start": [trace.values[i] for i in graph.inputs],
        "inputs": graph.inputs,
        "names": [
            subscript(graph.output_name if i == graph.output else node.name) for i, node in enumerate(graph.nodes)
        ],
        "gates": graph.gate_ids,
        "output": subscript(graph.output_name),
        "output_node": graph.output,
        "does": does,
        "kinds": [does.index(node.gate.words.does) if node.gate else None for node in graph.nodes],
        "branch": BRANCH,
        **describe_lines(trace, rounding),
        "steps": " ".join(step.key for step in list_steps(graph)),
    }
    if quiz:
        data |= {"is_quiz": True, "symbols": {}}  # those of a quiz stand on the page
    run = write_run_script(graph, clears_noise=True)
    own = "\n".join(each.read_text(encoding="utf-8") for each in SCRIPTS)
    code = f"{run}const PAGE = {write_data(data)};\n{own}{quiz}"
    return '"use strict";\n' + compact_script(code)
