/** What LoRAs take: branches and widened matrices, and how models are held with them. */
import { describe, expect, it } from 'vitest';
import type { Adapter, AdapterLayer } from '../../core/adapters';
import type { DeviceReport } from '../api';
import { adapterBytes } from './adapter-memory';
import type { ModelSource } from './model-source';
import { adapterProblem } from './residency';
import type { OpenUse } from './adapters';

const layer = (change: Partial<AdapterLayer>): AdapterLayer => ({
  ...{ id: 'unet/a', component: 'unet', path: 'a', shape: [32, 24], kind: 'lora', isDecomposed: false },
  ...{ usesWeight: false, isLowRank: true, branchRank: 4, changesBias: false, ...change },
});

function use(layers: Partial<AdapterLayer>[], strengths: Partial<OpenUse> = {}): OpenUse {
  const adapter = { layers: new Map(layers.map((one, i) => [`${i}`, layer(one)])) } as Pick<Adapter, 'layers'>;
  return { id: 'x', revision: '1', denoiser: 1, text: 1, ...strengths, adapter: adapter as Adapter };
}

const half = { activations: 'float16', widenedBytes: () => 500 } as const;

describe('adapterBytes', () => {
  it('counts both factors of each branch, of every LoRA, in the type of the activations', () => {
    const conv = { path: 'b', shape: [8, 6, 3, 3], branchRank: 2 };
    const wide = 2 * (4 * (32 + 24) + 2 * (8 + 54));
    expect(adapterBytes([use([{}, conv])], half)).toEqual(new Map([['unet', wide]]));
    expect(adapterBytes([use([{}, conv]), use([{}, conv])], half).get('unet')).toBe(2 * wide);
    expect(adapterBytes([use([{}, conv])], { activations: 'float32' }).get('unet')).toBe(2 * wide);
  });

  it('counts the room of a rank where factors are given with each run', () => {
    const low = { path: 'b', branchRank: 3 };
    const odd = { path: 'c', branchRank: 20 };
    const lent = { ...half, lendsFactors: true };
    expect(adapterBytes([use([{}, low, odd])], lent)).toEqual(new Map([['unet', 2 * (4 + 4 + 32) * (32 + 24)]]));
  });

  it('counts ranks as they are where factors are not given: of more than three LoRAs, or where one is merged', () => {
    const low = { path: 'b', branchRank: 3 };
    const lent = { ...half, lendsFactors: true };
    const bytes = (...uses: OpenUse[]) => adapterBytes(uses, lent).get('unet');
    const [room, own] = [4, 3].map((rank) => 2 * rank * (32 + 24));
    const one = use([low]);
    const full = { path: 'd', isLowRank: false, kind: 'full' } as const;
    expect([bytes(one, one, one), bytes(one, one, one, one)]).toEqual([3 * room, 4 * own]);
    expect(bytes(one, use([full]))).toBe(own + 500);
    expect(bytes(one, use([full], { denoiser: 0 }))).toBe(room);
    expect(bytes(one, use([{ ...full, component: 'text_encoder' }]))).toBe(room);
  });

  it('counts a packed matrix that is widened once, whatever changes it, and none at strength 0', () => {
    const full = { isLowRank: false, kind: 'full' } as const;
    const text = { ...full, component: 'text_encoder' } as const;
    expect(adapterBytes([use([full]), use([full])], half)).toEqual(new Map([['unet', 500]]));
    expect(adapterBytes([use([full, text], { denoiser: 0 })], half)).toEqual(new Map([['text_encoder', 500]]));
    expect(adapterBytes([], half).size).toBe(0);
  });
});

describe('adapterProblem', () => {
  const source = { loadedBytes: () => 1e9 } as unknown as ModelSource;
  const wasm: DeviceReport = { provider: 'wasm', adapter: '' };
  const gpu: DeviceReport = { provider: 'webgpu', adapter: '', memoryBytes: 8e9 };
  const problem = (bytes: number, device: DeviceReport, count = 100) =>
    adapterProblem(new Map([['unet', bytes]]), { count, source, device });

  it('says which part they leave no room for, and how much there is', () => {
    expect(problem(3.5e9, wasm)).toBe(
      'The 100 LoRAs take 3.5 GB beside this model’s U-Net (1.0 GB), and 4.3 GB are there for both: use fewer, or smaller ones.',
    );
    expect(problem(3.5e9, wasm, 1)).toMatch(/^The LoRA takes 3.5 GB beside/);
    expect(problem(7e9, gpu)).toMatch(/^The 100 LoRAs take 7.0 GB .* are there for both/);
  });

  it('says nothing where there is room, or nobody knows', () => {
    expect(problem(3e9, wasm)).toBeUndefined();
    expect(problem(3.5e9, gpu)).toBeUndefined();
    expect(problem(1e12, { provider: 'webgpu', adapter: '' })).toBeUndefined();
    expect(problem(0, { ...gpu, memoryBytes: 1 })).toBeUndefined();
  });
});
