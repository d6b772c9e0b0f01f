/**
 * Every graph that the app can build for a GPU is made of kernels that e2e/lavapipe runs in this precision: an operator that has no shader there, or a
 * wrong one, is found before somebody's GPU finds it.
 */
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../src/core/errors';
import type { Activations } from '../../src/core/graph';
import { MORE_CASES, PARITY_CASES } from '../../src/core/networks/testing/cases';
import { signaturesOf } from '../../src/core/networks/testing/kernel-signature';
import { openCase } from '../../src/core/networks/testing/parity';
import { KERNEL_CASES } from './kernel-cases';
import { buildKernel } from './run-kernel';
import { everyGraph } from './every-graph';

const PRECISIONS: Activations[] = ['float32', 'float16'];

const fixtures = new URL('../../src/core/networks/fixtures/', import.meta.url);
const read = async (path: string): Promise<Uint8Array> => readFile(new URL(path, fixtures));

/** What e2e/lavapipe/parity.spec.ts and kernels.spec.ts run, some of it with GESSO_LONG alone. */
async function coveredSignatures(): Promise<Set<string>> {
  const covered = new Set<string>();
  const add = (signatures: Set<string>): void => signatures.forEach((one) => covered.add(one));
  for (const one of Object.values({ ...PARITY_CASES, ...MORE_CASES })) {
    const { config } = await openCase(one, { read });
    for (const activations of one.isFloat32 ? PRECISIONS.slice(0, 1) : PRECISIONS)
      add(signaturesOf(one.build(config, { target: 'webgpu', activations })));
  }
  for (const kernel of Object.values(KERNEL_CASES))
    for (const activations of PRECISIONS) add(signaturesOf(buildKernel(kernel, { target: 'webgpu', activations })));
  return covered;
}

/** By signature, one graph that has it. */
async function neededSignatures(): Promise<{ graphs: number; needed: Map<string, string> }> {
  const needed = new Map<string, string>();
  let graphs = 0;
  for (const { name, build } of await everyGraph()) {
    const built = unlessRefused(build);
    if (!built) continue;
    graphs++;
    for (const signature of signaturesOf(built)) if (!needed.has(signature)) needed.set(signature, name);
  }
  return { graphs, needed };
}

/** Features of a T2I-Adapter for another kind of U-Net are refused, and nothing else may be. */
function unlessRefused<Graph>(build: () => Graph): Graph | undefined {
  try {
    return build();
  } catch (error) {
    if (error instanceof AppError && error.message.startsWith('This T2I-Adapter is for another kind of U-Net'))
      return undefined;
    throw error;
  }
}

describe('kernels of all graphs', () => {
  let covered = new Set<string>();
  let needed = new Map<string, string>();
  let graphs = 0;

  beforeAll(async () => {
    covered = await coveredSignatures();
    ({ graphs, needed } = await neededSignatures());
  }, 300_000);

  it('are run on lavapipe, in full and in half precision', () => {
    const missing = [...needed].filter(([signature]) => !covered.has(signature));
    // What is missing wants a case: in PARITY_CASES, MORE_CASES or KERNEL_CASES.
    expect(Object.fromEntries(missing)).toEqual({});
    expect(graphs).toBeGreaterThan(1500);
  });

  it.each([
    ['a precision', /^BiasSplitGelu\(float16/],
    ['what is stored in 4 bits', /^MatMulNBits\(float16.* bits=4 /],
    ['a head', /^MultiHeadAttention\(float16.* head 160$/],
    ['kernels in 8 bits', /^DequantizeLinear\(int84,float16/],
    ['a joined edge', /^Conv\(float164,float164\) .* pads uneven /],
    ['the size of windows', /^Resize\(float164,.* 1\/3\/3\/1$/],
  ])('are told apart by %s', (_, pattern) => {
    expect([...needed.keys()].filter((signature) => pattern.test(signature)).length).toBeGreaterThan(0);
  });

  it('leave no cubic Resize to half precision, which has no shader for it', () => {
    const cubic = [...needed.keys()].filter((signature) => signature.includes('mode="cubic"'));
    expect(cubic.length).toBeGreaterThan(0);
    for (const signature of cubic) expect(signature).toMatch(/^Resize\(float324,/);
  });
});
