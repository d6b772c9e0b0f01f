/** About as many bytes as a network's weights are once loaded. */
import type { BenchConfigs } from '../../../src/core/bench';
import { ELEMENT_BYTES, elementCount, type GraphForm } from '../../../src/core/graph';
import { DTYPE_PLANS, planRule } from '../../../src/core/packs';
import type { NetworkStep } from './check-plan';

export function networkBytes({ component, plan }: NetworkStep, networks: BenchConfigs): number {
  const storedForm: GraphForm['storedForm'] = (key, shape) =>
    planRule(DTYPE_PLANS[plan], { component, key, shape, isMatrix: true }).form;
  const graph = networks[component]?.build({ target: 'webgpu', activations: 'float16', storedForm });
  return (graph?.weights ?? []).reduce(
    (sum, { value }) => sum + ELEMENT_BYTES[value.type] * elementCount(value.dims as number[]),
    0,
  );
}
