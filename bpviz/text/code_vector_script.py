"""A program with vectors as JavaScript: both passes in arrays, entry by entry, which stop where a run stops."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bpviz.autodiff import Trace
from bpviz.formula.languages import JAVASCRIPT
from bpviz.formula.numerals import Rounding
from bpviz.graph import Graph
from bpviz.text.code_entries import SCRIPT_LISTS
from bpviz.text.code_javascript import ScriptStaging, write_key
from bpviz.text.code_lines import align, bracket, indent
from bpviz.text.code_names import choose_vector_identifiers
from bpviz.text.code_vector_listings import VectorListing
from bpviz.text.code_vectors import ListLineWriter, VectorStaging
from bpviz.text.script_formulas import list_functions, take_functions

COMMENT = JAVASCRIPT.comment
CHECK = """\
// every gate must have a value
function check(values) {
    for (const [name, value] of Object.entries(values)) {
        for (const each of [value].flat(2)) {
            if (Number.isNaN(each)) throw new RangeError(`${name} has no value here`);
            if (!Number.isFinite(each)) throw new RangeError(`${name} overflows here`);
        }
    }
}"""
CHECK_GRADIENTS = """\
// 0 × ∞ and ∞ − ∞ are no gradients
function check_gradients(gradients) {
    for (const [name, gradient] of Object.entries(gradients)) {
        if ([gradient].flat(2).some(Number.isNaN)) throw new RangeError(`${name} is not defined here`);
    }
}"""


class VectorScriptStaging(ScriptStaging, VectorStaging):
    """The staging of vectors in JavaScript, in which every formula of a gate is the accurate one."""


def write_vector_script(graph: Graph, trace: Trace | None, rounding: Rounding) -> str:
    """Write both passes as JavaScript: a script at a trace's point, a function without one."""
    assert graph.vectors
    used = (*JAVASCRIPT.names, *list_functions(graph), *SCRIPT_LISTS.helpers, "power", "ln", "check", "check_gradients")
    names = choose_vector_identifiers(graph.vectors, used, is_python=False)
    staging = VectorScriptStaging(graph, trace, names, JAVASCRIPT)
    listing = VectorListing(graph, trace, staging, ListLineWriter(staging, SCRIPT_LISTS))
    values = [names.values[i] for i in graph.vectors.operation_ids]
    backward = listing.write_backward()
    reached = [name for name in names.gradients.values() if any(f" {name} = " in line for line in backward)]
    passes = [
        *listing.write_forward(),
        *bracket("check({", values, "});"),
        "",
        *backward,
        *bracket("check_gradients({", reached[::-1], "});"),
    ]
    if trace:
        declared = align(listing.declare(), JAVASCRIPT.comment)
        body = [*declared, *([""] if declared else []), *passes, "", *_write_prints(listing)]
    else:
        body = _write_function(listing, passes)
    helpers = [text for name, text in SCRIPT_LISTS.helpers.items() if any(f"{name}(" in line for line in passes)]
    functions = [
        *take_functions(line.partition(COMMENT)[0] for line in passes),
        *(["\n".join(helpers)] if helpers else []),
        CHECK,
        CHECK_GRADIENTS,
    ]
    heading = "\n".join(listing.write_heading())
    return "\n\n".join(filter(None, [heading, *functions, "\n".join(body)])) + "\n"


def _write_function(listing: VectorListing, passes: Sequence[str]) -> list[str]:
    """Write a function of the inputs; those with a default of the program's come last."""
    bare, given = listing.list_parameters()
    gradients = listing.by_name([listing.names.gradients[i] for i in listing.inputs])
    entries = [f"{write_key(name)}: {text}" for name, text in gradients.items()]
    returned = bracket(f"return [{listing.names.output}, {{", entries, "}];")
    about = listing.write_docstring().strip('"').replace("a dict", "an object")
    parameters = [*bare, *(f"{name} = {text}" for name, text in given.items())]
    head = bracket(f"function {listing.names.output}(", parameters, ") {")
    return [f"// {about}", *head, *indent([*passes, "", *returned]), "}"]


def _write_prints(listing: VectorListing) -> list[str]:
    """Write the lines that print the output and its gradients."""
    f = listing.graph.output_name
    shown = {f"{f} =": listing.names.output}
    shown |= {f"d{f}/d{listing.vectors.nodes[i].name} =": listing.names.gradients[i] for i in listing.inputs}
    return [f"console.log({json.dumps(text, ensure_ascii=False)}, {name});" for text, name in shown.items()]
