"""What a row of the gate table holds; a, b, … are a gate's operands in their order, and z is its output.

A row states z and its local gradients once, in the notation of formula/tree.py. The functions that are run, the
expressions that sympy gets, and every listing and typeset formula are made from that, when somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from bpviz.formula.evaluation import compile_slopes, compile_value, express
from bpviz.formula.printing import ATOM, LOOSE, POWER, PRODUCT, find_binding, show_on_board
from bpviz.formula.products import simplify
from bpviz.formula.tree import ALL, LETTERS, Atom, Formula, read, substitute
from bpviz.gates.conditions import return_true

COUNT = "n"  # what a decomposition calls the number of operands
ANY = 1_000_000_000  # the arity of a gate that takes as many operands as are written
UNARY, BINARY, SEVERAL = (1, 1), (2, 2), (2, ANY)

# how tightly an operand must hold together behind a sign, and before one that raises it to a power
HOLDS = {"": PRODUCT, "+": PRODUCT, "−": PRODUCT, "×": PRODUCT, "/": POWER, "^": POWER, "√": ATOM}
RAISES = ("^", "²")


class SpecialCase(NamedTuple):
    """The row that a gate is replaced with where one of its operands is a certain constant.

    x^2 becomes x² by SpecialCase("square", 1, lambda c: c == 2, drops=True).

    gate            the name of that row
    slot, fits      which operand must be a constant, and which constants are meant; None for whatever the operands are
    drops           whether the constant is not an operand of that row: x² has only x
    """

    gate: str
    slot: int | None = None
    fits: Callable[[float], bool] = return_true
    drops: bool = False


class Syntax(NamedTuple):
    r"""How a program may write a gate, and what its operands are called, where that is not name(x, y).

    infix           whether it is typed as a sign between its operands: x + y
    roles           what the operands of such a sign are called in automatic names: num and den are those of a fraction
    signs           whether in front of a typed number it is part of that number: −3 is a number, −x a gate
    becomes         the special cases in which another row takes its place; the first that fits does
    base            the slot of what is raised to a power: 0 for x^y
    euler           whether it raises e to a power, so that exp^x is told to be a slip for exp(x)
    subscript       the slot of an operand that LaTeX writes as a subscript: 1 for log(x, 3), which is \log_{3}(x)
    means_other_in_latex
                    whether the LaTeX command with the gate's name means something else, so that a formula in LaTeX may
                    not call the gate by it: \sum takes a range of terms and \dot puts a dot over a letter, whereas
                    sum(x, y) and dot(x; y) are gates
    operands        what its operands are called by custom, in their order: atan2(y, x)
    comparison      the sign that stands between its first two operands: where(a > b, u, v)
    short_with      what replaces Gate.short where a certain constant is folded in: {3.0: "{}cub"} names x^3 xcub
    """

    infix: bool = False
    roles: tuple[str, ...] = ()
    signs: bool = False
    becomes: tuple[SpecialCase, ...] = ()
    base: int | None = None
    euler: bool = False
    subscript: int | None = None
    means_other_in_latex: bool = False
    operands: tuple[str, ...] = ()
    comparison: str = ""
    short_with: Mapping[float, str] = MappingProxyType({})


class Decomposition(NamedTuple):
    """A gate in terms of simpler ones, or why it has none.

    elementary      a program, as people type them, in a, b, … that is the same function: "a + b*-1" for a − b. It takes
                    the same slopes at kinks and is as accurate far out. For a gate that takes as many operands as are
                    written it joins two of them: with "a + b", sum(x, y, w) becomes (x + y) + w
    each            for such a gate, what each operand becomes before they are joined; a is the operand, b its partner
                    in the other list. With "a*b", dot(x, y; u, v) becomes x*u + y*v
    lastly          for such a gate, what the joined operands become; a is their result and n their number. With
                    "a*(1/n)", mean(x, y, w) becomes (x + y + w)*(1/3)
    holds           where the program has a value, in words, if not wherever the gate has one
    whole           why there is no program, in words, where a reader would expect one
    splits_at       the coarsest level of detail at which the program replaces the gate: "lecture" or "elementary"
    checks_domain   whether the program has a value where the gate has none, so that a run asks for the gate's domain
    """

    elementary: str = ""
    each: str = ""
    lastly: str = ""
    holds: str = ""
    whole: str = ""
    splits_at: str = "elementary"
    checks_domain: bool = False


class Accurate(NamedTuple):
    """What gives a gate's numbers to four units of the last place, where its plain formulas overflow or lose digits.

    formula, local  formulas equal to the gate's, "" for one that needs none; listings print them where they are needed
    forward, slopes functions, where no formula of one line will do: from the operands to z, and from z and the operands
                    to the local gradients
    defined         a condition that holds inside the domain only, for a formula that gives a number outside it as well:
                    "b > 0" for ln(a)/ln(b), which for b = 0 is 0 in NumPy, where ln 0 is −∞
    script          z and the local gradients as formulas of the functions in accurate.js, which is the same for
                    JavaScript: ("sech(a)", "sech_slope(a)"), "" where the formula will do
    at_plain        whether the gate's own formulas go wrong even at a point such as 0, so that these replace them in
                    every listing: ∂hypot/∂a = a/z is 0/0 at the origin
    """

    formula: str = ""
    local: tuple[str, ...] = ()
    forward: Callable[..., float] | None = None
    slopes: Callable[..., tuple[float, ...]] | None = None
    defined: str = ""
    script: tuple[str, ...] = ()
    at_plain: bool = False


class Words(NamedTuple):
    """What a gate's page says.

    does            what the gate does to a gradient, in a sentence
    derivation      where the local gradients come from: the rule used, in a sentence or two
    lesson          what that means for whoever trains something with this gate in it
    board           z as a lecturer writes it, where that is not just its formula; board_local for ∂z/∂(each operand)
    caution         what a reader must be warned of wherever the gate stands
    instead         what to write where the operands are not in its domain, if there is another gate
    """

    does: str
    derivation: str = ""
    lesson: str = ""
    board: str = ""
    board_local: tuple[str, ...] = ()
    caution: str = ""
    instead: str = ""


class Mistake(NamedTuple):
    """A local gradient that people often take for the right one, which bpviz check knows it by.

    slope is a formula in z, a, b, …, for the operand in this slot; words say what is wrong with it: "without the 2".
    """

    slope: str
    words: str
    slot: int = 0


PLAIN, CALLED_BY_NAME, WHOLE = Accurate(), Syntax(), Decomposition()  # as most gates are


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Gate:
    """One row of the table.

    name, aliases   what a program may call it as a function: sigmoid(x), σ(x), logistic(x)
    symbol          what stands on its circle
    short           how its node is named automatically, after the names of its operands: "sig{}" makes sigx of x
    arity           fewest and most operands: UNARY, BINARY, SEVERAL (two or more) or a pair of numbers
    formula, local  z and ∂z/∂(each operand), as one writes them in code. A gate of several operands has one local, in
                    which a is the operand meant and "..." stands for all of them
    mathematics     z where mathematics has a name for it that code has not: σ(a)
    sympy_form      z in the form that sympy shall keep, where that is not formula
    accurate        what replaces the formulas where float64 needs it
    written         how it reads with its operands put in: "{} + {}"; empty for name(a, b)
    folded          what stands on the circle when one operand is a constant and has no wire: the text for a constant in
                    slot 0, and for one in slot 1. ("{}−x", "−{}") of subtract are for 3 − x and x − 3; an empty text
                    stands for symbol(3, ·). A gate of more operands has one text with all of them in it, in which ·
                    takes the place of those that have a wire
    parameter       the slot of an operand that must be a typed number and counts as part of the gate, so that a figure
                    draws no wire for it: 1 for power, since x^5 is the gate xⁿ with n = 5 and a single wire, x
    groups          how many lists of equal length the operands form, typed with ; between them: 2 for dot, since
                    dot(x, y; u, v) is x·u + y·v. Operands at the same place in their lists are partners: x and u
    commutative     whether it is the same in whatever order its operands stand
    kink, rule      z, operands -> is this a point without a derivative, and what bpviz takes there; a function of
                    conditions.py
    side            operands -> which of the pieces that meet at kinks they are on, counted from 0: for relu 0 where it
                    is shut and 1 where it is open, for max which operand is the largest. None for a kink that is a
                    single point, as that of hypot, which has no sides
    sides           how many pieces there are; a gate that takes as many operands as are written has one for each
    domain          what the operands must be, in words; empty when everything is allowed
    pole, poles     where a local gradient is infinite though z has a value, in words, and which a these are: any other
                    infinite one is an overflow. pole_if is the condition on the other operands, as for 0^b "b < 1"
    nonzero         operands -> is z another number than 0 there, so that a computed 0 is an underflow; another such
                    function
    angle           whether the operand is an angle, which a calculator may take in degrees
    mistakes        wrong local gradients that people write: x for the 2x of x²
    look_alikes     names of gates that people take for it: log10 for ln
    """

    name: str
    symbol: str
    short: str
    arity: tuple[int, int]
    formula: str
    local: tuple[str, ...]
    words: Words
    aliases: tuple[str, ...] = ()
    mathematics: str = ""
    sympy_form: str = ""
    accurate: Accurate = PLAIN
    syntax: Syntax = CALLED_BY_NAME
    parts: Decomposition = WHOLE
    written: str = ""
    folded: tuple[str, ...] = ("", "")
    parameter: int | None = None
    groups: int = 1
    commutative: bool = False
    kink: Callable[..., bool] | None = None
    rule: str = ""
    side: Callable[..., int] | None = None
    sides: int = 2
    domain: str = ""
    pole: str = ""
    poles: tuple[float, ...] = ()
    pole_if: str = ""
    nonzero: Callable[..., bool] | None = None
    angle: bool = False
    mistakes: tuple[Mistake, ...] = ()
    look_alikes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<gate {self.name}>"

    @cached_property
    def forward(self) -> Callable[..., float]:
        """The function from the operands to z.

        It raises ValueError, ZeroDivisionError or OverflowError outside the domain.
        """
        formula = self.accurate.formula or self.formula
        return self.accurate.forward or compile_value(read(formula), self._signature)

    @cached_property
    def slopes(self) -> Callable[..., tuple[float, ...]]:
        """The function from z and the operands to the local gradients, infinite at a pole."""
        accurate = self.accurate.local or self.local
        formulas = [read(better or plain) for better, plain in zip(accurate, self.local, strict=True)]
        return self.accurate.slopes or compile_slopes(formulas, self._signature)

    @property
    def scripted(self) -> tuple[str, ...]:
        """The formulas of z and of the local gradients for a script, which has the functions of accurate.js."""
        accurate = self.accurate
        local = [better or plain for better, plain in zip(accurate.local or self.local, self.local, strict=True)]
        plain = (accurate.formula or self.formula, *local)
        return tuple([own or other for own, other in zip(accurate.script or plain, plain, strict=True)])

    @property
    def _signature(self) -> str:
        return ", ".join(LETTERS[: self.arity[0]]) if self.arity[1] < ANY else "*operands"

    def symbolic(self, algebra: Any, *operands: Any) -> Any:
        """Express the gate in sympy (algebra is the module), or in what has sympy's functions."""
        names = [f"{ALL}{slot}" for slot in range(len(operands))]
        formula = substitute(read(self.sympy_form or self.formula), [Atom(name) for name in names], Atom(""))
        return express(formula, dict(zip(names, operands, strict=True)), algebra)

    @property
    def board(self) -> str:
        """The formula as a lecturer writes it: "1/(1 + e⁻ᵃ)"."""
        return self.words.board or show_on_board(read(self.formula))

    @property
    def board_local(self) -> tuple[str, ...]:
        """The local gradients as a lecturer writes them; one for all operands where there is only one formula."""
        return self.words.board_local or tuple(show_on_board(simplify(read(each))) for each in self.local)


