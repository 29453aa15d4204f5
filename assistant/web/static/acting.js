// What can be done about a summary inside a mail client: the same forms as on Kingpost's pages, by the interface.

import { h } from "./summary.js";

// The forms by their paths, and how the interface is asked for the same. A page that was tricked can ask for nothing else.
const DOABLE = [
  [/^\/messages\/\d+\/complaint$/, (path, { flag }) => ({ path: path[0], body: { flag: String(flag) === "true" } })],
  [/^\/messages\/\d+\/(match|sender|complaint\/solved)$/, ([path], fields) => ({ path, body: some(fields) })],
  [/^\/customers\/[^/]+\/next-action$/, ([path], { action, verdict }) => ({ path, body: { action, answer: verdict } })],
  [/^\/promises\/\d+\/kept$/, ([path]) => ({ path })],
  [/^\/interactions$/, ([path], body) => ({ path, body })],
  [/^\/cases$/, ([path], { message }) => ({ path, body: { message: Number(message) } })],
  [/^(\/cases\/\d+)\/take$/, ([, path], _, login) => ({ path, method: "PATCH", body: { assignee: login } })],
];

const PATIENCE = 4000;

const some = (fields) => Object.keys(fields).length ? fields : undefined;

/** How the interface is asked for what a form says, { path, method, body }; null for what is not done from here. */
export function question(action, fields = {}, login = "") {
  for (const [pattern, made] of DOABLE) {
    const path = pattern.exec(action);
    if (path) return { method: "POST", ...made(path, fields, login) };
  }
  return null;
}

/**
 * Lets the links and forms below an element work: `open(path)` shows a page of Kingpost's, `act(action, fields)` does
 * what a form says and answers { ok, sentence }; then comes `changed()`, or `notice(sentence)`.
 */
export function wire(main, { open, act, changed, notice }) {
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
    if (!question(action)) return open(next);
    const button = event.submitter ?? form.querySelector("button");
    button.disabled = true;
    const done = await act(action, fields);
    if (done.ok) return changed();
    button.disabled = false;
    notice(done.sentence);
  });
}

/** What a client offers below the summary: the page in Kingpost, complaint or none, a note of a call; null for nobody. */
export function more({ message, customer, complaint }, say) {
  const no = message?.no, about = complaint?.message === no ? complaint.state : null;
  if (!no && !customer) return null;
  return h("section", { class: "more" },
    h("div", {},
      h("a", { class: "button small", href: no ? `/messages/${no}` : `/customers/${encodeURIComponent(customer.id)}` }, say("open")),
      no && about !== "confirmed" && flag(no, "true", say("complaint_yes")),
      no && ["open", "doubtful", "confirmed"].includes(about) && flag(no, "false", say("complaint_no"))),
    customer && h("details", {}, h("summary", {}, say("call")), call(customer, say)));
}

function flag(no, value, words) {
  return h("form", { action: `/messages/${no}/complaint` },
    h("input", { type: "hidden", name: "flag", value }), h("button", { class: "small" }, words));
}

function call(customer, say) {
  return h("form", { action: "/interactions", class: "call" },
    h("input", { type: "hidden", name: "customer", value: customer.id }),
    h("input", { type: "hidden", name: "channel", value: "call" }),
    h("label", { for: "note" }, say("call_label")),
    h("textarea", { id: "note", name: "text", required: "", maxlength: "10000" }),
    h("button", { class: "small" }, say("call_save")));
}

/** What we said or promised last, in one line; "" when nothing is known. `ask(path)` asks the interface: { data }. */
export async function lastWord(summary, ask, language) {
  if (!summary?.customer) return "";
  if (summary.promises[0]) return summary.promises[0].text;
  const { data } = await ask(`/customers/${encodeURIComponent(summary.customer.id)}/timeline?limit=20`);
  const ours = data?.entries?.find(({ direction, open, subject, text, message }) =>
    direction === "outgoing" && open && (subject || text) && message !== summary.message?.no);
  if (!ours) return "";
  const date = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" });
  return `${shortened(ours.subject || ours.text, 80)} (${[ours.who, date.format(new Date(ours.date))].filter(Boolean).join(", ")})`;
}

export const shortened = (text, length) => text.length > length ? `${text.slice(0, length - 1)}…` : text;

/** Asks the interface of the Kingpost at `host`: { status, data }, status 0 when there is no answer. Never throws. */
export async function send(host, path, { method = "GET", body, token, language }) {
  const headers = { accept: "application/json", "accept-language": language };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (token) headers.authorization = `Bearer ${token}`;
  try {
    const answer = await fetch(`${host}/api/v1${path}`, {
      method, headers, body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "omit", cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE),
    });
    return { status: answer.status, data: await answer.json().catch(() => null) };
  } catch {
    return { status: 0, data: null };
  }
}
