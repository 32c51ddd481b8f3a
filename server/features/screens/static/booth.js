/** The screen of a booth: its busiest robot large, the others small, and never an old value as a live one. */
import { follow, leader, nextDemo, onFloor, sentence, shownState, withDemo } from "./booth-model.js";
import { LiveFeed, STATES, UNHEARD, readData, say, showState, svg } from "../js/live.js";
import { age, clock } from "./moments.js";

const SPREAD_MS = 2_000;
const FRESH_MS = 10_000;
const LANGUAGES = ["zh", "en"];
const UNIT = 10;

const words = readData("screen-words");
const { booth } = readData("screen-data");
const busiest = STATES.filter((state) => state !== "fault");
const feed = new LiveFeed(`/live?booth=${encodeURIComponent(booth.number)}`);
let data;
let screen;
let plan;
let robots;
let field;
let hero;
let heroSince;
let heard = false;
let asking = null;

/** Begin with what the server wrote into the page; what the feed has told of the same robots is kept. */
function begin() {
  data = readData("screen-data");
  screen = document.querySelector(".screen");
  plan = document.querySelector(".plan");
  field = Object.fromEntries([...document.querySelectorAll("[data-f]")].map((node) => [node.dataset.f, node]));
  const before = robots;
  const kept = (key) => ({ report: before?.get(key)?.report ?? null, trail: [], node: null });
  robots = new Map(data.robots.map((robot) => [robot.key, { ...robot, ...kept(robot.key) }]));
  hero = data.robots[0]?.key ?? null;
  heroSince = performance.now();
}

function take(report) {
  const robot = robots.get(report.robot);
  if (robot) follow(robot, report);
}

function stateNow(robot) {
  return shownState(robot.report, feed.now(), true);
}

function chooseHero() {
  const ranks = new Map([...robots].map(([key, robot]) => [key, busiest.indexOf(stateNow(robot))]));
  const before = hero;
  const silent = busiest.findIndex((state) => UNHEARD.includes(state));
  hero = leader(ranks, hero, performance.now() - heroSince, silent);
  if (hero !== before) heroSince = performance.now();
}

/** Whether what the page shows is history: the server or the robot has gone quiet. */
function isOld(state) {
  return feed.state === "offline" || state === "silent";
}

function showNow(robot, state) {
  const old = robot.report && isOld(state);
  for (const lang of LANGUAGES) {
    say(field[`robot-${lang}`], robot[lang]);
    const time = old ? clock(Date.parse(robot.report.at), "seconds") : "";
    const now = old ? words[lang].old.replace("{time}", time) : sentence(robot.report, state, lang, words[lang]);
    say(field[`now-${lang}`], now);
  }
}

function number(value, digits) {
  return (value ?? null) === null ? "–" : value.toFixed(digits);
}

function showFigures(report) {
  const speed = report?.speed ?? null;
  // A robot on the mains has no battery, and an arm no speed: what is not measured is not shown.
  field["battery-figure"].hidden = Boolean(report) && (report.battery ?? null) === null;
  field["speed-figure"].hidden = Boolean(report) && speed === null;
  say(field.battery, number(report?.battery, 0));
  say(field.speed, number(speed === null ? null : Math.abs(speed), 1));
  field.level.setAttribute("width", report?.battery ?? 0);
  const [name, value] = Object.entries(report?.metrics ?? {}).find(([key]) => words.en.metrics[key]) ?? [];
  field.metric.hidden = !name;
  if (!name) return;
  say(field["metric-value"], number(value, Number.isInteger(value) ? 0 : 1));
  for (const lang of LANGUAGES) say(field[`metric-${lang}`], words[lang].metrics[name]);
}

/** The freshness corner: the worst thing that is true wins. */
function showFresh(robot, state) {
  const shown = feed.state === "live" ? state : feed.state;
  const since = shown === "offline" ? feed.silence() : robot?.report ? feed.now() - Date.parse(robot.report.at) : null;
  const old = isOld(state);
  const by = { offline: "lost", silent: "seen" }[shown] ?? "age";
  screen.dataset.state = old ? shown : state;
  screen.toggleAttribute("data-old", old && Boolean(robot?.report));
  showState(field.fresh, shown);
  for (const lang of LANGUAGES) {
    const when = since === null ? "" : age(since, words[lang][by]);
    say(field[`fresh-${lang}`], [words[lang].states[shown], when].filter(Boolean).join(" · "));
  }
}

function showSource(robot) {
  const source = robot.report?.source ?? robot.source ?? "live";
  screen.dataset.source = source;
  field.source.hidden = source === "live";
  for (const lang of LANGUAGES) say(field[`source-${lang}`], words[lang].sources[source]);
}

