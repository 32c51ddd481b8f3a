/** The booth's screen: who leads, what is said, and which demo is announced. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { follow, leader, nextDemo, onFloor, sentence, withDemo } from "../../../server/features/screens/static/booth-model.js";

const NOON = Date.parse("2026-04-16T04:00:00Z");
const WORDS = {
  states: { stopped: "Stopped safely", working: "Working" },
  activities: { moving: "Moving" },
};
const DEMO_WORDS = {
  running: "until {time}", soon: "in {n} min", today: "today", tomorrow: "tomorrow, {date}", later: "{date}",
  none: "none planned", "label-next": "Next", "label-running": "Running", "label-scheduled": "Scheduled now",
};

function demo(code, minutes) {
  const at = (later) => new Date(NOON + later * 60_000).toISOString();
  return { demo: code, robot: "r", en: code, zh: code, starts_at: at(minutes), ends_at: at(minutes + 20) };
}

test("the busiest leads, equals take turns, and a leader keeps its place for a moment", () => {
  const ranks = (...all) => new Map(all.map((rank, index) => [`r${index}`, rank]));

  assert.equal(leader(ranks(1, 0), "r0", 60_000, 5), "r1");
  assert.equal(leader(ranks(1, 0), "r0", 2_000, 5), "r0");
  assert.equal(leader(ranks(6, 0), "r0", 2_000, 5), "r1");
  assert.equal(leader(ranks(0, 0), "r0", 2_000, 5), "r0");
  assert.equal(leader(ranks(0, 0), "r0", 60_000, 5), "r1");
  assert.equal(leader(ranks(0, 0), "r1", 60_000, 5), "r0");
  assert.equal(leader(ranks(0), "r0", 60_000, 5), "r0");
});

test("a trail holds the last places that differ", () => {
  const robot = { trail: [] };

  for (let step = 0; step < 200; step += 1) follow(robot, { pose: { x: Math.floor(step / 2), y: 0 } });
  follow(robot, { pose: null });

  assert.deepEqual([robot.trail.length, robot.trail.at(-1), robot.report.pose], [90, { x: 99, y: 0 }, null]);
});

test("a robot that stands still safely says nothing of its task", () => {
  const report = { activity: "moving", task: { en: "Tray to table 4", zh: "送餐" } };

  assert.equal(sentence(report, "working", "en", WORDS), "Moving: Tray to table 4");
  assert.equal(sentence(report, "working", "zh", WORDS), "Moving：送餐");
  assert.equal(sentence(report, "stopped", "en", WORDS), "Stopped safely");
  assert.equal(sentence({ activity: "odd", task: null }, "working", "en", WORDS), "Working");
});

test("a demo runs only while its robot speaks", () => {
  const shown = (minutes, speaks) => {
    const { label, when } = nextDemo([demo("d", minutes)], NOON, "en", DEMO_WORDS, () => speaks);
    return [label, when];
  };

  assert.deepEqual(shown(-5, true), ["Running", "until 12:15"]);
  assert.deepEqual(shown(-5, false), ["Scheduled now", "until 12:15"]);
  assert.deepEqual(shown(30, true), ["Next", "in 30 min"]);
  assert.deepEqual(shown(180, true), ["Next", "today"]);
  assert.deepEqual(shown(24 * 60, true), ["Next", "tomorrow, 17 Apr"]);
  assert.deepEqual(shown(-30, true), ["Next", "none planned"]);
});

test("a demo that is moved takes its new place, and a cancelled one is not announced", () => {
  const before = [demo("a", 10), demo("b", 20)];

  const codes = (demos) => demos.map((one) => one.demo);

  assert.deepEqual(codes(withDemo(before, { ...demo("a", 30), act: "changed" })), ["b", "a"]);
  assert.deepEqual(codes(withDemo(before, { ...demo("a", 10), act: "cancelled" })), ["b"]);
});

test("a robot just beside the floor is on it", () => {
  const booth = { x: 3, y: 3, width: 6, depth: 6 };

  assert.deepEqual([2.5, 2.3, 9.5, 9.7].map((x) => onFloor(booth, { x, y: 4 })), [true, false, true, false]);
});
