"""The forward pass in PyTorch and JAX, with the framework's own gradient: something to compare the lecture's with."""

from __future__ import annotations

from bpviz.autodiff import Trace
from bpviz.formula.numerals import Rounding
from bpviz.graph import Graph
from bpviz.text.listing.dialects import JAX, TORCH
from bpviz.text.listing.identifiers import identifiers
from bpviz.text.listing.lines import (
    Line,
    Staging,
    aligned,
    bracketed,
    forward_lines,
    gradient_dict,
    heading,
    indented,
    print_lines,
    signature,
)


def torch(graph: Graph, trace: Trace | None, rounding: Rounding) -> str:
    """Return a program as PyTorch tensors and a call of backward()."""
    names = identifiers(graph, TORCH.names)
    leaves = [
        Line(
            f"{names.values[i]} = torch.tensor({trace.values[i]!r}, requires_grad=True)", "" if k else "example values"
        )
        if trace
        else Line(f"{names.values[i]} = torch.as_tensor({names.values[i]}).double().detach().requires_grad_()")
        for k, i in enumerate(graph.inputs)
    ]
    body = [*aligned(leaves), *([""] if leaves else []), "# forward pass"]
    body += aligned(forward_lines(Staging(graph, trace, names, TORCH)))
    if graph.inputs:
        body += ["", "# backward pass: PyTorch's own", f"{names.output}.backward()"]
    gradients = [f"{names.values[i]}.grad" for i in graph.inputs]
    if trace:
        numbers = [f"{text}.item()" for text in gradients]
        body += ["", *print_lines(graph, f"{names.output}.item()" if numbers else f"float({names.output})", numbers)]
    else:
        returned = gradient_dict(graph, f"{names.output}.detach()" if graph.inputs else names.output, gradients)
        body = ["", *signature(graph, names, names.output), *indented([_docstring(graph), *body, "", *returned])]
    return "\n".join([*heading(graph, trace, names), *TORCH.imports, "", *body]) + "\n"


def jax(graph: Graph, trace: Trace | None, rounding: Rounding) -> str:
    """Return a program as a function for JAX and a call of value_and_grad."""
    names = identifiers(graph, (*JAX.names, "forward", "value", "gradients"))
    gradients = [f"gradients[{k}]" for k in range(len(graph.inputs))]
    lines = [*bracketed("def forward(", [names.values[i] for i in graph.inputs], "):")]
    lines += indented([*aligned(forward_lines(Staging(graph, trace, names, JAX))), f"return {names.output}"])
    lines += ["", "", "# backward pass: JAX's own"] if trace else ["", ""]
    if trace:
        point = [repr(trace.values[i]) for i in graph.inputs]
        lines += [*_differentiated(graph, point), "", *print_lines(graph, "value", gradients)]
    else:
        point = [f"jnp.asarray({names.values[i]}, dtype=float)" for i in graph.inputs]
        body = [_docstring(graph), "# backward pass: JAX's own", *_differentiated(graph, point)]
        returned = gradient_dict(graph, "value", gradients)
        lines += [*signature(graph, names, names.output), *indented([*body, *returned])]
    return "\n".join([*heading(graph, trace, names), *JAX.imports, "", "", *lines]) + "\n"


def _differentiated(graph: Graph, point: list[str]) -> list[str]:
    if not graph.inputs:
        return ["value = forward()"]
    slots = ", ".join(map(str, range(len(point)))) + ("," if len(point) == 1 else "")
    return bracketed(f"value, gradients = jax.value_and_grad(forward, argnums=({slots}))(", point, ")")


def _docstring(graph: Graph) -> str:
    return f'"""Return {graph.output_name} and a dict of its gradients."""'
