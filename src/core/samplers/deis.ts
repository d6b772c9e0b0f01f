/** DEIS: the derivative's polynomial in the time of a variance-preserving process, order 3; one model call a step. */
import { sampleLinearMultistep } from './linear-multistep';
import type { Latent, LatentRun } from './sampler';

const ORDER = 3;

/** Points of the integral, as many as the original's sum has: what it misses, about 1e-5, is part of its pictures. */
const POINTS = 10_000;

/**
 * The process whose time carries the polynomials: σ = 0.002 at t = 0.001 and σ = 80 at t = 1, in ln(1 + σ²) = quadratic in
 * t. Constants of EDM, not of the model.
 */
const LOW = { time: 1e-3, level: Math.log1p(0.002 ** 2) };
const HIGH_LEVEL = Math.log1p(80 ** 2);
const CURVATURE = (2 * (LOW.level / LOW.time - HIGH_LEVEL)) / (LOW.time - 1);
const SLOPE = HIGH_LEVEL - CURVATURE / 2;

/** @see Zhang and Chen 2022, arXiv:2204.13902, tAB-DEIS; ComfyUI sample_deis, max_order 3, deis_mode tab */
export function sampleDeis(run: LatentRun): Promise<Latent> {
  return sampleLinearMultistep(run, deisWeights);
}

function deisWeights(sigmas: Float64Array, index: number): number[] {
  const order = sigmas[index + 1] > 0 ? Math.min(index + 1, ORDER) : 1;
  if (order === 1) return [sigmas[index + 1] - sigmas[index]];
  const nodes = Array.from({ length: order }, (_, age) => timeOf(sigmas[index - age]));
  const way = timeOf(sigmas[index + 1]) - nodes[0];
  const moments = speedMoments(nodes[0], way, order);
  return nodes.map((node) => {
    const others = nodes.filter((other) => other !== node).map((other) => other - nodes[0]);
    const polynomial = withRoots(others);
    const height = others.reduce((product, other) => product * (node - nodes[0] - other), 1);
    return polynomial.reduce((sum, coefficient, power) => sum + coefficient * moments[power], 0) / height;
  });
}

/** The sums that stand for ∫ (t − start)^power dσ over the way from `start`, for each power below `count`. */
function speedMoments(start: number, way: number, count: number): number[] {
  const sums = Array.from({ length: count }, () => 0);
  for (let point = 0; point < POINTS; point++) {
    const offset = (way * point) / (POINTS - 1);
    let term = sigmaSpeed(start + offset);
    for (let power = 0; power < count; power++) {
      sums[power] += term;
      term *= offset;
    }
  }
  return sums.map((sum) => (sum * way) / POINTS);
}

/** Coefficients of the polynomial Π (t − root), lowest power first. */
function withRoots(roots: readonly number[]): number[] {
  return roots.reduce<number[]>((lower, root) => [...lower, 0].map((own, k) => (lower[k - 1] ?? 0) - root * own), [1]);
}

function timeOf(sigma: number): number {
  return (Math.sqrt(SLOPE ** 2 + 2 * CURVATURE * Math.log1p(sigma ** 2)) - SLOPE) / CURVATURE;
}

/** dσ/dt */
function sigmaSpeed(time: number): number {
  const level = time * (SLOPE + (CURVATURE * time) / 2);
  return ((SLOPE + CURVATURE * time) * Math.exp(level)) / (2 * Math.sqrt(Math.expm1(level)));
}
