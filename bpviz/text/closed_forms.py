"""The derivatives in closed form: the chain rule written out in symbols, as it was typed, with no number put in.

Formulas are put together from the gate table's own, gate by gate back from the output. A program that names its values
gets its derivatives in these names, cancelled at every gate (cancellation.py), if that is shorter: ∂L/∂w = (a − y)·x.

Otherwise every value is written out, and a derivative shows one term a branch and keeps what the user typed: products
with a quotient become one quotient and signs move to the front; nothing else is rearranged unless a simplified form is
asked for. What is refused is what nobody would read: shared values are written out wherever they are used, and that
explodes.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from functools import reduce
from types import MappingProxyType
from typing import NamedTuple, cast

from bpviz.errors import UsageError
from bpviz.formula import latex, mathml
from bpviz.formula.languages import PYTHON
from bpviz.formula.numerals import THREE_DIGITS, Rounding
from bpviz.formula.printing import RELATIONS, TEXT, Style, equate, show
from bpviz.formula.products import ONE, ZERO, add, continue_sum, divide, multiply, multiply_derivatives, negate
from bpviz.formula.tree import Atom, Formula, Term
from bpviz.gates import fill_formula, fill_slope, list_slopes
from bpviz.graph import Graph, leaf
from bpviz.limits import DEFAULT, Limits, raise_by
from bpviz.text.cancellation import Shortener
from bpviz.text.code_lines import by_name, indent, spell_constant, write_heading, write_return, write_signature
from bpviz.text.code_names import choose_identifiers
from bpviz.text.equations_html import write_equations, write_sign
from bpviz.text.factors import list_terms, measure, walk
from bpviz.text.writers import find_writer

MOST_PARTS_COUNTED = 10**15
GATE_BY_GATE = "bpviz steps derives it gate by gate, and bpviz code computes it so"
NOTHING_SHORTER = "--simplify found nothing shorter"
CASES = "[…] is 1 where it holds and 0 where it does not"
WIDEST_ROW = 72  # characters of a formula in a display on a page of A4
MOST_LETTERS_OF_INPUTS = 12  # that stand in brackets behind the output's name in a display
SIGN_OF_WINNER = {"above": ">", "below": "<"}  # by which an operand wins that max or min takes
HOLE = "\0"  # begins the text of an atom that stands for a formula to come


class Sized(NamedTuple):
    """A formula, how many parts it has with every shared one counted wherever it stands, and how deep it nests."""

    formula: Formula
    size: int = 1
    depth: int = 1


class SymbolicOptions(NamedTuple):
    """How the formulas are to be written: see symbolic()."""

    simplify: bool = False
    expand: bool = False
    local: bool = False
    rounding: Rounding = THREE_DIGITS
    limit: Limits = DEFAULT


class ClosedForms(NamedTuple):
    """The output and its derivative by each input, as formulas; the named values that stand in them; what to know."""

    output: Formula
    gradients: Mapping[int, Formula]
    definitions: Mapping[int, Formula] = MappingProxyType({})
    note: str = ""

    @property
    def length(self) -> int:
        """How long the derivatives are to read."""
        return sum(map(measure, self.gradients.values()))


def symbolic(
    graph: Graph,
    format: str = "text",  # noqa: A002  the command line's word
    *,
    simplify: bool = False,
    expand: bool = False,
    local: bool = False,
    rounding: Rounding = THREE_DIGITS,
    limit: Limits = DEFAULT,
) -> str:
    """Write the derivative by every input as text, latex, python or html; raise UsageError for any other format.

    The names that the program gives its values stand in the derivatives where that is shorter; expand writes them out.
    simplify cancels what is written out, too; local adds each gate's local gradients, in the names of the gates.
    Raises UsageError where a formula would have more parts or brackets than the limit, and where there is no input.
    """
    write = find_writer(WRITERS, format, "no formula is written as")
    if not graph.inputs:
        raise UsageError(f"{graph.output_name} has no inputs to differentiate by", hint="put a name in, such as x")
    try:
        return write(graph, SymbolicOptions(simplify, expand, local, rounding, limit))
    except RecursionError:
        raise UsageError("the formulas are nested deeper than Python can print", hint=GATE_BY_GATE) from None


def _derive(
    graph: Graph, atom: Callable[[int], Atom], options: SymbolicOptions, *, mathematics: bool = True
) -> ClosedForms:
    """Put together the closed forms over these atoms, in the notation of mathematics or of code."""
    limit = options.limit
    by_name = None
    if graph.named and not options.expand:
        by_name = _write_by_name(graph, atom, limit, mathematics)
    try:
        given = _write_out(graph, atom, limit, mathematics)
    except UsageError:  # too large
        if by_name is None:
            raise
        return by_name
    if by_name and by_name.length < given.length:
        names = {atom(i) for i in graph.named}
        if any(part in names for gradient in by_name.gradients.values() for part in walk(gradient)):
            given = by_name
    if not options.simplify:
        return given
    cancelled = _write_out(graph, atom, limit, mathematics, Shortener({}, _rank_inputs(graph, atom)))
    return cancelled if cancelled.length < given.length else given._replace(note=NOTHING_SHORTER)


def _rank_inputs(graph: Graph, atom: Callable[[int], Atom]) -> dict[str, int]:
    return {atom(i).text: -i for i in graph.inputs}


def _write_out(
    graph: Graph, atom: Callable[[int], Atom], limit: Limits, mathematics: bool, shortener: Shortener | None = None
) -> ClosedForms:
    """Put the closed forms together with every value written out."""
    values, _ = _write_values(graph, atom, limit, mathematics, ())
    gradients = _write_gradients(graph, values, limit, mathematics, shortener)
    return _check_size(graph, [values[graph.output]], gradients, {}, limit)


def _write_by_name(graph: Graph, atom: Callable[[int], Atom], limit: Limits, mathematics: bool) -> ClosedForms:
    """Put the closed forms together in the names that the program gives its values, and cancel them at every gate."""
    values, definitions = _write_values(graph, atom, limit, mathematics, graph.named)
    known = {atom(i).text: definitions[i].formula for i in graph.named}
    ranks = {atom(i).text: i + 1 for i in graph.named} | _rank_inputs(graph, atom)
    gradients = _write_gradients(graph, values, limit, mathematics, Shortener(known, ranks))
    output = definitions.pop(graph.output, values[graph.output])
    return _check_size(graph, [output, *definitions.values()], gradients, definitions, limit)


def _check_size(
    graph: Graph, values: list[Sized], gradients: list[Sized], definitions: Mapping[int, Sized], limit: Limits
) -> ClosedForms:
    """Return the closed forms, the output the first of the values; raise UsageError if they are too large."""
    needed = [*values, *(gradients[i] for i in graph.inputs)]
    _refuse_large(graph, sum(each.size for each in needed), max(each.depth for each in needed), limit)
    return ClosedForms(
        values[0].formula,
        {i: gradients[i].formula for i in graph.inputs},
        {i: definition.formula for i, definition in definitions.items()},
    )


def _refuse_large(graph: Graph, size: int, depth: int, limit: Limits) -> None:
    how, hint = "", GATE_BY_GATE
    if depth > limit.brackets:
        how, hint = f"{depth:,} brackets inside one another", f"{hint}; {raise_by('brackets', depth)}"
    if size > limit.parts:
        how, hint = f"about {size:,} parts", f"{GATE_BY_GATE}; {raise_by('parts', size)}"
    if size >= MOST_PARTS_COUNTED:
        how, hint = "more parts than could ever be written", GATE_BY_GATE
    if how:
        raise UsageError(f"the closed form of {graph.output_name} would have {how}", hint=hint)


def _write_values(
    graph: Graph, atom: Callable[[int], Atom], limit: Limits, mathematics: bool, named: Container[int]
) -> tuple[list[Sized], dict[int, Sized]]:
    """Write every value, the named ones as their names, and what these stand for."""
    values: list[Sized] = []
    definitions: dict[int, Sized] = {}
    for i, node in enumerate(graph.nodes):
        if node.gate is None:
            values.append(Sized(atom(i)))
            continue
        holes, filling = _make_holes(graph, i, values)
        template = fill_formula(node.gate, holes, Atom(""), mathematics=mathematics)
        values.append(_fill(template, filling, limit))
        if i in named:
            definitions[i], values[i] = values[i], Sized(atom(i))
    return values, definitions


def _write_gradients(
    graph: Graph,
    values: list[Sized],
    limit: Limits,
    mathematics: bool,
    shortener: Shortener | None = None,
) -> list[Sized]:
    """Differentiate the output by every node; the terms of a branch are in the order of its wires.

    What is to be run takes the formula that has a value at 0 as well, where the textbook's has none. The
    shortener is applied to the derivative by each node before it is handed on.
    """
    contributions: list[list[Sized]] = [[] for _ in graph.nodes]
    gradients = [Sized(ZERO)] * len(graph.nodes)
    contributions[graph.output].append(Sized(ONE))
    for i in range(len(graph.nodes) - 1, -1, -1):
        terms = contributions[i][::-1]
        gradients[i] = _join(add, terms, limit)
        gate = graph.nodes[i].gate
        if shortener and gradients[i].size <= limit.parts:
            gradients[i] = _measure(shortener.shorten(gradients[i].formula, last=gate is None))
        if gate is None:
            continue
        holes, filling = _make_holes(graph, i, values)
        filling[f"{HOLE}z"] = values[i]
        for wire in reversed(list(graph.wires_into(i))):
            best = -1 if gate.accurate.at_plain and not mathematics else 0
            slope = list_slopes(gate, wire.slot, holes, Atom(f"{HOLE}z"))[best]
            if mathematics:
                slope = _spell_out_ties(slope)
            local = _fill(slope, filling, limit)
            product = _join(lambda pair: multiply_derivatives(*pair), [local, gradients[i]], limit)
            contributions[wire.source].append(product)
    return gradients


def _spell_out_ties(slope: Formula) -> Formula:
    """Write the share of one operand of max or min as a formula that is ½ where two of them tie, ⅓ where three do.

    Of max(x, y) that is [x > y] + [x = y]/2, of max(x, y, w) [x = max(x, y, w)]/(1 + [x = y] + [x = w]).
    """
    if isinstance(slope, Atom) or slope.head not in SIGN_OF_WINNER:
        return slope
    own, extreme, *operands = slope.parts
    operands.remove(own)
    ties = [Term("==", (own, other)) for other in operands]
    if len(operands) == 1:
        return add([Term(SIGN_OF_WINNER[slope.head], (own, operands[0])), divide(ties[0], Atom("2", 2.0))])
    return divide(Term("==", (own, extreme)), add([ONE, *ties]))


def _measure(formula: Formula) -> Sized:
    """Count the parts of a formula and how deep it nests."""
    if isinstance(formula, Atom):
        return Sized(formula)
    parts = [_measure(part) for part in formula.parts]
    return Sized(formula, 1 + sum(part.size for part in parts), 1 + max((part.depth for part in parts), default=0))


def _join(join: Callable[[list[Formula]], Formula], parts: list[Sized], limit: Limits) -> Sized:
    """Join formulas to one; past every limit only its size is kept."""
    size = min(1 + sum(part.size for part in parts), MOST_PARTS_COUNTED)
    depth = 1 + max((part.depth for part in parts), default=0)
    if size > limit.parts or depth > limit.brackets + 1:
        return Sized(ZERO, size, depth)
    formula = join([part.formula for part in parts])
    if isinstance(formula, Atom):
        return Sized(formula)
    same = next((part for part in parts if part.formula is formula), None)
    if same:
        return same
    if len(formula.parts) > len(parts):  # a sum went on, which nests no deeper
        depth = max([parts[0].depth, *(1 + part.depth for part in parts[1:])])
    return Sized(formula, size, depth)


def _make_holes(graph: Graph, node: int, values: list[Sized]) -> tuple[list[Atom], dict[str, Sized]]:
    """Make atoms that stand for a gate's operands, and what they mean; constants stand for themselves."""
    holes, filling = [], {}
    for slot, i in enumerate(graph.nodes[node].operands):
        formula = values[i].formula
        if graph.nodes[i].constant is None:
            formula = Atom(f"{HOLE}{slot}")
            filling[formula.text] = values[i]
        holes.append(cast(Atom, formula))
    return holes, filling


