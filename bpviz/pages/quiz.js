// The quiz: on the wires are blanks, and what is written there is right, wrong, or made by a slip (quiz_slips.js).
// It stands behind page.js. A number that has not been found is "?" wherever the page has it.

// An answer as it is typed

// 0.018, 2,06, −1/3, 1e-3, 1·10^-3, 3×10⁻⁶: the number, how far it may be off, and whether it has no last place
function read_answer(typed) {
  const ordinary = [...typed.trim()].map(each => each === MINUS ? "-" : PLAIN[SUPERSCRIPTS.indexOf(each)] ?? each).join("");
  const text = ordinary.replace(/\s/g, "").replace(/[\u00d7\u00b7*]10\^?\(?([-+]?\d+)\)?$/, "e$1").replace(/^10\^/, "1e");
  const [above, below, ...more] = text.split("/").map(read_decimal);
  if (!above || more.length || below === null) return null;
  if (below === undefined) return above;
  const value = above.value / below.value;
  return Number.isFinite(value) ? {value, precision: SAME_NUMBER * Math.abs(value), is_exact: true} : null;
}
function read_decimal(text) {
  if (/^[-+]?(\u221e|inf(inity)?)$/i.test(text)) {
    return {value: text.startsWith("-") ? -Infinity : Infinity, precision: 0, is_exact: true};
  }
  const found = /^[-+]?(?:\d+[.,]?(\d*)|[.,](\d+))(?:e([-+]?\d{1,3}))?$/i.exec(text);
  if (!found) return null;
  const places = (found[1] ?? found[2]).length;
  return {value: Number(text.replace(",", ".")), precision: 0.5 * 10 ** (Number(found[3] ?? 0) - places)};
}

// half a unit of the last place that is shown of a number: an answer may be so far from it
function find_tolerance(x) {
  if (!Number.isFinite(x)) return 0;
  if (PAGE.decimals !== null) return 0.5 * 10 ** -PAGE.decimals;
  if (x === 0) return SAME_NUMBER;
  const exponent = Number(Math.abs(x).toExponential().split("e")[1]) - PAGE.digits + 1;
  return 0.5 * 10 ** (1e-4 <= Math.abs(x) && Math.abs(x) < 1e5 ? Math.min(0, exponent) : exponent);
}

// The blanks, in the order of the steps, and what has come of each

const given = new Set(steps[1].shows);
const find_place = key => {
  const every = (places.get(key) ?? []).filter(place => place.ownerSVGElement);
  return every.find(place => !place.closest("g").dataset.wire.includes(".")) ?? every[0]; // the trunk has it first
};
const blanks = new Map(); // by key: its field
for (const key of steps.flatMap(({shows}) => shows)) {
  if (!given.has(key) && find_place(key)) blanks.set(key, document.createElement("input"));
}
let found = new Map(); // by key: how often it was tried, and whether it is right or was told
const is_open = key => !found.get(key)?.is_over;
let is_over = false;
let quizzed = ""; // the point whose numbers are asked for

// a number is told when its own blank is filled in, a local gradient with its wire, a sum with its branch
hides = key => {
  if (is_over || given.has(key)) return false;
  const own = {l: `d${key.slice(1)}`, s: `g${key.slice(1)}`}[key[0]] ?? key;
  if (blanks.has(own)) return is_open(own);
  const leaving = own[0] === "g" ? wires[own.slice(1)] : [];
  return leaving.length !== 1 || is_open(`d${leaving[0].join(".")}`);
};

function name_blank(key) {
  const {letter, node, source} = describe_key(key);
  const name = PAGE.names[source];
  if (letter === "v") return `value of ${name}`;
  return letter === "d" ? `gradient of wire ${name} to ${PAGE.names[node]}` : `gradient of ${name}`;
}
const capitalize = words => words[0].toUpperCase() + words.slice(1);

// what is to be computed, in symbols
function write_task(key) {
  const {letter, node, source} = describe_key(key);
  const [f, name, to] = [PAGE.output, PAGE.names[source], PAGE.names[node]];
  if (letter === "v") return equations[node];
  if (letter === "d") return `${write_partial(to, name)} \u00d7 ${write_partial(f, to)}`;
  if (node === PAGE.output_node) return write_partial(f, f);
  const terms = wires[node].map(([target]) => `${name} to ${PAGE.names[target]}`);
  return `the sum along its branches: ${terms.join(", ")}`;
}

