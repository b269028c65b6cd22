// @ts-check
// Keeps the console, without anybody's words, so that it opens while there is no network. The network always comes
// first; nothing else is kept. The server writes in front of this file what the console loads, and a version that
// stays the same for as long as none of it changes.

const worker = /** @type {any} */ (self);
const PAGE = new URL(worker.registration.scope).pathname;
const SHELL = `${PAGE}?shell=1`;
const KEPT = `plenary-console${PAGE}@`;
const CACHE = KEPT + worker.VERSION;
const ASSETS = /** @type {string[]} */ (worker.ASSETS).map((name) => `/assets/${name}`);
/** A line as slow as this is as good as none: the console is there, and goes on trying. */
const PATIENCE_MS = 4_000;

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(keep([SHELL, ...ASSETS]).then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(forgetOlder().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname === PAGE) {
    event.respondWith(first(request, SHELL));
    event.waitUntil(keep([SHELL]).catch(() => {}));
  } else if (ASSETS.includes(pathname)) {
    event.respondWith(first(request, pathname));
  }
});

/** @param {string[]} addresses */
async function keep(addresses) {
  const cache = await caches.open(CACHE);
  await Promise.all(addresses.map(async (address) => {
    const answer = await fetch(address, { cache: "no-cache", redirect: "error" });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    await cache.put(address, answer);
  }));
}

async function forgetOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(KEPT) && name !== CACHE).map((name) => caches.delete(name)));
}

/** When the network last said nothing for too long. The page that was kept then loads what was kept with it at once. */
let gaveUp = 0;

/** What the network says, or what was kept where it says nothing. @param {Request} request @param {string} instead */
async function first(request, instead) {
  const kept = await caches.open(CACHE).then((cache) => cache.match(instead));
  if (kept && request.mode !== "navigate" && Date.now() - gaveUp < PATIENCE_MS * 2) return kept;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  const answer = await fetch(request, { signal: stop.signal }).catch(() => null);
  clearTimeout(timer);
  // A proxy says 502, 503 or 504 for a server that is not there.
  if (answer && answer.status < 502) return answer;
  gaveUp = Date.now();
  return kept ?? answer ?? Response.error();
}
