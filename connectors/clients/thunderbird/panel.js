// The popup of the toolbar buttons: the whole summary, drawn by the same module as Kingpost's own sidebar, with what
// can be done about it. Links open in the browser; forms go to the interface under the same path.

import { h, summaryElement } from "./static/summary.js";
import { act, connection, doable, open } from "./service.js";
import { lastWord, mark, messageOf, summaryOf } from "./mail.js";

const main = document.getElementById("main");
const say = (name, ...values) => messenger.i18n.getMessage(name, values);
const language = messenger.i18n.getUILanguage().startsWith("de") ? "de" : "en";
document.documentElement.lang = language;

const [tab] = await messenger.tabs.query({ active: true, currentWindow: true });
const words = await fetch(`words/${language}.json`).then((answer) => answer.json());
const { zone } = await connection();
await paint(false);

main.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='/']");
  if (!link) return;
  event.preventDefault();
  open(link.getAttribute("href"));
});

main.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  // The proof that a form is ours, and where to go on, are for Kingpost's own pages only.
  const { _csrf_token, next, ...fields } = Object.fromEntries(new FormData(form));
  const action = form.getAttribute("action");
  // What cannot be done from here is done where the same button stands.
  if (!doable(action)) return open(next);
  const button = event.submitter ?? form.querySelector("button");
  button.disabled = true;
  const done = await act(action, Object.keys(fields).length ? fields : undefined);
  if (done.ok) return changed();
  button.disabled = false;
  notice(done.sentence);
});

async function paint(anew) {
  const message = await messageOf(tab).catch(() => null);
  const told = message ? await summaryOf(message, { anew }) : { state: "nothing" };
  if (message && tab.type !== "messageCompose") mark(tab.id, told);
  main.replaceChildren(...(told.state === "told" ? await whole(told.summary) : [empty(told.state)]));
}

async function changed() {
  await paint(true);
  messenger.tabs.sendMessage(tab.id, { kind: "refresh" }).catch(() => { /* no banner there */ });
}

async function whole(summary) {
  const said = tab.type === "messageCompose" ? await lastWord(summary) : "";
  return [
    said && h("p", { class: "word" }, say("last_word", said)),
    summaryElement(summary, { words, language, zone, csrf: "" }),
    more(summary),
  ].filter(Boolean);
}

function more({ message, customer, complaint }) {
  const no = message?.no, about = complaint?.message === no ? complaint.state : null;
  if (!no && !customer) return null;
  return h("section", { class: "more" },
    h("div", {},
      h("a", { class: "button small", href: no ? `/messages/${no}` : `/customers/${encodeURIComponent(customer.id)}` }, say("open")),
      no && about !== "confirmed" && flag(no, true, say("complaint_yes")),
      no && ["open", "doubtful", "confirmed"].includes(about) && flag(no, false, say("complaint_no"))),
    customer && h("details", {}, h("summary", {}, say("call")), note(customer)));
}

function flag(no, value, words) {
  const button = h("button", { type: "button", class: "small" }, words);
  button.addEventListener("click", async () => {
    const done = await act(`/messages/${no}/complaint`, { flag: value });
    if (done.ok) changed(); else notice(done.sentence);
  });
  return button;
}

function note(customer) {
  return h("form", { action: "/interactions" },
    h("input", { type: "hidden", name: "customer", value: customer.id }),
    h("input", { type: "hidden", name: "channel", value: "call" }),
    h("label", { for: "note" }, say("call_label")),
    h("textarea", { id: "note", name: "text", required: "", maxlength: "10000" }),
    h("button", { class: "small" }, say("call_save")));
}

function empty(state) {
  const button = h("button", { type: "button", class: "small" },
    state === "away" ? say("again") : say("connect"));
  button.addEventListener("click", () => state === "away" ? paint(true) : messenger.runtime.openOptionsPage());
  return h("div", { class: "empty" }, h("p", { class: "empty-title" }, say(`state_${state}`)), state !== "nothing" && button);
}

function notice(sentence) {
  main.querySelector(".note")?.remove();
  main.prepend(h("p", { class: "note amber", role: "alert" }, sentence ?? say("away")));
}
