/** The overview on a hall's screen: public states, where the robots are, what runs and comes next, who is where in turn. */
import { BUSY, LiveFeed, age, boothOf, isLive, readData, say, stateOf, svg } from "./live.js";
import { clearOf, numberBoxes } from "./plan.js";

const TURN_MS = 10_000;
const SETTLE_MS = 3_000;
const REFRESH_MS = 600_000;
const DOT = 4.4;

const data = readData("wall-data");
const words = readData("wall-words");
const wall = document.querySelector(".wall");
const plan = document.querySelector(".plan");
const dots = document.getElementById("dots");
const boxes = plan ? numberBoxes(plan) : [];
const robots = new Map(data.robots.map((robot) => [robot.key, { ...robot, report: null, dot: null }]));
const field = Object.fromEntries([...document.querySelectorAll("[data-f]")].map((node) => [node.dataset.f, node]));
const nodes = new Map([...document.querySelectorAll(".plan [data-booth]")].reduce((all, node) => all.set(node.dataset.booth, [...(all.get(node.dataset.booth) ?? []), node]), new Map()));
const feed = new LiveFeed("/live?zone=1");
const states = new Map([...nodes].map(([number, [tile]]) => [number, tile.dataset.state]));
let demos = data.demos;
let heard = false;

/** What everybody may know: a fault is for its own people, the public sees that a robot stands still. */
function believed(robot) {
  const state = robot?.report ? stateOf(robot.report, feed.now()) : "none";
  return state === "fault" ? "stopped" : state;
}

function take(report) {
  const robot = robots.get(report.robot);
  if (robot) robot.report = report;
}

function spans(node, texts) {
  [...node.querySelectorAll("[lang]")].forEach((span, index) => say(span, texts[index] ?? ""));
}

function showPlan() {
  const by = new Map();
  for (const robot of robots.values()) {
    const state = believed(robot);
    const number = boothOf(isLive(state) ? robot.report : null, robot.booths, data.hall);
    if (number) by.set(number, [...(by.get(number) ?? []), state]);
    showDot(robot, state);
  }
  for (const booth of data.booths) {
    const found = by.get(booth.number) ?? [];
    const state = BUSY.find((name) => found.includes(name)) ?? "none";
    states.set(booth.number, state);
    for (const node of nodes.get(booth.number) ?? []) {
      node.dataset.state = state;
      node.querySelector("use")?.setAttribute("href", `#shape-${state}`);
    }
  }
}

function showDot(robot, state) {
  const pose = isLive(state) ? robot.report.pose : null;
  if (pose && !robot.dot) { robot.dot = svg("circle", { r: DOT - 0.5 }); dots.append(robot.dot); }
  robot.dot?.setAttribute("visibility", pose ? "visible" : "hidden");
  if (!pose) return;
  const [x, y] = clearOf([pose.x * 10, (Number(plan.dataset.depth) - pose.y) * 10], DOT, boxes);
  robot.dot.setAttribute("cx", x.toFixed(1));
  robot.dot.setAttribute("cy", y.toFixed(1));
}

function isScheduled(demo) {
  return Date.parse(demo.starts_at) <= feed.now() && Date.parse(demo.ends_at) > feed.now();
}

function isRunning(demo) {
  return isScheduled(demo) && isLive(believed(robots.get(demo.robot)));
}

function showFigures() {
  const running = demos.filter(isRunning).length;
  say(field.live, String([...robots.values()].filter((robot) => isLive(believed(robot))).length));
  say(field.booths, String([...states.values()].filter(isLive).length));
  say(field.running, String(running));
  for (const node of document.querySelectorAll("[data-count]")) {
    const count = [...states.values()].filter((state) => state === node.dataset.count).length;
    say(node, String(count));
    node.closest("li").hidden = count === 0;
  }
}

function clock(ms) {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Shanghai" }).format(ms);
}

