/** The form of a demo: a free time is put into the form without a round trip. Without scripts the button sends it. */
const form = document.getElementById("demo");
const told = form.querySelector("[data-filled]");

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-start]");
  if (!button) return;
  event.preventDefault();
  form.elements.day.value = button.dataset.day;
  form.elements.start.value = button.dataset.start;
  for (const name of ["day", "start"]) form.elements[name].dispatchEvent(new Event("input", { bubbles: true }));
  told.textContent = told.dataset.filled.replace("{time}", button.textContent);
  form.querySelector("[data-save]").focus();
});
