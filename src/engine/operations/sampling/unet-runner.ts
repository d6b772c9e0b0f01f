/** One model call for several contexts: those of equal length go through the U-Net together, two at a time. */
import { joinFloats } from '../../../core/math';
import type { LatentSize } from '../../../core/networks';
import type { Context } from '../text/encode';
import type { NamedTensor, Session } from '../../ports';

/** @returns an output for each context, in their order, each [channels, height, width] */
export type UnetRunner = (x: Float32Array, timestep: number, contexts: readonly Context[]) => Promise<Float32Array[]>;

export interface UnetRunnerOptions {
  /** In diffusers' words: see model-source. */
  network: Session;
  size: LatentSize;
  /** Channels that follow the latent's in every call: a mask, an image. [any, height, width] */
  imageCondition?: Float32Array;
  /** SDXL: original height and width, crop top and left, target height and width. */
  sizes?: readonly number[];
  /** How much of each LoRA. */
  factors?: Record<string, NamedTensor>;
  /** Awaited before every run; may throw 'cancelled'. */
  beforeRun(): Promise<void>;
  /** After every run. */
  afterRun(): void;
}

/** Positive and negative fill one run; more would only take more memory. */
const MAX_BATCH = 2;

export function createUnetRunner(o: UnetRunnerOptions): UnetRunner {
  return async (x, timestep, contexts) => {
    const outputs = new Map<Context, Float32Array>();
    for (const batch of batches([...new Set(contexts)])) {
      await o.beforeRun();
      const result = await o.network.run(unetInputs(x, timestep, batch, o));
      o.afterRun();
      const all = result['out_sample'];
      batch.forEach((context, i) => outputs.set(context, all.subarray(i * x.length, (i + 1) * x.length)));
    }
    return contexts.map((context) => outputs.get(context) ?? new Float32Array(0));
  };
}

function unetInputs(
  x: Float32Array,
  timestep: number,
  batch: readonly Context[],
  { size, imageCondition, sizes, factors }: UnetRunnerOptions,
): Record<string, NamedTensor> {
  const [{ tokens, width, pooled }] = batch;
  const sample = imageCondition ? joinFloats([x, imageCondition]) : x;
  const inputs: Record<string, NamedTensor> = {
    sample: {
      data: joinFloats(batch.map(() => sample)),
      dims: [batch.length, sample.length / (size.height * size.width), size.height, size.width],
    },
    timestep: { data: Float32Array.of(timestep), dims: [1] },
    encoder_hidden_states: { data: joinFloats(batch.map(({ data }) => data)), dims: [batch.length, tokens, width] },
    ...factors,
  };
  if (!sizes || !pooled) return inputs;
  const pooledRows = batch.map((context) => context.pooled ?? new Float32Array(pooled.length));
  return {
    ...inputs,
    text_embeds: { data: joinFloats(pooledRows), dims: [batch.length, pooled.length] },
    time_ids: { data: joinFloats(batch.map(() => Float32Array.from(sizes))), dims: [batch.length, sizes.length] },
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
