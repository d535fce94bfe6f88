// The numbers and the derivation of a page with vectors: what page_scalars.js and page_lines.js are to other pages. Nodes
// and wires are those of the vectors. PAGE.grids has of each grid (page_grids.py) what its entries add up, in numbers of
// the scalars, and how it reads in one line; PAGE.vectors the inputs, with where their entries are among the point's.

const {wires, operands} = PAGE;
const find = selector => document.querySelector(selector);
const find_all = selector => [...document.querySelectorAll(selector)];

const readers = {
  v: ({values}, node) => values[node],
  g: ({gradients}, node) => gradients[node],
  l: ({local}, node, slot) => local[node][slot],
  d: ({downstream}, node, slot) => downstream[node][slot],
};
const read_key = key => [readers[key[0]], ...key.slice(1).split(".").map(Number)];
const grids = Object.entries(PAGE.grids).map(([key, [entries, template]]) => {
  const terms = entries.split(" ").map(each => each.split("+").filter(Boolean).map(read_key));
  return {key, template, terms};
});
const grid_of = key => key.slice(0, key.lastIndexOf(".")); // a grid is shown as a whole

const CERTAIN_DIGITS = 12; // of numerals.py
const is_whole = (x, text) => write_to(x, CERTAIN_DIGITS) === text;
function write_entries(numbers) {
  const texts = numbers.map(write_number);
  const are_whole = numbers.every((x, k) => is_whole(x, texts[k]));
  if (PAGE.decimals !== null || PAGE.grid_digits === null || are_whole) return texts;
  return numbers.map(x => write_to(x, PAGE.grid_digits));
}
const fill_template = (template, texts) => {
  const left = [...texts];
  return template.replaceAll("#", () => left.shift());
};

// of every entry its text, and of every grid how it reads in one line; rounded has the entries that are not told whole
let rounded = new Set();
function write_trace(trace) {
  const texts = new Map();
  rounded = new Set();
  for (const {key, template, terms} of grids) {
    const numbers = terms.map(each => each.reduce((sum, [read, node, slot]) => sum + read(trace, node, slot), 0));
    const written = template === "#" ? [write_number(numbers[0])] : write_entries(numbers);
    written.forEach((text, k) => {
      texts.set(`${key}.${k}`, text);
      if (!is_whole(numbers[k], text)) rounded.add(`${key}.${k}`);
    });
    texts.set(key, fill_template(template, written));
  }
  wires.forEach((leaving, node) => {
    if (leaving.length > 1) texts.set(`s${node}`, join_terms(leaving.map(wire => texts.get(`d${wire.join(".")}`))));
  });
  return texts;
}

// where there is no value there are the inputs alone
function put_point() {
  const given = new Map(PAGE.entries.map((node, k) => [node, point[k]]));
  for (const node of PAGE.inputs) {
    const {template, terms} = grids.find(each => each.key === `v${node}`);
    const numbers = terms.map(([[, scalar]]) => given.get(scalar));
    const written = template === "#" ? [write_number(numbers[0])] : write_entries(numbers);
    written.forEach((text, k) => texts.set(`v${node}.${k}`, text));
    texts.set(`v${node}`, fill_template(template, written));
  }
}

const tell_numbers = key => ` = ${texts.get(key[0] === "s" ? `g${key.slice(1)}` : key)}`;
const rule_of = wire => PAGE.rules[`d${wire}`];

// an input in the address is a list: W=[[1,2],[3,4]]
function state_of() {
  return PAGE.vectors.filter(({at}) => at.some(k => point[k] !== start[k])).map(({node, at, columns}) => {
    const numbers = at.map(k => point[k]);
    if (columns === null) return [PAGE.names[node], numbers[0]];
    const rows = numbers.filter((_, k) => k % columns === 0).map((_, k) => numbers.slice(k * columns, (k + 1) * columns));
    return [PAGE.names[node], JSON.stringify(columns ? rows : numbers)];
  });
}
function point_of(state) {
  const to = [...start];
  for (const {node, at} of PAGE.vectors) {
    const numbers = read_list(state.get(PAGE.names[node]));
    if (numbers.length === at.length && numbers.every(Number.isFinite)) at.forEach((k, i) => { to[k] = numbers[i]; });
  }
  return to;
}
function read_list(text) {
  try {
    return [JSON.parse(text)].flat(Infinity);
  } catch {
    return [];
  }
}

// The derivation. A line's formulas are its symbols, perhaps its numbers, and its result.

const lines = new Map(find_all("tr[data-line]").map(row => [row.dataset.line, {row, made: row.cells[2].innerHTML}]));
const as_made = {notes: find("#notes").innerHTML, point: find("#point").innerHTML};
const write_note = warning => `Note: ${warning}.`;
let writing = 0;

function write_lines() {
  const has_moved = document.body.classList.contains("moved");
  for (const [key, {row, made}] of lines) {
    if (row.cells[2].innerHTML !== made) row.cells[2].innerHTML = made;
    if (has_moved && key !== "seed") put_in(row);
  }
  for (const each of find_all("tr.remark")) each.remove();
  if (has_moved) write_remarks();
  else [find("#notes").innerHTML, find("#point").innerHTML] = [as_made.notes, as_made.point];
  show_step_lines();
}

// the numbers of a line that are no entries are left out; = stands before what is told whole, else ≈
function put_in(row) {
  const formulas = [...row.cells[2].children];
  const result = formulas.at(-1);
  for (const each of formulas.slice(Number(row.dataset.keep), -1)) each.remove();
  const entries = [...row.cells[2].querySelectorAll("[data-e]")];
  for (const each of entries) each.textContent = texts.get(each.dataset.e);
  for (const each of result.querySelectorAll("mtext")) each.remove();
  const is_told = !entries.some(each => rounded.has(each.dataset.e));
  result.querySelector("mo").textContent = is_told ? "=" : "\u2248";
}

function write_remarks() {
  const is_told = find("#failure").hidden;
  for (const {lines: own, node} of is_told ? steps.filter(each => each.lines[0]?.[0] === "d") : []) {
    const kink = PAGE.members[node].find(gate => run.is_at_kink(gate, trace));
    if (kink === undefined) continue;
    const where = PAGE.members[node].length > 1 ? "Some entry is at a kink" : "This is a kink";
    lines.get(own.at(-1)).row.after(write_remark(`${where}, where no derivative exists: ${run.gates[kink].rule}.`));
  }
  find("#notes").replaceChildren(...(is_told ? run.list_warnings(computed, trace) : []).map(warning => {
    const note = document.createElement("p");
    note.className = "remark";
    note.textContent = write_note(warning);
    return note;
  }));
  const written = PAGE.inputs.map(node => `${PAGE.names[node]} = ${texts.get(`v${node}`)}`);
  find("#point").textContent = `${PAGE.output} at ${written.join(", ")}.`;
}

function write_remark(words) {
  const row = document.createElement("tr");
  row.className = "remark";
  row.insertCell();
  const cell = row.insertCell();
  cell.colSpan = 2;
  cell.textContent = words;
  return row;
}
