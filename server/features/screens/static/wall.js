/** The overview on a hall's screen: public states, where the robots are, what comes next, who is where in turn. */
import { clearOf } from "../js/geometry.js";
import { LiveFeed, STATES, UNHEARD, readData, say, showState, svg } from "../js/live.js";
import { age, clock } from "./moments.js";
import { numberBoxes } from "../js/plan.js";
import { Zone, counted } from "../js/zone-model.js";

const TURN_MS = 10_000;
const SPREAD_MS = 60_000;
const DOT = 4.4;

const data = readData("wall-data");
const words = readData("wall-words");
const wall = document.querySelector(".wall");
const plan = document.querySelector(".plan");
const boxes = plan ? numberBoxes(plan) : [];
const zone = new Zone({ ...data, states: STATES, unheard: UNHEARD });
const dots = new Map();
const field = Object.fromEntries([...document.querySelectorAll("[data-f]")].map((node) => [node.dataset.f, node]));
const nodes = new Map([...document.querySelectorAll(".plan rect.booth")].map(({ dataset: { booth } }) => [
  booth,
  [...document.querySelectorAll(`.plan [data-booth="${booth}"]`)],
]));
const feed = new LiveFeed("/live?zone=1");
let heard = false;

/** What everybody may know: a fault is for its own people, the public sees that a robot stands still. */
function shown(state) {
  return state === "fault" ? "stopped" : state === "refused" ? "silent" : state;
}

function spans(node, texts) {
  [...node.querySelectorAll("[lang]")].forEach((span, index) => say(span, texts[index] ?? ""));
}

function inLanguages([english, chinese]) {
  return data.langs.map((lang) => (lang === "zh" ? chinese : english));
}

function showPlan(booths) {
  for (const [number, parts] of nodes) {
    const booth = booths.get(number);
    for (const node of parts) {
      node.classList.toggle("vacant", !booth);
      showState(node, booth ? shown(booth.state) : "none");
    }
  }
  for (const robot of zone.robots.values()) showDot(robot);
  for (const [number, dot] of dots) if (!zone.robots.has(number)) dot.setAttribute("visibility", "hidden");
}

function showDot(robot) {
  const pose = zone.isHeard(zone.believed(robot, feed.now())) ? robot.pose : null;
  if (pose && !dots.has(robot.number)) {
    dots.set(robot.number, svg("circle", { r: DOT - 0.5 }));
    document.getElementById("dots").append(dots.get(robot.number));
  }
  const dot = dots.get(robot.number);
  dot?.setAttribute("visibility", pose ? "visible" : "hidden");
  if (!pose) return;
  const [x, y] = clearOf([pose.x * 10, (Number(plan.dataset.depth) - pose.y) * 10], DOT, boxes);
  dot.setAttribute("cx", x.toFixed(1));
  dot.setAttribute("cy", y.toFixed(1));
}

function showFigures(booths) {
  const states = [...booths.values()].map((booth) => shown(booth.state));
  const withRobots = [...booths.values()].filter(({ exhibitor }) => zone.exhibitors.get(exhibitor)?.robots.length);
  say(field.live, String(zone.heard(feed.now())));
  say(field.robots, `/${zone.robots.size}`);
  say(field.booths, String(states.filter((state) => zone.isHeard(state)).length));
  say(field["booths-of"], `/${withRobots.length}`);
  const running = zone.coming(feed.now()).filter((demo) => zone.demoAt(demo, feed.now()) === "running");
  say(field.running, String(running.length));
  const counts = counted(states);
  for (const node of document.querySelectorAll("[data-count]")) {
    say(node, String(counts.get(node.dataset.count) ?? 0));
    node.closest("li").hidden = !counts.has(node.dataset.count);
  }
}

function showDemos() {
  const coming = zone.coming(feed.now());
  field["no-demo"].hidden = coming.length > 0;
  document.querySelectorAll(".demos li").forEach((row, index) => {
    const demo = coming[index];
    row.hidden = !demo;
    if (!demo) return;
    const part = zone.demoAt(demo, feed.now());
    row.toggleAttribute("data-running", part === "running");
    say(row.querySelector("b"), clock(Date.parse(demo.starts_at)));
    const places = [...new Set(inLanguages([demo.place_en, demo.place_zh]))].join(" ");
    const tag = part ? words.map((text) => text[`demo-${part}`]).join(" ") : "";
    say(row.querySelector("em"), [tag, places].filter(Boolean).join(" · "));
    spans(row.querySelector(".what"), inLanguages([demo.en, demo.zh]));
  });
  if (zone.wantsMore(feed.now())) feed.renew(SPREAD_MS);
}

/** So many rows have room in their section. */
function room(section, rows) {
  rows[0].hidden = false;
  const { top, height } = rows[0].getBoundingClientRect();
  const fits = Math.floor((section.getBoundingClientRect().bottom - top) / Math.max(1, height));
  return Math.max(1, Math.min(rows.length, fits));
}

function fillWho(row, number, { state, exhibitor }) {
  showState(row, shown(state));
  say(row.querySelector("b"), nodes.get(number)?.at(-1).textContent.trim() ?? number);
  spans(row.querySelector(".what"), inLanguages(zone.exhibitors.get(exhibitor)?.names ?? ["", ""]));
}

/** Who is where, a few at a time, each in its turn; a row has to be filled to be measured. */
function showWho(booths) {
  const all = [...document.querySelectorAll(".who li")];
  const taken = [...booths].sort(([one], [other]) => (one < other ? -1 : 1));
  if (taken.length) fillWho(all[0], ...taken[0]);
  const rows = all.slice(0, room(document.querySelector(".who"), all));
  const turns = Math.max(1, Math.ceil(taken.length / rows.length));
  const first = (Math.floor(feed.now() / TURN_MS) % turns) * rows.length;
  all.forEach((row, index) => {
    const place = index < rows.length ? taken[first + index] : undefined;
    row.hidden = !place;
    if (place) fillWho(row, ...place);
  });
}

/** The worst thing that is true wins; an open connection alone is not "live". */
function showFresh() {
  const nothing = feed.state === "live" && zone.heard(feed.now()) === 0;
  const state = nothing ? (heard ? "connected" : "loading") : feed.state;
  wall.toggleAttribute("data-old", state === "offline");
  showState(field.fresh, state);
  const lost = state === "offline" ? feed.silence() : null;
  const since = (text) => (lost === null ? "" : ` · ${age(lost, text.lost)}`);
  spans(field["fresh-words"], words.map((text) => text.states[state] + since(text)));
}

function show() {
  say(field.time, clock(feed.now()));
  showFresh();
  if (!plan || !heard) return;
  const booths = zone.boothsAt(feed.now());
  showPlan(booths);
  showFigures(booths);
  showDemos();
  showWho(booths);
}

function take(picture, whole) {
  heard = true;
  zone.take(picture, whole);
}

feed.addEventListener("snapshot", (event) => { take(event.detail, true); show(); });
feed.addEventListener("digest", (event) => take(event.detail, false));
for (const name of ["state", "second"]) feed.addEventListener(name, show);
show();
feed.start();
