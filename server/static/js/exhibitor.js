/** An exhibitor's page: the states of its robots, as the feed has them. */
import { LiveFeed, heardState, readData, say } from "./live.js";

const data = readData("exhibitor-data");
const rows = new Map([...document.querySelectorAll("tr[data-robot]")].map((row) => [row.dataset.robot, row.querySelector(".state")]));
const reports = new Map();
const refusals = new Map();

function show() {
  for (const [key, node] of rows) {
    const state = feed.state === "live" ? heardState(reports.get(key), refusals.get(key), feed.now()) : feed.state;
    if (node.dataset.state === state) continue;
    node.dataset.state = state;
    node.querySelector("use").setAttribute("href", `#shape-${state}`);
    say(node.querySelector("span"), data.states[state] ?? state);
  }
}

const feed = new LiveFeed(`/live?booth=${encodeURIComponent(data.booth ?? "")}`);
feed.addEventListener("snapshot", (event) => { for (const report of event.detail.robots) reports.set(report.robot, report); for (const one of event.detail.refusals ?? []) refusals.set(one.robot, one); show(); });
feed.addEventListener("refusal", (event) => refusals.set(event.detail.robot, event.detail));
feed.addEventListener("robot", (event) => reports.set(event.detail.robot, event.detail));
for (const name of ["state", "second"]) feed.addEventListener(name, show);
if (data.booth && rows.size) feed.start();
