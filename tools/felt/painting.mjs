/** Strokes on a canvas of 2048 × 2048 pixels, as quick as a hand: from frame to frame. */
import { PNG } from 'pngjs';
import { button } from '../lib/drive-app.mjs';

/** @typedef {import('@playwright/test').Page} Page */

/**
 * While strokes are painted: milliseconds of the page's own work a frame; how many frames of a hundred came after more than 16.7.
 * @typedef {{ work: number[], late: number }} Painted
 */

const SIDE = 2048;
/** A screen of 60 frames a second; what the browser's clock rounds is no delay. */
const FRAME_MS = 16.7;
const CLOCK_MS = 1;
/** Places of a pen between two frames: 240 a second. */
const MOVES = 4;
const FRAMES = 180;

/** Colours that change from pixel to pixel. */
function madePicture() {
  const file = new PNG({ width: SIDE, height: SIDE });
  for (let i = 0; i < SIDE * SIDE; i++) {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    file.data.set([x >> 3, y >> 3, (x * y) >> 14, 255], 4 * i);
  }
  return PNG.sync.write(file);
}

/** @param {Page} page @returns {Promise<{ mask: Painted, sketch: Painted }>} */
export async function paintLarge(page) {
  const chooser = page.waitForEvent('filechooser');
  await button(page, 'Choose a picture').click();
  await (await chooser).setFiles({ name: 'large.png', mimeType: 'image/png', buffer: madePicture() });
  await button(page, 'Repaint a part').click({ timeout: 0 });
  const mask = await paint(page);
  await page.keyboard.press('s');
  return { mask, sketch: await paint(page) };
}

/** @param {Page} page @returns {Promise<Painted>} */
async function paint(page) {
  const stage = page.getByRole('dialog', { name: 'Canvas' }).getByRole('img').first();
  await stage.waitFor();
  await page.waitForTimeout(1000);
  const box = await stage.boundingBox();
  if (!box) throw new Error('There is nothing to paint on.');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  const { work, frames } = await stage.evaluate(strokes, { moves: MOVES, count: FRAMES });
  await page.mouse.up();
  const late = frames.filter((ms) => ms > FRAME_MS + CLOCK_MS).length;
  return { work, late: Math.round((100 * late) / frames.length) };
}

/**
 * Runs in the page: rounds about the middle, wider and wider. A pointer that is down already is moved.
 * @param {Element} stage @param {{ moves: number, count: number }} options @returns {Promise<{ work: number[], frames: number[] }>}
 */
function strokes(stage, { moves, count }) {
  const { left, top, width, height } = stage.getBoundingClientRect();
  const most = Math.min(width, height) / 2 - 20;
  return new Promise((resolve) => {
    /** @type {number[]} */
    const work = [];
    /** @type {number[]} */
    const frames = [];
    let [last, step] = [performance.now(), 0];
    const frame = (/** @type {number} */ now) => {
      frames.push(now - last);
      last = now;
      const began = performance.now();
      for (let i = 0; i < moves; i++, step++) {
        const turn = step / 18;
        const radius = (most * step) / (moves * count);
        stage.dispatchEvent(
          new PointerEvent('pointermove', {
            ...{ pointerId: 1, pointerType: 'mouse', buttons: 1, bubbles: true },
            clientX: left + width / 2 + radius * Math.cos(turn),
            clientY: top + height / 2 + radius * Math.sin(turn),
          }),
        );
      }
      const { port1, port2 } = new MessageChannel();
      // The message comes when the frame has been made.
      port1.onmessage = () => {
        work.push(performance.now() - began);
        if (frames.length < count) requestAnimationFrame(frame);
        else resolve({ work, frames: frames.slice(1) });
      };
      port2.postMessage('');
    };
    requestAnimationFrame(frame);
  });
}