function showDemos() {
  const coming = demos.filter((demo) => Date.parse(demo.ends_at) > feed.now());
  const rows = [...document.querySelectorAll(".demos li")];
  field["no-demo"].hidden = coming.length > 0;
  rows.forEach((row, index) => {
    const demo = coming[index];
    row.hidden = !demo;
    if (!demo) return;
    const running = isRunning(demo);
    row.toggleAttribute("data-running", running);
    say(row.querySelector("b"), clock(Date.parse(demo.starts_at)));
    const places = [...new Set(data.langs.map((lang) => demo[`place_${lang}`]))].join(" ");
    const tag = isScheduled(demo) ? words.map((text) => text[running ? "demo-running" : "demo-scheduled"]).join(" ") : "";
    say(row.querySelector("em"), [tag, places].filter(Boolean).join(" · "));
    spans(row.querySelector(".what"), data.langs.map((lang) => demo[lang]));
  });
}

/** So many rows have room in their section. */
function room(section, rows) {
  rows[0].hidden = false;
  const { top, height } = rows[0].getBoundingClientRect();
  const fits = Math.floor((section.getBoundingClientRect().bottom - top) / Math.max(1, height));
  return Math.max(1, Math.min(rows.length, fits));
}

/** Who is where, a few at a time, each in its turn. */
function showWho() {
  const all = [...document.querySelectorAll(".who li")];
  const rows = all.slice(0, room(document.querySelector(".who"), all));
  for (const row of all.slice(rows.length)) row.hidden = true;
  const turns = Math.max(1, Math.ceil(data.booths.length / rows.length));
  const first = Math.floor(feed.now() / TURN_MS) % turns * rows.length;
  rows.forEach((row, index) => {
    const booth = data.booths[first + index];
    row.hidden = !booth;
    if (!booth) return;
    row.dataset.state = states.get(booth.number) ?? "none";
    row.querySelector("use").setAttribute("href", `#shape-${row.dataset.state}`);
    say(row.querySelector("b"), booth.short);
    spans(row.querySelector(".what"), data.langs.map((lang) => booth[lang]));
  });
}

/** The worst thing that is true wins; an open connection alone is not "live". */
function showFresh() {
  const nothing = feed.state === "live" && ![...robots.values()].some((robot) => isLive(believed(robot)));
  const state = nothing ? (heard ? "connected" : "loading") : feed.state;
  wall.toggleAttribute("data-old", state === "offline");
  field.fresh.dataset.state = state;
  field.fresh.querySelector("use").setAttribute("href", `#shape-${state}`);
  const lost = (text) => (state === "offline" && feed.silence() !== null ? ` · ${age(feed.silence(), text.lost)}` : "");
  spans(field["fresh-words"], words.map((text) => text.states[state] + lost(text)));
}

function show() {
  say(field.time, clock(feed.now()));
  showFresh();
  if (!plan) return;
  if (heard) { showPlan(); showFigures(); }
  showDemos();
  showWho();
}

/** What changes seldom: ask now and then, at a moment of this screen's own, and start afresh when more than the demos changed. */
async function refresh() {
  if (feed.state !== "live") return;
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = JSON.parse(page.getElementById("wall-data")?.textContent ?? "null");
  if (!fresh) return;
  const { demos: coming, ...rest } = fresh;
  const { demos: _, ...known } = data;
  if (JSON.stringify(rest) !== JSON.stringify(known)) location.reload();
  demos = coming;
}

function soon() {
  setTimeout(refresh, Math.random() * SETTLE_MS);
}

feed.addEventListener("snapshot", (event) => { heard = true; event.detail.robots.forEach(take); soon(); show(); });
feed.addEventListener("robot", (event) => take(event.detail));
for (const name of ["timetable", "booth"]) feed.addEventListener(name, soon);
for (const name of ["state", "second"]) feed.addEventListener(name, show);
setInterval(refresh, REFRESH_MS * (0.75 + Math.random() / 2));
show();
feed.start();
