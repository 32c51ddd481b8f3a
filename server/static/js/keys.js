/** Single-key shortcuts: what a key means after the one before it. Pure, but for the memory of this device. */
const MEMORY = "fairzone-keys";

/** Whether a key is for the page: not for a field that somebody types into, and not for the browser. */
export function isForPage({ ctrlKey = false, metaKey = false, altKey = false, target }) {
  const typing = target.closest?.("input, textarea, select, [contenteditable]") ?? null;
  return !ctrlKey && !metaKey && !altKey && typing === null;
}

/** What a key does after `before`: {act} where one of `ways` ("g z", "?") is complete, {before} where one has begun. */
export function step(before, key, ways) {
  const way = `${before} ${key}`.trim();
  if (ways.includes(way)) return { act: way, before: "" };
  if (ways.includes(key)) return { act: key, before: "" };
  return { act: "", before: ways.some((one) => one.startsWith(`${key} `)) ? key : "" };
}

/** The place in a list after J or K, from `here` (-1: nowhere) among `count`. */
export function stepped(here, key, count) {
  if (here < 0) return 0;
  return Math.min(count - 1, Math.max(0, here + (key === "j" ? 1 : -1)));
}

/** Whether shortcuts are on, on this device. */
export function shortcutsOn(memory) {
  return memory.getItem(MEMORY) !== "off";
}

/** Switch them on or off, on this device. */
export function switchShortcuts(memory, on) {
  if (on) memory.removeItem(MEMORY);
  else memory.setItem(MEMORY, "off");
}
