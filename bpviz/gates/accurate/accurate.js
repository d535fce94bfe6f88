// The accurate functions for JavaScript: those of the Python modules beside this file, under the same names, where they
// are explained; and those of Python's math module that JavaScript's Math has not. A program takes what it needs:
// bpviz/text/scripts.py reads the blocks that empty lines separate, each of which defines one name.
// Where there is no value the result is NaN, where it is too large Infinity, and nothing throws.

// a/b where it has a value: not at b = 0
function quotient(a, b) {
    return b === 0 ? NaN : a / b;
}

// a/b for a slope, which is infinite at b = 0
function divide(a, b) {
    return b !== 0 ? a / b : a < 0 || Object.is(a, -0) ? -Infinity : Infinity;
}

function copysign(size, sign) {
    return sign < 0 || Object.is(sign, -0) ? -Math.abs(size) : Math.abs(size);
}

function ln(a) {
    return a > 0 ? Math.log(a) : NaN;
}

function log1p(a) {
    return a > -1 ? Math.log1p(a) : NaN;
}

function log2(a) {
    return a > 0 ? Math.log2(a) : NaN;
}

function log10(a) {
    return a > 0 ? Math.log10(a) : NaN;
}

function artanh(a) {
    return Math.abs(a) < 1 ? Math.atanh(a) : NaN;
}

// a^b where it has a value: not for a power of 0 below 0
function power(a, b) {
    return a === 0 && b < 0 ? NaN : Math.pow(a, b);
}

// the share of the gradient that one operand of max or min gets: equal parts at a tie
function share_equally(own, extreme, ...operands) {
    return own === extreme ? 1 / operands.filter(each => each === extreme).length : 0;
}

// a = mantissa · 2^exponent with ½ ≤ |mantissa| < 1
function frexp(a) {
    if (a === 0 || !Number.isFinite(a)) return [a, 0];
    let exponent = Math.max(-1022, Math.floor(Math.log2(Math.abs(a))) + 1);
    let mantissa = a * 2 ** -exponent;
    for (; Math.abs(mantissa) < 0.5; exponent -= 1) mantissa *= 2;
    for (; Math.abs(mantissa) >= 1; exponent += 1) mantissa /= 2;
    return [mantissa, exponent];
}

// a · 2^exponent, rounded once
function ldexp(a, exponent) {
    const [mantissa, own] = frexp(a);
    const power = own + exponent;
    if (mantissa === 0 || power < -1080) return mantissa * 0;
    if (power > 1024) return mantissa * Infinity;
    if (power > 0) return mantissa * 2 * 2 ** (power - 1);
    return power > -1000 ? mantissa * 2 ** power : mantissa * 2 ** (power + 100) * 2 ** -100;
}

// the sum, rounded once (Shewchuk 1997): partial sums that do not overlap, the smallest first
function fsum(...terms) {
    const partials = [];
    for (let sum of terms) {
        let kept = 0;
        for (let i = 0; i < partials.length; i += 1) {
            const [large, small] = Math.abs(sum) < Math.abs(partials[i]) ? [partials[i], sum] : [sum, partials[i]];
            sum = large + small;
            const lost = small - (sum - large);
            if (lost) partials[kept++] = lost;
        }
        if (!Number.isFinite(sum)) return sum;
        partials.length = kept;
        partials.push(sum);
    }
    let high = partials.pop() || 0;
    let low = 0;
    while (partials.length && low === 0) {
        const next = partials.pop();
        const sum = high + next;
        low = next - (sum - high);
        high = sum;
    }
    if (partials.length && Math.sign(low) === Math.sign(partials.at(-1))) { // half way, but for what is below
        const sum = high + 2 * low;
        if (2 * low === sum - high) high = sum;
    }
    return high;
}

// whole numbers of any length, which stand for themselves times 2^−BITS: enough for any float and many digits below
const BITS = 1400;

function to_fixed(a, bits) {
    const [mantissa, exponent] = frexp(a);
    const shift = exponent - 53 + bits;
    return BigInt(mantissa * 2 ** 53) << BigInt(shift);
}

// the float nearest to such a number
function from_fixed(fixed, bits) {
    const size = fixed < 0n ? -fixed : fixed;
    const drop = BigInt(Math.max(size.toString(2).length - 53, bits - 1074, 0));
    let kept = size >> drop;
    const rest = (size - (kept << drop)) * 2n;
    const unit = 1n << drop;
    if (rest > unit || (rest === unit && kept % 2n === 1n)) kept += 1n;
    const float = ldexp(Number(kept), Number(drop) - bits);
    return fixed < 0n ? -float : float;
}

