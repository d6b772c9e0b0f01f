/** The second pass of hires. fix alone, on a finished picture: A1111's button under its pictures. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pixels } from '../src/core/image';
import { BUILT_IN_UPSCALER } from '../src/core/catalog/built-in-upscaler';
import type { GenerationRequest } from '../src/core/recipe/request';
import { openBundledPack } from '../src/engine/models/bundled-pack';
import { Upscaler } from '../src/engine/models/upscaler';
import { createNodePorts, createNodeRuntime } from './testing/node-ports';
import { paintTinyPicture, tinyCase } from './testing/paint-tiny';
import { openTinyPack } from './testing/tiny-pack';

const base = tinyCase('sd15');
/** Pixels in a cell of the tiny autoencoder, along a side. */
const FACTOR = 2;
const bytes = ({ data }: Pixels): Buffer => Buffer.from(data);

/** The one that comes with the app. */
async function builtIn(): Promise<Upscaler> {
  const entry = BUILT_IN_UPSCALER;
  const files = createNodePorts().createFiles(entry, '');
  const open = await openBundledPack({ files, name: entry.name, onProgress: () => undefined, hasExtras: false });
  return new Upscaler({ entry, open, runtime: createNodeRuntime(), room: { side: 96, isWide: false } });
}

let upscaler: Upscaler;
beforeAll(async () => void (upscaler = await builtIn()));
afterAll(() => upscaler.dispose());

async function paint(changes: Partial<GenerationRequest> & { images?: Record<string, Pixels> }): Promise<Pixels> {
  const upscalers = { get: () => Promise.resolve(upscaler), revisionOf: () => Promise.resolve('') };
  return paintTinyPicture({ ...base, steps: 4 }, await openTinyPack(base, 'float32'), { ...changes, upscalers });
}

describe('the second pass alone', () => {
  const hires = { hiresScale: 1.65, hiresSteps: 3, denoisingStrength: 0.6 } as const;

  it('of what the first pass makes is the whole of hires. fix, where that is enlarged as a picture', async () => {
    const enlarged = { ...hires, hiresUpscaler: BUILT_IN_UPSCALER.id };
    const whole = await paint(enlarged);
    const first = await paint({});
    const alone = await paint({ ...enlarged, hiresAlone: true, initImage: 'first', images: { first } });
    expect([alone.width, alone.height]).toEqual([whole.width, whole.height]);
    expect(bytes(alone).equals(bytes(whole))).toBe(true);
    const from = { initImage: 'first', images: { first } };
    expect(bytes(await paint({ ...enlarged, ...from })).equals(bytes(whole)), 'both passes over it').toBe(false);
  });

  it.each([BUILT_IN_UPSCALER.id, 'latent'])(
    'at no strength is enlarged as hires. fix does it: %s',
    async (hiresUpscaler) => {
      const unpainted = { ...hires, hiresUpscaler, denoisingStrength: 0 };
      const whole = await paint(unpainted);
      const first = await paint({});
      const alone = await paint({ ...unpainted, hiresAlone: true, initImage: 'first', images: { first } });
      expect([alone.width, alone.height]).toEqual([whole.width, whole.height]);
      expect(alone.width).toBeGreaterThan(first.width);
      if (hiresUpscaler !== 'latent') expect(bytes(alone).equals(bytes(whole))).toBe(true);
    },
  );

  it('enlarges the latent that it reads of the picture, and takes as many steps as are asked for', async () => {
    const first = await paint({});
    const latent = { ...hires, hiresUpscaler: 'latent', hiresAlone: true, initImage: 'first', images: { first } };
    const made = await paint(latent);
    expect([made.width, made.height]).toEqual([
      FACTOR * Math.floor(Math.trunc(first.width * 1.65) / FACTOR),
      FACTOR * Math.floor(Math.trunc(first.height * 1.65) / FACTOR),
    ]);
    const more = await paint({ ...latent, hiresSteps: 4 });
    expect(bytes(more).equals(bytes(made))).toBe(false);
    const steps = await paint({ ...latent, steps: 9 } as Partial<GenerationRequest>);
    expect(bytes(steps).equals(bytes(made)), 'steps of the first pass mean nothing').toBe(true);
  });
});
