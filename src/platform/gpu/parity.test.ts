/** Every graph against diffusers' numbers, on ONNX Runtime's wasm provider. e2e/parity runs the same cases on WebGPU. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { createOrtSession, type Ort } from './ort-session';
import { MORE_CASES, PARITY_CASES } from '../../core/networks/testing/cases';
import { MAX_RELATIVE_ERROR, MAX_RELATIVE_ERROR_HALF, parityError } from '../../core/networks/testing/parity';

const fixtures = new URL('../../core/networks/fixtures/', import.meta.url);
const read = async (path: string): Promise<Uint8Array> => readFile(fileURLToPath(new URL(path, fixtures)));

const createSession = (graph: Parameters<typeof createOrtSession>[2]) =>
  createOrtSession(ort as unknown as Ort, ['wasm'], graph);

describe.each(Object.keys({ ...PARITY_CASES, ...MORE_CASES }))('%s', (name) => {
  it('computes what diffusers computes', async () => {
    const error = await parityError(name, { form: 'portable', read, createSession });
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
    expect(error).toBeGreaterThan(0); // bit-equality with torch would mean that the reference was read back
  });
});

/** The CPU has few float16 kernels: ONNX Runtime computes the others in float32 between casts, after checking every type. */
describe.each(Object.keys(PARITY_CASES))('%s with float16 activations', (name) => {
  it('computes what diffusers computes within half precision', async () => {
    const form = { target: 'portable', activations: 'float16' } as const;
    const error = await parityError(name, { form, read, createSession });
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR_HALF);
    expect(error).toBeGreaterThan(0);
  });
});
