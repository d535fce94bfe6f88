"""How the page of a deck looks and behaves in a browser: a style sheet and a script. No word of a user's is in them."""

STYLE = """\
*{box-sizing:border-box}
html,body{margin:0;background:var(--paper);color:var(--ink);font-family:var(--family);font-size:clamp(15px,2.1vmin,34px)}
h1,h2{font-weight:normal;line-height:1.2;margin:0}
h1{font-size:2em}
h2{font-size:1.4em}
.forward h2{color:var(--value)}
.backward h2{color:var(--gradient)}
.value{color:var(--value)}
.gradient{color:var(--gradient)}
.slide{padding:1.1em 2.2em;min-height:100vh;display:grid;grid-template-columns:100%}
.slide{grid-template-rows:3em calc(var(--figure)*100vh) auto}
.noted .slide{grid-template-rows:3em calc(var(--figure)*100vh - 3.2em) auto}
.slide.title,.noted .slide.title{grid-template-rows:1fr auto 1fr}
.slide.title h1{align-self:end;padding-bottom:.4em;border-bottom:2px solid var(--value)}
.slide.words,.noted .slide.words{grid-template-rows:3em auto}
figure{margin:0;min-width:0;min-height:0}
figure svg{display:block;width:100%;height:100%}
.lines{font-size:max(12px,min(var(--words)*1vh,var(--words)*.5625vw))}
.lines{line-height:1.5;padding-top:.4em;min-width:0;overflow-x:auto}
.lines p{margin:.35em 0;overflow-wrap:anywhere}
.equation math{font-size:1.15em;white-space:nowrap}
p span{white-space:nowrap}
mi.word{font-style:italic}
.tables{display:flex;flex-wrap:wrap;gap:.5em 2em;justify-content:center;line-height:1.25}
.tables{font-size:max(10px,min(var(--letters)*1vh,var(--letters)*.5625vw))}
.tables math{padding-right:.06em}
table{border-collapse:collapse;align-self:start}
th{font-weight:normal;color:var(--faint);text-align:left;border-bottom:1.5px solid var(--ink)}
th,td{padding:.16em .4em}
td{border-bottom:1px solid color-mix(in srgb,var(--faint) 40%,transparent)}
.number{text-align:right}
.note{display:none;color:var(--faint);border-top:1px solid var(--faint);padding-top:.5em;margin:.5em 0 0}
.noted .note{display:block}
nav,#progress,#said,dialog:not([open]){display:none}
@media (min-width:700px){
.beside .slide:not(.title):not(.words){
grid-template:3em 1fr auto/minmax(0,1fr) minmax(0,1fr);column-gap:2em}
.beside .slide h2,.beside .slide .note{grid-column:1/-1}
.beside figure svg{height:calc(100vh - 8em)}
.beside .lines{align-self:center}
}
.live .slide{display:none;height:100vh;overflow:auto}
.live .slide.here{display:grid}
.live nav{display:flex;gap:.3em;align-items:center;position:fixed;right:.6em;bottom:.5em}
nav{color:var(--faint);font-size:.75em}
.live #progress{display:block;position:fixed;left:0;right:0;bottom:0;height:4px}
#progress div{height:100%;width:0;background:var(--value)}
.live{overflow:hidden}
.live #said{display:block;position:absolute;top:0;margin:0;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
button{font:inherit;color:inherit;background:none;border:1px solid transparent;border-radius:.3em}
button{padding:.1em .6em;cursor:pointer}
button:hover,button:focus-visible{border-color:currentColor}
dialog{background:var(--paper);color:var(--ink);border:1px solid var(--faint);border-radius:.5em}
dl{display:grid;grid-template-columns:auto auto;gap:.3em 1.5em;margin:.5em}
dd{margin:0}
@media print{
@page{size:297mm 167mm;margin:0}
.live{overflow:visible}
html,body{font-size:15px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.slide,.live .slide{display:grid;height:166mm;min-height:0;overflow:hidden;break-after:page}
.slide{grid-template-rows:3em calc(var(--figure)*166mm) auto}
.noted .slide{grid-template-rows:3em calc(var(--figure)*166mm - 3.2em) auto}
.beside figure svg{height:140mm}
.live nav,.live #progress,.live #said{display:none}
}
"""

BEHAVIOUR = """\
"use strict";
const slides = [...document.querySelectorAll(".slide")];
const part = name => document.getElementById(name);
const help = part("help");
let here = 0;

function show(k, say = true) {
  here = Math.max(0, Math.min(slides.length - 1, k));
  slides.forEach((slide, i) => slide.classList.toggle("here", i === here));
  part("count").textContent = `${here + 1} / ${slides.length}`;
  part("progress").firstElementChild.style.width = `${100 * (here + 1) / slides.length}%`;
  if (say) part("said").textContent = `Slide ${here + 1} of ${slides.length}: ${slides[here].dataset.said}`;
  history.replaceState(null, "", `#slide-${here + 1}`);
}
const next = () => show(here + 1);
const previous = () => show(here - 1);
const ask = () => help.open ? help.close() : help.showModal();
const page = document.documentElement;
const whole = () => document.fullscreenElement ? document.exitFullscreen() : page.requestFullscreen();
const keys = {
  ArrowRight: next, ArrowDown: next, PageDown: next, " ": next, Enter: next,
  ArrowLeft: previous, ArrowUp: previous, PageUp: previous, Backspace: previous,
  Home: () => show(0), End: () => show(slides.length - 1),
  n: () => document.body.classList.toggle("noted"), f: whole, "?": ask,
};
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
  if (event.target.tagName === "BUTTON" && (event.key === " " || event.key === "Enter")) return;
  if (help.open && event.key !== "?") return;
  event.preventDefault();
  keys[event.key]();
});
document.querySelector("main").addEventListener("click", event => {
  if (String(getSelection())) return;
  event.clientX < innerWidth / 4 ? previous() : next();
});
part("back").addEventListener("click", previous);
part("on").addEventListener("click", next);
part("ask").addEventListener("click", ask);
help.addEventListener("click", () => help.close());
let from = null;
document.addEventListener("touchstart", event => { from = event.changedTouches[0]; }, {passive: true});
document.addEventListener("touchend", event => {
  const to = event.changedTouches[0];
  const across = from ? to.clientX - from.clientX : 0;
  if (Math.abs(across) < 40 || Math.abs(to.clientY - from.clientY) > Math.abs(across)) return;
  across < 0 ? next() : previous();
});
addEventListener("hashchange", () => show(Number(location.hash.slice(7)) - 1 || 0));
document.body.classList.add("live");
show(Number(location.hash.slice(7)) - 1 || 0, false);
"""
