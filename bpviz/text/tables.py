"""Every number of a trace as text: inputs first, then the gates in step order.

The same rows become aligned text, Markdown, LaTeX and, with rich, a coloured table; CSV and JSON carry the full
double precision and the fields of the trace instead of rounded text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from typing import Any, NamedTuple

from bpviz.autodiff import Trace
from bpviz.errors import columns
from bpviz.formula.numerals import THREE_DIGITS, Rounding, number
from bpviz.graph import Wire
from bpviz.text.writers import writer_of

INPUT_HEADS = ("input", "value", "gradient", "made of")
GATE_HEADS = ("step", "name", "expression", "value", "local gradients", "gradient")
INPUT_NUMBERS = (1, 2)  # the columns of numbers, which stand flush right
GATE_NUMBERS = (0, 3, 5)


class Block(NamedTuple):
    """A table of text: its column heads, its rows, and which columns are numbers."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()


def table(trace: Trace, format: str = "plain", rounding: Rounding = THREE_DIGITS) -> str:  # noqa: A002  CLI's word
    """Return a trace as plain, markdown, latex, csv or json text; UsageError for any other format."""
    return writer_of(WRITERS, format, "no table is written as")(trace, rounding)


def input_block(trace: Trace, rounding: Rounding = THREE_DIGITS) -> Block:
    """Return the inputs with their gradients, and where any is a sum what it is made of."""
    graph = trace.graph
    rows = tuple(
        (
            graph.nodes[i].name,
            number(trace.values[i], rounding),
            number(trace.gradients[i], rounding),
            _sum_of(trace, i, rounding),
        )
        for i in graph.inputs or (() if graph.gate_ids else (graph.output,))  # a constant has a value and no more
    )
    shown = len(INPUT_HEADS) if any(row[-1] for row in rows) else len(INPUT_HEADS) - 1
    return Block(INPUT_HEADS[:shown], tuple(row[:shown] for row in rows), INPUT_NUMBERS)


def gate_block(trace: Trace, rounding: Rounding = THREE_DIGITS) -> Block:
    """Return the gates in step order, each with its expression, numbers and local gradients."""
    graph = trace.graph
    rows = tuple(
        (
            str(step),
            graph.nodes[i].name,
            graph.expression(i),
            number(trace.values[i], rounding),
            ", ".join(
                f"{graph.nodes[wire.source].name}: {number(trace.local[i][wire.slot], rounding)}"
                for wire in graph.wires_into(i)
            ),
            number(trace.gradients[i], rounding),
        )
        for step, i in enumerate(graph.gate_ids, start=1)
    )
    return Block(GATE_HEADS, rows, GATE_NUMBERS)


def joined(terms: Sequence[str]) -> str:
    """Return terms as a sum: "0.512 − 0.0358 + 1.58"."""
    first, *rest = terms
    return first + "".join(f" − {term[1:]}" if term.startswith("−") else f" + {term}" for term in rest)


def _sum_of(trace: Trace, node: int, rounding: Rounding) -> str:
    terms = [number(trace.downstream[wire.target][wire.slot], rounding) for wire in trace.graph.wires_from[node]]
    return joined(terms) if len(terms) > 1 else ""


def _plain(trace: Trace, rounding: Rounding) -> str:
    blocks = [block for block in (input_block(trace, rounding), gate_block(trace, rounding)) if block.rows]
    notes = [f"note: {warning}" for warning in trace.warnings]
    return "\n\n".join("\n".join(lines) for lines in [*map(aligned, blocks), notes] if lines) + "\n"


def aligned(block: Block) -> list[str]:
    """Return the lines of a block, heads first, its columns aligned with spaces."""
    return ["  ".join(line).rstrip() for line in padded(block)]


