import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import { bytesSource } from './byte-source';
import { readSafetensors } from './safetensors';
import { safetensorsBytes } from './testing/safetensors-bytes';

const read = (bytes: Uint8Array) => readSafetensors(bytesSource('model.safetensors', bytes));
const A = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };

describe('readSafetensors', () => {
  it('finds tensors where the header says', async () => {
    const file = await read(
      safetensorsBytes({ a: A, __metadata__: { format: 'pt' } }, Uint8Array.of(0, 0, 128, 63, 0, 0, 0, 64)),
    );
    const tensor = file.tensors.get('a');
    expect(tensor).toMatchObject({ dtype: 'F32', shape: [2], byteLength: 8 });
    expect(file.metadata).toEqual({ format: 'pt' });
    const bytes = await file.source.read(tensor?.offset ?? 0, 8);
    expect([...new Float32Array(bytes.buffer)]).toEqual([1, 2]);
  });

  it.each([
    ['a file too short for its length field', Uint8Array.of(1, 2, 3), /3 bytes/],
    ['an empty file', new Uint8Array(0), /0 bytes/],
    ['a header longer than the file', safetensorsBytes({ a: A }, new Uint8Array(8)).slice(0, 30), /incomplete/],
    ['a header of absurd length', new Uint8Array(16).fill(255), /another kind of file/],
    ['a header that is not JSON', withHeader('{"a":'), /not JSON/],
    ['a header that is a list', withHeader('[]'), /not a JSON object/],
    ['an unknown dtype', safetensorsBytes({ a: { ...A, dtype: 'Q4' } }, new Uint8Array(8)), /"a" has dtype "Q4"/],
    ['a negative dimension', safetensorsBytes({ a: { ...A, shape: [-2] } }, new Uint8Array(8)), /"a" has shape \[-2\]/],
    ['a fractional dimension', safetensorsBytes({ a: { ...A, shape: [0.5] } }, new Uint8Array(8)), /"a" has shape/],
    ['a huge dimension', safetensorsBytes({ a: { ...A, shape: [2 ** 40] } }, new Uint8Array(8)), /"a" has shape/],
    ['offsets that do not fit the shape', safetensorsBytes({ a: { ...A, shape: [3] } }, new Uint8Array(8)), /needs 12/],
    ['a tensor beyond the end', safetensorsBytes({ a: A }, new Uint8Array(4)), /"a" ends at byte .* incomplete/],
    ['backward offsets', safetensorsBytes({ a: { ...A, data_offsets: [8, 0] } }, new Uint8Array(8)), /"a" spans -8/],
    ['a tensor without description', safetensorsBytes({ a: null }, new Uint8Array(8)), /"a" has no description/],
    [
      'overlapping tensors',
      safetensorsBytes({ a: A, b: { ...A, data_offsets: [4, 12] } }, new Uint8Array(12)),
      /"a" and "b" overlap/,
    ],
  ])('rejects %s', async (_what, bytes, message) => {
    const error = await read(bytes).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'bad-file', message: expect.stringMatching(message) as string });
    expect((error as AppError).message).toMatch(/^model\.safetensors: /);
  });

  it('accepts empty tensors and scalars', async () => {
    const header = {
      empty: { dtype: 'F16', shape: [0, 4], data_offsets: [0, 0] },
      scalar: { dtype: 'F32', shape: [], data_offsets: [0, 4] },
    };
    expect((await read(safetensorsBytes(header, new Uint8Array(4)))).tensors.size).toBe(2);
  });

  it('answers any bytes with a result or an AppError', async () => {
    const header = fc.jsonValue().map((value) => withHeader(JSON.stringify(value)));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 200 }), header), async (bytes) => {
        const error = await read(bytes).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        if (error !== undefined) expect(error).toBeInstanceOf(AppError);
      }),
      { numRuns: 500 },
    );
  });
});

function withHeader(text: string): Uint8Array {
  const json = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + json.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}
