// Numbers as bpviz writes them: formula/numerals.py. PAGE stands before this: what the page knows of the program.

const MINUS = "\u2212";
const PLAIN = "-0123456789";
const SUPERSCRIPTS = "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";

// Python rounds what lies half way to an even digit, and JavaScript away from zero. Half way lies only what ends in a 5
// there when it is written out, which few numbers do: x.toExponential() has as many digits as are needed.
function is_half_way(x, last) {
  const [mantissa, exponent] = x.toExponential().split("e");
  const digits = mantissa.length - (x < 0 ? 1 : 0) - (mantissa.includes(".") ? 1 : 0);
  if (!mantissa.endsWith("5") || exponent - (digits - 1) !== last - 1) return false;
  return Number(x.toExponential(100).split("e")[0].slice(mantissa.length)) === 0;
}
function round_to_even(rounded, x, last) {
  const [digits, exponent] = rounded.split("e");
  if (!is_half_way(x, last)) return rounded;
  return digits.slice(0, -1) + (digits.at(-1) - 1) + (exponent === undefined ? "" : `e${exponent}`);
}
const is_odd = digit => "13579".includes(digit);
function to_exponential(x, places) {
  const rounded = x.toExponential(places);
  if (!is_odd(rounded[rounded.indexOf("e") - 1])) return rounded;
  const exponent = x.toExponential().split("e")[1];
  return rounded.endsWith(`e${exponent}`) ? round_to_even(rounded, x, exponent - places) : rounded; // 9.5 to 10 is even
}
function to_fixed(x, places) {
  if (Math.abs(x) < 1e21) {
    const rounded = x.toFixed(places);
    return is_odd(rounded.at(-1)) ? round_to_even(rounded, x, -places) : rounded;
  }
  return BigInt(x) + (places ? `.${"0".repeat(places)}` : "");
}

function write_to(x, digits) {
  const set_minus = text => text.replace("-", MINUS);
  const shorten = text => text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  if (!Number.isFinite(x)) return `${x < 0 ? MINUS : ""}\u221e`;
  if (PAGE.decimals !== null) {
    const text = to_fixed(x, PAGE.decimals);
    return set_minus(Number(text) === 0 ? text.replace("-", "") : text);
  }
  if (x === 0) return "0";
  x = Number(to_exponential(x, Math.max(12, digits) - 1));
  if (Number.isInteger(x) && Math.abs(x) < 1e6) return set_minus(String(x));
  const [mantissa, exponent] = to_exponential(x, digits - 1).split("e");
  const rounded = Number(`${mantissa}e${exponent}`);
  if (1e-4 <= Math.abs(rounded) && Math.abs(rounded) < 1e5) {
    const text = to_fixed(x, Math.max(0, digits - 1 - exponent));
    return set_minus(Number(text) === x ? shorten(text) : text);
  }
  const power = [...String(Number(exponent))].map(each => SUPERSCRIPTS[PLAIN.indexOf(each)]);
  return set_minus(`${rounded === x ? shorten(mantissa) : mantissa}\u00d710${power.join("")}`);
}

const write_number = x => write_to(x, PAGE.digits);
const join_terms = numbers => numbers.join(" + ").replaceAll(`+ ${MINUS}`, `${MINUS} `);
const write_sum = terms => join_terms(terms.map(write_number));

// what a printed number stands for
function read_number(text) {
  const [mantissa, power = ""] = text.replaceAll(MINUS, "-").split("\u00d710");
  const exponent = [...power].map(each => PLAIN[SUPERSCRIPTS.indexOf(each)]).join("");
  return Number(`${mantissa}e${exponent || 0}`);
}

// = if the printed numbers give the printed result, else \u2248
function choose_sign(computed, result) {
  const value = Number(computed.toPrecision(14)); // without the noise of the sum or the product
  if (result.includes("\u221e") || !Number.isFinite(value)) return "=";
  const shown = read_number(result);
  const rounded = PAGE.decimals === null ? Number(to_exponential(value, PAGE.digits - 1)) : shown - 1;
  return rounded === shown || read_number(write_number(value)) === shown ? "=" : "\u2248";
}
