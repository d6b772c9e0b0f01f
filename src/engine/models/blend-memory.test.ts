/** What parts of a model take with others mixed into them, and the sentence where that is too much. */
import { describe, expect, it } from 'vitest';
import type { OpenPack, PackComponent } from '../../core/packs';
import type { DeviceReport } from '../api';
import { blendBytes } from './blend-memory';
import { writtenShare } from './blends';
import type { ModelSource } from './model-source';
import { loadedBytes } from './pack-bank';
import { blendProblem } from './residency';

/** A matrix in 8 bits and a bias, and how often they are there. */
function component(count: number): PackComponent {
  const range = { shard: 0, offset: 0, byteLength: 64 * 64 };
  const matrix = {
    form: 'nbits8' as const,
    shape: [64, 64],
    data: range,
    scales: { ...range, byteLength: 2 * 64 * 2 },
  };
  const bias = { form: 'float32' as const, shape: [64], data: { ...range, byteLength: 4 * 64 } };
  const all = Array.from({ length: count }, (_, i) => [
    [`${i}.weight`, matrix],
    [`${i}.bias`, bias],
  ]);
  return { config: {}, shards: [], weights: Object.fromEntries(all.flat()) as PackComponent['weights'] };
}

const components: Partial<Record<string, PackComponent>> = {
  unet: component(3),
  text_encoder: component(2),
  vae_decoder: component(1),
};
const source: Pick<ModelSource, 'activations' | 'pack' | 'loadedBytes'> = {
  activations: 'float32',
  pack: { pack: { components } } as unknown as OpenPack,
  loadedBytes: (id) => loadedBytes(components[id], { activations: 'float32' }),
};

/** What a matrix takes more in float32 than in 8 bits with scales. */
const MORE = 4 * 64 * 64 - 64 * 64 - 2 * 64 * 2;
const blend = (denoiser: string, text: number) => ({ own: writtenShare(denoiser, text), others: [] });

describe('blendBytes', () => {
  it('counts what is widened of the parts that are changed, and of no other', () => {
    expect(blendBytes(blend('0.5', 1), source)).toEqual(new Map([['unet', 3 * MORE]]));
    expect(blendBytes(blend('1', 0.5), source)).toEqual(new Map([['text_encoder', 2 * MORE]]));
    expect(blendBytes(blend('1', 1), source).size).toBe(0);
  });

  it('counts nothing where all is widened already', () => {
    const loaded: ModelSource['loadedBytes'] = (id) =>
      loadedBytes(components[id], { activations: 'float32', isWidened: true });
    expect(blendBytes(blend('0.5', 1), { ...source, loadedBytes: loaded })).toEqual(new Map([['unet', 0]]));
  });
});

describe('blendProblem', () => {
  const wasm: DeviceReport = { provider: 'wasm', adapter: '' };
  const gpu: DeviceReport = { provider: 'webgpu', adapter: '', memoryBytes: 8e9 };
  const problem = (bytes: number, device: DeviceReport) =>
    blendProblem(new Map([['unet', bytes]]), { source: { loadedBytes: () => 2.6e9 }, device });

  it('says which part finds no room, and how much there is', () => {
    expect(problem(7.7e9, wasm)).toBe(
      'Merged with others, nothing of this model’s U-Net stays packed: it takes 10.3 GB then instead of 2.6 GB, and 4.3 GB are there for it. Merge smaller models, or use a browser with WebGPU.',
    );
    expect(problem(7.7e9, gpu)).toMatch(/it takes 10.3 GB then .* Merge smaller models\.$/);
  });

  it('says nothing where there is room, nobody knows, or nothing is added', () => {
    expect(problem(1.5e9, wasm)).toBeUndefined();
    expect(problem(1e12, { provider: 'webgpu', adapter: '' })).toBeUndefined();
    expect(problem(0, { ...gpu, memoryBytes: 1 })).toBeUndefined();
  });
});
