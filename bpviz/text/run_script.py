"""A program as JavaScript that computes what bpviz.run does: every value and every gradient, or the same error.

The script is tables of the program, the formulas of its gates, which are as accurate as Python's
(gates/accurate/accurate.js), and a loop over them: a straight line of code for every number, as bpviz code prints it,
would be a third of the script of a page of 90 gates. What somebody typed stands in strings only, of ASCII without < and
&, so that it is neither code nor markup wherever the script is put.
"""

from __future__ import annotations

import json
from pathlib import Path

from bpviz.autodiff import (
    HINT_OVERFLOW,
    IS_OVERFLOW,
    IS_POLE,
    OVERFLOWS,
    SMALLEST,
    suggest_coarser,
    write_equation,
)
from bpviz.formula.numerals import number
from bpviz.gates import Gate, state_domain, write_expression
from bpviz.graph import Graph
from bpviz.noise import (
    BESIDE_KINK,
    FEW_OPERANDS,
    GATE_ERROR,
    HALF_UNIT,
    MOST_UNCERTAIN,
    STEP,
    UNCERTAIN,
    bound_leaf,
    is_one_operation,
)
from bpviz.text.script_formulas import take_functions, write_slope, write_value

RUN, FAILURES, NOISE, WARNINGS = (
    Path(__file__).with_name(f"{name}.js") for name in ("run", "failures", "noise", "warnings")
)
EXPORTED = "clear_noise, list_warnings, is_at_kink, is_at_pole, is_underflow, gates, operands, wires, equations"
UNSAFE = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&'`"})  # in HTML, and in an attribute of it


def write_run_script(graph: Graph, name: str = "run", *, clears_noise: bool = False) -> str:
    """Write a program as the JavaScript function run(inputs), a constant of this name, without import or export.

    inputs is an array of numbers, in the order of graph.inputs. What it returns is a trace, by id of the node, and of a
    gate by slot of the operand, as of bpviz.run:

        {values: [...], gradients: [...], local: [[...], ...], downstream: [[...], ...]}

    or, where bpviz.run raises, an object with the error alone. node is the id of the gate that fails (null for a gate
    that was taken apart); kind is "domain", "overflow" or "gradient"; message and hint are those of the exception:

        {error: {node: 3, kind: "domain", message: "f = ln(x) has no value at −1", hint: "ln needs a > 0"}}

    It throws nothing. The numbers are those of bpviz.run to four units in the last place a gate; rounding error stands
    in them as it does there. With clears_noise there is run.clear_noise as well, which takes such a trace and returns
    it as bpviz.noise.clear_noise does, for people: what is rounding error and nothing else is 0;
    run.list_warnings(trace, cleared) is what clear_noise(bpviz.run(…)).warnings has. run.operands has the ids of each
    gate's operands, and run.wires the gate and the slot of each wire that leaves a node.
    """
    gates, required = _write_gates(graph, clears_noise), _write_requirements(graph)
    scripts = [RUN, FAILURES, *([NOISE, WARNINGS] if clears_noise else [])]
    parts = [*take_functions([*gates, *required]), "\n".join(required), "\n".join(gates), *_write_tables(graph)]
    parts += [each.read_text(encoding="utf-8").strip() for each in scripts]
    body = "\n\n".join(parts).split("\n")
    body.append(f"return Object.assign(run, {{{EXPORTED}}});" if clears_noise else "return run;")
    return "\n".join([f"const {name} = (() => {{", *(f"    {line}" if line else "" for line in body), "})();"]) + "\n"


def _write_requirements(graph: Graph) -> list[str]:
    """Write the gates that were taken apart, whose operands must be in their domains."""
    lines = ["const required = ["]
    for gate, operands, _ in graph.requirements:
        names = [f"a{slot}" for slot in range(len(operands))]
        numbers = [f"values[{each}]" if isinstance(each, int) else repr(each) for each in operands]
        value = f"({', '.join(names)}) => {write_value(gate, names)}"
        lines.append(f"  {{value: {value}, operands: values => [{', '.join(numbers)}]}},")
    return [*lines, "];"]


