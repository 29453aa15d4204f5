// The popup of the toolbar buttons: the whole summary, drawn by the same module as Kingpost's own sidebar, with what
// can be done about it. Links open in the browser; forms go to the interface under the same path.

import { lastWord, more, wire } from "./static/acting.js";
import { h, summaryElement } from "./static/summary.js";
import { act, ask, connection, open } from "./service.js";
import { mark, messageOf, summaryOf } from "./mail.js";

const main = document.getElementById("main");
const say = (name, ...values) => messenger.i18n.getMessage(name, values);
const language = messenger.i18n.getUILanguage().startsWith("de") ? "de" : "en";
document.documentElement.lang = language;

const [tab] = await messenger.tabs.query({ active: true, currentWindow: true });
const words = await fetch(`words/${language}.json`).then((answer) => answer.json());
const { zone } = await connection();
await paint(false);

wire(main, { open, act, changed, notice });

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
  const said = tab.type === "messageCompose" ? await lastWord(summary, ask, messenger.i18n.getUILanguage()) : "";
  return [
    said && h("p", { class: "word" }, say("last_word", said)),
    summaryElement(summary, { words, language, zone, csrf: "" }),
    more(summary, say),
  ].filter(Boolean);
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
