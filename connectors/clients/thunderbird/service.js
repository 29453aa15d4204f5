// Asks the firm's Kingpost, with the token of this Thunderbird's person. Nothing here throws or waits for long.

const PATIENCE = 4000;

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

/** An answer as { status, data }; status 0 when there is none. */
export async function ask(path, { method = "GET", body, token } = {}) {
  const { host, token: own } = await connection();
  if (!host) return { status: 0, data: null };
  const headers = { accept: "application/json", "accept-language": messenger.i18n.getUILanguage() };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (token ?? own) headers.authorization = `Bearer ${token ?? own}`;
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

/** Opens a page of Kingpost's in the person's browser. */
export async function open(path) {
  const { host } = await connection();
  if (host && /^\/(?![/\\])/.test(path)) messenger.windows.openDefaultBrowser(host + path);
}

// What may be done from here: the forms of summary.js by their paths, and how the interface is asked for the same.
// A page that was tricked can ask for nothing else.
const DOABLE = [
  [/^\/messages\/\d+\/(match|sender|complaint|complaint\/solved)$/, ([path], body) => ({ path, body })],
  [/^\/interactions$/, ([path], body) => ({ path, body })],
  [/^\/cases$/, ([path], { message }) => ({ path, body: { message: Number(message) } })],
  [/^(\/cases\/\d+)\/take$/, ([, path], _, login) => ({ path, method: "PATCH", body: { assignee: login } })],
];

/** Whether `act` can do what a form asks for. */
export const doable = (path) => DOABLE.some(([each]) => each.test(path));

/** Does what a button says: { ok, sentence }, the sentence only when it did not work. */
export async function act(path, fields) {
  const [form, question] = DOABLE.find(([each]) => each.test(path)) ?? [];
  if (!form) return { ok: false, sentence: null };
  const { login } = await connection();
  const { path: at, method = "POST", body } = question(form.exec(path), fields, login);
  const { status, data } = await ask(at, { method, body });
  const ok = status >= 200 && status < 300;
  return { ok, sentence: ok ? null : data?.detail ?? messenger.i18n.getMessage(status === 401 ? "refused" : "away") };
}
