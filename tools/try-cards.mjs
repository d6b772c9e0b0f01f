/**
 * `node tools/try-cards.mjs [FOLDER]`: presses every "thing to try" of the built app, on the CPU, and keeps what comes out as its card
 * (src/app/components/try/cards, or FOLDER). Says how long each took.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadTypeScript } from './lib/load-typescript.mjs';
import { prepare } from './lib/prepare.mjs';
import { ROOT } from './lib/paths.mjs';

await prepare();
const { openApp } = await import('./lib/open-app.mjs');
const { button, picture } = await import('./lib/drive-app.mjs');
const { TEMPLATES } = /** @type {typeof import('../src/app/state/try/templates')} */ (
  await loadTypeScript('src/app/state/try/templates.ts')
);
const folder = resolve(process.argv[2] ?? join(ROOT, 'src/app/components/try/cards'));
mkdirSync(folder, { recursive: true });
/** Side of a card, in pixels, shown at half of that. */
const SIDE = 224;

for (const { id, title } of TEMPLATES) {
  const { page, close } = await openApp({ provider: 'wasm' });
  await button(page, 'Ten things to try …').click();
  await page.getByRole('button', { name: title }).click();
  const started = Date.now();
  await page.waitForFunction(
    () => document.querySelector('section[data-picture]') && document.title === 'Gesso',
    undefined,
    { timeout: 300_000 },
  );
  const seconds = (Date.now() - started) / 1000;
  const shown = picture(page);
  const webp = await shown.evaluate(async (element, side) => {
    const image = /** @type {HTMLImageElement} */ (element);
    await image.decode();
    const scale = side / Math.max(image.naturalWidth, image.naturalHeight);
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.naturalWidth * scale, image.naturalHeight * scale].map(Math.round);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL('image/webp', 0.82).split(',')[1];
  }, SIDE);
  writeFileSync(join(folder, `${id}.webp`), Buffer.from(webp, 'base64'));
  console.log(`${id}: ${seconds.toFixed(1)} s`);
  await close();
}
