/** The JSON that stable-diffusion.cpp writes behind its infotext. */
import { describe, expect, it } from 'vitest';
import { notesOf, read, SAID, SIZE } from '../testing/program-json';

const JSON_OF_SD_CPP = {
  schema: 'sdcpp.image.params/v1',
  mode: 'img_gen',
  generator: { name: 'stable-diffusion.cpp', version: 'master', commit: '0123abc' },
  seed: 77,
  ...SIZE,
  prompt: { positive: 'a stone bridge', negative: 'mist' },
  sampling: {
    steps: 18,
    eta: 0,
    method: 'dpm++2m',
    scheduler: 'karras',
    guidance: { txt_cfg: 5.5, img_cfg: 5.5, distilled_guidance: 3.5, slg: { scale: 0, layers: [7, 8, 9] } },
  },
  models: { model: 'orchard.safetensors', vae: '' },
  clip_skip: 2,
  strength: 0.75,
  rng: 'cuda',
};

describe('stable-diffusion.cpp', () => {
  it.each([
    ['alone', JSON.stringify(JSON_OF_SD_CPP)],
    [
      'behind its infotext',
      `a stone bridge\nNegative prompt: mist\nSteps: 18, CFG scale: 5.5, Guidance: 3.5, Eta: 0, Seed: 77, Size: 576x704, Model: orchard.safetensors, RNG: cuda, Sampler: dpm++2m karras, Version: stable-diffusion.cpp, SDCPP: ${JSON.stringify(JSON_OF_SD_CPP)}`,
    ],
  ])('is read %s', (_, text) => {
    expect(read(text).recipe).toMatchObject({ ...SAID, model: 'orchard', clipSkip: 2, noise: 'nv', eta: 0 });
    expect(read(text).recipe.denoisingStrength).toBeUndefined();
    expect(notesOf(text)).not.toMatch(/Not carried over/);
  });

  it('has a second pass where that is switched on', () => {
    const hires = { enabled: true, upscaler: 'Lanczos', scale: 2, steps: 12, denoising_strength: 0.4 };
    expect(read(JSON.stringify({ ...JSON_OF_SD_CPP, hires })).recipe).toMatchObject({
      denoisingStrength: 0.4,
      hires: { upscale: 2, steps: 12, upscaler: 'Lanczos' },
    });
    const off = JSON.stringify({ ...JSON_OF_SD_CPP, hires: { ...hires, enabled: false } });
    expect(read(off).recipe.hires).toBeUndefined();
  });

  it('names skip layer guidance', () => {
    const guidance = { txt_cfg: 5.5, slg: { scale: 2.5, layers: [7] } };
    const json = { ...JSON_OF_SD_CPP, sampling: { ...JSON_OF_SD_CPP.sampling, guidance } };
    expect(notesOf(JSON.stringify(json))).toContain('Skip layer guidance is not carried over.');
  });
});
