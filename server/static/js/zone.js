/** The zone overview: moves the dots, turns the tiles and the list to what the feed says, and keeps the filters in the address. */
import { fold } from "./fold.js";
import { BUSY, LiveFeed, age, boothOf, heardState, isLive, readData, say, svg } from "./live.js";
import { PlanView, clearOf, numberBoxes } from "./plan.js";

const data = readData("zone-data");
const words = readData("zone-words");
const robots = new Map(data.robots.map((robot) => [robot.key, { ...robot, report: null, refusal: null, dot: null, from: null, to: null, since: 0 }]));
const SETTLE_MS = 2_000;
const SPREAD_MS = 60_000;
const feed = new LiveFeed("/live?zone=1");
let handedOver = false;
let heard = false;
let asking = false;
let stale = false;
const plan = document.querySelector(".plan");
const dots = document.getElementById("dots");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const rows = new Map([...document.querySelectorAll("tr[data-booth]")].map((row) => [row.dataset.booth, row]));
const tiles = new Map([...document.querySelectorAll("g.booth")].map((tile) => [tile.dataset.booth, tile]));
const labels = new Map([...document.querySelectorAll("g.label")].map((label) => [label.dataset.booth, label]));
const form = document.querySelector("[data-filters]");
const GLIDE_MS = 1_000;
const DOT = 3.05;
const view = plan ? new PlanView(plan) : null;
const boxes = plan ? numberBoxes(plan) : [];

document.documentElement.classList.add("scripted");
window.addEventListener("foldready", () => filter());

function take(report) {
  const robot = robots.get(report.robot);
  if (!robot) return;
  robot.report = report;
  if (!report.pose || !plan) return;
  const to = [report.pose.x * 10, (Number(plan.dataset.depth) - report.pose.y) * 10];
  const far = robot.to && Math.hypot(to[0] - robot.to[0], to[1] - robot.to[1]) > 30;
  robot.from = still.matches || far ? to : position(robot) ?? to;
  robot.to = to;
  robot.since = performance.now();
}

function takeRefusal(refusal) {
  const robot = robots.get(refusal.robot);
  if (robot) robot.refusal = refusal;
}

function position(robot) {
  if (!robot.to) return null;
  const part = Math.min(1, (performance.now() - robot.since) / GLIDE_MS);
  return [robot.from[0] + (robot.to[0] - robot.from[0]) * part, robot.from[1] + (robot.to[1] - robot.from[1]) * part];
}

/** Dots glide between two reports; a dot at rest is not touched. */
function glide() {
  for (const robot of robots.values()) {
    if (!robot.to || robot.resting === robot.since) continue;
    if (!robot.dot) {
      robot.dot = svg("circle", { r: DOT - 0.45, "data-booth": robot.booth });
      dots.append(robot.dot);
    }
    const [x, y] = clearOf(position(robot), DOT, boxes);
    robot.dot.setAttribute("cx", x.toFixed(1));
    robot.dot.setAttribute("cy", y.toFixed(1));
    if (performance.now() - robot.since > GLIDE_MS) robot.resting = robot.since;
  }
  setTimeout(() => requestAnimationFrame(glide), still.matches ? 1_000 : 60);
}

function shapeOf(node, state) {
  node.querySelector("use").setAttribute("href", `#shape-${state}`);
}

/** The state of a robot as a reader may believe it now. */
function believed(robot) {
  return heardState(robot.report, robot.refusal, feed.now());
}

/** The state of a booth is that of its most telling robot. */
function boothState(mine) {
  const found = mine.map(believed);
  return BUSY.find((state) => found.includes(state)) ?? "none";
}

function showBooth(number, mine) {
  const state = boothState(mine);
  const tile = tiles.get(number);
  const row = rows.get(number);
  if (tile && tile.dataset.state !== state) {
    const label = labels.get(number);
    tile.dataset.state = state;
    label.dataset.state = state;
    shapeOf(label, state);
    say(label.querySelector(".word"), words.states[state]);
  }
  if (!row) return;
  if (row.dataset.state !== state) {
    row.dataset.state = state;
    const cell = row.querySelector(".state");
    cell.dataset.state = state;
    shapeOf(cell, state);
    say(cell.querySelector("span"), words.states[state]);
  }
  const newest = Math.max(0, ...mine.map((robot) => (robot.report ? Date.parse(robot.report.at) : 0)));
  say(row.querySelector("[data-row-since]"), newest > 0 ? age(feed.now() - newest, state === "silent" ? words.seen : words.age) : "");
}

