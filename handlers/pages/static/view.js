// A stage that pans and zooms: with the wheel, two fingers, buttons, or + - 0 on the keyboard.
export function staged(stage, layers, size, onChange = () => {}) {
  const view = { scale: 1, x: 0, y: 0 };
  function apply() {
    for (const layer of layers) layer.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
    onChange(view);
  }
  function least() { return Math.min(stage.clientWidth / size.width, stage.clientHeight / size.height); }
  function whole() {
    view.scale = least();
    view.x = (stage.clientWidth - size.width * view.scale) / 2; view.y = (stage.clientHeight - size.height * view.scale) / 2;
    apply();
  }
  function zoom(by, x = stage.clientWidth / 2, y = stage.clientHeight / 2) {
    const scale = Math.min(12, Math.max(least() * 0.8, view.scale * by));
    view.x = x - (x - view.x) * scale / view.scale; view.y = y - (y - view.y) * scale / view.scale; view.scale = scale;
    apply();
  }
  function pan(x, y) { view.x += x; view.y += y; apply(); }
  function at(event) {
    const box = stage.getBoundingClientRect();
    return { x: (event.clientX - box.left - view.x) / view.scale, y: (event.clientY - box.top - view.y) / view.scale };
  }
  stage.addEventListener("wheel", (e) => {
    e.preventDefault();
    const box = stage.getBoundingClientRect();
    zoom(Math.exp(-e.deltaY / 400), e.clientX - box.left, e.clientY - box.top);
  }, { passive: false });
  let seen = null;
  new ResizeObserver(() => {
    const now = { x: stage.clientWidth, y: stage.clientHeight };
    if (seen && view.scale > least() * 1.01) pan((now.x - seen.x) / 2, (now.y - seen.y) / 2); else whole();  // a keyboard that opens does not lose the place
    seen = now;
  }).observe(stage);
  return { view, whole, zoom, pan, at };
}

// Two fingers move and zoom whatever one finger does.
export function fingers(stage, view, one) {
  const down = new Map();
  let pair = null;
  const middle = () => { const [a, b] = [...down.values()]; return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, d: Math.hypot(a.x - b.x, a.y - b.y) }; };
  stage.addEventListener("pointerdown", (e) => {
    stage.setPointerCapture(e.pointerId);
    down.set(e.pointerId, { x: e.clientX, y: e.clientY });
    if (down.size === 2) { one.cancel(); pair = middle(); } else if (down.size === 1) { one.begin(e); }
  });
  stage.addEventListener("pointermove", (e) => {
    if (!down.has(e.pointerId)) return;
    down.set(e.pointerId, { x: e.clientX, y: e.clientY });
    if (down.size === 2 && pair) {
      const now = middle(), box = stage.getBoundingClientRect();
      view.pan(now.x - pair.x, now.y - pair.y);
      view.zoom(now.d / Math.max(1, pair.d), now.x - box.left, now.y - box.top);
      pair = now;
    } else if (!pair) { one.move(e); }
  });
  const up = (e) => {
    if (!down.delete(e.pointerId)) return;
    if (!down.size) { if (!pair) one.end(e); pair = null; }
  };
  stage.addEventListener("pointerup", up);
  stage.addEventListener("pointercancel", up);
}
