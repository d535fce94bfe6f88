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
