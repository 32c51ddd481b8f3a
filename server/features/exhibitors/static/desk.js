/** The desk's forms: a group of choices says in its heading what is ticked in it, also while it is closed. */
document.addEventListener("change", (event) => {
  const group = event.target.closest?.(".choice-group");
  const slot = group?.querySelector("[data-picked]");
  if (!slot) return;
  const ticked = [...group.querySelectorAll("input:checked")].map((box) => box.parentElement.textContent.trim());
  slot.textContent = ticked.join(slot.dataset.picked);
});
