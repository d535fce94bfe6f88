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
from bpviz.formula.printing import show_on_board
from bpviz.formula.tree import ALL, LETTERS, Atom, Formula, read, simplify, substitute

COUNT = "n"  # what a decomposition calls the number of operands
ANY = 1_000_000_000  # the arity of a gate that takes as many operands as are written
UNARY, BINARY, SEVERAL = (1, 1), (2, 2), (2, ANY)


def _any(constant: float) -> bool:
    return True


def no_zero(*operands: float) -> bool:
    """Say that no operand is 0: a product, a power and a quotient are 0 only where one is."""
    return all(operands)


def everywhere(*operands: float) -> bool:
    """Say that a gate is 0 nowhere."""
    return True


class Special(NamedTuple):
    """What a gate is once a constant stands among its operands: the row called gate.

    slot, fits      where the constant stands, None for wherever, and which constants are meant
    drops           whether that row has the constant in itself: x^2 is x², 1/x is the reciprocal
    """

    gate: str
    slot: int | None = None
    fits: Callable[[float], bool] = _any
    drops: bool = False


class Syntax(NamedTuple):
    r"""How a program may write a gate, and what its operands are called, where that is not name(x, y).

    infix, roles    whether it is typed as a sign between its operands, and what these are called in automatic names
    signs           whether in front of a typed number it is part of that number: −3
    becomes         which other rows it is with a constant, the first that fits
    base, euler     the slot of what is raised to a power; whether it is e that is, so that exp^x is a slip for exp(x)
    subscript       the slot of an operand that LaTeX writes as a subscript: \log_{3}(x)
    another         whether LaTeX's command of that name is something else: \sum is of a range of terms, \dot an accent
    operands        what they are called by custom: atan2(y, x)
    comparison      the sign that stands between its first two operands: where(a > b, u, v)
    short_with      Gate.short where a certain constant is folded in: x^3 is xcub
    """

    infix: bool = False
    roles: tuple[str, ...] = ()
    signs: bool = False
    becomes: tuple[Special, ...] = ()
    base: int | None = None
    euler: bool = False
    subscript: int | None = None
    another: bool = False
    operands: tuple[str, ...] = ()
    comparison: str = ""
    short_with: Mapping[float, str] = MappingProxyType({})


class Decomposition(NamedTuple):
    """A gate in terms of simpler ones, or why it has none.

    elementary      a program in a, b: with the same slopes at kinks, and as good in the tails; more than two operands
                    are taken pairwise, after each was made of every one (and its partner b), and before lastly is made
                    of the result a and their number n
    holds           where it has a value, if not wherever the gate has one
    whole           why there is none, where one would be expected
    splits_at       the coarsest level at which the gate is replaced by its parts
    wider           whether the parts have a value where the gate has none, so that its domain is still asked for
    """

    elementary: str = ""
    each: str = ""
    lastly: str = ""
    holds: str = ""
    whole: str = ""
    splits_at: str = "elementary"
    wider: bool = False


class Accurate(NamedTuple):
    """What gives a gate's numbers to four units of the last place, where its plain formulas overflow or lose digits.

    formula, local  formulas equal to the gate's, "" for one that needs none; listings print them where they are needed
    forward, slopes functions, where no formula of one line will do: operands to z, and z with operands to the slopes
    defined         a condition that holds in the domain, where the formula gives a number outside it, too
    at_plain        whether the plain formulas go wrong at so plain a point as 0: a function, too, needs these then
    """

    formula: str = ""
    local: tuple[str, ...] = ()
    forward: Callable[..., float] | None = None
    slopes: Callable[..., tuple[float, ...]] | None = None
    defined: str = ""
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


PLAIN, CALLED_BY_NAME, WHOLE = Accurate(), Syntax(), Decomposition()  # as most gates are


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Gate:
    """One row of the table.

    name, aliases   what a program may call it as a function; symbol is what stands on its circle
    short           how an automatic name is made from its operands' names
    arity           fewest and most operands
    formula, local  z and ∂z/∂(each operand), as one writes them in code. A gate of several operands has one local, in
                    which a is the operand meant and "..." all of them
    mathematics     z where mathematics has a name for it that code has not: σ(a)
    sympy_form      z in the form that sympy shall keep, where that is not formula
    accurate        what replaces the formulas where float64 needs it
    written         how it reads with its operands put in: "{} + {}"; empty for name(a, b)
    folded          the symbol when a constant is folded into slot 0 or slot 1: "+{}"; of a gate of more operands the
                    one symbol with all of them in it, of which · stands for those that have a wire
    parameter       the slot of an operand that is always a constant and a part of the gate, such as the exponent of
                    xⁿ: no figure draws a wire for it
    groups          into how many lists of one length its operands are written, with ; between: dot(x, y; u, v). An
                    operand's partners are those at its place in the others
    commutative     whether it is the same in whatever order its operands stand
    kink, rule      z, operands -> is this a point without a derivative, and what bpviz takes there
    domain          what the operands must be, in words; empty when everything is allowed
    pole, poles     where a local gradient is infinite though z has a value, in words, and which a these are: any other
                    infinite one is an overflow
    nonzero         operands -> is z another number than 0 there, so that a computed 0 is an underflow
    angle           whether the operand is an angle, which a calculator may take in degrees
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
    domain: str = ""
    pole: str = ""
    poles: tuple[float, ...] = ()
    nonzero: Callable[..., bool] | None = None
    angle: bool = False

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


def needs(gate: Gate) -> str:
    """Say what a gate asks of its operands: "ln needs a > 0"; nothing where it takes everything."""
    return "; ".join(filter(None, (f"{gate.name} needs {gate.domain}" if gate.domain else "", gate.words.instead)))


def written(gate: Gate, operands: tuple[str, ...]) -> str:
    """Write a gate with its operands put in, as a lecturer does.

    >>> from bpviz.gates import GATES
    >>> written(GATES["add"], ("x", "sigy")), written(GATES["max"], ("x", "y")), written(GATES["dot"], ("x", "y"))
    ('x + sigy', 'max(x, y)', 'dot(x; y)')
    """
    return gate.written.format(*operands) if gate.written else f"{gate.name}({listed(gate, operands)})"


def listed(gate: Gate, operands: Sequence[str]) -> str:
    """List a gate's operands as they stand in its brackets."""
    size = len(operands) // gate.groups
    return "; ".join(", ".join(operands[start : start + size]) for start in range(0, size * gate.groups, size))
