/** Which steps Restart takes: with 20 or more, some of them repeat the way from sigma 2 to sigma 0.1. */
import { linspace } from '../math';

/** Sigma from about which it restarts ... */
const RESTART_FROM = 2;
/** ... and sigma to about which. */
const RESTART_TO = 0.1;
const RHO = 7;

export interface RestartStep {
  sigma: number;
  sigmaNext: number;
}

/**
 * From 20 steps on, the sigmas give only their ends: what the repeated way leaves over becomes a Karras schedule. As many
 * steps as the sigmas have.
 *
 * @see A1111 modules/sd_samplers_extra.py restart_sampler, restart_list None
 */
export function restartSteps(sigmas: Float64Array): RestartStep[] {
  const count = sigmas.length - 1;
  if (count < 20) return steps(sigmas);
  const [length, times] = count < 36 ? [9, 1] : [Math.floor(count / 4), 2];
  const main = [...karras(count - length * times, sigmas[0], sigmas[count - 1]), 0];
  const top = nearest(main, RESTART_FROM);
  const bottom = nearest(main, RESTART_TO);
  const again = top < bottom ? steps(karras(length + 1, main[top], main[bottom])) : [];
  const repeats = Array.from({ length: times }, () => again).flat();
  return [...steps(main.slice(0, bottom + 1)), ...repeats, ...steps(main.slice(bottom))];
}

function steps(sigmas: ArrayLike<number>): RestartStep[] {
  return Array.from({ length: sigmas.length - 1 }, (_, i) => ({ sigma: sigmas[i], sigmaNext: sigmas[i + 1] }));
}

function karras(count: number, max: number, min: number): number[] {
  const roots = linspace(max ** (1 / RHO), min ** (1 / RHO), count);
  // The ends exactly: a step that seems to start above the last one's end would be noised.
  return Array.from(roots, (root, i) => (i === 0 ? max : i === count - 1 ? min : root ** RHO));
}

/** Index of the sigma that is nearest; the first of them where two are. */
function nearest(sigmas: readonly number[], wanted: number): number {
  const distances = sigmas.map((sigma) => Math.abs(sigma - wanted));
  return distances.indexOf(Math.min(...distances));
}