function showFigures() {
  const states = [...robots.values()].map(believed);
  say(document.querySelector("[data-kpi=live]"), String(states.filter(isLive).length));
  const shown = [...rows.values()].map((row) => row.dataset.state);
  say(document.querySelector("[data-kpi=booths]"), String(shown.filter(isLive).length));
  const running = data.demos.filter(isRunning);
  say(document.querySelector("[data-kpi=demos]"), words["kpi-demos"].replace("{n}", running.length));
  const showing = new Set(running.flatMap((demo) => demo.booths));
  for (const [number, row] of rows) row.dataset.demo = showing.has(number) ? "now" : "";
  for (const node of document.querySelectorAll("[data-count]")) {
    const count = shown.filter((state) => state === node.dataset.count).length;
    say(node, String(count));
    node.closest("li").hidden = count === 0;
  }
}

function isScheduled(demo) {
  return Date.parse(demo.starts_at) <= feed.now() && Date.parse(demo.ends_at) > feed.now();
}

/** A demo runs when its time has come and its robot speaks; without that it is only planned for now. */
function isRunning(demo) {
  const robot = robots.get(demo.robot);
  return isScheduled(demo) && robot !== undefined && isLive(believed(robot));
}

/** The demos' tags follow what is heard; the list itself is asked for when a demo has begun or ended. */
function showDemos() {
  const by = new Map(data.demos.map((demo) => [demo.code, demo]));
  for (const row of document.querySelectorAll("tr[data-version]")) {
    const demo = by.get(row.dataset.code);
    const tag = row.querySelector("[data-when]");
    if (!demo || !tag) continue;
    const scheduled = isScheduled(demo);
    tag.hidden = !scheduled;
    say(tag, scheduled ? words[isRunning(demo) ? "demo-running" : "demo-scheduled"] : "");
  }
  const over = data.demos.some((demo) => Date.parse(demo.ends_at) <= feed.now());
  if (over && !asking) askSoon(SPREAD_MS);
}

/** For the organiser and the exhibitor's own people: what somebody should look at, the gravest first. */
function showAttention() {
  const list = document.querySelector("[data-attention]");
  if (!list) return;
  const found = [...robots.values()].map((robot) => ({ robot, why: concern(robot) })).filter((item) => item.why);
  found.sort((a, b) => BUSY.indexOf(a.why.state) - BUSY.indexOf(b.why.state) || a.robot.key.localeCompare(b.robot.key));
  document.querySelector("[data-attention-none]").hidden = found.length > 0;
  const want = found.slice(0, 8);
  while (list.children.length > want.length) list.lastElementChild.remove();
  while (list.children.length < want.length) list.append(concernRow());
  want.forEach((item, index) => fillConcern(list.children[index], item));
}

function concern(robot) {
  const report = robot.report;
  const state = believed(robot);
  if (state === "refused") return { state, text: robot.refusal.detail[data.lang] ?? robot.refusal.detail.en ?? "" };
  if (!report) return null;
  if (state === "silent") return { state, text: age(feed.now() - Date.parse(report.at), words.seen) };
  if (state === "fault" || state === "stopped") return { state, text: faultText(report) };
  if (report.battery !== null && report.battery < 20 && state !== "charging") return { state: "waiting", text: words.low.replace("{n}", Math.round(report.battery)) };
  return null;
}

function faultText(report) {
  const fault = report.errors?.[0];
  return fault ? fault.text?.[data.lang] ?? fault.text?.en ?? fault.code : age(feed.now() - Date.parse(report.at), words.age);
}

function concernRow() {
  const row = document.createElement("li");
  row.innerHTML = '<span class="state"><svg viewBox="0 0 10 10" aria-hidden="true"><use href="#shape-none"/></svg><span></span></span> <b></b><p class="muted"></p>';
  return row;
}

function fillConcern(row, { robot, why }) {
  row.dataset.state = why.state;
  shapeOf(row, why.state);
  row.querySelector(".state").dataset.state = why.state;
  say(row.querySelector(".state span"), words.states[why.state]);
  say(row.querySelector("b"), `${robot.booth ?? ""} ${robot.name}`);
  say(row.querySelector("p"), why.text);
}

function showFeed() {
  const node = document.querySelector("[data-feed]");
  document.body.toggleAttribute("data-old", feed.state === "offline");
  // An open connection alone is not "live": some robot has to speak.
  const nothing = feed.state === "live" && ![...robots.values()].some((robot) => isLive(believed(robot)));
  const state = nothing ? (heard ? "connected" : "loading") : feed.state;
  node.dataset.state = state;
  shapeOf(node, state);
  say(node.querySelector("span"), words.states[state]);
  const note = document.querySelector("[data-lost]");
  const lost = feed.silence() === null ? "" : ` · ${age(feed.silence(), words.lost)}`;
  say(note, feed.state === "offline" ? words.feed.offline + lost : "");
  note.hidden = feed.state !== "offline";
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" }).format(feed.now());
  say(document.querySelector("[data-clock]"), words.clock.replace("{time}", clock));
}

