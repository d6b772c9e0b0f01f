/**
 * Sums of a branch and what it went around, made by the group norm behind them where there is one: ONNX Runtime's SkipGroupNorm adds, normalises
 * and gives the sum, in as many kernels as the norm alone. Where something else reads the sum first it is a kernel of its own.
 */
import type { GraphBuilder, Value } from './graph';
import type { WeightExpr } from './weight-expr';

export interface Residual {
  /** What the branch made: an image, or tokens in the order of one. */
  x: Value;
  /** The image that it went around, or a vector [batch, c] for every pixel. */
  skip: Value;
  /** Bias of the branch's last layer, where it was not added there: [c]. */
  bias?: WeightExpr;
}

const residuals = new WeakMap<Value, Residual>();

/** @param make  writes the sum where it is read by itself */
export function promiseResidual(g: GraphBuilder, residual: Residual, make: (into: Value) => void): Value {
  const sum = g.promise((residual.skip.dims.length === 4 ? residual.skip : residual.x).dims, make);
  residuals.set(sum, residual);
  return sum;
}

/** What a sum is made of that nobody has read yet: who asks writes it. */
export function takeResidual(g: GraphBuilder, sum: Value): Residual | undefined {
  const found = residuals.get(sum);
  return found && g.redeem(sum) ? found : undefined;
}
