/** Predictions of x0 from those of other steps. All are arrays of one length; positions are steps, fractional between two. */
import type { Placed } from './answer';

/** What the model said, and where. */
export interface Known extends Placed {
  position: number;
}

/** Nearer ones say nothing of how x0 changes: second-order samplers ask twice at one sigma. */
const APART = 0.2;

/**
 * The last answer and a share of its slope. With all of it, errors grow from one forecast to the next.
 *
 * @param known  at least one, by growing position
 * @param slope  0…1
 */
export function ahead(known: readonly Known[], position: number, slope: number): Placed {
  const last = known[known.length - 1];
  const before = known.findLast((one) => last.position - one.position >= APART);
  const k = before ? (slope * (position - last.position)) / (last.position - before.position) : 0;
  if (!before || k === 0) return last;
  return onLine(before, last, 1 + k);
}

/** An answer on the straight line between two others. */
export function between(a: Known, b: Known, position: number): Placed {
  return onLine(a, b, (position - a.position) / (b.position - a.position));
}

/** @param k  0 is `a`, 1 is `b` */
function onLine(a: Placed, b: Placed, k: number): Placed {
  const mix = (from: Float32Array, to: Float32Array): Float32Array =>
    from.map((value, i) => value + k * (to[i] - value));
  const denoised = mix(a.denoised, b.denoised);
  const isOne = a.uncond === a.denoised && b.uncond === b.denoised;
  return { denoised, uncond: isOne ? denoised : mix(a.uncond, b.uncond), means: mix(a.means, b.means) };
}
