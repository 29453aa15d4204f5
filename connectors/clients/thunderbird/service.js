// Asks the firm's Kingpost, with the token of this Thunderbird's person. Nothing here throws or waits for long.

import { question, send } from "./static/acting.js";

let known = null;
messenger.storage.onChanged.addListener(() => { known = null; });

/** Where Kingpost is and who we are: { host, zone, banner, token, login }. The policy wins over what is packed. */
export function connection() {
  known ??= read();
  return known;
}

async function read() {
  const [packed, policy, own] = await Promise.all([
    fetch("config.json").then((answer) => answer.json()),
    messenger.storage.managed.get().catch(() => ({})),
    messenger.storage.local.get(),
  ]);
  const found = { banner: true, ...packed, ...own, ...policy, decided: Object.keys(policy) };
  found.host = found.host?.replace(/\/+$/, "");
  // A token is for the server that gave it, and for no other.
  if (found.of !== found.host) found.token = null;
  return found;
}

/** Keeps choices and the token in this Thunderbird. */
export async function keep(values) {
  await messenger.storage.local.set(values);
  known = null;
}

/** An answer as { status, data }; status 0 when there is none. An empty `token` asks without one. */
export async function ask(path, { method, body, token } = {}) {
  const { host, token: own } = await connection();
  if (!host) return { status: 0, data: null };
  return send(host, path, { method, body, token: token ?? own, language: messenger.i18n.getUILanguage() });
}

/** Opens a page of Kingpost's in the person's browser. */
export async function open(path) {
  const { host } = await connection();
  if (host && /^\/(?![/\\])/.test(path)) messenger.windows.openDefaultBrowser(host + path);
}

/** Does what a form or a button says: { ok, sentence }, the sentence only when it did not work. */
export async function act(action, fields) {
  const { login } = await connection();
  const asked = question(action, fields, login);
  if (!asked) return { ok: false, sentence: null };
  const { status, data } = await ask(asked.path, asked);
  const ok = status >= 200 && status < 300;
  return { ok, sentence: ok ? null : data?.detail ?? messenger.i18n.getMessage(status === 401 ? "refused" : "away") };
}
