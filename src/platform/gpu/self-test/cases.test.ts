/** Every case of the self-test on ONNX Runtime's CPU provider: it must pass on a device that computes rightly. */
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { createOrtSession, type Ort } from '../ort-session';
import { SELF_TEST_CASES } from './cases';
import { runCase, type TestDevice } from './run-case';

const cpu: TestDevice = {
  target: 'portable',
  createSession: (graph) => createOrtSession(ort as unknown as Ort, ['wasm'], graph),
};

/** The CPU sums in float32 in either case; some of its kernels round their results to half precision. */
const LIMITS = { float32: 1e-6, float16: 5e-4 } as const;

describe.each(SELF_TEST_CASES)('$name', (test) => {
  it.each(['float32', 'float16'] as const)('are right on the CPU in %s', async (activations) => {
    expect(await runCase(test, cpu, activations)).toBeLessThan(LIMITS[activations]);
  });
});

describe('SELF_TEST_CASES', () => {
  it('have names of their own', () => {
    expect(new Set(SELF_TEST_CASES.map(({ name }) => name)).size).toBe(SELF_TEST_CASES.length);
  });
});
