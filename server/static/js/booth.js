/** The booth screen: shows the busiest robot of one booth large, the others small, and never an old value as a live one. */
import { BUSY, LiveFeed, age, isLive, readData, say, stateOf, svg } from "./live.js";

const TURN_MS = 30_000;
const HOLD_MS = 8_000;
const TRAIL = 90;
const LANGUAGES = ["zh", "en"];
const BUSY_FIRST = BUSY.filter((state) => state !== "fault");

const data = readData("screen-data");
const words = readData("screen-words");
const screen = document.querySelector(".screen");
const robots = new Map(data.robots.map((robot) => [robot.key, { ...robot, report: null, trail: [], node: null }]));
const feed = new LiveFeed(`/live?booth=${encodeURIComponent(data.booth.number)}`);
const field = Object.fromEntries([...document.querySelectorAll("[data-f]")].map((node) => [node.dataset.f, node]));
let hero = data.robots[0]?.key ?? null;
let heroSince = performance.now();

function take(report) {
  const robot = robots.get(report.robot);
  if (!robot) return;
  robot.report = report;
  const last = robot.trail.at(-1);
  const pose = report.pose;
  if (pose && (!last || Math.hypot(last.x - pose.x, last.y - pose.y) > 0.03)) robot.trail.push(pose);
  if (robot.trail.length > TRAIL) robot.trail.shift();
}

function rank(robot) {
  return BUSY_FIRST.indexOf(robot.report ? stateOf(robot.report, feed.now()) : "none");
}

/** The busiest robot leads; among equals each has its turn. A leader keeps its place for a while, so nothing flickers. */
function chooseHero() {
  const best = Math.min(...[...robots.values()].map(rank));
  const equals = [...robots.keys()].filter((key) => rank(robots.get(key)) === best);
  const led = performance.now() - heroSince;
  const stays = equals.includes(hero) ? led < TURN_MS || equals.length === 1 : led < HOLD_MS && rank(robots.get(hero)) < 5;
  if (stays) return;
  hero = equals[(equals.indexOf(hero) + 1) % equals.length];
  heroSince = performance.now();
}

function number(value, digits) {
  return value === null || value === undefined ? "–" : value.toFixed(digits);
}

function doing(report, state, lang) {
  const text = words[lang];
  if (state === "stopped" || !report) return text.states[state];
  return text.activities[report.activity] ?? text.states[state];
}

function task(report, lang) {
  if (!report?.task) return "";
  return typeof report.task === "string" ? report.task : report.task[lang] ?? report.task.en ?? Object.values(report.task)[0];
}

/** Whether what the page shows is history: the server or the robot has gone quiet. */
function isOld(state) {
  return feed.state === "offline" || state === "silent";
}

function showNow(robot, state) {
  for (const lang of LANGUAGES) {
    say(field[`robot-${lang}`], robot[lang]);
    if (robot.report && isOld(state)) {
      say(field[`now-${lang}`], words[lang].old.replace("{time}", clock(Date.parse(robot.report.at), true)));
      continue;
    }
    const what = state === "stopped" ? "" : task(robot.report, lang);
    say(field[`now-${lang}`], [doing(robot.report, state, lang), what].filter(Boolean).join(lang === "zh" ? "：" : ": "));
  }
}

function showFigures(report) {
  // A robot on the mains has no battery, and an arm no speed: what is not measured is not shown.
  field["battery-figure"].hidden = Boolean(report) && (report.battery ?? null) === null;
  field["speed-figure"].hidden = Boolean(report) && (report.speed ?? null) === null;
  say(field.battery, number(report?.battery, 0));
  say(field.speed, number(report?.speed === null || report?.speed === undefined ? null : Math.abs(report.speed), 1));
  field.level.setAttribute("width", report?.battery ?? 0);
  const [name, value] = Object.entries(report?.metrics ?? {}).find(([key]) => words.en.metrics[key]) ?? [];
  field.metric.hidden = !name;
  if (!name) return;
  say(field["metric-value"], number(value, Number.isInteger(value) ? 0 : 1));
  for (const lang of LANGUAGES) say(field[`metric-${lang}`], words[lang].metrics[name]);
}

