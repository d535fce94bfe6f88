"""A program with vectors as code: the listings of code_listings.py, in which a name is a whole array.

NumPy has both passes in its own arrays, Python in lists; PyTorch and JAX have the forward pass and the framework's own
gradient. What is written is right for the shapes that the program has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bpviz.autodiff import Trace
from bpviz.formula.languages import JAX, TORCH, Dialect
from bpviz.formula.numerals import Rounding
from bpviz.graph import Graph
from bpviz.text.code_entries import LISTS
from bpviz.text.code_grids import JAX_GRIDS, NUMPY_GRIDS, TORCH_GRIDS, GridDialect
from bpviz.text.code_lines import (
    CodeLine,
    Staging,
    align,
    bracket,
    indent,
    write_heading,
    write_prints,
    write_return,
)
from bpviz.text.code_names import Identifiers, choose_identifiers, choose_vector_identifiers
from bpviz.text.code_vectors import GridLineWriter, LineWriter, ListLineWriter, VectorPasses, VectorStaging
from bpviz.text.framework_slopes import explain_own_slopes, list_reached
from bpviz.vectors import VectorGraph, nest, write_shape


@dataclass(frozen=True)
class VectorListing:
    """What a listing of a program with vectors is made of."""

    graph: Graph
    trace: Trace | None
    staging: VectorStaging
    writer: LineWriter

    @property
    def names(self) -> Identifiers:
        """The identifiers."""
        return self.staging.names

    @property
    def vectors(self) -> VectorGraph:
        """The vectors of the program."""
        return self.staging.vectors

    @property
    def inputs(self) -> tuple[int, ...]:
        """The vector nodes that are inputs."""
        return self.vectors.inputs

    def declare(self, *, tensor: bool = False) -> list[CodeLine]:
        """Write the lines that give the inputs their values at the trace's point, as tensors one number too."""
        assert self.trace
        lines = []
        for k, i in enumerate(self.inputs):
            node = self.vectors.nodes[i]
            value = self.writer.write_numbers([self.trace.values[entry] for entry in node.entries], node.shape)
            if tensor and not node.shape:
                value = f"torch.tensor({value})"
            code = self.staging.dialect.constant.format(self.names.values[i], value)
            lines.append(CodeLine(code, "" if k else "example values"))
        return lines

    def declare_constants(self) -> list[CodeLine]:
        """Write the lines that name the grids of typed numbers."""
        lines = []
        for i, node in enumerate(self.vectors.nodes):
            if node.is_constant and node.shape and node.entries:
                numbers = [self.graph.nodes[entry].constant or 0.0 for entry in node.entries]
                value = self.writer.write_numbers(numbers, node.shape)
                lines.append(CodeLine(self.staging.dialect.constant.format(self.names.values[i], value)))
        return lines

    def write_forward(self) -> list[str]:
        """Write the lines of the forward pass, the grids that they need before them."""
        comment = self.staging.dialect.comment
        constants = align(self.declare_constants(), comment)
        lines = VectorPasses(self.staging, self.writer).write_forward()
        return [*constants, *([""] if constants else []), f"{comment} forward pass", *align(lines, comment)]

    def write_backward(self) -> list[str]:
        """Write the lines of the backward pass."""
        comment = self.staging.dialect.comment
        lines = VectorPasses(self.staging, self.writer).write_backward()
        return [f"{comment} backward pass, in reverse order", *align(lines, comment)]

    def explain_slopes(self) -> list[str]:
        """Write comments on the slopes that a framework takes otherwise; these are of entries."""
        scalars = self.graph.unroll()
        dialect = self.staging.dialect
        trace = replace(self.trace, graph=scalars) if self.trace else None
        return explain_own_slopes(Staging(scalars, trace, choose_identifiers(scalars, dialect.names), dialect))

    def by_name(self, texts: Sequence[str]) -> dict[str, str]:
        """Return a text for each input by its name."""
        return dict(zip(self.graph.variable_names, texts, strict=True))

    def list_parameters(self) -> tuple[list[str], dict[str, str]]:
        """List the inputs that a function needs, and those with a default of the program's."""
        bare, given = [], {}
        for i in self.inputs:
            node, name = self.vectors.nodes[i], self.names.values[i]
            entries = [self.graph.nodes[entry].name for entry in node.entries]
            if all(entry in self.graph.defaults for entry in entries):
                given[name] = f"{nest([self.graph.defaults[entry] for entry in entries], node.shape)!r}"
            else:
                bare.append(name)
        return bare, given

    def write_signature(self) -> list[str]:
        """Write the def line of a function of the inputs; those with a default come last."""
        bare, given = self.list_parameters()
        defaults = [f"{name}={text}" for name, text in given.items()]
        return bracket(f"def {self.names.output}(", [*bare, *defaults], "):")

    def write_docstring(self) -> str:
        """Say what a function returns, and the shapes that it is for."""
        nodes = [self.vectors.nodes[i] for i in self.inputs]
        shapes = ", ".join(f"{node.name} {write_shape(node.shape)}" for node in nodes if node.shape)
        return f'"""Return {self.graph.output_name} and a dict of its gradients, for the shapes {shapes}."""'

    def write_heading(self) -> list[str]:
        """Write the comments on top."""
        return write_heading(self.graph, self.trace, self.names, self.staging.dialect.comment)


def _stage(graph: Graph, trace: Trace | None, dialect: Dialect, used: Sequence[str] = ()) -> VectorStaging:
    assert graph.vectors
    names = choose_vector_identifiers(graph.vectors, (*dialect.names, *used))
    return VectorStaging(graph, trace, names, dialect)


