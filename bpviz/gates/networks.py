"""The rows of neural networks: activations and losses."""

from __future__ import annotations

from bpviz.gates.accurate import activations, normal
from bpviz.gates.conditions import are_unequal, has_no_zero, is_at_margin, is_at_one, is_at_zero, return_true
from bpviz.gates.gate import BINARY, UNARY, Accurate, Decomposition, Gate, Mistake, Words

# fmt: off
ROWS: tuple[Gate, ...] = (
    Gate(name="sigmoid", symbol="σ", short="sig{}", arity=UNARY, formula="1.0/(1 + exp(-a))", local=("(1 - z)*z",),
         mathematics="σ(a)", aliases=("σ", "sigma", "logistic", "expit"), written="σ({})", nonzero=has_no_zero,
         parts=Decomposition(elementary="1/(exp(a*-1) + 1)", holds="a > −709, where e⁻ᵃ is finite"),
         accurate=Accurate(formula="exp(min(a, 0))/(1 + exp(-abs(a)))", local=("exp(-abs(a))*max(z, 1 - z)^2",),
                           forward=activations.sigmoid, slopes=lambda z, a: (activations.sigmoid_slope(a),),
                           script=("sigmoid(a)", "sigmoid_slope(a)")),
         mistakes=(Mistake("z", "without 1 − σ"),
                   Mistake("1 - z", "without σ"),
                   Mistake("a*(1 - a)", "with its operand where its output belongs")),
         look_alikes=("tanh",),
         words=Words(
             board_local=("σ(a)·(1 − σ(a))",),
             does="squashes: passes at most a quarter of the gradient, next to nothing where it is saturated",
             derivation="write 1/σ = 1 + e⁻ᵃ and differentiate both sides: −σ'/σ² = −e⁻ᵃ. Since e⁻ᵃ = 1/σ − 1 = (1 − "
                        "σ)/σ, σ' = σ²·(1 − σ)/σ = σ·(1 − σ)",
             lesson="the slope is ¼ at best: through ten sigmoids a millionth of the gradient is left, and where one "
                    "saturates (|a| > 5) it kills what arrives. All outputs are positive, so the gradients of the "
                    "next gate's weights all have one sign, and the weights zigzag")),
    Gate(name="relu", symbol="relu", short="relu{}", arity=UNARY, formula="relu(a)", local=("a > 0",),
         aliases=("ReLU",), kink=is_at_zero, rule="relu'(0) is taken as 0",
         side=lambda a: int(a > 0),
         words=Words(
             board="max(a, 0)", board_local=("1 if a > 0, else 0",),
             does="opens or shuts: passes the gradient where its operand is positive, blocks it elsewhere",
             derivation="two straight lines: z = a where a > 0, with slope 1, and z = 0 elsewhere, with slope 0; at "
                        "the corner between them there is no derivative",
             lesson="it never saturates on the right and costs nothing, but it dies: a unit whose operand is "
                    "negative for every example gets no gradient, and can never come back")),
    Gate(name="softplus", symbol="softplus", short="splus{}", arity=UNARY, formula="log1p(exp(a))",
         local=("1/(1 + exp(-a))",), mathematics="softplus(a)",
         parts=Decomposition(elementary="max(a, 0) + ln(exp(|a|*-1) + 1)"),
         accurate=Accurate(formula="max(a, 0) + log1p(exp(-abs(a)))", local=("exp(min(a, 0))/(1 + exp(-abs(a)))",),
                           slopes=lambda z, a: (activations.sigmoid(a),),
                           script=("", "sigmoid(a)")),
         nonzero=return_true,
         words=Words(
             board_local=("σ(a)",),
             does="opens softly: passes the share σ(a) of the gradient",
             derivation="the chain rule on ln(1 + eᵃ): eᵃ/(1 + eᵃ), which is σ(a) once it is divided by eᵃ above and "
                        "below",
             lesson="a relu without the corner: it never dies quite, and its slope says how open it is, as a share "
                    "between 0 and 1")),
    Gate(name="leaky_relu", symbol="leaky", short="lrelu{}", arity=UNARY, formula="max(a, 0.01*a)",
         local=("where(a > 0, 1, 0.01)",), mathematics="leakyrelu(a)", sympy_form="max(a, 0) + 0.01*min(a, 0)",
         aliases=("leakyrelu", "LeakyReLU"), kink=is_at_zero,
         rule="the slope of leaky_relu at 0 is taken as 0.01", side=lambda a: int(a > 0),
         parts=Decomposition(elementary="0.01*a + 0.99*relu(a)"),
         nonzero=has_no_zero,
         words=Words(
             board="a if a > 0, else 0.01·a", board_local=("1 if a > 0, else 0.01",),
             does="opens, or leaks: passes the gradient where its operand is positive, a hundredth of it elsewhere",
             derivation="two straight lines: slope 1 where a > 0 and 0.01 elsewhere, with a corner at 0 that has none",
             lesson="a relu that cannot die: a hundredth of the gradient always passes")),
    Gate(name="prelu", symbol="prelu", short="prelu{}", arity=BINARY, formula="where(a > 0, a, b*a)",
         local=("where(a > 0, 1, b)", "min(a, 0)"), mathematics="prelu(a, b)", sympy_form="max(a, 0) + b*min(a, 0)",
         aliases=("leaky_relu", "PReLU"), folded=("", "leaky {}"), kink=is_at_zero,
         rule="the slope of prelu at 0 is taken as b", side=lambda a, b: int(a > 0),
         parts=Decomposition(elementary="relu(a) + b*where(a > 0, 0, a)"),
         accurate=Accurate(formula="max(a, 0) + b*min(a, 0)"),
         nonzero=has_no_zero,
         words=Words(
             board="a if a > 0, else b·a", board_local=("1 if a > 0, else b", "0 if a > 0, else a"),
             does="opens, or leaks: passes the gradient where its operand is positive, b times it elsewhere",
             derivation="two straight lines, z = a and z = b·a: on each the slope in a is what a is multiplied by, "
                        "and in b it is a where b counts and 0 where it does not",
             lesson="the leak is learned too, and only from the examples on its negative side")),
    Gate(name="elu", symbol="elu", short="elu{}", arity=UNARY, formula="max(a, 0) + expm1(min(a, 0))",
         local=("exp(min(a, 0))",), mathematics="elu(a)", aliases=("ELU",),
         parts=Decomposition(elementary="max(a, 0) + (exp(min(a, 0)) + -1)"),
         words=Words(
             board="a if a > 0, else eᵃ − 1", board_local=("1 if a > 0, else eᵃ",),
             does="opens, or saturates: passes the gradient where its operand is positive, the share eᵃ elsewhere",
             derivation="two pieces, z = a with slope 1 and z = eᵃ − 1 with slope eᵃ: they meet at 0, where eᵃ = 1, "
                        "without a corner",
             lesson="a relu that goes below zero and so keeps the mean of its outputs near it; far left it "
                    "saturates, softly")),
    Gate(name="silu", symbol="silu", short="silu{}", arity=UNARY, formula="a/(1 + exp(-a))",
         local=("(1 + a - z)/(1 + exp(-a))",), mathematics="a*σ(a)", aliases=("swish", "SiLU"),
         parts=Decomposition(elementary="a*σ(a)", holds="a > −709, where e⁻ᵃ is finite"),
         accurate=Accurate(formula="a*exp(min(a, 0))/(1 + exp(-abs(a)))",
                           local=("exp(min(a, 0))*(1 + a*exp(-max(a, 0))/(1 + exp(-abs(a))))/(1 + exp(-abs(a)))",),
                           forward=activations.silu, slopes=lambda z, a: (activations.silu_slope(a),),
                           script=("silu(a)", "silu_slope(a)")),
         nonzero=has_no_zero,
         words=Words(
             board="a·σ(a)", board_local=("σ(a)·(1 + a·(1 − σ(a)))",),
             does="opens softly: passes the gradient far right, turns a little of it round left of −1.28",
             derivation="the product rule on a·σ(a): σ + a·σ', and σ' = σ·(1 − σ) gives σ·(1 + a·(1 − σ))",
             lesson="as a relu far from zero, and smooth in between; it has a valley at −1.28, where no gradient "
                    "passes")),
    Gate(name="gelu", symbol="gelu", short="gelu{}", arity=UNARY, formula="a*(1 + erf(a/sqrt(2)))/2",
         local=("(1 + erf(a/sqrt(2)))/2 + a*exp(-a^2/2)/sqrt(2*pi)",), mathematics="a*Φ(a)", aliases=("GELU",),
         parts=Decomposition(elementary="a*(0.5*(1 + erf(a*(1/sqrt(2)))))"),
         accurate=Accurate(formula="a*erfc(-a/sqrt(2))/2",
                           local=("erfc(-a/sqrt(2))/2 + a*exp(-min(abs(a), 40)^2/2)/sqrt(2*pi)",), forward=normal.gelu,
                           slopes=lambda z, a: (normal.gelu_slope(a),),
                           script=("gelu(a)", "gelu_slope(a)")),
         nonzero=has_no_zero,
         words=Words(
             board="a·Φ(a), Φ(a) = ½(1 + erf(a/√2))", board_local=("Φ(a) + a·e^(−a²/2)/√(2π)",),
             does="opens softly: passes the gradient far right, turns a little of it round left of −0.75",
             derivation="the product rule on a·Φ(a): Φ + a·Φ', and the derivative of the normal distribution Φ is "
                        "its bell curve, e^(−a²/2)/√(2π)",
             lesson="as silu: a relu that is weighted by how likely a normal number lies below its operand")),
    Gate(name="mish", symbol="mish", short="mish{}", arity=UNARY, formula="a*tanh(log1p(exp(a)))",
         local=("tanh(log1p(exp(a))) + a*(1 - tanh(log1p(exp(a)))^2)/(1 + exp(-a))",),
         mathematics="a*tanh(softplus(a))", parts=Decomposition(elementary="a*tanh(softplus(a))"),
         accurate=Accurate(formula="a*tanh(max(a, 0) + log1p(exp(-abs(a))))",
                           local=(
                 "tanh(max(a, 0) + log1p(exp(-abs(a)))) + "
                 "a*(1 - tanh(max(a, 0) + log1p(exp(-abs(a))))^2)*exp(min(a, 0))/(1 + exp(-abs(a)))",),
                           forward=activations.mish, slopes=lambda z, a: (activations.mish_slope(a),),
                           script=("mish(a)", "mish_slope(a)")),
         nonzero=has_no_zero,
         words=Words(
             board_local=("tanh s + a·(1 − tanh² s)·σ(a), s = ln(1 + eᵃ)",),
             does="opens softly: passes the gradient far right, turns a little of it round left of −1.19",
             derivation="the product rule on a·tanh s, with s = ln(1 + eᵃ): tanh s + a·(1 − tanh² s)·s', and s' = "
                        "σ(a)",
             lesson="as silu, with its valley at −1.19; it is four functions deep, so it costs more, forward and "
                    "backward")),
    Gate(name="hard_tanh", symbol="htanh", short="htanh{}", arity=UNARY, formula="max(-1, min(a, 1))",
         local=("abs(a) < 1",), mathematics="hardtanh(a)", aliases=("hardtanh",), kink=is_at_one,
         rule="the slope of hard_tanh at ±1 is taken as 0", side=lambda a: (a > -1) + (a > 1),
         sides=3,
         parts=Decomposition(
             whole="max(min(a, 1), −1) shares the gradient at ±1, where that of hard_tanh is taken as 0"),
         words=Words(
             board="a, cut off at −1 and 1", board_local=("1 if −1 < a < 1, else 0",),
             does="a window: passes the gradient between −1 and 1, blocks it outside",
             derivation="three straight lines: slope 1 between −1 and 1, 0 outside, and no derivative at the two "
                        "corners",
             lesson="a cheap tanh that saturates at once: outside the window nothing is learned")),
    Gate(name="step", symbol="step", short="step{}", arity=UNARY, formula="step(a)", local=("0",),
         aliases=("heaviside",), kink=is_at_zero, rule="step jumps from 0 to 1 here; its slope is taken as 0",
         side=lambda a: int(a > 0),
         words=Words(
             board="1 if a > 0, else 0",
             does="blocks: it is flat wherever it has a slope at all, so no gradient passes",
             derivation="constant on both sides, so the slope is 0; at the jump there is no derivative",
             lesson="the first neurons used it, and that is why they could not be trained by gradients: the sigmoid "
                    "is a step that has been made smooth",
             caution="a step blocks the gradient everywhere: nothing before it can be learned")),
    Gate(name="erf", symbol="erf", short="erf{}", arity=UNARY, formula="erf(a)", local=("2*exp(-a^2)/sqrt(pi)",),
         accurate=Accurate(local=("2*exp(-min(abs(a), 40)^2)/sqrt(pi)",), slopes=lambda z, a: (normal.erf_slope(a),),
                           script=("", "erf_slope(a)")),
         words=Words(
             board="2/√π · ∫₀ᵃ e^(−t²) dt", board_local=("2/√π · e^(−a²)",),
             does="squashes: passes 1.13 times the gradient at zero, and lets it vanish faster than any other gate",
             derivation="the fundamental theorem of calculus: the derivative of an integral by its upper end is what "
                        "is integrated, at that end",
             lesson="a sigmoid with faster tails: some three units from zero the gradient is gone")),
    Gate(name="normcdf", symbol="Φ", short="cdf{}", arity=UNARY, formula="(1 + erf(a/sqrt(2)))/2",
         local=("exp(-a^2/2)/sqrt(2*pi)",), mathematics="Φ(a)", aliases=("Φ", "Phi", "norm_cdf", "ndtr"),
         written="Φ({})", nonzero=has_no_zero, parts=Decomposition(elementary="0.5*(1 + erf(a*(1/sqrt(2))))"),
         accurate=Accurate(formula="erfc(-a/sqrt(2))/2", local=("exp(-min(abs(a), 40)^2/2)/sqrt(2*pi)",),
                           forward=normal.distribution, slopes=lambda z, a: (normal.density(a),),
                           script=("distribution(a)", "density(a)")),
         words=Words(
             board="½(1 + erf(a/√2)), how likely a normal number lies below a", board_local=("φ(a) = e^(−a²/2)/√(2π)",),
             does="squashes: passes at most 0.4 of the gradient, next to nothing three units from zero",
             derivation="the fundamental theorem of calculus: Φ is the integral of the bell curve φ up to a, so its "
                        "slope is φ at a",
             lesson="a sigmoid with thinner tails, σ(1.7a) to within a hundredth: the probit model's, and saturated "
                    "sooner")),
    Gate(name="normpdf", symbol="φ", short="pdf{}", arity=UNARY, formula="exp(-a^2/2)/sqrt(2*pi)", local=("-a*z",),
         mathematics="φ(a)", aliases=("φ", "phi", "norm_pdf"), written="φ({})", nonzero=has_no_zero,
         parts=Decomposition(elementary="exp(a*a*-0.5)*(1/sqrt(2*pi))"),
         accurate=Accurate(formula="exp(-min(abs(a), 40)^2/2)/sqrt(2*pi)",
                           forward=normal.density, slopes=lambda z, a: (normal.density_slope(a),),
                           script=("density(a)", "density_slope(a)")),
         words=Words(
             board="e^(−a²/2)/√(2π), the bell curve", board_local=("−a·φ(a)",),
             does="pulls towards zero: sends back −a times its output, most at ±1, nothing far out",
             derivation="the chain rule on e^u with u = −a²/2: e^u times u', and u' = −a",
             lesson="far from zero it is flat, so a centre that begins far from its data never finds it: train its "
                    "logarithm, whose slope is −a")),
    # losses
    Gate(name="se", symbol="(y−t)²", short="se{}{}", arity=BINARY, formula="(a - b)^2",
         local=("2*(a - b)", "2*(b - a)"), folded=("({}−t)²", "(y−{})²"),
         parts=Decomposition(elementary="d = a + b*-1; d*d"),
         nonzero=are_unequal,
         mistakes=(Mistake("a - b", "without the 2"),
                   Mistake("b - a", "without the 2", 1)),
         words=Words(
             board="(a − b)², without the ½ that some put before it", board_local=("2(a − b)", "−2(a − b)"),
             does="measures: sends back twice the error, so the larger the miss the harder the push",
             derivation="the chain rule on d² with d = a − b: 2d times the derivative of d, which is 1 in a and −1 "
                        "in b",
             lesson="one outlier that is off by 100 pulls a hundred times harder than one that is off by 1. After a "
                    "saturated sigmoid its gradient vanishes: use bce there")),
    Gate(name="bce", symbol="bce", short="bce{}{}", arity=BINARY, formula="-b*ln(a) - (1 - b)*ln(1 - a)",
         local=("(a - b)/(a*(1 - a))", "ln((1 - a)/a)"), folded=("", "bce {}"), domain="0 < a < 1 and 0 ≤ b ≤ 1",
         parts=Decomposition(elementary="(b*ln(a) + (1 + b*-1)*ln(1 + a*-1))*-1", checks_domain=True),
         accurate=Accurate(formula="-b*ln(a) - (1 - b)*log1p(-a)",
                           local=("", "where(abs(a - 0.5) < 0.25, log1p((1 - 2*a)/a), ln(1 - a) - ln(a))"),
                           defined="(max(b, 0) == b)*(min(b, 1) == b)", forward=activations.cross_entropy,
                           slopes=lambda z, a, b: activations.cross_entropy_slopes(a, b),
                           script=("cross_entropy(a, b)", "", "-log_odds(a)")),
         nonzero=return_true,
         words=Words(
             board="−b·ln a − (1 − b)·ln(1 − a), a a probability, b the target",
             does="punishes a confident mistake: after a sigmoid its slope cancels σ', and a − b is left",
             derivation="term by term: −b/a + (1 − b)/(1 − a), over a common denominator (a − b)/(a·(1 − a)); in b "
                        "the two logarithms remain",
             lesson="through a sigmoid, whose slope is a·(1 − a), the denominator cancels and a − b is left: the "
                    "error itself, never saturated. That is why the two are used together",
             instead="of a = σ(x), which rounds to 1 from x = 37 on, write bce_logits(x, b)")),
    Gate(name="bce_logits", symbol="bceσ", short="bcel{}{}", arity=BINARY, formula="log1p(exp(a)) - b*a",
         local=("1/(1 + exp(-a)) - b", "-a"), mathematics="softplus(a) - b*a", aliases=("bce_with_logits",),
         folded=("", "bceσ {}"), domain="0 ≤ b ≤ 1",
         parts=Decomposition(elementary="max(a, 0)*(1 + b*-1) + max(a*-1, 0)*b + ln(exp(|a|*-1) + 1)",
                              checks_domain=True),
         accurate=Accurate(formula="max(a, 0) - b*a + log1p(exp(-abs(a)))",
                           local=("((1 - b)*exp(min(a, 0)) - b*exp(min(-a, 0)))/(1 + exp(-abs(a)))", ""),
                           forward=activations.logit_entropy,
                           slopes=lambda z, a, b: (activations.logit_slope(a, b), -a),
                           defined="(max(b, 0) == b)*(min(b, 1) == b)",
                           script=("logit_entropy(a, b)", "logit_slope(a, b)", "")),
         nonzero=return_true,
         words=Words(
             board="ln(1 + eᵃ) − b·a, which is bce(σ(a), b)", board_local=("σ(a) − b", "−a"),
             does="measures: sends back the error of the probability, σ(a) − b, between −1 and 1",
             derivation="put σ(a) into −b·ln p − (1 − b)·ln(1 − p): since ln σ(a) = a − ln(1 + eᵃ) and ln(1 − σ(a)) "
                        "= −ln(1 + eᵃ), ln(1 + eᵃ) − b·a is left; in a its slope is σ(a) − b, in b −a",
             lesson="the gradient is the error itself, prediction − target, and never saturates: a sigmoid and bce "
                    "as two gates multiply a huge slope by a tiny one, and fail where the probability rounds to 1")),
    Gate(name="hinge", symbol="hinge", short="hinge{}{}", arity=BINARY, formula="max(0, 1 - b*a)",
         local=("-b*(b*a < 1)", "-a*(b*a < 1)"), mathematics="hinge(a, b)", folded=("", "hinge {}"),
         kink=is_at_margin, rule="the slope of hinge at b·a = 1 is taken as 0",
         side=lambda a, b: int(a * b < 1),
         parts=Decomposition(elementary="relu(1 + b*a*-1)"),
         accurate=Accurate(local=("-b*(z > 0)", "-a*(z > 0)"), forward=activations.hinge,
                           slopes=lambda z, a, b: (-b, -a) if z > 0 else (0.0, 0.0),
                           script=("hinge(a, b)", "", "")),
         words=Words(
             board="max(0, 1 − b·a), a a score, b = ±1 the class",
             board_local=("−b if b·a < 1, else 0", "−a if b·a < 1, else 0"),
             does="stops pushing once the margin is 1: until then it sends back −b, whatever the size of the miss",
             derivation="two straight lines in the margin b·a: 1 − b·a below 1, with slope −b in a and −a in b, and "
                        "0 from there on",
             lesson="only examples inside the margin teach anything: the others have gradient 0, and the support "
                    "vectors are left")),
)
# fmt: on
