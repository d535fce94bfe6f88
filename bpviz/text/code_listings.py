"""A program as code: the staged computation of a lecture, in several languages, from one set of names and steps.

Python, NumPy and JavaScript have both passes: forward one named line a gate, backward in reverse order, += from the
second contribution on. NumPy's differ from Python's in their functions and in two lines: the seed has the output's
shape, and a gradient that is added to later must not be another array's own memory. PyTorch and JAX have the
forward pass and the framework's own gradient: something to compare the lecture's with.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from bpviz.autodiff import Trace
from bpviz.formula.languages import JAX, NUMPY, PYTHON, TORCH, Dialect
from bpviz.formula.numerals import THREE_DIGITS, Rounding
from bpviz.graph import Graph
from bpviz.text.code_javascript import write_javascript
from bpviz.text.code_latex import write_latex
from bpviz.text.code_lines import (
    CodeLine,
    Staging,
    align,
    bracket,
    by_name,
    indent,
    write_backward,
    write_forward,
    write_heading,
    write_prints,
    write_return,
    write_signature,
)
from bpviz.text.code_names import choose_identifiers
from bpviz.text.code_vector_latex import write_vectors_in_latex
from bpviz.text.code_vector_listings import (
    write_vectors_in_jax,
    write_vectors_in_numpy,
    write_vectors_in_python,
    write_vectors_in_torch,
)
from bpviz.text.code_vector_script import write_vector_script
from bpviz.text.framework_slopes import explain_own_slopes, list_reached
from bpviz.text.writers import find_writer


def write_listing(
    graph: Graph, trace: Trace | None = None, lang: str = "python", rounding: Rounding = THREE_DIGITS
) -> str:
    """Write a program as python, numpy, javascript, torch, jax or latex; raise UsageError for any other language.

    With a trace it is a script that prints the output and its gradients at the trace's point, without one a function
    of the inputs that returns the output and a dict of gradients. latex is two aligned displays, whose numbers are
    rounded; code carries every digit.
    """
    language = find_writer(LANGUAGES, lang, "no listing is written in")
    write = language.write_vectors if graph.vectors else language.write
    return write(graph, trace, rounding)


def _write_passes(dialect: Dialect, graph: Graph, trace: Trace | None, rounding: Rounding) -> str:
    """Write both passes as Python or NumPy: a script at a trace's point, a function without one."""
    names = choose_identifiers(graph, dialect.names)
    staging = Staging(graph, trace, names, dialect)
    forward, backward = write_forward(staging), write_backward(staging)
    passes = ["# forward pass", *align(forward), "", "# backward pass, in reverse order", *align(backward)]
    math = dialect.math if any("math." in line for line in passes) else ()
    head = [*write_heading(graph, trace, names), *math, *dialect.imports, ""]
    if trace is None:
        body = ["", *_write_function(staging, passes)]
    else:
        is_general = not any(line.is_number for line in forward + backward)
        body = _write_script(staging, trace, passes, is_general)
    return "\n".join([*head, *body]).lstrip("\n") + "\n"


def _write_script(staging: Staging, trace: Trace, passes: list[str], is_general: bool) -> list[str]:
    graph, names = staging.graph, staging.names
    takes_arrays = staging.dialect.takes_arrays
    number = "np.array({!r})" if takes_arrays else "{!r}"
    words = "example values" + ("; an array of points does as well" if takes_arrays and is_general else "")
    values = [
        CodeLine(f"{names.values[i]} = {number.format(trace.values[i])}", "" if k else words)
        for k, i in enumerate(graph.inputs)
    ]
    gradients = by_name(graph, [names.gradients[i] for i in graph.inputs])
    return [
        *align(values),
        *([""] if values else []),
        *passes,
        "",
        *write_prints(graph.output_name, names.output, gradients),
    ]


def _write_function(staging: Staging, passes: list[str]) -> list[str]:
    graph, names = staging.graph, staging.names
    inputs = [names.values[i] for i in graph.inputs]
    arrays = [f"{name} = np.asarray({name}, dtype=float)" for name in inputs] if staging.dialect.takes_arrays else []
    body = [
        _docstring(graph),
        *([*arrays, ""] if arrays else []),
        *passes,
        "",
        *write_return(names.output, by_name(graph, [names.gradients[i] for i in graph.inputs])),
    ]
    return [*write_signature(graph, names, names.output), *indent(body)]