def write_vectors_in_python(graph: Graph, trace: Trace | None, rounding: Rounding) -> str:
    """Write both passes in lists: a script at a trace's point, a function without one."""
    staging = _stage(graph, trace, LISTS.dialect)
    return _write_passes(VectorListing(graph, trace, staging, ListLineWriter(staging, LISTS)), [], {})


def write_vectors_in_numpy(graph: Graph, trace: Trace | None, rounding: Rounding) -> str:
    """Write both passes in arrays: a script at a trace's point, a function without one."""
    staging = _stage(graph, trace, NUMPY_GRIDS.dialect, [*NUMPY_GRIDS.helpers])
    listing = VectorListing(graph, trace, staging, GridLineWriter(staging, NUMPY_GRIDS))
    names = [staging.names.values[i] for i in listing.inputs]
    converted = [f"{name} = np.asarray({name}, dtype=float)" for name in names]
    return _write_passes(listing, converted, NUMPY_GRIDS.helpers)


def _write_passes(listing: VectorListing, converted: list[str], helpers: Mapping[str, str]) -> str:
    """Write both passes as a script or a function; converted are the lines with which this makes arrays of lists."""
    names, dialect = listing.names, listing.staging.dialect
    lines = [*listing.write_forward(), "", *listing.write_backward()]
    gradients = listing.by_name([names.gradients[i] for i in listing.inputs])
    if listing.trace:
        values = align(listing.declare())
        body = [*values, *([""] if values else []), *lines, ""]
        body += write_prints(listing.graph.output_name, names.output, gradients)
    else:
        body = [listing.write_docstring(), *converted, *([""] if converted else []), *lines, ""]
        body = [*listing.write_signature(), *indent([*body, *write_return(names.output, gradients)])]
    used = [text for name, text in helpers.items() if any(f"{name}(" in line for line in lines)]
    math = dialect.math[:1] if any("math." in line for line in lines) else ()
    head = "\n".join([*listing.write_heading(), *math, *dialect.imports])
    space = "\n\n\n" if used or not listing.trace else "\n\n"
    return space.join(filter(None, [head, *used, "\n".join(body)])) + "\n"


def write_vectors_in_torch(graph: Graph, trace: Trace | None, rounding: Rounding) -> str:
    """Write a program as PyTorch tensors and a call of backward()."""
    listing, inputs = _write_for_framework(graph, trace, TORCH_GRIDS), graph.vectors.inputs if graph.vectors else ()
    names = [listing.names.values[i] for i in inputs]
    declared = (
        [line._replace(code=f"{line.code[:-1]}, requires_grad=True)") for line in listing.declare(tensor=True)]
        if trace
        else [CodeLine(f"{name} = torch.as_tensor({name}).double().detach().requires_grad_()") for name in names]
    )
    body = [*align(declared), *([""] if declared else []), *listing.write_forward()]
    reached = list_reached(graph.unroll())
    if reached.intersection(graph.inputs):
        body += ["", "# backward pass: PyTorch's own", f"{listing.names.output}.backward()"]
    is_reached = [bool(reached.intersection(listing.vectors.nodes[i].entries)) for i in inputs]
    gradients = [
        f"{name}.grad" if has_gradient else f"torch.zeros_like({name})"
        for name, has_gradient in zip(names, is_reached, strict=True)
    ]
    if trace:
        lists = listing.by_name([f"{text}.tolist()" for text in gradients])
        body += ["", *write_prints(graph.output_name, f"{listing.names.output}.item()", lists)]
    else:
        value = f"{listing.names.output}.detach()"
        body += ["", *write_return(value, listing.by_name(gradients))]
        body = ["", *listing.write_signature(), *indent([listing.write_docstring(), *body])]
    return "\n".join([*listing.write_heading(), *listing.explain_slopes(), *TORCH.imports, "", *body]) + "\n"


def write_vectors_in_jax(graph: Graph, trace: Trace | None, rounding: Rounding) -> str:
    """Write a program as a function for JAX and a call of value_and_grad."""
    listing = _write_for_framework(graph, trace, JAX_GRIDS, ("forward", "value", "gradients"))
    names = [listing.names.values[i] for i in listing.inputs]
    shape = listing.vectors.nodes[listing.vectors.output].shape
    output = f"{listing.names.output}.reshape(())" if shape else listing.names.output
    lines = [*bracket("def forward(", names, "):"), *indent([*listing.write_forward(), f"return {output}"]), "", ""]
    gradients = listing.by_name([f"gradients[{k}]" for k in range(len(names))])
    slots = ", ".join(map(str, range(len(names)))) + ("," if len(names) == 1 else "")
    call = f"value, gradients = jax.value_and_grad(forward, argnums=({slots}))(" if names else "value = forward("
    if trace:
        lines += [*align(listing.declare()), ""] if names else []
        lines += ["# backward pass: JAX's own", *bracket(call, names, ")"), ""]
        lines += write_prints(graph.output_name, "value", gradients)
    else:
        point = [f"jnp.asarray({name}, dtype=float)" for name in names]
        body = [listing.write_docstring(), "# backward pass: JAX's own", *bracket(call, point, ")")]
        lines += [*listing.write_signature(), *indent([*body, *write_return("value", gradients)])]
    return "\n".join([*listing.write_heading(), *listing.explain_slopes(), *JAX.imports, "", "", *lines]) + "\n"


def _write_for_framework(
    graph: Graph, trace: Trace | None, language: GridDialect, used: Sequence[str] = ()
) -> VectorListing:
    staging = _stage(graph, trace, language.dialect, used)
    return VectorListing(graph, trace, staging, GridLineWriter(staging, language))
