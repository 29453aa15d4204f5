// The sidebar as an app of its own: its worker, its window, and notifications, which are off until somebody wants them.

const KEY = "kingpost.notify";
const at = (id) => document.getElementById(id);
const standalone = matchMedia("(display-mode: standalone)").matches || window.opener || window !== window.top;

let worker = null;

/** Sets up what this browser can do. */
export function app() {
  navigator.serviceWorker?.register("/static/worker.js", { scope: "/sidebar" }).then((found) => {
    worker = found;
    found.active?.postMessage("keep");
  }, () => { /* framed, or a browser that allows none: the page does without */ });

  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    at("install").hidden = false;
    at("install").onclick = () => { at("install").hidden = true; event.prompt(); };
  });

  at("window").hidden = standalone;
  at("window").addEventListener("click", () => open("/sidebar", "kingpost", "popup,width=380,height=780"));

  const box = at("notify");
  box.closest("label").hidden = !("Notification" in window);
  box.checked = wanted();
  box.addEventListener("change", async () => {
    if (box.checked) box.checked = (await Notification.requestPermission()) === "granted";
    try { localStorage.setItem(KEY, box.checked ? "on" : ""); } catch { /* private window: nothing is remembered */ }
  });
}

/** Tells of an opening while the sidebar is out of sight. No more than the name: a locked screen shows it to everybody. */
export function notify(name) {
  if (!document.hidden || !wanted()) return;
  const options = { body: name, tag: "kingpost", icon: "/static/app-192.png" };
  if (worker?.active) worker.showNotification("Kingpost", options);
  else new Notification("Kingpost", options).onclick = () => window.focus();
}

function wanted() {
  try { return localStorage.getItem(KEY) === "on" && Notification.permission === "granted"; } catch { return false; }
}
