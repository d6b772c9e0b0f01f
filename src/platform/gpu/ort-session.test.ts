import { describe, expect, it } from 'vitest';
import { runtimeError } from './ort-session';

describe('runtimeError', () => {
  it.each([
    'std::bad_alloc',
    'Aborted(OOM)',
    'RangeError: Array buffer allocation failed',
    'WebAssembly.Memory.grow(): Maximum memory size exceeded',
    'Failed to allocate memory for requested buffer of size 4294967296',
    'buffer_manager.cc:512 Failed to create GPU buffer: size=1207959552, usage=396.',
    'Failed to download data from buffer: [Invalid Buffer] is invalid.',
    'Buffer size (2415919104) exceeds the max buffer size limit (2147483648).',
    'tensor takes 5 bytes, exceeding maxStorageBufferBindingSize of 4',
  ])('takes “%s” for memory that was not given', (words) => {
    expect(runtimeError('running a graph', new Error(words))).toMatchObject({
      code: 'out-of-memory',
      message: `ONNX Runtime failed while running a graph: ${words}`,
    });
  });

  it.each([['WebGPU validation failed. Invalid ShaderModule'], [139240], [new Error('no kernel for Foo')]])(
    'leaves %s to the engine',
    (thrown) => {
      expect(runtimeError('loading a graph', thrown).code).toBe('internal');
    },
  );
});
