// Keeps all files of one build of the page, so that it opens without a network: a service worker.
//
// Page and files never mix builds: what is kept was fetched together, each file is compared with its digest
// before it is kept, and a newer build takes over as a whole, once no tab shows the older one any more. What
// the build has put into BUILD: `files`, by their paths, with their digests; `later`, the same
// of what is kept once somebody has asked for it.
"use strict";

const BUILD = { version: "", files: {}, later: {} };

const SCOPE = new URL(self.registration.scope);
/** Other pages of this origin have caches too. */
const PREFIX = `flatland ${SCOPE.pathname} `;
const CACHE = `${PREFIX}${BUILD.version}`;
/** Files that are fetched at a time. */
const ABREAST = 6;

const pathOf = (url) => (url.origin === SCOPE.origin && url.pathname.startsWith(SCOPE.pathname) ? decodeURI(url.pathname.slice(SCOPE.pathname.length)) : undefined);
const addressOf = (path) => new URL(encodeURI(path), SCOPE).href;
const ownCaches = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX));

async function digestOf(response) {
  const digest = await crypto.subtle.digest("SHA-256", await response.arrayBuffer());
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}

/** Puts a file into the cache: from that of an older build if it is the same there, else from the network. */
async function keep(cache, path, digest) {
  const address = addressOf(path);
  const older = await caches.match(address);
  if (older && (await digestOf(older.clone())) === digest) return cache.put(address, older);
  const response = await fetch(address, { cache: "no-cache" });
  if (!response.ok) throw new Error(`${path}: HTTP status ${response.status}`);
  // A redirected answer may not stand for a page.
  const plain = new Response(await response.blob(), { headers: response.headers });
  if ((await digestOf(plain.clone())) !== digest) throw new Error(`${path} is not that of this version`);
  return cache.put(address, plain);
}

async function install() {
  const cache = await caches.open(CACHE);
  const waiting = Object.entries(BUILD.files);
  const turn = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await keep(cache, ...next);
  };
  try {
    await Promise.all(Array.from({ length: ABREAST }, turn));
  } catch (error) {
    waiting.length = 0;
    await caches.delete(CACHE);
    const pages = await self.clients.matchAll({ includeUncontrolled: true });
    for (const page of pages) page.postMessage({ offline: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

async function activate() {
  const older = (await ownCaches()).filter((name) => name !== CACHE);
  await Promise.all(older.map((name) => caches.delete(name)));
  // The first build that is kept is the one that the open page is of.
  if (older.length === 0) await self.clients.claim();
}

/** The file that a request stands for, by its path. */
function fileOf({ url, mode }) {
  const path = pathOf(new URL(url));
  return mode === "navigate" && (path === "" || path?.endsWith("/")) ? `${path}index.html` : path;
}

async function answer(request, path) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(addressOf(path));
  if (kept) return kept;
  const response = await fetch(request);
  const digest = BUILD.later[path];
  // What cannot be kept is still an answer.
  if (digest && response.ok && (await digestOf(response.clone())) === digest) await cache.put(addressOf(path), response.clone()).catch(() => {});
  return response;
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const path = event.request.method === "GET" ? fileOf(event.request) : undefined;
  if (path === undefined || !(path in BUILD.files || path in BUILD.later)) return;
  event.respondWith(answer(event.request, path));
});
