// A second copy of pairings and of what is kept, in the browser's database, which writes at once. A browser holds its local
// storage in memory for seconds: when it is killed or the phone goes off, the last scans would be lost.
"use strict";
window.desk = {};

(() => {
  const NAME = "eventreg-desk";
  const STORE = "kept";
  let opening = null;
  let last = Promise.resolve();

  function database() {
    opening ||= new Promise((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    return opening;
  }

  // Without a database (a private window) the local storage is the only copy.
  async function run(mode, work) {
    try {
      const made = (await database()).transaction(STORE, mode, { durability: "strict" });
      return await work(made.objectStore(STORE));
    } catch {
      return null;
    }
  }
  const answered = (asked) =>
    new Promise((resolve, reject) => {
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });

  const written = ({ transaction }) =>
    new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = reject;
    });

  desk.mirror = (key, value) => {
    last = run("readwrite", (store) => {
      value === null ? store.delete(key) : store.put(value, key);
      return written(store);
    });
  };
  // Resolves when all changes so far are on disk.
  desk.mirrorWritten = () => last;

  // All copies as [key, value].
  desk.mirrored = async () => {
    const found = await run("readonly", (store) => Promise.all([answered(store.getAllKeys()), answered(store.getAll())]));
    return found ? found[0].map((key, n) => [key, found[1][n]]) : [];
  };
})();