function place(pose) {
  return [(pose.x - data.booth.x) * UNIT, (data.booth.depth - (pose.y - data.booth.y)) * UNIT];
}

function marker() {
  const size = (Math.max(data.booth.width, data.booth.depth) * UNIT) / 22;
  const node = svg("g", { class: "robot" });
  node.append(
    svg("circle", { r: size * 1.6, class: "halo", "stroke-width": size / 4 }),
    svg("circle", { r: size, fill: "currentColor" }),
    svg("path", { d: `M${size * 0.65} 0L${-size * 0.4} ${-size * 0.5}V${size * 0.5}Z`, class: "nose" }),
  );
  plan.append(node);
  return node;
}

function showRobot(robot, leads) {
  const pose = robot.report?.pose;
  robot.node ??= marker();
  const seen = pose && onFloor(data.booth, pose);
  robot.node.setAttribute("visibility", seen ? "visible" : "hidden");
  robot.node.toggleAttribute("data-hero", leads);
  robot.node.dataset.state = stateNow(robot);
  if (!seen) return;
  const [x, y] = place(pose);
  const turn = (-(pose.theta ?? 0) * 180) / Math.PI;
  robot.node.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)}) rotate(${turn.toFixed(1)})`);
  robot.node.toggleAttribute("data-no-heading", (pose.theta ?? null) === null);
}

function showMap(state) {
  for (const [key, robot] of robots) showRobot(robot, key === hero);
  const { report, trail } = robots.get(hero);
  const points = trail.filter((pose) => onFloor(data.booth, pose)).map(place);
  field.trail.setAttribute("points", points.map((point) => point.map((axis) => axis.toFixed(1)).join(",")).join(" "));
  field.trail.parentNode.dataset.state = state;
  const out = report?.pose && !onFloor(data.booth, report.pose);
  const where = out ? "outside" : report && !report.pose ? "no-pose" : "";
  for (const lang of LANGUAGES) say(field[`where-${lang}`], where ? words[lang][where] : "");
}

function showFleet() {
  const others = [...robots].filter(([key]) => key !== hero).map(([, robot]) => robot);
  [...field.fleet.children].forEach((row, index) => {
    const robot = others[index];
    row.hidden = !robot;
    if (!robot) return;
    const state = feed.state === "offline" ? "offline" : stateNow(robot);
    showState(row, state);
    const [zh, en] = row.querySelectorAll("[lang]");
    say(zh, `${robot.zh} ${words.zh.states[state]}`);
    say(en, `${robot.en} ${words.en.states[state]}`);
    const battery = robot.report?.battery ?? null;
    say(row.querySelector("em"), battery === null ? "" : `${Math.round(battery)} %`);
  });
}

function speaks(key) {
  const robot = robots.get(key);
  return feed.state === "live" && robot !== undefined && !UNHEARD.includes(stateNow(robot));
}

function showNext() {
  for (const lang of LANGUAGES) {
    const next = nextDemo(data.demos, feed.now(), lang, words[lang].demo, speaks);
    say(field[`label-${lang}`], next.label);
    say(field[`when-${lang}`], next.when);
    say(field[`demo-${lang}`], next.title);
    say(field["demo-time"], next.time);
  }
}

function show() {
  say(field.time, clock(feed.now()));
  if (field["when-zh"]) showNext();
  if (!robots.size) {
    showFresh(null, "none");
    return;
  }
  chooseHero();
  const robot = robots.get(hero);
  const state = shownState(robot.report, feed.now(), feed.state === "live");
  showNow(robot, state);
  showFigures(robot.report);
  showSource(robot);
  showMap(state);
  showFleet();
  showFresh(robot, state);
}

/** The booth's own facts change seldom: when told, ask for this one screen, and put it in the place of the old one. */
function askSoon() {
  asking ??= setTimeout(async () => {
    const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
    asking = null;
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of [".panel", "#screen-data"]) {
      document.querySelector(part).replaceWith(document.adoptNode(page.querySelector(part)));
    }
    begin();
    show();
  }, Math.random() * SPREAD_MS);
}

feed.addEventListener("snapshot", ({ detail }) => {
  // Whoever was away for long may have missed that the booth changed hands.
  if (heard || performance.now() > FRESH_MS) askSoon();
  heard = true;
  detail.robots.forEach(take);
  data.demos = detail.demos;
  show();
});
feed.addEventListener("timetable", ({ detail }) => { data.demos = withDemo(data.demos, detail); show(); });
feed.addEventListener("robot", ({ detail }) => { take(detail); show(); });
feed.addEventListener("booth", askSoon);
feed.addEventListener("exhibitor", ({ detail }) => { if (detail.exhibitor === data.exhibitor?.code) askSoon(); });
for (const name of ["state", "second"]) feed.addEventListener(name, show);
begin();
show();
feed.start();
