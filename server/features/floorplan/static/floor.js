/** The booths' page: when another booth's panel has come, the plan and the list show which booth it is. */
import { PlanView } from "../js/plan.js";

const plan = document.querySelector(".plan");
const view = plan ? new PlanView(plan) : null;
const narrow = matchMedia("(max-width: 759px)");

/** On a phone the plan opens at the booth that the address names; on a desk the whole plan is in sight. */
function open() {
  const tile = document.querySelector("a.booth[aria-current]");
  if (tile && narrow.matches) view.show(tile);
}

function mark() {
  const number = document.getElementById("panel")?.dataset.booth;
  for (const tile of document.querySelectorAll("a.booth")) {
    if (tile.dataset.booth === number) tile.setAttribute("aria-current", "true");
    else tile.removeAttribute("aria-current");
  }
  for (const row of document.querySelectorAll("tr[data-booth]")) {
    row.toggleAttribute("data-chosen", row.dataset.booth === number);
  }
}

document.addEventListener("htmx:afterSettle", mark);
open();
