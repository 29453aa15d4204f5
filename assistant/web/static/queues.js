// The queues and cases, live: what others do appears where it stands, and nobody loses what they were typing.

const narrow = matchMedia("(max-width: 1180px)");
const aside = document.querySelector(".beside");

// -- news of cases: the parts marked as live are taken anew from the page itself

let stream = null, waiting = 0, refreshes = 0, again = 0;

function listen() {
  clearTimeout(again);
  stream?.close();
  stream = new EventSource("/api/v1/stream");
  // What happened while there was no stream, nobody told.
  stream.addEventListener("open", () => {
    const lost = document.getElementById("lost");
    if (!lost.hidden) { lost.hidden = true; refresh(); }
  });
  stream.addEventListener("error", () => {
    document.getElementById("lost").hidden = false;
    // A browser gives up on an answer that is no stream: the pool is out of reach, the session has ended.
    if (stream.readyState === EventSource.CLOSED) again = setTimeout(listen, 5_000);
  });
  stream.addEventListener("case", (event) => {
    const here = document.querySelector("main [data-case-shown]:not(.preview)")?.dataset.caseShown;
    if (here && !JSON.parse(event.data).cases.includes(Number(here))) return;
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 60);
  });
}

async function refresh() {
  const mine = ++refreshes;
  const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  // A later look, or the answer to a step of one's own, is newer than this.
  if (mine !== refreshes) return;
  const nav = document.querySelector(".queue-nav"), old = [...document.querySelectorAll("[data-live]")];
  const parts = [...fresh.querySelectorAll("[data-live]")];
  if (nav) nav.replaceWith(fresh.querySelector(".queue-nav"));
  for (const [index, part] of parts.entries()) if (old[index]) take(old[index], part);
  paintBulk();
  show(shownCase, true);
}

/** A part in place of its old self; focus and marks stay with what they were on. */
function take(old, part) {
  const focused = old.contains(document.activeElement) ? document.activeElement.closest("[id]")?.id : null;
  const inner = focused && document.activeElement.id !== focused ? document.activeElement.dataset.key : null;
  const marked = [...old.querySelectorAll("input:checked")].map((box) => box.name);
  old.replaceWith(part);
  for (const name of marked) { const box = part.querySelector(`input[name="${name}"]`); if (box) box.checked = true; }
  const again = focused && document.getElementById(focused);
  if (again) ((inner && again.querySelector(`[data-key="${inner}"]`)) || again).focus({ preventScroll: true });
}

listen();
addEventListener("pageshow", (event) => { if (event.persisted) { listen(); refresh(); } });
addEventListener("pagehide", () => stream?.close());
// Due times count down.
setInterval(() => { if (!document.hidden) refresh(); }, 60_000);

// -- the mail beside the list

let shownCase = null, asked = 0;

async function show(id, again = false) {
  if (!aside || !id || narrow.matches || (id === shownCase && !again)) return;
  shownCase = id;
  const mine = ++asked;
  for (const row of document.querySelectorAll(".case")) row.classList.toggle("shown", row.id === `case-${id}`);
  const answer = await fetch(`/cases/${id}/beside`, { headers: { accept: "text/html" } }).catch(() => null);
  if (mine !== asked || !answer) return;
  if (!answer.ok) return aside.replaceChildren();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  aside.replaceChildren(...page.body.childNodes);
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.(".case[id^=case-]");
  if (row) show(row.id.slice(5));
});
document.addEventListener("click", (event) => {
  if (!aside || narrow.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const row = event.target.closest?.(".case[id^=case-]");
  if (!row || event.target.closest("input, button, label, .quick")) return;
  const link = event.target.closest("a[data-case]");
  // A click shows the mail beside the list; a second one, or Enter, opens the case.
  if (link && (row.id === `case-${shownCase}` || event.detail === 0)) return;
  event.preventDefault();
  row.focus();
  show(row.id.slice(5));
});

// -- many at once

document.addEventListener("change", (event) => { if (event.target.form?.id === "bulk") paintBulk(); });

function paintBulk() {
  const bar = document.getElementById("bulk");
  if (!bar) return;
  const count = document.querySelectorAll(".cases input:checked").length;
  const said = bar.querySelector(".bulk-count");
  said.textContent = count === 1 ? said.dataset.one : said.dataset.other.replace("{count}", count);
  bar.hidden = count === 0;
}

new MutationObserver(() => { refreshes++; paintBulk(); }).observe(document.querySelector("main"), { childList: true });
paintBulk();
if (location.hash === "#note") document.getElementById("note")?.focus();
