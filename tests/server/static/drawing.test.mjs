/** What is drawn where on the plan, and how old things are said to be. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { clearOf, fit, nameIn, wrapped, zoomed } from "../../../server/static/js/geometry.js";
import { age, clock } from "../../../server/features/screens/static/moments.js";

const WHOLE = [-4, -4, 848, 508];

test("a view stays within the plan, in the frame's proportions, and never comes too close", () => {
  assert.deepEqual(fit([-500, 0, 300, 300], WHOLE, 2), [-4, 75, 300, 150]);
  assert.deepEqual(fit([100, 100, 10, 10], WHOLE, 1), [60, 60, 90, 90]);
  assert.deepEqual(fit([0, 0, 5_000, 5_000], WHOLE, 1), [-4, -174, 848, 848]);
});

test("zooming leaves the point under the finger where it is", () => {
  assert.deepEqual(zoomed([0, 0, 100, 100], 2, [50, 50]), [25, 25, 50, 50]);
});

test("a dot steps aside from a number by the shorter way", () => {
  const boxes = [{ x: 10, y: 10, width: 20, height: 8 }];

  assert.deepEqual(clearOf([50, 50], 3, boxes), [50, 50]);
  assert.deepEqual(clearOf([12, 12], 3, boxes), [12, 7]);
  assert.deepEqual(clearOf([29, 17], 3, boxes), [33, 17]);
});

test("a name is broken as on the server", () => {
  assert.deepEqual(wrapped("Nanling Service Robotics", 16), ["Nanling Service", "Robotics"]);
  assert.deepEqual(wrapped("南岭服务机器人有限公司", 4), ["南岭服务", "机器人有", "限公司"]);
  assert.deepEqual(wrapped("Foo Extraordinary", 8), ["Foo Extr", "aordinar", "y"]);
});

test("a name that does not fit says so", () => {
  assert.deepEqual(nameIn("Nanling Service Robotics", 60, 60, false), {
    kind: "", top: 24, step: 9.8, lines: ["Nanling", "Service", "Robotics"],
  });
  assert.deepEqual(nameIn("Nanling Service Robotics of Guangzhou", 30, 30, false).lines, ["Nanling", "Service…"]);
});

test("an age is said in the unit that fits", () => {
  const words = { "under-second": "now", seconds: "{n} s", minutes: "{n} min", hours: "{n} h" };

  const said = [-5, 1_000, 12_000, 100_000, 7_200_000].map((ms) => age(ms, words));

  assert.deepEqual(said, ["now", "now", "12 s", "2 min", "2 h"]);
});

test("the clock is the fair's, wherever the reader is", () => {
  assert.equal(clock(Date.parse("2026-04-16T04:05:09Z")), "12:05");
  assert.equal(clock(Date.parse("2026-04-16T04:05:09Z"), "seconds"), "12:05:09");
});
