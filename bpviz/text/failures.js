function fail(node, value, operands) {
    const kind = Number.isNaN(value) ? "domain" : "overflow";
    const what = kind === "domain" ? "has no value" : "overflows";
    const hint = hints[(kind === "domain" ? domains : overflows)[node]];
    return {error: {node, kind, message: `${equations[node]} ${what} at ${write_operands(operands)}`, hint}};
}

function refuse(k, operands) {
    const [expression, hint] = asked[k];
    const message = `${expression} has no value at ${write_operands(operands)}`;
    return {error: {node: null, kind: "domain", message, hint}};
}

function write_operands(operands) {
    const words = operands.map(write_number);
    const last = words.pop();
    return words.length ? `${words.join(", ")} and ${last}` : last;
}

// six digits, as Python's format :.6g
function write_number(x) {
    const [digits, power] = Math.abs(x).toExponential(5).split("e");
    const exponent = Number(power);
    const sign = x < 0 ? "-" : "";
    if (-5 < exponent && exponent < 6) return sign + Number(`${digits}e${exponent}`);
    const size = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${Number(digits)}e${exponent < 0 ? "-" : "+"}${size}`;
}

// the error of the first gradient, from the output back, that is not finite for another reason than a pole
function find_undefined({values, gradients, local, downstream}) {
    const is_infinite = x => Math.abs(x) === Infinity;
    for (let node = gradients.length - 1; node >= 0; node -= 1) {
        if (Number.isFinite(gradients[node])) continue;
        const contributions = wires[node].map(([target, slot]) => downstream[target][slot]);
        for (const [target, slot] of wires[node]) {
            const [slope, upstream, contribution] = [local[target][slot], gradients[target], downstream[target][slot]];
            const is_at_pole = poles[target] !== null && poles[target][1].includes(values[poles[target][0]]);
            const is_lost = is_infinite(slope) && Math.abs(upstream) < 1 && !is_at_pole;
            const has_grown = is_infinite(contribution) && Number.isFinite(slope) && Number.isFinite(upstream);
            if (is_lost || has_grown) return explain_undefined(target, OVERFLOWS);
            if (Number.isNaN(contribution)) return explain_undefined(target, "0 \u00d7 \u221e");
        }
        const infinite = new Set(contributions.filter(is_infinite));
        if (infinite.size === 2) return explain_undefined(node, "\u221e \u2212 \u221e");
        if (infinite.size === 0) return explain_undefined(node, OVERFLOWS);
    }
    return null;
}

function explain_undefined(node, why) {
    const message = `the gradient at ${equations[node]} is not defined: ${why}`;
    return {error: {node, kind: "gradient", message, hint: why === OVERFLOWS ? hints[overflows[node]] : "move the point a little"}};
}
