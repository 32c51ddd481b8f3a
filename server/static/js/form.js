/** Forms: a field is checked when it is left, a refused form shows its summary first. Works without; this is speed. */
const words = JSON.parse(document.querySelector("[data-form-messages]")?.textContent ?? "{}");

function sentence(input) {
  const { validity } = input;
  if (validity.valueMissing) return words.required;
  if (validity.typeMismatch && input.type === "email") return words.email;
  if (validity.badInput) return words.number;
  return words.invalid;
}

function check(input) {
  const slot = document.getElementById(`e-${input.name}`);
  if (!slot || !input.id.startsWith("f-")) return;
  const wrong = !input.validity.valid;
  slot.hidden = !wrong;
  slot.textContent = wrong ? sentence(input) : "";
  input.classList.toggle("is-invalid", wrong);
  if (wrong) input.setAttribute("aria-invalid", "true"); else input.removeAttribute("aria-invalid");
}

// A fault that appears while a button is pressed would move it away, and the press were lost: it waits for the click.
let pressed = false;
let left = null;
function settle() {
  pressed = false;
  if (left) check(left);
  left = null;
}
document.addEventListener("pointerdown", ({ target }) => {
  pressed = Boolean(target.closest?.("a, button, label, summary"));
}, true);
for (const over of ["click", "pointercancel", "keydown"]) document.addEventListener(over, settle, true);
document.addEventListener("focusout", (event) => {
  const input = event.target;
  // An untouched empty field is not blamed for being passed by.
  if (!input.matches?.("form[method=post] :is(input, select, textarea)")) return;
  if (input.value === "" && !input.dataset.touched) return;
  if (pressed) left = input; else check(input);
});
document.addEventListener("input", (event) => {
  event.target.dataset.touched = "yes";
  if (event.target.getAttribute("aria-invalid") === "true") check(event.target);
});
document.querySelector("[data-focus]")?.focus();