def _fill(template: Formula, filling: Mapping[str, Sized], limit: Limits) -> Sized:
    """Fill the holes of a gate's formula; the recursion is over the gate table's formula only."""
    if isinstance(template, Atom):
        return filling.get(template.text, Sized(template))
    parts = [_fill(part, filling, limit) for part in template.parts]
    return _join(lambda formulas: _make_term(template.head, formulas), parts, limit)


def _make_term(head: str, parts: list[Formula]) -> Formula:
    """Make a term; y · 1/x · z is written y·z/x, and a sum that goes on has no brackets."""
    if head == "*" and any(isinstance(part, Term) and part.head == "/" for part in parts[1:]):
        return reduce(multiply, parts)
    if head in ("+", "-") and len(parts) == 2:
        return continue_sum(head, parts[0], parts[1])
    return negate(parts[0]) if head == "negative" else Term(head, tuple(parts))


# what is printed


def _write_text(graph: Graph, options: SymbolicOptions) -> str:
    forms = _derive(graph, lambda i: leaf(graph.nodes[i], options.rounding), options)
    f, names = graph.output_name, [graph.nodes[i].name for i in graph.inputs]
    lines = [equate(graph.nodes[i].name, formula, TEXT) for i, formula in forms.definitions.items()]
    lines += [equate(f"{f}({', '.join(names)})", forms.output, TEXT), ""]
    lines += [equate(_write_partial(f, graph.nodes[i].name, TEXT), forms.gradients[i], TEXT) for i in graph.inputs]
    if options.local:
        lines += ["", *(equate(*sides, TEXT) for sides in _list_local_gradients(graph, TEXT, options.rounding))]
    if any("[" in line for line in lines):
        lines += ["", CASES]
    if forms.note:
        lines += ["", forms.note]
    return "\n".join(lines) + "\n"