def _write_gates(graph: Graph, clears_noise: bool) -> list[str]:
    """Write the gates as functions of their operands, and what the bounds of errors and the warnings need."""
    kinds: dict[tuple[Gate, int], int] = {}
    gates = [
        kinds.setdefault((node.gate, len(node.operands)), len(kinds)) if node.gate else None for node in graph.nodes
    ]
    lines = ["const kinds = ["]
    for gate, count in kinds:
        operands = [f"a{slot}" for slot in range(count)]
        slopes = [write_slope(gate, slot, operands, "z") for slot in range(count)]
        lines += [
            "  {",
            f"    value: ({', '.join(operands)}) => {write_value(gate, operands)},",
            f"    slopes: ({', '.join(['z', *operands])}) => [{', '.join(slopes)}],",
            *([f"    is_one_operation: {quote(is_one_operation(gate))},"] if clears_noise else []),
            *([f"    kink: {gate.kink.__name__}, rule: {quote(gate.rule)},"] if gate.kink and clears_noise else []),
            *([f"    nonzero: {gate.nonzero.__name__},"] if gate.nonzero and clears_noise else []),
            *([f"    caution: {quote(gate.words.caution)},"] if gate.words.caution and clears_noise else []),
            "  },",
        ]
    mapped = f"const gates = {quote(gates)}.map(kind => kind === null ? null : kinds[kind]);"
    if not clears_noise:
        return [*lines, "];", mapped]
    leaves = [None if node.constant is None else bound_leaf(node, node.constant) for node in graph.nodes]
    tables = {
        "leaves": leaves,
        "HALF_UNIT": HALF_UNIT,
        "GATE_ERROR": GATE_ERROR,
        "STEP": STEP,
        "FEW_OPERANDS": FEW_OPERANDS,
        "MOST_UNCERTAIN": MOST_UNCERTAIN,
        "notes": [text for text in graph.warnings if text not in graph.notes],
        "SMALLEST": SMALLEST,
        "IS_POLE": IS_POLE,
        "IS_OVERFLOW": IS_OVERFLOW,
        "BESIDE_KINK": BESIDE_KINK,
        "UNCERTAIN": UNCERTAIN,
    }
    return [
        *lines,
        "];",
        mapped,
        *(f"const {name} = {quote(table)};" for name, table in tables.items()),
    ]


def _write_tables(graph: Graph) -> list[str]:
    """Write what the messages of errors need: equations and hints, wires, poles; all of it is data."""
    gates = range(len(graph.nodes))
    domains = [
        state_domain(node.gate) + suggest_coarser(graph, i) if node.gate else "" for i, node in enumerate(graph.nodes)
    ]
    overflows = [HINT_OVERFLOW + suggest_coarser(graph, i) if graph.nodes[i].gate else "" for i in gates]
    asked = []
    for gate, operands, _ in graph.requirements:
        names = [graph.nodes[each].name if isinstance(each, int) else number(each) for each in operands]
        asked.append([write_expression(gate, tuple(names)), state_domain(gate)])
    poles = [[node.operands[0], node.gate.poles] if node.gate and node.gate.poles else None for node in graph.nodes]
    hints = [*dict.fromkeys([*domains, *overflows])]
    tables = {
        "constants": [node.constant for node in graph.nodes],
        "input_nodes": graph.inputs,
        "output": graph.output,
        "operands": [node.operands for node in graph.nodes],
        "equations": [write_equation(graph, i) for i in gates],
        "hints": hints,
        "domains": [*map(hints.index, domains)],
        "overflows": [*map(hints.index, overflows)],
        "asked": asked,
        "wires": [[[wire.target, wire.slot] for wire in wires] for wires in graph.wires_from],
        "poles": poles,
        "OVERFLOWS": OVERFLOWS,
    }
    return ["\n".join(f"const {name} = {quote(table)};" for name, table in tables.items())]


def quote(data: object) -> str:
    """Write strings, numbers and lists of them as JavaScript that is safe in a page, too.

    >>> quote("</script>")
    '"\\\\u003c/script\\\\u003e"'
    """
    return json.dumps(data, separators=(",", ":")).translate(UNSAFE)
