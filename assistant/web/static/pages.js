// What the wide pages do beyond reading: keys, copying a token, taking over older entries without leaving the place.

const typing = (target) => /^(input|select|textarea)$/i.test(target.tagName) || target.isContentEditable;
const keys = document.getElementById("keys");

for (const button of document.querySelectorAll("[data-keys]")) {
  button.hidden = false;
  button.addEventListener("click", () => keys.showModal());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.done;
  });
}

// -- keys

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || keys?.open) return;
  const act = {
    "/": () => { const find = document.querySelector("[data-find]") ?? document.getElementById("find"); find?.closest("details")?.setAttribute("open", ""); find?.focus(); find?.select(); return find; },
    "?": () => { keys?.showModal(); return keys; },
    j: () => step(1),
    k: () => step(-1),
    n: () => jot() ?? press(current()?.querySelector("[data-new]")),
    u: () => press(document.querySelector("[data-undo]")),
    s: () => press(current()?.querySelector("[data-supplier]")),
    i: () => press(current()?.querySelector("[data-ignore]")),
  }[event.key] ?? (/^[1-3]$/.test(event.key) ? () => choose(Number(event.key)) : null);
  if (act?.() ?? keyed(event.key)) event.preventDefault();
});

/** The note of a customer's page is opened for writing. */
function jot() {
  const note = document.getElementById("note");
  if (note?.localName !== "details") return null;
  note.open = true;
  note.querySelector("input[name=subject]").focus();
  return note;
}

function press(button) {
  if (button?.matches("textarea")) button.focus();
  else button?.click();
  return button;
}

/** What says itself by which key it is done (data-key): in the entry that has the focus, else on the page. */
function keyed(key) {
  const entry = document.activeElement?.closest?.("[data-list] > *");
  // Enter on a link or button does what it says.
  if (!/^[a-z]$/.test(key) && !(key === "Enter" && entry === document.activeElement)) return null;
  if (entry) return press(entry.querySelector(`[data-key="${key}"]`));
  return document.querySelector("[data-list]") ? null : press(document.querySelector(`main [data-key="${key}"]`));
}

/** The next or previous entry of the page's list gets the focus. */
function step(by) {
  const entries = [...document.querySelectorAll("[data-list] > *")];
  if (!entries.length) return null;
  const here = entries.findIndex((entry) => entry.contains(document.activeElement));
  const next = entries[Math.min(Math.max(here + by, 0), entries.length - 1)];
  const target = next.matches("[tabindex]") ? next : next.querySelector("a, button") ?? next;
  target.focus();
  next.scrollIntoView({ block: "nearest" });
  return target;
}

/** Assigns the current mail to its first, second or third candidate. */
function choose(number) {
  return press(current()?.querySelectorAll("[data-choose]")[number - 1]);
}

/** The entry of a list that has the focus, else the first one, or the only mail. */
function current() {
  return document.activeElement?.closest?.(".review") ?? document.querySelector("#match, .review");
}

// -- lists that are worked through: the answer's list takes the place of this one, and the next entry has the focus

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const list = form.closest("[data-flow]") ?? (form.closest(".undo") && document.querySelector("[data-flow]"));
  if (!list) return;
  event.preventDefault();
  const place = Math.max([...list.children].findIndex((entry) => entry.contains(form)), 0);
  const { submitter } = event;
  const answer = await fetch(submitter?.getAttribute("formaction") ?? form.getAttribute("action"), {
    method: "POST", headers: { accept: "text/html" }, body: new URLSearchParams(new FormData(form, submitter)),
  }).catch(() => null);
  if (!answer?.ok || new URL(answer.url).pathname !== location.pathname) {
    return answer ? location.assign(answer.url) : form.requestSubmit();
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.querySelector("main").replaceChildren(...page.querySelector("main").childNodes);
  document.querySelector(".undo")?.remove();
  const bar = page.querySelector(".undo");
  if (bar) document.querySelector("main").after(bar);
  const entries = document.querySelectorAll("[data-flow] > *");
  entries[Math.min(place, entries.length - 1)]?.focus();
});

// -- older entries of a timeline

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-older]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const answer = await fetch(link.href, { headers: { accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return location.assign(link.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const entries = [...(page.getElementById("entries")?.children ?? [])];
  document.getElementById("entries").append(...entries);
  const next = page.querySelector("a[data-older]");
  link.closest(".more").replaceChildren(...(next ? [next] : []));
  entries[0]?.querySelector("a")?.focus({ preventScroll: true });
});

// -- who is chosen in one list cannot be chosen in another: nobody stands in for themselves

for (const list of document.querySelectorAll("select[data-not]")) {
  const other = document.getElementById(list.dataset.not);
  const apart = () => {
    for (const option of list.options) option.hidden = option.disabled = option.value !== "" && option.value === other.value;
    if (list.selectedOptions[0]?.disabled) list.value = "";
  };
  other.addEventListener("change", apart);
  apart();
}
