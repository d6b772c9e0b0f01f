/**
 * What a pack keeps of the weights that graphs read: tensors of the checkpoint, as they are or transposed, reshaped, joined.
 * Nothing computed: what is scaled, summed or padded is derived when it is loaded (weight-finder.ts), so that a graph may want
 * it otherwise tomorrow, and no key holds a number that another engine computes otherwise.
 */
import { exprShape, isPalette, transpose, weightKey, type WeightExpr } from '../graph';
import type { ConfigFile } from '../networks';
import { componentWeights } from './component-weights';
import { planRule, type DtypePlan } from './dtype-plans';
import type { ComponentId } from '../networks/components';
import type { StoredForm } from '../graph';

export interface PlannedPart {
  key: string;
  expr: WeightExpr;
  shape: readonly number[];
  form: StoredForm;
}

/** @returns one part for each key, in the order in which the graphs read them */
export function plannedParts(id: ComponentId, config: ConfigFile, plan: DtypePlan): PlannedPart[] {
  const formOf = (key: string, shape: readonly number[], isMatrix: boolean): StoredForm =>
    planRule(plan, { component: id, key, shape, isMatrix }).form;
  const found = new Map<string, PlannedPart>();
  for (const { expr: wanted, part } of componentWeights(id, config, (key, shape) => formOf(key, shape, true)))
    for (const expr of part === 'values' ? storedParts(wanted) : storedMatrices(wanted)) {
      const key = weightKey(expr);
      const shape = exprShape(expr);
      const planned = formOf(key, shape, part !== 'values');
      const form = part === 'values' || isPalette(planned) ? planned : part.form;
      if (!found.has(key)) found.set(key, { key, expr, shape, form });
    }
  return [...found.values()];
}

/** Whether its values are those of tensors, in another order at most. */
function isKept(expr: WeightExpr): boolean {
  switch (expr.op) {
    case 'tensor':
      return true;
    case 'transpose':
    case 'reshape':
      return isKept(expr.of);
    case 'concat':
      return expr.of.every(isKept);
    default:
      return false;
  }
}

/** @returns expressions without arithmetic from which the values can be derived */
export function storedParts(expr: WeightExpr): WeightExpr[] {
  switch (expr.op) {
    case 'tensor':
      return [expr];
    case 'concat':
      return isKept(expr) ? [expr] : expr.of.flatMap(storedParts);
    case 'add':
      return expr.of.flatMap(storedParts);
    case 'transpose':
      if (isKept(expr)) return [expr];
      return storedParts(expr.of.op === 'scale' ? transpose(expr.of.of) : expr.of);
    default:
      return storedParts(expr.of);
  }
}

/** The same for a matrix that is packed: rows of zeros and a factor can be added to one that is. */
function storedMatrices(matrix: WeightExpr): WeightExpr[] {
  if (isKept(matrix)) return [matrix];
  if (matrix.op === 'scale' || matrix.op === 'padRows') return storedMatrices(matrix.of);
  return matrix.op === 'concat' ? matrix.of.flatMap(storedMatrices) : [matrix];
}
