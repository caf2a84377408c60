// Keeps the page for when there is no network. The build writes BUILT in front of this: a version
// that changes with any file, the files that are kept from the first visit on, and the others.
/* global BUILT */

const PREFIX = "hyperparameter-workbook-";
const NAME = PREFIX + BUILT.version;
const addressOf = (file) => new URL(file, location).href;
// At http://localhost:8000/ another program may answer tomorrow: nothing but the page's own files
// is answered from here, and its door only where nobody else does.
const OWN = new Set([...BUILT.files, ...BUILT.later].map(addressOf));
const DOOR = addressOf("index.html");

addEventListener("install", (event) => {
  const keepAll = async () => {
    const cache = await caches.open(NAME);
    // A browser's own store may still hold the last version of a file: the server is asked.
    const ask = (file) => keep(cache, new Request(addressOf(file), { cache: "no-cache" }));
    await Promise.all(BUILT.files.map(ask));
  };
  event.waitUntil(keepAll());
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

// Digits and chapters are large, so they are kept only once somebody has had them.
addEventListener("message", (event) => {
  const keepMore = async () => {
    const cache = await caches.open(NAME);
    for (const { address, integrity = "" } of event.data.keep) {
      const file = fileOf(address);
      if (OWN.has(file) && !(await cache.match(file))) await keep(cache, new Request(file, { integrity }));
    }
    event.source?.postMessage({ kept: event.data.keep.length });
  };
  event.waitUntil(keepMore());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const file = fileOf(request.url);
  if (request.method === "GET" && OWN.has(file)) event.respondWith(answer(request, file));
});

/** Return the address of the file that an address stands for. */
function fileOf(address) {
  const { origin, pathname } = new URL(address);
  return origin + pathname + (pathname.endsWith("/") ? "index.html" : "");
}

/** Ask the server for a file and keep it. */
async function keep(cache, request) {
  const response = await fetch(request);
  if (!response.ok) throw new Error(`${request.url}: HTTP ${response.status}`);
  await cache.put(request.url, await plain(response));
}

/** A page may not be answered with what a server redirected to; with a copy of it, it may. */
async function plain(response) {
  if (!response.redirected) return response;
  return new Response(await response.blob(), { headers: response.headers });
}

async function answer(request, file) {
  // Storage that has been blocked since is no reason to answer nothing.
  const kept = await caches.match(file, { cacheName: NAME }).catch(() => undefined);
  if (kept && file !== DOOR) return kept;
  try {
    const response = await fetch(request);
    // What was asked for whole, and came so, is there the next time.
    if (response.status === 200 && !kept) await keepCopy(file, response.clone()).catch(() => {});
    return response;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

async function keepCopy(file, response) {
  const cache = await caches.open(NAME);
  await cache.put(file, await plain(response));
}
