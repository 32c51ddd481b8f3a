/**
 * Where a page's live events come from. A browser has six connections to a site over HTTP/1.1, so tabs that want the
 * same stream share it: one holds it, under a lock that passes on by itself when its tab goes, and tells the others
 * over a channel. Whoever joins reads the beginning once, one tab at a time. A browser holds four streams at most;
 * what is beyond is read anew every few seconds. Where a browser has no locks (old ones, and pages without TLS), each
 * tab that can be seen has a stream of its own.
 */
const NAMES = ["snapshot", "digest", "tick", "robot", "exhibitor", "timetable", "booth", "refusal", "alarm", "news"];
const PREFIX = "fairzone-live";
const SLOTS = 4;
const TURN_MS = 5_000;

/** A stream of this tab's own. `use` has hear(name, data, id), opened() and failed(). */
class OwnSource {
  constructor(url, use) {
    this.source = new EventSource(url);
    const hear = ({ type, data, lastEventId }) => use.hear(type, data, lastEventId);
    for (const name of NAMES) this.source.addEventListener(name, hear);
    this.source.addEventListener("open", () => use.opened());
    this.source.addEventListener("error", () => use.failed());
  }

  close() {
    this.source.close();
  }
}

class SharedSource {
  constructor(url, use, steal) {
    this.url = url;
    this.use = use;
    const key = new URL(url);
    key.searchParams.delete("last");
    this.key = `${PREFIX} ${document.documentElement.dataset.reader ?? ""} ${key.pathname}${key.search}`;
    this.channel = new BroadcastChannel(this.key);
    this.channel.addEventListener("message", (event) => this.take(event.data));
    this.leaving = new AbortController();
    this.join(steal);
  }

  close() {
    this.closed = true;
    this.leaving.abort();
    this.channel.close();
    this.letGo?.();
    this.own?.close();
    this.beginning?.close();
    clearTimeout(this.turn);
  }

  /** Hold the stream, if nobody does; otherwise read the beginning and wait for the one who holds it to go. */
  async join(steal) {
    const held = (lock) => (lock ? this.hold() : null);
    try {
      if (await navigator.locks.request(this.key, steal ? { steal: true } : { ifAvailable: true }, held)) return;
      this.begin();
      await navigator.locks.request(this.key, { signal: this.leaving.signal }, held);
    } catch (error) {
      // Taken by a tab that heard nothing for too long, or left while it waited.
      if (!this.closed) this.failed(error);
    }
  }

  async hold() {
    if (this.closed) return true;
    const gone = new Promise((done) => { this.letGo = done; });
    await this.stream();
    await gone;
    return true;
  }

  /** Open the stream where there is room for one; else read anew what is, again and again. */
  async stream() {
    if (this.closed) return;
    if (await this.room()) {
      this.beginning?.close();
      this.own = new OwnSource(this.fresh(), this.both());
      if (this.closed) this.own.close();
      return;
    }
    this.begin(this.both());
    this.turn = setTimeout(() => this.stream(), TURN_MS);
  }

  /** Take one of the places for a stream until this one is let go of. */
  async room() {
    for (let slot = 1; slot <= SLOTS; slot += 1) {
      const taken = await new Promise((tell) => {
        navigator.locks.request(`${PREFIX} slot ${slot}`, { ifAvailable: true }, (lock) => {
          tell(Boolean(lock));
          return lock ? new Promise((done) => this.whenLetGo(done)) : null;
        });
      });
      if (taken) return true;
    }
    return false;
  }

  whenLetGo(done) {
    const before = this.letGo;
    this.letGo = () => { before?.(); done(); };
    if (this.closed) this.letGo();
  }

  /** Read the beginning alone: what was missed, or a snapshot, up to the first tick. One tab at a time. */
  begin(use = this.use) {
    navigator.locks.request(`${PREFIX} beginning`, { signal: this.leaving.signal }, () => new Promise((done) => {
      const end = () => { this.beginning?.close(); done(); };
      this.leaving.signal.addEventListener("abort", done);
      this.beginning = new OwnSource(this.fresh(), {
        hear: (name, data, id) => { use.hear(name, data, id); if (name === "tick") end(); },
        opened: () => undefined,
        failed: () => { end(); if (!this.closed) use.failed(); },
      });
    })).catch(() => undefined);
  }

  /** What this tab and all that share with it are told. */
  both() {
    return {
      hear: (name, data, id) => { this.tell({ name, data, id }); this.use.hear(name, data, id); },
      opened: () => this.use.opened(),
      failed: () => { this.tell({ failed: true }); this.failed(); },
    };
  }

  tell(message) {
    if (!this.closed) this.channel.postMessage(message);
  }

  take(message) {
    if (this.closed) return;
    if (message.failed) this.failed();
    else this.use.hear(message.name, message.data, message.id);
  }

  failed() {
    if (!this.closed) this.use.failed();
  }

  /** The address from which nothing is missed that this tab has not seen. */
  fresh() {
    const url = new URL(this.url);
    const last = this.use.last();
    if (last) url.searchParams.set("last", last);
    return url;
  }
}

/** Open a source of live events; `steal` takes the shared stream from a tab that has fallen asleep with it. */
export function openSource(url, use, steal = false) {
  const sharable = "locks" in navigator && "BroadcastChannel" in window;
  return sharable ? new SharedSource(url, use, steal) : new OwnSource(url, use);
}
