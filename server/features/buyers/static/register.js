/** Registration and profile: country by time zone, long lists found by typing, one sending. All of it works without. */
import { fold } from "../js/fold.js";

const zoneField = document.querySelector("form[data-register] input[name=time_zone]");
const zones = JSON.parse(document.getElementById("zone-countries")?.textContent ?? "{}");
const country = document.querySelector("form[data-register] select[name=country]");

/** A field above a long select: typing chooses the first option that begins with, or holds, the words. */
function findable(select) {
  const field = document.createElement("input");
  field.type = "search";
  field.className = "form-control find-option";
  field.placeholder = select.dataset.find;
  field.setAttribute("aria-label", select.dataset.find);
  field.autocomplete = "off";
  select.before(field);
  const options = [...select.options].filter((option) => option.value);
  field.addEventListener("input", () => {
    const words = fold(field.value.trim());
    if (!words) return;
    const named = ({ text, value, parentElement: group }) => [text, group.label ?? "", value.replace(/_/g, " ")];
    const place = (option) => fold(named(option).join(" "));
    const found = options.find((option) => fold(option.text).startsWith(words) || fold(option.value) === words)
      ?? options.find((option) => place(option).includes(words));
    if (found) { select.value = found.value; select.dispatchEvent(new Event("change", { bubbles: true })); }
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    select.focus();
  });
}
for (const select of document.querySelectorAll("select[data-find]")) findable(select);

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zoneField && !zoneField.value && zones[here] !== undefined) {
  zoneField.value = here;
  const option = country && [...country.options].find((one) => one.value === zones[here]);
  if (option) country.value = option.value;
}

const filter = document.querySelector("input[data-filter=kinds]");
if (filter) {
  const box = filter.closest("fieldset");
  const kinds = [...box.querySelectorAll(".kind")];
  filter.closest("label").hidden = false;
  filter.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  filter.addEventListener("input", () => {
    const words = fold(filter.value.trim()).split(/\s+/);
    for (const kind of kinds) kind.hidden = !words.every((word) => fold(kind.dataset.words).includes(word));
    for (const group of box.querySelectorAll("details")) {
      const some = group.querySelector(".kind:not([hidden])") !== null;
      group.hidden = !some;
      if (filter.value.trim() && some) group.open = true;
    }
    box.querySelector("[data-none]").hidden = kinds.some((kind) => !kind.hidden);
  });
  window.addEventListener("foldready", () => filter.dispatchEvent(new Event("input")));
}

for (const form of document.querySelectorAll("form[data-register]")) {
  form.addEventListener("submit", () => {
    form.querySelector("button[type=submit]").setAttribute("aria-disabled", "true");
  });
}
