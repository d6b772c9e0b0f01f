import { describe, expect, it } from 'vitest';
import { parseInfotext } from '.';

const read = (modules: string) =>
  parseInfotext(`a cat\nSteps: 20, Sampler: Euler, Seed: 1, Size: 512x512, ${modules}`).recipe;

describe("Forge's modules", () => {
  it.each([
    ['Module 1: vae-ft-mse-840000-ema-pruned', 'vae-ft-mse-840000-ema-pruned'],
    ['Module 1: clip_l, Module 2: sdxl_vae', 'sdxl_vae'],
    ['VAE: own.pt, Module 1: sdxl_vae', 'own.pt'],
    ['Hires Module 1: sdxl_vae', undefined],
    ['Module 1: ae', undefined],
    ['Module 1: waevent', undefined],
  ])('of %s the VAE is %s', (modules, vae) => expect(read(modules).vae).toBe(vae));

  it('keeps the others', () => {
    expect(read('Module 1: clip_l, Module 2: sdxl_vae').other).toEqual({ 'Module 1': 'clip_l' });
  });
});

describe('a list of LoRAs', () => {
  it.each([
    [
      'ink (0.6), sketch_v2 (weight 0.8)',
      [
        ['ink', 0.6],
        ['sketch_v2', 0.8],
      ],
    ],
    [
      'ink.safetensors: 0.6; sketch: -0.5',
      [
        ['ink', 0.6],
        ['sketch', -0.5],
      ],
    ],
    ['ink (0.6)', [['ink', 0.6]]],
    ['ink, sketch', [['ink, sketch', 1]]],
  ])('%s has its weights', (value, loras) => {
    expect(read(`LoRA: "${value}"`).loras).toEqual(loras.map(([name, unet]) => ({ name, unet, text: unet })));
  });
});
