"""Text to Graph, in four steps: tokens, postfix code, what its names mean, a tape with names."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from bpviz.errors import ProgramError, UsageError, join_words
from bpviz.gates import CONSTANTS, FUNCTIONS, write_expression
from bpviz.graph import Graph, VectorInput
from bpviz.lang import messages
from bpviz.lang.array_code import rewrite_arrays
from bpviz.lang.bindings import Bindings, bind
from bpviz.lang.declared_shapes import match_shapes, take_declarations
from bpviz.lang.example_shapes import find_shapes, write_example
from bpviz.lang.function_brackets import write_brackets
from bpviz.lang.lowering import LEVELS, lower
from bpviz.lang.naming import OUTPUT, Naming
from bpviz.lang.parser import Parser
from bpviz.lang.pasted import rewrite
from bpviz.lang.postfix import Code
from bpviz.lang.primes import read_primes
from bpviz.lang.spaced_lists import part_entries
from bpviz.lang.tokens import make_plain, read_tokens
from bpviz.limits import DEFAULT, Limits, set_limits
from bpviz.names import find_product, match_twins, spell_out
from bpviz.outputs import GraphOutputs
from bpviz.vectors import Shape, read_nested

LATEX = re.compile(
    r"^[^#\n\\${}]*(?:[\\${}]|\^[0-9]_|['′’]_)", re.MULTILINE
)  # what only LaTeX has, and not in a comment
FILE_NAME = re.compile(r"(?:[A-Za-z]:|~)?[\w./\\ -]{0,200}\.(?P<ending>[A-Za-z][A-Za-z0-9]{1,4})")


def parse(
    source: str,
    *,
    gates: str = "lecture",
    share: bool = False,
    constants: bool = False,
    values: Collection[str] = (),
    shapes: Mapping[str, Sequence[int]] | None = None,
    unroll: bool = False,
    limit: Mapping[str, int] | None = None,
) -> Graph:
    """Return the graph of a program.

    gates says how finely: "fused" (as typed), "lecture" (a/b is a × 1/b) or "elementary" (σ is ×−1, exp, +1, 1/x).
    share merges equal gates; constants makes constants nodes of their own; values are the names of
    inputs that will be given one, without which an e that is raised to a power is Euler's number; shapes are those of
    inputs that are vectors, as in {"W": (2, 3)}, without which a program of vectors is Unshaped; unroll makes every
    entry of a vector a node like any other; limit moves a limit by its name, as in {"gates": 10**6} (bpviz.limits).
    Raises ProgramError, EvaluationError for a constant without a value, UsageError for an unknown level.

    >>> graph = parse("(x + sigmoid(y)) / (sigmoid(x) + (x+y)^2)")
    >>> [graph.nodes[i].name for i in graph.gate_ids]
    ['sigy', 'num', 'sigx', 'xpy', 'xpysqr', 'den', 'invden', 'f']
    """
    if not isinstance(source, str):  # from untyped code
        raise UsageError(f"a program is text, and not {source!r:.60}", hint='write it as in parse("x*y + 1")')
    if gates not in LEVELS:
        raise UsageError(f"gates = {gates} is not a level", hint=f"write one of {', '.join(LEVELS)}")
    most = set_limits(limit)
    code = read_primes(read(source, most), [*values, *(shapes or {})])
    bound = bind(code, values)
    shapes = match_shapes(code, bound, shapes or {})
    if code.has_vectors or any(shapes.values()):
        given = {code.statements[i].name for i in bound.defaults}
        unknown = [name for name in bound.inputs if name not in given]
        if unknown and not shapes:
            options = {
                "gates": gates,
                "share": share,
                "constants": constants,
                "values": values,
                "unroll": unroll,
                "limit": limit,
            }
            waiting = Unshaped(source, options, tuple(bound.inputs), tuple(unknown), code.statements[-1].name)
            return cast(Graph, waiting)  # it stands for a graph until it has values, and tells what it needs
        graph = _build_vectors(source, code, bound, gates, share, shapes, most.gates)
        graph = replace(graph, constants=constants)
        return graph.unroll() if unroll else graph
    constants = constants or not bound.inputs
    tape = lower(code, bound, gates, share, constants, most.gates)
    naming = Naming(tape, code.statements[-1].name)
    names = {*tape.inputs, *tape.given.values()}
    return Graph(
        source=source,
        nodes=naming.make_nodes(),
        inputs=tuple(tape.inputs.values()),
        output=tape.output,
        output_name=naming.output_name,
        defaults=tape.defaults,
        level=gates,
        constants=constants,
        warnings=(*code.warnings, *bound.warnings, *_note_products(source, bound.inputs, names)),
        share=share,
        requirements=tuple(tape.requirements),
        named=tuple(sorted(tape.given)),
    )


def _build_vectors(
    source: str, code: Code, bound: Bindings, level: str, share: bool, shapes: Mapping[str, Shape], most: int
) -> Graph:
    """Return the graph of a program with vectors: its scalars, and the layer that groups them."""
    from bpviz.lang.unrolling import unroll as unroll_code  # late: most programs have no vectors

    unrolled = unroll_code(code, bound, level, share, shapes, most)
    tape, vectors = unrolled.tape, unrolled.vectors
    naming = Naming(tape, unrolled.output_name)
    tape_names = {node: name for name, node in tape.inputs.items()}
    names = {*bound.inputs, *(vectors.nodes[i].name for i in vectors.named)}
    return Graph(
        source=source,
        nodes=naming.make_nodes(),
        inputs=tuple(tape.inputs.values()),
        output=tape.output,
        output_name=unrolled.output_name,
        defaults=tape.defaults,
        level=level,
        warnings=(
            *code.warnings,
            *unrolled.notes,
            *bound.warnings,
            *_note_products(source, bound.inputs, names),
        ),
        share=share,
        requirements=tuple(tape.requirements),
        named=tuple(sorted({entry for i in vectors.named for entry in vectors.nodes[i].entries if tape.gates[entry]})),
        vectors=vectors,
        vector_inputs={
            node.name: VectorInput(node.shape, tuple([tape_names[entry] for entry in node.entries]))
            for node in (vectors.nodes[i] for i in vectors.inputs)
            if node.shape
        },
    )


def fit_shapes(graph: Graph, values: Mapping[str, Any]) -> Graph:
    """Return a graph, or what its program is for values of these shapes if it has other ones."""
    waiting = graph if isinstance(graph, Unshaped) else None
    if not waiting and not graph.vector_inputs and all(isinstance(value, (int, float)) for value in values.values()):
        return graph
    names = graph.variable_names
    given = {name: read_nested(name, value)[0] for name, value in match_twins(values, names).items() if name in names}
    if waiting and waiting.missing_inputs(given):
        raise waiting.refuse(given)
    if waiting:
        return waiting.shape(given)
    own = dict.fromkeys(names, ()) | {name: each.shape for name, each in graph.vector_inputs.items()}
    if given.items() <= own.items():
        return graph
    options = {"gates": graph.level, "share": graph.share, "constants": graph.constants}
    is_unrolled = bool(graph.vector_inputs) and not graph.vectors
    return parse(graph.source, **options, unroll=is_unrolled, shapes={**own, **given})  # type: ignore[arg-type]


class Unshaped(GraphOutputs):
    """A program of vectors before anybody knows how long they are: it becomes a graph at values, or with shapes.

    >>> parse("f = sum(x^2)").at(x=[1, 2]).gradient("x")
    [2.0, 4.0]
    """

    def __init__(
        self,
        source: str,
        options: Mapping[str, Any],
        input_names: tuple[str, ...],
        unknown: tuple[str, ...],
        output_name: str,
    ) -> None:
        self.source, self.options, self.unknown = source, options, unknown
        self.variable_names, self.inputs, self.output_name = input_names, input_names, output_name or OUTPUT
        self.input_names, self.notes = input_names, ()
        self.vector_inputs: dict[str, VectorInput] = {}

    def shape(self, shapes: Mapping[str, Shape] | None = None, /, **more: Shape) -> Graph:
        """Return the graph for inputs of these shapes; one that is not named is one number."""
        return parse(self.source, **self.options, shapes={**(shapes or {}), **more})

    def missing_inputs(self, given: Container[str]) -> list[str]:
        """Return the names of the inputs that have no value, and none in the program."""
        return [name for name in self.unknown if name not in given]

    def suggest_shapes(self, known: Mapping[str, Shape]) -> dict[str, Shape]:
        """Return shapes for the inputs with which the program fits together; none if none are found."""
        return find_shapes(self.shape, self.unknown, known)

    def refuse(self, given: Mapping[str, Shape]) -> UsageError:
        """Make the error for inputs of which nobody knows how long they are."""
        missing, shapes = self.missing_inputs(given), self.suggest_shapes(given)
        values = ", ".join(f"{spell_out(name)}={write_example(shapes.get(name, (2,)))}" for name in missing)
        declared = ", ".join(f"{name!r}: {shapes.get(name, (2,))}" for name in missing)
        needed = "values" if missing[1:] else "a value"
        may_be = "which may be vectors" if missing[1:] else "which may be a vector"
        what = f"{self.output_name} needs {needed} for {join_words(missing)}, {may_be} of any length"
        return UsageError(what, hint=f"give {needed}: at({values}), or shapes: parse(…, shapes={{{declared}}})")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise self.refuse({})

    def __repr__(self) -> str:
        return f"<Unshaped f({', '.join(self.input_names)})>"


def _note_products(source: str, inputs: Mapping[str, tuple[int, int]], names: Collection[str]) -> list[str]:
    """Return a note on every input whose name may be meant as a product: xy beside x and y, 4ac, w_0x_0.

    inputs are the names with where in the source they stand first.
    """
    notes = []
    for name, (start, _) in inputs.items():
        product = find_product(name)
        factors = product.split("*")
        is_likely = all(factor in names for factor in factors) or "_" in name or source[:start][-1:].isdigit()
        if product and is_likely:
            notes.append(f"note: {name} is one name; for the product write {product}")
    return notes


def read(source: str, most: Limits = DEFAULT) -> Code:
    """Return a program as postfix code, from plain text or from LaTeX."""
    if len(source) > most.characters:
        raise messages.long_program(len(source), most.characters)
    text = make_plain(source)
    is_latex = LATEX.search(text) is not None
    shapes: dict[str, Shape] = {}
    try:
        if is_latex:
            from bpviz.lang.latex_tokens import translate  # late: most programs are plain

            tokens, notes = translate(text, most.digits)
        else:
            tokens, shapes = take_declarations(list(read_tokens(text, most.digits)), text)
            tokens, notes = part_entries(rewrite_arrays(tokens, text), text)
            tokens, more = write_brackets(rewrite(tokens, text), text, latex=False)
            notes += more
        code = Parser(text, latex=is_latex).parse(tokens)
        code.shapes = shapes
    except ProgramError as error:
        file = FILE_NAME.fullmatch(source.strip())
        if file and file["ending"] not in FUNCTIONS and file["ending"] not in CONSTANTS:
            raise messages.file_name(source.strip()) from None
        place = error.place and error.place._replace(source=source)  # and not the text in plain characters
        raise ProgramError(error.what, place=place, hint=error.hint) from None
    code.source = source
    code.warnings[:0] = [f"note: {note}" for note in notes]
    return code


def unparse(graph: Graph) -> str:
    """Return a program of one statement a gate; parsed at gates="fused" it has the same values and gradients.

    >>> print(unparse(parse("(x + y)^2 / 2")))
    xpy = x + y
    xpysqr = xpy²
    f = xpysqr / (2.0)
    """
    lines = [f"{name} = {value!r}" for name, value in graph.defaults.items()]
    texts = [node.name if node.constant is None else f"({node.constant!r})" for node in graph.nodes]
    for node, text in zip(graph.nodes, texts, strict=True):
        if node.gate:
            lines.append(f"{text} = {write_expression(node.gate, tuple([texts[i] for i in node.operands]))}")
    if graph.output_name != graph.nodes[graph.output].name:
        lines.append(f"{graph.output_name} = {texts[graph.output]}")
    return "\n".join(lines)
