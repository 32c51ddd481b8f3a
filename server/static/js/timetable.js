/** The timetable's list: keys for the hands, and the feed for the eyes; a change is shown within a second, where one looks. */
import { LiveFeed } from "./live.js";

const list = document.getElementById("demos");
const status = document.querySelector("[data-updated]");
const feed = new LiveFeed("/live?timetable=1");
feed.lastId = list.dataset.cursor;

function typing(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** J and K, as in every list that is read by keyboard: the next and the previous demo. */
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !["j", "k"].includes(event.key)) return;
  const links = [...list.querySelectorAll("a.demo")];
  if (!links.length) return;
  const here = links.indexOf(document.activeElement);
  const next = here < 0 ? 0 : Math.min(links.length - 1, Math.max(0, here + (event.key === "j" ? 1 : -1)));
  links[next].focus();
  links[next].scrollIntoView({ block: "nearest" });
});

let asking = null;

/** Ask for the list as the address has it, and put it in the old one's place; the focus stays on its demo. */
async function refresh(changed) {
  asking?.abort();
  asking = new AbortController();
  const answer = await fetch(location.href, { cache: "no-store", signal: asking.signal }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("demos");
  if (!fresh) return;
  const focused = document.activeElement?.closest("#demos tr")?.id;
  list.replaceChildren(...fresh.childNodes);
  if (focused) document.getElementById(focused)?.querySelector("a.demo, a")?.focus({ preventScroll: true });
  document.getElementById(`d-${changed}`)?.setAttribute("data-fresh", "");
  if (changed) status.textContent = status.dataset.updated;
}

feed.addEventListener("timetable", (event) => refresh(event.detail.demo));
feed.addEventListener("snapshot", () => refresh(null));
feed.start();
