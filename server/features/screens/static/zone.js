/** The zone overview: moves the dots, turns tiles and list to what the feed says, keeps the filters in the address. */
import { fold } from "../js/fold.js";
import { clearOf, nameIn } from "../js/geometry.js";
import { LiveFeed, STATES, UNHEARD, readData, say, showState, svg } from "../js/live.js";
import { age, clock } from "./moments.js";
import { PlanView, numberBoxes } from "../js/plan.js";
import { Zone, counted } from "../js/zone-model.js";

const data = readData("zone-data");
const words = readData("zone-words");
const zone = new Zone({ ...data, states: STATES, unheard: UNHEARD });
const feed = new LiveFeed("/live?zone=1");
const SPREAD_MS = 60_000;
const GLIDE_MS = 1_000;
const DOT = 3.05;
const DEMOS = 8;
const CONCERNS = 8;
const chinese = data.lang === "zh";
const own = (pair) => pair[chinese ? 1 : 0];
const plan = document.querySelector(".plan");
const dots = document.getElementById("dots");
const moving = new Map();
const still = matchMedia("(prefers-reduced-motion: reduce)");
const list = document.querySelector(".list tbody");
const rows = new Map([...document.querySelectorAll("tr[data-booth]")].map((row) => [row.dataset.booth, row]));
const tiles = new Map([...document.querySelectorAll("g.booth")].map((tile) => [tile.dataset.booth, tile]));
const labels = new Map([...document.querySelectorAll("g.label")].map((label) => [label.dataset.booth, label]));
const form = document.querySelector("[data-filters]");
const view = plan ? new PlanView(plan) : null;
const boxes = plan ? numberBoxes(plan) : [];
const field = Object.fromEntries([...document.querySelectorAll("[data-f]")].map((node) => [node.dataset.f, node]));
let heard = false;

document.documentElement.classList.add("scripted");
window.addEventListener("foldready", () => filter());

/** A dot glides from where it is to where its robot is now; from far away it jumps. */
function move(robot) {
  const dot = moving.get(robot.number) ?? {};
  moving.set(robot.number, dot);
  const to = [robot.pose.x * 10, (Number(plan.dataset.depth) - robot.pose.y) * 10];
  const far = dot.to && Math.hypot(to[0] - dot.to[0], to[1] - dot.to[1]) > 30;
  Object.assign(dot, { from: still.matches || far ? to : position(dot) ?? to, to, since: performance.now() });
}

function position(dot) {
  if (!dot.to) return null;
  const part = Math.min(1, (performance.now() - dot.since) / GLIDE_MS);
  return dot.from.map((from, axis) => from + (dot.to[axis] - from) * part);
}

/** Dots glide between two reports; a dot at rest is not touched. */
function glide() {
  for (const [number, dot] of moving) {
    if (dot.resting === dot.since) continue;
    if (!dot.node) {
      dot.node = svg("circle", { r: DOT - 0.45, "data-robot": number });
      dots.append(dot.node);
    }
    const [x, y] = clearOf(position(dot), DOT, boxes);
    dot.node.setAttribute("cx", x.toFixed(1));
    dot.node.setAttribute("cy", y.toFixed(1));
    if (performance.now() - dot.since > GLIDE_MS) dot.resting = dot.since;
  }
  setTimeout(() => requestAnimationFrame(glide), still.matches ? 1_000 : 60);
}

/** What the model knows of a booth that the server wrote into the page: who has it, under which name, with what. */
function facts(number) {
  const who = zone.exhibitors.get(zone.booths.get(number));
  if (!who) return null;
  const kinds = [...new Set(who.robots.map(([, , kind]) => kind))].sort();
  return { code: who.exhibitor, names: who.names, guangdong: who.guangdong, kinds, who };
}

