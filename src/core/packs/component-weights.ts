/** Which weights a component's graphs read: those of both targets, whatever the size of the picture. */
import { weightKey, type GraphForm, type Target, type Weight } from '../graph';
import { buildComponentGraph, type ConfigFile } from '../networks';
import type { ComponentId } from '../networks/components';

const TARGETS: readonly Target[] = ['webgpu', 'portable'];

/**
 * @param storedForm   as in GraphForm: decides which matrices are packed
 * @returns one weight for each key, in the order in which the graphs read them
 */
export function componentWeights(id: ComponentId, config: ConfigFile, storedForm?: GraphForm['storedForm']): Weight[] {
  const found = new Map<string, Weight>();
  for (const target of TARGETS) {
    const { weights } = buildComponentGraph(id, config, { target, activations: 'float32', storedForm });
    for (const weight of weights) {
      const key = weightKey(weight.expr);
      if (!found.has(key)) found.set(key, weight);
    }
  }
  return [...found.values()];
}
