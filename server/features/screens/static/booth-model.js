/** What a booth's screen shows: which robot leads, what it says, and which demo comes next. Pure. */
import { clock, startOf } from "./moments.js";
import { stateOf } from "../js/zone-model.js";

const TURN_MS = 30_000;
const HOLD_MS = 8_000;
const TRAIL = 90;
const STEP_M = 0.03;
const SLACK_M = 0.6;

/** Take a report of a robot and go on with the trail of where it has been. */
export function follow(robot, report) {
  robot.report = report;
  const last = robot.trail.at(-1);
  const { pose } = report;
  if (pose && (!last || Math.hypot(last.x - pose.x, last.y - pose.y) > STEP_M)) robot.trail.push(pose);
  if (robot.trail.length > TRAIL) robot.trail.shift();
}

/**
 * The robot that leads: the busiest one, among equals each in its turn. A leader keeps its place for a while, so that
 * nothing flickers. `ranks` by robot, the busiest least, from `unheard` on those that do not speak; `led` in ms.
 */
export function leader(ranks, before, led, unheard) {
  const best = Math.min(...ranks.values());
  const equals = [...ranks.keys()].filter((key) => ranks.get(key) === best);
  const turn = equals.length === 1 || led < TURN_MS;
  const stays = equals.includes(before) ? turn : led < HOLD_MS && ranks.get(before) < unheard;
  return stays ? before : equals[(equals.indexOf(before) + 1) % equals.length];
}

/** Whether a position is on a booth's floor, or no further beside it than robots measure. */
export function onFloor({ x, y, width, depth }, pose) {
  const [east, north] = [pose.x - x, pose.y - y];
  return east > -SLACK_M && east < width + SLACK_M && north > -SLACK_M && north < depth + SLACK_M;
}

/** What a robot does, as a sentence in one language: its activity, and its task where it has one. */
export function sentence(report, state, lang, words) {
  if (state === "stopped" || !report) return words.states[state];
  const doing = words.activities[report.activity] ?? words.states[state];
  const task = report.task?.[lang] ?? report.task?.en ?? Object.values(report.task ?? {})[0];
  return [doing, task].filter(Boolean).join(lang === "zh" ? "：" : ": ");
}

/** The demos after one was planned, changed or cancelled, the next first. */
export function withDemo(demos, demo) {
  const others = demos.filter((one) => one.demo !== demo.demo);
  if (demo.act === "cancelled") return others;
  return [...others, demo].sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at));
}

/** The next demo in words: {label, when, title, time}. It runs when its time has come and its robot `speaks`. */
export function nextDemo(demos, now, lang, words, speaks) {
  const next = demos.find((demo) => Date.parse(demo.ends_at) > now);
  if (!next) return { label: words["label-next"], when: words.none, title: "", time: "" };
  const begun = Date.parse(next.starts_at) <= now;
  const label = !begun ? "label-next" : speaks(next.robot) ? "label-running" : "label-scheduled";
  const time = clock(Date.parse(next.starts_at));
  return { label: words[label], when: startOf(next, now, lang, words), title: next[lang], time };
}

/** The state of a robot on the screen, which knows nothing of one before the feed has spoken. */
export function shownState(report, now, live) {
  if (report) return stateOf(report, now);
  return live ? "none" : "loading";
}
