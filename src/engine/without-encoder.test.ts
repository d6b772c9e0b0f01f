import { describe, expect, it } from 'vitest';
import type { GenerationRequest } from '../core/recipe/request';
import { Engine } from './engine';
import { createFake, FAKE_ENTRY } from './testing/fake-ports';

const request: GenerationRequest = {
  ...{ model: 'fake', prompt: 'abc', negativePrompt: 'z', sampler: 'euler', schedule: 'karras', noise: 'nv' },
  ...{ steps: 4, cfgScale: 2, seed: 1, width: 64, height: 64, initImage: 'picture' },
};
const white = { width: 64, height: 64, data: new Uint8ClampedArray(4 * 64 * 64).fill(255) };

describe('a model that came without an encoder', () => {
  it.each([undefined, 'mask'])('refuses a picture to start from, in a sentence; its mask: %s', async (initMask) => {
    const engine = new Engine(createFake().ports);
    const asked = { ...request, ...(initMask !== undefined && { initMask }) };
    const painting = engine.generate(asked, FAKE_ENTRY, () => undefined, { images: { picture: white, mask: white } });
    await expect(painting).rejects.toMatchObject({
      code: 'unsupported-model',
      message: expect.stringMatching(/without the part that reads pictures/) as string,
    });
  });
});
