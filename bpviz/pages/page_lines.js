// The derivation of a page: its lines have a key each, and away from where the page was made their numbers are written
// anew, as bpviz writes them there: text/derivation.py and text/equations_html.py.

const find = selector => document.querySelector(selector);
const find_all = selector => [...document.querySelectorAll(selector)];
const PREFIX_MINUS = `<mo form=prefix>${MINUS}</mo>`;
const BRACKETS = {"(": "<mrow><mo stretchy=false>(</mo>", ")": "<mo stretchy=false>)</mo></mrow>"};
const NOT_TOLD = ["\u2013", "?"]; // where there is no number, and in a quiz
const PRODUCT = "<math><mo>=</mo><mn>#0;</mn><mo>\u00d7</mo>{1nb$(}<mn>#1;</mn>{1nb$)}</math>";
const MOST_TERMS_UNBROKEN = 3; // behind the first
const MOST_AT_ONCE = 6; // milliseconds

function write_digits(digits) {
  return digits.startsWith(MINUS) ? `${PREFIX_MINUS}<mn>${digits.slice(1)}</mn>` : `<mn>${digits}</mn>`;
}
function write_mathml(text) {
  const [mantissa, power] = text.split("\u00d710");
  if (power === undefined) return write_digits(mantissa);
  const exponent = [...power].map(each => PLAIN[SUPERSCRIPTS.indexOf(each)]).join("").replace("-", MINUS);
  return `${write_digits(mantissa)}<mo>\u00d7</mo><msup><mn>10</mn><mrow>${write_digits(exponent)}</mrow></msup>`;
}

