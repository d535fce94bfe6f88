// The trace as people read it: each number that is nothing but rounding error is 0. This is bpviz/noise.py, line by line.
function clear_noise(trace) {
    const bounds = bound_errors(trace);
    const limit = MOST_UNCERTAIN * find_largest(trace, bounds);
    const clear = (numbers, errors) => numbers.map((x, k) =>
        Array.isArray(x) ? clear(x, errors[k]) : Math.abs(x) <= errors[k] && errors[k] <= limit ? 0 : x);
    const cleared = Object.keys(trace).map(key => [key, clear(trace[key], bounds[key])]);
    return {...Object.fromEntries(cleared), bounds};
}

function bound_errors(trace) {
    const count = trace.values.length;
    const bounds = {values: [], gradients: Array(count).fill(0), local: [], downstream: []};
    for (let node = 0; node < count; node += 1) bounds.values.push(bound_value(trace, node, bounds.values));
    for (let node = count - 1; node >= 0; node -= 1) {
        const upstream = trace.gradients[node];
        let [sum, error] = [0, 0];
        wires[node].forEach(([target, slot], number) => {
            sum += trace.downstream[target][slot];
            error += bounds.downstream[target][slot] + (number ? HALF_UNIT * Math.abs(sum) : 0);
        });
        bounds.gradients[node] = error;
        bounds.local[node] = gates[node] ? bound_slopes(trace, node, bounds.values) : [];
        bounds.downstream[node] = trace.local[node].map((slope, slot) =>
            Math.abs(slope) * error + bounds.local[node][slot] * Math.abs(upstream)
            + HALF_UNIT * Math.abs(slope * upstream));
    }
    return bounds;
}

function bound_value(trace, node, bounds) {
    const value = trace.values[node];
    if (!gates[node]) return leaves[node] === null ? bound_input(value) : leaves[node];
    let bound = Math.abs(value) * (gates[node].is_one_operation ? HALF_UNIT : GATE_ERROR);
    const numbers = operands[node].map(each => trace.values[each]);
    operands[node].forEach((operand, slot) => {
        if (bounds[operand]) bound += bound_change(node, value, numbers, slot, bounds[operand], trace.local[node][slot]);
    });
    return bound;
}

// half a unit in the last place, unless the decimal that was typed is the float
function bound_input(value) {
    const [digits, exponent] = value.toExponential().split("e");
    const [whole, fraction = ""] = digits.split(".");
    let [decimal, tens] = [BigInt(whole + fraction), BigInt(exponent) - BigInt(fraction.length)];
    let [float, twos] = [value, 0n];
    for (; !Number.isInteger(float); twos += 1n) float *= 2;
    const is_exact = tens < 0n
        ? decimal << twos === BigInt(float) * 10n ** -tens
        : decimal * 10n ** tens << twos === BigInt(float);
    return is_exact ? 0 : Math.abs(value) * HALF_UNIT;
}

const put = (numbers, slot, number) => numbers.map((each, k) => k === slot ? number : each);

function bound_change(node, value, numbers, slot, error, slope) {
    const is_all_error = Math.abs(numbers[slot]) <= error;
    let change = Number.isFinite(slope) ? Math.abs(slope) * error : 0;
    if (Number.isFinite(slope) && !is_all_error) return change;
    for (const operand of [numbers[slot] - error, ...(is_all_error ? [0] : []), numbers[slot] + error]) {
        const moved = gates[node].value(...put(numbers, slot, operand));
        if (Number.isFinite(moved)) change = Math.max(change, Math.abs(moved - value));
        else if (!operand) change = Infinity;
    }
    return change;
}

function bound_slopes(trace, node, bounds) {
    let errors = trace.local[node].map(slope => Math.abs(slope) * GATE_ERROR);
    const numbers = operands[node].map(each => trace.values[each]);
    const own = operands[node].map(each => bounds[each]);
    const compute = point => {
        const z = gates[node].value(...point);
        return Number.isFinite(z) ? gates[node].slopes(z, ...point) : null;
    };
    for (const pole of poles[node] ? poles[node][1] : []) {
        if (Math.abs(numbers[0] - pole) > own[0]) continue;
        const slopes = compute(put(numbers, 0, pole));
        if (!slopes || slopes.some(slope => Math.abs(slope) === Infinity)) return errors.map(() => Infinity);
    }
    const uncertain = [...own.keys()].filter(slot => own[slot]);
    for (const group of uncertain.length > FEW_OPERANDS ? [uncertain] : uncertain.map(slot => [slot])) {
        const changes = errors.map(() => 0);
        for (const least of [0, STEP]) {
            const moved = [...numbers];
            let share = 0;
            for (const slot of group) {
                const step = Math.max(own[slot], least * Math.abs(numbers[slot]));
                moved[slot] += numbers[slot] >= 0 ? step : -step;
                share = Math.max(share, own[slot] / step);
            }
            const slopes = compute(moved);
            if (!slopes) continue;
            slopes.forEach((slope, slot) => {
                const change = Math.abs(slope - trace.local[node][slot]) * share;
                if (change > changes[slot]) changes[slot] = change;
            });
        }
        errors = errors.map((error, slot) => error + changes[slot]);
    }
    return errors;
}

function find_largest(trace, bounds) {
    let largest = 0;
    for (const key of ["values", "gradients"]) {
        trace[key].forEach((x, k) => {
            if (Number.isFinite(x) && bounds[key][k] <= MOST_UNCERTAIN * Math.abs(x)) largest = Math.max(largest, Math.abs(x));
        });
    }
    return largest;
}