def write_torch(graph: Graph, trace: Trace | None, rounding: Rounding) -> str:
    """Write a program as PyTorch tensors and a call of backward()."""
    names = choose_identifiers(graph, TORCH.names)
    tensor = (
        "torch.tensor({!r}, requires_grad=True)" if trace else "torch.as_tensor({}).double().detach().requires_grad_()"
    )
    values = [trace.values[i] if trace else names.values[i] for i in graph.inputs]
    leaves = [
        CodeLine(f"{names.values[i]} = {tensor.format(value)}", "" if k or not trace else "example values")
        for k, (i, value) in enumerate(zip(graph.inputs, values, strict=True))
    ]
    body = [*align(leaves), *([""] if leaves else []), "# forward pass"]
    staging = Staging(graph, trace, names, TORCH)
    body += align(write_forward(staging))
    reached = list_reached(graph)
    if reached.intersection(graph.inputs):
        body += ["", "# backward pass: PyTorch's own", f"{names.output}.backward()"]
    # an input that is only compared, or not used at all, has no .grad
    gradients = [
        f"{names.values[i]}.grad" if i in reached else f"torch.zeros_like({names.values[i]})" for i in graph.inputs
    ]
    if trace:
        numbers = by_name(graph, [f"{text}.item()" for text in gradients])
        value = f"{names.output}.item()" if numbers else f"float({names.output})"
        body += ["", *write_prints(graph.output_name, value, numbers)]
    else:
        value = f"{names.output}.detach()" if graph.inputs else names.output
        returned = write_return(value, by_name(graph, gradients))
        body = ["", *write_signature(graph, names, names.output), *indent([_docstring(graph), *body, "", *returned])]
    heading = [*write_heading(graph, trace, names), *explain_own_slopes(staging)]
    return "\n".join([*heading, *TORCH.imports, "", *body]) + "\n"


def write_jax(graph: Graph, trace: Trace | None, rounding: Rounding) -> str:
    """Write a program as a function for JAX and a call of value_and_grad."""
    names = choose_identifiers(graph, (*JAX.names, "forward", "value", "gradients"))
    gradients = by_name(graph, [f"gradients[{k}]" for k in range(len(graph.inputs))])
    lines = [*bracket("def forward(", [names.values[i] for i in graph.inputs], "):")]
    staging = Staging(graph, trace, names, JAX)
    lines += indent([*align(write_forward(staging)), f"return {names.output}"])
    lines += ["", "", "# backward pass: JAX's own"] if trace else ["", ""]
    if trace:
        point = [repr(trace.values[i]) for i in graph.inputs]
        lines += [*_write_value_and_grad(graph, point), "", *write_prints(graph.output_name, "value", gradients)]
    else:
        point = [f"jnp.asarray({names.values[i]}, dtype=float)" for i in graph.inputs]
        body = [_docstring(graph), "# backward pass: JAX's own", *_write_value_and_grad(graph, point)]
        returned = write_return("value", gradients)
        lines += [*write_signature(graph, names, names.output), *indent([*body, *returned])]
    heading = [*write_heading(graph, trace, names), *explain_own_slopes(staging)]
    return "\n".join([*heading, *JAX.imports, "", "", *lines]) + "\n"


def _write_value_and_grad(graph: Graph, point: list[str]) -> list[str]:
    if not graph.inputs:
        return ["value = forward()"]
    slots = ", ".join(map(str, range(len(point)))) + ("," if len(point) == 1 else "")
    return bracket(f"value, gradients = jax.value_and_grad(forward, argnums=({slots}))(", point, ")")


def _docstring(graph: Graph) -> str:
    return f'"""Return {graph.output_name} and a dict of its gradients."""'


class Language(NamedTuple):
    """What writes programs of scalars, and of vectors."""

    write: Callable[[Graph, Trace | None, Rounding], str]
    write_vectors: Callable[[Graph, Trace | None, Rounding], str]


LANGUAGES: dict[str, Language] = {
    "python": Language(partial(_write_passes, PYTHON), write_vectors_in_python),
    "numpy": Language(partial(_write_passes, NUMPY), write_vectors_in_numpy),
    "javascript": Language(write_javascript, write_vector_script),
    "torch": Language(write_torch, write_vectors_in_torch),
    "jax": Language(write_jax, write_vectors_in_jax),
    "latex": Language(write_latex, write_vectors_in_latex),
}
