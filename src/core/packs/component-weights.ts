/** Which weights a component's graphs read: those of both targets, whatever the size of the picture. */
import { transpose, weightKey, type GraphForm, type Target, type Weight, type WeightExpr } from '../graph';
import { buildComponentGraph, type ConfigFile } from '../networks';
import type { ComponentId } from '../networks/components';

type Weights = readonly Weight[];

/**
 * What one target joins of weights that the other reads one by one is left to the pack's reader to join.
 *
 * @param storedForm   as in GraphForm: decides which matrices are packed
 * @returns one weight for each key, in the order in which the graphs read them
 */
export function componentWeights(id: ComponentId, config: ConfigFile, storedForm?: GraphForm['storedForm']): Weight[] {
  const weightsFor = (target: Target): Weights =>
    buildComponentGraph(id, config, { target, activations: 'float32', storedForm }).weights;
  const portable = weightsFor('portable');
  const single = new Map(portable.map((weight) => [weightKey(weight.expr), weight]));
  const found = new Map<string, Weight>();
  for (const weight of [...weightsFor('webgpu').flatMap((one) => partsOf(one, single)), ...portable]) {
    const key = weightKey(weight.expr);
    if (!found.has(key)) found.set(key, weight);
  }
  return [...found.values()];
}

/** What a weight is joined of where all of that is read by itself too; else the weight. */
function partsOf(weight: Weight, single: ReadonlyMap<string, Weight>): Weights {
  if (single.has(weightKey(weight.expr))) return [weight];
  const parts = joinedParts(weight.expr).map((part) => single.get(weightKey(part)));
  return parts.length > 0 && parts.every((part) => part !== undefined) ? parts : [weight];
}

function joinedParts(expr: WeightExpr): readonly WeightExpr[] {
  if (expr.op === 'concat') return expr.of;
  return expr.op === 'transpose' && expr.of.op === 'concat' ? expr.of.of.map(transpose) : [];
}
