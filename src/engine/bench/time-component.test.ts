/** A narrow Stable Diffusion of random weights through the clock, on ONNX Runtime's CPU provider. */
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../core/errors';
import { familyConfigs, type BenchFamily, type BenchRow } from '../../core/bench';
import type { DtypePlanId } from '../../core/packs';
import { createOrtSession, type Ort } from '../../platform/gpu/ort-session';
import type { Runtime } from '../ports';
import { measureOrtMatmul } from './ort-matmul';
import { createRandomSource } from './random-source';
import { timeComponent } from './time-component';

let alive = 0;

const runtime: Pick<Runtime, 'target' | 'createSession'> = {
  target: 'portable',
  createSession: async (graph) => {
    const { run, dispose } = await createOrtSession(ort as unknown as Ort, ['wasm'], graph);
    alive += 1;
    return {
      run,
      dispose: async () => {
        alive -= 1;
        await dispose();
      },
    };
  },
};

const QUICK = { now: () => performance.now(), enoughMs: 0, maxRuns: 1, longMs: 0 };

function source(family: BenchFamily, plan: DtypePlanId) {
  const configs = familyConfigs(family, true);
  return { configs, model: createRandomSource({ configs, plan, activations: 'float32', runtime }) };
}

describe('timeComponent', () => {
  it.each([
    ['sd15', 'q8'],
    ['sdxl', 'q4'],
  ] as const)('times the U-Net of %s as %s at two sizes, all numbers finite', async (family, plan) => {
    const rows: BenchRow[] = [];
    const { configs, model } = source(family, plan);
    await timeComponent(model, {
      ...QUICK,
      model: family,
      component: 'unet',
      weights: plan,
      configs,
      calls: [
        { width: 64, height: 64, batch: 2 },
        { width: 64, height: 64, batch: 1 },
        { width: 128, height: 64, batch: 1 },
      ],
      onRow: (row) => rows.push(row),
    });
    expect(rows.map(({ failure, note }) => failure ?? note)).toEqual([undefined, undefined, undefined]);
    expect(rows.map(({ loadSeconds }) => loadSeconds !== undefined)).toEqual([true, false, false]);
    for (const row of rows) expect(row.ms).toBeGreaterThan(0);
    const [two, one, wide] = rows.map(({ tflop = 0 }) => tflop);
    expect(two / one).toBeCloseTo(2, 2);
    expect(wide / one).toBeGreaterThan(1.2);
    expect(alive).toBe(0);
  });

  it.each(['text_encoder', 'text_encoder_2', 'vae_decoder'] as const)('times the %s of SDXL', async (component) => {
    const rows: BenchRow[] = [];
    const { configs, model } = source('sdxl', 'q8');
    const calls = [{ width: 64, height: 64, batch: 1 }];
    await timeComponent(model, {
      ...QUICK,
      ...{ model: 'x', component, weights: 'q8', configs, calls },
      onRow: (row) => rows.push(row),
    });
    expect(rows).toMatchObject([{ component, runs: 1 }]);
    expect(rows[0].failure ?? rows[0].note).toBeUndefined();
    expect(alive).toBe(0);
  });

  it('tells of a failure as a row, ends at a cancel, and leaves no session behind', async () => {
    const { configs, model } = source('sd15', 'q8');
    const rows: BenchRow[] = [];
    const options = {
      ...QUICK,
      ...{ model: 'x', component: 'unet' as const, weights: 'q8', configs },
      calls: [{ width: 64, height: 64, batch: 1 }],
      onRow: (row: BenchRow) => rows.push(row),
    };
    const failing = { ...model, open: () => Promise.reject(new AppError('out-of-memory', 'no room')) };
    await timeComponent(failing, options);
    expect(rows).toMatchObject([{ failure: 'no room' }]);
    let calls = 0;
    const beforeCall = (): Promise<void> =>
      ++calls > 2 ? Promise.reject(new AppError('cancelled', 'enough')) : Promise.resolve();
    await expect(timeComponent(model, { ...options, beforeCall })).rejects.toMatchObject({ code: 'cancelled' });
    expect(rows).toHaveLength(1);
    expect(alive).toBe(0);
  });
});

describe('measureOrtMatmul', () => {
  it.each([undefined, 'nbits8', 'nbits4'] as const)('measures a chain of products, packed: %s', async (packed) => {
    const options = { ...QUICK, activations: 'float32' as const, side: 64, products: 3, ...(packed && { packed }) };
    const { tflops, failure } = await measureOrtMatmul(runtime, options);
    expect(failure).toBeUndefined();
    expect(tflops).toBeGreaterThan(0);
    expect(alive).toBe(0);
  });
});
