/** Parts of a page that the feed tells of: each is asked for anew when told, many words once, and never by a clock. */
import { LiveFeed, say } from "./live.js";

const JITTER_MS = 300;
/** Of what robots go on saying a part shows the newest so often at most, and once more when they have fallen silent. */
const REST_MS = 5_000;
const SETTLED_MS = 20_000;
const FRESH_MS = 10_000;
const MISSING_MS = 90_000;

const chinese = document.documentElement.lang.startsWith("zh");
const due = new Map();
const asked = new Map();
const parts = () => [...document.querySelectorAll("[data-told-by]")];
let settling = null;
let missing = null;
let heard = false;

function ask(id) {
  due.delete(id);
  asked.set(id, performance.now());
  window.htmx?.trigger(document.getElementById(id), "news");
}

/** Ask for a part once, at a moment of this page's own; what can wait lets it rest first. */
function soon({ id }, canWait) {
  const rest = canWait ? Math.max(0, (asked.get(id) ?? 0) + REST_MS - performance.now()) : 0;
  if (due.has(id) && canWait) return;
  clearTimeout(due.get(id));
  due.set(id, setTimeout(() => ask(id), rest + Math.random() * JITTER_MS));
}

function hint(about) {
  told(about);
  if (about === "beat") watchBeat();
}

function told(name, canWait = false) {
  for (const part of parts()) if (part.dataset.toldBy.split(" ").includes(name)) soon(part, canWait);
}

/** A robot goes on speaking: its part follows in its own time, and sees it fall silent. */
function spoken() {
  told("robot", true);
  clearTimeout(settling);
  settling = setTimeout(() => told("robot"), SETTLED_MS);
}

/** The worker beats once a minute; when it does not, its part says so. */
function watchBeat() {
  clearTimeout(missing);
  missing = setTimeout(() => told("beat"), MISSING_MS);
}

/** What was refused or raises an alarm is also said at once. */
function said({ type, detail: { robot, detail } }) {
  say(document.querySelector("[data-desk-told]"), `${robot}: ${(chinese && detail.zh) || detail.en || ""}`);
  told(type);
}

/** The whole zone's digest tells of everything by its name; of the robots only where one has another state. */
const states = new Map();
function digested({ detail: { now, robots = [], news = [], ...others } }) {
  const changed = robots.filter(([number, state]) => states.get(number) !== state);
  for (const [number, state] of robots) states.set(number, state);
  if (changed.length) told("robot", true);
  for (const name of Object.keys(others)) told(name);
  for (const { about } of news) hint(about);
}

// What the reader has opened stays open, and the focus stays where it was.
let opened = [];
let focused = null;
document.addEventListener("htmx:beforeSwap", ({ target }) => {
  opened = [...target.querySelectorAll("details[open][id]")].map((one) => one.id);
  focused = target.contains(document.activeElement) ? document.activeElement.closest("[id]")?.id : null;
});
document.addEventListener("htmx:afterSwap", () => {
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  const back = focused ? document.getElementById(focused) : null;
  (back?.matches("a, button, summary") ? back : back?.querySelector("summary, a"))?.focus();
});

const feed = new LiveFeed(parts()[0].dataset.feed ?? "/live?own=1");
feed.addEventListener("snapshot", () => {
  // Whoever was away for long may have missed something.
  if (heard || performance.now() > FRESH_MS) for (const part of parts()) soon(part, false);
  heard = true;
  watchBeat();
});
feed.addEventListener("digest", digested);
feed.addEventListener("robot", spoken);
feed.addEventListener("news", ({ detail }) => hint(detail.about));
for (const name of ["refusal", "alarm"]) feed.addEventListener(name, said);
feed.start();
