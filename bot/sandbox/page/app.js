"use strict";
// A page that looks and behaves like a Slack workspace. State comes whole from the server; nodes are kept while unchanged.
const $ = (id) => document.getElementById(id);
let entered = {};  // what people have typed into forms, by view, so that nothing is lost when a form is drawn again
let state = null, drafts = {}, attached = {}, kept = new Map(), openHome = false, shownView = "", revision = -1;
let me = localStorage.getItem("me") || "U000000MIA", channel = "C0CAMPAIGN", thread = null, polling = 0;

function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [k, v] of Object.entries(props)) {
    if (v === undefined || v === null || v === false) continue;
    if (k.startsWith("on")) node.addEventListener(k.slice(2), v);
    else if (k === "class") node.className = v;
    else node.setAttribute(k, v === true ? "" : v);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

async function post(deed, body) {
  const answer = await fetch(`/sandbox/${deed}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ user: me, ...body }) });
  if (!answer.ok) toast((await answer.json().catch(() => ({}))).error || "That did not work.");
  return answer.ok;
}
function toast(text) { $("toast").textContent = text; setTimeout(() => { $("toast").textContent = ""; }, 4000); }

// -- words ---------------------------------------------------------------------------------------------------
const unescape = (t) => t.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
function ago(seconds) {
  const s = Math.max(0, state.now + (Date.now() - state.got) / 1000 - seconds);
  if (s < 45) return "just now";
  const [n, unit] = s < 3600 ? [s / 60, "minute"] : s < 86400 ? [s / 3600, "hour"] : [s / 86400, "day"];
  const whole = Math.max(1, Math.round(n));
  return `${whole} ${unit}${whole === 1 ? "" : "s"} ago`;
}
function date(stamp, format) {
  const d = new Date(stamp * 1000), today = new Date(), day = (x) => x.toDateString();
  const tomorrow = new Date(today.getTime() + 864e5), yesterday = new Date(today.getTime() - 864e5);
  const short = d.toLocaleDateString(undefined, { month: "short", day: "numeric", year: "numeric" });
  const pretty = day(d) === day(today) ? "today" : day(d) === day(tomorrow) ? "tomorrow" : day(d) === day(yesterday) ? "yesterday" : short;
  return format.replace("{ago}", ago(stamp)).replace(/\{date(_short)?(_long)?_pretty\}/, pretty).replace(/\{date[a-z_]*\}/, short)
    .replace("{time}", d.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" }));
}
function inline(text) {
  const out = [], rule = /<([^>]+)>|`([^`\n]+)`|\*([^*\n]+)\*|(?<![\w])_([^_\n]+)_(?!\w)|~([^~\n]+)~|:([a-z0-9_+-]+):/g;
  let at = 0, m;
  while ((m = rule.exec(text))) {
    out.push(unescape(text.slice(at, m.index)));
    at = m.index + m[0].length;
    if (m[1] !== undefined) out.push(entity(m[1]));
    else if (m[2] !== undefined) out.push(h("code", {}, unescape(m[2])));
    else if (m[3] !== undefined) out.push(h("strong", {}, ...inline(m[3])));
    else if (m[4] !== undefined) out.push(h("em", {}, ...inline(m[4])));
    else if (m[5] !== undefined) out.push(h("s", {}, ...inline(m[5])));
    else out.push(state.emoji[m[6]] || m[0]);
  }
  out.push(unescape(text.slice(at)));
  return out;
}
function entity(body) {
  const [head, label] = body.split("|");
  if (head.startsWith("@")) return h("span", { class: "mention" }, "@" + (state.users[head.slice(1)]?.real || label || head.slice(1)));
  if (head.startsWith("#")) return h("span", { class: "mention" }, "#" + (state.channels.find((c) => c.id === head.slice(1))?.name || label || "channel"));
  if (head.startsWith("!date")) { const [, stamp, format] = head.split("^"); return format ? date(Number(stamp), format) : unescape(label || stamp || ""); }
  if (head.startsWith("!")) return h("span", { class: "mention" }, "@" + head.slice(1));
  const here = /\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(head);
  if (!/^(https?:\/\/|mailto:)/i.test(unescape(head))) return unescape(label || head);
  const link = h("a", { href: unescape(head), rel: "noopener noreferrer", target: here ? null : "_blank" }, unescape(label || head));
  if (here) link.addEventListener("click", (e) => { e.preventDefault(); go(here[1], `${here[2]}.${here[3]}`); });
  return link;
}
function words(text, tag = "div", cls = "text") {
  const node = h(tag, { class: cls });
  let quote = null;
  text.split("\n").forEach((line, i, all) => {
    if (/^(&gt;|>) ?/.test(line)) { quote = quote || node.appendChild(h("blockquote")); quote.append(...inline(line.replace(/^(&gt;|>) ?/, "")), h("br")); return; }
    quote = null;
    node.append(...inline(line)); if (i < all.length - 1 && !/^(&gt;|>)/.test(all[i + 1])) node.append("\n");
  });
  return node;
}

// -- blocks --------------------------------------------------------------------------------------------------
function block(b, where) {
  try { return shape(b, where); } catch (wrong) { console.warn(wrong); return h("div", { class: "block context" }, `[this ${b.type} cannot be shown]`); }
}
function shape(b, where) {
  switch (b.type) {
    case "header": return h("div", { class: "block header", role: "heading", "aria-level": 3 }, plain(b.text.text));
    case "section": return h("div", { class: "block" }, b.text ? words(b.text.text, "div", "section") : null, ...(b.fields || []).map((f) => words(f.text, "div", "section")), b.accessory ? (b.accessory.type === "image" ? h("img", { class: "thumbnail", src: `/files/${b.accessory.slack_file.id}`, alt: b.accessory.alt_text }) : element(b.accessory, b, where)) : null);
    case "context": return h("div", { class: "block context" }, ...b.elements.flatMap((e) => [words(e.text || "", "span", "")]));
    case "divider": return h("hr", { class: "block divider" });
    case "image": { const src = b.slack_file ? `/files/${b.slack_file.id}` : b.image_url; return h("div", { class: "block image" }, b.title ? h("div", { class: "context" }, b.title.text) : null, picture(src, b.alt_text)); }
    case "actions": return h("div", { class: "block actions" }, ...b.elements.map((e) => element(e, b, where)));
    case "markdown": return words(b.text);
    case "rich_text": return null;
    case "input": return field(b, where);
    default: return h("div", { class: "block context" }, `[${b.type}]`);
  }
}
function picture(src, alt) {
  return h("button", { type: "button", "aria-label": `Open full size: ${alt}`, onclick: () => enlarge(src, alt) }, h("img", { src, alt, loading: "lazy" }));
}
function enlarge(src, alt) {
  const box = $("large");
  box.replaceChildren(h("img", { src, alt }), h("p", {}, h("span", {}, alt), h("button", { onclick: () => box.close() }, "Close")));
  box.showModal();
}
function element(e, b, where) {
  if (e.type !== "button") return h("span", { class: "context" }, `[${e.type}]`);
  const action = { type: "button", action_id: e.action_id, block_id: b.block_id, value: e.value, text: e.text };
  return h("button", { type: "button", class: `btn ${e.style || ""}`, "aria-label": e.accessibility_label, "data-action": e.action_id, onclick: async (ev) => {
    const button = ev.currentTarget, form = button.closest("form");
    if (e.url) window.open(e.url, "_blank", "noopener");
    button.disabled = true; await post("click", { ...where, action, values: form && where.view ? await values(form) : undefined }); button.disabled = false;
  } }, plain(e.text.text));
}
const plain = (text) => unescape(text).replace(/:([a-z0-9_+-]+):/g, (all, name) => state.emoji[name] || all);
function field(b) {
  const e = b.element, id = `f-${b.block_id}`, error = state.view?.errors?.[b.block_id];
  const common = { id, required: !b.optional, "data-block": b.block_id, "data-action": e.action_id, "data-type": e.type, "aria-invalid": error ? "true" : null, "aria-describedby": error ? id + "-e" : b.hint ? id + "-h" : null };
  const typed = entered[state.view?.id]?.[b.block_id]?.[e.action_id];
  const held = typed || state.view?.state?.values?.[b.block_id]?.[e.action_id] || {};
  let input;
  if (e.type === "plain_text_input") { input = h(e.multiline ? "textarea" : "input", { ...common, maxlength: e.max_length, placeholder: e.placeholder?.text }); input.value = "value" in held ? held.value ?? "" : e.initial_value ?? ""; }
  else if (e.type === "static_select") { input = h("select", common, e.initial_option ? null : h("option", { value: "" }, ""), ...e.options.map((o) => h("option", { value: o.value }, o.text.text))); input.value = held.selected_option?.value ?? e.initial_option?.value ?? input.value; }
  else if (e.type === "multi_users_select") { input = h("select", { ...common, multiple: true, size: 4 }, ...Object.entries(state.users).filter(([, u]) => !u.bot).map(([u, v]) => h("option", { value: u }, v.real))); for (const o of input.options) o.selected = (held.selected_users || e.initial_users || []).includes(o.value); }
  else if (e.type === "conversations_select") { input = h("select", common, ...state.channels.filter((c) => !c.im).map((c) => h("option", { value: c.id }, "#" + c.name))); input.value = held.selected_conversation || e.initial_conversation || channel; }
  else if (e.type === "datetimepicker") { input = h("input", { ...common, type: "datetime-local" }); const at = held.selected_date_time || e.initial_date_time; if (at) input.value = new Date(at * 1000 - new Date().getTimezoneOffset() * 6e4).toISOString().slice(0, 16); }
  else if (e.type === "file_input") { input = h("input", { ...common, type: "file", accept: (e.filetypes || []).map((t) => "." + t).join(",") }); input.sent = held.files; }
  else input = h("input", common);
  return h("div", { class: "field" }, h("label", { for: id }, b.label.text + (b.optional ? " (optional)" : "")), input,
    error ? h("div", { class: "error", id: id + "-e" }, error) : null, b.hint ? h("small", { id: id + "-h" }, b.hint.text) : null);
}
async function values(form) {
  const out = {};
  for (const i of form.querySelectorAll("[data-block]")) {
    const type = i.dataset.type, v = { type };
    if (type === "plain_text_input") v.value = i.value || null;
    else if (type === "static_select") v.selected_option = i.value ? { text: { type: "plain_text", text: i.selectedOptions[0].textContent }, value: i.value } : null;
    else if (type === "multi_users_select") v.selected_users = [...i.selectedOptions].map((o) => o.value);
    else if (type === "conversations_select") v.selected_conversation = i.value;
    else if (type === "datetimepicker") v.selected_date_time = i.value ? Math.floor(new Date(i.value).getTime() / 1000) : null;
    else if (type === "file_input") { if (i.files.length || !i.sent) { i.sent = []; for (const f of i.files) i.sent.push({ id: await upload(f), name: f.name }); } v.files = i.sent; }
    out[i.dataset.block] = { [i.dataset.action]: v };
  }
  return out;
}
function keep(view, form) {
  const mine = entered[view] = entered[view] || {};
  for (const i of form.querySelectorAll("[data-block]")) {
    const type = i.dataset.type, v = { type };
    if (type === "plain_text_input") v.value = i.value;
    else if (type === "static_select") v.selected_option = { value: i.value };
    else if (type === "multi_users_select") v.selected_users = [...i.selectedOptions].map((o) => o.value);
    else if (type === "conversations_select") v.selected_conversation = i.value;
    else if (type === "datetimepicker") v.selected_date_time = i.value ? Math.floor(new Date(i.value).getTime() / 1000) : null;
    else if (type === "file_input") v.files = i.sent;
    mine[i.dataset.block] = { [i.dataset.action]: v };
  }
}
async function upload(file) {
  const form = new FormData(); form.append("user", me); form.append("file", file);
  const answer = await fetch("/sandbox/upload", { method: "POST", body: form });
  if (!answer.ok) { toast(`${file.name} could not be uploaded.`); throw new Error("upload"); }
  return (await answer.json()).id;
}

// -- messages ------------------------------------------------------------------------------------------------
const clock = (ts) => new Date(Number(ts) * 1000).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
function shared(f) {
  const address = `/files/${f.id}`, kind = f.mimetype || "";
  if (/^image\/(png|jpeg|gif|webp)$/.test(kind)) return h("div", { class: "block image" }, picture(address, f.name));
  if (kind.startsWith("video/") || f.name.endsWith(".mp4")) return h("div", { class: "block image" }, h("video", { src: address, controls: true, "aria-label": f.name }));
  return h("div", { class: "block" }, "📄 ", h("a", { href: address, download: f.name }, f.name));
}

function message(m, inThread) {
  const who = state.users[m.user] || { real: "Somebody", colour: "#888" }, where = { channel: m.channel || channel, ts: m.ts };
  const whisper = m.whisper, initials = who.real.split(" ").map((w) => w[0]).slice(0, 2).join("");
  const blocks = (m.blocks || []).filter((b) => b.type !== "rich_text");
  return h("li", { class: `message ${whisper ? "whisper" : ""}`, "data-ts": m.ts, "data-kind": m.metadata?.event_type },
    h("div", { class: "avatar", style: `background:${who.colour}`, "aria-hidden": "true" }, initials),
    h("div", {},
      whisper ? h("div", { class: "only" }, "Only visible to you") : null,
      h("div", {}, h("span", { class: "who" }, who.real), who.bot ? h("span", { class: "tag" }, "APP") : null, h("span", { class: "at" }, clock(m.ts)), m.edited && !who.bot ? h("span", { class: "at" }, "(edited)") : null),
      ...(blocks.length ? blocks.map((b) => block(b, where)) : [words(m.text || "")]),
      ...(m.files || []).map(shared),
      m.reactions?.length ? h("div", { class: "reactions" }, ...m.reactions.map((r) => h("button", { class: `reaction ${r.users.includes(me) ? "mine" : ""}`, "data-emoji": r.name, "aria-pressed": r.users.includes(me) ? "true" : "false",
        "aria-label": `${r.name.replaceAll("_", " ")}, ${r.count}: ${r.users.map((u) => state.users[u]?.real).join(", ")}`, title: r.users.map((u) => state.users[u]?.real).join(", "), onclick: () => post("react", { ...where, name: r.name }) }, `${state.emoji[r.name.split("::")[0]] || r.name} ${r.count}`))) : null,
      !inThread && m.reply_count ? h("button", { class: "replies", onclick: () => openThread(m.ts) }, `${m.reply_count} ${m.reply_count === 1 ? "reply" : "replies"}`) : null),
    whisper ? null : h("div", { class: "tools" },
      ...["white_check_mark", "eyes"].map((n) => h("button", { "aria-label": `React with ${n.replaceAll("_", " ")}`, onclick: () => post("react", { ...where, name: n }) }, state.emoji[n])),
      h("button", { "aria-label": "Find another reaction", onclick: (e) => picker(e.target.closest("li"), where) }, "☺︎"),
      inThread ? null : h("button", { "aria-label": "Reply in thread", onclick: () => openThread(m.ts) }, "💬"),
      h("button", { "aria-label": "More actions", onclick: (e) => more(e.target.closest("li"), m, where) }, "⋯")));
}
function pop(item, ...children) {
  document.querySelector(".pop")?.remove();
  const box = h("div", { class: "pop", role: "menu" }, ...children);
  const opener = document.activeElement;
  item.append(box); box.querySelector("button")?.focus();
  box.addEventListener("keydown", (e) => { if (e.key === "Escape") { e.stopPropagation(); box.remove(); opener?.focus(); } });
  setTimeout(() => document.addEventListener("click", (e) => { if (!box.contains(e.target)) box.remove(); }, { once: true }));
}
function picker(item, where) {
  pop(item, ...Object.entries(state.emoji).map(([n, e]) => h("button", { role: "menuitem", "aria-label": n.replaceAll("_", " "), "data-emoji": n, onclick: () => { document.querySelector(".pop")?.remove(); post("react", { ...where, name: n }); } }, e)));
}
function more(item, m, where) {
  const row = (label, act) => h("button", { class: "row", role: "menuitem", onclick: () => { document.querySelector(".pop")?.remove(); act(); } }, label);
  pop(item, ...state.shortcuts.filter((s) => s.type === "message").map((s) => row(s.name, () => post("shortcut", { callback: s.id, ...where }))),
    m.user === me ? row("Edit message", () => { const t = prompt("Edit message", unescape(m.text)); if (t !== null) post("edit", { ...where, text: t }); }) : null,
    m.user === me ? row("Delete message", () => post("delete", where)) : null);
}
function fill(list, messages, inThread) {
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80 || !list.childElementCount;
  const nodes = messages.map((m) => {
    const text = JSON.stringify(m), key = `${inThread}${m.ts}${m.whisper}`, old = kept.get(key);
    const stamp = text + me + (text.includes("{ago}") ? Math.floor(Date.now() / 20000) : "");
    if (old && old.stamp === stamp) return old.node;
    let node;
    try { node = message(m, inThread); } catch (wrong) { console.warn(wrong); node = h("li", { class: "message", "data-ts": m.ts }, "[this message cannot be shown]"); }
    kept.set(key, { stamp, node });
    return node;
  });
  const now = [...list.children];
  if (now.length === nodes.length && now.every((n, i) => n === nodes[i])) return;
  const active = document.activeElement, focus = active?.closest?.("li.message")?.dataset.ts;
  const name = active?.dataset?.action ? `[data-action="${active.dataset.action}"]` : active?.dataset?.emoji ? `[data-emoji="${active.dataset.emoji}"]` : ".replies";
  // Only what is new or changed is touched, so that a screen reader reads that and no more.
  const wanted = new Set(nodes);
  for (const old of now) if (!wanted.has(old) && !nodes.some((n) => n.dataset.ts === old.dataset.ts)) old.remove();
  nodes.forEach((node, i) => {
    const there = list.children[i];
    if (there === node) return;
    if (there && there.dataset.ts === node.dataset.ts) there.replaceWith(node); else list.insertBefore(node, there || null);
  });
  while (list.children.length > nodes.length) list.lastChild.remove();
  if (focus && !list.contains(document.activeElement)) list.querySelector(`[data-ts="${focus}"] ${name}`)?.focus();
  if (atEnd) { list.scrollTop = list.scrollHeight; for (const img of list.querySelectorAll("img")) img.addEventListener("load", () => { list.scrollTop = list.scrollHeight; }, { once: true }); }
}
const roots = () => [...state.messages[channel].filter((m) => !m.thread_ts || m.thread_ts === m.ts), ...whispers(null)].sort((a, b) => Number(a.ts) - Number(b.ts));
const whispers = (t) => state.whispers.filter((w) => w.channel === channel && (w.thread_ts || null) === t).map((w) => ({ ...w, whisper: true }));

// -- composing -----------------------------------------------------------------------------------------------
function composer(form, label, inThread) {
  const key = () => `${channel}/${inThread ? thread : ""}`;
  const text = h("textarea", { id: `${form.id}-text`, rows: 1, "aria-label": label, placeholder: label });
  const names = h("span", { class: "files" });
  const pick = h("input", { type: "file", hidden: true, multiple: true, onchange: async () => {
    const at = key(), list = attached[at] = [];
    busy += 1; names.textContent = "Uploading…"; send.disabled = true;
    try { for (const f of pick.files) list.push({ id: await upload(f), name: f.name }); } catch { /* said in the toast */ } finally { busy -= 1; pick.value = ""; form.restore(); }
  } });
  let busy = 0;
  const send = h("button", { class: "send", type: "submit", disabled: true }, "Send");
  const suggest = h("ul", { class: "suggest", hidden: true });
  const hint = () => {
    const typed = text.value, fits = !inThread && /^\/\w*$/.test(typed) ? state.commands.filter((c) => c.name.startsWith(typed)) : [];
    suggest.hidden = !fits.length;
    suggest.replaceChildren(...fits.map((c) => h("li", {}, h("button", { type: "button", onclick: () => { text.value = c.name + " "; text.focus(); hint(); } }, h("strong", {}, c.name), ` ${c.does}`, h("small", {}, c.hint)))));
    send.disabled = busy > 0 || (!typed.trim() && !attached[key()]?.length); drafts[key()] = typed;
    text.style.height = "auto"; text.style.height = Math.min(160, text.scrollHeight) + "px";
  };
  text.addEventListener("input", hint);
  text.addEventListener("keydown", (e) => { if (e.key === "Enter" && !e.shiftKey && !e.isComposing) { e.preventDefault(); form.requestSubmit(); } });
  form.replaceChildren(suggest, text, h("div", { class: "bar" }, h("button", { type: "button", class: "plain", "aria-label": "Attach a file", onclick: () => pick.click() }, "+"), names, pick, send));
  form.onsubmit = async (e) => {
    e.preventDefault();
    const said = text.value.trim(), files = (attached[key()] || []).map((f) => f.id);
    if (busy || (!said && !files.length)) return;
    const at = key(), held = attached[at];
    text.value = ""; attached[at] = []; names.textContent = ""; hint();
    if (!(await post("say", { channel, text: said, thread: inThread ? thread : null, files }))) { drafts[at] = said; attached[at] = held; form.restore(); }
  };
  form.restore = () => { text.value = drafts[key()] || ""; text.placeholder = inThread ? "Reply…" : `Message #${state.channels.find((c) => c.id === channel)?.name || ""}, or /`; names.textContent = (attached[key()] || []).map((f) => f.name).join(", "); hint(); };
}
function openThread(ts) { thread = ts; openHome = false; render(); $("reply").restore(); if (matchMedia("(min-width: 900px)").matches) $("reply-text").focus(); remember(); }
function go(c, ts) { channel = c; thread = ts; openHome = false; $("app").dataset.pane = "channel"; render(); $("composer").restore(); if (thread) $("reply").restore(); remember(); }
function remember() { location.hash = [channel, thread].filter(Boolean).join("/"); }

// -- the rest of the page ------------------------------------------------------------------------------------
function render() {
  if (!state.messages[channel]) channel = state.channels[0].id;
  if (thread && !state.messages[channel].some((m) => m.ts === thread)) thread = null;
  const here = state.channels.find((c) => c.id === channel);
  $("link").textContent = state.connected ? "app online" : "app offline"; $("link").className = state.connected ? "on" : "";
  $("title").textContent = openHome ? appName() : (here.im ? here.name : "#" + here.name);
  $("topic").textContent = openHome ? "Home" : here.topic + (here.app || here.im ? "" : " · the app is not in this channel");
  side();
  $("home").hidden = !openHome; $("messages").hidden = $("composer").hidden = openHome;
  if (openHome) home();
  fill($("messages"), roots(), false);
  $("thread").hidden = !thread; $("app").classList.toggle("threaded", Boolean(thread));
  $("channel").inert = Boolean(thread) && matchMedia("(max-width: 900px)").matches;
  if (thread) fill($("replies"), [...state.messages[channel].filter((m) => m.ts === thread || m.thread_ts === thread), ...whispers(thread)].sort((a, b) => Number(a.ts) - Number(b.ts)), true);
  modal();
}
const appName = () => Object.values(state.users).find((u) => u.bot)?.real || "App";
function side() {
  const person = $("person");
  if (person.options.length !== Object.values(state.users).filter((u) => !u.bot).length) person.replaceChildren(...Object.entries(state.users).filter(([, u]) => !u.bot).map(([id, u]) => h("option", { value: id }, `${u.real} · ${u.title}`)));
  person.value = me;
  const entry = (label, current, act) => h("li", {}, h("button", { "aria-current": current ? "true" : "false", onclick: act }, label));
  const marks = JSON.stringify([state.channels, channel, openHome]);
  if ($("channels").dataset.marks === marks) return;
  $("channels").dataset.marks = marks;
  $("channels").replaceChildren(...state.channels.filter((c) => !c.im).map((c) => entry("# " + c.name, !openHome && c.id === channel, () => go(c.id, null))));
  $("apps").replaceChildren(entry(`${appName()}: Home`, openHome, () => { openHome = true; thread = null; $("app").dataset.pane = "channel"; render(); post("home", {}); }),
    ...state.channels.filter((c) => c.im).map((c) => entry(`${appName()}: Messages`, !openHome && c.id === channel, () => go(c.id, null))),
    ...state.shortcuts.filter((s) => s.type === "global").map((s) => entry("⚡ " + s.name, false, () => post("shortcut", { callback: s.id }))));
}
function home() {
  const view = state.home, mark = JSON.stringify(view);
  if ($("home").dataset.mark === mark) return;
  $("home").dataset.mark = mark;
  $("home").replaceChildren(...(view ? view.blocks.map((b) => block(b, { view: "home" })) : [h("p", {}, "Opening…")]));
}
function modal() {
  const view = state.view, box = $("modal"), mark = view ? view.id + view.hash + JSON.stringify(view.errors) : "";
  if (mark === shownView) return;
  shownView = mark;
  if (!view) { if (box.open) box.close(); return; }
  const form = h("form", { method: "dialog", onsubmit: async (e) => { e.preventDefault(); const b = form.querySelector("[type=submit]"); if (b) b.disabled = true; await post("submit", { view: view.id, values: await values(form) }); if (b) b.disabled = false; } },
    h("header", {}, h("h1", { id: "modal-title" }, view.title?.text || ""), h("button", { type: "button", class: "plain", "aria-label": "Close", onclick: () => post("close", { view: view.id }) }, "✕")),
    h("div", { class: "body" }, view.errors?.[""] ? h("p", { class: "error" }, view.errors[""]) : null, ...view.blocks.map((b) => block(b, { view: view.id }))),
    h("footer", {}, h("button", { type: "button", class: "btn", onclick: () => post("close", { view: view.id }) }, view.close?.text || "Close"), view.submit ? h("button", { type: "submit", class: "btn primary" }, view.submit.text) : null));
  box.replaceChildren(form);
  form.addEventListener("input", () => keep(view.id, form)); form.addEventListener("change", () => keep(view.id, form));
  if (!box.open) box.showModal();
  (form.querySelector("[aria-invalid=true]") || form.querySelector("[data-block]") || form.querySelector("button"))?.focus();
}
$("modal").addEventListener("cancel", (e) => { e.preventDefault(); if (state.view) post("close", { view: state.view.id }); });
$("person").addEventListener("change", (e) => { me = e.target.value; localStorage.setItem("me", me); kept.clear(); shownView = ""; openHome = false; poll(true); });
$("close-thread").addEventListener("click", () => { thread = null; render(); remember(); $("composer-text").focus(); });
$("menu").addEventListener("click", () => { $("app").dataset.pane = $("app").dataset.pane === "side" ? "channel" : "side"; });
document.addEventListener("keydown", (e) => { if (e.key === "Escape" && $("app").dataset.pane === "side") { $("app").dataset.pane = "channel"; $("menu").focus(); return; } if (e.key === "Escape" && thread && !document.querySelector("dialog[open], .pop")) $("close-thread").click(); });

async function poll(fresh) {
  const turn = fresh ? ++polling : polling;
  if (fresh) revision = -1;
  try {
    const answer = await fetch(`/sandbox/state?user=${me}&since=${revision}`);
    if (turn !== polling) return;
    const first = state === null || fresh;
    if (!answer.ok) { location.reload(); return; }
    state = { ...(await answer.json()), got: Date.now() };
    revision = state.revision;
    try { render(); } catch (wrong) { console.error(wrong); }
    if (first) { $("composer").restore(); if (thread) $("reply").restore(); }
  } catch { $("link").textContent = "page offline"; $("link").className = ""; await new Promise((r) => setTimeout(r, 1000)); }
  if (turn === polling) poll(false);
}
const [c, t] = location.hash.slice(1).split("/");
if (c) channel = c; if (t) thread = t;
const linked = /^\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(location.pathname);
if (linked) { channel = linked[1]; thread = `${linked[2]}.${linked[3]}`; history.replaceState(null, "", "/"); }
composer($("composer"), "Message", false); composer($("reply"), "Reply", true);
setInterval(() => state && render(), 20000);
poll(true);
