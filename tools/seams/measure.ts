/** How much of a mask's edge shows: jumps from pixel to pixel across it, beside those of the picture that nobody repainted. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import manifest from '../../models-manifest.json';
import { parseCatalog } from '../../src/core/catalog';
import type { Pixels } from '../../src/core/image';
import type { Box } from '../../src/core/image/raster';
import { MASK_MODES } from '../../src/core/masking';
import type { GenerationRequest } from '../../src/core/recipe/request';
import { Engine } from '../../src/engine/engine';
import { createNodePorts } from '../../workers/testing/node-ports';

const SIDE = 128;
/** Painted over. Its edges are not those of cells. */
const BOX: Box = { left: 37, top: 35, right: 93, bottom: 91 };
/** The edge is looked for so far to both sides of the mask's: 10 pixels are what a blur of 4 reaches. */
const REACH = 12;

const PAIRS = [
  ['a red apple', 'a green apple'],
  ['a cat on grass', 'a dog on grass'],
  ['a blue car', 'a yellow bus'],
  ['a house in the snow', 'a tree in the snow'],
  ['a pink flower', 'a white flower'],
  ['a boat on the sea', 'a fish'],
] as const;
const STRENGTHS = [0.5, 0.75, 1] as const;

const [starter] = parseCatalog(manifest).models;
const engine = new Engine(createNodePorts());

/** @param folder  where the pictures go, if anywhere @yields lines of a table */
export async function* measureSeams(folder?: string): AsyncGenerator<string> {
  yield '| strength | masking | mean jump around the edge | worst line of it | of the picture before |';
  yield '| --- | --- | --- | --- | --- |';
  const before: Pixels[] = [];
  for (const [i, [prompt]] of PAIRS.entries()) before.push(await paint({ prompt, seed: i + 1 }));
  const usual = linesOf(before);
  for (const denoisingStrength of STRENGTHS)
    for (const maskMode of MASK_MODES) {
      const after: Pixels[] = [];
      for (const [i, [, prompt]] of PAIRS.entries()) {
        const initImage = `picture ${i}`; // what is encoded is kept by its name
        const settings = { initImage, initMask: 'mask', denoisingStrength, maskMode } as const;
        const images = { [initImage]: before[i], mask: boxMask() };
        after.push(await paint({ prompt, seed: i + 101, ...settings }, images));
        if (folder !== undefined)
          await writeFile(join(folder, `${maskMode}-${denoisingStrength}-${i + 1}.png`), toPng(after[i]));
      }
      const lines = linesOf(after);
      const said = [mean(lines), Math.max(...lines), mean(usual)].map((jump) => jump.toFixed(2));
      yield `| ${denoisingStrength} | ${maskMode} | ${said.join(' | ')} |`;
    }
}

async function paint(changes: Partial<GenerationRequest>, images = {}): Promise<Pixels> {
  const { sampler, schedule, steps, cfgScale } = starter.defaults;
  const request = {
    model: starter.id,
    prompt: '',
    negativePrompt: '',
    noise: 'nv',
    seed: 1,
    width: SIDE,
    height: SIDE,
  };
  const asked = { ...request, sampler, schedule, steps, cfgScale, ...changes } as GenerationRequest;
  return (await engine.generate(asked, starter, () => undefined, { images })).pixels;
}

function boxMask(): Pixels {
  const data = new Uint8ClampedArray(4 * SIDE * SIDE);
  for (let i = 0; i < data.length; i++) data[i] = i % 4 === 3 || isWithin(BOX, i >> 2) ? 255 : 0;
  return { width: SIDE, height: SIDE, data };
}

function isWithin({ left, top, right, bottom }: Box, pixel: number): boolean {
  const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE)];
  return x >= left && x < right && y >= top && y < bottom;
}

/** The mean jump across each line around the mask, of all pictures together, in levels. */
function linesOf(pictures: readonly Pixels[]): number[] {
  return Array.from({ length: 2 * REACH + 1 }, (_, i) => mean(pictures.map((one) => jumpAcross(one, i - REACH))));
}

/** @param by  pixels by which the line lies outside of the mask's edge */
function jumpAcross({ data }: Pixels, by: number): number {
  const box = { left: BOX.left - by, top: BOX.top - by, right: BOX.right + by, bottom: BOX.bottom + by };
  const jumps: number[] = [];
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++)
    for (const other of [pixel + 1, pixel + SIDE])
      if (other < SIDE * SIDE && isWithin(box, pixel) !== isWithin(box, other))
        for (let c = 0; c < 3; c++) jumps.push(Math.abs(data[4 * pixel + c] - data[4 * other + c]));
  return mean(jumps);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function toPng({ width, height, data }: Pixels): Buffer {
  const png = new PNG({ width, height });
  png.data = Buffer.from(data);
  return PNG.sync.write(png);
}