// A field lies on the figure where its number belongs. Its place is a share of the figure's size, on paper as well.
function lay_out() {
  const svg = find("figure svg");
  const board = document.createElement("div");
  board.className = "board";
  svg.replaceWith(board);
  board.append(svg);
  const {x, y, width, height} = svg.viewBox.baseVal;
  const {a, d, e, f} = find("figure svg > g").transform.baseVal.consolidate().matrix;
  const is_upright = svg.classList.contains("upright");
  for (const [key, field] of blanks) {
    const place = find_place(key);
    const room = QUIZ.width;
    const anchor = Number(place.getAttribute("x"));
    let left = anchor - room / 2;
    if (is_upright) left = key[0] === "v" ? anchor - room + QUIZ.margin / 2 : anchor - QUIZ.margin / 2;
    const top = Number(place.getAttribute("y")) - QUIZ.ascent;
    field.style.left = `${100 * (a * left + e - x) / width}%`;
    field.style.top = `${100 * (d * top + f - y) / height}%`;
    field.style.width = `${100 * a * room / width}%`;
    field.style.height = `${100 * d * QUIZ.height / height}%`;
    field.className = `blank ${key[0] === "v" ? "value" : "gradient"}`;
    field.autocomplete = "off";
    field.spellcheck = false;
    field.enterKeyHint = "next";
    field.setAttribute("aria-label", name_blank(key));
    field.addEventListener("focus", () => show_task(key));
    field.addEventListener("blur", () => { light_wire(null); setTimeout(() => check(key), 0); });
    field.addEventListener("keydown", event => { 
      if (event.key !== "Enter") return;
      event.preventDefault(); // or it presses the button that has the focus after the last one
      check(key, true);
    });
    field.addEventListener("input", () => field.removeAttribute("aria-invalid"));
    board.append(field);
  }
}

let current = null; // the key that was last gone to
function show_task(key) {
  current = key;
  find("#asked").textContent = `${capitalize(name_blank(key))}: ${write_task(key)}.`;
  light_wire(find_place(key).closest("g").dataset.wire);
  blanks.get(key).scrollIntoView({block: "nearest", inline: "nearest"});
}
function light_wire(wire) {
  for (const each of find_all("svg .asked")) each.classList.remove("asked");
  if (wire !== null) for (const each of find_all(`svg [data-wire="${wire}"]`)) each.classList.add("asked");
}

// What is done

const read_typed = key => blanks.get(key).value.trim();
function check(key, moves_on = false) {
  const typed = read_typed(key);
  const record = found.get(key);
  if (record.is_over || !typed) return;
  if (typed === record.last) { // it was told already, and is no new try
    if (moves_on) show_verdict(record.words);
    return;
  }
  record.last = typed;
  const answer = read_answer(typed);
  const asked = describe_key(key);
  const right = asked.read(trace);
  const tolerance = find_tolerance(right);
  const head = `${capitalize(name_blank(key))}: `;
  if (!answer) return tell(`${head}${typed} is no number. Write it as 0.25, 1/4 or 2.5e-1.`, key);
  if (answer.value === right || Math.abs(answer.value - right) <= tolerance * (1 + SAME_NUMBER)) {
    record.tries += 1;
    return finish(key, `${head}right.`, moves_on);
  }
  if (!answer.is_exact && answer.precision > tolerance && Math.abs(answer.value - right) <= answer.precision) {
    return tell(`${head}${typed} is right as far as it goes: give ${SHOWN_PLACES}. This is not counted.`, key);
  }
  const slips = find_slips(asked, answer, tolerance);
  const is_rounded = slips.some(({kind}) => kind === "digits");
  if (!is_rounded) record.tries += 1;
  const told = slips.map(slip => `it ${write_slip(slip)}.`).join(" Or: ") || "no single slip makes this number.";
  tell(`${head}${typed.replaceAll("-", MINUS)} is ${is_rounded ? "close" : "wrong"}: ${told}${is_rounded ? " This is not counted." : ""}`, key);
}

