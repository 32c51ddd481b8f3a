/** Moments and lengths of time as words, in fair time. Pure. */
const FAIR = "Asia/Shanghai";
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: FAIR };
const clocks = {
  minutes: new Intl.DateTimeFormat("en-GB", CLOCK),
  seconds: new Intl.DateTimeFormat("en-GB", { ...CLOCK, second: "2-digit" }),
};
const days = new Intl.DateTimeFormat("en-CA", { timeZone: FAIR });
const dates = {
  zh: new Intl.DateTimeFormat("zh-CN", { month: "long", day: "numeric", timeZone: FAIR }),
  en: new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: FAIR }),
};

/** The hour of a moment, "14:05"; with seconds where asked for. */
export function clock(moment, exact = "minutes") {
  return clocks[exact].format(new Date(moment));
}

/** "12 s ago" from a table of words: under-second, seconds, minutes, hours with {n}. */
export function age(ms, words) {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 1.5) return words["under-second"];
  if (seconds < 90) return words.seconds.replace("{n}", Math.round(seconds));
  if (seconds < 5_400) return words.minutes.replace("{n}", Math.round(seconds / 60));
  return words.hours.replace("{n}", Math.round(seconds / 3_600));
}

/** When a demo starts, seen from `now`, from a table of words: running, soon, today, tomorrow, later. */
export function startOf(demo, now, lang, words) {
  const at = Date.parse(demo.starts_at);
  if (at <= now) return words.running.replace("{time}", clock(Date.parse(demo.ends_at)));
  if (at - now < 5_400_000) return words.soon.replace("{n}", Math.max(1, Math.round((at - now) / 60_000)));
  if (days.format(at) === days.format(now)) return words.today;
  const near = days.format(at) === days.format(now + 86_400_000) ? words.tomorrow : words.later;
  return near.replace("{date}", dates[lang].format(at));
}
