/** A Brownian path over sigma, from which SDE samplers take their noise: any interval, in any order, always the same path. */
import { BrownianNode } from './brownian-node';
import { ALONE, type BatchPlace, type Seed } from './noise';
import { roundMicro } from './round-micro';
import { toSeed64 } from './seed';
import { NOISE_SOURCES } from './sources';
import { NOISES, type NoiseId } from './table';

export interface BrownianTreeOptions {
  /** The generator of its normal numbers; 'nv' for ComfyUI's samplers named _gpu. */
  kind: NoiseId;
  /** The image's own: ImageNoise.seed. */
  seed: Seed;
  /** The smallest sigma above 0 of the schedule. A1111 takes the whole schedule also in img2img, ComfyUI what is run. */
  sigmaMin: number;
  /** The largest sigma of the schedule. */
  sigmaMax: number;
  /** Elements of the latent, C × H × W. */
  count: number;
  /** Matters to noise that covers a whole batch. */
  batch?: BatchPlace;
}

export interface BrownianTree {
  /**
   * Normal noise of variance 1 for the way from sigma to sigmaNext: n = (W(sigmaNext) − W(sigma))/√|sigma − sigmaNext|,
   * with the sign that samplers meet on their way down. Ways that overlap share their noise. Outside of sigmaMin …
   * sigmaMax the path stands still; two sigmas equal to six decimals give 0.
   */
  increment(sigma: number, sigmaNext: number): Float32Array;
}

/**
 * torchsde's BrownianTree (tolerance 1e-6, pool size 24) behind k-diffusion's BrownianTreeNoiseSampler: sigmas in float32,
 * times of six decimals, float32 values added up in the same order. Memory: 96 latents at most.
 *
 * @throws AppError 'bad-request' when the seed is not a whole number
 * @see torchsde 0.2.6 _brownian/brownian_interval.py; k-diffusion sampling.BrownianTreeNoiseSampler
 */
export function createBrownianTree(options: BrownianTreeOptions): BrownianTree {
  const { kind, seed, count, batch = ALONE } = options;
  const entry = NOISES[kind];
  const { createForTree } = NOISE_SOURCES[kind];
  const draw = (of: number): Float32Array => {
    const source = createForTree(of);
    if (entry.batch === 'own-seeds') return source.next(count);
    return source.next(count * batch.size).slice(batch.index * count, (batch.index + 1) * count);
  };
  const [start, end] = [Math.fround(options.sigmaMin), Math.fround(options.sigmaMax)];
  const root = BrownianNode.root({ start, end, entropy: toSeed64(seed), draw });
  const inside = (sigma: number): number => roundMicro(Math.min(Math.max(sigma, root.start), root.end));
  return {
    increment(sigma, sigmaNext) {
      const [from, to] = [Math.fround(sigma), Math.fround(sigmaNext)];
      const [low, high] = [inside(Math.min(from, to)), inside(Math.max(from, to))];
      const total = new Float32Array(count);
      for (const part of root.parts(low, high)) part.increment().forEach((value, i) => void (total[i] += value));
      const scale = Math.fround(Math.sqrt(Math.fround(Math.abs(to - from))));
      const sign = from > to ? -1 : 1;
      return low === high ? total : total.map((value) => (sign * value) / scale);
    },
  };
}
