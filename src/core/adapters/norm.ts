/** Differences of a norm's gamma; that of its beta is a bias. @see LyCORIS modules/norms.py */
import { product, show, type AdapterKind } from './kind';

const GAMMA = 'w_norm';

export const norm = {
  name: 'a norm',
  signs: [[GAMMA]],
  reads: [GAMMA],
  misfit: (shapes, target) =>
    target.length === 1 && product(shapes[GAMMA]) === target[0]
      ? undefined
      : `has ${product(shapes[GAMMA])} numbers for a norm; the layer is ${show(target)}`,
  usesWeight: false,
  difference: ({ parts }) => Float32Array.from(parts[GAMMA].values),
} satisfies AdapterKind;
