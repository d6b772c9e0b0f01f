/** Parts of a run's sigmas, and what is done to them. @see ComfyUI comfy_extras/nodes_custom_sampler.py */
import { roundHalfEven } from '../math';

/** Up to a step and from it, the same by a share of the steps, turned round, or with another first. */
export const SIGMA_CUTS = ['until', 'from', 'until_share', 'from_share', 'flip', 'first'] as const;
export type SigmaCut = (typeof SIGMA_CUTS)[number];

/** Noise of a picture that has none, where it is added again. */
const LEAST = Math.fround(0.0001);

/** @param amount  a step from 0, a share of the steps, or a sigma */
export function cutSigmas(sigmas: Float64Array, how: SigmaCut, amount: number): Float64Array {
  const shared = roundHalfEven(Math.max(sigmas.length - 1, 0) * amount);
  switch (how) {
    case 'until':
      return sigmas.slice(0, amount + 1);
    case 'from':
      return sigmas.slice(amount);
    case 'until_share':
      return shared === 0 ? sigmas.slice(0, 0) : sigmas.slice(0, -shared);
    case 'from_share':
      return sigmas.slice(-(shared + 1));
    case 'flip': {
      const flipped = sigmas.slice().reverse();
      if (flipped[0] === 0) flipped[0] = LEAST;
      return flipped;
    }
    case 'first':
      return sigmas.map((sigma, i) => (i === 0 ? amount : sigma));
  }
}
