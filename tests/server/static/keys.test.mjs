/** Single-key shortcuts: what they mean, where they are off, and that a person can switch them off. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { isForPage, shortcutsOn, step, stepped, switchShortcuts } from "../../../server/static/js/keys.js";

const WAYS = ["?", "/", "j", "g z", "g t", "3"];

function keyed(more = {}, within = null) {
  return { ctrlKey: false, metaKey: false, altKey: false, target: { closest: () => within }, ...more };
}

test("a key is the browser's with a modifier, and a field's while somebody types", () => {
  const seen = [keyed(), keyed({ ctrlKey: true }), keyed({ altKey: true }), keyed({}, {}), { target: {} }];

  assert.deepEqual(seen.map(isForPage), [true, false, false, false, true]);
});

test("two keys make a way, and one that leads nowhere forgets the first", () => {
  assert.deepEqual(step("", "g", WAYS), { act: "", before: "g" });
  assert.deepEqual(step("g", "z", WAYS), { act: "g z", before: "" });
  assert.deepEqual(step("g", "x", WAYS), { act: "", before: "" });
  assert.deepEqual(step("g", "j", WAYS), { act: "j", before: "" });
  assert.deepEqual(step("", "3", WAYS), { act: "3", before: "" });
});

test("J and K stay within the list", () => {
  assert.deepEqual([stepped(-1, "k", 3), stepped(0, "j", 3), stepped(2, "j", 3), stepped(0, "k", 3)], [0, 1, 2, 0]);
});

test("who switches the shortcuts off on a device finds them off", () => {
  const kept = new Map();
  const memory = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, value),
    removeItem: (name) => kept.delete(name),
  };

  const before = shortcutsOn(memory);
  switchShortcuts(memory, false);
  const off = shortcutsOn(memory);
  switchShortcuts(memory, true);

  assert.deepEqual([before, off, shortcutsOn(memory)], [true, false, true]);
});
