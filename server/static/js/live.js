import { openSource } from "./live-source.js";

/**
 * The live feed: one source of events under a watchdog. A tab that nobody sees has none. It knows when it is blind, and
 * never stays so.
 *
 * A browser gives an EventSource up for good after an HTTP error, and waits for ever on a connection that went dead
 * without a word. So every failure ends the old source and opens a new one, with back-off, and fifteen seconds without
 * a tick count as a failure. A page that missed nothing resumes behind the last event that it saw.
 *
 * Events: `snapshot` and, of the whole zone, `digest` {now, robots, exhibitors, booths, demos, refusals}; otherwise
 * `robot`, `exhibitor`, `timetable`, `booth`, `refusal`, `alarm`; `tick` {now, build}; `state` "loading" | "live" |
 * "offline"; `second`.
 */
export const SILENCE_MS = 15_000;
const GRACE_MS = 2_500;
const SPREAD_MS = 60_000;
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
    document.addEventListener("visibilitychange", () => (document.hidden ? this.close() : this.retryNow()));
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
    document.documentElement.dataset.joined = "feed"; // from here on no change is missed
    if (data.now) this.setClock(data.now);
    if (name === "tick") this.checkBuild(data.build);
    this.dispatchEvent(new CustomEvent(name, { detail: data }));
  }

  /** Ask for a snapshot anew, at a moment of this page's own within `spread` ms, so that pages do not ask together. */
  renew(spread) {
    this.renewal ??= setTimeout(() => {
      this.renewal = null;
      this.lastId = null;
      this.url.searchParams.delete("last");
      if (!document.hidden) this.open();
    }, Math.random() * spread);
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

  /** A newer server has newer pages: a screen that nobody touches is loaded again, a reader is told. */
  async checkBuild(build) {
    this.build ??= build;
    if (build === this.build || this.outdated) return;
    this.outdated = true;
    const note = document.querySelector("[data-newer]");
    if (note) note.hidden = false;
    else setTimeout(() => this.loadNewer(), Math.random() * SPREAD_MS);
  }

  async loadNewer() {
    const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
    if (answer?.ok) location.reload();
    else this.outdated = false;
  }
}

const told = document.getElementById("shapes")?.dataset ?? {};
/** The states of a robot, the most telling first, and those of one that does not speak: the server's one list. */
export const STATES = told.states?.split(" ") ?? [];
export const UNHEARD = told.unheard?.split(" ") ?? [];

/** The words that the server rendered into the page for its scripts. */
export function readData(id) {
  const block = document.getElementById(id);
  return block ? JSON.parse(block.textContent) : {};
}

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

/** Show a state where its shape stands, and its words where they are given. */
export function showState(node, state, text = null) {
  if (text !== null) say(node.querySelector("span"), text);
  if (node.dataset.state === state) return;
  node.dataset.state = state;
  node.querySelector("use")?.setAttribute("href", `#shape-${state}`);
}
