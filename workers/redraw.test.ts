/** Pictures painted over tile by tile against Pillow and torch, tile by tile (tools/fixtures/make_redraw.py). */
import { describe, expect, it } from 'vitest';
import type { Pixels } from '../src/core/image';
import type { GenerationRequest } from '../src/core/recipe/request';
import fixture from '../src/engine/fixtures/pipelines/redraw.json';
import { paintTinyPicture, tinyCase } from './testing/paint-tiny';
import { openTinyPack } from './testing/tiny-pack';

/** Levels differ by one here and there: both sides round after each tile. */
const LEAST_DB = 50;

const { width, height } = fixture;

function picture(rgb: string): Pixels {
  const bytes = Buffer.from(rgb, 'base64');
  const data = Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) =>
    i % 4 === 3 ? 255 : bytes[3 * Math.floor(i / 4) + (i % 4)],
  );
  return { width, height, data };
}

function decibels(a: Pixels, b: Pixels): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) if (i % 4 !== 3) sum += (a.data[i] - b.data[i]) ** 2;
  return 10 * Math.log10(255 ** 2 / (sum / (3 * a.width * a.height)));
}

const base = tinyCase('sd15');
const settings: Partial<GenerationRequest> = {
  ...{ width, height, initImage: 'picture', denoisingStrength: fixture.denoisingStrength, redrawScale: 0 },
  ...{ redrawUpscaler: 'none', redrawPadding: 8, redrawMaskBlur: 2, redrawOverlap: 16 },
  ...{ seamFixDenoise: fixture.seamFixDenoise, seamFixWidth: 16, seamFixMaskBlur: 2, seamFixPadding: 8 },
};

describe('seams', () => {
  it('are painted over where the tiles stay as they are', async () => {
    const source = await openTinyPack(base, 'float32');
    const before = picture(fixture.picture);
    const paint = async (changes: Partial<GenerationRequest>): Promise<Pixels> => {
      const all = { ...settings, denoisingStrength: 0, images: { picture: before }, ...changes };
      return paintTinyPicture({ ...base, steps: fixture.steps }, source, all);
    };
    const tile = { redrawTileWidth: 64, redrawTileHeight: 64, seamFix: 'half_tile' } as const;
    const [linear, seams] = [await paint({ redraw: 'linear', ...tile }), await paint({ redraw: 'seams', ...tile })];
    expect(Buffer.from(seams.data).equals(Buffer.from(linear.data))).toBe(true);
    expect(decibels(seams, before)).toBeLessThan(30);
    const untouched = await paint({ redraw: 'linear', ...tile, seamFixDenoise: 0 });
    expect(Buffer.from(untouched.data).equals(Buffer.from(before.data))).toBe(true);
  });
});

describe('a picture painted over tile by tile', () => {
  it.each(fixture.cases.map((one) => [`${one.redraw} ${one.seamFix ?? ''}`, one] as const))(
    'is that of the scripts: %s',
    async (_, { rgb, ...said }) => {
      const source = await openTinyPack(base, 'float32');
      const changes = {
        ...settings,
        ...(said as Partial<GenerationRequest>),
        images: { picture: picture(fixture.picture) },
      };
      const made = await paintTinyPicture({ ...base, steps: fixture.steps }, source, changes);
      expect([made.width, made.height]).toEqual([width, height]);
      expect(decibels(made, picture(rgb))).toBeGreaterThan(LEAST_DB);
      expect(decibels(made, picture(fixture.picture))).toBeLessThan(20);
    },
  );
});
