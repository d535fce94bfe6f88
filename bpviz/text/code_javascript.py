"""A program as JavaScript: the two passes of the Python listing, with functions that are accurate everywhere.

JavaScript raises no error where a gate has no value: it goes on with NaN or Infinity. So a line of the listing checks
all gates, and another the gradients, which stops it where bpviz.run stops.
"""

from __future__ import annotations

import json

from bpviz.autodiff import Trace
from bpviz.formula.languages import JAVASCRIPT
from bpviz.formula.numerals import Rounding, number
from bpviz.formula.printing import show
from bpviz.formula.products import simplify
from bpviz.formula.tree import Atom, read, substitute
from bpviz.gates import write_expression
from bpviz.graph import Graph, Wire
from bpviz.text.code_lines import (
    ChosenFormula,
    CodeLine,
    Staging,
    align,
    bracket,
    indent,
    write_backward,
    write_forward,
    write_heading,
)
from bpviz.text.code_names import choose_identifiers
from bpviz.text.script_formulas import fill_scripted_slope, guard_divisions, list_functions, take_functions

CHECK = """\
// every gate must have a value
function check(values) {
    for (const [name, value] of Object.entries(values)) {
        if (Number.isNaN(value)) throw new RangeError(`${name} has no value here`);
        if (!Number.isFinite(value)) throw new RangeError(`${name} overflows here`);
    }
}"""
CHECK_GRADIENTS = """\
// 0 × ∞ and ∞ − ∞ are no gradients
function check_gradients(gradients) {
    for (const [name, gradient] of Object.entries(gradients)) {
        if (Number.isNaN(gradient)) throw new RangeError(`${name} is not defined here`);
    }
}"""
SETS_PROTOTYPE = "__proto__"  # a key that is no key of an object in JavaScript, unless it is in [ ]


class ScriptStaging(Staging):
    """The staging of a listing in JavaScript, in which every formula is the accurate one."""

    def choose_forward(self, node: int) -> ChosenFormula:
        """Choose the formula of a gate, NaN where it has no value."""
        formula = substitute(read(self.gate(node).scripted[0]), self.operands(node), self.output(node))
        return ChosenFormula(guard_divisions(formula, "quotient"))

    def choose_slope(self, wire: Wire) -> ChosenFormula:
        """Choose the formula of a local gradient, infinite at a pole."""
        node = wire.target
        filled = fill_scripted_slope(self.gate(node), wire.slot, self.operands(node), self.output(node))
        return ChosenFormula(guard_divisions(simplify(filled), "divide"))


def write_javascript(graph: Graph, trace: Trace | None, rounding: Rounding) -> str:
    """Write both passes as JavaScript: a script at a trace's point, a function without one."""
    used = (*JAVASCRIPT.names, *list_functions(graph), "check", "check_gradients")
    names = choose_identifiers(graph, used, is_python=False)
    staging = ScriptStaging(graph, trace, names, JAVASCRIPT)
    passes = [
        "// forward pass",
        *align(write_forward(staging), JAVASCRIPT.comment),
        *_write_check(staging),
        "",
        "// backward pass, in reverse order",
        *align(write_backward(staging), JAVASCRIPT.comment),
        *bracket("check_gradients({", [names.gradients[i] for i in _list_reached(graph)], "});"),
    ]
    if trace is None:
        body = _write_function(staging, passes)
    else:
        declared = [
            CodeLine(f"const {names.values[i]} = {trace.values[i]!r};", "" if k else "example values")
            for k, i in enumerate(graph.inputs)
        ]
        body = [*align(declared, JAVASCRIPT.comment), *([""] if declared else []), *passes, "", *_write_prints(staging)]
    heading = write_heading(graph, trace, names, JAVASCRIPT.comment)
    functions = [*take_functions(passes), *([CHECK] if graph.gate_ids else []), CHECK_GRADIENTS]
    return "\n\n".join(filter(None, ["\n".join(heading), *functions, "\n".join(body)])) + "\n"


def _list_reached(graph: Graph) -> list[int]:
    """List the nodes that have a gradient, from the output back."""
    reached = {graph.output, *graph.inputs}
    for i in range(graph.output, -1, -1):
        if i in reached:
            reached.update(wire.source for wire in graph.wires_into(i))
    return sorted((i for i in reached if graph.nodes[i].constant is None), reverse=True)


def _write_check(staging: Staging) -> list[str]:
    """Write the lines that stop where a gate has no value, or one that was taken apart."""
    graph = staging.graph
    values = [staging.names.values[i] for i in graph.gate_ids]
    lines = bracket("check({", values, "});") if values else []
    for gate, operands, _ in graph.requirements:
        atoms = [staging.operand(each) if isinstance(each, int) else Atom("", each) for each in operands]
        formula = guard_divisions(substitute(read(gate.scripted[0]), atoms, Atom("")), "quotient")
        shown = tuple([graph.nodes[each].name if isinstance(each, int) else number(each) for each in operands])
        error = json.dumps(f"{write_expression(gate, shown)} has no value here", ensure_ascii=False)
        lines.append(f"if (Number.isNaN({show(formula, JAVASCRIPT.style)})) throw new RangeError({error});")
    return lines


def _write_function(staging: Staging, passes: list[str]) -> list[str]:
    """Write a function of the inputs; those with a default of the program's come last."""
    graph, names = staging.graph, staging.names
    defaults = {i: graph.defaults[graph.nodes[i].name] for i in graph.inputs if graph.nodes[i].name in graph.defaults}
    inputs = [names.values[i] for i in graph.inputs if i not in defaults]
    inputs += [f"{names.values[i]} = {default!r}" for i, default in defaults.items()]
    entries = [f"{write_key(graph.nodes[i].name)}: {names.gradients[i]}" for i in graph.inputs]
    body = [*passes, "", *bracket(f"return [{names.output}, {{", entries, "}];")]
    about = f"// Return {graph.output_name} and an object of its gradients."
    return [about, *bracket(f"function {names.output}(", inputs, ") {"), *indent(body), "}"]


def write_key(name: str) -> str:
    """Write a name as the key of an object."""
    key = json.dumps(name, ensure_ascii=False)
    return f"[{key}]" if name == SETS_PROTOTYPE else key


def _write_prints(staging: Staging) -> list[str]:
    """Write the lines that print the output and its gradients."""
    graph, names = staging.graph, staging.names
    f = graph.output_name
    shown = {f"{f} =": names.output}
    shown |= {f"d{f}/d{graph.nodes[i].name} =": names.gradients[i] for i in graph.inputs}
    return [f"console.log({json.dumps(text, ensure_ascii=False)}, {name});" for text, name in shown.items()]
