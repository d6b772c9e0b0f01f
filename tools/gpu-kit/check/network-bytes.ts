/** About as many bytes as a network's weights are once loaded. */
import type { BenchConfigs } from '../../../src/core/bench';
import { ELEMENT_BYTES, elementCount, type GraphForm } from '../../../src/core/graph';
import { buildAutoencoderDecoder, buildClipText, buildUnet } from '../../../src/core/networks';
import { DTYPE_PLANS, planRule } from '../../../src/core/packs';
import type { NetworkStep } from './check-plan';

export function networkBytes({ component, plan }: NetworkStep, { text, text2, unet, vae }: BenchConfigs): number {
  const storedForm: GraphForm['storedForm'] = (key, shape) =>
    planRule(DTYPE_PLANS[plan], { component, key, shape, isMatrix: true }).form;
  const form: GraphForm = { target: 'webgpu', activations: 'float16', storedForm };
  const graph =
    component === 'unet'
      ? buildUnet(unet, form)
      : component === 'vae_decoder'
        ? buildAutoencoderDecoder(vae, form)
        : buildClipText(component === 'text_encoder_2' && text2 ? text2 : text, form);
  return graph.weights.reduce(
    (sum, { value }) => sum + ELEMENT_BYTES[value.type] * elementCount(value.dims as number[]),
    0,
  );
}
