/** Where things are drawn on the plan, in tenths of a metre. Pure. */
/** So much of the floor is seen around a booth that somebody asked for. */
const CLOSEST = 90;

/** A view [x, y, width, height] kept within the whole, in the frame's proportions, and never closer than `CLOSEST`. */
export function fit([x, y, width, height], whole, ratio) {
  const [left, top, across, down] = whole;
  const wide = Math.min(Math.max(across, down * ratio), Math.max(CLOSEST, width));
  const high = wide / ratio;
  const within = (centre, size, start, length) => {
    if (size >= length) return start + (length - size) / 2;
    return Math.min(start + length - size, Math.max(start, centre - size / 2));
  };
  return [within(x + width / 2, wide, left, across), within(y + height / 2, high, top, down), wide, high];
}

/** The view after zooming by `factor` around a point that stays where it is. */
export function zoomed([x, y, width, height], factor, [px, py]) {
  return [px - (px - x) / factor, py - (py - y) / factor, width / factor, height / factor];
}

/** Where a dot of radius `r` is drawn: at its robot, or the nearest place beside the number that it would cover. */
export function clearOf([x, y], r, boxes) {
  const covers = (one) => x + r > one.x && x - r < one.x + one.width && y + r > one.y && y - r < one.y + one.height;
  const box = boxes.find(covers);
  if (!box) return [x, y];
  // A number stands at the foot of its booth, on the left: there is floor above it and to its right.
  const up = [x, box.y - r];
  const right = [box.x + box.width + r, y];
  return y - up[1] <= right[0] - x ? up : right;
}

/** The words of a text in lines of so many characters at most; a longer word is broken where its line ends. */
export function wrapped(text, most) {
  const lines = [""];
  const fits = (word) => lines.at(-1).length + word.length + (lines.at(-1) ? 1 : 0) <= most;
  const add = (word) => { lines[lines.length - 1] += (lines.at(-1) ? " " : "") + word; };
  for (let word of text.split(" ").filter(Boolean)) {
    while (word.length > most) {
      const room = most - lines.at(-1).length - (lines.at(-1) ? 1 : 0);
      if (room > 0) add(word.slice(0, room));
      word = word.slice(Math.max(0, room));
      lines.push("");
    }
    if (!fits(word)) lines.push("");
    add(word);
  }
  return lines.filter(Boolean);
}

const LARGE = { size: 9, kind: "", top: 24 };
const MIDDLE = { size: 5, kind: " small mid", top: 15 };
const SMALL = { size: 3.8, kind: " small", top: 13.4 };

/** How a name stands in a booth of that width and depth, {kind, top, step, lines}: the server's macro `named`. */
export function nameIn(name, width, depth, chinese) {
  const { size, kind, top } = width < 55 ? SMALL : depth < 55 ? MIDDLE : LARGE;
  const room = { 9: Math.floor((depth - 36) / 10) + 1, 5: 1, 3.8: 2 }[size];
  const lines = wrapped(name, Math.floor((width - 6) / (size * (chinese ? 1.02 : 0.56))));
  const shown = lines.slice(0, room);
  if (lines.length > room) shown[room - 1] += "…";
  return { kind, top, step: size + 0.8, lines: shown };
}
