import { fingers, staged } from "/static/view.js";

const $ = (id) => document.getElementById(id);
const [before, after] = document.body.dataset.names.split("|");
const load = async (src) => { const i = new Image(); i.src = src; i.alt = ""; i.draggable = false; await i.decode(); return i; };
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
let mode = "slide", timer = 0, shown = false;

async function main() {
  const stage = $("stage"), [old, now] = await Promise.all([load(document.body.dataset.before), load(document.body.dataset.after)]);
  const size = { width: now.naturalWidth, height: now.naturalHeight };
  const same = old.naturalWidth === size.width && old.naturalHeight === size.height;
  for (const i of [old, now]) { i.style.width = `${size.width}px`; i.style.height = same || i === now ? `${size.height}px` : "auto"; }
  const spots = document.createElement("canvas");
  spots.hidden = true;
  stage.append(now, old, spots);
  const view = staged(stage, [now, old, spots], size);
  const difference = () => {
    if (spots.width === size.width) return;
    spots.width = size.width; spots.height = size.height;
    const pen = spots.getContext("2d", { willReadFrequently: true });
    const pixels = (i) => { pen.clearRect(0, 0, size.width, size.height); pen.drawImage(i, 0, 0, size.width, size.height); return pen.getImageData(0, 0, size.width, size.height); };
    const a = pixels(old), b = pixels(now);
    let count = 0;
    for (let i = 0; i < a.data.length; i += 4) {
      const d = Math.max(Math.abs(a.data[i] - b.data[i]), Math.abs(a.data[i + 1] - b.data[i + 1]), Math.abs(a.data[i + 2] - b.data[i + 2]), Math.abs(a.data[i + 3] - b.data[i + 3]));
      count += d > 0;
      b.data[i] = d ? 255 : b.data[i] / 4; b.data[i + 1] = d ? Math.max(0, 200 - 3 * d) : b.data[i + 1] / 4; b.data[i + 2] = d ? 60 : b.data[i + 2] / 4; b.data[i + 3] = 255;
    }
    pen.putImageData(b, 0, 0);
    const percent = 100 * count / (size.width * size.height);
    spots.dataset.said = same ? `${count.toLocaleString("en")} of ${(size.width * size.height).toLocaleString("en")} pixels differ (${percent < 0.1 && count ? "under 0.1" : percent.toFixed(1)} %); they are red, the rest is dark.` : "The frame has changed, so pixels cannot be compared one by one.";
  };
  const show = () => {
    clearInterval(timer);
    for (const id of ["slide", "blink", "differ"]) $(id).setAttribute("aria-pressed", String(id === mode));
    spots.hidden = mode !== "differ"; old.hidden = mode === "differ"; $("part").disabled = mode !== "slide";
    old.style.clipPath = mode === "slide" ? `inset(0 ${100 - $("part").value / 10}% 0 0)` : "none";
    $("said").textContent = mode === "slide" ? `${before} on the left, ${after} on the right.` : "";
    if (mode === "differ") { difference(); $("said").textContent = spots.dataset.said; }
    if (mode === "blink") {
      const turn = () => { shown = !shown; old.style.visibility = shown ? "visible" : "hidden"; $("said").textContent = shown ? before : after; };
      turn(); if (!still) timer = setInterval(turn, 700);
    } else { old.style.visibility = "visible"; }
  };
  for (const id of ["slide", "blink", "differ"]) $(id).onclick = () => { mode = id; show(); };
  $("part").oninput = show;
  $("in").onclick = () => view.zoom(1.4); $("out").onclick = () => view.zoom(1 / 1.4); $("whole").onclick = () => view.whole();
  let last = null;
  fingers(stage, view, {
    begin(e) { last = e; }, cancel() { last = null; }, end() { last = null; },
    move(e) { if (last) view.pan(e.clientX - last.clientX, e.clientY - last.clientY); last = e; },
  });
  stage.addEventListener("keydown", (e) => {
    const way = { ArrowLeft: -20, ArrowRight: 20 }[e.key];
    if (way) { $("part").value = Number($("part").value) + way; show(); } else if (e.key === "+") view.zoom(1.25); else if (e.key === "-") view.zoom(0.8); else if (e.key === "0") view.whole();
    else if (e.key === "b") { mode = "blink"; show(); } else if (e.key === "d") { mode = "differ"; show(); } else if (e.key === "s") { mode = "slide"; show(); } else return;
    e.preventDefault();
  });
  view.whole(); show(); document.body.dataset.ready = after;
}
main().catch(() => { $("said").textContent = "The pictures could not be loaded. Reload the page."; $("said").className = "bad"; });
