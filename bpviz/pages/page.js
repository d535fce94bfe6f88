// What a page does. run and PAGE stand before it, the program and what the page knows of it (page_script.py), and
// page_numbers.js, and page_scalars.js and page_lines.js or in a page with vectors page_vectors.js.

const source_of = new Map(wires.flatMap((leaving, source) => leaving.map(wire => [wire.join("."), source])));

// What a step is by its key (page_steps.py): its pass, the keys of the numbers it shows and of its lines, and its node.
const steps = PAGE.steps.split(" ").map(key => {
  const node = key === "seed" ? PAGE.output_node : Number(key.slice(1));
  switch (key[0]) {
    case "b": return {part: "forward", shows: [], lines: []};
    case "g": return {part: "forward", shows: PAGE.kinds.flatMap((kind, i) => kind === null ? `v${i}` : []), lines: []};
    case "v": return {part: "forward", shows: [key], lines: [key], node};
    case "d": {
      const into = operands[node].map((_, slot) => `${node}.${slot}`).filter(wire => source_of.has(wire)); // no constant's
      const lines = into.map(wire => `d${wire}`);
      const alone = into.map(wire => source_of.get(wire)).filter(source => wires[source].length === 1);
      return {part: "backward", shows: [...lines, ...alone.map(source => `g${source}`)], lines, node};
    }
    default: return {part: "backward", shows: key === "seed" ? [`g${node}`] : [`g${node}`, key], lines: [key], node};
  }
});

// The places of the numbers, by their keys: v3, g3, s3, l5.0, d5.0 (page_numbers.py)

const places = new Map();
const [cells, others] = [[], []]; // the table waits until the sliders rest
for (const place of find_all("[data-n]")) {
  const key = place.dataset.n;
  places.set(key, [...(places.get(key) || []), place]);
  (place.closest("#table") ? cells : others).push([key, place]);
}
const keys = [...places.keys()].map(key => [key, ...key.slice(1).split(".").map(Number)]);

// which numbers are not to be told yet, by their keys: those that a quiz asks for
let hides = () => false;

// how wide a number is on a wire, in hundredths of its letters' size: figure/lettering.py
const measure_letter = letter => letter === "." ? 28 : SUPERSCRIPTS.includes(letter) ? 40 : 57;
const measure = text => [...text].reduce((sum, letter) => sum + measure_letter(letter), 0);

// a number that is wider than its slot is set more narrowly
function put_text(place, text) {
  const node = place.firstChild ?? place.appendChild(new Text());
  if (node.data === text) return;
  node.data = text; // faster than a new text for an old one
  const room = Number(place.dataset.room);
  if (!room) return;
  if (57 * text.length > room && measure(text) > room) {
    place.setAttribute("textLength", room * PAGE.letter_size / 100);
    place.setAttribute("lengthAdjust", "spacingAndGlyphs");
  } else place.removeAttribute("textLength");
}

const put_texts = every => every.forEach(([key, place]) => put_text(place, texts.get(key)));

// The point

const sliders = find_all("input[type=range]");
const fields = find_all("input[type=number]");
const start = PAGE.start.map(Number);
let point = [...start];
let computed = run(point);
let trace = run.clear_noise(computed); // as people read it
let texts = write_trace(trace);

function move(to) {
  point = to;
  const found = run(point);
  const failure = find("#failure");
  if (found.error) {
    const {message, hint} = found.error;
    failure.textContent = hint ? `${message} (${hint.replace(/^; /, "")}).` : `${message}.`;
    texts = new Map(keys.map(([key]) => [key, "\u2013"]));
    put_point();
  } else {
    computed = found;
    trace = run.clear_noise(found);
    failure.textContent = "";
    texts = write_trace(trace);
  }
  failure.hidden = !found.error;
  put_texts(others);
  const is_start = point.every((x, k) => x === start[k]);
  document.body.classList.toggle("moved", PAGE.is_quiz || !is_start);
  sliders.forEach((slider, k) => { if (Number(slider.value) !== point[k]) slider.value = point[k]; });
  fields.forEach((field, k) => { // not while it is typed in
    if (document.activeElement !== field && Number(field.value) !== point[k]) field.value = point[k];
  });
  if (pointed) point_at(pointed);
  clearTimeout(writing);
  writing = setTimeout(write_rest, 60);
}

