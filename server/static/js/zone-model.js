/**
 * The zone as the feed tells it, and what a reader may believe of it at a moment. Pure: no page, no clock of its own.
 *
 * A picture is what a snapshot holds, or a digest of what has changed: `exhibitors` with names and robots, who has
 * which of the `booths`, `robots` as short rows, `demos` to come and, for their own people, `refusals`.
 */
const SLACK_M = 0.6;
const USUALLY_SILENT_AFTER_S = 15;
const REFUSED_MS = 60_000;
/** So many demos a snapshot has at most: when few of them are left, there may be others behind them. */
const HELD = 30;
const FEW = 8;

function holds([x, y, width, depth], pose, slack = 0) {
  return pose.x >= x - slack && pose.x <= x + width + slack && pose.y >= y - slack && pose.y <= y + depth + slack;
}

/** In which of its exhibitor's booths, [number, place] each, a robot is: the server's `booth_of`. */
export function boothOf(pose, booths, hall) {
  if (!booths.length) return "";
  if (!pose || (hall && !holds(hall, pose))) return booths[0][0];
  const within = (slack) => booths.find(([, place]) => holds(place, pose, slack));
  return (within(0) ?? within(SLACK_M))?.[0] ?? "";
}

/** The state that a reader may believe: a robot not heard for its `silent_after` is silent, whatever it last said. */
export function stateOf(robot, now) {
  if (!robot) return "none";
  return now - Date.parse(robot.at) > (robot.silent_after ?? USUALLY_SILENT_AFTER_S) * 1_000 ? "silent" : robot.state;
}

/** The state for a robot's own people, who alone are told of refusals: the server's `heard_state`. */
export function heardState(state, refusal, now, unheard) {
  const refused = refusal && now - Date.parse(refusal.at) <= REFUSED_MS;
  return refused && unheard.has(state) ? "refused" : state;
}

export class Zone {
  /** `places` by number and `hall` are [x, y, width, depth] in metres; of `states` the most telling comes first. */
  constructor({ states, unheard, hall = null, places = {} }) {
    Object.assign(this, { states, hall, places });
    this.unheard = new Set(unheard);
    this.exhibitors = new Map();
    this.booths = new Map();
    this.robots = new Map();
    this.demos = new Map();
  }

  /** Take what a picture says; one that is `whole` says also what is no more. */
  take(picture, whole) {
    const now = Date.parse(picture.now);
    if (whole) {
      for (const kept of [this.exhibitors, this.booths, this.demos]) kept.clear();
      this.robots.clear();
      this.more = picture.demos?.length >= HELD;
    }
    for (const facts of picture.exhibitors ?? []) this.takeExhibitor(facts);
    for (const { booth, exhibitor } of picture.booths ?? []) this.booths.set(booth, exhibitor);
    for (const row of picture.robots ?? []) this.takeRobot(row, now);
    for (const demo of picture.demos ?? []) {
      if (demo.act === "cancelled") this.demos.delete(demo.demo);
      else this.demos.set(demo.demo, demo);
    }
    const byKey = new Map([...this.robots.values()].map((robot) => [robot.key, robot]));
    for (const refusal of picture.refusals ?? []) Object.assign(byKey.get(refusal.robot) ?? {}, { refusal });
  }

  takeExhibitor(facts) {
    const before = this.exhibitors.get(facts.exhibitor)?.robots ?? [];
    const gone = new Set(before.map(([number]) => number));
    this.exhibitors.set(facts.exhibitor, facts);
    for (const [number, code, kind, ...names] of facts.robots) {
      const told = { number, key: `${facts.exhibitor}/${code}`, exhibitor: facts.exhibitor, kind, names };
      this.robots.set(number, { ...this.robots.get(number), ...told });
      gone.delete(number);
    }
    for (const number of gone) this.robots.delete(number);
  }

  takeRobot([number, state, age, x = null, y = null, silentAfter = null, concern = null], now) {
    const robot = this.robots.get(number);
    if (!robot) return;
    robot.state = this.states[state];
    robot.at = now - age * 1_000;
    robot.pose = x === null ? null : { x: x / 10, y: y / 10 };
    robot.silentAfter = silentAfter ?? USUALLY_SILENT_AFTER_S;
    robot.concern = concern;
  }

  /** The state of a robot that its reader may believe: one that is not heard but refused is no silent one. */
  believed(robot, now) {
    let state = "none";
    if (robot?.at !== undefined) state = now - robot.at > robot.silentAfter * 1_000 ? "silent" : robot.state;
    return heardState(state, robot?.refusal, now, this.unheard);
  }

  isHeard(state) {
    return !this.unheard.has(state);
  }

  /** The booths of an exhibitor by number, [number, place] each. */
  boothsOf(exhibitor) {
    const own = [...this.booths].filter(([, who]) => who === exhibitor).map(([number]) => number).sort();
    return own.map((number) => [number, this.places[number]]).filter(([, place]) => place);
  }

  /** Every taken booth by number: who has it, the state of its most telling robot, when one of them was last heard. */
  boothsAt(now) {
    const taken = [...this.booths].filter(([, exhibitor]) => exhibitor);
    const found = new Map(taken.map(([number, exhibitor]) => [number, { exhibitor, state: "none", newest: 0 }]));
    const own = new Map([...this.exhibitors.keys()].map((code) => [code, this.boothsOf(code)]));
    for (const robot of this.robots.values()) {
      const state = this.believed(robot, now);
      const pose = this.isHeard(state) ? robot.pose : null;
      const booth = found.get(boothOf(pose, own.get(robot.exhibitor) ?? [], this.hall));
      if (!booth) continue;
      booth.newest = Math.max(booth.newest, robot.at ?? 0);
      if (this.states.indexOf(state) < this.states.indexOf(booth.state)) booth.state = state;
    }
    return found;
  }

  /** How many robots are heard. */
  heard(now) {
    return [...this.robots.values()].filter((robot) => this.isHeard(this.believed(robot, now))).length;
  }

  /** The demos that run or are to come, the next first. */
  coming(now) {
    const left = [...this.demos.values()].filter((demo) => Date.parse(demo.ends_at) > now);
    return left.sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at) || (a.demo < b.demo ? -1 : 1));
  }

  /** "" before its time has come; "running" when its robot speaks, otherwise it is only "scheduled" for now. */
  demoAt(demo, now) {
    if (Date.parse(demo.starts_at) > now || Date.parse(demo.ends_at) <= now) return "";
    const robot = [...this.robots.values()].find((one) => one.key === demo.robot);
    return robot && this.isHeard(this.believed(robot, now)) ? "running" : "scheduled";
  }

  /** Whether so few of the demos of the last snapshot are left that there may be others behind them. */
  wantsMore(now) {
    return Boolean(this.more) && this.coming(now).length < FEW;
  }

  /** What a robot's own people should look at, the gravest first: {robot, state, concern}. */
  concerns(now) {
    const found = [];
    for (const robot of this.robots.values()) {
      const state = this.believed(robot, now);
      const low = robot.concern?.battery !== undefined && this.isHeard(state);
      if (["refused", "fault", "stopped", "silent"].includes(state)) found.push({ robot, state });
      else if (low) found.push({ robot, state: "waiting" });
    }
    const gravity = ({ state, robot }) => [this.states.indexOf(state), robot.key];
    return found.sort((a, b) => gravity(a)[0] - gravity(b)[0] || a.robot.key.localeCompare(b.robot.key));
  }
}

/** Of the states, how many times each is there. */
export function counted(states) {
  const found = new Map();
  for (const state of states) found.set(state, (found.get(state) ?? 0) + 1);
  return found;
}
