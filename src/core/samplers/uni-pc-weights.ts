/** The weights by which UniPC's predictor and corrector add the differences between predictions. */

export interface LogSteps {
  /** λ = −ln σ of the predictions, newest first; as many as the order. */
  past: readonly number[];
  /** λ at the end of the step. */
  next: number;
}

/** B(h) of the paper: h itself, or 1 − e^−h. It counts where a shortcut stands for the solved weights, which do not depend on it. */
export type Reach = (h: number) => number;
export const BH1: Reach = (h) => h;
export const BH2: Reach = (h) => -Math.expm1(-h);

/** Weights for the older predictions, newest of them first. */
export function predictorWeights({ past, next }: LogSteps, reach: Reach = BH1): number[] {
  const { h, ratios } = measure({ past, next });
  // The authors' shortcut for order 2, which keeps the order.
  if (ratios.length === 1) return [reach(h) / 2 / ratios[0]];
  const rhos = solve(ratios, h);
  return ratios.map((ratio, k) => (h * rhos[k]) / ratio);
}

/** Weights as the predictor's, and last for the prediction at the end of the step. */
export function correctorWeights({ past, next }: LogSteps, reach: Reach = BH1): number[] {
  const { h, ratios } = measure({ past, next });
  const all = [...ratios, 1];
  if (ratios.length === 0) return [reach(h) / 2];
  const rhos = solve(all, h);
  return all.map((ratio, k) => (h * rhos[k]) / ratio);
}

/** The step's length, and where the older predictions lie, in units of it: below 0. */
function measure({ past, next }: LogSteps): { h: number; ratios: number[] } {
  const [now, ...older] = past;
  const h = next - now;
  return { h, ratios: older.map((lambda) => (lambda - now) / h) };
}

/** ρ with Σ_k ρ_k r_k^(j−1) = b_j, j = 1, 2, ... @see arXiv:2302.04867, equation 10 */
function solve(ratios: readonly number[], h: number): number[] {
  const rows = ratios.map((_, j) => ratios.map((ratio) => ratio ** j));
  return solveLinear(rows, targets(ratios.length, h));
}

/** b_j = j! φ_{j+1}(−h) · (−h)^j / (−h), by φ's recurrence. */
function targets(count: number, h: number): number[] {
  let factorial = 1;
  let phi = Math.expm1(-h) / -h - 1;
  return Array.from({ length: count }, (_, i) => {
    const target = (phi * factorial) / -h;
    factorial *= i + 2;
    phi = phi / -h - 1 / factorial;
    return target;
  });
}

/** Gauss' elimination; for Vandermonde's matrices, at most 4 × 4, whose nodes differ. */
export function solveLinear(rows: readonly (readonly number[])[], right: readonly number[]): number[] {
  if (right.length === 0) return [];
  const [[pivot, ...head], ...below] = rows;
  const factors = below.map((row) => row[0] / pivot);
  const rest = solveLinear(
    below.map((row, i) => head.map((value, column) => row[column + 1] - factors[i] * value)),
    factors.map((factor, i) => right[i + 1] - factor * right[0]),
  );
  const known = head.reduce((sum, value, column) => sum + value * rest[column], 0);
  return [(right[0] - known) / pivot, ...rest];
}
