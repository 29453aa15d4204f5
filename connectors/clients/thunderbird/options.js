// Pairing: Kingpost gives a short code, its person confirms it there, and a token comes back. No password is typed here.

import { h } from "./static/summary.js";
import { ask, connection, keep, open } from "./service.js";

const main = document.getElementById("main");
const say = (name, ...values) => messenger.i18n.getMessage(name, values);
document.documentElement.lang = messenger.i18n.getUILanguage();

await paint();

async function paint(problem = "") {
  const { host, token, login, banner, decided } = await connection();
  main.replaceChildren(
    h("h1", {}, "Kingpost"),
    problem && h("p", { class: "note amber", role: "alert" }, problem),
    h("p", {}, !host ? say("no_host") : token ? say("paired", login, host) : say("not_paired", host)),
    ...(!host ? [] : token ? [h("p", { class: "quiet" }, say("revoke_hint")), button(say("part"), part)]
      : [button(say("connect"), () => pair(host), "primary")]),
    choice(banner, decided.includes("banner")));
}

function button(words, press, kind = "") {
  const made = h("button", { type: "button", class: kind }, words);
  made.addEventListener("click", press);
  return made;
}

function choice(on, decided) {
  const box = h("input", { type: "checkbox", checked: on ? "" : null, disabled: decided ? "" : null });
  box.addEventListener("change", () => keep({ banner: box.checked }));
  return h("label", { class: "choice" }, box, h("span", {}, say("show_banner")));
}

async function part() {
  await keep({ token: null, login: null, of: null });
  await paint();
}

async function pair(host) {
  // Asked first, because it takes a click; where the installation granted it, nothing is shown.
  const allowed = await messenger.permissions.request({ origins: [`${host.replace(/:\d+$/, "")}/*`] });
  if (!allowed) return paint(say("not_allowed", host));
  const { os } = await messenger.runtime.getPlatformInfo();
  const { status, data } = await ask("/pairings", { method: "POST", body: { client: `Thunderbird (${os})` }, token: "" });
  if (status !== 201) return paint(data?.detail ?? say("away"));
  main.replaceChildren(
    h("h1", {}, say("confirm_title")),
    h("p", {}, say("confirm_text")),
    h("p", { class: "code" }, data.code),
    button(say("confirm_open"), () => open(data.page), "primary"),
    button(say("cancel"), () => paint()));
  open(data.page);
  await wait(host, data);
}

async function wait(host, { secret, interval, expires_in: lasts }) {
  const code = main.querySelector(".code"), end = Date.now() + lasts * 1000;
  while (code.isConnected && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, interval * 1000));
    const { status, data } = await ask("/pairings/token", { method: "POST", body: { secret }, token: "" });
    if (status === 404) break;
    if (data?.state !== "paired") continue;
    await keep({ token: data.token, login: data.login, of: host });
    return paint();
  }
  if (code.isConnected) paint(say("too_late"));
}
