/** A Control-LoRA of random numbers over every matrix and kernel that a published one changes, on a U-Net of random weights. */
import { exprTensors, type Weight, type WeightExpr } from '../../src/core/graph';
import type { OpenNetwork } from '../../src/core/networks';
import { PRODUCT_FACTOR } from '../../src/core/packs';
import { StoredBranches, type StoredFactors } from '../../src/core/weights';
import { CONTROL_LORA_RANK } from './networks';

export const PRODUCT = PRODUCT_FACTOR;

/** Matrices and kernels of the U-Net's own; what is the ControlNet's alone comes whole. */
const isProduct = (name: string, shape: readonly number[]): boolean =>
  shape.length > 1 && !name.startsWith('controlnet_');

export function loraOnBase(network: OpenNetwork) {
  const rank = CONTROL_LORA_RANK;
  const tensors = exprTensors(network.build('portable').weights.map(({ expr }) => expr));
  const factors = new Map<string, StoredFactors>();
  for (const { name, shape } of tensors) {
    if (!isProduct(name, shape)) continue;
    const [out, ...inner] = shape;
    const columns = inner.reduce((product, n) => product * n, 1);
    const numbers = (count: number) => Float32Array.from({ length: count }, (_, i) => ((i % 997) - 498) / 1e5);
    factors.set(name, { rank, read: () => ({ rank, up: numbers(out * rank), down: numbers(rank * columns) }) });
  }
  const products = new StoredBranches(PRODUCT_FACTOR, factors);
  return {
    branches: products.branches,
    has: (expr: WeightExpr) => products.has(expr),
    readWith:
      (random: (weight: Weight) => Uint8Array<ArrayBuffer>) =>
      (weight: Weight): Uint8Array<ArrayBuffer> =>
        products.has(weight.expr) ? products.read(weight) : random(weight),
  };
}
