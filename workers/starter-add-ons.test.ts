/** The starter's own LoRA and embedding, as the app ships them: what they do to pictures, told from the pixels. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import manifest from '../models-manifest.json';
import { parseCatalog } from '../src/core/catalog';
import type { Pixels } from '../src/core/image';
import type { AdapterEntry, EngineEvent } from '../src/engine/api';
import { Engine } from '../src/engine/engine';
import { ADD_ONS_FOLDER, BUILT_IN_ADAPTERS } from '../src/platform/library/built-in-adapters';
import { createNodePorts, PUBLIC_FOLDER } from './testing/node-ports';

const [starter] = parseCatalog(manifest).models;
const engine = new Engine(createNodePorts());

async function entries(kind: 'lora' | 'embedding'): Promise<AdapterEntry[]> {
  const all = BUILT_IN_ADAPTERS.filter((one) => one.kind === kind);
  return Promise.all(
    all.map(async ({ id, name, fileName, hashes }) => {
      const bytes = await readFile(fileURLToPath(new URL(ADD_ONS_FOLDER + fileName, PUBLIC_FOLDER)));
      return { id, names: [name], revision: hashes.sha256, file: new Blob([new Uint8Array(bytes)]) };
    }),
  );
}

/** The picture, and what was said of it. */
async function paint(prompt: string): Promise<{ pixels: Pixels; said: string[] }> {
  const said: string[] = [];
  const onEvent = (event: EngineEvent): void => void (event.type === 'notice' && said.push(event.message));
  const { sampler, schedule, steps, cfgScale, width, height } = starter.defaults;
  const request = { ...({ prompt, negativePrompt: '', model: starter.id, noise: 'cpu', seed: 7 } as const) };
  const inputs = { adapters: await entries('lora'), embeddings: await entries('embedding') };
  const painted = { ...request, sampler, schedule, steps, cfgScale, width, height };
  const { pixels } = await engine.generate(painted, starter, onEvent, inputs);
  return { pixels, said };
}

type Rgb = readonly [red: number, green: number, blue: number];

function shareOf({ data }: Pixels, is: (colour: Rgb, index: number) => boolean): number {
  let count = 0;
  for (let i = 0; i < data.length; i += 4) if (is([data[i], data[i + 1], data[i + 2]], i / 4)) count++;
  return count / (data.length / 4);
}

const isColourless = (colour: Rgb): boolean => Math.max(...colour) - Math.min(...colour) < 31;
const isInkOrPaper = (colour: Rgb): boolean => isColourless(colour) && (colour[1] > 216 || colour[1] < 64);
const isInk = (colour: Rgb): boolean => isColourless(colour) && colour[1] < 64;
/** Dark, and blue more than anything else. */
const isNight = ([red, green, blue]: Rgb): boolean => blue < 150 && red < 90 && green < 95 && blue >= green;

/** Where the middle of all is that is no night sky, from the top, in shares of the height. */
function heightOf(pixels: Pixels): number {
  const rows = Array.from({ length: pixels.height }, (_, y) =>
    shareOf(pixels, (colour, i) => Math.floor(i / pixels.width) === y && !isNight(colour)),
  );
  const all = rows.reduce((sum, share) => sum + share, 0);
  return rows.reduce((sum, share, y) => sum + share * (y + 0.5), 0) / (all * pixels.height);
}

/** Share of the eight columns at either side that is of such a colour. */
function borderShare(pixels: Pixels, is: (colour: Rgb) => boolean): number {
  const isBorder = (index: number): boolean => (index % pixels.width) % (pixels.width - 8) < 8;
  return shareOf(pixels, (colour, i) => isBorder(i) && is(colour)) / shareOf(pixels, (_, i) => isBorder(i));
}

describe('starter-ink', () => {
  it.each(['a red car', 'a slice of pizza', 'a green frog'])(
    'draws %s in ink on paper',
    { timeout: 120_000 },
    async (prompt) => {
      const plain = await paint(prompt);
      const inked = await paint(`${prompt} <lora:starter-ink:0.8>`);
      const [before, after] = [plain, inked].map(({ pixels }) => shareOf(pixels, isInkOrPaper));
      expect(before).toBeLessThan(0.8);
      expect(after).toBeGreaterThan(Math.max(0.82, before + 0.1));
      expect(shareOf(inked.pixels, isInk)).toBeGreaterThan(0.04 + shareOf(plain.pixels, isInk));
      expect([...plain.said, ...inked.said]).toEqual([]);
    },
  );

  it('does nothing at strength 0', { timeout: 120_000 }, async () => {
    const [plain, off] = [await paint('a red car'), await paint('a red car <lora:starter-ink:0>')];
    expect(off.pixels.data).toEqual(plain.pixels.data);
  });
});

describe('starter-night', () => {
  it.each(['a car', 'a cup', 'a fish'])('lays %s low under a night sky', { timeout: 120_000 }, async (prompt) => {
    const plain = await paint(prompt);
    const night = await paint(`a photo of ${prompt}, starter-night`);
    expect(borderShare(plain.pixels, isNight)).toBeLessThan(0.05);
    expect(borderShare(night.pixels, isNight)).toBeGreaterThan(0.8);
    expect(heightOf(night.pixels)).toBeGreaterThan(0.58);
    // Its name is no word that the reader drops.
    expect(night.said).toEqual([`Drawn as: ${prompt}, starter-night. Left out: photo.`]);
  });
});
