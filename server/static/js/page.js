/** What every page does: keyboard help and ways, a note when the device is offline, forms that send on change. */
import "./form.js";

if (document.querySelector("[data-told-by]")) import("./fresh.js");

const ways = new Map([...document.querySelectorAll("[data-keys]")].map((link) => [link.dataset.keys, link]));
let pressed = "";

function typing(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

function openHelp() {
  document.getElementById("keys")?.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "?") { event.preventDefault(); openHelp(); return; }
  if (event.key === "/") {
    const search = document.querySelector("input[type=search]");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
    return;
  }
  const way = `${pressed} ${event.key}`.trim();
  if (ways.has(way)) { ways.get(way).click(); pressed = ""; return; }
  pressed = [...ways.keys()].some((keys) => keys.startsWith(`${event.key} `)) ? event.key : "";
});

for (const button of document.querySelectorAll("[data-open]")) button.addEventListener("click", openHelp);
for (const form of document.querySelectorAll("form[data-send=change]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

const note = document.querySelector(".offline-note");
function connection() { if (note) note.hidden = navigator.onLine; }
addEventListener("online", connection);
addEventListener("offline", connection);
connection();
