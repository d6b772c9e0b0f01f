import { describe, expect, it } from 'vitest';
import { createOrtSession, runtimeError, type Ort } from './ort-session';

const failing = (words: unknown): Ort =>
  ({ InferenceSession: { create: () => Promise.reject(words as Error) } }) as unknown as Ort;
const GRAPH = { onnx: new Uint8Array(), files: [] };
const failure = (words: unknown): Promise<unknown> =>
  createOrtSession(failing(words), ['wasm'], GRAPH).catch((error: unknown) => error);

describe('runtimeError', () => {
  it.each([
    'std::bad_alloc',
    'no available backend found. ERR: [wasm] RangeError: WebAssembly.Memory(): could not allocate memory',
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
      message: `ONNX Runtime failed while running a graph.\n${words}`,
    });
  });

  it.each([['WebGPU validation failed. Invalid ShaderModule'], [139240], [new Error('no kernel for Foo')]])(
    'leaves %s to the engine',
    (thrown) => {
      expect(runtimeError('loading a graph', thrown).code).toBe('internal');
    },
  );
});

describe('createOrtSession', () => {
  it.each([
    'no available backend found. ERR: [wasm] RuntimeError: Aborted(CompileError: WebAssembly.instantiate(): expected magic word 00 61 73 6d, found 3c 21 64 6f @+0). Build with -sASSERTIONS for more info.',
    'no available backend found. ERR: [wasm] RuntimeError: Aborted(both async and sync fetching of the wasm failed)',
    'no available backend found. ERR: [wasm] TypeError: Failed to fetch dynamically imported module: https://x.org/ort.mjs',
  ])('says in a sentence that the runtime itself did not come, its own words in a line below: %s', async (words) => {
    const sentence =
      'A file of the program (.wasm) is missing on the server, or came incomplete. Try again: it is fetched anew.';
    expect(await failure(new Error(words))).toMatchObject({ code: 'runtime', message: `${sentence}\n${words}` });
  });

  it('keeps other words of the runtime apart, too', async () => {
    expect(await failure(new Error('bad node'))).toMatchObject({
      code: 'internal',
      message: 'ONNX Runtime failed while loading a graph.\nbad node',
    });
    expect(await failure('std::bad_alloc')).toMatchObject({ code: 'out-of-memory' });
    expect(
      await failure(new Error('no available backend found. ERR: [webgpu] Failed to get GPU adapter')),
    ).toMatchObject({
      code: 'internal',
    });
  });
});