/** A booth that changed hands, or whose exhibitor has another name or other robots, is shown as it is now. */
function arrange(number) {
  const known = facts(number);
  const label = labels.get(number);
  const row = rows.get(number);
  const shown = row ? [label.dataset.exhibitor, row.querySelector("a").textContent, row.dataset.kinds] : [];
  if (shown.join("|") === (known ? [known.code, own(known.names), known.kinds.join(" ")].join("|") : "")) return;
  for (const node of [tiles.get(number), label]) node.classList.toggle("vacant", !known);
  label.dataset.exhibitor = known?.code ?? "";
  for (const line of label.querySelectorAll(".who")) line.remove();
  if (!known) {
    showState(tiles.get(number), "none");
    row?.remove();
    rows.delete(number);
    return;
  }
  nameLabel(label, zone.places[number], own(known.names));
  fillRow(row ?? newRow(number), number, known);
}

function nameLabel(label, [x, y, width, depth], name) {
  const { kind, top, step, lines } = nameIn(name, width * 10, depth * 10, chinese);
  const corner = [x * 10 + 4, (Number(plan.dataset.depth) - y - depth) * 10 + top];
  lines.forEach((text, index) => {
    const line = svg("text", { class: `who${kind}`, x: corner[0], y: (corner[1] + index * step).toFixed(1) });
    line.textContent = text;
    label.querySelector(".number").before(line);
  });
}

function newRow(number) {
  const row = document.getElementById("booth-row").content.firstElementChild.cloneNode(true);
  const after = [...rows.keys()].sort().find((one) => one > number);
  list.insertBefore(row, rows.get(after) ?? null);
  rows.set(number, row);
  listen(number, row);
  return row;
}

function fillRow(row, number, { code, names, guangdong, kinds, who }) {
  row.id = `b-${number}`;
  const place = guangdong ? "guangdong" : "";
  const spoken = [number, ...names, ...who.cities, ...who.robots.flatMap(([, , , en, zh]) => [en, zh])];
  Object.assign(row.dataset, { booth: number, place, kinds: kinds.join(" "), words: fold(spoken.join(" ")) });
  say(row.querySelector("th"), labels.get(number).querySelector(".number").textContent);
  row.querySelector("a").href = `/exhibitors/${code}`;
  say(row.querySelector("a"), own(names));
  say(row.querySelector(".other"), names[chinese ? 0 : 1]);
}

function showBooth(number, { state, newest }) {
  const label = labels.get(number);
  const row = rows.get(number);
  if (!label || !row) return;
  tiles.get(number).dataset.state = state;
  showState(label, state);
  say(label.querySelector(".word"), words.states[state]);
  row.dataset.state = state;
  showState(row.querySelector(".state"), state, words.states[state]);
  const said = state === "silent" ? words.seen : words.age;
  say(row.querySelector("[data-row-since]"), newest > 0 ? age(feed.now() - newest, said) : "");
}

function showFigures(booths) {
  const now = feed.now();
  const running = zone.coming(now).filter((demo) => zone.demoAt(demo, now) === "running");
  const states = [...booths.values()].map((booth) => booth.state);
  const withRobots = [...booths.values()].filter(({ exhibitor }) => zone.exhibitors.get(exhibitor)?.robots.length);
  say(field.live, String(zone.heard(now)));
  say(field.robots, words["kpi-live-of"].replace("{n}", zone.robots.size));
  say(field.booths, String(states.filter((state) => zone.isHeard(state)).length));
  say(field["booths-of"], words["kpi-booths-of"].replace("{n}", withRobots.length));
  say(field.demos, words["kpi-demos"].replace("{n}", running.length));
  const exhibitors = new Set([...booths.values()].map((booth) => booth.exhibitor));
  const near = [...exhibitors].filter((code) => zone.exhibitors.get(code)?.guangdong);
  const told = { exhibitors: exhibitors.size, guangdong: near.length, robots: zone.robots.size };
  say(field.lead, words.lead.replace(/\{(\w+)\}/g, (_, name) => told[name]));
  const showing = new Set(running.map((demo) => demo.exhibitor));
  for (const [number, row] of rows) row.dataset.demo = showing.has(zone.booths.get(number)) ? "now" : "";
  const counts = counted(states);
  for (const node of document.querySelectorAll("[data-count]")) {
    say(node, String(counts.get(node.dataset.count) ?? 0));
    node.closest("li").hidden = !counts.has(node.dataset.count);
  }
}

