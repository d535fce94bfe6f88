// Which slip makes a wrong answer: the program is run again with one rule broken, as checking/slips.py does it, whose
// words QUIZ.words are. Each list below begins with the slips that are simplest to explain.

const {gates, equations} = run;
const [WHOLE, COARSE, SAME_NUMBER, ROUNDING_ERROR] = [0.5, 0.1, 1e-9, 0.1]; // those of slips.py
const MOST_SLIPS = 2; // that are told of an answer
const REDUNDANT = {
  negated: ["lost minus", "sign", "order", "turned"],
  turned: ["order"],
  overwritten: ["branch"],
  other: ["branch", "lost minus", "sign", "negated", "swapped", "value", "upstream", "local", "degrees", "rule"],
  "other value": ["negated", "gradient", "left out", "order", "degrees"],
};
const ROUNDINGS = [1, 2, 3].flatMap(places => [
  {places: `${places} decimal${places > 1 ? "s" : ""}`, round: x => Number(x.toFixed(places))},
  {places: `${places} significant digit${places > 1 ? "s" : ""}`, round: x => Number(x.toPrecision(places))},
]);
const round_as_shown = x => PAGE.decimals === null
  ? Number(x.toPrecision(PAGE.digits))
  : Number(x.toFixed(PAGE.decimals));
const SHOWN_PLACES = PAGE.decimals === null ? `${PAGE.digits} significant digits` : `${PAGE.decimals} decimals`;

const ids = gates.map((_, i) => i);
const gate_ids = ids.filter(i => gates[i]);
const leave = x => x;
const add_up = terms => terms.reduce((sum, term) => sum + term, 0);

// Both passes with something done wrong; as they stand, nothing:
//   read(i, numbers)           the operands of a gate, as it reads them
//   value(i, z, numbers)       its value
//   carry(i, slot, local, up)  what it hands back along a wire
//   count(i, terms)            the contributions that count at a branch
//   round, round_back          every value, and every gradient
function run_wrong({read, value, carry, count, round, round_back = leave}) {
  const values = [...trace.values];
  const local = [...trace.local];
  const numbers_of = i => {
    const numbers = operands[i].map(each => values[each]);
    return read ? read(i, numbers) : numbers;
  };
  if (read || value || round) {
    for (const i of gate_ids) {
      const z = gates[i].value(...numbers_of(i));
      values[i] = (round ?? leave)(value ? value(i, z, numbers_of(i)) : z);
    }
    for (const i of gate_ids) local[i] = differentiate(i, values[i], numbers_of(i));
  }
  const [gradients, downstream] = [[], []];
  for (let i = gates.length - 1; i >= 0; i -= 1) {
    const terms = wires[i].map(([target, slot]) => downstream[target][slot]);
    const seed = i === PAGE.output_node ? [1] : [];
    gradients[i] = round_back(add_up([...seed, ...(count ? count(i, terms) : terms)]));
    downstream[i] = local[i].map((slope, slot) =>
      carry ? carry(i, slot, slope, gradients[i]) : slope * gradients[i]);
  }
  return {values, gradients, local, downstream};
}

// The local gradients as one computes them by hand, σ·(1 − σ) of the σ that was written down (checking/passes.py): the
// operand that gives this output is found by Newton's method.
const [MOST_NEWTON_STEPS, NEWTON_ERROR] = [60, 1e-13];
function differentiate(i, z, numbers) {
  if (!QUIZ.by_output.includes(i)) return gates[i].slopes(z, ...numbers);
  let [a] = numbers;
  for (let k = 0; k < MOST_NEWTON_STEPS; k += 1) {
    const error = gates[i].value(a) - z;
    if (Math.abs(error) <= NEWTON_ERROR * Math.abs(z)) break;
    a -= error / gates[i].slopes(z, a)[0];
  }
  return gates[i].slopes(z, a);
}

// One slip at a gate, along all of its wires or one, and otherwise the chain rule.
const carry_at = (node, only, wrong) => ({carry: (i, slot, local, upstream) =>
  i === node && (only === null || slot === only) ? wrong(local, upstream, slot) : local * upstream});

// What is asked under a key: how a trace has it, the node whose value or gradient it is, and where slips are near.
function describe_key(key) {
  const [node, slot] = key.slice(1).split(".").map(Number);
  const source = key[0] === "d" ? source_of.get(key.slice(1)) : node;
  const near = key[0] === "g" ? [node, ...wires[node].map(([target]) => target)] : [node];
  return {letter: key[0], node, slot, source, near, read: from => readers[key[0]](from, node, slot)};
}

