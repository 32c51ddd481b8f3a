/** The timetable's list: keys for the hands, and the feed for the eyes; a change is shown soon, where one looks. */
import { LiveFeed } from "../js/live.js";

const SPREAD_MS = 2_000;
const list = document.getElementById("demos");
const status = document.querySelector("[data-updated]");
const feed = new LiveFeed("/live?timetable=1");
feed.lastId = list.dataset.cursor;
let changed = null;
let asking = null;

/** Put the list as it is now in the old one's place; the focus stays on its demo. */
function renew(fresh) {
  const focused = document.activeElement?.closest("#demos tr")?.id;
  list.replaceChildren(...fresh.childNodes);
  if (focused) document.getElementById(focused)?.querySelector("a.demo, a")?.focus({ preventScroll: true });
  document.getElementById(`d-${changed}`)?.setAttribute("data-fresh", "");
  if (changed) status.textContent = status.dataset.updated;
  changed = null;
}

/** Whether a change is of something on this page: a demo that is in the list, or that belongs into its days. */
function concerns({ demo, starts_at: start }) {
  const { from, until } = list.dataset;
  const within = from && Date.parse(from) <= Date.parse(start) && Date.parse(start) < Date.parse(until);
  return within || document.getElementById(`d-${demo}`) !== null;
}

/** Ask for the list once as the address has it, at a moment of this page's own. */
function askSoon(demo) {
  changed = demo ?? changed;
  asking ??= setTimeout(async () => {
    const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
    asking = null;
    const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const fresh = page?.getElementById("demos");
    if (fresh) renew(fresh);
  }, Math.random() * SPREAD_MS);
}

feed.addEventListener("timetable", ({ detail }) => { if (concerns(detail)) askSoon(detail.demo); });
feed.addEventListener("snapshot", () => askSoon());
feed.start();