/** The freshness corner: the worst thing that is true wins. */
function showFresh(robot, state) {
  const offline = feed.state === "offline";
  const shown = offline ? "offline" : feed.state === "loading" ? "loading" : state;
  const since = offline ? feed.silence() : robot?.report ? feed.now() - Date.parse(robot.report.at) : null;
  const old = isOld(state);
  screen.dataset.state = old ? shown : state;
  screen.toggleAttribute("data-old", old && Boolean(robot?.report));
  field.fresh.dataset.state = shown;
  field.shape.setAttribute("href", `#shape-${shown}`);
  for (const lang of LANGUAGES) {
    const text = words[lang];
    const when = since === null ? "" : age(since, shown === "offline" ? text.lost : shown === "silent" ? text.seen : text.age);
    say(field[`fresh-${lang}`], [text.states[shown], when].filter(Boolean).join(" · "));
  }
}

function showSource(robot) {
  const source = robot?.report?.source ?? robot?.source ?? "live";
  screen.dataset.source = source;
  field.source.hidden = source === "live";
  for (const lang of LANGUAGES) say(field[`source-${lang}`], words[lang].sources[source]);
}

const plan = document.querySelector(".plan");
const UNIT = 10;

function place(pose) {
  return [(pose.x - data.booth.x) * UNIT, (data.booth.depth - (pose.y - data.booth.y)) * UNIT];
}

function inside(pose) {
  const slack = 0.6;
  return pose.x > data.booth.x - slack && pose.x < data.booth.x + data.booth.width + slack
    && pose.y > data.booth.y - slack && pose.y < data.booth.y + data.booth.depth + slack;
}

function marker() {
  const size = Math.max(data.booth.width, data.booth.depth) * UNIT / 22;
  const node = svg("g", { class: "robot" });
  node.append(
    svg("circle", { r: size * 1.6, class: "halo", "stroke-width": size / 4 }),
    svg("circle", { r: size, fill: "currentColor" }),
    svg("path", { d: `M${size * 0.65} 0L${-size * 0.4} ${-size * 0.5}V${size * 0.5}Z`, class: "nose" }),
  );
  plan.append(node);
  return node;
}

function showMap(state) {
  for (const [key, robot] of robots) {
    const pose = robot.report?.pose;
    robot.node ??= marker();
    const seen = pose && inside(pose);
    robot.node.setAttribute("visibility", seen ? "visible" : "hidden");
    robot.node.toggleAttribute("data-hero", key === hero);
    robot.node.dataset.state = robot.report ? stateOf(robot.report, feed.now()) : "none";
    if (!seen) continue;
    const [x, y] = place(pose);
    robot.node.setAttribute("transform", `translate(${x.toFixed(2)} ${y.toFixed(2)}) rotate(${(-(pose.theta ?? 0) * 180 / Math.PI).toFixed(1)})`);
    robot.node.toggleAttribute("data-no-heading", pose.theta === null || pose.theta === undefined);
  }
  const leader = robots.get(hero);
  field.trail.setAttribute("points", leader.trail.filter(inside).map((pose) => place(pose).map((v) => v.toFixed(1)).join(",")).join(" "));
  field.trail.parentNode.dataset.state = state;
  const out = leader.report?.pose && !inside(leader.report.pose);
  for (const lang of LANGUAGES) say(field[`where-${lang}`], out ? words[lang].outside : !leader.report || leader.report.pose ? "" : words[lang]["no-pose"]);
}

function showFleet() {
  const others = [...robots.keys()].filter((key) => key !== hero).map((key) => robots.get(key));
  for (const [index, row] of [...field.fleet.children].entries()) {
    const robot = others[index];
    row.hidden = !robot;
    if (!robot) continue;
    const state = robot.report ? stateOf(robot.report, feed.now()) : "none";
    row.dataset.state = feed.state === "offline" ? "offline" : state;
    row.querySelector("use").setAttribute("href", `#shape-${row.dataset.state}`);
    const [zh, en] = row.querySelectorAll("[lang]");
    say(zh, `${robot.zh} ${words.zh.states[row.dataset.state]}`);
    say(en, `${robot.en} ${words.en.states[row.dataset.state]}`);
    say(row.querySelector("em"), robot.report?.battery === null || robot.report?.battery === undefined ? "" : `${Math.round(robot.report.battery)} %`);
  }
}

