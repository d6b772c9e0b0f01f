/** Every graph against diffusers' numbers, on ONNX Runtime's wasm provider. e2e/parity runs the same cases on WebGPU. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { createOrtSession, type Ort } from './ort-session';
import { MORE_CASES, PARITY_CASES } from '../../core/models/testing/cases';
import { MAX_RELATIVE_ERROR, parityError } from '../../core/models/testing/parity';

const fixtures = new URL('../../core/models/fixtures/', import.meta.url);
const read = async (path: string): Promise<Uint8Array> => readFile(fileURLToPath(new URL(path, fixtures)));

describe.each(Object.keys({ ...PARITY_CASES, ...MORE_CASES }))('%s', (name) => {
  it('computes what diffusers computes', async () => {
    const session = (graph: Parameters<typeof createOrtSession>[2]) =>
      createOrtSession(ort as unknown as Ort, ['wasm'], graph);
    const error = await parityError(name, { target: 'portable', read, createSession: session });
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
    expect(error).toBeGreaterThan(0); // bit-equality with torch would mean that the reference was read back
  });
});
