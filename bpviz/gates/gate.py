"""What a row of the gate table holds; a, b, ... are a gate's operands in order and z is its output."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

LETTERS = "abcdefgh"
COUNT = "n"  # what a decomposition calls the number of operands
ANY = 1_000_000_000  # the arity of a gate that takes as many operands as are written
UNARY, BINARY, SEVERAL = (1, 1), (2, 2), (2, ANY)


def _any(constant: float) -> bool:
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


class Gate(NamedTuple):
    r"""One row of the table.

    name, aliases   what a program may call it as a function; symbol is what stands on its circle
    written         how it reads with its operands put in: "{} + {}"; empty for name(a, b)
    folded          the symbol when a constant is folded into slot 0 or slot 1: "+{}"
    operands        what they are called by custom, where that is not x, y: atan2(y, x)
    short           how an automatic name is made from its operands' names
    parameter       the slot of an operand that is always a constant and a part of the gate, such as the exponent of
                    xⁿ: no view draws a wire for it
    short_with      the same where a certain constant is folded in: x^3 is xcub
    arity           fewest and most operands
    becomes         which other rows it is with a constant, the first that fits
    infix, roles    whether it is typed as a sign between its operands, and what these are called in automatic names
    signs           whether in front of a typed number it is part of that number: −3
    base, euler     the slot of what is raised to a power; whether it is e that is, so that exp^x is a slip for exp(x)
    subscript       the slot of an operand that LaTeX writes as a subscript: \log_{3}(x)
    another         whether LaTeX's command of that name is something else: \sum is of a range of terms, \dot an accent
    groups          into how many lists of one length its operands are written, with ; between: dot(x, y; u, v). An
                    operand's partners are those at its place in the others
    commutative     whether it is the same in whatever order its operands stand
    formula, local  z and ∂z/∂(each operand) as a lecturer writes them
    forward         operands -> z; raises ValueError, ZeroDivisionError or OverflowError outside the domain
    slopes          z, operands -> the local gradients, infinite at a pole
    symbolic        sympy (the module), operands -> the gate as a sympy expression
    code            z in the notation of views/formula.py, as one writes it in code: every listing is printed from it
    code_slopes     ∂z/∂(each operand) likewise, of the operands and z; a gate of several operands has one, in which
                    a is the operand meant and "..." all of them
    sound           z likewise, but right over the whole domain, where code overflows far out or loses digits; empty
                    where code does neither. sound_slopes are for code_slopes, "" for one that needs none
    math            z likewise, where mathematics writes it otherwise than code: σ(a); empty where not
    does            what the gate does to a gradient, in a sentence
    derivation      where the local gradients come from: the rule used, in a sentence or two
    lesson          what that means for whoever trains something with this gate in it
    domain          what the operands must be, in words; empty when everything is allowed
    instead         what to write where the operands are not in it, if there is another gate
    pole            where a local gradient is infinite though z has a value, in words
    kink, rule      operands -> is this a point without a derivative, and what bpviz takes there
    nonzero         whether z is 0 only where an operand is, so that any other 0 is an underflow
    angle           whether the operand is an angle, which a calculator may take in degrees
    caution         what a reader must be warned of wherever the gate stands
    inline          z as an expression for compiled code (bpviz/compiled/formulas.py): to the last bit forward, or it
                    raises; empty where forward is called. inline_slopes are for slopes; a gate of several operands
                    has one, in which a is the operand meant and ... all of them
    spreads         whether z is infinite or nan, or forward raises, wherever an operand is infinite or nan
    finite          whether z is finite wherever the operands are, even where NumPy computes it, which does not raise
    elementary      the gate in terms of simpler ones, a program in a, b: with the same slopes at kinks, and as good in
                    the tails; more than two operands are taken pairwise, after each was made of every one (and its
                    partner b), and before lastly is made of the result a and their number n
    holds           where it has a value, if not wherever the gate has one
    whole           why it has none, where one would be expected
    splits_at       the coarsest level at which it is replaced by them
    """

    name: str
    symbol: str
    short: str
    arity: tuple[int, int]
    formula: str
    local: tuple[str, ...]
    forward: Callable[..., float]
    slopes: Callable[..., tuple[float, ...]]
    symbolic: Callable[..., Any]
    code: str
    code_slopes: tuple[str, ...]
    does: str
    derivation: str = ""
    lesson: str = ""
    sound: str = ""
    sound_slopes: tuple[str, ...] = ()
    math: str = ""
    written: str = ""
    folded: tuple[str, str] = ("", "")
    parameter: int | None = None
    becomes: tuple[Special, ...] = ()
    infix: bool = False
    roles: tuple[str, ...] = ()
    signs: bool = False
    base: int | None = None
    euler: bool = False
    subscript: int | None = None
    another: bool = False
    groups: int = 1
    commutative: bool = False
    operands: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    domain: str = ""
    instead: str = ""
    pole: str = ""
    kink: Callable[..., bool] | None = None
    rule: str = ""
    nonzero: bool = False
    angle: bool = False
    caution: str = ""
    inline: str = ""
    inline_slopes: tuple[str, ...] = ()
    spreads: bool = False
    finite: bool = False
    elementary: str = ""
    each: str = ""
    lastly: str = ""
    holds: str = ""
    whole: str = ""
    splits_at: str = "elementary"
    short_with: Mapping[float, str] = MappingProxyType({})

    def __eq__(self, other: object) -> bool:
        """Compare rows by which they are: functions have no other equality."""
        return self is other

    def __repr__(self) -> str:
        """Return the name: a test that fails should not print the whole row."""
        return f"<gate {self.name}>"


def needs(gate: Gate) -> str:
    """Return what to tell of a point outside a gate's domain; nothing where it has everything for one."""
    return "; ".join(filter(None, (f"{gate.name} needs {gate.domain}" if gate.domain else "", gate.instead)))


Gate.__hash__ = object.__hash__  # type: ignore[method-assign]  # what goes with that equality, and is not a field


def written(gate: Gate, operands: tuple[str, ...]) -> str:
    """Return a gate with its operands put in, as a lecturer writes it.

    >>> from bpviz.gates import GATES
    >>> written(GATES["add"], ("x", "sigy")), written(GATES["max"], ("x", "y")), written(GATES["dot"], ("x", "y"))
    ('x + sigy', 'max(x, y)', 'dot(x; y)')
    """
    return gate.written.format(*operands) if gate.written else f"{gate.name}({listed(gate, operands)})"


def listed(gate: Gate, operands: Sequence[str]) -> str:
    """Return a gate's operands as they stand in its brackets."""
    size = len(operands) // gate.groups
    return "; ".join(", ".join(operands[start : start + size]) for start in range(0, size * gate.groups, size))
