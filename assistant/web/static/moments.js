// Times as a German or English reader writes them; assistant/web/moments.py says the same, and a test compares them.

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const LONG_AGO = 300;

/** Puts values into words: "vor {n} Min." */
export const fill = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** How long ago and exactly when, for an ISO date or moment; null when it is neither. */
export function told(iso, now, words, zone) {
  const plain = DAY.test(iso);
  const moment = new Date(plain ? `${iso}T00:00:00Z` : iso);
  if (Number.isNaN(moment.getTime())) return null;
  const at = parts(moment, plain ? "UTC" : zone);
  const today = parts(now, zone);
  const apart = (Date.UTC(today.year, today.month - 1, today.day) - Date.UTC(at.year, at.month - 1, at.day)) / 864e5;
  const full = dated(words.full, at, words);
  const clock = fill(words.clock, { time: at.time });
  return { relative: relative(), exact: plain ? full : fill(words.full_time, { day: full, time: clock }) };

  function relative() {
    const passed = (now - moment) / 1000;
    if (!plain && passed >= 0 && passed < 60) return words.now;
    if (!plain && passed >= 0 && passed < 3600) return fill(words.minutes, { n: Math.floor(passed / 60) });
    if (apart === 0) return plain ? words.this_day : fill(words.today, { time: clock });
    if (apart === 1) return words.yesterday;
    return dated(Math.abs(apart) < LONG_AGO ? words.day_month : words.day_month_year, at, words);
  }
}

/** Hours and minutes in the firm's time zone. */
export const clock = (moment, words, zone) => fill(words.clock, { time: parts(moment, zone).time });

/** Keeps the relative times of a page true while it stays open. */
export function keepTrue(root, words, zone) {
  setInterval(() => {
    for (const time of root.querySelectorAll("time[datetime]")) {
      const found = told(time.dateTime, new Date(), words, zone);
      if (found && time.textContent !== found.relative) time.textContent = found.relative;
    }
  }, 30_000);
}

const formats = new Map();

function parts(moment, zone) {
  if (!formats.has(zone)) {
    const shape = { year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    formats.set(zone, new Intl.DateTimeFormat("en", { ...shape, timeZone: zone }));
  }
  const found = Object.fromEntries(formats.get(zone).formatToParts(moment).map((part) => [part.type, part.value]));
  const { year, month, day, hour, minute } = found;
  return { year: +year, month: +month, day: +day, time: `${hour}:${minute}` };
}

function dated(form, { year, month, day }, words) {
  const weekday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
  const two = (number) => String(number).padStart(2, "0");
  return fill(form, {
    day, dd: two(day), mm: two(month), year,
    month: words.months[month - 1], mon: words.months_short[month - 1],
    weekday: words.weekdays[weekday], wd: words.weekdays_short[weekday],
  });
}
