// The desk without a network. The server puts `SET` in front: what the page of one release needs, under one id. A set is
// stored whole or not at all, and goes when no page uses it. Every address has the hash of its content (?v=).
"use strict";

const PREFIX = "eventreg-desk-";
const NAME = PREFIX + SET.id;

// Only what the server of this release sends: no error, no redirect, no half of a file, no page of another release.
async function fetched(address) {
  const answer = await fetch(address, { cache: "reload", redirect: "error", credentials: "same-origin" });
  if (answer.status !== 200) throw new Error(`${address}: ${answer.status}`);
  const content = await answer.arrayBuffer();
  const mark = new URL(address, location.href).searchParams.get("v");
  const good = mark ? (await hashOf(content)).startsWith(mark) : new TextDecoder().decode(content).includes(`"${SET.id}"`);
  if (!good) throw new Error(`${address}: not of this release`);
  const headers = new Headers(answer.headers); // with the policy that lets the reader compile WebAssembly
  ["Content-Encoding", "Content-Length", "Vary"].forEach((name) => headers.delete(name));
  return new Response(content, { status: 200, headers });
}

async function hashOf(content) {
  const digest = await crypto.subtle.digest("SHA-256", content);
  return [...new Uint8Array(digest)].map((n) => n.toString(16).padStart(2, "0")).join("");
}

// The page is stored last: where it is, the set is whole.
async function fill() {
  const addresses = [...SET.files, SET.page];
  const answers = await Promise.all(addresses.map(fetched));
  const cache = await caches.open(NAME);
  for (const [n, address] of addresses.entries()) await cache.put(address, answers[n]);
}

// Every open page holds a lock with the name of its set.
async function tidy() {
  if (registration.installing || registration.waiting) return; // a newer set is being stored
  const { held } = await navigator.locks.query();
  const used = new Set([NAME, ...held.map(({ name }) => name)]);
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && !used.has(name));
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function page(event) {
  const found = await caches.match(SET.page, { cacheName: NAME });
  event.waitUntil(found ? tidy() : fill().catch(() => {})); // the browser may have taken the set away
  return found || fetch(event.request);
}

// A page of an earlier set finds its files too.
const file = async (request) => (await caches.match(request)) || fetch(request);

oninstall = (event) => event.waitUntil(fill().then(() => skipWaiting()));
onactivate = (event) => event.waitUntil(tidy().then(() => clients.claim()));
onmessage = (event) => event.waitUntil(tidy()); // a page was opened: the one before it has let go of its set
onfetch = (event) => {
  const { request } = event;
  const { origin, pathname, searchParams } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode !== "navigate") {
    if (searchParams.has("v")) event.respondWith(file(request));
  } else if (pathname === SET.page) event.respondWith(page(event));
};
