/** LMS: Adams-Bashforth of order 4 on unevenly spaced sigmas; one model call a step. */
import { sampleLinearMultistep } from './linear-multistep';
import type { Latent, LatentRun } from './sampler';

const ORDER = 4;

/** Gauss-Legendre points of −1 … 1 that integrate cubics exactly, with weight 1 each. */
const GAUSS_POINTS = [-1 / Math.sqrt(3), 1 / Math.sqrt(3)];

/** @see k-diffusion sample_lms, linear_multistep_coeff */
export function sampleLms(run: LatentRun): Promise<Latent> {
  return sampleLinearMultistep(run, adamsWeights);
}

/** The integrals over the step of the polynomials through the last sigmas. */
function adamsWeights(sigmas: Float64Array, index: number): number[] {
  const order = Math.min(index + 1, ORDER);
  const nodes = Array.from({ length: order }, (_, age) => sigmas[index - age]);
  const half = (sigmas[index + 1] - sigmas[index]) / 2;
  return nodes.map((_, age) =>
    GAUSS_POINTS.reduce((sum, point) => sum + half * lagrange(nodes, age, sigmas[index] + half * (1 + point)), 0),
  );
}

/** The polynomial that is 1 at nodes[chosen] and 0 at the other nodes, at `at`. */
function lagrange(nodes: readonly number[], chosen: number, at: number): number {
  return nodes.reduce(
    (product, node, i) => (i === chosen ? product : (product * (at - node)) / (nodes[chosen] - node)),
    1,
  );
}