/** As many rows as there are things: each is filled by `fill`. */
function fillList(parent, things, template, fill) {
  while (parent.children.length > things.length) parent.lastElementChild.remove();
  while (parent.children.length < things.length) {
    parent.append(document.getElementById(template).content.firstElementChild.cloneNode(true));
  }
  things.forEach((thing, index) => fill(parent.children[index], thing));
}

function showDemos() {
  const now = feed.now();
  const coming = zone.coming(now).slice(0, DEMOS);
  field["next-demos"].hidden = coming.length === 0;
  field["no-demo"].hidden = coming.length > 0;
  fillList(field["next-demos"].querySelector("tbody"), coming, "demo-row", (row, demo) => {
    const [time, place, title, who] = row.children;
    const part = zone.demoAt(demo, now);
    say(time.querySelector("[data-time]"), words.clock.replace("{time}", clock(Date.parse(demo.starts_at))));
    time.querySelector("[data-when]").hidden = !part;
    say(time.querySelector("[data-when]"), part ? words[`demo-${part}`] : "");
    say(place, chinese ? demo.place_zh : demo.place_en);
    say(title, chinese ? demo.zh : demo.en);
    who.firstElementChild.href = `/exhibitors/${demo.exhibitor}`;
    say(who.firstElementChild, own(zone.exhibitors.get(demo.exhibitor)?.names ?? [demo.exhibitor, demo.exhibitor]));
  });
  if (zone.wantsMore(now)) feed.renew(SPREAD_MS);
}

/** For the organiser and the exhibitor's own people: what somebody should look at, the gravest first. */
function showAttention() {
  const attention = document.querySelector("[data-attention]");
  if (!attention) return;
  const found = zone.concerns(feed.now());
  document.querySelector("[data-attention-none]").hidden = found.length > 0;
  fillList(attention, found.slice(0, CONCERNS), "concern-row", (row, { robot, state }) => {
    row.dataset.state = state;
    showState(row.querySelector(".state"), state, words.states[state]);
    say(row.querySelector("b"), `${zone.boothsOf(robot.exhibitor)[0]?.[0] ?? ""} ${own(robot.names)}`);
    say(row.querySelector("p"), whatIsWrong(robot, state));
  });
}

function whatIsWrong(robot, state) {
  const since = feed.now() - robot.at;
  if (state === "refused") return robot.refusal.detail[data.lang] ?? robot.refusal.detail.en ?? "";
  if (state === "silent") return age(since, words.seen);
  if (state === "waiting") return words.low.replace("{n}", robot.concern.battery);
  const { text = {}, code } = robot.concern ?? {};
  return text[data.lang] ?? text.en ?? code ?? age(since, words.age);
}

function showFeed() {
  const offline = feed.state === "offline";
  document.body.toggleAttribute("data-old", offline);
  // An open connection alone is not "live": some robot has to speak.
  const nothing = feed.state === "live" && zone.heard(feed.now()) === 0;
  const state = nothing ? (heard ? "connected" : "loading") : feed.state;
  showState(document.querySelector("[data-feed]"), state, words.states[state]);
  const note = document.querySelector("[data-lost]");
  const lost = feed.silence() === null ? "" : ` · ${age(feed.silence(), words.lost)}`;
  say(note, offline ? words.feed.offline + lost : "");
  note.hidden = !offline;
  say(document.querySelector("[data-clock]"), words.clock.replace("{time}", clock(feed.now())));
}

function show() {
  // Until the zone has answered once, what the server wrote into the page stands: nothing is known to have gone.
  if (heard && plan) {
    const booths = zone.boothsAt(feed.now());
    for (const [number, booth] of booths) showBooth(number, booth);
    showFigures(booths);
    showDemos();
    showAttention();
    filter();
  }
  showFeed();
}

