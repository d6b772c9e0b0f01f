/** The latent that noise is drawn for: its shape, and its place in a batch. */
import { NOISES, type BatchPlace, type ImageNoiseOptions, type NoiseId } from '../../src/core/noise';
import { UsageError, needed, type Arguments, type OptionSpec } from './arguments';

export type Shape = ImageNoiseOptions['shape'];

/** Four channels of 1024 × 1024 cells: a picture of 8192 pixels a side. */
const MAX_ELEMENTS = 4 * 1024 * 1024;
const MAX_BATCH = 1024;

export const BATCH_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  'batch-index': { value: 'i', help: 'which image of a batch, from 0; --seed is that of image 0' },
  'batch-size': { value: 'n', help: 'needed with comfyui, whose draws cover the whole batch' },
};

/** [channels, height, width]; `16` is [1, 1, 16], as a list of numbers is drawn alike. */
export function readShape(args: Arguments, name: string): Shape | undefined {
  const sizes = args.numbers(name, { min: 1, whole: true });
  if (sizes === undefined) return undefined;
  const [width, height = 1, channels = 1, more] = [...sizes].reverse();
  if (more !== undefined) throw new UsageError(`--${name} must have one to three sizes, C,H,W, not ${sizes.length}.`);
  if (channels * height * width > MAX_ELEMENTS)
    throw new UsageError(`--${name} must have at most ${MAX_ELEMENTS} elements.`);
  return [channels, height, width];
}

export function readBatch(args: Arguments, rng: NoiseId): BatchPlace {
  const index = args.number('batch-index', { min: 0, max: MAX_BATCH - 1, whole: true }) ?? 0;
  const size = args.number('batch-size', { min: 1, max: MAX_BATCH, whole: true });
  if (index > 0 && NOISES[rng].batch === 'one-stream') needed('batch-size', size);
  if (size !== undefined && index >= size)
    throw new UsageError(`--batch-index ${index} is not in a batch of ${size}, which has 0 to ${size - 1}.`);
  return { index, size: size ?? index + 1 };
}
