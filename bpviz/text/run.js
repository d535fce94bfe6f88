// Both passes over the tables of a program: constants, operands, wires, gates with their formulas. This is autodiff.py.
const run = inputs => {
    const values = [...constants];
    input_nodes.forEach((node, k) => { values[node] = inputs[k]; });
    for (let node = 0; node < gates.length; node += 1) {
        if (!gates[node]) continue;
        const numbers = operands[node].map(each => values[each]);
        values[node] = gates[node].value(...numbers);
        if (!Number.isFinite(values[node])) return fail(node, values[node], numbers);
    }
    for (let k = 0; k < required.length; k += 1) {
        const numbers = required[k].operands(values);
        if (Number.isNaN(required[k].value(...numbers))) return refuse(k, numbers);
    }
    const gradients = values.map(() => 0);
    const [local, downstream] = [values.map(() => []), values.map(() => [])];
    for (let node = gates.length - 1; node >= 0; node -= 1) {
        const upstream = wires[node].reduce((sum, [target, slot]) => sum + downstream[target][slot], node === output ? 1 : 0);
        gradients[node] = upstream;
        if (!gates[node]) continue;
        local[node] = gates[node].slopes(values[node], ...operands[node].map(each => values[each]));
        downstream[node] = local[node].map(slope => slope * upstream);
    }
    const trace = {values, gradients, local, downstream};
    return find_undefined(trace) || trace;
};
