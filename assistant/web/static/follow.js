// Which mailboxes this sidebar follows, and the stream of their openings. The choice stays in this browser.

const KEY = "kingpost.unfollowed";

/** Opens the stream and keeps it open; calls `opened(summary)`, `changed(messages)`, `written(customer)`, `lost()` and `back(again)`. */
export function follow({ opened, changed, written, lost, back }) {
  const form = document.getElementById("follow");
  const boxes = [...form.querySelectorAll("input[name=mailbox]")];
  const left = new Set(remembered());
  let stream = null, heard = 0, again = false, timer = 0;

  for (const box of boxes) {
    box.checked = !left.has(box.value);
    box.disabled = false;
    box.addEventListener("change", () => {
      if (box.checked) left.delete(box.value); else left.add(box.value);
      remember([...left]);
      open();
    });
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  // A laptop that slept, a connection that hangs without an error: nothing heard for three keepalives.
  setInterval(() => { if (stream && Date.now() - heard > 50_000) { lost(); open(); } }, 5_000);
  addEventListener("online", open);
  addEventListener("offline", lost);
  addEventListener("pagehide", () => stream?.close());
  addEventListener("pageshow", (event) => { if (event.persisted) open(); });
  open();

  function open() {
    clearTimeout(timer);
    stream?.close();
    stream = null;
    const chosen = boxes.filter((box) => box.checked).map((box) => `mailbox=${encodeURIComponent(box.value)}`);
    heard = Date.now();
    // Where no mailbox is followed, there is still what colleagues write into records.
    stream = new EventSource(`/api/v1/stream?${chosen.join("&") || "mailbox="}`);
    // One that was on its way when the connection went: "online" will bring a new one.
    stream.addEventListener("open", () => { if (navigator.onLine) { heard = Date.now(); back(again); again = true; } });
    stream.addEventListener("keepalive", () => { heard = Date.now(); });
    stream.addEventListener("opened", (event) => { heard = Date.now(); opened(JSON.parse(event.data)); });
    stream.addEventListener("changed", (event) => { heard = Date.now(); changed(JSON.parse(event.data).messages); });
    stream.addEventListener("customer", (event) => { heard = Date.now(); written(JSON.parse(event.data).customer); });
    stream.addEventListener("error", () => {
      lost();
      // A browser gives up on an answer that is no stream: a proxy's error page, a session that ended.
      if (stream?.readyState === EventSource.CLOSED) timer = setTimeout(retry, 5_000);
    });
  }

  async function retry() {
    const answer = await fetch("/api/v1/mailboxes", { headers: { accept: "application/json" } }).catch(() => null);
    if (answer?.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
    else open();
  }
}

function remembered() {
  try { return JSON.parse(localStorage.getItem(KEY)) ?? []; } catch { return []; }
}

function remember(names) {
  try { localStorage.setItem(KEY, JSON.stringify(names)); } catch { /* private window: the choice lasts as long as the page */ }
}
