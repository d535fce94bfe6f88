"""The script of a page: the program as JavaScript, what the page knows of it as data, and page.js, the same on all.

What somebody typed stands in strings of the data only, without < and &, so that it is neither code nor markup.
"""

from __future__ import annotations

from pathlib import Path

from bpviz.autodiff import Trace
from bpviz.figure.lettering import subscript
from bpviz.formula.numerals import Rounding
from bpviz.pages.page_steps import list_steps
from bpviz.text.run_script import quote, write_run_script

SCRIPT = Path(__file__).with_name("page.js")


def write_script(trace: Trace, rounding: Rounding, letter: float) -> str:
    """Write the script of a page; letter is how wide a digit is on the wires, in units of the figure."""
    graph = trace.graph
    data = {
        "digits": rounding.digits,
        "decimals": rounding.decimals,
        "letter": letter,
        "start": [trace.values[i] for i in graph.inputs],
        "inputs": graph.inputs,
        "names": [subscript(node.name) for node in graph.nodes],
        "output": subscript(graph.output_name),
        "output_node": graph.output,
        "wires": [[[wire.target, wire.slot] for wire in wires] for wires in graph.wires_from],
        "sources": {f"{wire.target}.{wire.slot}": wire.source for wire in graph.wires()},
        "steps": [step._asdict() for step in list_steps(graph)],
    }
    return f'"use strict";\n{write_run_script(graph)}const PAGE = {quote(data)};\n{SCRIPT.read_text(encoding="utf-8")}'