function clock(ms, withSeconds = false) {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Shanghai" };
  return new Intl.DateTimeFormat("en-GB", withSeconds ? { ...options, second: "2-digit" } : options).format(ms);
}

const DAYS = {
  zh: new Intl.DateTimeFormat("zh-CN", { month: "long", day: "numeric", timeZone: "Asia/Shanghai" }),
  en: new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "Asia/Shanghai" }),
};

/** The day in fair time as a key to compare, never to show. */
function day(ms) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format(ms);
}

function starts(demo, lang) {
  const now = feed.now();
  const text = words[lang].demo;
  const at = Date.parse(demo.starts_at);
  if (at <= now) return text.running.replace("{time}", clock(Date.parse(demo.ends_at)));
  if (at - now < 5_400_000) return text.soon.replace("{n}", Math.max(1, Math.round((at - now) / 60_000)));
  if (day(at) === day(now)) return text.today;
  const near = day(at) === day(now + 86_400_000) ? text.tomorrow : text.later;
  return near.replace("{date}", DAYS[lang].format(at));
}

/** A demo runs when its time has come and its robot speaks; before that it is only planned for now. */
function labelOf(demo) {
  if (!demo || Date.parse(demo.starts_at) > feed.now()) return "label-next";
  const report = robots.get(demo.robot)?.report;
  return feed.state === "live" && report && isLive(stateOf(report, feed.now())) ? "label-running" : "label-scheduled";
}

function showNext() {
  const next = data.demos.find((demo) => Date.parse(demo.ends_at) > feed.now());
  for (const lang of LANGUAGES) {
    say(field[`label-${lang}`], words[lang].demo[labelOf(next)]);
    say(field[`when-${lang}`], next ? starts(next, lang) : words[lang].demo.none);
    say(field[`demo-${lang}`], next ? next[lang] : "");
  }
  say(field["demo-time"], next ? clock(Date.parse(next.starts_at)) : "");
}

function show() {
  say(field.time, clock(feed.now()));
  if (field["when-zh"]) showNext();
  if (!robots.size) return showFresh(null, "none");
  chooseHero();
  const robot = robots.get(hero);
  const state = robot.report ? stateOf(robot.report, feed.now()) : feed.state === "live" ? "none" : "loading";
  showNow(robot, state);
  showFigures(robot.report);
  showSource(robot);
  showMap(state);
  showFleet();
  showFresh(robot, state);
}

/** The booth's own facts change seldom: ask for them when told, and now and then; start afresh when more than the demos changed. */
async function refresh() {
  if (feed.state !== "live") return;
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = JSON.parse(page.getElementById("screen-data")?.textContent ?? "null");
  if (!fresh) return;
  const { demos, ...rest } = fresh;
  const { demos: _, ...known } = data;
  if (JSON.stringify(rest) !== JSON.stringify(known)) location.reload();
  data.demos = demos;
}

/** A demo was planned, moved or cancelled: the screen announces it as it is now. */
function takeDemo(demo) {
  const others = data.demos.filter((one) => one.demo !== demo.demo);
  data.demos = demo.act === "cancelled" ? others : [...others, demo].sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at));
}

feed.addEventListener("snapshot", (event) => { event.detail.robots.forEach(take); data.demos = event.detail.demos; show(); });
feed.addEventListener("timetable", (event) => { takeDemo(event.detail); show(); });
feed.addEventListener("booth", refresh);
feed.addEventListener("robot", (event) => { take(event.detail); show(); });
feed.addEventListener("state", show);
feed.addEventListener("second", show);
setInterval(refresh, 120_000);
show();
feed.start();
