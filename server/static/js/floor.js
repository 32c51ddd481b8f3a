/** The booths' page: when another booth's panel has come, the plan and the list show which booth it is. */
function mark() {
  const number = document.getElementById("panel")?.dataset.booth;
  for (const tile of document.querySelectorAll("a.booth")) {
    if (tile.dataset.booth === number) tile.setAttribute("aria-current", "true"); else tile.removeAttribute("aria-current");
  }
  for (const row of document.querySelectorAll("tr[data-booth]")) row.toggleAttribute("data-chosen", row.dataset.booth === number);
}

document.addEventListener("htmx:afterSettle", mark);
