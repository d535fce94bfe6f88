// What a run warns of, in its words: autodiff.py, and noise.py of a trace without noise. computed is the trace as it was
// computed, cleared what run.clear_noise makes of it.
function list_warnings(computed, cleared) {
    const found = [...notes];
    gates.forEach((gate, node) => {
        if (!gate) return;
        const value = computed.values[node];
        if (is_at_kink(node, computed)) found.push(`${equations[node]} is at a kink: ${gate.rule}`);
        if (is_underflow(node, value, computed)) {
            const left = value ? `${Number(value.toPrecision(3))}, with fewer digits` : "0";
            found.push(`${equations[node]} underflows to ${left}`);
        }
        if (gate.caution) found.push(`${equations[node]}: ${gate.caution}`);
    });
    if (!computed.gradients.every(isFinite)) {
        const is_infinite = slope => Math.abs(slope) === Infinity;
        computed.local.forEach((slopes, node) => {
            if (slopes.some(is_infinite)) found.push(`${equations[node]} ${is_at_pole(node, computed) ? IS_POLE : IS_OVERFLOW}`);
        });
    }
    const beside = node => is_at_kink(node, cleared) && !is_at_kink(node, computed);
    const {bounds} = cleared;
    const is_unknown = (number, bound) => number !== 0 && Number.isFinite(number) && !(bound < Math.abs(number));
    const is_value_unknown = node => is_unknown(cleared.values[node], bounds.values[node]);
    const has_unknown = node => is_value_unknown(node)
        || cleared.local[node].some((slope, slot) => is_unknown(slope, bounds.local[node][slot]));
    const is_uncertain = node => has_unknown(node) && !operands[node].some(is_value_unknown); // the first of them
    for (const [holds, words] of [[beside, BESIDE_KINK], [is_uncertain, UNCERTAIN]]) {
        gates.forEach((gate, node) => { if (gate && holds(node)) found.push(`${equations[node]} ${words}`); });
    }
    return found;
}

const numbers_into = (node, {values}) => operands[node].map(each => values[each]);
const is_at_kink = (node, trace) => Boolean(gates[node].kink?.(trace.values[node], ...numbers_into(node, trace)));
const is_at_pole = (node, trace) => poles[node] !== null && poles[node][1].includes(trace.values[poles[node][0]]);

function is_underflow(node, value, trace) {
    const numbers = numbers_into(node, trace);
    if (!(Math.abs(value) < SMALLEST && gates[node].nonzero?.(...numbers))) return false;
    return !value || numbers.every(each => Math.abs(each) >= SMALLEST);
}
