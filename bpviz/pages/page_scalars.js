// The numbers of a page without vectors, by their keys: v3, g3, s3, l5.0, d5.0 (page_numbers.py). page_vectors.js has the
// same functions for a page with vectors.

const {wires, operands} = run;

const readers = {
  v: ({values}, node) => values[node],
  g: ({gradients}, node) => gradients[node],
  l: ({local}, node, slot) => local[node][slot],
  d: ({downstream}, node, slot) => downstream[node][slot],
};
const sum_of = ({downstream}, node) => wires[node].map(([target, slot]) => downstream[target][slot]);
const grid_of = key => key; // by which a number is shown at a step

// the text of each number, which is written when it is asked for
function write_trace(trace) {
  const written = new Map(); // most stand at several places
  return {get(key) {
    if (hides(key)) return "?";
    const [node, slot] = key.slice(1).split(".");
    if (key[0] === "s") return write_sum(sum_of(trace, node));
    const number = readers[key[0]](trace, node, slot);
    if (!written.has(number)) written.set(number, write_number(number));
    return written.get(number);
  }};
}

// where there is no value there are the inputs alone
function put_point() {
  PAGE.inputs.forEach((node, k) => texts.set(`v${node}`, write_number(point[k])));
}

// what comes down a wire, for whoever points at it
const rule_of = (wire, source, target, f) => `= ${write_partial(target, source)} \u00d7 ${write_partial(f, target)}`;

// the inputs in the address, those that are elsewhere than at the start
const state_of = () =>
  PAGE.inputs.map((node, k) => [PAGE.names[node], point[k]]).filter((_, k) => point[k] !== start[k]);
const point_of = state => PAGE.inputs.map((node, k) => {
  const text = state.get(PAGE.names[node]);
  return text !== null && text.trim() && Number.isFinite(Number(text)) ? Number(text) : start[k];
});
