/** What a profile has of pictures and line: runs in the page, on its IndexedDB alone. */

/** @returns {Promise<{ made: number[], waiting: number[], withoutFile: number[] }>} seeds, and ids of pictures that are not whole */
export async function readKept() {
  /** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
  const answer = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const database = await answer(indexedDB.open('gesso-gallery'));
  const read = database.transaction(['facts', 'files', 'thumbnails', 'state']);
  const [facts, line, ...bytes] = await Promise.all([
    answer(read.objectStore('facts').getAll()),
    answer(read.objectStore('state').get('gesso-queue')),
    ...['files', 'thumbnails'].map(async (name) => {
      const store = read.objectStore(name);
      const [keys, blobs] = await Promise.all([answer(store.getAllKeys()), answer(store.getAll())]);
      return new Map(keys.map((key, i) => [key, /** @type {Blob} */ (blobs[i])]));
    }),
  ]);
  database.close();
  const isWhole = async (/** @type {number} */ id) => {
    for (const blobs of bytes) {
      const blob = blobs.get(id);
      if (!blob || (await blob.arrayBuffer().catch(() => undefined))?.byteLength !== blob.size || blob.size === 0)
        return false;
    }
    return true;
  };
  const withoutFile = [];
  for (const { id } of facts) if (!(await isWhole(id))) withoutFile.push(id);
  const waiting = (line?.jobs ?? []).flatMap(
    (/** @type {{ request: { seed: number }, count: number, done: number }} */ { request, count, done }) =>
      Array.from({ length: count - done }, (_, i) => Number(request.seed) + done + i),
  );
  return { made: facts.map(({ request }) => Number(request.seed)), waiting, withoutFile };
}
