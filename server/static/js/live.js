import { openSource } from "./live-source.js";

/**
 * The live feed: one source of events under a watchdog. A tab that nobody sees has none. It knows when it is blind, and never stays so.
 *
 * A browser gives an EventSource up for good after an HTTP error, and waits for ever on a connection that went dead
 * without a word. So every failure ends the old source and opens a new one, with back-off, and fifteen seconds without
 * a tick count as a failure. A page that missed nothing resumes behind the last event that it saw.
 *
 * Events: `snapshot` {now, robots, demos}, `robot` R, `timetable` D, `booth` B, `refusal`, `alarm`, `tick` {now, build}, `state` "loading" | "live" | "offline".
 */
export const SILENCE_MS = 15_000;
const GRACE_MS = 2_500;
const BACKOFF_MS = [500, 1_000, 2_000, 4_000, 8_000, 10_000];

export class LiveFeed extends EventTarget {
  constructor(url) {
    super();
    this.url = new URL(url, location.href);
    this.state = "loading";
    this.build = document.documentElement.dataset.build || null;
    this.lastId = null;
    this.failures = 0;
    this.contactAt = null;
    this.failedAt = null;
    this.offset = Date.now() - performance.now();
  }

  /** Open the feed and keep it open until the page goes. */
  start() {
    this.open();
    this.guard = setInterval(() => this.watch(), 1_000);
    addEventListener("pagehide", () => this.close());
    addEventListener("pageshow", (event) => { if (event.persisted) this.open(); });
    addEventListener("online", () => this.retryNow());
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.close(); else this.retryNow(); });
    return this;
  }

  /** Milliseconds since 1970 by the server's clock: the reader's own may be wrong by hours. */
  now() {
    return performance.now() + this.offset;
  }

  /** Milliseconds since the server was last heard, or null before the first time. */
  silence() {
    return this.contactAt === null ? null : performance.now() - this.contactAt;
  }

  open() {
    this.close();
    if (document.hidden) return;
    if (this.lastId) this.url.searchParams.set("last", this.lastId);
    this.openedAt = performance.now();
    const turn = Symbol("turn");
    this.turn = turn;
    const mine = (act) => (...what) => { if (turn === this.turn) act(...what); };
    const use = {
      hear: mine((name, text, id) => this.take(name, text, id)),
      opened: mine(() => this.heard()),
      failed: mine(() => this.failed()),
      last: () => this.lastId,
    };
    this.source = openSource(this.url, use, this.asleep);
    this.asleep = false;
  }

  /** Hear an event once, also where it comes twice: with what was missed, and from the tab that holds the stream. */
  take(name, text, id) {
    if (id && name !== "snapshot" && this.lastId && Number(id) <= Number(this.lastId) && name !== "tick") return;
    const data = JSON.parse(text);
    if (id) this.lastId = id;
    this.heard();
    if (name === "snapshot" || name === "tick") this.setClock(data.now);
    if (name === "tick") this.checkBuild(data.build);
    this.dispatchEvent(new CustomEvent(name, { detail: data }));
  }

  close() {
    clearTimeout(this.retry);
    this.turn = null;
    if (this.source) this.source.close();
    this.source = null;
  }

  retryNow() {
    if (this.source && this.failures === 0) return;
    this.open();
  }

  heard() {
    this.contactAt = performance.now();
    this.failedAt = null;
    this.failures = 0;
    this.setState("live");
  }

  failed() {
    this.close();
    this.failedAt ??= performance.now();
    const wait = BACKOFF_MS[Math.min(this.failures, BACKOFF_MS.length - 1)];
    this.failures += 1;
    this.retry = setTimeout(() => this.open(), wait * (0.75 + Math.random() / 2));
  }

  watch() {
    const quiet = performance.now() - Math.max(this.contactAt ?? 0, this.openedAt ?? 0);
    if (this.source && quiet > SILENCE_MS) {
      this.asleep = true;
      this.failed();
    }
    if (this.failedAt !== null && performance.now() - this.failedAt > GRACE_MS) this.setState("offline");
    this.dispatchEvent(new Event("second"));
  }

  setState(state) {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new CustomEvent("state", { detail: state }));
  }

  setClock(now) {
    this.offset = Date.parse(now) - performance.now();
  }

  /** A newer server serves newer pages: load this one again, once the server is sure to answer. */
  async checkBuild(build) {
    this.build ??= build;
    if (build === this.build || this.reloading) return;
    this.reloading = true;
    const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
    if (answer?.ok) location.reload();
    else this.reloading = false;
  }
}

/** The words that the server rendered into the page for its scripts. */
export function readData(id) {
  const block = document.getElementById(id);
  return block ? JSON.parse(block.textContent) : {};
}

/** "12 s ago" from a table of words per language; `words` has under-second, seconds, minutes, hours with {n}. */
export function age(ms, words) {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 1.5) return words["under-second"];
  if (seconds < 90) return words.seconds.replace("{n}", Math.round(seconds));
  if (seconds < 5_400) return words.minutes.replace("{n}", Math.round(seconds / 60));
  return words.hours.replace("{n}", Math.round(seconds / 3_600));
}

/** The state that a reader may believe: a robot not heard for its `silent_after` is silent, whatever it last said. */
export function stateOf(robot, now) {
  if (!robot) return "none";
  return now - Date.parse(robot.at) > (robot.silent_after ?? 15) * 1_000 ? "silent" : robot.state;
}

const REFUSED_MS = 60_000;

/** The state for a robot's own people, who alone are told of refusals: the server's `heard_state`. */
export function heardState(robot, refusal, now) {
  const state = stateOf(robot, now);
  return refusal && !isLive(state) && now - Date.parse(refusal.at) <= REFUSED_MS ? "refused" : state;
}

/** Whether a state is one of something that is heard. */
export function isLive(state) {
  return state !== "none" && state !== "silent" && state !== "refused";
}

const SLACK_M = 0.6;

function holds([, x, y, width, depth], pose, slack = 0) {
  return pose.x >= x - slack && pose.x <= x + width + slack && pose.y >= y - slack && pose.y <= y + depth + slack;
}

/** In which of its exhibitor's booths, each [number, x, y, width, depth], a robot is: the server's `booth_of`. */
export function boothOf(report, booths, hall) {
  if (!booths.length) return "";
  const pose = report?.pose;
  if (!pose || (hall && !holds(hall, pose))) return booths[0][0];
  const found = booths.find((booth) => holds(booth, pose)) ?? booths.find((booth) => holds(booth, pose, SLACK_M));
  return found?.[0] ?? "";
}

/** How much a state deserves the eye, the busiest first. */
export const BUSY = ["fault", "working", "live", "waiting", "charging", "stopped", "refused", "silent", "none"];

const SVG = "http://www.w3.org/2000/svg";

/** An SVG element with attributes (never a style: the policy forbids it). */
export function svg(name, attributes = {}) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

/** Set an element's text only where it changed, so that screen readers and painters rest. */
export function say(node, text) {
  if (node && node.textContent !== text) node.textContent = text;
}
