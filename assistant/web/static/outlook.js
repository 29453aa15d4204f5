// The pane in Outlook: Office.js says which message is open, Kingpost says who wrote it.
//
//   signed out ──code shown, confirmed in the dialog──> signed in ──token ended or revoked, or left──> signed out
//   signed in: nothing · several · being written · no message-id yet · a message ──> its summary, asked again while pending
//
// Cookies do not reach a page in somebody else's frame, so the pane keeps a token of its own, for some hours.

import { lastWord, more, question, send, wire } from "./acting.js";
import { clock, fill, keepTrue } from "./moments.js";
import { h, icon, summaryElement } from "./summary.js";

// Milliseconds until a message that Kingpost has not read, or that has no id yet, is asked for again.
const AGAIN = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
const at = (id) => document.getElementById(id);

const start = JSON.parse(at("start").textContent);
const page = {
  words: start.words, language: document.documentElement.lang, zone: document.documentElement.dataset.zone, csrf: "",
};
const own = page.words.outlook;
const say = (name) => own[name];
const main = at("main"), shownPlace = at("shown"), strip = at("strip"), offline = at("offline"), latest = at("latest");

let kept = null;      // { token, login }
let turn = 0;         // counts what was asked for, so that a late answer is not shown
let signing = false;  // while a code waits to be confirmed, what is opened does not matter
let about = null;     // what is on the screen: a message-id, or a state
let lastGood = new Date();

if (window.Office) Office.onReady(({ host }) => (host === "Outlook" ? begin() : empty("outside")));
else empty("no_script");

function begin() {
  kept = recall();
  keepTrue(shownPlace, page.words.moments, page.zone);
  wire(main, { open: browse, act, changed: () => refresh(0), notice });
  at("leave").addEventListener("click", leave);
  latest.querySelector("button").addEventListener("click", () => { at("note").value = ""; refresh(0); });
  const { mailbox } = Office.context;
  for (const event of ["ItemChanged", "SelectedItemsChanged"]) {
    if (Office.EventType[event]) mailbox.addHandlerAsync(Office.EventType[event], () => refresh(0), () => { /* an older Outlook */ });
  }
  addEventListener("online", () => refresh(0));
  document.addEventListener("visibilitychange", () => document.hidden || refresh(0));
  // Another pane of this Outlook signed in or out.
  addEventListener("storage", (event) => { if (event.key === place()) { kept = recall(); signing = false; refresh(0); } });
  refresh(0);
}

// -- which message is open

/** { state } where no message is open, otherwise { body }: the question about it. */
async function opened() {
  const { mailbox } = Office.context, { item } = mailbox;
  if (!item) return { state: (await selected()) > 1 ? "several" : "nothing" };
  if (item.itemType !== Office.MailboxEnums.ItemType.Message) return { state: "nothing" };
  // While something is written its fields are questions of their own (Office.Subject), no longer texts.
  if (typeof item.subject === "object" && item.subject !== null) {
    return item.inReplyTo ? { body: { message_id: item.inReplyTo.slice(0, 2000) }, writing: true } : { state: "writing" };
  }
  if (!item.internetMessageId) return { state: "early" };
  const body = { message_id: item.internetMessageId.slice(0, 2000), subject: (item.subject ?? "").slice(0, 10_000) };
  const from = item.from?.emailAddress;
  return { body: from ? { ...body, from: from.slice(0, 200) } : body };
}

function selected() {
  const { mailbox, requirements } = Office.context;
  if (!requirements.isSetSupported("Mailbox", "1.13")) return 0;
  return new Promise((resolve) => {
    try {
      mailbox.getSelectedItemsAsync(({ status, value }) => resolve(status === Office.AsyncResultStatus.Succeeded ? value.length : 0));
    } catch { resolve(0); }
  });
}

async function refresh(tries) {
  if (signing) return;
  const mine = ++turn;
  strip.hidden = !kept;
  if (!kept) return signedOut();
  at("who").textContent = fill(own.signed_in, { login: kept.login });
  const found = await opened();
  if (mine !== turn) return;
  const other = (found.body?.message_id ?? found.state) !== about;
  // A note that is being written stays with whom it was begun for.
  latest.hidden = !(other && noting());
  if (!latest.hidden) return;
  if (found.state) {
    empty(found.state);
    if (found.state === "early") later(mine, tries);
    return;
  }
  if (other) shownPlace.setAttribute("aria-busy", "true");
  const { status, data } = await ask("/summary", { method: "POST", body: found.body });
  const said = found.writing && data?.status === "known" ? await lastWord(data, ask, page.language) : "";
  if (mine !== turn) return;
  if (status === 401 || status === 403) return forget("refused");
  if (status !== 200 || !data) return away(data?.detail);
  lastGood = new Date();
  show(data, said, found.body.message_id);
  if (data.status === "pending") later(mine, tries);
}