function* list_gradient_slips(asked) {
  const at = wrong => asked.read(run_wrong(wrong));
  const {names} = PAGE;
  for (const i of ids) if (wires[i].length > 1) yield* miss_branches(i, at);
  for (const [i, slot] of wires.flat()) {
    const kind = trace.local[i][slot] < 0 ? "lost minus" : "sign";
    yield {kind, node: i, equation: equations[i], number: at(carry_at(i, slot, (local, upstream) => -local * upstream))};
  }
  yield {kind: "negated", number: -asked.read(trace), quantity: "gradient"};
  for (const i of gate_ids) {
    if (operands[i].length !== 2) continue;
    const swapped = carry_at(i, null, (local, upstream, slot) => trace.local[i][1 - slot] * upstream);
    yield {kind: "swapped", node: i, equation: equations[i], number: at(swapped)};
  }
  for (const {node, slot, slope, ...words} of mistakes) {
    const wrong = slope(trace.values[node], ...operands[node].map(i => trace.values[i]));
    const operand = names[operands[node][slot]];
    const number = at(carry_at(node, slot, (local, upstream) => wrong * upstream));
    yield {kind: "rule", node, number, equation: equations[node], operand, ...words};
  }
  for (const i of new Set([asked.source, PAGE.output_node])) {
    const its = i === asked.source ? "its gradient" : `the gradient of ${names[asked.source]}`;
    yield {kind: "value", number: trace.values[i], of: names[i], its};
  }
  for (const [kind, instead] of [["upstream", local => local], ["local", (local, upstream) => upstream]]) {
    for (const i of gate_ids) {
      for (const only of operands[i].length > 1 ? [null, ...operands[i].keys()] : [null]) {
        yield {kind, node: i, equation: equations[i], number: at(carry_at(i, only, instead))};
      }
    }
  }
  yield* take_degrees(at);
  yield* round_early(asked, at);
  for (const winner of wires.filter(leaving => leaving.length > 1).length > 1 ? [0, -1] : []) {
    yield {kind: "overwritten", number: at({count: (i, terms) => terms.slice(winner).slice(0, 1)})};
  }
  if (asked.letter === "d" && wires[asked.source].length > 1) {
    yield {kind: "total", number: trace.gradients[asked.source], name: names[asked.source]};
  }
  for (const i of ids) {
    if (i === asked.source) continue;
    yield {kind: "other", number: trace.gradients[i], of: names[i], name: names[asked.source]};
  }
}

// one contribution alone, and all but one
function* miss_branches(node, at) {
  const targets = wires[node].map(([target]) => target);
  const name_all = every => join_words([...new Set(every.map(i => PAGE.names[i]))]);
  const subsets = targets.flatMap((_, k) => [[k], [...targets.keys()].filter(each => each !== k)]);
  for (const kept of targets.length > 2 ? subsets : [[0], [1]]) {
    const number = at({count: (i, terms) => i === node ? kept.map(k => terms[k]) : terms});
    const missed = targets.filter((_, k) => !kept.includes(k));
    const name = PAGE.names[node];
    if (missed.some(i => kept.some(k => targets[k] === i))) {
      yield {kind: "wires", node, number, counted: `${kept.length} of the ${targets.length} wires out of ${name}`};
    } else {
      const verb = kept.length === 1 ? "contribution is" : "contributions are";
      const counted = `${name_all(kept.map(k => targets[k]))}'s ${verb}`;
      yield {kind: "branch", node, number, counted, name, others: name_all(missed)};
    }
  }
}
const join_words = words => words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : words[0];

function* take_degrees(at) {
  for (const angles of QUIZ.angles.length > 1 ? [QUIZ.angles, ...QUIZ.angles.map(i => [i])] : [QUIZ.angles]) {
    if (!angles.length) return;
    const read = (i, numbers) => angles.includes(i) ? numbers.map(x => x * (Math.PI / 180)) : numbers;
    yield {kind: "degrees", number: at({read}), angle: angles.length === 1 ? equations[angles[0]] : "every angle"};
  }
}