// ln 2 = 2·artanh(1/3), with a hundred bits more
const LN_2_FIXED = (() => {
    let total = 0n;
    let power = (2n << BigInt(BITS + 100)) / 3n;
    for (let n = 1n; power > 0n; n += 2n, power /= 9n) total += power / n;
    return total >> 100n;
})();

function exp_fixed(a) {
    const bits = BigInt(BITS);
    const twos = a / LN_2_FIXED;
    const rest = a - twos * LN_2_FIXED;
    let total = 0n;
    let term = 1n << bits;
    for (let n = 1n; term !== 0n && term !== -1n; n += 1n) {
        total += term;
        term = ((term * rest) >> bits) / n;
    }
    return twos < 0n ? total >> -twos : total << twos;
}

// ln(1 + a) for an a near its float, by Halley's method: three times as many digits a step
function log1p_fixed(a) {
    const bits = BigInt(BITS);
    const sum = (1n << bits) + a;
    let log = to_fixed(Math.log1p(from_fixed(a, BITS)), BITS);
    for (let step = 0; step < 4; step += 1) {
        const power = exp_fixed(log);
        log += ((2n * (sum - power)) << bits) / (sum + power);
    }
    return log;
}

function two_product(a, b) {
    const split_a = SPLITTER * a;
    const split_b = SPLITTER * b;
    const high_a = split_a - (split_a - a);
    const high_b = split_b - (split_b - b);
    const low_a = a - high_a;
    const low_b = b - high_b;
    const high = a * b;
    return [high, low_a * low_b - (high - high_a * high_b - low_a * high_b - high_a * low_b)];
}

function one_minus_product(a, b) {
    if (!(0.25 < a * b && a * b < 4)) return 1 - a * b;
    const [mantissa_a, exponent_a] = frexp(a);
    const [mantissa_b, exponent_b] = frexp(b);
    const [high, low] = two_product(mantissa_a, mantissa_b);
    const exponent = exponent_a + exponent_b;
    return 1 - ldexp(high, exponent) - ldexp(low, exponent);
}

function quotient_slope(a, b) {
    if (b === 0) return copysign(Infinity, -a);
    const [mantissa_a, exponent_a] = frexp(a);
    const [mantissa_b, exponent_b] = frexp(b);
    return ldexp(-mantissa_a / mantissa_b / mantissa_b, exponent_a - 2 * exponent_b);
}

function product(...operands) {
    let [high, low, exponent] = [1, 0, 0];
    for (const operand of operands) {
        const [mantissa, own] = frexp(operand);
        const [whole, error] = two_product(high, mantissa);
        const [next, shift] = frexp(whole);
        low = ldexp(low * mantissa + error, -shift);
        high = next;
        exponent += own + shift;
    }
    return ldexp(high + low, exponent);
}

function mean(...operands) {
    const sum = fsum(...operands);
    if (Number.isFinite(sum)) return sum / operands.length;
    return fsum(...operands.map(each => each / operands.length));
}

function dot(...operands) {
    const half = operands.length / 2;
    const pairs = operands.slice(0, half).map((a, k) => [a, operands[half + k]]).filter(([a, b]) => a && b);
    const is_safe = ([a, b]) => 1e-250 < Math.abs(a * b) && Math.max(Math.abs(a * b), Math.abs(a), Math.abs(b)) < 1e250;
    if (pairs.every(is_safe)) return fsum(...pairs.flatMap(([a, b]) => two_product(a, b)));
    if (!operands.every(Number.isFinite)) return NaN;
    const products = pairs.map(([a, b]) => to_fixed(a, 1130) * to_fixed(b, 1130));
    return from_fixed(products.reduce((sum, each) => sum + each, 0n), 2260);
}

function power_or_infinity(a, b) {
    const power = Math.pow(a, b);
    if (Number.isFinite(power)) return power;
    return a < 0 && Math.abs(b % 2) === 1 ? -Infinity : Infinity;
}

function positive_power(a, b) {
    return a < 0 || (a === 0 && b <= 0) ? NaN : Math.pow(a, b);
}

function power_slope(a, n) {
    if (n === 0) return 0;
    const below = n - 1;
    const power = power_or_infinity(a, below);
    const is_rounded = below + 1 !== n || n - below !== 1;
    if (a === 0 || (!is_rounded && 1e-290 < Math.abs(power) && Math.abs(power) < 1e290)) return n * power;
    const half = power_or_infinity(Math.abs(a), 0.5 * n);
    let slope = n * half / Math.abs(a) * half;
    if (!Number.isFinite(slope)) slope = n * half * half / Math.abs(a);
    return a < 0 && below % 2 !== 0 ? -slope : slope;
}

