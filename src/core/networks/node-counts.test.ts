/** How many operators the whole U-Nets have, beside the figures in docs/decisions/graphs.md. */
import { describe, expect, it } from 'vitest';
import type { BuiltGraph, Target } from '../graph';
import { buildUnet } from './unet';
import { readUnetConfig } from './unet-config';
import { FAMILY_CONFIGS } from '../families/configs';

/** Kernels of an operator where they are not one, on ONNX Runtime's WebGPU provider (observed on SwiftShader). */
const KERNELS: Record<string, number> = {
  Reshape: 0, // a view
  Shape: 0, // known where kernels are launched from
  Identity: 0, // folded away
  Transpose: 0, // cancelled by the layout pass, but for the first and the last
  GroupNorm: 2, // statistics, then values
  SkipGroupNorm: 2, // the same, and the sum with them
  MultiHeadAttention: 2, // copies K and V, then attends
};

function count({ nodes }: BuiltGraph): { nodes: number; kernels: number } {
  const kernels = nodes.reduce((sum, { op }) => sum + (KERNELS[op] ?? 1), 0);
  return { nodes: nodes.length, kernels: kernels + 2 };
}

describe.each([
  ['sd15', { webgpu: [676, 550], portable: 1110 }],
  ['sd21', { webgpu: [676, 550], portable: 1110 }],
  ['sdxl', { webgpu: [1358, 1386], portable: 2153 }],
] as const)('the U-Net of %s', (family, expected) => {
  const build = (target: Target) =>
    count(buildUnet(readUnetConfig('config.json', FAMILY_CONFIGS[family].unet), target));

  it(`has ${expected.webgpu[0]} nodes and about ${expected.webgpu[1]} kernels on webgpu`, () => {
    expect(build('webgpu')).toEqual({ nodes: expected.webgpu[0], kernels: expected.webgpu[1] });
  });

  it(`has ${expected.portable} nodes on portable`, () => {
    expect(build('portable').nodes).toBe(expected.portable);
  });
});
