/** The meetings' pages: the time left of a hold, printing, and a desk that refreshes without getting in the way. */

function two(number) { return String(number).padStart(2, "0"); }

/** Counts by this device's own steady clock from the server's moment, so that a wrong clock changes nothing. */
function countDown(line, said) {
  const whole = Date.parse(line.dataset.ends) - Date.parse(line.dataset.now);
  const start = performance.now();
  let last = Infinity;
  const timer = setInterval(tick, 1000);
  function tick() {
    const left = Math.max(0, Math.ceil((whole - (performance.now() - start)) / 1000));
    line.hidden = false;
    line.textContent = line.dataset.words.replace("{left}", `${Math.floor(left / 60)}:${two(left % 60)}`);
    if (left <= 60 && last > 60 && left > 0) said.textContent = said.dataset.minute;
    if (left === 0) {
      said.textContent = said.dataset.over;
      said.classList.remove("visually-hidden");
      said.classList.add("note");
      line.hidden = true;
      clearInterval(timer);
    }
    last = left;
  }
  tick();
}

const line = document.querySelector("[data-ends]");
if (line) countDown(line, document.querySelector("[data-countdown-said]"));

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

/** Whoever reads or writes in the desk keeps the page as it is; that there is news stands above it. */
function keepDesk(desk) {
  const note = document.querySelector("[data-desk-news]");
  const said = document.querySelector("[data-desk-said]");
  const stamp = () => desk.querySelector("[data-stamp]")?.dataset.stamp;
  let shown = false;
  const busy = () => desk.contains(document.activeElement) || desk.querySelector("details[open]") !== null;
  desk.addEventListener("htmx:beforeSwap", (event) => {
    const page = new DOMParser().parseFromString(event.detail.serverResponse, "text/html");
    const news = page.querySelector("[data-stamp]");
    if (!news || news.dataset.stamp === stamp()) { event.detail.shouldSwap = false; return; }
    if (busy() && !shown) {
      event.detail.shouldSwap = false;
      if (note.hidden) { note.hidden = false; note.querySelector("[role=status]").textContent = desk.dataset.news; }
      return;
    }
    if (!shown) said.textContent = news.dataset.said;
    shown = false;
    note.hidden = true;
  });
  note.querySelector("button").addEventListener("click", () => {
    shown = true;
    const toFirst = () => { const first = desk.querySelector("h2"); first.tabIndex = -1; first.focus(); };
    desk.addEventListener("htmx:afterSwap", toFirst, { once: true });
    desk.dispatchEvent(new CustomEvent("news"));
  });
}

const desk = document.getElementById("desk");
if (desk) keepDesk(desk);
