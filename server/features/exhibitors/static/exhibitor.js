/** An exhibitor's page: the states of its robots, as the feed has them. */
import { LiveFeed, UNHEARD, readData, showState } from "../js/live.js";
import { heardState, stateOf } from "../js/zone-model.js";

const data = readData("exhibitor-data");
const unheard = new Set(UNHEARD);
const rows = new Map([...document.querySelectorAll("tr[data-robot]")].map((row) => [row.dataset.robot, row]));
const reports = new Map();
const refusals = new Map();
const feed = new LiveFeed(`/live?booth=${encodeURIComponent(data.booth ?? "")}`);

function show() {
  for (const [key, row] of rows) {
    const now = feed.now();
    const believed = heardState(stateOf(reports.get(key), now), refusals.get(key), now, unheard);
    const state = feed.state === "live" ? believed : feed.state;
    showState(row.querySelector(".state"), state, data.states[state] ?? state);
  }
}

function take({ robots = [], refusals: refused = [] }) {
  for (const report of robots) reports.set(report.robot, report);
  for (const one of refused) refusals.set(one.robot, one);
}

feed.addEventListener("snapshot", ({ detail }) => { take(detail); show(); });
feed.addEventListener("refusal", ({ detail }) => take({ refusals: [detail] }));
feed.addEventListener("robot", ({ detail }) => take({ robots: [detail] }));
for (const name of ["state", "second"]) feed.addEventListener(name, show);
if (data.booth && rows.size) feed.start();
