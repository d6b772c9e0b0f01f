/** One model call for several contexts: those of equal length go through the U-Net together, two at a time. */
import { joinFloats } from '../../../core/math';
import { SEEN, SHRINK, type LatentSize } from '../../../core/networks';
import type { Context } from '../text/encode';
import type { CallAt } from '../../../core/control/active-steps';
import type { NamedTensor, Session } from '../../ports';
import type { PreparedControls } from './controls';

/** A context, and whether it is guided towards. */
export interface UnetRow {
  context: Context;
  isPositive: boolean;
  /** Perp-Neg's text that says nothing: it is guided neither towards nor away from. */
  isEmpty?: boolean;
  /** Tokens of the denoiser's middle see themselves alone. */
  isPerturbed?: boolean;
  /** Is told how much each of those tokens is seen: see core/networks, SEEN. */
  onAttention?(seen: Float32Array): void;
}

/** @returns an output for each row, in their order, each [channels, height, width] */
export type UnetRunner = (
  x: Float32Array,
  at: { timestep: number; sigma: number },
  rows: readonly UnetRow[],
) => Promise<Float32Array[]>;

export interface UnetRunnerOptions {
  /** The U-Net, in diffusers' words: see model-source. */
  network: Session;
  size: LatentSize;
  /** Channels that follow the latent's in every call: a mask, an image. [any, height, width] */
  imageCondition?: Float32Array;
  /** Numbers of the picture that each row is told beside its pooled text. */
  tell?: ((row: UnetRow) => readonly number[]) | undefined;
  /** Factors that say how much of each LoRA there is. */
  factors?: Record<string, NamedTensor>;
  /** Units that add to its maps. */
  control?: RunControl;
  /** What changes inside of it, for each row of a call at that sigma. */
  inside?: ((rows: readonly UnetRow[], sigma: number) => Record<string, NamedTensor>) | undefined;
  /** Awaited before every run; may throw 'cancelled'. */
  beforeRun(): Promise<void>;
  /** Called after every run. */
  afterRun(): void;
}

/** Control as one picture's run needs it. */
export interface RunControl extends Pick<PreparedControls, 'maps' | 'tellsRowsApart'> {
  /** Where in the steps a call is. */
  at(sigma: number): CallAt;
  sigmaOf(timestep: number): number;
}

/** Positive and negative fill one run; more would only take more memory. */
const MAX_BATCH = 2;

export function createUnetRunner(o: UnetRunnerOptions): UnetRunner {
  return async (x, at, rows) => {
    const isOwn = (row: UnetRow): boolean => o.control?.tellsRowsApart === true || row.onAttention !== undefined;
    const asked = rows.map((row) => ({ row, shared: isOwn(row) ? row : sameOf(row, rows, o) }));
    const outputs = new Map<UnetRow, Float32Array>();
    for (const batch of batches([...new Set(asked.map(({ shared }) => shared))])) {
      await o.beforeRun();
      const all = await runBatch(x, at, batch, o);
      o.afterRun();
      batch.forEach((row, i) => outputs.set(row, all.subarray(i * x.length, (i + 1) * x.length)));
    }
    return asked.map(({ shared }) => outputs.get(shared) ?? new Float32Array(0));
  };
}

/** The first row of the same context that is told the same: both are one. */
function sameOf(row: UnetRow, rows: readonly UnetRow[], { tell }: Pick<UnetRunnerOptions, 'tell'>): UnetRow {
  const told = tell?.(row) ?? [];
  const isSame = (other: UnetRow): boolean => tell?.(other).every((number, i) => number === told[i]) ?? true;
  return rows.find((other) => other.context === row.context && isSame(other)) ?? row;
}

async function runBatch(
  x: Float32Array,
  { timestep, sigma }: { timestep: number; sigma: number },
  batch: readonly UnetRow[],
  o: UnetRunnerOptions,
): Promise<Float32Array> {
  const inputs = { ...unetInputs(x, timestep, batch, o), ...o.inside?.(batch, sigma) };
  if (!o.control) return heard(await o.network.run(inputs), batch);
  // as if it were the only thing that is seen: not what an inpainting denoiser sees beside it
  const seen = unetInputs(x, timestep, batch, { ...o, imageCondition: undefined, factors: {} });
  const { control } = o;
  const added = await control.maps({
    inputs: seen,
    shrink: inputs[SHRINK] as NamedTensor | undefined,
    rows: batch,
    at: control.at(sigma),
    sigmaOf: (t) => control.sigmaOf(t),
  });
  try {
    return heard(await o.network.run(inputs, added.beside), batch);
  } finally {
    added.dispose();
  }
}

/** @returns what is predicted; those that listen are told of the rest */
function heard(outputs: Record<string, Float32Array>, batch: readonly UnetRow[]): Float32Array {
  const seen = outputs[SEEN] as Float32Array | undefined;
  const size = (seen?.length ?? 0) / batch.length;
  batch.forEach((row, i) => row.onAttention?.(seen?.slice(i * size, (i + 1) * size) ?? new Float32Array(0)));
  return outputs['out_sample'];
}

function unetInputs(
  x: Float32Array,
  timestep: number,
  batch: readonly UnetRow[],
  { size, imageCondition, tell, factors }: UnetRunnerOptions,
): Record<string, NamedTensor> {
  const contexts = batch.map(({ context }) => context);
  const [{ tokens, width, pooled }] = contexts;
  const sample = imageCondition ? joinFloats([x, imageCondition]) : x;
  const inputs: Record<string, NamedTensor> = {
    sample: {
      data: joinFloats(batch.map(() => sample)),
      dims: [batch.length, sample.length / (size.height * size.width), size.height, size.width],
    },
    timestep: { data: Float32Array.of(timestep), dims: [1] },
    encoder_hidden_states: { data: joinFloats(contexts.map(({ data }) => data)), dims: [batch.length, tokens, width] },
    ...factors,
  };
  if (!tell || !pooled) return inputs;
  const pooledRows = contexts.map((context) => context.pooled ?? new Float32Array(pooled.length));
  const told = batch.map(tell);
  return {
    ...inputs,
    text_embeds: { data: joinFloats(pooledRows), dims: [batch.length, pooled.length] },
    time_ids: { data: Float32Array.from(told.flat()), dims: [batch.length, told[0].length] },
  };
}

function batches(rows: readonly UnetRow[]): UnetRow[][] {
  const found: UnetRow[][] = [];
  for (const row of rows) {
    const open = found.find((batch) => batch.length < MAX_BATCH && batch[0].context.tokens === row.context.tokens);
    if (open) open.push(row);
    else found.push([row]);
  }
  return found;
}
