// Wires Thunderbird's events to Kingpost's answers. It may be stopped at any moment and is woken by the next event,
// so listeners stand at top level and nothing is remembered that cannot be asked for again.

import { lastWord } from "./static/acting.js";
import { act, ask, connection, open } from "./service.js";
import { mark, messageOf, single, summaryOf } from "./mail.js";

// The question goes out while Thunderbird still puts the letter on the screen.
const BANNER = { id: "banner", js: ["banner.js"], runAt: "document_start" };

messenger.messageDisplay.onMessagesDisplayed.addListener(displayed);
messenger.tabs.onCreated.addListener(composing);
messenger.runtime.onMessage.addListener((asked, { tab }) => answers[asked.kind]?.(asked, tab));
serve();

/** The banner comes with every message from now on, and once a session into those that are open already. */
async function serve() {
  // Registered scripts outlive the background, and a second registration is refused.
  await messenger.scripting.messageDisplay.registerScripts([BANNER]).catch(() => {});
  if ((await messenger.storage.session.get("served")).served) return;
  await messenger.storage.session.set({ served: true });
  for (const tab of await messenger.tabs.query({ type: ["mail", "messageDisplay"] })) {
    const message = await messageOf(tab).catch(() => null);
    if (!message) continue;
    displayed(tab, { messages: [message] });
    messenger.scripting.executeScript({ target: { tabId: tab.id }, files: BANNER.js }).catch(() => {});
  }
}

async function displayed(tab, list) {
  const message = single(list);
  const told = message && await summaryOf(message);
  // Another one may have been chosen meanwhile.
  const shown = await messageOf(tab).catch(() => null);
  if (shown?.id === message?.id) mark(tab.id, told);
}

/** In a reply the button says what we said last; into the letter itself nothing is written. */
async function composing(tab) {
  if (tab.type !== "messageCompose") return;
  const message = await messageOf(tab).catch(() => null);
  const { summary } = message ? await summaryOf(message) : {};
  const said = summary?.status === "known" ? await lastWord(summary, ask, messenger.i18n.getUILanguage()) : "";
  if (!said) return;
  const line = messenger.i18n.getMessage("last_word", said);
  const button = messenger.composeAction;
  await Promise.all([
    button.setLabel({ tabId: tab.id, label: line }),
    button.setTitle({ tabId: tab.id, title: line }),
  ]).catch(() => { /* the window is gone */ });
}

// What the banner asks for; what is displayed is looked up here and never taken from the page.
const answers = {
  async displayed({ anew }, tab) {
    const message = (await connection()).banner && await messageOf(tab);
    const told = message ? await summaryOf(message, { anew }) : {};
    if (anew && message) mark(tab.id, told);
    return told.summary ?? null;
  },

  async act({ path, body }, tab) {
    const done = await act(path, body);
    const message = done.ok && await messageOf(tab);
    if (message) mark(tab.id, await summaryOf(message, { anew: true }));
    return done;
  },

  async open({ path }) {
    await open(path);
  },

  async panel() {
    await messenger.messageDisplayAction.openPopup();
  },
};
