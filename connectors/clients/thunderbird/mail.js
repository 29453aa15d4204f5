// The message a tab shows or answers, what Kingpost says of it, and what the toolbar button says at a glance.

import { shortened } from "./static/acting.js";
import { ask, connection } from "./service.js";

// The banner and the button ask for the same message within moments.
const FRESH = 3000;
const asked = new Map();

/** The one message that a tab shows, or that a compose window replies to; null when there is none. */
export async function messageOf(tab) {
  if (tab.type !== "messageCompose") return single(await messenger.messageDisplay.getDisplayedMessages(tab.id));
  const { type, relatedMessageId } = await messenger.compose.getComposeDetails(tab.id);
  return type === "reply" && relatedMessageId ? messenger.messages.get(relatedMessageId) : null;
}

/** The only message of a list; of several that are selected none is meant. */
export function single({ messages }) {
  return messages.length === 1 ? messages[0] : null;
}

/** What Kingpost says of a message: { state: "told", summary }, or the state "unpaired", "refused", "away", "nothing". */
export function summaryOf(message, { anew = false } = {}) {
  const before = asked.get(message.id);
  if (before && !anew && Date.now() - before.at < FRESH) return before.told;
  const told = tell(message);
  asked.set(message.id, { told, at: Date.now() });
  for (const [id, { at }] of asked) if (Date.now() - at > FRESH) asked.delete(id);
  return told;
}

async function tell(message) {
  if (!(await connection()).token) return { state: "unpaired" };
  // A message without an id of its own gets one from Thunderbird that nobody else knows.
  if (!message.headerMessageId || message.headerMessageId.startsWith("md5:")) return { state: "nothing" };
  const { status, data } = await ask("/summary", { method: "POST", body: {
    message_id: message.headerMessageId.slice(0, 2000),
    from: (await addressOf(message.author)).slice(0, 200),
    subject: message.subject.slice(0, 10_000),
  } });
  if (status === 200 && data) return { state: "told", summary: data };
  return { state: status === 401 || status === 403 ? "refused" : "away" };
}

async function addressOf(author) {
  const [mailbox] = await messenger.messengerUtilities.parseMailboxString(author).catch(() => []);
  return mailbox?.email ?? author;
}

const MARKS = {
  spoof: ["!", "#b3261e"], review: ["?", "#7d5200"], unknown: ["+", "#566070"], pending: ["…", "#566070"], known: ["", null],
};

/** Writes onto the button of a tab who wrote; the one place that no mail can paint over. */
export async function mark(tabId, told) {
  const { status, customer, complaint } = told?.summary ?? {};
  const troubled = ["open", "confirmed"].includes(complaint?.state);
  const [text, color] = troubled && status === "known" ? ["!", "#b3261e"]
    : customer?.king ? ["♔", "#9a6b00"] : MARKS[status] ?? ["", null];
  const name = customer?.name ?? (status ? messenger.i18n.getMessage(`label_${status}`) : "");
  const button = messenger.messageDisplayAction;
  await Promise.all([
    button.setBadgeText({ tabId, text }),
    color && button.setBadgeBackgroundColor({ tabId, color }),
    button.setLabel({ tabId, label: name ? shortened(name, 40) : null }),
    button.setTitle({ tabId, title: name || null }),
  ]).catch(() => { /* the tab is gone */ });
}
