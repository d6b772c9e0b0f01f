/** Thousands of pictures in the gallery's database, without painting them. */
import type { Page } from '@playwright/test';

/** The page must have been opened once, so that the database is there. Prompts are "a <colour> <thing>, number <i>". */
export async function fillGallery(page: Page, count: number): Promise<void> {
  await page.evaluate(async (total) => {
    const colours = ['red', 'green', 'blue', 'white', 'black'];
    const things = ['cat', 'dog', 'apple', 'rocket', 'penguin', 'car', 'tree'];
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 64;
    const context = canvas.getContext('2d');
    const files = await Promise.all(
      colours.map((colour) => {
        if (context) context.fillStyle = colour;
        context?.fillRect(0, 0, 64, 64);
        return new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
      }),
    );
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('gesso-gallery');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const transaction = database.transaction(['facts', 'files', 'thumbnails'], 'readwrite');
    for (let i = 1; i <= total; i += 1) {
      const prompt = `a ${colours[i % 5]} ${things[i % 7]}, number ${i}`;
      const request = {
        model: 'starter',
        prompt,
        negativePrompt: '',
        sampler: 'euler',
        schedule: 'karras',
        noise: 'nv',
      };
      const numbers = { steps: 4, cfgScale: 4, seed: i, width: 64, height: 64 };
      const timings = {
        loadSeconds: 0,
        encodeSeconds: 0,
        denoiseSeconds: 1,
        decodeSeconds: 0,
        totalSeconds: 1,
        modelCalls: 4,
      };
      const facts = {
        madeAt: i,
        width: 64,
        height: 64,
        modelName: 'Gesso starter',
        notices: [],
        infotext: '',
        timings,
      };
      transaction
        .objectStore('facts')
        .add({ ...facts, request: { ...request, ...numbers }, device: { provider: 'wasm', adapter: 'CPU' } });
      transaction.objectStore('files').add(files[i % 5], i);
      transaction.objectStore('thumbnails').add(files[i % 5], i);
    }
    await new Promise((resolve) => (transaction.oncomplete = resolve));
    database.close();
  }, count);
}
