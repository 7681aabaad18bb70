// What readers see without a network: the files that offline.json lists, as they were when they were last asked for.
// Online every file comes from the network; a page that is on its way for too long gives way to its copy. A copy of the
// site is whole or not there: it is filled beside the one in use, each file is compared with what the list says of it.
const IS_ON = "{{ config.extra.offline | tojson }}" === "true"; // off, this worker takes itself away
const PATIENCE_MS = 3000;
const AT_ONCE = 6; // files that are asked for

const scope = self.registration.scope;
const address = (name) => new URL(name, scope).href;
const LIST = address("offline.json");
const NOT_KEPT = address("503.html");
const PREFIX = `arxiv-daily:${new URL(scope).pathname}:`; // sites on one host keep apart by their path
const copies = new Set(); // clients whose page came out of the copy: what belongs to it does, too

self.addEventListener("install", () => self.skipWaiting()); // it changes no page that is open
self.addEventListener("activate", (event) => event.waitUntil(IS_ON ? begin() : forget()));
self.addEventListener("message", (event) => {
  const { data, source, ports } = event;
  if (data === "refresh" && IS_ON)
    event.waitUntil(
      refresh().then(
        (told) => ports[0].postMessage({ ...told, isCopy: copies.has(source.id) }),
        () => ports[0].postMessage(null), // away, or a new build is being put up: the next page tries again
      ),
    );
});
self.addEventListener("fetch", (event) => {
  const { request, clientId, resultingClientId } = event;
  if (!IS_ON || request.method !== "GET" || !request.url.startsWith(scope)) return;
  if (request.mode === "navigate") event.respondWith(page(event, resultingClientId));
  else event.respondWith(copies.has(clientId) ? fromCopy(request) : fromNetwork(request));
});

async function begin() {
  await self.registration.navigationPreload?.enable(); // a page does not wait for this worker to wake
  await self.clients.claim();
}

async function page({ request, preloadResponse }, client) {
  const fetched = Promise.resolve(preloadResponse)
    .then((answer) => answer ?? fetch(request))
    .then(
      (answer) => (answer.status < 500 ? answer : null),
      () => null,
    );
  const copy = await copyOf(request.url);
  const late = new Promise((end) => setTimeout(end, PATIENCE_MS));
  const answer = await (copy ? Promise.race([fetched, late]) : fetched);
  if (answer) return answer;
  const shown = copy ?? (await copyOf(NOT_KEPT));
  if (!shown) return Response.error();
  copies.add(client);
  return shown;
}

const fromCopy = async (request) => (await copyOf(request.url)) ?? fetch(request);

const fromNetwork = (request) =>
  fetch(request).catch(async (error) => {
    const copy = await copyOf(request.url);
    if (copy) return copy;
    throw error;
  });

let kept; // a promise of `whole`

const ours = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX));

// The cache that is whole, with its list; null where there is none.
async function whole() {
  for (const name of await ours()) {
    const cache = await caches.open(name);
    const list = await cache.match(LIST);
    if (list) return { name, cache, files: (await list.json()).files };
  }
  return null;
}

async function copyOf(url) {
  kept ??= whole().catch(() => null);
  return (await kept)?.cache.match(url.split("#")[0], { ignoreSearch: true, ignoreVary: true });
}

async function forget() {
  for (const name of await ours()) await caches.delete(name);
  await self.registration.unregister();
}

// Brings the copy up to date; returns the digests of its files by name, before and now.
async function refresh() {
  const answer = await fetch(LIST, { cache: "no-cache" });
  if (!answer.ok) throw new Error(`${LIST}: ${answer.status}`);
  const { version, files } = await answer.clone().json();
  const before = await whole();
  const name = PREFIX + version;
  if (before?.name === name) return { before: before.files, files };
  for (const other of await ours()) if (other !== name && other !== before?.name) await caches.delete(other);
  const cache = await caches.open(name);
  const left = Object.entries(files);
  const fill = async () => {
    for (let entry = left.pop(); entry; entry = left.pop()) await take(cache, before, ...entry);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fill));
  await cache.put(LIST, answer); // last of all: from here on it is whole
  if (before) await caches.delete(before.name);
  kept = undefined;
  return { before: before?.files ?? files, files };
}

// Puts FILE, of which DIGEST is that of its content, into CACHE: out of the copy BEFORE where it is the same there.
async function take(cache, before, file, digest) {
  const url = address(file);
  if (await cache.match(url)) return;
  const same = before?.files[file] === digest ? await before.cache.match(url) : undefined;
  const answer = same ?? (await fetch(url, { cache: "no-cache" }));
  const content = await answer.clone().arrayBuffer();
  if (!answer.ok || (await digestOf(content)) !== digest) throw new Error(`${file} is not what the list says`);
  await cache.put(url, answer);
}

async function digestOf(content) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", content)).subarray(0, 8);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