def _write_html(graph: Graph, options: SymbolicOptions) -> str:
    forms = _derive(graph, lambda i: leaf(graph.nodes[i], options.rounding), options)
    names = write_sign(",").join(map(mathml.name, graph.input_names))
    output = f"{mathml.name(graph.output_name)}{mathml.OPEN}{names}{mathml.CLOSE}"
    values = [(mathml.name(graph.nodes[i].name), formula) for i, formula in forms.definitions.items()]
    gradients = [
        (_write_partial(graph.output_name, graph.nodes[i].name, mathml.MATHML), forms.gradients[i])
        for i in graph.inputs
    ]
    local = [*_list_local_gradients(graph, mathml.MATHML, options.rounding)] if options.local else []
    groups = [[*values, (output, forms.output)], gradients, local]
    plain = _write_text(graph, options)
    notes = [*([CASES] if CASES in plain else []), *filter(None, [forms.note])]
    return write_equations(groups, notes, plain)


def _write_latex(graph: Graph, options: SymbolicOptions) -> str:
    forms = _derive(graph, lambda i: leaf(graph.nodes[i], options.rounding), options)
    names = ", ".join(latex.name(graph.nodes[i].name) for i in graph.inputs)
    rows: list[str] = []
    for i, formula in forms.definitions.items():
        rows += _break_equation(latex.name(graph.nodes[i].name), formula)
    is_short = sum(len(graph.nodes[i].name) for i in graph.inputs) <= MOST_LETTERS_OF_INPUTS
    left = latex.name(graph.output_name) + (f"({names})" if is_short else "")  # all rows are aligned behind the widest
    rows += _break_equation(left, forms.output)
    for i in graph.inputs:
        left = _write_partial(graph.output_name, graph.nodes[i].name, latex.LATEX)
        rows += _break_equation(left, forms.gradients[i])
    if options.local:
        rows += [latex.equate(*sides) for sides in _list_local_gradients(graph, latex.LATEX, options.rounding)]
    body = " \\\\\n".join(f"  {row}" for row in rows)
    comments = [r"needs \usepackage{amsmath}", *([CASES] if "[" in body else []), *filter(None, [forms.note])]
    display = "\n".join(latex.display(body))
    return "".join(f"% {comment}\n" for comment in comments) + f"{display}\n"


