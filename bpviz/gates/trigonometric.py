"""The rows of the trigonometric functions and their inverses."""

from __future__ import annotations

from bpviz.gates.accurate import circular
from bpviz.gates.conditions import is_at_origin, is_off_axis, is_on_cut
from bpviz.gates.gate import BINARY, UNARY, Accurate, Decomposition, Gate, Mistake, Syntax, Words

# fmt: off
ROWS: tuple[Gate, ...] = (
    Gate(name="sin", symbol="sin", short="sin{}", arity=UNARY, formula="sin(a)", local=("cos(a)",), angle=True,
         words=Words(
             does="scales the gradient by the cosine",
             derivation="from sin(a + h) = sin a·cos h + cos a·sin h, with cos h → 1 and sin h/h → 1 as h → 0",
             lesson="the gradient never grows, but it stops at every crest and changes its sign behind it: many "
                    "hills to climb, none the highest")),
    Gate(name="cos", symbol="cos", short="cos{}", arity=UNARY, formula="cos(a)", local=("-sin(a)",), angle=True,
         words=Words(
             does="scales the gradient by minus the sine",
             derivation="from cos(a + h) = cos a·cos h − sin a·sin h, with cos h → 1 and sin h/h → 1 as h → 0",
             lesson="as the sine, a quarter of a turn ahead: at zero it passes nothing")),
    Gate(name="tan", symbol="tan", short="tan{}", arity=UNARY, formula="tan(a)", local=("1 + z^2",),
         domain="a is no odd multiple of π/2", angle=True, parts=Decomposition(elementary="sin(a)*(1/cos(a))"),
         mistakes=(Mistake("1/cos(a)", "without the square"),),
         look_alikes=("arctan",),
         words=Words(
             board_local=("1 + tan² a",),
             does="never shrinks the gradient: it scales it by 1 + tan² a",
             derivation="the quotient rule on sin a/cos a: (cos² a + sin² a)/cos² a = 1 + tan² a",
             lesson="near its poles, the odd multiples of π/2, a small step makes a huge one, and the gradient "
                    "explodes")),
    Gate(name="sec", symbol="sec", short="sec{}", arity=UNARY, formula="1.0/cos(a)", local=("z*tan(a)",),
         mathematics="sec(a)", sympy_form="sec(a)", domain="a is no odd multiple of π/2", angle=True,
         parts=Decomposition(elementary="1/cos(a)"),
         accurate=Accurate(local=("tan(a)/cos(a)",)),
         words=Words(
             board_local=("sec a · tan a",),
             does="scales the gradient by sec a · tan a: nothing at zero, without limit near the poles",
             derivation="the chain rule on 1/cos a: (−1/cos² a)·(−sin a) = sec a · tan a",
             lesson="at zero it stands still, and near the poles of the tangent it explodes")),
    Gate(name="csc", symbol="csc", short="csc{}", arity=UNARY, formula="1.0/sin(a)", local=("-z/tan(a)",),
         mathematics="csc(a)", sympy_form="csc(a)", aliases=("cosec",), domain="a is no multiple of π", angle=True,
         parts=Decomposition(elementary="1/sin(a)"),
         words=Words(
             board_local=("−csc a · cot a",),
             does="scales the gradient by −csc a · cot a: nothing at π/2, without limit near the poles",
             derivation="the chain rule on 1/sin a: (−1/sin² a)·cos a = −csc a · cot a",
             lesson="it explodes near every multiple of π, and stands still half way between them")),
    Gate(name="cot", symbol="cot", short="cot{}", arity=UNARY, formula="1.0/tan(a)", local=("-1 - z^2",),
         mathematics="cot(a)", sympy_form="cot(a)", domain="a is no multiple of π", angle=True,
         parts=Decomposition(elementary="cos(a)*(1/sin(a))"),
         accurate=Accurate(local=("-1/sin(a)/sin(a)",)),
         words=Words(
             board="cos a / sin a", board_local=("−(1 + cot² a)",),
             does="turns the gradient round and never shrinks it: it scales it by −(1 + cot² a)",
             derivation="the quotient rule on cos a/sin a: (−sin² a − cos² a)/sin² a = −(1 + cot² a)",
             lesson="it falls everywhere, so it always turns the gradient round, and explodes near every multiple of "
                    "π")),
    # the inverses
    Gate(name="arcsin", symbol="arcsin", short="asin{}", arity=UNARY, formula="arcsin(a)", local=("1/sqrt(1 - a^2)",),
         aliases=("asin",), domain="−1 ≤ a ≤ 1", pole="a = ±1", poles=(-1.0, 1.0),
         accurate=Accurate(local=("1/sqrt((1 - a)*(1 + a))",)),
         look_alikes=("csc",),
         words=Words(
             board="arcsin a, in [−π/2, π/2]",
             does="never shrinks the gradient: infinite at ±1, where an angle's sine stands still",
             derivation="the inverse of sin: sin z = a gives cos z·z' = 1, and cos z = √(1 − a²) since z is in "
                        "[−π/2, π/2]",
             lesson="safe in the middle of its domain; close to ±1 a tiny change of a is a large turn, and the "
                    "gradient explodes")),
    Gate(name="arccos", symbol="arccos", short="acos{}", arity=UNARY, formula="arccos(a)", local=("-1/sqrt(1 - a^2)",),
         aliases=("acos",), domain="−1 ≤ a ≤ 1", pole="a = ±1", poles=(-1.0, 1.0),
         accurate=Accurate(local=("-1/sqrt((1 - a)*(1 + a))",)),
         look_alikes=("sec",),
         words=Words(
             board="arccos a, in [0, π]",
             does="turns the gradient round and never shrinks it: infinite at ±1",
             derivation="arccos a = π/2 − arcsin a, so its derivative is that of the arcsine with the sign turned",
             lesson="the angle between two vectors has an infinite gradient where they are parallel: work with the "
                    "cosine itself where you can")),
    Gate(name="arctan", symbol="arctan", short="atan{}", arity=UNARY, formula="arctan(a)", local=("1/(1 + a^2)",),
         aliases=("atan",),
         accurate=Accurate(local=("1/hypot(1, a)/hypot(1, a)",), slopes=lambda z, a: (circular.arctan_slope(a),),
                           script=("", "arctan_slope(a)")),
         look_alikes=("cot", "tan"),
         words=Words(
             board="arctan a, in (−π/2, π/2)",
             does="squashes: passes the gradient at zero, and lets it vanish as 1/a² far from it",
             derivation="the inverse of tan: tan z = a gives (1 + tan² z)·z' = 1, so z' = 1/(1 + a²)",
             lesson="it saturates as tanh does, but slowly: at a = 10 a hundredth of the gradient still passes")),
    Gate(name="arcsec", symbol="arcsec", short="asec{}", arity=UNARY, formula="arccos(1/a)",
         local=("1/(abs(a)*sqrt(a^2 - 1))",), mathematics="arcsec(a)", aliases=("asec",), domain="|a| ≥ 1",
         pole="a = ±1", poles=(-1.0, 1.0),
         parts=Decomposition(whole="near ±1 arccos magnifies the rounding of 1/a without limit"),
         accurate=Accurate(formula="atan2(sqrt(abs(a) - 1)*sqrt(abs(a) + 1), sign(a))",
                           local=("1/abs(a)/(sqrt(abs(a) - 1)*sqrt(abs(a) + 1))",)),
         words=Words(
             board="arcsec a = arccos(1/a), in [0, π]",
             does="lets the gradient vanish as 1/a² far out: infinite at ±1",
             derivation="the chain rule on arccos(1/a): −1/√(1 − 1/a²)·(−1/a²) = 1/(|a|·√(a² − 1))",
             lesson="infinite at the ends of its domain, ±1, and fading as 1/a² away from them")),
    Gate(name="arccsc", symbol="arccsc", short="acsc{}", arity=UNARY, formula="arcsin(1/a)",
         local=("-1/(abs(a)*sqrt(a^2 - 1))",), mathematics="arccsc(a)", aliases=("acsc", "arccosec"), domain="|a| ≥ 1",
         pole="a = ±1", poles=(-1.0, 1.0),
         parts=Decomposition(whole="near ±1 arcsin magnifies the rounding of 1/a without limit"),
         accurate=Accurate(formula="atan2(sign(a), sqrt(abs(a) - 1)*sqrt(abs(a) + 1))",
                           local=("-1/abs(a)/(sqrt(abs(a) - 1)*sqrt(abs(a) + 1))",)),
         words=Words(
             board="arccsc a = arcsin(1/a), in [−π/2, π/2]",
             does="turns the gradient round and lets it vanish as 1/a² far out: infinite at ±1",
             derivation="arccsc a = π/2 − arcsec a, so its derivative is that of the arcsecant with the sign turned",
             lesson="infinite at the ends of its domain, ±1, and fading as 1/a² away from them")),
    Gate(name="arccot", symbol="arccot", short="acot{}", arity=UNARY, formula="atan2(1, a)", local=("-1/(1 + a^2)",),
         mathematics="arccot(a)", sympy_form="pi/2 - arctan(a)", aliases=("acot",),
         parts=Decomposition(elementary="pi/2 + arctan(a)*-1"),
         accurate=Accurate(local=("-1/hypot(1, a)/hypot(1, a)",), slopes=lambda z, a: (-circular.arctan_slope(a),),
                           script=("", "-arctan_slope(a)")),
         words=Words(
             board="arccot a = π/2 − arctan a, in (0, π)",
             does="turns the gradient round, and lets it vanish as 1/a² far from zero",
             derivation="arccot a = π/2 − arctan a, so its derivative is that of the arctangent with the sign turned",
             lesson="as the arctangent, with every gradient turned round")),
    # of a point in the plane
    Gate(name="atan2", symbol="atan2", short="{}at{}", arity=BINARY, formula="atan2(a, b)",
         local=("b/(a^2 + b^2)", "-a/(a^2 + b^2)"), aliases=("arctan2",), folded=("", ""),
         kink=is_on_cut,
         rule="atan2 jumps from −π to π here, and takes the slopes of either side", domain="a and b not both 0",
         syntax=Syntax(operands=("y", "x")),
         accurate=Accurate(formula="atan2(a + 0, b)", local=("b/hypot(a, b)/hypot(a, b)", "-a/hypot(a, b)/hypot(a, b)"),
                           forward=circular.angle, slopes=lambda z, a, b: circular.angle_slopes(a, b),
                           defined="max(abs(a), abs(b)) > 0", at_plain=True,
                           script=("angle(a, b)", "angle_slope(b, a, b)", "-angle_slope(a, a, b)")),
         nonzero=is_off_axis,
         words=Words(
             board="the angle of the point (b, a), in (−π, π]",
             does="turns: near the origin a small step is a large angle, so it divides the gradient by the distance",
             derivation="with r² = a² + b², a step across the radius turns the angle by 1/r of its length; of a step "
                        "in a the part b/r goes across, of one in b −a/r, so the slopes are b/r² and −a/r²",
             lesson="only steps across the radius change the angle, and the nearer to the origin the more: a "
                    "direction cannot be learned where the vector is almost 0")),
    Gate(name="hypot", symbol="hypot", short="hyp{}{}", arity=BINARY, formula="hypot(a, b)", local=("a/z", "b/z"),
         mathematics="sqrt(a^2 + b^2)", commutative=True, kink=is_at_origin,
         rule="the slopes of hypot at the origin are taken as 0",
         parts=Decomposition(whole="√(a² + b²) has no gradient at the origin, where that of hypot is taken as 0"),
         accurate=Accurate(local=("a/(z + (z == 0))", "b/(z + (z == 0))"), at_plain=True,
                           slopes=lambda z, a, b: circular.distance_slopes(a, b),
                           script=("", "distance_slope(a, a, b)", "distance_slope(b, a, b)")),
         words=Words(
             board="√(a² + b²)",
             does="splits: the gradients of the two operands are its components in the direction of the point (a, b)",
             derivation="the chain rule on √s with s = a² + b²: 1/(2√s)·2a = a/z, and likewise b/z",
             lesson="the gradient is a unit vector pointing away from the origin: it says where to go, and never how "
                    "far it is")),
)
# fmt: on
