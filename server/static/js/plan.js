/** The plan of the hall in its frame: it fills the width, opens at a chosen booth, zooms and moves. */
import { fit, zoomed } from "./geometry.js";

const NEAR_PX = 2.1;
/** From so many pixels a tenth of a metre on, the names of the small booths can be read. */
const AROUND = 240;
const STEP = 1.5;

/** The boxes that dots keep clear of: the numbers as they are drawn. */
export function numberBoxes(svg) {
  return [...svg.querySelectorAll(".number")].map((text) => text.getBBox()).filter((box) => box.width > 0);
}

export class PlanView {
  constructor(svg) {
    this.svg = svg;
    this.card = svg.closest(".plan-card");
    const { x, y, width, height } = svg.viewBox.baseVal;
    this.whole = [x, y, width, height];
    this.view = this.whole;
    this.pointers = new Map();
    this.card.toggleAttribute("data-zooms", true);
    for (const button of this.card.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => this.act(button.dataset.zoom));
    }
    this.card.addEventListener("keydown", (event) => this.key(event));
    svg.addEventListener("pointerdown", (event) => this.down(event));
    svg.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
      svg.addEventListener(name, (event) => this.pointers.delete(event.pointerId));
    }
    svg.addEventListener("click", (event) => this.click(event), true);
    svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    addEventListener("resize", () => this.set(this.view));
    addEventListener("beforeprint", () => this.set(this.whole));
    this.set(this.whole);
  }

  get ratio() {
    const box = this.svg.getBoundingClientRect();
    return box.height > 0 ? box.width / box.height : this.whole[2] / this.whole[3];
  }

  get isWhole() {
    return this.view[2] >= Math.max(this.whole[2], this.whole[3] * this.ratio) - 1;
  }

  set(view) {
    this.view = fit(view, this.whole, this.ratio);
    this.svg.setAttribute("viewBox", this.view.map((value) => value.toFixed(2)).join(" "));
    this.svg.toggleAttribute("data-near", this.svg.getBoundingClientRect().width / this.view[2] >= NEAR_PX);
    this.svg.toggleAttribute("data-whole", this.isWhole);
  }

  /** Open at a booth: it stands in the middle with what is around it. */
  show(tile) {
    const box = tile.getBBox();
    const near = Math.max(1, this.svg.getBoundingClientRect().width / 700);
    const wide = Math.min(this.whole[2], AROUND, box.width * 5) * near;
    const high = wide / this.ratio;
    this.set([box.x + (box.width - wide) / 2, box.y + (box.height - high) / 2, wide, high]);
  }

  act(what) {
    const [x, y, width, height] = this.view;
    const middle = [x + width / 2, y + height / 2];
    if (what === "whole") this.set(this.whole);
    else this.set(zoomed(this.view, what === "in" ? STEP : 1 / STEP, middle));
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const [x, y, width, height] = this.view;
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const act = { "+": "in", "=": "in", "-": "out", 0: "whole" }[event.key];
    if (act) this.act(act);
    else if (step && !this.isWhole) this.set([x + step[0] * width / 5, y + step[1] * height / 5, width, height]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  at(event) {
    const box = this.svg.getBoundingClientRect();
    const [x, y, width, height] = this.view;
    return [x + (event.clientX - box.left) / box.width * width, y + (event.clientY - box.top) / box.height * height];
  }

  /** The click at the end of a drag chooses nothing. */
  click(event) {
    if (this.dragged) {
      event.preventDefault();
      event.stopPropagation();
    }
    this.dragged = false;
  }

  down(event) {
    this.pointers.set(event.pointerId, event);
    this.dragged = false;
  }

  /** One finger moves what is zoomed, two zoom; over the whole plan one finger scrolls the page. */
  move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const others = [...this.pointers.values()].filter((one) => one.pointerId !== event.pointerId);
    const way = Math.hypot(event.clientX - before.clientX, event.clientY - before.clientY);
    if (!others.length && (this.isWhole || way < 4)) return;
    const [x, y] = this.at(before);
    const [nowX, nowY] = this.at(event);
    if (others.length) {
      const apart = (one) => Math.hypot(one.clientX - others[0].clientX, one.clientY - others[0].clientY);
      this.set(zoomed(this.view, apart(event) / Math.max(1, apart(before)), this.at(others[0])));
    } else this.set([this.view[0] + x - nowX, this.view[1] + y - nowY, this.view[2], this.view[3]]);
    this.dragged = true;
    this.pointers.set(event.pointerId, event);
  }

  wheel(event) {
    if (!event.ctrlKey) return; // a plain wheel scrolls the page
    event.preventDefault();
    this.set(zoomed(this.view, Math.exp(-event.deltaY / 200), this.at(event)));
  }
}