def _break_equation(left: str, formula: Formula) -> list[str]:
    """Write an equation as rows of a display: one too wide for a page goes on at a + or −."""
    whole = latex.equate(left, formula)
    terms = list_terms(formula)
    lines: list[list[Formula]] = [[]]
    for term in terms:
        if lines[-1] and sum(map(_estimate_width, [*lines[-1], term])) > WIDEST_ROW:
            lines.append([])
        lines[-1].append(term)
    if len(lines) == 1 and max(map(_estimate_width, terms)) <= WIDEST_ROW:
        return [whole]
    sign = whole.removeprefix(left).split()[0]
    rows: list[str] = []
    for line in lines:
        written = latex.equate("", add(line)).split(maxsplit=1)[1]
        if len(line) == 1 and _estimate_width(line[0]) > WIDEST_ROW:
            written = _break_bracket(line[0]) or written
        if rows:
            rest = written.removeprefix("-")
            rows.append(rf"&\quad {'+' if rest == written else '-'} {rest}")
        else:
            rows.append(f"{left} {sign} {written}")
    return rows


def _break_bracket(product: Formula) -> str:
    """Write a product with a sum in brackets, which goes on in the next row at every + or −; empty if it is none."""
    factors: list[Formula] = [product]
    while isinstance(factors[0], Term) and factors[0].head == "*":
        factors[:1] = factors[0].parts
    wide = next((factor for factor in factors if len(list_terms(factor)) > 1), None)
    if wide is None or len(factors) == 1:
        return ""
    hole = Atom(HOLE)
    around = show(Term("*", tuple(hole if factor is wide else factor for factor in factors)), latex.LATEX)
    first, *others = (show(term, latex.LATEX) for term in list_terms(wide))
    for other in others:
        rest = other.removeprefix("-")
        first += f" \\\\\n  &\\qquad {'+' if rest == other else '-'} {rest}"
    return around.replace(show(hole, latex.LATEX), rf"\bigl({first}\bigr)", 1)