// what is long waits until the sliders rest: the table and the derivation
function write_rest() {
  put_texts(cells);
  write_lines();
}

// Step by step: at step 0 everything is to be seen

let step = 0;
const first_shown = new Map(steps.flatMap((each, k) => each.shows.map(key => [key, k + 1])));
for (const [key, k] of [...first_shown]) { // with what comes down a wire its local gradient is shown
  if (key[0] === "d") first_shown.set(`l${key.slice(1)}`, k);
}

function write_title({shows, lines, node}) {
  const name = PAGE.names[node];
  const count = `${PAGE.gates.indexOf(node) + 1} of ${PAGE.gates.length}: ${name}`;
  switch ((lines[0] ?? "")[0]) {
    case "v": return `Forward, step ${count}`;
    case "d": return `Backward, step ${count}`;
    case "s": return lines[0] === "seed" ? `The turn: ${name} itself` : `Backward, the branch of ${name}`;
    default: return shows.length ? "Forward: the inputs" : "The graph, without a number";
  }
}

function show_step() {
  const here = steps[step - 1];
  for (const [key, every] of places) {
    const due = step === 0 ? -1 : first_shown.get(grid_of(key)) ?? 0;
    for (const place of every) {
      const held = key[0] === "l" ? place.parentNode : place; // a local gradient's name is hidden with it
      held.classList.toggle("due", step !== 0 && due > step);
      place.classList.toggle("new", due === step);
    }
  }
  for (const shape of find_all("[data-node]")) {
    shape.classList.toggle("lit", here !== undefined && Number(shape.dataset.node) === here.node);
  }
  document.body.classList.toggle("stepping", step !== 0);
  find("#step-title").textContent = here ? write_title(here) : `Step by step: ${steps.length} steps`;
  find("#step-title").className = here ? here.part : "";
  find("#step-count").textContent = here ? `${step} of ${steps.length}` : "";
  find("#step-back").disabled = step === 0;
  find("#step-on").disabled = step === steps.length;
  find("#step-all").disabled = step === 0;
  show_step_lines();
}

function show_step_lines() {
  const here = steps[step - 1];
  const rows = here ? here.lines.filter(key => lines.has(key)).map(key => lines.get(key).row.cloneNode(true)) : [];
  for (const row of rows) row.removeAttribute("data-line");
  find("#step-lines").replaceChildren(...rows);
}

// scroll a large figure, and nothing else, so that a shape is in the middle of it, unless it is to be seen
function reveal(shape) {
  if (!shape) return;
  const frame = find("figure");
  const [window_, box] = [frame.getBoundingClientRect(), shape.getBoundingClientRect()];
  const is_seen_across = box.left >= window_.left && box.right <= window_.right;
  if (is_seen_across && box.top >= window_.top && box.bottom <= window_.bottom) return;
  frame.scrollLeft += (box.left + box.right - window_.left - window_.right) / 2;
  frame.scrollTop += (box.top + box.bottom - window_.top - window_.bottom) / 2;
}

function go_to(k) {
  step = Math.max(0, Math.min(steps.length, k));
  show_step();
  reveal(find("svg .lit"));
  say(step ? `${find("#step-title").textContent}. ${say_lines()}` : "All numbers.");
  keep_state();
}
const say_lines = () => steps[step - 1].lines.filter(key => key !== "seed").map(say_line).join("; ");
function say_line(key) {
  const node = Number(key.slice(1).split(".")[0]);
  const name = key[0] === "d" ? `to ${PAGE.names[source_of.get(key.slice(1))]}` : PAGE.names[node];
  return `${name}${tell_numbers(key)}`;
}