def padded(block: Block) -> list[list[str]]:
    """Return the cells of a block, heads first, each as wide as its column."""
    lines = (block.heads, *block.rows)
    widths = [max(columns(line[i]) for line in lines) for i in range(len(block.heads))]
    return [
        [
            _padded(cell, width, flush_right=i in block.numbers)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        for line in lines
    ]


def _padded(cell: str, width: int, *, flush_right: bool) -> str:
    space = " " * (width - columns(cell))
    return space + cell if flush_right else cell + space


def _markdown(trace: Trace, rounding: Rounding) -> str:
    blocks = [block for block in (input_block(trace, rounding), gate_block(trace, rounding)) if block.rows]
    notes = [f"*{markdown_cell(warning)}*\n" for warning in trace.warnings]
    return "\n".join([*map(markdown_table, blocks), *notes])


def markdown_table(block: Block) -> str:
    """Return a block as a Markdown table, its cells escaped."""
    rule = ["---:" if i in block.numbers else ":---" for i in range(len(block.heads))]
    lines = [block.heads, rule, *([markdown_cell(cell) for cell in row] for row in block.rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def markdown_cell(cell: str) -> str:
    """Return text that Markdown shows as it is."""
    return "".join(f"\\{c}" if c in "\\|*_`<>[]#" else " " if c.isspace() else c for c in cell)


def _latex(trace: Trace, rounding: Rounding) -> str:
    from bpviz.formula import latex  # late: no other format needs mathematics

    graph = trace.graph
    inputs = input_block(trace, rounding)
    points = tuple(
        (f"${latex.name(row[0])}$", *(f"${latex.mathematics(cell)}$" if cell else "" for cell in row[1:]))
        for row in inputs.rows
    )
    gates = [
        (
            row[0],
            f"${latex.name(row[1])}$",
            f"${latex.expression(graph, i)}$",
            f"${latex.mathematics(row[3])}$",
            f"${_latex_locals(trace, i, rounding)}$",
            f"${latex.mathematics(row[5])}$",
        )
        for i, row in zip(graph.gate_ids, gate_block(trace, rounding).rows, strict=True)
    ]
    blocks = [inputs._replace(rows=points), Block(GATE_HEADS, tuple(gates), GATE_NUMBERS)]
    notes = [f"% {warning}\n" for warning in trace.warnings]
    return "\n".join([*(tabular(block) for block in blocks if block.rows), *notes])


def _latex_locals(trace: Trace, node: int, rounding: Rounding) -> str:
    from bpviz.formula import latex  # late: no other format needs mathematics

    return r",\; ".join(
        f"{latex.name(trace.graph.nodes[wire.source].name)}: {latex.value(trace.local[node][wire.slot], rounding)}"
        for wire in trace.graph.wires_into(node)
    )


def tabular(block: Block) -> str:
    """Return a block as a LaTeX tabular; its cells are LaTeX already."""
    shape = "".join("r" if i in block.numbers else "l" for i in range(len(block.heads)))
    rows = "".join(f"  {' & '.join(row)} \\\\\n" for row in block.rows)
    heads = " & ".join(block.heads)
    return f"\\begin{{tabular}}{{{shape}}}\n  {heads} \\\\\n  \\hline\n{rows}\\end{{tabular}}\n"


def _csv(trace: Trace, rounding: Rounding) -> str:
    import csv
    import io

    graph, out = trace.graph, io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ["kind", "step", "name", "gate", "expression", "value", "gradient", "operands", "local", "downstream"]
    )
    for i in graph.inputs:
        writer.writerow(["input", "", graph.nodes[i].name, "", "", trace.values[i], trace.gradients[i], "", "", ""])
    for step, i in enumerate(graph.gate_ids, start=1):
        gate, wires = graph.nodes[i].gate, tuple(graph.wires_into(i))
        lists = (
            [graph.nodes[wire.source].name for wire in wires],
            [repr(trace.local[i][wire.slot]) for wire in wires],
            [repr(trace.downstream[i][wire.slot]) for wire in wires],
        )
        facts = [graph.nodes[i].name, gate.name if gate else "", graph.expression(i)]
        writer.writerow(["gate", step, *facts, trace.values[i], trace.gradients[i], *map(" ".join, lists)])
    return out.getvalue()


def _json(trace: Trace, rounding: Rounding) -> str:
    """Return the record with one input or gate a line: indented further, 100,000 gates would be twice as long."""
    from json import JSONEncoder

    encode = JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    fields = [f"  {encode(name)}: {_json_value(value, encode)}" for name, value in record(trace).items()]
    return "{\n" + ",\n".join(fields) + "\n}\n"


def _json_value(value: object, encode: Callable[[object], str]) -> str:
    if not isinstance(value, Iterator):
        return encode(value)
    lines = ",\n".join(f"    {encode(item)}" for item in value)
    return f"[\n{lines}\n  ]" if lines else "[]"


def record(trace: Trace) -> dict[str, Any]:
    """Return a trace as the dictionary that the JSON format writes: full precision, an infinite number as None."""
    graph = trace.graph
    return {
        "program": graph.source,
        "output": graph.output_name,
        "value": trace.values[graph.output],
        "inputs": (_input_record(trace, i) for i in graph.inputs),
        "gates": (_gate_record(trace, step, i) for step, i in enumerate(graph.gate_ids, start=1)),
        "warnings": list(trace.warnings),
    }


def _input_record(trace: Trace, node: int) -> dict[str, Any]:
    name, gradient = trace.graph.nodes[node].name, trace.gradients[node]
    return {"name": name, "value": trace.values[node], "gradient": _finite(gradient)}


def _gate_record(trace: Trace, step: int, node: int) -> dict[str, Any]:
    graph, folded = trace.graph, trace.graph.folded(node)
    gate = graph.nodes[node].gate
    return {
        "step": step,
        "name": graph.nodes[node].name,
        "gate": gate.name if gate else "",
        "expression": graph.expression(node),
        "value": trace.values[node],
        "gradient": _finite(trace.gradients[node]),
        **({} if folded is None else {"constant": folded}),
        "operands": [_operand_record(trace, wire) for wire in graph.wires_into(node)],
    }


def _operand_record(trace: Trace, wire: Wire) -> dict[str, Any]:
    return {
        "source": trace.graph.nodes[wire.source].name,
        "value": trace.values[wire.source],
        "local": _finite(trace.local[wire.target][wire.slot]),
        "downstream": _finite(trace.downstream[wire.target][wire.slot]),
    }


def _finite(x: float) -> float | None:
    return x if isfinite(x) else None


WRITERS: dict[str, Callable[[Trace, Rounding], str]] = {
    "plain": _plain,
    "markdown": _markdown,
    "latex": _latex,
    "csv": _csv,
    "json": _json,
}