def _estimate_width(term: Formula) -> int:
    """Estimate how wide a term is as LaTeX, in characters: a fraction is as wide as the wider of its halves."""
    size = term.parts[0] if isinstance(term, Term) and term.head == "negative" else term
    halves = size.parts if isinstance(size, Term) and size.head == "/" else (size,)
    return 3 + max(map(measure, halves))


def _write_partial(above: str, below: str, style: Style) -> str:
    return show(Term("partial", (Atom(above), Atom(below))), style)


def _list_local_gradients(graph: Graph, style: Style, rounding: Rounding) -> Iterator[tuple[str, Formula]]:
    """Yield for every wire what its local gradient is called and what it is, in the names of the gates."""
    for wire in graph.wires():
        node = graph.nodes[wire.target]
        assert node.gate
        operands = [leaf(graph.nodes[i], rounding) for i in node.operands]
        formula = _spell_out_ties(fill_slope(node.gate, wire.slot, operands, Atom(node.name)))
        yield _write_partial(node.name, graph.nodes[wire.source].name, style), formula


def _write_python(graph: Graph, options: SymbolicOptions) -> str:
    if options.local:
        raise UsageError("--local is written as text or latex", hint="bpviz code has every local gradient in Python")
    names = choose_identifiers(graph, (*PYTHON.names, "gradients"))

    def atom(i: int) -> Atom:
        node = graph.nodes[i]
        return Atom(names.values[i]) if node.constant is None else spell_constant(node)

    forms = _derive(graph, atom, options, mathematics=False)
    gradients = [show(forms.gradients[i], PYTHON.style) for i in graph.inputs]
    for k, i in enumerate(graph.inputs):
        formula = forms.gradients[i]
        if isinstance(formula, Term) and formula.head in RELATIONS:  # a bare comparison, which is to be a number
            gradients[k] = f"float{gradients[k]}"
    docstring = f'"""Return {graph.output_name} and its gradient by each input, in closed form."""'
    staged = [
        f"{names.values[i]} = {show(formula, PYTHON.style)}"
        for i, formula in [*forms.definitions.items(), (graph.output, forms.output)]
        if forms.definitions or graph.output in graph.named
    ]
    value = names.output if staged else show(forms.output, PYTHON.style)
    body = [docstring, *staged, *write_return(value, by_name(graph, gradients))]
    imports = ["import math"] if any("math." in line for line in body) else []
    notes = [f"# {forms.note}"] if forms.note else []
    lines = [*write_heading(graph, None, names), *notes, *imports, "", "", *write_signature(graph, names, "gradients")]
    return "\n".join([*lines, *indent(body)]) + "\n"


WRITERS: dict[str, Callable[[Graph, SymbolicOptions], str]] = {
    "text": _write_text,
    "latex": _write_latex,
    "html": _write_html,
    "python": _write_python,
}
