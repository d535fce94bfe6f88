"""The rows of the trigonometric functions and their inverses."""

from __future__ import annotations

import math

from bpviz.gates.accurate import circular as fn
from bpviz.gates.accurate.exact import over
from bpviz.gates.gate import BINARY, UNARY, Gate

# fmt: off
ROWS: tuple[Gate, ...] = (
    Gate(name="sin", symbol="sin", short="sin{}", arity=UNARY, angle=True, formula="sin a", local=("cos a",),
         code="sin(a)", code_slopes=("cos(a)",),
         inline_slopes=("cos(a)",), spreads=True, finite=True,
         forward=math.sin, slopes=lambda z, a: (math.cos(a),), symbolic=lambda S, a: S.sin(a),
         derivation="from sin(a + h) = sin a·cos h + cos a·sin h, with cos h → 1 and sin h/h → 1 as h → 0",
         lesson=(
             "the gradient never grows, but it stops at every crest and changes its sign behind it: many hills to "
             "climb, none the highest"
         ),
         does="scales the gradient by the cosine"),
    Gate(name="cos", symbol="cos", short="cos{}", arity=UNARY, angle=True, formula="cos a", local=("−sin a",),
         code="cos(a)", code_slopes=("-sin(a)",),
         inline_slopes=("-sin(a)",), spreads=True, finite=True,
         forward=math.cos, slopes=lambda z, a: (-math.sin(a),), symbolic=lambda S, a: S.cos(a),
         derivation="from cos(a + h) = cos a·cos h − sin a·sin h, with cos h → 1 and sin h/h → 1 as h → 0",
         lesson="as the sine, a quarter of a turn ahead: at zero it passes nothing",
         does="scales the gradient by minus the sine"),
    Gate(name="tan", symbol="tan", short="tan{}", arity=UNARY, angle=True, formula="tan a", local=("1 + tan² a",),
         code="tan(a)", code_slopes=("1 + z^2",),
         inline_slopes=("1.0 + z * z",), spreads=True, finite=True,
         forward=math.tan, slopes=lambda z, a: (1.0 + z * z,), symbolic=lambda S, a: S.tan(a),
         domain="a is no odd multiple of π/2", elementary="sin(a)*(1/cos(a))",
         derivation="the quotient rule on sin a/cos a: (cos² a + sin² a)/cos² a = 1 + tan² a",
         lesson="near its poles, the odd multiples of π/2, a small step makes a huge one, and the gradient explodes",
         does="never shrinks the gradient: it scales it by 1 + tan² a"),
    Gate(name="sec", symbol="sec", short="sec{}", arity=UNARY, angle=True, formula="1/cos a", local=("sec a · tan a",),
         code="1.0/cos(a)", code_slopes=("z*tan(a)",), math="sec(a)",
         inline="1.0 / cos(a)", inline_slopes=("tan(a) / cos(a)",), spreads=True, finite=True,
         forward=fn.sec, slopes=lambda z, a: (fn.sec_slope(a),), symbolic=lambda S, a: S.sec(a),
         domain="a is no odd multiple of π/2", elementary="1/cos(a)",
         derivation="the chain rule on 1/cos a: (−1/cos² a)·(−sin a) = sec a · tan a",
         lesson="at zero it stands still, and near the poles of the tangent it explodes",
         does="scales the gradient by sec a · tan a: nothing at zero, without limit near the poles"),
    Gate(name="csc", symbol="csc", short="csc{}", arity=UNARY, angle=True, aliases=("cosec",),
         code="1.0/sin(a)", code_slopes=("-z/tan(a)",), math="csc(a)",
         formula="1/sin a", local=("−csc a · cot a",),
         inline="1.0 / sin(a)", inline_slopes=("-1.0 / sin(a) / tan(a)",), spreads=True,
         forward=fn.csc, slopes=lambda z, a: (fn.csc_slope(a),), symbolic=lambda S, a: S.csc(a),
         domain="a is no multiple of π", elementary="1/sin(a)",
         derivation="the chain rule on 1/sin a: (−1/sin² a)·cos a = −csc a · cot a",
         lesson="it explodes near every multiple of π, and stands still half way between them",
         does="scales the gradient by −csc a · cot a: nothing at π/2, without limit near the poles"),
    Gate(name="cot", symbol="cot", short="cot{}", arity=UNARY, angle=True, formula="cos a / sin a",
         local=("−(1 + cot² a)",),
         code="1.0/tan(a)", code_slopes=("-1 - z^2",), math="cot(a)",
         inline="1.0 / tan(a)", inline_slopes=("-1.0 / sin(a) / sin(a)",), spreads=True,
         forward=fn.cot, slopes=lambda z, a: (fn.cot_slope(a),), symbolic=lambda S, a: S.cot(a),
         domain="a is no multiple of π", elementary="cos(a)*(1/sin(a))",
         derivation="the quotient rule on cos a/sin a: (−sin² a − cos² a)/sin² a = −(1 + cot² a)",
         lesson="it falls everywhere, so it always turns the gradient round, and explodes near every multiple of π",
         does="turns the gradient round and never shrinks it: it scales it by −(1 + cot² a)"),
    # the inverses
    Gate(name="arcsin", symbol="arcsin", short="asin{}", arity=UNARY, aliases=("asin",),
         code="arcsin(a)", code_slopes=("1/sqrt(1 - a^2)",),
         sound_slopes=("1/sqrt((1 - a)*(1 + a))",),
         formula="arcsin a, in [−π/2, π/2]", local=("1/√(1 − a²)",),
         inline_slopes=("1.0 / sqrt((1.0 - a) * (1.0 + a))",), spreads=True, finite=True,
         forward=math.asin, slopes=lambda z, a: (over(1.0, fn.cosine_side(a)),), symbolic=lambda S, a: S.asin(a),
         domain="−1 ≤ a ≤ 1", pole="a = ±1",
         derivation=(
             "the inverse of sin: sin z = a gives cos z·z' = 1, and cos z = √(1 − a²) since z is in [−π/2, π/2]"
         ),
         lesson=(
             "safe in the middle of its domain; close to ±1 a tiny change of a is a large turn, and the gradient "
             "explodes"
         ),
         does="never shrinks the gradient: infinite at ±1, where an angle's sine stands still"),
    Gate(name="arccos", symbol="arccos", short="acos{}", arity=UNARY, aliases=("acos",),
         code="arccos(a)", code_slopes=("-1/sqrt(1 - a^2)",),
         sound_slopes=("-1/sqrt((1 - a)*(1 + a))",),
         formula="arccos a, in [0, π]", local=("−1/√(1 − a²)",),
         inline_slopes=("-(1.0 / sqrt((1.0 - a) * (1.0 + a)))",), spreads=True, finite=True,
         forward=math.acos, slopes=lambda z, a: (-over(1.0, fn.cosine_side(a)),), symbolic=lambda S, a: S.acos(a),
         domain="−1 ≤ a ≤ 1", pole="a = ±1",
         derivation="arccos a = π/2 − arcsin a, so its derivative is that of the arcsine with the sign turned",
         lesson=(
             "the angle between two vectors has an infinite gradient where they are parallel: work with the cosine "
             "itself where you can"
         ),
         does="turns the gradient round and never shrinks it: infinite at ±1"),
    Gate(name="arctan", symbol="arctan", short="atan{}", arity=UNARY, aliases=("atan",),
         code="arctan(a)", code_slopes=("1/(1 + a^2)",),
         sound_slopes=("1/hypot(1, a)/hypot(1, a)",),
         formula="arctan a, in (−π/2, π/2)", local=("1/(1 + a²)",),
         inline_slopes=("arctan_slope(a)",), finite=True,
         forward=math.atan, slopes=lambda z, a: (fn.arctan_slope(a),), symbolic=lambda S, a: S.atan(a),
         derivation="the inverse of tan: tan z = a gives (1 + tan² z)·z' = 1, so z' = 1/(1 + a²)",
         lesson="it saturates as tanh does, but slowly: at a = 10 a hundredth of the gradient still passes",
         does="squashes: passes the gradient at zero, and lets it vanish as 1/a² far from it"),
    Gate(name="arcsec", symbol="arcsec", short="asec{}", arity=UNARY, aliases=("asec",),
         code="arccos(1/a)", code_slopes=("1/(abs(a)*sqrt(a^2 - 1))",), math="arcsec(a)",
         sound="atan2(sqrt(abs(a) - 1)*sqrt(abs(a) + 1), sign(a))",
         sound_slopes=("1/abs(a)/(sqrt(abs(a) - 1)*sqrt(abs(a) + 1))",),
         formula="arcsec a = arccos(1/a), in [0, π]", local=("1/(|a|·√(a² − 1))",),
         inline_slopes=("arcsec_slope(a)",), finite=True,
         forward=fn.arcsec, slopes=lambda z, a: (fn.arcsec_slope(a),), symbolic=lambda S, a: S.acos(1 / a),
         domain="|a| ≥ 1", pole="a = ±1",
         whole="near ±1 arccos magnifies the rounding of 1/a without limit",
         derivation="the chain rule on arccos(1/a): −1/√(1 − 1/a²)·(−1/a²) = 1/(|a|·√(a² − 1))",
         lesson="infinite at the ends of its domain, ±1, and fading as 1/a² away from them",
         does="lets the gradient vanish as 1/a² far out: infinite at ±1"),
    Gate(name="arccsc", symbol="arccsc", short="acsc{}", arity=UNARY, aliases=("acsc", "arccosec"),
         code="arcsin(1/a)", code_slopes=("-1/(abs(a)*sqrt(a^2 - 1))",), math="arccsc(a)",
         sound="atan2(sign(a), sqrt(abs(a) - 1)*sqrt(abs(a) + 1))",
         sound_slopes=("-1/abs(a)/(sqrt(abs(a) - 1)*sqrt(abs(a) + 1))",),
         formula="arccsc a = arcsin(1/a), in [−π/2, π/2]", local=("−1/(|a|·√(a² − 1))",),
         inline_slopes=("-arcsec_slope(a)",), finite=True,
         forward=fn.arccsc, slopes=lambda z, a: (-fn.arcsec_slope(a),), symbolic=lambda S, a: S.asin(1 / a),
         domain="|a| ≥ 1", pole="a = ±1",
         whole="near ±1 arcsin magnifies the rounding of 1/a without limit",
         derivation="arccsc a = π/2 − arcsec a, so its derivative is that of the arcsecant with the sign turned",
         lesson="infinite at the ends of its domain, ±1, and fading as 1/a² away from them",
         does="turns the gradient round and lets it vanish as 1/a² far out: infinite at ±1"),
    Gate(name="arccot", symbol="arccot", short="acot{}", arity=UNARY, aliases=("acot",),
         code="atan2(1, a)", code_slopes=("-1/(1 + a^2)",), math="arccot(a)",
         sound_slopes=("-1/hypot(1, a)/hypot(1, a)",),
         formula="arccot a = π/2 − arctan a, in (0, π)", local=("−1/(1 + a²)",),
         inline_slopes=("-arctan_slope(a)",), finite=True,
         forward=fn.arccot, slopes=lambda z, a: (-fn.arctan_slope(a),), symbolic=lambda S, a: S.pi / 2 - S.atan(a),
         elementary="pi/2 + arctan(a)*-1",
         derivation="arccot a = π/2 − arctan a, so its derivative is that of the arctangent with the sign turned",
         lesson="as the arctangent, with every gradient turned round",
         does="turns the gradient round, and lets it vanish as 1/a² far from zero"),
    # of a point in the plane
    Gate(name="atan2", symbol="atan2", short="{}at{}", arity=BINARY, aliases=("arctan2",), folded=("", ""),
         operands=("y", "x"),
         code="atan2(a, b)", code_slopes=("b/(a^2 + b^2)", "-a/(a^2 + b^2)"),
         sound_slopes=("b/hypot(a, b)/hypot(a, b)", "-a/hypot(a, b)/hypot(a, b)"),
         formula="the angle of the point (b, a), in (−π, π]", local=("b/(a² + b²)", "−a/(a² + b²)"),
         inline_slopes=("angle_slopes(a, b)[0]", "angle_slopes(a, b)[1]"), finite=True,
         forward=fn.angle, slopes=lambda z, a, b: fn.angle_slopes(a, b), symbolic=lambda S, a, b: S.atan2(a, b),
         domain="a and b not both 0",
         kink=lambda z, a, b: a == 0 and b < 0,
         rule="atan2 jumps from −π to π here, and takes the slopes of either side",
         derivation=(
             "with r² = a² + b², a step across the radius turns the angle by 1/r of its length; of a step in a the "
             "part b/r goes across, of one in b −a/r, so the slopes are b/r² and −a/r²"
         ),
         lesson=(
             "only steps across the radius change the angle, and the nearer to the origin the more: a direction "
             "cannot be learned where the vector is almost 0"
         ),
         does="turns: near the origin a small step is a large angle, so it divides the gradient by the distance"),
    Gate(name="hypot", symbol="hypot", short="hyp{}{}", arity=BINARY,
         commutative=True, code="hypot(a, b)", code_slopes=("a/z", "b/z"), math="sqrt(a^2 + b^2)",
         formula="√(a² + b²)", local=("a/z", "b/z"),
         inline_slopes=("distance_slopes(a, b)[0]", "distance_slopes(a, b)[1]"),
         forward=math.hypot, slopes=lambda z, a, b: fn.distance_slopes(a, b),
         symbolic=lambda S, a, b: S.sqrt(a**2 + b**2),
         whole="√(a² + b²) has no gradient at the origin, where that of hypot is taken as 0",
         kink=lambda z, a, b: a == 0 and b == 0, rule="the slopes of hypot at the origin are taken as 0",
         derivation="the chain rule on √s with s = a² + b²: 1/(2√s)·2a = a/z, and likewise b/z",
         lesson=(
             "the gradient is a unit vector pointing away from the origin: it says where to go, and never how far it "
             "is"
         ),
         does="splits: the gradients of the two operands are its components in the direction of the point (a, b)"),
)
# fmt: on
