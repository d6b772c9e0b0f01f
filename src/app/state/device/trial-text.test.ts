import { describe, expect, it } from 'vitest';
import { trialText } from './trial-text';

const names = { cpu: 'CPU, 2 threads', gpu: 'Acme 9' };

describe('trialText', () => {
  it('says what a step took on each, and which paints', () => {
    expect(trialText({ ...names, cpuMs: 45.4, gpuMs: 80 }, { provider: 'wasm' })).toBe(
      'CPU: 45 ms a step, GPU: 80 ms: the CPU paints',
    );
    expect(trialText({ ...names, cpuMs: 45, gpuMs: 7.25 }, { provider: 'webgpu' })).toBe(
      'CPU: 45 ms a step, GPU: 7.3 ms: the GPU paints',
    );
    const enlarging = { cpuMs: 2400, gpuMs: 150, steps: 20 };
    expect(trialText({ ...names, cpuMs: 45, gpuMs: 80, enlarging }, { provider: 'webgpu' })).toBe(
      'CPU: 45 ms a step and 2400 ms to enlarge, GPU: 80 ms and 150 ms: the GPU paints',
    );
  });
});
