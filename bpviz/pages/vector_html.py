"""What a page has of vectors in place of single numbers: a field for each entry of an input, and grids in the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bpviz.autodiff import Trace
from bpviz.figure.diagram import DOTS
from bpviz.figure.lettering import subscript
from bpviz.formula.mathml import MATHML, escape, math
from bpviz.formula.printing import show
from bpviz.formula.tree import Atom
from bpviz.pages.page_grids import PageGrid, PageGrids
from bpviz.pages.page_numbers import name_downstream, name_gradient, name_value
from bpviz.pages.sliders import Slider, write_plainly
from bpviz.text.derivation import Derivation, Equation
from bpviz.vectors import write_shape
from bpviz.vectors.shapes import list_indices

MOST_SLIDERS = 12  # entries of all inputs; those of more have fields alone
HEADS = ("step", "name", "shape", "is", "value", "gradient", "made of")


def write_vector_inputs(trace: Trace, grids: PageGrids, sliders: Sequence[Slider], texts: Mapping[str, str]) -> str:
    """Write the fields of every input as its entries lie, each with its slider if there are few, and its gradient."""
    graph = grids.graph
    ranges = {slider.name: slider for slider in sliders}
    rows = []
    for node in graph.inputs:
        own, name = graph.grid.nodes[node], graph.nodes[node].name
        cells = []
        for index, entry in zip(list_indices(own.shape), own.entries, strict=True):
            label = escape(subscript(name) + (f"[{', '.join(map(str, index))}]" if index else ""))
            slider = ranges[grids.scalars.nodes[entry].name]
            cells.append(_write_entry(label, trace.values[entry], slider, has_slider=len(ranges) <= MOST_SLIDERS))
        wide = own.shape[-1] if len(own.shape) > 1 else 1
        body = "".join(f"<tr>{''.join(cells[k : k + wide])}</tr>" for k in range(0, len(cells), wide))
        table = f'<table class="entries {"matrix" if wide > 1 else "column"}">{body}</table>'
        derivative = f"<i>∂{escape(subscript(graph.output_name))}/∂{escape(subscript(name))}</i> ="
        rows.append(
            f'<div class="input" role="group" aria-label="{escape(subscript(name))}">'
            f"{math(show(Atom(name), MATHML))}{table}"
            f"<span>{derivative} {write_grid(grids.by_key[name_gradient(node)], texts)}</span></div>"
        )
    return "\n".join(rows)


def _write_entry(label: str, value: float, slider: Slider, *, has_slider: bool) -> str:
    start, stop, step, written = map(write_plainly, (*slider[1:], value))
    field = f'<input type="number" aria-label="{label}" step="any" value="{written}">'
    if has_slider:
        bounds = f'min="{start}" max="{stop}" step="{step}"'
        field += f'<input type="range" aria-label="{label}, slider" {bounds} value="{written}">'
    return f"<td><div>{field}</div></td>"


def write_vector_table(grids: PageGrids, derivation: Derivation, texts: Mapping[str, str]) -> str:
    """Write the rows of the table: the inputs with what their gradients are made of, then the operations."""
    graph = grids.graph
    formulas = [line.symbols for step in derivation.forward for line in step.lines if isinstance(line, Equation)]
    rows = [*_write_rows(grids, graph.inputs, ["input"] * len(graph.inputs), texts)]
    written = [math(show(formula, MATHML)) if formula else "" for formula in formulas]
    return "\n".join([*rows, *_write_rows(grids, graph.gate_ids, written, texts)])


def _write_rows(
    grids: PageGrids, nodes: Sequence[int], formulas: Sequence[str], texts: Mapping[str, str]
) -> Iterator[str]:
    branches = dict(grids.list_branches())
    for node, formula in zip(nodes, formulas, strict=True):
        own, step = grids.graph.grid.nodes[node], grids.graph.step_of.get(node, "")
        parts = [write_grid(grids.by_key[name_downstream(wire)], texts) for wire in branches.get(node, ())]
        yield (
            f"<tr><td>{step}</td><th scope=row><i>{escape(subscript(grids.graph.nodes[node].name))}</i></th>"
            f"<td>{write_shape(own.shape) if own.shape else ''}</td><td>{formula}</td>"
            f"<td>{write_grid(grids.by_key[name_value(node)], texts)}</td>"
            f"<td>{write_grid(grids.by_key[name_gradient(node)], texts)}</td><td>{' + '.join(parts)}</td></tr>"
        )


def write_grid(grid: PageGrid, texts: Mapping[str, str]) -> str:
    """Write a grid in brackets, each entry with its key, by which the script finds it."""
    if not grid.shape:
        return f"<b data-n={grid.keys[0]}>{texts[grid.keys[0]]}</b>"
    cells = ["".join(f"<mtd>{_write_cell(each, texts)}</mtd>" for each in row) for row in grid.rows]
    table = "".join(f"<mtr>{row}</mtr>" for row in cells)
    left, right = (
        f'<mo form="{form}" stretchy="true">{sign}</mo>' for form, sign in (("prefix", "["), ("postfix", "]"))
    )
    return math(f"<mrow>{left}<mtable>{table}</mtable>{right}</mrow>")


def _write_cell(key: str, texts: Mapping[str, str]) -> str:
    return f"<mo>{key}</mo>" if key in DOTS else f"<mn data-n={key}>{texts[key]}</mn>"
