/** One model call for several contexts: those of equal length go through the U-Net together, two at a time. */
import type { Context } from './encode';
import type { Session } from './ports';

/** @returns an output for each context, in their order, each [channels, height, width] */
export type UnetRunner = (x: Float32Array, timestep: number, contexts: readonly Context[]) => Promise<Float32Array[]>;

export interface UnetRunnerOptions {
  unet: Session;
  /** [1, width]: a timestep as the U-Net takes it. */
  timestepWave(timestep: number): Float32Array;
  /** [channels, height, width] of the latent. */
  latentDims: readonly [number, number, number];
  /** Awaited before every run; may throw 'cancelled'. */
  beforeRun(): Promise<void>;
  /** After every run. */
  afterRun(): void;
}

/** Positive and negative fill one run; more would only take more memory. */
const MAX_BATCH = 2;

export function createUnetRunner(o: UnetRunnerOptions): UnetRunner {
  return async (x, timestep, contexts) => {
    const wave = o.timestepWave(timestep);
    const outputs = new Map<Context, Float32Array>();
    for (const batch of batches([...new Set(contexts)])) {
      await o.beforeRun();
      const [{ tokens, width }] = batch;
      const result = await o.unet.run({
        sample: { data: joined(batch.map(() => x)), dims: [batch.length, ...o.latentDims] },
        timestep_wave: { data: wave, dims: [1, wave.length] },
        encoder_hidden_states: { data: joined(batch.map(({ data }) => data)), dims: [batch.length, tokens, width] },
      });
      o.afterRun();
      const all = result['out_sample'];
      batch.forEach((context, i) => outputs.set(context, all.subarray(i * x.length, (i + 1) * x.length)));
    }
    return contexts.map((context) => outputs.get(context) ?? new Float32Array(0));
  };
}

function batches(contexts: readonly Context[]): Context[][] {
  const found: Context[][] = [];
  for (const context of contexts) {
    const open = found.find((batch) => batch.length < MAX_BATCH && batch[0].tokens === context.tokens);
    if (open) open.push(context);
    else found.push([context]);
  }
  return found;
}

function joined(arrays: readonly Float32Array[]): Float32Array {
  if (arrays.length === 1) return arrays[0];
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const array of arrays) {
    all.set(array, end);
    end += array.length;
  }
  return all;
}
