// The installed sidebar's worker. It keeps the shell (style, icons, a page that waits for the network) and nothing else:
// no page with anybody's mail or customers is ever stored, they come from the server each time.

const SHELL = "kingpost-shell-1";
const OFFLINE = "/sidebar/offline";
const FILES = ["/static/kingpost.css", "/static/icons.svg", "/static/kingpost.svg", "/static/offline.js"];

addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== SHELL) await caches.delete(name);
    await clients.claim();
  })());
});

addEventListener("fetch", (event) => {
  const { request } = event, { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => kept(OFFLINE)));
  else if (FILES.includes(pathname)) event.respondWith(fetch(request).catch(() => kept(pathname)));
});

addEventListener("message", (event) => {
  // A page was loaded from the server: what is kept may be of an older version by now.
  if (event.data === "keep") event.waitUntil(keep().catch(() => null));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil((async () => {
    const open = (await clients.matchAll({ type: "window" })).find(({ url }) => new URL(url).pathname === "/sidebar");
    return open ? open.focus() : clients.openWindow("/sidebar");
  })());
});

// Asked for without the session, so that nothing in it can be anybody's.
async function keep() {
  const shell = await caches.open(SHELL);
  await shell.addAll([OFFLINE, ...FILES].map((path) => new Request(path, { credentials: "omit", cache: "no-cache" })));
}

const kept = async (path) => (await caches.match(path)) ?? Response.error();