function show() {
  // Until the zone has answered once, what the server wrote into the page stands: nothing is known to have gone.
  if (heard) {
    const by = new Map([...rows.keys()].map((number) => [number, []]));
    for (const robot of robots.values()) by.get(boothOf(isLive(believed(robot)) ? robot.report : null, robot.booths, data.hall))?.push(robot);
    for (const [number, mine] of by) showBooth(number, mine);
    showFigures();
    showDemos();
    showAttention();
    filter();
  }
  showFeed();
}

/** The same question as the server's: which booths match what the form says. */
function wantedNow() {
  const values = new FormData(form);
  return Object.fromEntries(["q", "kind", "state", "place", "demo"].map((name) => [name, String(values.get(name) ?? "").trim()]));
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
  for (const dot of dots.children) dot.toggleAttribute("data-dim", rows.get(dot.dataset.booth)?.hidden ?? false);
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
  for (const node of document.querySelectorAll("[data-chosen]")) node.removeAttribute("data-chosen");
  const row = rows.get(number);
  if (!row) return;
  row.setAttribute("data-chosen", "");
  tiles.get(number)?.setAttribute("data-chosen", "");
  row.scrollIntoView({ block: "nearest", behavior: still.matches ? "auto" : "smooth" });
  row.querySelector("a").focus({ preventScroll: true });
}

form?.addEventListener("input", keepInAddress);
form?.addEventListener("submit", (event) => { event.preventDefault(); keepInAddress(); });
plan?.addEventListener("click", (event) => { const tile = event.target.closest("g.booth"); if (tile) choose(tile.dataset.booth); });
for (const [number, row] of rows) row.addEventListener("focusin", () => {
  document.querySelector("g.booth[data-chosen]")?.removeAttribute("data-chosen");
  tiles.get(number)?.setAttribute("data-chosen", "");
});

/** The demos stand on the page as the server wrote them: when they change, ask for that part again. */
async function refreshDemos() {
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-part=demos]");
  if (fresh) document.querySelector("[data-part=demos]")?.replaceChildren(...fresh.childNodes);
  data.demos = JSON.parse(page.getElementById("zone-data").textContent).demos;
  show();
}

/** Ask once, at some moment within `spread` ms, so that a thousand open pages do not ask together; a page that nobody sees waits. */
function askSoon(spread) {
  if (asking) return;
  asking = true;
  setTimeout(() => {
    if (document.hidden) { stale = true; asking = false; return; }
    refreshDemos().finally(() => { asking = false; });
  }, Math.random() * spread);
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden && stale) { stale = false; askSoon(SETTLE_MS); }
});

/** A booth that changed hands changes plan, list and who stands where: the page is read anew, unless somebody is at work on it. */
function readAnew() {
  if (handedOver && document.activeElement === document.body && feed.state === "live") location.reload();
}

/** Whether the demos on the page are those of a snapshot: what was missed while the page was away shows here. */
function demosAreOld(demos) {
  const shown = [...document.querySelectorAll("tr[data-version]")].map((row) => `${row.dataset.code} ${row.dataset.version}`);
  return shown.join() !== demos.map((demo) => `${demo.demo} ${demo.version}`).join();
}

feed.addEventListener("snapshot", (event) => {
  heard = true;
  event.detail.robots.forEach(take);
  event.detail.refusals?.forEach(takeRefusal);
  if (demosAreOld(event.detail.demos)) askSoon(SETTLE_MS);
  show();
});
feed.addEventListener("timetable", () => askSoon(SETTLE_MS));
feed.addEventListener("booth", () => { handedOver = true; setTimeout(readAnew, SETTLE_MS); });
setInterval(readAnew, SETTLE_MS);
feed.addEventListener("robot", (event) => take(event.detail));
feed.addEventListener("refusal", (event) => takeRefusal(event.detail));
feed.addEventListener("state", show);
feed.addEventListener("second", show);
/** A booth that the address asks for by its number stands in the middle of the plan. */
function openAtBooth() {
  const wanted = new URLSearchParams(location.search).get("q")?.trim().toUpperCase() ?? "";
  const tile = tiles.get(wanted);
  if (!tile) return;
  tile.setAttribute("data-chosen", "");
  view.show(tile);
}

show();
if (plan) { openAtBooth(); glide(); }
feed.start();
