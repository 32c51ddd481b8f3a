/** What every page does: keyboard help and ways, a note when the device is offline, forms that send on change. */
import "./form.js";
import { isForPage, shortcutsOn, step, stepped, switchShortcuts } from "./keys.js";

if (document.querySelector("[data-told-by]")) import("./fresh.js");

const ways = new Map([...document.querySelectorAll("[data-keys]")].map((link) => [link.dataset.keys, link]));
const choice = document.querySelector("[data-shortcuts]");
const search = () => document.querySelector("input[type=search]");
let before = "";

function openHelp() {
  document.getElementById("keys")?.showModal();
}

/** J and K, as in every list that is read by keyboard: the next and the previous of its links. */
function toNext(key) {
  const list = document.querySelector("[data-steps]");
  const links = list ? [...list.querySelectorAll(list.dataset.steps)] : [];
  if (!links.length) return;
  const link = links[stepped(links.indexOf(document.activeElement), key, links.length)];
  link.focus();
  link.scrollIntoView({ block: "nearest" });
}

const acts = {
  "?": openHelp,
  "/": () => { search()?.focus(); search()?.select(); },
  j: () => toNext("j"),
  k: () => toNext("k"),
};

document.addEventListener("keydown", (event) => {
  if (!isForPage(event) || !shortcutsOn(localStorage)) return;
  const { act, before: begun } = step(before, event.key, [...Object.keys(acts), ...ways.keys()]);
  before = begun;
  if (act in acts) {
    if (act !== "/" || search()) event.preventDefault();
    acts[act]();
  } else ways.get(act)?.click();
});

if (choice) {
  choice.checked = shortcutsOn(localStorage);
  choice.addEventListener("change", () => switchShortcuts(localStorage, choice.checked));
}
for (const button of document.querySelectorAll("[data-open]")) button.addEventListener("click", openHelp);
for (const form of document.querySelectorAll("form[data-send=change]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

const note = document.querySelector(".offline-note:not([data-newer])");
function connection() {
  if (note) note.hidden = navigator.onLine;
}
addEventListener("online", connection);
addEventListener("offline", connection);
connection();