function tell(words, key) {
  blanks.get(key).setAttribute("aria-invalid", "true");
  found.get(key).words = words;
  show_verdict(words);
}
function show_verdict(words) {
  find("#verdict").textContent = words;
  say(words);
  write_score();
}

function finish(key, words, moves_on) {
  const field = blanks.get(key);
  found.get(key).is_over = true;
  const open = [...blanks.keys()].filter(is_open);
  const after = [...blanks.keys()].slice([...blanks.keys()].indexOf(key)).find(is_open) ?? open[0];
  is_over = !open.length;
  write_wires();
  if (is_over) end();
  else if (moves_on) blanks.get(after).focus();
  field.hidden = true;
  show_verdict(is_over ? `${words} That was the last one: ${count_score()}.` : words);
}
function write_wires() {
  move(point);
  for (const [key, every] of places) for (const place of every) place.classList.toggle("open", hides(key));
}
function end() {
  document.body.classList.remove("quizzing");
  go_to(0);
  find("#copy").focus();
}

function tell_one() {
  const key = current !== null && is_open(current) ? current : [...blanks.keys()].find(is_open);
  if (key === undefined) return;
  found.get(key).is_told = true;
  finish(key, `${capitalize(name_blank(key))}: ${write_number(describe_key(key).read(trace))}.`, true);
}

const write_point = () => PAGE.inputs.map((node, k) => `${PAGE.names[node]} = ${write_number(point[k])}`).join(", ");
function count_score() {
  const records = [...found.values()];
  const own = records.filter(each => each.is_over && !each.is_told);
  const first = own.filter(each => each.tries === 1).length;
  const told = records.filter(each => each.is_told).length;
  const tries = add_up(records.map(each => each.tries));
  return `${first} of ${records.length} right at the first try, ${own.length} in all, `
    + `${tries} ${tries === 1 ? "try" : "tries"}${told ? `, ${told} told` : ""}`;
}
function write_score() {
  const where = PAGE.inputs.length ? ` at ${write_point()}` : "";
  find("#score").value = `${PAGE.output}${where}: ${count_score()}`;
}

function start_quiz() {
  is_over = false;
  current = null;
  quizzed = String(point);
  found = new Map([...blanks.keys()].map(key => [key, {tries: 0}]));
  document.body.classList.add("quizzing");
  step = 0;
  write_wires();
  show_step();
  const failure = find("#failure");
  for (const field of blanks.values()) {
    field.value = "";
    field.hidden = !failure.hidden;
    field.removeAttribute("aria-invalid");
  }
  find("#given").textContent = write_point();
  find("#asked").textContent = failure.hidden ? `${blanks.size} numbers are to be found.` : "";
  find("#verdict").textContent = failure.textContent;
  write_score();
}

function take_fresh_numbers() {
  const here = QUIZ.points.findIndex(each => each.every((x, k) => x === point[k]));
  point = [...QUIZ.points[(here + 1) % QUIZ.points.length]];
  start_quiz();
  keep_state();
  say(`Fresh numbers: ${write_point()}. ${blanks.size} numbers are to be found.`);
}

// without leave for the clipboard the line is selected, to be copied by hand
async function copy_score() {
  const field = find("#score");
  try {
    await navigator.clipboard.writeText(field.value);
    say("The score is copied.");
    find("#copied").textContent = "copied";
  } catch {
    field.focus();
    field.select();
    say("The score is selected: copy it with Control and C.");
    find("#copied").textContent = "selected: copy it with Ctrl+C";
  }
}

lay_out();
start_quiz();
if (QUIZ.points.length < 2) find("#fresh").textContent = "start again";
find("#fresh").addEventListener("click", take_fresh_numbers);
find("#tell").addEventListener("click", tell_one);
find("#copy").addEventListener("click", copy_score);
find("#score").addEventListener("blur", () => { find("#copied").textContent = ""; });
addEventListener("hashchange", () => { // which page.js has read
  if (String(point) !== quizzed) start_quiz();
  else if (!is_over) {
    step = 0;
    show_step();
  }
});
