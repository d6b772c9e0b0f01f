/** Pictures edited by instructions: last latents against diffusers (tools/fixtures/make_instruct.py). */
import { describe, expect, it } from 'vitest';
import { relativeError } from '../src/core/weights/testing/numbers';
import type { Pixels } from '../src/core/image';
import pipelines from '../src/engine/fixtures/pipelines/cases.json';
import start from '../src/engine/fixtures/pipelines/image-to-image.json';
import fixture from '../src/engine/fixtures/pipelines/instruct.json';
import { paintTiny, tinyCase } from './testing/paint-tiny';
import { openTinyPack } from './testing/tiny-pack';

/** Float32 on both sides; the sums run in another order. */
const MAX_RELATIVE_ERROR = 1e-3;

const { width, height } = pipelines;
const picture: Pixels = {
  width,
  height,
  data: Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) =>
    i % 4 === 3 ? 255 : start.rgb[3 * Math.floor(i / 4) + (i % 4)],
  ),
};
const base = tinyCase('instruct');
const paint = async (changes: object, source?: Awaited<ReturnType<typeof openTinyPack>>) =>
  paintTiny({ ...base, ...changes }, source ?? (await openTinyPack(base, 'float32')), {
    ...{ initImage: 'picture', images: { picture }, denoisingStrength: 1 },
    ...changes,
  });

describe('the last latent of a picture edited by instructions', () => {
  it.each(fixture.cases)('$cfgScale, $imageCfgScale: is that of diffusers', async ({ latent, ...changes }) => {
    const error = relativeError(await paint(changes), latent);
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
    expect(error).toBeGreaterThan(0);
  });

  it('is another for each scale, which other models do not read', async () => {
    const [one, two] = [await paint({ imageCfgScale: 1.2 }), await paint({ imageCfgScale: 1.8 })];
    expect(relativeError(one, two)).toBeGreaterThan(20 * MAX_RELATIVE_ERROR);
    const atOne = { cfgScale: 1 };
    expect(
      relativeError(await paint({ ...atOne, imageCfgScale: 1 }), await paint({ ...atOne, imageCfgScale: 1.8 })),
      'the picture guides without the words, too',
    ).toBeGreaterThan(20 * MAX_RELATIVE_ERROR);
    const plain = await openTinyPack(tinyCase('sd15'), 'float32');
    const calls: number[] = [];
    await paint({ ...atOne, onEvent: ({ type }: { type: string }) => type === 'call' && calls.push(1) }, plain);
    expect(calls).toHaveLength(base.steps);
    const negatives = ['dull', 'blue'].map((negativePrompt) => paint({ ...atOne, negativePrompt }, plain));
    expect(await negatives[0]).toEqual(await negatives[1]);
    expect(await paint({ imageCfgScale: 1.2 }, plain)).toEqual(await paint({ imageCfgScale: 1.8 }, plain));
  });
});
