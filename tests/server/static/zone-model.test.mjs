/** What a reader of the zone may believe, told by snapshots and digests alone. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Zone, boothOf, counted, stateOf } from "../../../server/static/js/zone-model.js";

const NOON = Date.parse("2026-04-16T04:00:00Z");
const STATES = ["fault", "working", "live", "waiting", "charging", "stopped", "refused", "silent", "none"];
const UNHEARD = ["none", "refused", "silent"];
const PLACES = { A01: [0, 0, 6, 6], A02: [10, 0, 6, 6] };
const NANLING = {
  exhibitor: "nanling",
  names: ["Nanling Robotics", "南岭机器人"],
  cities: ["Guangzhou", "广州"],
  guangdong: true,
  robots: [[7, "walker-7", "humanoid", "Walker Seven", "行者七号"], [8, "tea-1", "delivery", "Tea One", "茶一号"]],
};

function picture(more = {}) {
  return { now: new Date(NOON).toISOString(), ...more };
}

function zone(more = {}) {
  const found = new Zone({ states: STATES, unheard: UNHEARD, hall: [0, 0, 84, 50], places: PLACES });
  const booths = [{ booth: "A01", exhibitor: "nanling", version: 1 }, { booth: "A02", exhibitor: null, version: 1 }];
  found.take(picture({ exhibitors: [NANLING], booths, robots: [], demos: [], refusals: [], ...more }), true);
  return found;
}

function demo(code, startsMin, more = {}) {
  const at = (minutes) => new Date(NOON + minutes * 60_000).toISOString();
  const hours = { starts_at: at(startsMin), ends_at: at(startsMin + 20) };
  return { demo: code, act: "planned", exhibitor: "nanling", robot: "nanling/walker-7", ...hours, ...more };
}

const stateOfBooth = (one, number, now = NOON) => one.boothsAt(now).get(number)?.state;

test("a booth is what its most telling robot is, and silent when none of them is heard any more", () => {
  const one = zone({ robots: [[7, 1, 2, 30, 30], [8, 3, 0, 20, 20]] });

  assert.equal(stateOfBooth(one, "A01"), "working");
  assert.equal(stateOfBooth(one, "A01", NOON + 60_000), "silent");
  assert.deepEqual([one.heard(NOON), one.heard(NOON + 60_000)], [2, 0]);
  assert.equal(one.boothsAt(NOON).get("A01").newest, NOON);
});

test("a robot that speaks seldom by its protocol is not silent too early", () => {
  const one = zone({ robots: [[7, 1, 20, 30, 30, 40]] });

  assert.equal(stateOfBooth(one, "A01"), "working");
  assert.equal(stateOfBooth(one, "A01", NOON + 21_000), "silent");
});

test("a robot that is elsewhere in the hall is in no booth, and one off the plan in its first", () => {
  const one = zone({ robots: [[7, 1, 0, 300, 300], [8, 3, 0]] });

  assert.equal(stateOfBooth(one, "A01"), "waiting");
  one.take(picture({ robots: [[8, 3, 0, 300, 310]] }), false);
  assert.equal(stateOfBooth(one, "A01"), "none");
});

test("a digest changes what it names and nothing else", () => {
  const one = zone({ robots: [[7, 1, 0, 30, 30], [8, 4, 0, 20, 20]] });

  one.take(picture({ robots: [[7, 5, 0, 31, 30]] }), false);

  assert.deepEqual([...one.robots.values()].map(({ state, pose }) => [state, pose]), [
    ["stopped", { x: 3.1, y: 3 }],
    ["charging", { x: 2, y: 2 }],
  ]);
});

test("a snapshot is the whole: what it does not name is gone", () => {
  const one = zone({ robots: [[7, 1, 0, 30, 30]], demos: [demo("d1", 5)] });

  one.take(picture({ exhibitors: [NANLING], booths: [], robots: [], demos: [] }), true);

  assert.deepEqual([one.heard(NOON), one.coming(NOON), [...one.boothsAt(NOON)]], [0, [], []]);
});

test("a booth that changes hands takes its robots along", () => {
  const one = zone({ robots: [[7, 1, 0]] });

  one.take(picture({ booths: [{ booth: "A01", exhibitor: null }, { booth: "A02", exhibitor: "nanling" }] }), false);

  assert.deepEqual([...one.boothsAt(NOON).keys()], ["A02"]);
  assert.equal(stateOfBooth(one, "A02"), "working");
});

test("a robot that is enrolled appears with its first report, and one that is switched off goes", () => {
  const one = zone();
  const third = [9, "new-1", "guide", "New One", "新一号"];

  one.take(picture({ exhibitors: [{ ...NANLING, robots: [...NANLING.robots, third] }], robots: [[9, 1, 0]] }), false);
  assert.equal(stateOfBooth(one, "A01"), "working");
  one.take(picture({ exhibitors: [{ ...NANLING, robots: [third] }] }), false);

  assert.deepEqual([...one.robots.keys()], [9]);
});

test("demos come in order, run when their robot speaks, and a cancelled one is gone", () => {
  const one = zone({ robots: [[7, 1, 0]], demos: [demo("later", 30), demo("now", -5), demo("over", -40)] });

  assert.deepEqual(one.coming(NOON).map((each) => each.demo), ["now", "later"]);
  assert.deepEqual(one.coming(NOON).map((each) => one.demoAt(each, NOON)), ["running", ""]);
  assert.equal(one.demoAt(demo("now", -5), NOON + 30_000), "scheduled");
  one.take(picture({ demos: [demo("now", -5, { act: "cancelled" })] }), false);
  assert.deepEqual(one.coming(NOON).map((each) => each.demo), ["later"]);
});

test("more demos are asked for only when a full snapshot is nearly used up", () => {
  const demos = Array.from({ length: 30 }, (_, index) => demo(`d${index}`, index * 20));
  const one = zone({ demos });

  assert.deepEqual([0, 460, 480].map((minutes) => one.wantsMore(NOON + minutes * 60_000)), [false, true, true]);
  assert.equal(zone({ demos: [demo("d", 1)] }).wantsMore(NOON), false);
});

test("their own people see the gravest first, and a refused robot is not a silent one", () => {
  const refusal = { robot: "nanling/tea-1", at: new Date(NOON - 5_000).toISOString(), detail: { en: "Wrong word" } };
  const fault = [7, 0, 0, 30, 30, null, { code: "motor", text: { en: "Too hot" } }];
  const one = zone({ robots: [fault], refusals: [refusal] });

  const told = (now) => one.concerns(now).map(({ robot, state }) => [robot.number, state]);

  assert.deepEqual(told(NOON), [[7, "fault"], [8, "refused"]]);
  assert.deepEqual(told(NOON + 120_000), [[7, "silent"]]);
});

test("a low battery is a concern while the robot is heard", () => {
  const one = zone({ robots: [[7, 1, 0, 30, 30, null, { battery: 12 }]] });

  assert.deepEqual(one.concerns(NOON).map(({ state }) => state), ["waiting"]);
});

test("a robot at the edge is in the booth that holds it, then in the one that nearly does", () => {
  const booths = Object.entries(PLACES);

  const where = [{ x: 3, y: 3 }, { x: 9.6, y: 3 }, { x: 8, y: 3 }, null, { x: 99, y: 3 }].map((pose) =>
    boothOf(pose, booths, [0, 0, 84, 50]));

  assert.deepEqual(where, ["A01", "A02", "", "A01", "A01"]);
  assert.equal(boothOf({ x: 3, y: 3 }, [], null), "");
});

test("a report is believed for as long as it says", () => {
  const at = new Date(NOON).toISOString();

  assert.equal(stateOf(null, NOON), "none");
  assert.equal(stateOf({ at, state: "live" }, NOON + 15_000), "live");
  assert.equal(stateOf({ at, state: "live" }, NOON + 15_001), "silent");
  assert.equal(stateOf({ at, state: "live", silent_after: 40 }, NOON + 30_000), "live");
});

test("states are counted", () => {
  assert.deepEqual([...counted(["live", "none", "live"])], [["live", 2], ["none", 1]]);
});