/** Take what the feed tells, and show at once what is not a matter of time. */
function take(picture, whole) {
  heard = true;
  zone.take(picture, whole);
  if (!plan) return;
  for (const [number] of picture.robots ?? []) if (zone.robots.get(number)?.pose) move(zone.robots.get(number));
  if (picture.booths || picture.exhibitors) for (const number of tiles.keys()) arrange(number);
  for (const [number, dot] of moving) {
    if (zone.robots.has(number)) continue;
    dot.node?.remove();
    moving.delete(number);
  }
  show();
}

/** The same question as the server's: which booths match what the form says. */
function wantedNow() {
  const values = new FormData(form);
  const names = ["q", "kind", "state", "place", "demo"];
  return Object.fromEntries(names.map((name) => [name, String(values.get(name) ?? "").trim()]));
}

function matches(row, wanted) {
  return (!wanted.q || row.dataset.words.includes(fold(wanted.q)))
    && (!wanted.kind || row.dataset.kinds.split(" ").includes(wanted.kind))
    && (!wanted.state || row.dataset.state === wanted.state)
    && (!wanted.place || row.dataset.place === wanted.place)
    && (!wanted.demo || row.dataset.demo === wanted.demo);
}

function filter() {
  if (!form) return;
  const wanted = wantedNow();
  const any = Object.values(wanted).some(Boolean);
  let shown = 0;
  for (const [number, tile] of tiles) {
    const row = rows.get(number);
    const fits = row ? matches(row, wanted) : !any;
    if (row) row.hidden = !fits;
    shown += row && fits ? 1 : 0;
    tile.toggleAttribute("data-dim", !fits);
    labels.get(number).toggleAttribute("data-dim", !fits);
  }
  for (const [number, dot] of moving) {
    const [booth] = zone.boothsOf(zone.robots.get(number)?.exhibitor)[0] ?? [];
    dot.node?.toggleAttribute("data-dim", rows.get(booth)?.hidden ?? false);
  }
  document.querySelector("[data-nothing]").hidden = shown > 0;
  document.querySelector(".clear").hidden = !any;
  const status = document.querySelector("[data-shown]");
  say(status, status.dataset.pattern.replace("{shown}", shown).replace("{all}", rows.size));
}

function keepInAddress() {
  const kept = new URLSearchParams(Object.entries(wantedNow()).filter(([, value]) => value));
  history.replaceState(null, "", kept.size ? `?${kept}` : location.pathname);
  filter();
}

function choose(number) {
  const row = rows.get(number);
  if (!row) return;
  for (const node of document.querySelectorAll("[data-chosen]")) node.removeAttribute("data-chosen");
  row.setAttribute("data-chosen", "");
  tiles.get(number)?.setAttribute("data-chosen", "");
  row.scrollIntoView({ block: "nearest", behavior: still.matches ? "auto" : "smooth" });
  row.querySelector("a").focus({ preventScroll: true });
}

form?.addEventListener("input", keepInAddress);
form?.addEventListener("submit", (event) => { event.preventDefault(); keepInAddress(); });
plan?.addEventListener("click", (event) => choose(event.target.closest("g.booth")?.dataset.booth));

function listen(number, row) {
  row.addEventListener("focusin", () => {
    document.querySelector("g.booth[data-chosen]")?.removeAttribute("data-chosen");
    tiles.get(number)?.setAttribute("data-chosen", "");
  });
}
for (const [number, row] of rows) listen(number, row);

/** A booth that the address asks for by its number stands in the middle of the plan. */
function openAtBooth() {
  const wanted = new URLSearchParams(location.search).get("q")?.trim().toUpperCase() ?? "";
  const tile = tiles.get(wanted);
  if (!tile) return;
  tile.setAttribute("data-chosen", "");
  view.show(tile);
}

feed.addEventListener("snapshot", (event) => take(event.detail, true));
feed.addEventListener("digest", (event) => take(event.detail, false));
for (const name of ["state", "second"]) feed.addEventListener(name, show);
show();
if (plan) {
  openAtBooth();
  glide();
}
feed.start();
