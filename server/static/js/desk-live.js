/** The desk's robots: what was refused and what raises an alarm is on the page at once, the rest every few seconds. */
import { LiveFeed, say } from "./live.js";

const EVERY_MS = 5_000;
const AT_MOST_MS = 300;

const place = document.querySelector("[data-desk-live]");
const told = document.querySelector("[data-desk-told]");
const chinese = document.documentElement.lang.startsWith("zh");
let due = null;

function reload() {
  due = null;
  window.htmx?.trigger(place, "news");
}

/** Many refusals in a row are one reload. */
function soon() {
  due ??= setTimeout(reload, AT_MOST_MS);
}

function tell(event) {
  const { robot, detail } = event.detail;
  say(told, `${robot}: ${(chinese && detail.zh) || detail.en || ""}`);
  soon();
}

// What the reader has opened stays open, and the focus stays where it was.
let opened = [];
let focused = null;
place?.addEventListener("htmx:beforeSwap", () => {
  opened = [...place.querySelectorAll("details[open][id]")].map((one) => one.id);
  focused = place.contains(document.activeElement) ? document.activeElement.closest("[id]") : null;
});
place?.addEventListener("htmx:afterSwap", () => {
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  if (!focused?.id) return;
  const back = document.getElementById(focused.id);
  (back?.matches("a, button") ? back : back?.querySelector("summary, a"))?.focus();
});

if (place) {
  const feed = new LiveFeed(place.dataset.deskLive).start();
  feed.addEventListener("refusal", tell);
  feed.addEventListener("alarm", tell);
  setInterval(() => { if (!document.hidden) soon(); }, EVERY_MS);
}
