/** Another weight in place of the model's. @see ComfyUI comfy/lora.py, "set_weight" */
import { neededWeight, product, show, type AdapterKind } from './kind';

const SET = 'set_weight';

export const replace = {
  name: 'a replaced weight',
  signs: [[SET]],
  reads: [SET],
  misfit: (shapes, target) =>
    product(shapes[SET]) === product(target) && shapes[SET][0] === target[0]
      ? undefined
      : `has a weight ${show(shapes[SET])}; the layer is ${show(target)}`,
  usesWeight: true,
  difference(input) {
    const weight = neededWeight(input);
    return input.parts[SET].values.map((value, i) => value - weight[i]);
  },
} satisfies AdapterKind;
