/** The difference itself, of the weight's shape: "full" in LyCORIS, "diff" in ComfyUI's extracted LoRAs. */
import { product, show, type AdapterKind } from './kind';

const DIFF = 'diff';

export const full = {
  name: 'a full difference',
  signs: [[DIFF]],
  reads: [DIFF],
  misfit: (shapes, target) =>
    product(shapes[DIFF]) === product(target) && shapes[DIFF][0] === target[0]
      ? undefined
      : `has a difference ${show(shapes[DIFF])}; the layer is ${show(target)}`,
  usesWeight: false,
  difference: ({ parts }) => Float32Array.from(parts[DIFF].values),
} satisfies AdapterKind;