const say = text => { find("#said").textContent = text; };

// What is pointed at: a wire with its term of the chain rule, a branch with its sum, a gate with what it does

const stops = find_all("svg g[data-wire], svg g[data-node]");
const invitation = find("#pointed").textContent;
let pointed = null;

const write_partial = (of, by) => `\u2202${of}/\u2202${by}`;
function describe(stop) {
  const {wire, node} = stop.dataset;
  const f = PAGE.output;
  if (wire?.includes(".")) {
    const [target, source] = [wire.split(".")[0], source_of.get(wire)].map(each => PAGE.names[each]);
    const value = texts.get(`v${source_of.get(wire)}`);
    const along = wires[source_of.get(wire)].length > 1 ? " along this wire" : "";
    const rule = `${rule_of(wire, source, target, f)}${tell_numbers(`d${wire}`)}`;
    return `${source} \u2192 ${target}: value ${value}. ${write_partial(f, source)}${along} ${rule}.`;
  }
  const i = Number(wire ?? node);
  const name = PAGE.names[i];
  const value = `${name} = ${texts.get(`v${i}`)}`;
  const gradient = `${write_partial(f, name)} = ${texts.get(`g${i}`)}`;
  const is_branch = stop.dataset.kind === "branch" || (wire !== undefined && wires[i].length > 1);
  if (is_branch) return `${value}, ${gradient}, the sum ${texts.get(`s${i}`)}. A branch ${PAGE.branch}.`;
  const does = wire === undefined ? PAGE.does[PAGE.kinds[i]] : undefined;
  return `${value}, ${gradient}.${does ? ` This gate ${does}.` : ""}`;
}

function is_hidden(stop) {
  return step !== 0 && [...stop.querySelectorAll("[data-n]")].some(place => place.classList.contains("due"));
}

function point_at(stop) {
  pointed = stop;
  for (const each of find_all("svg .pointed")) each.classList.remove("pointed");
  const note = find("#pointed");
  note.textContent = invitation;
  note.classList.toggle("invitation", !stop);
  if (!stop) return;
  const {wire, node} = stop.dataset;
  const same = wire === undefined ? [stop] : find_all(`svg [data-wire="${wire}"]`);
  for (const each of same) each.classList.add("pointed");
  const open = step === 0 || (!is_hidden(stop) && (node === undefined || (first_shown.get(`g${node}`) ?? 0) <= step));
  note.textContent = open ? describe(stop) : "Not yet computed at this step.";
}

// one stop of the tab key leads into the figure, and arrows lead along its wires and gates
const name_stop = ({wire, node, kind}) => {
  if (wire?.includes(".")) return `wire from ${PAGE.names[source_of.get(wire)]} to ${PAGE.names[wire.split(".")[0]]}`;
  return `${kind ?? (wire ? "wire" : "")} ${PAGE.names[wire ?? node]}`.trim();
};
stops.forEach(stop => {
  stop.setAttribute("role", "img");
  stop.setAttribute("aria-label", name_stop(stop.dataset));
  stop.setAttribute("tabindex", "-1");
  stop.addEventListener("focus", () => {
    for (const each of stops) each.setAttribute("tabindex", each === stop ? "0" : "-1");
    point_at(stop);
    stop.setAttribute("aria-label", find("#pointed").textContent);
  });
  stop.addEventListener("blur", () => point_at(null));
  stop.addEventListener("click", () => stop.focus());
});
for (const part of find_all("svg [data-wire], svg [data-node]")) {
  const {wire} = part.dataset;
  const stop = wire === undefined ? part : stops.find(each => each.dataset.wire === wire);
  part.addEventListener("pointerenter", () => point_at(stop));
  part.addEventListener("pointerleave", () => point_at(stops.find(each => each === document.activeElement) ?? null));
}
function list_next(stop, is_forward) {
  const {wire, node} = stop.dataset;
  const find_wire = each => find(`svg g[data-wire="${each}"]`);
  if (wire?.includes(".")) return [find(`svg g[data-node="${is_forward ? wire.split(".")[0] : source_of.get(wire)}"]`)];
  const i = Number(wire ?? node);
  const into = [...source_of.keys()].filter(each => each.split(".")[0] === String(i));
  return (is_forward ? wires[i].map(each => each.join(".")) : into).map(find_wire);
}