def fill_formula(gate: Gate, operands: Sequence[Atom], output: Atom, *, mathematics: bool = False) -> Formula:
    """Put operands into a gate's formula, as code or as mathematics."""
    formula = gate.mathematics or gate.formula if mathematics else gate.formula
    return substitute(read(formula), operands, output)


def list_formulas(gate: Gate, operands: Sequence[Atom], output: Atom) -> list[Formula]:
    """Put operands into a gate's formulas: the textbook's, and if there is one the one right everywhere."""
    return [substitute(read(each), operands, output) for each in (gate.formula, gate.accurate.formula) if each]


def fill_slope(gate: Gate, slot: int, operands: Sequence[Atom], output: Atom) -> Formula:
    """Put operands into the formula of the local gradient of one of them."""
    return list_slopes(gate, slot, operands, output)[0]


def list_slopes(gate: Gate, slot: int, operands: Sequence[Atom], output: Atom) -> list[Formula]:
    """Put operands into those of a local gradient: the textbook's, and if there is one the one right everywhere."""
    meant, k = (slot, 0) if len(gate.local) == 1 else (0, slot)
    formulas = [each[k] for each in (gate.local, gate.accurate.local) if each]
    return [simplify(substitute(read(each), operands, output, meant)) for each in formulas if each]