function exponent_slope(z, a, b) {
    if (a === 0) return 0;
    if (Math.abs(z) > 1e-290) return z * Math.log(a);
    const half = power_or_infinity(a, 0.5 * b);
    return half * Math.log(a) * half;
}

function cbrt_slope(z, a) {
    return a !== 0 ? z / a / 3 : Infinity;
}

function odd_root(a, n) {
    if (!(n > 0 && n % 2 === 1)) return NaN;
    if (a === 0 || n === 1) return a;
    const size = Math.abs(a);
    const root = Math.pow(size, 1 / n);
    const half = Math.pow(root, 0.5 * (n - 1));
    return copysign(root - (root - size / half / half) / n, a);
}

function odd_root_slope(z, a, n) {
    return a !== 0 ? z / n / a : n > 1 ? Infinity : 1;
}

function logarithm(a, base) {
    const z = quotient(ln(a), ln(base));
    const whole = Math.round(z);
    const is_near = Math.abs(z - whole) <= 1e-14 * Math.max(Math.abs(z), Math.abs(whole));
    return is_near && Number.isInteger(base) && power_or_infinity(base, whole) === a ? whole : z;
}

function log2_slope(a) {
    return Math.LOG2E / a;
}

function log10_slope(a) {
    return Math.LOG10E / a;
}

// exp(a − top), with what the difference was rounded by put back
function exp_below(a, top) {
    const difference = a - top;
    if (difference < -800) return 0;
    const back = difference + top;
    const rest = (a - back) + ((back - difference) - top);
    return Math.exp(difference) * (1 + rest);
}

function log_sum(...operands) {
    const [top, ...others] = operands.sort((a, b) => b - a);
    const z = top + Math.log1p(fsum(...others.map(each => exp_below(each, top))));
    return 0.5 * top < z && z < -top ? log_sum_in_digits(top, others) : z;
}

function log_sum_in_digits(top, others) {
    const fixed_top = to_fixed(top, BITS);
    const shares = others.filter(each => each - top > -1000).map(each => exp_fixed(to_fixed(each, BITS) - fixed_top));
    return from_fixed(fixed_top + log1p_fixed(shares.reduce((sum, each) => sum + each, 0n)), BITS);
}

function softmax_share(own, ...operands) {
    const top = Math.max(...operands);
    return exp_below(own, top) / fsum(...operands.map(each => exp_below(each, top)));
}

function arctan_slope(a) {
    return Math.abs(a) < 1e150 ? 1 / (1 + a * a) : 1 / a / a;
}

function angle(a, b) {
    return a === 0 && b === 0 ? NaN : Math.atan2(a + 0, b);
}

// own/(a² + b²), where own is a or b
function angle_slope(own, a, b) {
    const exponent = frexp(Math.max(Math.abs(a), Math.abs(b)))[1];
    const small_a = ldexp(a, -exponent);
    const small_b = ldexp(b, -exponent);
    const [mantissa, own_exponent] = frexp(own);
    return ldexp(mantissa / (small_a * small_a + small_b * small_b), own_exponent - 2 * exponent);
}

// own/√(a² + b²), where own is a or b
function distance_slope(own, a, b) {
    const exponent = frexp(Math.max(Math.abs(a), Math.abs(b)))[1];
    if (exponent < -900) [own, a, b] = [own, a, b].map(each => ldexp(each, -exponent));
    const z = Math.hypot(a, b);
    return z ? own / z : 0;
}

function sech(a) {
    const e = Math.exp(-Math.abs(a));
    return 2 * e / (1 + e * e);
}

function sech_slope(a) {
    const e = Math.exp(-Math.abs(a));
    const square = e * e;
    return -copysign(2 * e * -Math.expm1(-2 * Math.abs(a)) / (1 + square * (2 + square)), a);
}

function csch(a) {
    return copysign(quotient(2 * Math.exp(-Math.abs(a)), -Math.expm1(-2 * Math.abs(a))), a);
}

function csch_slope(a) {
    const size = Math.abs(a);
    if (size > 1) return -csch(a) / Math.tanh(a);
    if (size < 0.5) return -1 / a / a - CSCH_SERIES.reduceRight((total, c) => total * a * a + c);
    const d = Math.expm1(2 * size);
    return -2 * Math.exp(size) * ((d + 2) / d) / d;
}

function coth_slope(a) {
    if (Math.abs(a) > 350) return -csch(a) * csch(a);
    const d = Math.expm1(2 * Math.abs(a));
    return -4 * ((d + 1) / d) / d;
}

