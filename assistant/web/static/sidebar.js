// The sidebar, live: follows the openings of mailboxes and never takes the screen from somebody who is busy.
//
//   opened, mode "show", nobody busy ──> shown          opened, mode "last-opened", or pinned, or typing ──> a quiet line
//   connection lost ──> the last state, grey, with its time          back again ──> what is shown is asked for anew

import { summaryElement } from "./summary.js";
import { clock, fill, keepTrue } from "./moments.js";
import { follow } from "./follow.js";
import { app, notify } from "./app.js";

const at = (id) => document.getElementById(id);

const start = JSON.parse(at("start").textContent);
const page = {
  words: start.words,
  language: document.documentElement.lang,
  zone: document.documentElement.dataset.zone,
  csrf: document.querySelector("meta[name=csrf]").content,
};
const words = page.words.sidebar;
const shownPlace = at("shown"), latest = at("latest"), pin = at("pin"), offline = at("offline"), find = at("find");

const jot = at("jot"), note = jot.querySelector("form");

let shown = start.shown;
let shownMailbox = null;
let waiting = null;
let pinned = false;

keepTrue(shownPlace, page.words.moments, page.zone);
pin.hidden = false;
pin.addEventListener("click", () => setPinned(!pinned));
latest.querySelector("button").addEventListener("click", () => waiting && show(waiting));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || /^(input|select|textarea)$/i.test(event.target.tagName)) return;
  if (event.key === "p") setPinned(!pinned);
  else if (event.key === "/") { event.preventDefault(); find.focus(); find.select(); }
  else if (event.key === "n" && !jot.hidden) { event.preventDefault(); jot.open = true; note.elements.subject.focus(); }
});

follow({ opened, changed, written, lost, back });
app();

// -- what is opened

function opened(summary) {
  const mine = summary.mode === "show";
  if (mine) notify(name(summary));
  // The same mail again: it was pending and has been read, or it was opened once more.
  const same = shown?.message?.message_id && shown.message.message_id === summary.message?.message_id;
  const completes = shown?.status === "pending" && summary.mailbox === shownMailbox;
  if ((mine && !pinned && !typing()) || same || (mine && completes)) show(summary);
  else quietly(summary);
}

const typing = () => (document.activeElement === find && find.value !== "") || noting();
const noting = () => Boolean(note.elements.subject.value.trim() || note.elements.text.value.trim());

function show(summary) {
  shown = summary;
  shownMailbox = summary.mailbox ?? shownMailbox;
  waiting = null;
  latest.hidden = true;
  at("results").replaceChildren();
  paint();
  const { message, customer } = summary;
  const where = message?.no ? `?message=${message.no}` : customer && !message ? `?customer=${encodeURIComponent(customer.id)}` : "";
  history.replaceState(null, "", `/sidebar${where}`);
}

function paint() {
  const open = shownPlace.querySelector("details.match")?.open && !shownPlace.dataset.fresh;
  shownPlace.replaceChildren(summaryElement(shown, page));
  if (open) shownPlace.querySelector("details.match")?.setAttribute("open", "");
  document.title = `${name(shown)} · Kingpost`;
  aim();
}

/** The note goes to whom is shown; one that is being written stays with whom it was begun for. */
function aim() {
  const { customer } = shown ?? {};
  if (noting()) return;
  jot.hidden = !customer;
  if (customer) note.setAttribute("action", `/customers/${encodeURIComponent(customer.id)}/note`);
  at("jot-name").textContent = customer?.name ?? "";
}
aim();

note.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!noting()) return note.elements.subject.focus();
  const answer = await fetch(note.getAttribute("action"), {
    method: "POST", headers: { accept: "text/html" }, body: new URLSearchParams(new FormData(note, event.submitter)),
  }).catch(() => null);
  if (!answer?.ok) return lost();
  note.reset();
  jot.open = false;
  aim();
  refresh();
});

function quietly(summary) {
  waiting = summary;
  const form = summary.mode === "show" ? words.waiting : words.last_opened;
  latest.querySelector("span").textContent = fill(form, { name: name(summary) });
  latest.hidden = false;
}

function name({ customer, message }) {
  return customer?.name ?? message?.subject ?? message?.from ?? page.words.summary.no_subject;
}

function setPinned(on) {
  pinned = on;
  pin.setAttribute("aria-pressed", String(on));
  pin.title = `${on ? words.pinned : words.pin} (p)`;
  if (!on && waiting?.mode === "show") show(waiting);
}

// -- the connection

let lastGood = new Date();

function lost() {
  if (!offline.hidden) return;
  offline.textContent = fill(words.offline, { time: clock(lastGood, page.words.moments, page.zone) });
  offline.hidden = false;
  document.body.classList.add("offline");
}

async function back(again) {
  lastGood = new Date();
  offline.hidden = true;
  document.body.classList.remove("offline");
  if (again && shown) await refresh();
}

// What is shown was decided anew in the background.
function changed(messages) {
  if (messages.includes(shown?.message?.no)) refresh();
}

// A colleague wrote into the record that is shown.
function written(customer) {
  if (customer === shown?.customer?.id) refresh();
}

async function refresh() {
  const before = shown;
  const fresh = await ask(before);
  // Something else may have been opened meanwhile.
  if (fresh && shown === before) { shown = fresh; paint(); }
}

async function ask({ message, customer }) {
  const headers = { accept: "application/json" };
  const answer = message?.message_id
    ? await fetch("/api/v1/summary", {
        method: "POST",
        headers: { ...headers, "content-type": "application/json", "x-csrf-token": page.csrf },
        body: JSON.stringify({ message_id: message.message_id, subject: message.subject, mailbox: shownMailbox }),
      }).catch(() => null)
    : customer ? await fetch(`/api/v1/customers/${encodeURIComponent(customer.id)}/summary`, { headers }).catch(() => null) : null;
  return answer?.ok ? answer.json() : null;
}

// -- finding by hand: the page itself is asked, and its list taken over

let asked = 0;
find.addEventListener("input", async ({ inputType }) => {
  const query = find.value.trim(), pasted = inputType === "insertFromPaste";
  const mine = ++asked;
  await new Promise((resolve) => setTimeout(resolve, 150));
  if (mine !== asked) return;
  if (!query) return at("results").replaceChildren();
  const answer = await fetch(`/sidebar?q=${encodeURIComponent(query)}`, { headers: { accept: "text/html" } }).catch(() => null);
  if (mine !== asked || !answer?.ok) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("results");
  if (found) at("results").replaceChildren(...found.childNodes);
  const hits = at("results").querySelectorAll("a");
  // What was pasted, an address or a number, mostly means one customer.
  if (pasted && hits.length === 1) location.assign(hits[0].href);
});
find.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { find.value = ""; asked++; at("results").replaceChildren(); find.blur(); }
});