// those beside a stop: of a wire the others at its two ends, of a gate the other gates
function find_beside(stop, by) {
  const [end, start_] = [true, false].map(is_forward => list_next(stop, is_forward)[0]);
  const wires = () => [...list_next(start_, true), ...list_next(end, false)];
  const every = [...new Set(stop.dataset.wire?.includes(".") ? wires() : stops.filter(each => each.dataset.node))];
  return every[(every.indexOf(stop) + by + every.length) % every.length];
}

find("figure").addEventListener("keydown", event => {
  const here = event.target.closest("svg g[data-wire], svg g[data-node]");
  if (!here || event.ctrlKey || event.metaKey || event.altKey) return;
  const go = {
    ArrowUp: () => list_next(here, true)[0],
    ArrowDown: () => list_next(here, false)[0],
    ArrowRight: () => find_beside(here, 1),
    ArrowLeft: () => find_beside(here, -1),
    Home: () => stops[0],
    End: () => stops.at(-1),
  }[event.key];
  if (!go) return;
  event.preventDefault();
  go()?.focus();
});
stops[0]?.setAttribute("tabindex", "0");

// The state is in the address: #x=3&y=-4&step=7

let waiting = 0;
function keep_state() {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const parts = state_of();
    if (step) parts.push(["step", step]);
    const state = new URLSearchParams(parts).toString();
    try {
      history.replaceState(null, "", state ? `#${state}` : location.pathname + location.search);
    } catch { /* in a frame without an address of its own */ }
  }, 200);
}
function read_state() {
  const state = new URLSearchParams(location.hash.slice(1));
  const wanted = Number(PAGE.inputs.some(node => PAGE.names[node] === "step") ? 0 : state.get("step"));
  step = Number.isInteger(wanted) ? Math.max(0, Math.min(steps.length, wanted)) : 0;
  move(point_of(state));
  write_rest();
  show_step();
}

// What is done to the page

const set_input = (k, text) => {
  if (text.trim() === "" || !Number.isFinite(Number(text))) return;
  move(point.map((x, i) => i === k ? Number(text) : x));
  keep_state();
};
const say_result = () => {
  const failure = find("#failure");
  if (!failure.hidden) return say(failure.textContent);
  const notes = PAGE.is_quiz ? [] : run.list_warnings(computed, trace).map(write_note);
  say([`${PAGE.output} = ${texts.get(`v${PAGE.output_node}`)}`, ...notes].join(". "));
};
for (const every of [sliders, fields]) {
  every.forEach((input, k) => {
    input.addEventListener("input", () => set_input(k, input.value));
    input.addEventListener("change", say_result);
  });
}
fields.forEach((field, k) => field.addEventListener("blur", () => { field.value = point[k]; }));
find("#reset").addEventListener("click", () => { move([...start]); keep_state(); say_result(); });
find("#step-back").addEventListener("click", () => go_to(step - 1));
find("#step-on").addEventListener("click", () => go_to(step + 1));
find("#step-all").addEventListener("click", () => go_to(0));
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input, figure *") || find(".quizzing")) return;
  const go = {ArrowRight: () => go_to(step + 1), ArrowLeft: () => go_to(step - 1), Escape: () => go_to(0)}[event.key];
  if (!go) return;
  event.preventDefault();
  go();
});
addEventListener("hashchange", read_state);
read_state();
reveal(find("svg .lit") ?? find(`svg g[data-wire="${PAGE.output_node}"]`));
