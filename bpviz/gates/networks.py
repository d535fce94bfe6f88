"""The rows of neural networks: activations and losses."""

from __future__ import annotations

import math

from bpviz.gates.accurate import activations as fn
from bpviz.gates.accurate import normal
from bpviz.gates.gate import BINARY, UNARY, Gate

# fmt: off
ROWS: tuple[Gate, ...] = (
    Gate(name="sigmoid", symbol="σ", short="sig{}", arity=UNARY, written="σ({})", aliases=("σ", "sigma", "logistic"),
         code="1.0/(1 + exp(-a))", code_slopes=("(1 - z)*z",), math="σ(a)",
         sound="exp(min(a, 0))/(1 + exp(-abs(a)))", sound_slopes=("exp(-abs(a))/(1 + exp(-abs(a)))^2",),
         nonzero=True, formula="1/(1 + e⁻ᵃ)", local=("σ(a)·(1 − σ(a))",),
         inline_slopes=("sigmoid_slope(a)",), finite=True,
         forward=fn.sigmoid, slopes=lambda z, a: (fn.sigmoid_slope(a),), symbolic=lambda S, a: 1 / (1 + S.exp(-a)),
         elementary="1/(exp(a*-1) + 1)", holds="a > −709, where e⁻ᵃ is finite",
         derivation=(
             "write 1/σ = 1 + e⁻ᵃ and differentiate both sides: −σ'/σ² = −e⁻ᵃ. Since e⁻ᵃ = 1/σ − 1 = (1 − σ)/σ, σ' = "
             "σ²·(1 − σ)/σ = σ·(1 − σ)"
         ),
         lesson=(
             "the slope is ¼ at best: through ten sigmoids a millionth of the gradient is left, and where one "
             "saturates (|a| > 5) it kills what arrives. All outputs are positive, so the gradients of the next "
             "gate's weights all have one sign, and the weights zigzag"
         ),
         does="squashes: passes at most a quarter of the gradient, next to nothing where it is saturated"),
    Gate(name="relu", symbol="relu", short="relu{}", arity=UNARY, aliases=("ReLU",),
         code="relu(a)", code_slopes=("a > 0",),
         formula="max(a, 0)", local=("1 if a > 0, else 0",),
         inline="max(a, 0.0)", inline_slopes=("1.0 if a > 0.0 else 0.0",), finite=True,
         forward=lambda a: max(a, 0.0), slopes=lambda z, a: (1.0 if a > 0 else 0.0,), symbolic=lambda S, a: S.Max(a, 0),
         kink=lambda z, a: a == 0, rule="relu'(0) is taken as 0",
         derivation=(
             "two straight lines: z = a where a > 0, with slope 1, and z = 0 elsewhere, with slope 0; at the corner "
             "between them there is no derivative"
         ),
         lesson=(
             "it never saturates on the right and costs nothing, but it dies: a unit whose operand is negative for "
             "every example gets no gradient, and can never come back"
         ),
         does="opens or shuts: passes the gradient where its operand is positive, blocks it elsewhere"),
    Gate(name="softplus", symbol="softplus", short="splus{}", arity=UNARY,
         code="log1p(exp(a))", code_slopes=("1/(1 + exp(-a))",), math="softplus(a)",
         sound="max(a, 0) + log1p(exp(-abs(a)))", sound_slopes=("exp(min(a, 0))/(1 + exp(-abs(a)))",),
         formula="ln(1 + eᵃ)", local=("σ(a)",),
         inline_slopes=("sigmoid(a)",), finite=True,
         forward=fn.softplus, slopes=lambda z, a: (fn.sigmoid(a),), symbolic=lambda S, a: S.log(1 + S.exp(a)),
         elementary="max(a, 0) + ln(exp(|a|*-1) + 1)",
         derivation=(
             "the chain rule on ln(1 + eᵃ): eᵃ/(1 + eᵃ), which is σ(a) once it is divided by eᵃ above and below"
         ),
         lesson=(
             "a relu without the corner: it never dies quite, and its slope says how open it is, as a share between 0"
             " and 1"
         ),
         does="opens softly: passes the share σ(a) of the gradient"),
    Gate(name="leaky_relu", symbol="leaky", short="lrelu{}", arity=UNARY, aliases=("leakyrelu", "LeakyReLU"),
         code="max(a, 0.01*a)", code_slopes=("where(a > 0, 1, 0.01)",), math="leakyrelu(a)",
         formula="a if a > 0, else 0.01·a", local=("1 if a > 0, else 0.01",),
         inline="max(a, LEAKY * a)", inline_slopes=("1.0 if a > 0.0 else LEAKY",), spreads=True, finite=True,
         forward=lambda a: a if a > 0 else fn.LEAKY * a, slopes=lambda z, a: (1.0 if a > 0 else fn.LEAKY,),
         symbolic=lambda S, a: S.Max(a, 0) + S.Rational(1, 100) * S.Min(a, 0),
         kink=lambda z, a: a == 0, rule="the slope of leaky_relu at 0 is taken as 0.01",
         elementary="0.01*a + 0.99*relu(a)",
         derivation="two straight lines: slope 1 where a > 0 and 0.01 elsewhere, with a corner at 0 that has none",
         lesson="a relu that cannot die: a hundredth of the gradient always passes",
         does="opens, or leaks: passes the gradient where its operand is positive, a hundredth of it elsewhere"),
    Gate(name="prelu", symbol="prelu", short="prelu{}", arity=BINARY, aliases=("leaky_relu", "PReLU"),
         folded=("", "leaky {}"),
         code="where(a > 0, a, b*a)", code_slopes=("where(a > 0, 1, b)", "min(a, 0)"), math="prelu(a, b)",
         sound="max(a, 0) + b*min(a, 0)",
         formula="a if a > 0, else b·a", local=("1 if a > 0, else b", "0 if a > 0, else a"),
         inline="a if a > 0.0 else b * a", inline_slopes=("1.0 if a > 0.0 else b", "0.0 if a > 0.0 else a"),
         forward=lambda a, b: a if a > 0 else b * a,
         slopes=lambda z, a, b: (1.0, 0.0) if a > 0 else (b, a),
         symbolic=lambda S, a, b: S.Max(a, 0) + b * S.Min(a, 0),
         kink=lambda z, a, b: a == 0, rule="the slope of prelu at 0 is taken as b",
         elementary="r = relu(a); r + b*(a + r*-1)",
         derivation=(
             "two straight lines, z = a and z = b·a: on each the slope in a is what a is multiplied by, and in b it "
             "is a where b counts and 0 where it does not"
         ),
         lesson="the leak is learned too, and only from the examples on its negative side",
         does="opens, or leaks: passes the gradient where its operand is positive, b times it elsewhere"),
    Gate(name="elu", symbol="elu", short="elu{}", arity=UNARY, aliases=("ELU",),
         code="max(a, 0) + expm1(min(a, 0))", code_slopes=("exp(min(a, 0))",), math="elu(a)",
         formula="a if a > 0, else eᵃ − 1", local=("1 if a > 0, else eᵃ",),
         inline="a if a > 0.0 else expm1(a)", inline_slopes=("1.0 if a > 0.0 else exp(a)",), finite=True,
         forward=fn.elu, slopes=lambda z, a: (1.0 if a > 0 else math.exp(a),),
         symbolic=lambda S, a: S.Max(a, 0) + S.exp(S.Min(a, 0)) - 1,
         elementary="max(a, 0) + (exp(min(a, 0)) + -1)",
         derivation=(
             "two pieces, z = a with slope 1 and z = eᵃ − 1 with slope eᵃ: they meet at 0, where eᵃ = 1, without a "
             "corner"
         ),
         lesson=(
             "a relu that goes below zero and so keeps the mean of its outputs near it; far left it saturates, softly"
         ),
         does="opens, or saturates: passes the gradient where its operand is positive, the share eᵃ elsewhere"),
    Gate(name="silu", symbol="silu", short="silu{}", arity=UNARY, aliases=("swish", "SiLU"),
         code="a/(1 + exp(-a))", code_slopes=("(1 + a - z)/(1 + exp(-a))",), math="a*σ(a)",
         sound="a*exp(min(a, 0))/(1 + exp(-abs(a)))",
         sound_slopes=("exp(min(a, 0))*(1 + a*exp(-max(a, 0))/(1 + exp(-abs(a))))/(1 + exp(-abs(a)))",),
         formula="a·σ(a)", local=("σ(a)·(1 + a·(1 − σ(a)))",),
         inline_slopes=("silu_slope(a)",), finite=True,
         forward=fn.silu, slopes=lambda z, a: (fn.silu_slope(a),), symbolic=lambda S, a: a / (1 + S.exp(-a)),
         elementary="a*σ(a)", holds="a > −709, where e⁻ᵃ is finite",
         derivation="the product rule on a·σ(a): σ + a·σ', and σ' = σ·(1 − σ) gives σ·(1 + a·(1 − σ))",
         lesson="as a relu far from zero, and smooth in between; it has a valley at −1.28, where no gradient passes",
         does="opens softly: passes the gradient far right, turns a little of it round left of −1.28"),
    Gate(name="gelu", symbol="gelu", short="gelu{}", arity=UNARY, aliases=("GELU",),
         code="a*(1 + erf(a/sqrt(2)))/2",
         code_slopes=("(1 + erf(a/sqrt(2)))/2 + a*exp(-a^2/2)/sqrt(2*pi)",), math="a*Φ(a)",
         sound="a*erfc(-a/sqrt(2))/2",
         sound_slopes=("erfc(-a/sqrt(2))/2 + a*exp(-min(abs(a), 40)^2/2)/sqrt(2*pi)",),
         formula="a·Φ(a), Φ(a) = ½(1 + erf(a/√2))", local=("Φ(a) + a·e^(−a²/2)/√(2π)",),
         inline_slopes=("gelu_slope(a)",), finite=True,
         forward=normal.gelu, slopes=lambda z, a: (normal.gelu_slope(a),),
         symbolic=lambda S, a: a * (1 + S.erf(a / S.sqrt(2))) / 2,
         elementary="a*(0.5*(1 + erf(a*(1/sqrt(2)))))",
         derivation=(
             "the product rule on a·Φ(a): Φ + a·Φ', and the derivative of the normal distribution Φ is its bell "
             "curve, e^(−a²/2)/√(2π)"
         ),
         lesson="as silu: a relu that is weighted by how likely a normal number lies below its operand",
         does="opens softly: passes the gradient far right, turns a little of it round left of −0.75"),
    Gate(name="mish", symbol="mish", short="mish{}", arity=UNARY,
         code="a*tanh(log1p(exp(a)))",
         code_slopes=("tanh(log1p(exp(a))) + a*(1 - tanh(log1p(exp(a)))^2)/(1 + exp(-a))",),
         sound="a*tanh(max(a, 0) + log1p(exp(-abs(a))))",
         sound_slopes=(
             "tanh(max(a, 0) + log1p(exp(-abs(a)))) + "
             "a*(1 - tanh(max(a, 0) + log1p(exp(-abs(a))))^2)*exp(min(a, 0))/(1 + exp(-abs(a)))",
         ),
         math="a*tanh(softplus(a))",
         formula="a·tanh(ln(1 + eᵃ))", local=("tanh s + a·(1 − tanh² s)·σ(a), s = ln(1 + eᵃ)",),
         inline_slopes=("mish_slope(a)",), finite=True,
         forward=fn.mish, slopes=lambda z, a: (fn.mish_slope(a),),
         symbolic=lambda S, a: a * S.tanh(S.log(1 + S.exp(a))), elementary="a*tanh(softplus(a))",
         derivation="the product rule on a·tanh s, with s = ln(1 + eᵃ): tanh s + a·(1 − tanh² s)·s', and s' = σ(a)",
         lesson=(
             "as silu, with its valley at −1.19; it is four functions deep, so it costs more, forward and backward"
         ),
         does="opens softly: passes the gradient far right, turns a little of it round left of −1.19"),
    Gate(name="hard_tanh", symbol="htanh", short="htanh{}", arity=UNARY, aliases=("hardtanh",),
         code="max(-1, min(a, 1))", code_slopes=("abs(a) < 1",),  math="hardtanh(a)",
         formula="a, cut off at −1 and 1", local=("1 if −1 < a < 1, else 0",),
         inline="max(-1.0, min(a, 1.0))", inline_slopes=("1.0 if abs(a) < 1.0 else 0.0",), finite=True,
         forward=lambda a: max(-1.0, min(a, 1.0)), slopes=lambda z, a: (1.0 if -1 < a < 1 else 0.0,),
         symbolic=lambda S, a: S.Max(-1, S.Min(a, 1)),
         kink=lambda z, a: abs(a) == 1, rule="the slope of hard_tanh at ±1 is taken as 0",
         whole="max(min(a, 1), −1) shares the gradient at ±1, where that of hard_tanh is taken as 0",
         derivation="three straight lines: slope 1 between −1 and 1, 0 outside, and no derivative at the two corners",
         lesson="a cheap tanh that saturates at once: outside the window nothing is learned",
         does="a window: passes the gradient between −1 and 1, blocks it outside"),
    Gate(name="step", symbol="step", short="step{}", arity=UNARY, aliases=("heaviside",),
         code="step(a)", code_slopes=("0",),
         formula="1 if a > 0, else 0", local=("0",),
         inline="1.0 if a > 0.0 else 0.0", inline_slopes=("0.0",), finite=True,
         forward=lambda a: 1.0 if a > 0 else 0.0, slopes=lambda z, a: (0.0,),
         symbolic=lambda S, a: S.Heaviside(a, 0),
         kink=lambda z, a: a == 0, rule="step jumps from 0 to 1 here; its slope is taken as 0",
         caution="a step blocks the gradient everywhere: nothing before it can be learned",
         derivation="constant on both sides, so the slope is 0; at the jump there is no derivative",
         lesson=(
             "the first neurons used it, and that is why they could not be trained by gradients: the sigmoid is a "
             "step that has been made smooth"
         ),
         does="blocks: it is flat wherever it has a slope at all, so no gradient passes"),
    Gate(name="erf", symbol="erf", short="erf{}", arity=UNARY, formula="2/√π · ∫₀ᵃ e^(−t²) dt",
         local=("2/√π · e^(−a²)",),
         code="erf(a)", code_slopes=("2*exp(-a^2)/sqrt(pi)",),
         sound_slopes=("2*exp(-min(abs(a), 40)^2)/sqrt(pi)",),
         inline_slopes=("erf_slope(a)",), finite=True,
         forward=math.erf, slopes=lambda z, a: (normal.erf_slope(a),), symbolic=lambda S, a: S.erf(a),
         derivation=(
             "the fundamental theorem of calculus: the derivative of an integral by its upper end is what is "
             "integrated, at that end"
         ),
         lesson="a sigmoid with faster tails: some three units from zero the gradient is gone",
         does="squashes: passes 1.13 times the gradient at zero, and lets it vanish faster than any other gate"),
    # losses
    Gate(name="se", symbol="(y−t)²", short="se{}{}", arity=BINARY, folded=("({}−t)²", "(y−{})²"),
         code="(a - b)^2", code_slopes=("2*(a - b)", "2*(b - a)"),
         formula="(a − b)², without the ½ that some put before it", local=("2(a − b)", "−2(a − b)"),
         inline="(a - b) * (a - b)", inline_slopes=("2.0 * (a - b)", "-2.0 * (a - b)"), spreads=True,
         forward=lambda a, b: (a - b) * (a - b), slopes=lambda z, a, b: (2.0 * (a - b), -2.0 * (a - b)),
         symbolic=lambda S, a, b: (a - b)**2, elementary="d = a + b*-1; d*d",
         derivation="the chain rule on d² with d = a − b: 2d times the derivative of d, which is 1 in a and −1 in b",
         lesson=(
             "one outlier that is off by 100 pulls a hundred times harder than one that is off by 1. After a "
             "saturated sigmoid its gradient vanishes: use bce there"
         ),
         does="measures: sends back twice the error, so the larger the miss the harder the push"),
    Gate(name="bce", symbol="bce", short="bce{}{}", arity=BINARY, folded=("", "bce {}"),
         code="-b*ln(a) - (1 - b)*ln(1 - a)", code_slopes=("(a - b)/(a*(1 - a))", "ln((1 - a)/a)"),
         sound="-b*ln(a) - (1 - b)*log1p(-a)",
         sound_slopes=("", "where(abs(a - 0.5) < 0.25, log1p((1 - 2*a)/a), ln(1 - a) - ln(a))"),
         formula="−b·ln a − (1 − b)·ln(1 − a), a a probability, b the target",
         local=("(a − b)/(a·(1 − a))", "ln((1 − a)/a)"),
         inline_slopes=("cross_entropy_slopes(a, b)[0]", "cross_entropy_slopes(a, b)[1]"), finite=True,
         forward=fn.cross_entropy, slopes=lambda z, a, b: fn.cross_entropy_slopes(a, b),
         symbolic=lambda S, a, b: -b * S.log(a) - (1 - b) * S.log(1 - a),
         domain="0 < a < 1 and 0 ≤ b ≤ 1",
         instead="of a = σ(x), which rounds to 1 from x = 37 on, write bce_logits(x, b)",
         elementary="(b*ln(a) + (1 + b*-1)*ln(1 + a*-1))*-1",
         derivation=(
             "term by term: −b/a + (1 − b)/(1 − a), over a common denominator (a − b)/(a·(1 − a)); in b the two "
             "logarithms remain"
         ),
         lesson=(
             "through a sigmoid, whose slope is a·(1 − a), the denominator cancels and a − b is left: the error "
             "itself, never saturated. That is why the two are used together"
         ),
         does="punishes a confident mistake: after a sigmoid its slope cancels σ', and a − b is left"),
    Gate(name="bce_logits", symbol="bceσ", short="bcel{}{}", arity=BINARY, folded=("", "bceσ {}"),
         aliases=("bce_with_logits",),
         code="log1p(exp(a)) - b*a", code_slopes=("1/(1 + exp(-a)) - b", "-a"), math="softplus(a) - b*a",
         sound="max(a, 0) - b*a + log1p(exp(-abs(a)))", sound_slopes=("exp(min(a, 0))/(1 + exp(-abs(a))) - b", ""),
         formula="ln(1 + eᵃ) − b·a, which is bce(σ(a), b)", local=("σ(a) − b", "−a"),
         inline_slopes=("logit_slope(a, b)", "-a"), spreads=True, finite=True,
         forward=fn.logit_entropy, slopes=lambda z, a, b: (fn.logit_slope(a, b), -a),
         symbolic=lambda S, a, b: S.log(1 + S.exp(a)) - b * a,
         domain="0 ≤ b ≤ 1", elementary="softplus(a) + b*a*-1",
         derivation=(
             "put σ(a) into −b·ln p − (1 − b)·ln(1 − p): since ln σ(a) = a − ln(1 + eᵃ) and ln(1 − σ(a)) = −ln(1 + eᵃ)"
             ", ln(1 + eᵃ) − b·a is left; in a its slope is σ(a) − b, in b −a"
         ),
         lesson=(
             "the gradient is the error itself, prediction − target, and never saturates: a sigmoid and bce as two "
             "gates multiply a huge slope by a tiny one, and fail where the probability rounds to 1"
         ),
         does="measures: sends back the error of the probability, σ(a) − b, between −1 and 1"),
    Gate(name="hinge", symbol="hinge", short="hinge{}{}", arity=BINARY, folded=("", "hinge {}"),
         code="max(0, 1 - b*a)", code_slopes=("-b*(b*a < 1)", "-a*(b*a < 1)"), math="hinge(a, b)",
         sound_slopes=("-b*(z > 0)", "-a*(z > 0)"),
         formula="max(0, 1 − b·a), a a score, b = ±1 the class",
         local=("−b if b·a < 1, else 0", "−a if b·a < 1, else 0"),
         inline_slopes=("-b if z > 0.0 else 0.0", "-a if z > 0.0 else 0.0"),
         forward=fn.hinge, slopes=lambda z, a, b: (-b, -a) if z > 0 else (0.0, 0.0),
         symbolic=lambda S, a, b: S.Max(0, 1 - a * b),
         kink=lambda z, a, b: z == 0 and a * b == 1, rule="the slope of hinge at b·a = 1 is taken as 0",
         elementary="relu(1 + b*a*-1)",
         derivation=(
             "two straight lines in the margin b·a: 1 − b·a below 1, with slope −b in a and −a in b, and 0 from there"
             " on"
         ),
         lesson=(
             "only examples inside the margin teach anything: the others have gradient 0, and the support vectors are"
             " left"
         ),
         does="stops pushing once the margin is 1: until then it sends back −b, whatever the size of the miss"),
)
# fmt: on
