// Keeps the page for when there is no network. The build writes BUILT in front of this: a version
// that changes with any file, and the files that are kept from the first visit on.
/* global BUILT */

const PREFIX = "hyperparameter-workbook-";
const NAME = PREFIX + BUILT.version;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(BUILT.files)));
});

addEventListener("activate", (event) => {
  const clean = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith(PREFIX) && name !== NAME);
    await Promise.all(old.map((name) => caches.delete(name)));
    await clients.claim();
  };
  event.waitUntil(clean());
});

// The digits are large, so they are kept only once somebody has trained on them.
addEventListener("message", (event) => {
  const keep = async () => {
    const cache = await caches.open(NAME);
    for (const address of event.data.keep) {
      if (!(await cache.match(address))) await cache.add(address);
    }
    event.source?.postMessage({ kept: event.data.keep.length });
  };
  event.waitUntil(keep());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(registration.scope)) {
    event.respondWith(answer(request));
  }
});

async function answer(request) {
  const cache = await caches.open(NAME);
  const address = new URL(request.url);
  if (address.pathname.endsWith("/")) address.pathname += "index.html";
  const kept = await cache.match(address, { ignoreSearch: true });
  if (kept) return kept;
  const response = await fetch(request);
  // What was asked for whole, and came so, is there the next time.
  if (response.status === 200) await cache.put(address, response.clone()).catch(() => {});
  return response;
}
