import { fingers, staged } from "/static/view.js";

const $ = (id) => document.getElementById(id);
const { picture, width, height, version } = document.body.dataset;
const size = { width: Number(width), height: Number(height) };
const stage = $("stage"), image = new Image(), paint = document.createElement("canvas"), ring = document.createElement("canvas");
image.alt = ""; image.src = picture; image.width = size.width; image.height = size.height; image.draggable = false;
paint.width = size.width; paint.height = size.height; paint.style.opacity = 0.55;
ring.width = ring.height = 240; ring.style.pointerEvents = "none";
stage.append(image, paint, ring);
const pen = paint.getContext("2d", { willReadFrequently: true });
const colour = getComputedStyle(document.body).getPropertyValue("--mark").trim();
const view = staged(stage, [image, paint], size, () => draw());
let tool = "brush", strokes = [], current = null, cursor = { x: size.width / 2, y: size.height / 2 }, sent = false, keyed = false;

const radius = () => Number($("size").value) / 2 / view.view.scale;
function say(text, bad = false) { $("said").textContent = text; $("said").className = bad ? "bad" : ""; }

function stroke(s) {
  pen.globalCompositeOperation = s.erase ? "destination-out" : "source-over";
  pen.fillStyle = pen.strokeStyle = colour;
  if (s.box) { const [a, b] = [s.points[0], s.points.at(-1)]; pen.fillRect(Math.min(a.x, b.x), Math.min(a.y, b.y), Math.abs(a.x - b.x), Math.abs(a.y - b.y)); return; }
  pen.lineWidth = 2 * s.radius; pen.lineCap = pen.lineJoin = "round";
  pen.beginPath(); pen.moveTo(s.points[0].x, s.points[0].y);
  for (const p of s.points) pen.lineTo(p.x + 0.01, p.y);
  pen.stroke();
}
function redraw() {
  pen.clearRect(0, 0, size.width, size.height);
  for (const s of current ? [...strokes, current] : strokes) stroke(s);
  $("undo").disabled = $("clear").disabled = !strokes.length;
}
function draw() {
  if (!view) return;
  const g = ring.getContext("2d"), r = radius() * view.view.scale;
  ring.hidden = !keyed; g.clearRect(0, 0, 240, 240); g.lineWidth = 2; g.strokeStyle = colour;
  g.beginPath(); g.arc(120, 120, r, 0, 7); g.moveTo(112, 120); g.lineTo(128, 120); g.moveTo(120, 112); g.lineTo(120, 128); g.stroke();
  ring.style.transform = `translate(${view.view.x + cursor.x * view.view.scale - 120}px, ${view.view.y + cursor.y * view.view.scale - 120}px)`;
}
function choose(which) {
  tool = which;
  for (const id of ["brush", "box", "erase"]) $(id).setAttribute("aria-pressed", String(id === which));
}
function keep(s) { strokes.push(s); current = null; redraw(); say(""); }

fingers(stage, view, {
  begin(e) { if (e.button) return; keyed = false; draw(); current = { erase: tool === "erase", box: tool === "box", radius: radius(), points: [view.at(e)] }; redraw(); },
  move(e) { if (!current) return; for (const p of e.getCoalescedEvents?.() ?? [e]) current.points.push(view.at(p)); if (current.box) redraw(); else stroke(current); },
  end() { if (current && !(current.box && current.points.length < 2)) keep(current); current = null; redraw(); },
  cancel() { current = null; redraw(); },
});
stage.addEventListener("keydown", (e) => {
  const step = (e.shiftKey ? 40 : 10) / view.view.scale, way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
  if (way) {
    keyed = true;
    const from = { ...cursor };
    cursor = { x: Math.min(size.width, Math.max(0, cursor.x + way[0] * step)), y: Math.min(size.height, Math.max(0, cursor.y + way[1] * step)) };
    if (e.altKey) keep({ erase: tool === "erase", radius: radius(), points: [from, { ...cursor }] });
    draw();
  } else if (e.key === " ") { keyed = true; keep({ erase: tool === "erase", radius: radius(), points: [{ ...cursor }] }); draw(); }
  else if (e.key === "[" || e.key === "]") { $("size").value = Number($("size").value) + (e.key === "]" ? 10 : -10); draw(); }
  else if (e.key === "e") choose(tool === "erase" ? "brush" : "erase");
  else if (e.key === "+") view.zoom(1.25); else if (e.key === "-") view.zoom(0.8); else if (e.key === "0") view.whole();
  else if (e.key === "z" && (e.ctrlKey || e.metaKey)) { strokes.pop(); redraw(); }
  else return;
  e.preventDefault();
});
for (const id of ["brush", "box", "erase"]) $(id).onclick = () => choose(id);
$("undo").onclick = () => { strokes.pop(); redraw(); };
$("clear").onclick = () => { strokes = []; redraw(); };
$("in").onclick = () => view.zoom(1.4); $("out").onclick = () => view.zoom(1 / 1.4); $("whole").onclick = () => view.whole();
$("size").oninput = draw;
$("words").onkeydown = (e) => { if (e.key === "Enter" && !e.shiftKey && !e.isComposing && e.keyCode !== 229) { e.preventDefault(); $("form").requestSubmit(); } };

// The mask as it is sent: white where something is painted, black elsewhere, in the picture's own size.
function mask() {
  const pixels = pen.getImageData(0, 0, size.width, size.height);
  let some = false;
  for (let i = 0; i < pixels.data.length; i += 4) {
    const on = pixels.data[i + 3] > 127 ? 255 : 0;
    some ||= on > 0;
    pixels.data[i] = pixels.data[i + 1] = pixels.data[i + 2] = on; pixels.data[i + 3] = 255;
  }
  if (!some) return null;
  const plain = document.createElement("canvas");
  plain.width = size.width; plain.height = size.height; plain.getContext("2d").putImageData(pixels, 0, 0);
  return plain.toDataURL("image/png");
}
$("form").onsubmit = async (e) => {
  e.preventDefault();
  if (sent) return;
  sent = true;
  const words = $("words").value.trim(), area = mask();
  if (!area || !words) {
    sent = false;
    say(area ? "Say what should happen there." : "Paint or box the part that should change first.", true);
    (area ? $("words") : stage).focus();
    return;
  }
  $("send").disabled = true; say("Sending…");
  try {
    const answer = await fetch(location.pathname, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ words, mask: area }) });
    const told = await answer.json();
    say(told.text, !answer.ok);
    if (answer.ok) { document.querySelectorAll("button, textarea, input").forEach((x) => { x.disabled = true; }); return; }
    if (told.final) return;
  } catch { say("That did not get through. Check the connection and send again.", true); }
  sent = $("send").disabled = false;
};
image.decode().then(() => { view.whole(); document.body.dataset.ready = version; }, () => say("The picture could not be loaded. Reload the page.", true));