function tanh_slope(a) {
    if (Math.abs(a) > 350) return sech(a) * sech(a);
    const q = Math.exp(-2 * Math.abs(a));
    return 4 * q / (1 + q * (2 + q));
}

function arsech(a) {
    if (a <= 0) return NaN;
    return a > 1e-300 ? Math.asinh(Math.sqrt((1 - a) * (1 + a)) / a) : Math.LN2 - Math.log(a);
}

function arcsch(a) {
    if (a === 0) return NaN;
    return Math.abs(a) > 1e-300 ? Math.asinh(1 / a) : copysign(Math.LN2 - Math.log(Math.abs(a)), a);
}

function sigmoid(a) {
    return a > -700 ? 1 / (1 + Math.exp(-a)) : Math.exp(a);
}

function sigmoid_slope(a) {
    const e = Math.exp(-Math.abs(a));
    return e / (1 + e * (2 + e));
}

// factor·exp(a) for an exp(a) so small that it has lost bits
function tail(factor, a) {
    const half = Math.exp(0.5 * a);
    return factor * half * half;
}

function silu(a) {
    return a > -700 ? a / (1 + Math.exp(-a)) : tail(a, a);
}

function silu_slope(a) {
    if (a < -700) return tail(1 + a, a);
    const e = Math.exp(-Math.abs(a));
    if (a > 0) return (1 + a * e / (1 + e)) / (1 + e);
    if (a > -0.5) return e / (1 + e) * (1 + a / (1 + e));
    if (a < -3) return e * (1 + a + e) / (1 + e * (2 + e));
    const d = a - SILU_FLAT[0] - SILU_FLAT[1];
    return (d + SILU_FLAT_EXP * Math.expm1(d)) / (2 + 2 * Math.cosh(a));
}

function mish(a) {
    if (a > 50) return a;
    if (a < -700) return tail(a, a);
    const e = Math.exp(a);
    const q = e + 0.5 * e * e;
    return a * (q / (1 + q));
}

function mish_slope(a) {
    if (a > 50) return 1;
    if (a < -50) return tail(1 + a, a);
    const near = slope_by_series(MISH, a);
    if (near !== null) return near;
    const e = Math.exp(a);
    const q = e + 0.5 * e * e;
    if (a > -0.5) return (q + a * (e + e * e) / (1 + q)) / (1 + q);
    const omega = (a + 1) + e * (a + 1.5 + e * (1 + 0.25 * e));
    return e * omega / (1 + q * (2 + q));
}

// the slope at a by the first series that reaches it, or null; a series is its point, reach, value and coefficients
function slope_by_series(every, a) {
    const found = every.find(([point, near]) => Math.abs(a - point[0]) <= near);
    if (!found) return null;
    const [point, , value, coefficients] = found;
    const distance = a - point[0] - point[1];
    return value + distance * coefficients.reduceRight((total, c) => total * distance + c);
}

function cross_entropy(p, t) {
    if (!(0 < p && p < 1 && 0 <= t && t <= 1)) return NaN;
    return -(t * Math.log(p) + (1 - t) * Math.log1p(-p));
}

function log_odds(p) {
    return 0.25 < p && p < 0.75 ? -Math.log1p((1 - 2 * p) / p) : ln(p) - log1p(-p);
}

function logit_entropy(x, t) {
    if (!(0 <= t && t <= 1)) return NaN;
    return (x > 0 ? (1 - t) * x : -t * x) + Math.log1p(Math.exp(-Math.abs(x)));
}

function logit_slope(x, t) {
    const p = sigmoid(x);
    const q = sigmoid(-x);
    if (t <= 0 || p <= 0.1 * t) return p - t;
    if (t >= 1 || q <= 0.1 * (1 - t)) return 1 - t - q;
    if (t === 0.5) return 0.5 * Math.tanh(0.5 * x);
    const bits = BigInt(BITS);
    const one = 1n << bits;
    const e = exp_fixed(to_fixed(-x, BITS));
    const target = to_fixed(t, BITS);
    return from_fixed(((one - target - ((target * e) >> bits)) << bits) / (one + e), BITS);
}

function hinge(s, t) {
    return Math.max(0, one_minus_product(s, t));
}

