/** Text as a filter compares it: without case, width and accents, traditional characters as simplified ones. */
let table = null;

/** The folded text. The table of characters comes with the first Chinese words; "foldready" then tells the filters. */
export function fold(text) {
  const plain = text.normalize("NFKD").replace(/[\p{M}\u200b-\u200f\u2060\ufeff]/gu, "").toLowerCase();
  if (!/\p{Script=Han}/u.test(plain)) return plain;
  if (!table) {
    table = new Map();
    const ready = (found) => { table = found.TABLE; window.dispatchEvent(new Event("foldready")); };
    import("./simplified.js").then(ready).catch(() => { table = null; });
  }
  return [...plain].map((character) => table?.get(character) ?? character).join("");
}
