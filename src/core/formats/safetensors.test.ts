import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import { bytesSource } from './byte-source';
import { openTensorFile } from './open-tensor-file';
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
    ['a header that is a list', withHeader('[]'), /does not begin with "\{"/],
    ['a header with blanks before it', withHeader(' {}'), /does not begin with "\{"/],
    ['a header that is not UTF-8', withHeader(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)), /not UTF-8/],
    ['a header with a name twice', withHeader('{"a":{"x":1},"b":[",",{}],"a":{}}'), /has "a" twice/],
    ['a header with a name twice in disguise', withHeader('{"a":{},"\\u0061":{}}'), /has "a" twice/],
    ['an entry with a field twice', withHeader('{"a":{"dtype":"F32","dtype":"F16"}}'), /has "dtype" twice/],
    ['17 dimensions', safetensorsBytes({ a: { ...A, shape: Array(17).fill(1) } }, new Uint8Array(8)), /"a" has shape/],
    [
      'a shape whose product is not a number',
      safetensorsBytes({ a: { ...A, shape: [...Array(40).fill(2 ** 32), 0] } }, new Uint8Array(8)),
      /"a" has shape/,
    ],
    [
      'a product beyond whole numbers',
      safetensorsBytes({ a: { ...A, shape: [2 ** 32, 2 ** 32] } }, new Uint8Array(8)),
      /"a" spans 8 bytes but/,
    ],
    [
      'a gap before the first tensor',
      safetensorsBytes({ a: { ...A, data_offsets: [8, 16] } }, new Uint8Array(16)),
      /8 bytes between the header and tensor "a"/,
    ],
    [
      'a gap between tensors',
      safetensorsBytes({ a: A, b: { ...A, data_offsets: [12, 20] } }, new Uint8Array(20)),
      /4 bytes between tensor "a" and tensor "b"/,
    ],
    ['bytes after the last tensor', safetensorsBytes({ a: A }, new Uint8Array(9)), /has 1 bytes after tensor "a"/],
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
      /"a" and tensor "b" overlap/,
    ],
  ])('rejects %s', async (_what, bytes, message) => {
    const error = await read(bytes).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'bad-file', message: expect.stringMatching(message) as string });
    expect((error as AppError).message).toMatch(/^model\.safetensors: /);
  });

  it('takes names that objects have of their own for names', async () => {
    const json =
      '{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"constructor":{"dtype":"U8","shape":[0],"data_offsets":[1,1]}}';
    const bytes = withHeader(json);
    const file = await read(Uint8Array.of(...bytes, 7));
    expect([...file.tensors.keys()]).toEqual(['__proto__', 'constructor']);
  });

  it('takes blanks after the header for padding', async () => {
    expect((await read(withHeader('{}      '))).tensors.size).toBe(0);
  });

  it('asks for no more than the file has, whatever the header claims', async () => {
    let most = 0;
    const bytes = safetensorsBytes(
      { a: { dtype: 'F32', shape: [2 ** 31], data_offsets: [0, 2 ** 33] } },
      new Uint8Array(8),
    );
    const source = bytesSource('model.safetensors', bytes);
    const counting = {
      ...source,
      read: (offset: number, length: number) => ((most = Math.max(most, length)), source.read(offset, length)),
    };
    await expect(readSafetensors(counting)).rejects.toThrow(/ends at byte .* incomplete/);
    expect(most).toBeLessThanOrEqual(bytes.length);
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

describe('openTensorFile', () => {
  const text = (words: string) => new TextEncoder().encode(words);
  it.each<[string, Uint8Array, string, RegExp]>([
    ['an empty file', new Uint8Array(0), 'bad-file', /the file is empty/],
    ['an unfinished download', new Uint8Array(4096), 'not-a-model', /only zeros at its beginning/],
    ['a torrent', text('d8:announce35:udp://tracker.example.org:80/announce'), 'not-a-model', /torrent/],
    ['a shortcut', text('[InternetShortcut]\r\nURL=https://example.org/'), 'not-a-model', /link, not what it leads to/],
    [
      'an array of NumPy',
      Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0x76, 0),
      'unsupported-model',
      /NumPy/,
    ],
    ['TensorFlow Lite', text('\x1c\0\0\0TFL3\0\0\0\0'), 'unsupported-model', /TensorFlow Lite/],
    ['Flax', Uint8Array.of(0x82, 0xa4, 0x75, 0x6e, 0x65, 0x74, 1, 2, 3, 4), 'unsupported-model', /Flax/],
    ['words with letters beyond ASCII', text('Zugriff verweigert: größer als erlaubt'), 'not-a-model', /a text file/],
    [
      'a git-lfs pointer',
      text('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 4265146304\n'),
      'not-a-model',
      /git-lfs pointer/,
    ],
    ['a web page', text('<!DOCTYPE html>\n<html lang="en"><head>'), 'not-a-model', /a web page \(HTML\)/],
    [
      'an error of a site',
      text('{"error":"Unauthorized","message":"The creator requires you to log in"}'),
      'not-a-model',
      /a text file \(JSON\)/,
    ],
    ['a text file', text('Entry not found; see the manual'), 'not-a-model', /a text file, not a model/],
    ['a GGUF file', text('GGUF\u0003\0\0\0aaaaaaaaaaaa'), 'unsupported-model', /a GGUF file/],
    ['a file of Draw Things', text('SQLite format 3\0\u0010\0\u0001'), 'unsupported-model', /a database \(SQLite\)/],
    [
      'an ONNX file',
      Uint8Array.of(8, 8, 0x12, 7, ...text('pytorch'), 0x1a, 3, 0x32, 0x2e, 0x30),
      'unsupported-model',
      /an ONNX file/,
    ],
    ['a PNG', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13), 'not-a-model', /a picture \(PNG\)/],
    ['a program', text('MZ\u0090\0\u0003\0\0\0\u0004'), 'not-a-model', /a program/],
  ])('names %s', async (_what, bytes, code, message) => {
    const error = await openTensorFile(bytesSource('model.safetensors', bytes)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
  });
});

function withHeader(header: string | Uint8Array): Uint8Array {
  const json = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + json.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}