// (1 + 2a)·exp(a²)·erfc(a) for a ≥ 0, in Chebyshev polynomials of (a − 3.75)/(a + 3.75) (Shepherd and Laframboise 1981)
const ERFC_SERIES = [
    2.3551578691348034, -0.004590054580646478, -0.08424913336651792, 0.05920993999819189, -0.026658668435305753,
    0.009074997670705265, -0.002413163540417608, 0.0004907758365258086, -6.916973302501207e-05, 4.13902798607301e-06,
    7.74038306619849e-07, -2.1886401049234397e-07, 1.076499946567091e-08, 4.521959811218287e-09, -7.754400208831351e-10,
    -6.318088340886684e-11, 2.86879501093067e-11, 1.9455868545777347e-13, -9.65469674843344e-13, 3.25254814814874e-14,
    3.3478119482868056e-14, -1.864562880419313e-15, -1.2507950530688648e-15, 7.418235256624044e-17, 5.068148904796111e-17,
];

function erfc(a) {
    if (a < 0.25) return 1 - erf(a);
    if (a > 28) return 0;
    const t = (a - 3.75) / (a + 3.75);
    let [last, sum] = [0, 0];
    for (let k = ERFC_SERIES.length - 1; k > 0; k -= 1) [last, sum] = [sum, 2 * t * sum - last + ERFC_SERIES[k]];
    return bell(a, 1, (t * sum - last + 0.5 * ERFC_SERIES[0]) / (1 + 2 * a));
}

function erf(a) {
    if (a < 0) return -erf(-a);
    if (a > 0.5) return 1 - erfc(a);
    const square = a * a;
    let sum = 0;
    for (let n = 14; n > 0; n -= 1) sum = (1 / (2 * n + 1) - sum) * square / n;
    return TWO_OVER_SQRT_PI * (a - a * sum);
}

function bell(a, rate, factor) {
    if (Math.abs(a) > 40) return 0;
    const high = Math.round(a * 2 ** 20) * 2 ** -20;
    const square = rate * high * high;
    const rest = rate * (high - a) * (high + a);
    if (square > 680) {
        const half = Math.exp(-0.5 * square);
        return factor * half * Math.exp(rest) * half;
    }
    const whole = Math.exp(-square);
    return factor * (whole + whole * Math.expm1(rest));
}

function erf_slope(a) {
    return bell(a, 1, TWO_OVER_SQRT_PI);
}

function cumulative(a) {
    const [high, rounded] = two_product(-a, ROOT_HALF[0]);
    const low = rounded - a * ROOT_HALF[1];
    return 0.5 * (erfc(high) - low * TWO_OVER_SQRT_PI * Math.exp(-high * high));
}

function distribution(a) {
    if (a > 40) return 1;
    return a < -36 ? bell(a, 0.5, SQRT_TAU_INVERSE * mills(-a) / -a) : cumulative(a);
}

function density(a) {
    return bell(a, 0.5, SQRT_TAU_INVERSE);
}

function density_slope(a) {
    return bell(a, 0.5, -a * SQRT_TAU_INVERSE);
}

function gelu(a) {
    if (a > 40) return a;
    return a < -36 ? -bell(a, 0.5, SQRT_TAU_INVERSE * mills(-a)) : a * cumulative(a);
}

function gelu_slope(a) {
    if (a > 40) return 1;
    if (a < -36) return bell(a, 0.5, SQRT_TAU_INVERSE * (a - mills(-a) / a));
    const near = slope_by_series(GELU, a);
    return near === null ? cumulative(a) + bell(a, 0.5, SQRT_TAU_INVERSE * a) : near;
}

// t·(1 − Φ(t))/φ(t) for a large t
function mills(t) {
    let [total, term] = [1, 1];
    for (let k = 1; k < 16; k += 2) {
        term *= -k / (t * t);
        total += term;
    }
    return total;
}

// the conditions of rows, as in conditions.py
function is_at_zero(z, a) {
    return a === 0;
}

function is_at_one(z, a) {
    return Math.abs(a) === 1;
}

function is_at_origin(z, a, b) {
    return a === 0 && b === 0;
}

function is_on_cut(z, a, b) {
    return a === 0 && b < 0;
}

function is_at_margin(z, a, b) {
    return z === 0 && a * b === 1;
}

function is_tied(z, ...operands) {
    return operands.filter(each => each === z).length > 1;
}

function is_equal(z, a, b) {
    return a === b;
}

function has_no_zero(...operands) {
    return operands.every(Boolean);
}

function return_true() {
    return true;
}

function are_unequal(a, b) {
    return a !== b;
}

function is_off_axis(a) {
    return a !== 0;
}

function is_dot_nonzero(...operands) {
    const half = operands.length / 2;
    const [left, right] = [operands.slice(0, half), operands.slice(half)].map(list => list.map(a => to_fixed(a, 1074)));
    return left.reduce((sum, a, k) => sum + a * right[k], 0n) !== 0n;
}
