/**
 * Pictures and their texts, byte for byte as Gesso painted them before its recipes, families and networks became tables
 * (commit a8ccd72). GESSO_WRITE_REFERENCES=1 writes them anew: only where a picture is meant to change.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pixels } from '../../src/core/image';
import { createPainter, type Painter, type Reference } from './testing/paint-references';
import { REFERENCE_RECIPES } from './testing/recipes';

interface References {
  /** Major version of the JavaScript engine: another one may compute an exponential differently in its last place. */
  v8: string;
  pictures: Reference[];
}

/** Levels of 255 that a last place can make, in another JavaScript engine. */
const ROUNDED = 1;

const path = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
const writes = process.env.GESSO_WRITE_REFERENCES !== undefined;
const v8 = process.versions.v8.split('.')[0];
const references = JSON.parse(
  await readFile(path('pictures.json'), 'utf8').catch(() => '{"pictures":[]}'),
) as References;

let painter: Painter;
/** All pictures, one below the other. */
let sheet: PNG | undefined;
const painted: { reference: Reference; pixels: Pixels }[] = [];

beforeAll(async () => {
  painter = await createPainter();
  if (!writes) sheet = PNG.sync.read(await readFile(path('pictures.png')));
});

afterAll(async () => {
  if (!writes) return;
  const pictures = painted.map(({ reference }) => reference);
  await writeFile(path('pictures.json'), `${JSON.stringify({ v8, pictures }, null, 1)}\n`);
  await writeFile(path('pictures.png'), PNG.sync.write(toSheet(painted.map(({ pixels }) => pixels))));
});

describe('a picture of the version before', () => {
  it.each(REFERENCE_RECIPES.map((recipe, i) => ({ recipe, i, name: recipe.name })))('$name', async ({ recipe, i }) => {
    const made = await painter.paint(recipe);
    painted.push(made);
    if (writes) return;
    const { pixels, ...rest } = made.reference;
    const { pixels: expected, ...texts } = references.pictures[i];
    expect(rest).toEqual(texts);
    if (pixels !== expected) expect(farthest(made.pixels, i)).toBeLessThanOrEqual(v8 === references.v8 ? 0 : ROUNDED);
  });

  it('is one of many, all different', () => {
    expect(new Set(painted.map(({ reference }) => reference.pixels)).size).toBe(REFERENCE_RECIPES.length);
    expect(REFERENCE_RECIPES.length).toBeGreaterThanOrEqual(20);
  });
});

/** The largest difference of a level from the stored picture. */
function farthest({ width, height, data }: Pixels, index: number): number {
  const top = references.pictures.slice(0, index).reduce((sum, picture) => sum + picture.height, 0);
  let most = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < 4 * width; x++) {
      const stored = sheet?.data[4 * (sheet.width * (top + y)) + x] ?? NaN;
      most = Math.max(most, Math.abs(data[4 * width * y + x] - stored));
    }
  return most;
}

function toSheet(pictures: readonly Pixels[]): PNG {
  const width = Math.max(...pictures.map((picture) => picture.width));
  const whole = new PNG({ width, height: pictures.reduce((sum, { height }) => sum + height, 0) });
  let top = 0;
  for (const { data, width: own, height } of pictures) {
    for (let y = 0; y < height; y++)
      whole.data.set(data.subarray(4 * own * y, 4 * own * (y + 1)), 4 * width * (top + y));
    top += height;
  }
  return whole;
}
