import { describe, expect, it } from 'vitest';
import { loadFacts, modelFacts } from './load-facts';

describe('loadFacts', () => {
  it('says how much was loaded, in which time and how fast', () => {
    const loads = [
      { component: 'unet', bytes: 1_720_000_000, seconds: 3.2 },
      { component: 'text_encoder_2', bytes: 500, seconds: 0 },
    ] as const;
    expect(loadFacts({ loads })).toEqual([
      ['U-Net', '1.7 GB in 3.2 s, 538 MB/s'],
      ['Second text encoder', '500 B in 0.0 s'],
    ]);
    expect(loadFacts({})).toEqual([]);
  });
});

describe('modelFacts', () => {
  const device = { provider: 'webgpu', adapter: 'x', maxBufferBytes: 2 ** 31 } as const;

  it('says how the model is held, and what the device allows', () => {
    const model = { plan: 'q8', activations: 'float16', residency: 'in_turn', bytes: 3_040_000_000 } as const;
    expect(modelFacts({ model, peakGpuBytes: 2.5e9 }, device)).toEqual([
      ['Weights', '8-bit, 3.0 GB when loaded'],
      ['Computes in', 'half precision'],
      ['Parts', 'loaded one after another'],
      ['Peak GPU memory', '2.5 GB'],
      ['Largest buffer of the GPU', '2.1 GB'],
    ]);
  });

  it('says that weights were widened', () => {
    const model = { plan: 'q8', activations: 'float16', isWidened: true, residency: 'resident', bytes: 2e9 } as const;
    expect(modelFacts({ model }, device)[0]).toEqual(['Weights', '8-bit, widened, 2.0 GB when loaded']);
  });

  it('says in how many tiles the picture was developed', () => {
    expect(modelFacts({ tiles: 9 }, { provider: 'webgpu', adapter: 'x' })).toEqual([
      ['Developed in', '9 tiles, as the whole did not fit'],
    ]);
  });

  it('says nothing that is not known', () => {
    expect(modelFacts({}, { provider: 'wasm', adapter: 'CPU' })).toEqual([]);
  });
});