def state_domain(gate: Gate) -> str:
    """State what a gate needs of its operands: "ln needs a > 0", or nothing if it takes every number."""
    return "; ".join(filter(None, (f"{gate.name} needs {gate.domain}" if gate.domain else "", gate.words.instead)))


def write_expression(gate: Gate, operands: tuple[str, ...]) -> str:
    """Write a gate with its operands put in, as a lecturer does.

    >>> from bpviz.gates import GATES
    >>> [write_expression(GATES[name], ("x", "y")) for name in ("add", "max", "dot")]
    ['x + y', 'max(x, y)', 'dot(x; y)']
    >>> write_expression(GATES["pow"], ("−2", "x"))
    '(−2)^x'
    """
    if not gate.written:
        return f"{gate.name}({list_operands(gate, operands)})"
    first, *others = gate.written.split("{}")
    written, before = first, first
    for operand, after in zip(operands, others, strict=True):
        written += _bracket(operand, before, after) + after
        before = after
    return written


def _bracket(operand: str, before: str, after: str) -> str:
    """Put an operand in brackets where what stands around it would take it apart: (−2)^x, x / (2/3)."""
    least = ATOM if after.startswith(RAISES) else HOLDS.get(before.strip()[-1:], LOOSE)
    size = operand if least == ATOM else operand.removeprefix("−")  # x × −2 and x^−2 are one thing to everybody
    return operand if find_binding(size) >= least else f"({operand})"


def list_operands(gate: Gate, operands: Sequence[str]) -> str:
    """List a gate's operands as they stand in its brackets: "x, y", or "x; y" for the two lists of dot."""
    size = len(operands) // gate.groups
    return "; ".join(", ".join(operands[start : start + size]) for start in range(0, size * gate.groups, size))
