/** `noise`: what one image draws from its generator. */
import { createImageNoise } from '../../src/core/noise';
import { UsageError, needed, type Arguments } from './arguments';
import { BATCH_OPTIONS, readBatch, readShape, type Shape } from './latent';
import { RNG, readRng } from './names';
import type { Question } from './question';

const MAX_DRAW = 1000;

export const NOISE: Question = {
  summary: 'a draw of N(0, 1): {"values":[...]}, float32, row-major C,H,W',
  examples: [
    'noise --rng nv --seed 42 --shape 4,8,8',
    'noise --rng cpu --seed 42 --shape 4,64,64 --subseed 43 --strength 0.25',
  ],
  options: {
    rng: RNG,
    seed: { value: 'n', help: '64 bits, exact' },
    shape: { value: 'C,H,W', help: 'of the latent; one size alone is a list of that length' },
    draw: { value: 'k', help: '0 (default): the start; 1, 2, ...: what ancestral samplers add on the way' },
    subseed: { value: 'n', help: 'variation seed, with --strength; moves the start' },
    strength: { value: 'x', help: 'variation strength, 0 to 1' },
    'resize-from': { value: 'C,H,W', help: 'seed resize: the start is noise of this shape in the middle' },
    ensd: { value: 'n', help: 'eta noise seed delta: draws from 1 on come from seed + n' },
    ...BATCH_OPTIONS,
  },
  ask(args) {
    args.noText();
    const rng = readRng(args);
    const shape = needed('shape', readShape(args, 'shape'));
    const noise = createImageNoise({
      kind: rng,
      seed: needed('seed', args.seed('seed')),
      shape,
      batch: readBatch(args, rng),
      variation: readVariation(args),
      resizeFrom: readResize(args, shape),
      ensd: args.seed('ensd'),
    });
    const draw = args.number('draw', { min: 0, max: MAX_DRAW, whole: true }) ?? 0;
    let values = noise.initial();
    for (let k = 1; k <= draw; k++) values = noise.next();
    return { values: [...values] };
  },
};

function readVariation(args: Arguments): { seed: bigint; strength: number } | undefined {
  const seed = args.seed('subseed');
  const strength = args.number('strength', { min: 0, max: 1 });
  if (seed === undefined && strength === undefined) return undefined;
  return { seed: needed('subseed', seed), strength: needed('strength', strength) };
}

function readResize(args: Arguments, [channels]: Shape): { height: number; width: number } | undefined {
  const from = readShape(args, 'resize-from');
  if (from === undefined) return undefined;
  if (from[0] !== channels)
    throw new UsageError(`--resize-from must have the ${channels} channels of --shape, not ${from[0]}.`);
  return { height: from[1], width: from[2] };
}
