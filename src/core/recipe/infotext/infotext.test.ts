import { describe, expect, it } from 'vitest';
import { parseInfotext, writeInfotext } from '.';

const SAMPLE = `a photo of a cat, (detailed:1.2) <lora:foo:0.8>
Negative prompt: blurry, bad
Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 42, Size: 512x768, Model hash: 6ce0161689, Model: v1-5-pruned-emaonly, VAE hash: 735e4c3a44, VAE: vae-ft-mse-840000-ema-pruned.safetensors, Denoising strength: 0.5, Clip skip: 2, RNG: CPU, Hires upscale: 2, Hires steps: 10, Hires upscaler: Latent, Lora hashes: "foo: 0123456789ab", Version: v1.10.1`;

describe('parseInfotext', () => {
  it('reads a text of A1111', () => {
    const { recipe, notes, hasParameters } = parseInfotext(SAMPLE);
    expect({ notes, hasParameters }).toEqual({ notes: [], hasParameters: true });
    expect(recipe).toEqual({
      prompt: 'a photo of a cat, (detailed:1.2) <lora:foo:0.8>',
      negativePrompt: 'blurry, bad',
      steps: 20,
      sampler: 'dpmpp_2m',
      schedule: 'karras',
      cfgScale: 7,
      seed: 42,
      width: 512,
      height: 768,
      modelHash: '6ce0161689',
      model: 'v1-5-pruned-emaonly',
      vaeHash: '735e4c3a44',
      vae: 'vae-ft-mse-840000-ema-pruned.safetensors',
      denoisingStrength: 0.5,
      clipSkip: 2,
      noise: 'cpu',
      hires: { upscale: 2, steps: 10, upscaler: 'Latent' },
      loraHashes: { foo: '0123456789ab' },
      version: 'v1.10.1',
    });
  });

  it('takes a text without three pairs in its last line for a prompt', () => {
    const text = 'a cat\nNegative prompt: a dog\nSteps: 20, Sampler: Euler';
    expect(parseInfotext(text)).toEqual({
      recipe: { prompt: 'a cat', negativePrompt: 'a dog\nSteps: 20, Sampler: Euler' },
      notes: [],
      hasParameters: false,
    });
  });
});

describe('writeInfotext', () => {
  it('gives back the text that A1111 wrote', () => {
    expect(writeInfotext(parseInfotext(SAMPLE).recipe)).toBe(SAMPLE);
  });
});
