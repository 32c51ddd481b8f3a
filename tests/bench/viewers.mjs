/**
 * Phones on the overview: so many open feeds of the zone, what each receives, and how far apart they receive it.
 *
 *   node viewers.mjs PORT VIEWERS SECONDS COUNTED
 *
 * It speaks to this machine alone, with bounds on count and time. It prints "open" when every viewer has its snapshot,
 * and after the seconds one line of JSON; what they receive is counted in the first COUNTED seconds, while robots move.
 */
import http from "node:http";

const HOST = "127.0.0.1";
const MOST_VIEWERS = 5_000;
const MOST_SECONDS = 120;
const OPENED_AT_ONCE = 100;

const [port, viewers, seconds, counted] = process.argv.slice(2).map(Number);
if (!(port > 0 && viewers > 0 && viewers <= MOST_VIEWERS && seconds > 0 && seconds <= MOST_SECONDS)) {
  throw new RangeError(`viewers.mjs PORT VIEWERS(<= ${MOST_VIEWERS}) SECONDS(<= ${MOST_SECONDS}) COUNTED`);
}

const agent = new http.Agent({ keepAlive: false, maxSockets: Infinity });
const firstSeen = new Map();
const behind = [];
const edits = new Set();
let measuring = false;
let counting = false;
let snapshots = 0;
let ended = 0;

class Viewer {
  constructor(number) {
    this.number = number;
    this.bytes = 0;
    this.digests = 0;
    this.rest = "";
  }

  open() {
    return new Promise((done) => {
      const asked = http.get({ host: HOST, port, path: "/live?zone=1", agent }, (answer) => {
        answer.setEncoding("utf8");
        answer.on("data", (text) => this.take(text, done));
        answer.on("close", () => { ended += 1; });
      });
      asked.on("error", () => { ended += 1; done(); });
    });
  }

  take(text, done) {
    if (counting) this.bytes += Buffer.byteLength(text);
    const events = (this.rest + text).split("\n\n");
    this.rest = events.pop();
    for (const event of events) {
      if (event.includes("event: snapshot")) {
        snapshots += 1;
        done();
      } else if (event.includes("event: digest")) this.digest(event);
    }
  }

  digest(event) {
    if (!measuring) return;
    const id = event.slice(4, event.indexOf("\n"));
    const now = performance.now();
    if (!firstSeen.has(id)) firstSeen.set(id, now);
    behind.push(now - firstSeen.get(id));
    this.digests += 1;
    if (event.includes('"booths":')) edits.add(this.number);
  }
}

function quantile(ordered, part) {
  return ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * part))] ?? null;
}

const all = Array.from({ length: viewers }, (_, number) => new Viewer(number));
for (let from = 0; from < viewers; from += OPENED_AT_ONCE) {
  await Promise.all(all.slice(from, from + OPENED_AT_ONCE).map((viewer) => viewer.open()));
}
console.log("open");
measuring = true;
counting = true;
setTimeout(() => { counting = false; }, counted * 1_000);
await new Promise((done) => { setTimeout(done, seconds * 1_000); });
measuring = false;
behind.sort((a, b) => a - b);
const perSecond = all.map((viewer) => viewer.bytes / counted).sort((a, b) => a - b);
console.log(JSON.stringify({
  viewers,
  snapshots,
  ended,
  digests: firstSeen.size,
  delivered: behind.length / Math.max(1, firstSeen.size * viewers),
  told_of_the_edit: edits.size,
  bytes_per_second: { median: Math.round(quantile(perSecond, 0.5)), most: Math.round(perSecond.at(-1)) },
  behind_the_first_ms: { p50: Math.round(quantile(behind, 0.5)), p99: Math.round(quantile(behind, 0.99)) },
}));
process.exit(0);
