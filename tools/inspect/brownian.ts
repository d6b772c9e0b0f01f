/** `brownian`: the noise that an SDE sampler gets for the way from one sigma to the next. */
import { createBrownianTree } from '../../src/core/noise';
import { UsageError, needed, type Arguments } from './arguments';
import { BATCH_OPTIONS, readBatch, readShape } from './latent';
import { RNG, readRng } from './names';
import type { Question } from './question';

export const BROWNIAN: Question = {
  summary: 'unit noise of the Brownian tree, with its sign: {"values":[...]}',
  examples: [
    'brownian --rng cpu --seed 42 --shape 4,8,8 --sigma-min 0.0291675 --sigma-max 14.614642 --from 14.614642 --to 9.1029',
  ],
  options: {
    rng: RNG,
    seed: { value: 'n', help: 'of the image, 64 bits' },
    shape: { value: 'C,H,W', help: 'of the latent' },
    'sigma-min': { value: 'x', help: 'smallest sigma above 0 of the schedule' },
    'sigma-max': { value: 'x', help: 'largest sigma of the schedule' },
    from: { value: 'x', help: 'sigma before the step' },
    to: { value: 'x', help: 'sigma after the step' },
    ...BATCH_OPTIONS,
  },
  ask(args) {
    args.noText();
    const rng = readRng(args);
    const [channels, height, width] = needed('shape', readShape(args, 'shape'));
    const [sigmaMin, sigmaMax] = [readSigma(args, 'sigma-min'), readSigma(args, 'sigma-max')];
    if (sigmaMin >= sigmaMax) throw new UsageError('--sigma-min must be below --sigma-max.');
    const batch = readBatch(args, rng);
    const tree = createBrownianTree({
      kind: rng,
      // Images of a batch have seeds that follow each other, or one seed where one path serves all.
      seed: needed('seed', args.seed('seed')) + (rng === 'comfyui' ? 0n : BigInt(batch.index)),
      sigmaMin,
      sigmaMax,
      count: channels * height * width,
      batch,
    });
    return { values: [...tree.increment(readSigma(args, 'from'), readSigma(args, 'to'))] };
  },
};

function readSigma(args: Arguments, name: string): number {
  return needed(name, args.number(name, { min: 0 }));
}