const noting = () => Boolean(at("note")?.value.trim());

function later(mine, tries) {
  if (tries < AGAIN.length) setTimeout(() => mine === turn && refresh(tries + 1), AGAIN[tries]);
}

// -- what is shown

function show(summary, said, id) {
  if (noting()) return;
  put(id,
    said && h("p", { class: "word" }, fill(own.last_word, { words: said })),
    summaryElement(summary, page),
    more(summary, say));
}

function empty(state, ...below) {
  put(state, h("div", { class: "empty" }, icon("post"),
    h("p", { class: "empty-title" }, own[state]), own[`${state}_text`] && h("p", {}, own[`${state}_text`]), ...below));
}

function put(what, ...parts) {
  about = what;
  offline.hidden = latest.hidden = true;
  shownPlace.removeAttribute("aria-busy");
  shownPlace.replaceChildren(...parts.filter(Boolean));
}

// Of another message nothing may stay on the screen.
function away(sentence) {
  empty("away", button(own.again, () => refresh(0)));
  offline.textContent = sentence ?? fill(page.words.sidebar.offline, { time: clock(lastGood, page.words.moments, page.zone) });
  offline.hidden = false;
}

function notice(sentence) {
  main.querySelector(".note[role=alert]")?.remove();
  shownPlace.prepend(h("p", { class: "note amber", role: "alert" }, sentence ?? own.away));
}

function button(words, press, kind = "small") {
  const made = h("button", { type: "button", class: kind }, words);
  made.addEventListener("click", press);
  return made;
}

// -- signing in

function signedOut(reason = "signed_out") {
  empty(reason, button(own.sign_in, signIn, "primary"));
}

async function signIn() {
  const { status, data } = await ask("/pairings", { method: "POST", body: { client: "Outlook", hours: start.hours } });
  if (status !== 201) return away(data?.detail);
  signing = true;
  let dialog = null;
  empty("confirm", h("p", { class: "code" }, data.code), button(own.in_browser, () => browse(data.page)),
    button(own.cancel, () => { signing = false; dialog?.close(); refresh(0); }));
  // The dialog is a window of its own, in which the person's login counts. Office.js is not loaded there.
  Office.context.ui.displayDialogAsync(`${location.origin}${data.page}&close=1`, { height: 70, width: 35, promptBeforeOpen: false },
    (result) => { if (result.status === Office.AsyncResultStatus.Succeeded) dialog = result.value; });
  const code = shownPlace.querySelector(".code"), token = await confirmed(data, code);
  if (!code.isConnected) return;
  signing = false;
  try { dialog?.close(); } catch { /* its person closed it */ }
  if (!token) return signedOut("too_late");
  keep(token);
  refresh(0);
}

/** { token, login } once the code is confirmed; null when it was not, or is no longer shown. */
async function confirmed({ secret, interval, expires_in: lasts }, code) {
  const end = Date.now() + lasts * 1000;
  while (Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, interval * 1000));
    if (!code.isConnected) return null;
    const { status, data } = await ask("/pairings/token", { method: "POST", body: { secret } });
    if (status === 404) return null;
    if (data?.state === "paired") return { token: data.token, login: data.login };
  }
  return null;
}

async function leave() {
  await ask("/token", { method: "DELETE" });
  forget("signed_out");
}

function forget(reason) {
  keep(null);
  turn++;
  strip.hidden = true;
  signedOut(reason);
}

// Partitioned: the same browser keeps another token for another site that frames the pane (Office.context.partitionKey).
const place = () => `${Office.context.partitionKey ?? ""}kingpost.outlook`;

function keep(value) {
  kept = value;
  try {
    if (value) localStorage.setItem(place(), JSON.stringify(value)); else localStorage.removeItem(place());
  } catch { /* no storage in this frame: the token lives as long as the pane */ }
}

function recall() {
  try { return JSON.parse(localStorage.getItem(place())); } catch { return null; }
}

// -- Kingpost

const ask = (path, { method, body } = {}) => send(location.origin, path, { method, body, token: kept?.token, language: page.language });

async function act(action, fields) {
  const asked = question(action, fields, kept?.login);
  const { status, data } = await ask(asked.path, asked);
  if (status === 401) forget("refused");
  const ok = status >= 200 && status < 300;
  // What was being written is saved now.
  if (ok && at("note")) at("note").value = "";
  return { ok, sentence: ok ? null : data?.detail ?? own.away };
}

function browse(path) {
  if (!/^\/(?![/\\])/.test(path ?? "")) return;
  const { requirements, ui } = Office.context;
  if (requirements.isSetSupported("OpenBrowserWindowApi", "1.1")) ui.openBrowserWindow(location.origin + path);
  else window.open(path, "_blank", "noopener");
}
