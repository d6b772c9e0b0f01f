import { describe, expect, it } from 'vitest';
import { ask, run } from './testing/ask';

const FIXTURES = 'src/core/networks/fixtures';

describe('upscaler', () => {
  it('names network, scale and blocks', async () => {
    expect(await ask(`upscaler ${FIXTURES}/upscaler-rrdb-old/weights.safetensors`)).toEqual({
      network: 'rrdb',
      scale: 4,
      multiple: 1,
      blocks: 2,
      parameters: 25_387,
      config: { features: 8, growth: 4, blocks: 2, upsamplings: 2, unshuffle: 1 },
    });
    expect(await ask(`upscaler ${FIXTURES}/upscaler-compact/weights.pth`)).toMatchObject({
      network: 'compact',
      scale: 4,
    });
  });

  it('says why a file is none', async () => {
    expect(await ask(`upscaler ${FIXTURES}/tiny-autoencoder/weights.safetensors`)).toEqual({
      error:
        'weights.safetensors: this is a checkpoint, which paints pictures and makes none larger; open it as a model',
    });
    expect(await run('upscaler nothing.pth')).toMatchObject({
      code: 2,
      problem: 'nothing.pth: no such file or folder.',
    });
    expect(await run(`upscaler ${FIXTURES}/unet-sd15`)).toMatchObject({ code: 2, problem: 'An upscaler is one file.' });
  });
});
