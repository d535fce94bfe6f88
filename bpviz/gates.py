"""The gate table: everything that bpviz knows of a gate stands in its row, and only there.

A new gate is one row here and one case in the tests. Code elsewhere asks a row for a fact, never for its name.
Formulas are those of any table of derivatives (Abramowitz and Stegun, chapters 4 and 6); a, b, ... are a gate's
operands in order and z is its output.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from bpviz import functions as fn

LETTERS = "abcdefgh"
ANY = 1_000_000_000  # the arity of a gate that takes as many operands as are written


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Gate:
    """One row of the table.

    name, aliases   what a program may call it as a function; symbol is what stands on its circle
    written         how it reads with its operands put in: "{} + {}"; empty for name(a, b)
    folded          the symbol when a constant is folded into slot 0 or slot 1: "+{}"
    short           how an automatic name is made from its operands' names
    short_with      the same where a certain constant is folded in: x^3 is xcub
    arity           fewest and most operands
    formula, local  z and ∂z/∂(each operand) as a lecturer writes them
    forward         operands -> z; raises ValueError, ZeroDivisionError or OverflowError outside the domain
    slopes          z, operands -> the local gradients, infinite at a pole
    symbolic        sympy (the module), operands -> the gate as a sympy expression
    code            z in the notation of views/formula.py, as one writes it in code: every listing is printed from it
    code_slopes     ∂z/∂(each operand) likewise, of the operands and z; a gate of several operands has one, in which
                    a is the operand meant and "..." all of them
    math            z likewise, where mathematics writes it otherwise than code: σ(a); empty where not
    does            what the gate does to a gradient, in a sentence
    domain          what the operands must be, in words; empty when everything is allowed
    kink, rule      operands -> is this a point without a derivative, and what bpviz takes there
    elementary      the gate in terms of simpler ones, a program in a, b; more than two operands are taken pairwise
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
    math: str = ""
    written: str = ""
    folded: tuple[str, str] = ("", "")
    aliases: tuple[str, ...] = ()
    domain: str = ""
    kink: Callable[..., bool] | None = None
    rule: str = ""
    elementary: str = ""
    splits_at: str = "elementary"
    short_with: Mapping[float, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<gate {self.name}>"


UNARY, BINARY, SEVERAL = (1, 1), (2, 2), (2, ANY)

# fmt: off
TABLE: tuple[Gate, ...] = (
    # arithmetic
    Gate(name="add", symbol="+", short="{}p{}", arity=BINARY, written="{} + {}", folded=("+{}", "+{}"),
         code="a + b", code_slopes=("1", "1"),
         formula="a + b", local=("1", "1"),
         forward=lambda a, b: a + b, slopes=lambda z, a, b: (1.0, 1.0), symbolic=lambda S, a, b: a + b,
         does="distributes: every operand gets the upstream gradient, unchanged"),
    Gate(name="subtract", symbol="−", short="{}m{}", arity=BINARY, written="{} − {}", folded=("{}−x", "−{}"),
         code="a - b", code_slopes=("1", "-1"),
         formula="a − b", local=("1", "−1"),
         forward=lambda a, b: a - b, slopes=lambda z, a, b: (1.0, -1.0), symbolic=lambda S, a, b: a - b,
         does="distributes: the first operand gets the upstream gradient, the second its negative",
         elementary="a + b*-1"),
    Gate(name="multiply", symbol="×", short="{}{}", arity=BINARY, written="{} × {}", folded=("×{}", "×{}"),
         code="a*b", code_slopes=("b", "a"),
         formula="a · b", local=("b", "a"),
         forward=lambda a, b: a * b, slopes=lambda z, a, b: (b, a), symbolic=lambda S, a, b: a * b,
         does="swaps: each operand gets the upstream gradient times the other operand"),
    Gate(name="divide", symbol="÷", short="{}by{}", arity=BINARY, written="{} / {}", folded=("{}/x", "÷{}"),
         code="a/b", code_slopes=("1/b", "-a/b^2"),
         formula="a / b", local=("1/b", "−a/b²"),
         forward=lambda a, b: a / b, slopes=lambda z, a, b: (fn.over(1.0, b), fn.over(-z, b)),
         symbolic=lambda S, a, b: a / b, domain="b ≠ 0",
         does="scales: the numerator's gradient is divided by b, the denominator's multiplied by −a/b²",
         elementary="a*(1/b)", splits_at="lecture"),
    Gate(name="negate", symbol="×−1", short="neg{}", arity=UNARY, written="−{}", aliases=("neg",),
         code="-a", code_slopes=("-1",),
         formula="−a", local=("−1",),
         forward=lambda a: -a, slopes=lambda z, a: (-1.0,), symbolic=lambda S, a: -a,
         does="flips the sign of the gradient", elementary="a*-1"),
    Gate(name="reciprocal", symbol="1/x", short="inv{}", arity=UNARY, written="1/{}", aliases=("inv",),
         code="1.0/a", code_slopes=("-1/a^2",),
         formula="1/a", local=("−1/a²",),
         forward=lambda a: 1.0 / a, slopes=lambda z, a: (-z / a,), symbolic=lambda S, a: 1 / a, domain="a ≠ 0",
         does="turns the gradient round and divides it by a²: huge near zero, tiny far from it"),
    # powers and roots
    Gate(name="square", symbol="x²", short="{}sqr", arity=UNARY, written="{}²", aliases=("sqr",),
         code="a^2", code_slopes=("2*a",),
         formula="a²", local=("2a",),
         forward=lambda a: a * a, slopes=lambda z, a: (2.0 * a,), symbolic=lambda S, a: a**2,
         does="scales the gradient by twice its operand", elementary="a*a"),
    Gate(name="power", symbol="xⁿ", short="{}pow{}", arity=BINARY, written="{}^{}", folded=("", "x^{}"),
         short_with={3.0: "{}cub"},
         code="a^b", code_slopes=("b*a^(b - 1)", "0"),
         formula="aⁿ, n constant", local=("n·aⁿ⁻¹",),
         forward=math.pow, slopes=lambda z, a, n: (fn.power_slope(a, n), 0.0), symbolic=lambda S, a, n: a**n,
         domain="a ≥ 0 unless n is a whole number, and a ≠ 0 if n < 0",
         does="scales the gradient by n times the power below"),
    Gate(name="exponential", symbol="cˣ", short="{}pow{}", arity=BINARY, written="{}^{}", folded=("{}^x", ""),
         code="a^b", code_slopes=("0", "z*ln(a)"),
         formula="cᵃ, c constant", local=("cᵃ·ln c",),
         forward=math.pow, slopes=lambda z, c, a: (0.0, fn.exponent_slope(z, c)), symbolic=lambda S, c, a: c**a,
         domain="c > 0", elementary="exp(b*ln(a))",
         does="scales the gradient by its own output, and by ln c"),
    Gate(name="pow", symbol="xʸ", short="{}pow{}", arity=BINARY, written="{}^{}",
         code="a^b", code_slopes=("b*a^(b - 1)", "z*ln(a)"),
         formula="aᵇ", local=("b·aᵇ⁻¹", "aᵇ·ln a"),
         forward=fn.positive_power, slopes=lambda z, a, b: (fn.power_slope(a, b), fn.exponent_slope(z, a)),
         symbolic=lambda S, a, b: a**b, domain="a > 0, or a = 0 and b > 0",
         does="scales: the base's gradient by b times the power below, the exponent's by the output times ln a",
         elementary="exp(b*ln(a))"),
    Gate(name="sqrt", symbol="√", short="sqrt{}", arity=UNARY, written="√{}", aliases=("√",),
         code="sqrt(a)", code_slopes=("1/(2*z)",),
         formula="√a", local=("1/(2√a)",),
         forward=math.sqrt, slopes=lambda z, a: (fn.over(0.5, z),), symbolic=lambda S, a: S.sqrt(a), domain="a ≥ 0",
         does="divides the gradient by twice its output: infinite at zero"),
    # exponential and logarithms
    Gate(name="exp", symbol="exp", short="exp{}", arity=UNARY, formula="eᵃ", local=("eᵃ",),
         code="exp(a)", code_slopes=("z",),
         forward=math.exp, slopes=lambda z, a: (z,), symbolic=lambda S, a: S.exp(a),
         does="scales the gradient by its own output"),
    Gate(name="ln", symbol="ln", short="ln{}", arity=UNARY, aliases=("log",), formula="ln a", local=("1/a",),
         code="ln(a)", code_slopes=("1/a",),
         forward=math.log, slopes=lambda z, a: (1.0 / a,), symbolic=lambda S, a: S.log(a), domain="a > 0",
         does="divides the gradient by its operand"),
    Gate(name="log2", symbol="log₂", short="lg{}", arity=UNARY, formula="log₂ a", local=("1/(a·ln 2)",),
         code="log2(a)", code_slopes=("1/(a*ln(2))",),
         forward=math.log2, slopes=lambda z, a: (1.0 / (a * math.log(2.0)),), symbolic=lambda S, a: S.log(a) / S.log(2),
         domain="a > 0", elementary="ln(a)*(1/ln(2))",
         does="divides the gradient by its operand, and by ln 2"),
    Gate(name="log10", symbol="log₁₀", short="log{}", arity=UNARY, formula="log₁₀ a", local=("1/(a·ln 10)",),
         code="log10(a)", code_slopes=("1/(a*ln(10))",),
         forward=math.log10, slopes=lambda z, a: (1.0 / (a * math.log(10.0)),),
         symbolic=lambda S, a: S.log(a) / S.log(10), domain="a > 0", elementary="ln(a)*(1/ln(10))",
         does="divides the gradient by its operand, and by ln 10"),
    # trigonometric and hyperbolic
    Gate(name="sin", symbol="sin", short="sin{}", arity=UNARY, formula="sin a", local=("cos a",),
         code="sin(a)", code_slopes=("cos(a)",),
         forward=math.sin, slopes=lambda z, a: (math.cos(a),), symbolic=lambda S, a: S.sin(a),
         does="scales the gradient by the cosine"),
    Gate(name="cos", symbol="cos", short="cos{}", arity=UNARY, formula="cos a", local=("−sin a",),
         code="cos(a)", code_slopes=("-sin(a)",),
         forward=math.cos, slopes=lambda z, a: (-math.sin(a),), symbolic=lambda S, a: S.cos(a),
         does="scales the gradient by minus the sine"),
    Gate(name="tan", symbol="tan", short="tan{}", arity=UNARY, formula="tan a", local=("1 + tan² a",),
         code="tan(a)", code_slopes=("1 + z^2",),
         forward=math.tan, slopes=lambda z, a: (1.0 + z * z,), symbolic=lambda S, a: S.tan(a),
         domain="a is no odd multiple of π/2", elementary="sin(a)*(1/cos(a))",
         does="never shrinks the gradient: it scales it by 1 + tan² a"),
    Gate(name="sinh", symbol="sinh", short="sinh{}", arity=UNARY, formula="sinh a", local=("cosh a",),
         code="sinh(a)", code_slopes=("cosh(a)",),
         forward=math.sinh, slopes=lambda z, a: (math.cosh(a),), symbolic=lambda S, a: S.sinh(a),
         elementary="e = exp(a); (e + -1*(1/e))*0.5",
         does="scales the gradient by the hyperbolic cosine: never shrinks it"),
    Gate(name="cosh", symbol="cosh", short="cosh{}", arity=UNARY, formula="cosh a", local=("sinh a",),
         code="cosh(a)", code_slopes=("sinh(a)",),
         forward=math.cosh, slopes=lambda z, a: (math.sinh(a),), symbolic=lambda S, a: S.cosh(a),
         elementary="e = exp(a); (e + 1/e)*0.5",
         does="scales the gradient by the hyperbolic sine"),
    Gate(name="tanh", symbol="tanh", short="tanh{}", arity=UNARY, formula="tanh a", local=("1 − tanh² a",),
         code="tanh(a)", code_slopes=("1 - z^2",),
         forward=math.tanh, slopes=lambda z, a: (fn.tanh_slope(a),), symbolic=lambda S, a: S.tanh(a),
         elementary="e = exp(2*a); (e + -1)*(1/(e + 1))",
         does="squashes: passes the gradient near zero and lets it vanish far from it"),
    # of neural networks
    Gate(name="sigmoid", symbol="σ", short="sig{}", arity=UNARY, written="σ({})", aliases=("σ", "sigma", "logistic"),
         code="1.0/(1 + exp(-a))", code_slopes=("(1 - z)*z",), math="σ(a)",
         formula="1/(1 + e⁻ᵃ)", local=("σ(a)·(1 − σ(a))",),
         forward=fn.sigmoid, slopes=lambda z, a: (fn.sigmoid_slope(a),), symbolic=lambda S, a: 1 / (1 + S.exp(-a)),
         elementary="1/(exp(a*-1) + 1)",
         does="squashes: passes at most a quarter of the gradient, next to nothing where it is saturated"),
    Gate(name="relu", symbol="relu", short="relu{}", arity=UNARY, aliases=("ReLU",),
         code="relu(a)", code_slopes=("a > 0",),
         formula="max(a, 0)", local=("1 if a > 0, else 0",),
         forward=lambda a: max(a, 0.0), slopes=lambda z, a: (1.0 if a > 0 else 0.0,), symbolic=lambda S, a: S.Max(a, 0),
         kink=lambda z, a: a == 0, rule="relu'(0) is taken as 0",
         does="opens or shuts: passes the gradient where its operand is positive, blocks it elsewhere"),
    Gate(name="softplus", symbol="softplus", short="splus{}", arity=UNARY,
         code="log1p(exp(a))", code_slopes=("1/(1 + exp(-a))",), math="softplus(a)",
         formula="ln(1 + eᵃ)", local=("σ(a)",),
         forward=fn.softplus, slopes=lambda z, a: (fn.sigmoid(a),), symbolic=lambda S, a: S.log(1 + S.exp(a)),
         elementary="ln(exp(a) + 1)",
         does="opens softly: passes the share σ(a) of the gradient"),
    # piecewise and of several operands
    Gate(name="abs", symbol="|x|", short="abs{}", arity=UNARY, written="|{}|",
         code="abs(a)", code_slopes=("sign(a)",),
         formula="|a|", local=("sign a",),
         forward=abs, slopes=lambda z, a: (float((a > 0) - (a < 0)),), symbolic=lambda S, a: S.Abs(a),
         kink=lambda z, a: a == 0, rule="the slope of |x| at 0 is taken as 0",
         does="passes the gradient where its operand is positive, flips its sign where it is negative"),
    Gate(name="max", symbol="max", short="max{}", arity=SEVERAL,
         code="max(...)", code_slopes=("above(a, z, ...)",),
         formula="the largest operand", local=("1 for the largest, else 0",),
         forward=max, slopes=lambda z, *operands: fn.share(z, operands), symbolic=lambda S, *operands: S.Max(*operands),
         kink=lambda z, *operands: fn.tied(z, operands), rule="a tie of max shares the gradient equally",
         does="routes: the largest operand gets the whole gradient, the others nothing"),
    Gate(name="min", symbol="min", short="min{}", arity=SEVERAL,
         code="min(...)", code_slopes=("below(a, z, ...)",),
         formula="the smallest operand", local=("1 for the smallest, else 0",),
         forward=min, slopes=lambda z, *operands: fn.share(z, operands), symbolic=lambda S, *operands: S.Min(*operands),
         kink=lambda z, *operands: fn.tied(z, operands), rule="a tie of min shares the gradient equally",
         does="routes: the smallest operand gets the whole gradient, the others nothing"),
    Gate(name="sum", symbol="Σ", short="sum{}", arity=SEVERAL,
         code="sum(...)", code_slopes=("1",),
         formula="a + b + …", local=("1",),
         forward=fn.total, slopes=lambda z, *operands: (1.0,) * len(operands), symbolic=lambda S, *operands: sum(operands),
         does="distributes: every operand gets the upstream gradient, unchanged", elementary="a + b"),
)
# fmt: on

BRANCH = "copies its value forward; backward it adds the gradients that come in along its branches"

CONSTANTS: Mapping[str, float] = MappingProxyType({"pi": math.pi, "π": math.pi})

GATES: Mapping[str, Gate] = MappingProxyType({gate.name: gate for gate in TABLE})

FUNCTIONS: Mapping[str, Gate] = MappingProxyType({name: gate for gate in TABLE for name in (gate.name, *gate.aliases)})


def written(gate: Gate, operands: tuple[str, ...]) -> str:
    """Return a gate with its operands put in, as a lecturer writes it.

    >>> written(GATES["add"], ("x", "sigy")), written(GATES["max"], ("x", "y"))
    ('x + sigy', 'max(x, y)')
    """
    return gate.written.format(*operands) if gate.written else f"{gate.name}({', '.join(operands)})"