// a form of number_forms.py with numbers in it
function fill_form(form, numbers) {
  const kind = number => "pnsb"[(number.startsWith(MINUS) ? 1 : 0) + (number.includes("\u00d710") ? 2 : 0)];
  return form
    .replace(/\{(\d+)([nsb]+)(\$[()])\}/g, (_, k, kinds, bracket) => kinds.includes(kind(numbers[k])) ? bracket : "")
    .replace(/<mn>#(\d+);<\/mn>/g, (_, k) => write_mathml(numbers[k]))
    .replace(/\$([()])/g, (_, bracket) => BRACKETS[bracket]);
}

function write_terms(numbers) {
  const [first, ...others] = numbers;
  const sign = number => number.startsWith(MINUS) ? MINUS : "+";
  const terms = others.map(number => `<mo form=infix>${sign(number)}</mo>${write_mathml(number.replace(MINUS, ""))}`);
  const gap = terms.length < MOST_TERMS_UNBROKEN ? "" : "</math> <math>"; // where a narrow screen may break it
  return `<math><mo>=</mo>${[write_mathml(first), ...terms].join(gap)}</math>`;
}

// the sides of a line with the numbers, and the sign and the number of its result
function put_in(key) {
  const result = texts.get(key[0] === "s" ? `g${key.slice(1)}` : key);
  const [node, slot] = key.slice(1).split(".").map(Number);
  const reads = key[0] === "s" ? wires[node].map(wire => `d${wire.join(".")}`)
    : key[0] === "d" ? [`l${node}.${slot}`, `g${node}`] : operands[node].map(each => `v${each}`);
  const numbers = reads.map(each => texts.get(each));
  if (NOT_TOLD.includes(result) || numbers.some(each => NOT_TOLD.includes(each))) return {sides: "", numbers: [], sign: "=", result};
  const printed = numbers.map(read_number);
  switch (key[0]) {
    case "s": {
      const sign = choose_sign(printed.reduce((sum, term) => sum + term, 0), result);
      return {sides: write_terms(numbers), numbers, sign, result};
    }
    case "d": {
      const product = printed[0] * printed[1];
      const is_lost = product === 0 && printed[0] !== 0 && printed[1] !== 0;
      const sign = is_lost ? "\u2248" : choose_sign(product, result);
      return {sides: fill_form(PRODUCT, numbers), numbers, sign, result};
    }
    default: {
      const form = PAGE.forms[PAGE.form[PAGE.gates.indexOf(node)]].replaceAll("~", "<").replaceAll("^", ">");
      const sides = form && fill_form(form, numbers);
      const repeats = sides === `<math><mo>=</mo>${write_mathml(result)}</math>`;
      return {sides: repeats ? "" : sides, numbers: [], sign: choose_forward_sign(node, result), result};
    }
  }
}

// the same in words, for whoever points at a wire or hears the page
function tell_numbers(key) {
  const {numbers, sign, result} = put_in(key);
  if (!numbers.length) return ` = ${result}`;
  const bracket = text => text.startsWith(MINUS) ? `(${text})` : text;
  const join = {d: ([local, upstream]) => `${local} \u00d7 ${bracket(upstream)}`, s: join_terms}[key[0]];
  return ` = ${join(numbers)} ${sign} ${result}`;
}

// = if the gate makes the printed result of the printed operands; what is too small for a float is not 0
function choose_forward_sign(node, result) {
  const printed = operands[node].map(each => places.has(`v${each}`) ? read_number(texts.get(`v${each}`)) : trace.values[each]);
  const value = run.gates[node].value(...printed);
  if (!Number.isFinite(value) || (computed.values[node] === 0 && run.is_underflow(node, 0, trace))) return "\u2248";
  return choose_sign(value, result);
}

// a 0 that was computed as something else
function is_noise(key) {
  const [node, slot] = key.slice(1).split(".").map(Number);
  const read = {v: readers.v, d: readers.d, s: readers.g}[key[0]];
  return read(trace, node, slot) !== read(computed, node, slot);
}

// at a kink the number of the rule, times the upstream gradient
function write_symbols(key, line) {
  const target = Number(key.slice(1).split(".")[0]);
  const html = PAGE.symbols[key] ?? line.symbols;
  if (key[0] !== "d" || NOT_TOLD.includes(texts.get(key)) || !run.is_at_kink(target, trace)) return html;
  const upstream = html.slice(html.lastIndexOf("<mfrac"), html.lastIndexOf("</mfrac>"));
  return `<math><mo>=</mo>${write_mathml(texts.get(`l${key.slice(1)}`))}<mo>\u00b7</mo>${upstream}</mfrac></math>`;
}

function write_line(key, line) {
  const {sides, sign, result} = put_in(key);
  const role = key[0] === "v" ? "value" : "gradient";
  const noise = !NOT_TOLD.includes(result) && is_noise(key) ? "<mtext>&nbsp;to rounding</mtext>" : "";
  const is_plain = !result.includes("\u00d7");
  const shown_result = is_plain ? `<mn class=${role}>${result}</mn>` : `<mrow class=${role}>${write_mathml(result)}</mrow>`;
  const end = `<math><mo>${sign}</mo>${shown_result}${noise}</math>`;
  return [write_symbols(key, line), sides, end].filter(Boolean).join(" ");
}

// what is said of a step back: at a kink, of square brackets, and of an infinite local gradient
function list_remarks(node) {
  const found = [];
  const {rule} = run.gates[node];
  if (run.is_at_kink(node, trace)) found.push(`This is a kink, where no derivative exists: ${rule}.`);
  else if (PAGE.conditional.includes(node)) found.push(PAGE.brackets);
  const is_infinite = trace.local[node].some(slope => Math.abs(slope) === Infinity);
  if (is_infinite) found.push(`The local gradient ${run.is_at_pole(node, trace) ? "is infinite" : "overflows"} here.`);
  return found;
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

const lines = new Map(find_all("tr[data-line]").map(row => {
  const cell = row.cells[2];
  const every = [...cell.children].slice(0, row.dataset.keep ?? 1).map(each => each.outerHTML);
  return [row.dataset.line, {row, made: cell.innerHTML, shown: cell.innerHTML, symbols: every.join(" ")}];
}));
const notes = find("#notes");
const as_made = {notes: notes.innerHTML, point: find("#point").innerHTML};
const write_note = warning => `Note: ${warning}.`;
let writing = 0;

// a few milliseconds at a time: the lines, those of the step first, and then the remarks
function write_lines() {
  const here = steps[step - 1]?.lines ?? [];
  write_some([...here.filter(key => lines.has(key)), ...lines.keys()]);
}
function write_some(waiting) {
  const end = performance.now() + MOST_AT_ONCE;
  const has_moved = document.body.classList.contains("moved");
  while (waiting.length && performance.now() < end) {
    const key = waiting.shift();
    const line = lines.get(key);
    const html = !has_moved || key === "seed" ? line.made : write_line(key, line);
    if (html !== line.shown) line.row.cells[2].innerHTML = line.shown = html;
  }
  if (waiting.length) {
    writing = setTimeout(write_some, 0, waiting);
    return;
  }
  for (const each of find_all("tr.remark")) each.remove();
  if (has_moved) write_remarks();
  else [notes.innerHTML, find("#point").innerHTML] = [as_made.notes, as_made.point];
  show_step_lines();
}

function write_remarks() {
  const is_told = find("#failure").hidden && !keys.some(([key]) => hides(key));
  const said = new Set();
  for (const {lines: own, node} of steps) {
    if (!is_told || own[0]?.[0] !== "d") continue;
    const words = list_remarks(node).filter(each => !said.has(each) && said.add(each));
    lines.get(own.at(-1)).row.after(...words.map(write_remark));
  }
  notes.replaceChildren(...(is_told ? run.list_warnings(computed, trace) : []).map(warning => {
    const note = document.createElement("p");
    note.className = "remark";
    note.textContent = write_note(warning);
    return note;
  }));
  const values = find_all("#point span");
  values.forEach((each, k) => {
    each.lastElementChild.outerHTML = `<math><mo>=</mo>${write_mathml(write_number(point[k]))}</math>`;
  });
  const written = () => PAGE.inputs.map((node, k) => `${PAGE.names[node]} = ${write_number(point[k])}`).join(", ");
  if (!values.length && PAGE.inputs.length) find("#point").textContent = `${PAGE.output} at ${written()}.`; // in a quiz
}