// all numbers on the way, or those that are shown around the place
function* round_early(asked, at) {
  const shown = {values: trace.values.map(round_as_shown), gradients: trace.gradients.map(round_as_shown)};
  const {letter, node, slot} = asked;
  const numbers = gates[node] && operands[node].map(i => shown.values[i]);
  const of_shown = [];
  if (letter === "v") of_shown.push(gates[node].value(...numbers));
  if (letter === "g") of_shown.push(add_up(sum_of(trace, node).map(round_as_shown)));
  if (letter === "d") {
    const slopes = [differentiate(node, shown.values[node], numbers)[slot], trace.local[node][slot]];
    for (const slope of slopes) of_shown.push(slope * shown.gradients[node], round_as_shown(slope) * shown.gradients[node]);
  }
  for (const number of of_shown) yield {kind: "digits", number, places: SHOWN_PLACES};
  for (const {places, round} of ROUNDINGS) {
    yield {kind: "digits", number: at({round}), places};
    if (letter !== "v") yield {kind: "digits", number: at({round, round_back: round}), places};
  }
}

function* list_value_slips(asked) {
  const at = wrong => asked.read(run_wrong(wrong));
  const {names} = PAGE;
  const change = (node, wrong) => ({value: (i, z, numbers) => i === node ? wrong(z, numbers) : z});
  for (const i of new Set([asked.source, ...PAGE.inputs])) {
    const its = i === asked.source ? "its value" : `the value of ${names[asked.source]}`;
    yield {kind: "gradient", number: trace.gradients[i], of: names[i], its};
  }
  for (const [kind, arity, wrong] of [
    ["order", 2, (z, [a, b], gate) => gate.value(b, a)],
    ["turned", 0, z => -z],
    ["left out", 1, (z, [a]) => a],
  ]) {
    for (const i of gate_ids) {
      if (arity && operands[i].length !== arity) continue;
      const number = at(change(i, (z, numbers) => wrong(z, numbers, gates[i])));
      yield {kind, node: i, number, equation: equations[i], operand: names[operands[i][0]]};
    }
  }
  yield {kind: "negated", number: -asked.read(trace), quantity: "value"};
  yield* take_degrees(at);
  yield* round_early(asked, at);
  for (const i of ids) {
    if (i !== asked.source) yield {kind: "other value", number: trace.values[i], of: names[i], name: names[asked.source]};
  }
}

// The simplest slips that make an answer, those near the place first; none that makes no difference to what is right.
function find_slips(asked, answer, tolerance) {
  const right = asked.read(trace);
  const fits = number => Math.abs(number - answer.value) <= answer.precision * (1 + SAME_NUMBER);
  const is_close = Math.abs(answer.value - right) <= ROUNDING_ERROR * Math.abs(right);
  let found = [];
  const unit = 2 * answer.precision;
  if (!answer.is_exact && right * answer.value > 0 && unit > 1e-6 * Math.abs(right)) {
    const cut = Math.floor(Math.abs(right) / unit) * unit * Math.sign(right);
    if (Math.abs(cut - answer.value) <= SAME_NUMBER * Math.abs(cut)) found.push({kind: "cut off", number: cut});
  }
  for (const slip of asked.letter === "v" ? list_value_slips(asked) : list_gradient_slips(asked)) {
    if (!Number.isFinite(slip.number) || !fits(slip.number)) continue;
    const is_rounding = slip.kind === "digits"; // which leaves a number close to what it was
    const makes = Math.abs(slip.number - right) > (is_rounding ? SAME_NUMBER * Math.abs(right) : tolerance);
    if (makes && (is_close || !is_rounding)) found.push(slip);
  }
  if (answer.precision >= WHOLE) { // 6 is meant as 6 rather than as 5.9, if a slip makes it
    const exact = found.filter(slip => Math.abs(slip.number - answer.value) <= SAME_NUMBER * Math.abs(answer.value));
    found = exact.length ? exact : found.filter(slip => answer.precision <= COARSE * Math.abs(slip.number));
  }
  const is_near = ({node}) => node === undefined || asked.near.includes(node);
  const kinds = new Map();
  for (const slip of [...found.filter(is_near), ...found.filter(slip => !is_near(slip))]) {
    if (!kinds.has(slip.kind) && !REDUNDANT[slip.kind]?.some(kind => kinds.has(kind))) kinds.set(slip.kind, slip);
  }
  return [...kinds.values()].slice(0, MOST_SLIPS);
}

const write_slip = slip => QUIZ.words[slip.kind].replace(/\{(\w+)\}/g, (_, name) => slip[name]);
