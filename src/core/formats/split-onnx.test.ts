/** Taking ONNX files apart: what is moved, what stays, and files that lie. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors';
import { ProtobufWriter } from './protobuf';
import { bytesSource } from './byte-source';
import { splitOnnx } from './split-onnx';

const exported = new Uint8Array(
  gunzipSync(readFileSync(new URL('../../engine/fixtures/exports/half/unet.onnx.gz', import.meta.url))),
);
const split = (bytes: Uint8Array<ArrayBuffer>) => splitOnnx(bytesSource('x.onnx', bytes));

const tensor = (write: (message: ProtobufWriter) => void): Uint8Array<ArrayBuffer> =>
  new ProtobufWriter().message(7, (graph) => graph.message(5, write)).finish();
const external = (entries: Record<string, string>): Uint8Array<ArrayBuffer> =>
  tensor((message) => {
    for (const [key, value] of Object.entries(entries))
      message.message(13, (entry) => entry.text(1, key).text(2, value));
  });

describe('splitOnnx', () => {
  it('moves large weights out of the graph, one after another', async () => {
    const { graph, tensors } = await split(exported);
    const moved = tensors.reduce((sum, { length }) => sum + length, 0);
    expect(tensors.length).toBeGreaterThan(5);
    expect(graph.length).toBeLessThan(exported.length - moved + 100 * tensors.length);
    tensors.forEach(({ location, offset }, i) => {
      expect(location).toBe('gesso-weights-0');
      expect(offset).toBe(i === 0 ? 0 : tensors[i - 1].offset + tensors[i - 1].length);
    });
    expect((await split(graph)).tensors.map(({ offset, length }) => [offset, length])).toEqual(
      tensors.map(({ offset, length }) => [offset, length]),
    );
  });

  it('leaves weights of other files where they are', async () => {
    expect((await split(external({ location: './w.pb', offset: '16', length: '64' }))).tensors).toEqual([
      { location: 'w.pb', offset: 16, length: 64 },
    ]);
  });

  it.each([
    ['an empty file', new Uint8Array(0), /holds no graph/],
    ['another file', new TextEncoder().encode('{"a": 1}'), /no ONNX file|incomplete|holds no graph/],
    ['an external weight of no length', external({ location: 'w' }), /without a sound offset and length/],
    ['an external weight before its file', external({ location: 'w', offset: '-8', length: '4' }), /sound offset/],
    ['an endless number', new Uint8Array(20).fill(255), /more than ten bytes/],
  ])('refuses %s', async (_name, bytes, message) => {
    const error: unknown = await split(bytes).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'bad-file', message: expect.stringMatching(message) as unknown });
  });

  it('throws nothing but AppError for files cut off or changed anywhere', async () => {
    for (let i = 0; i < 200; i++) {
      const at = (i * 7919) % exported.length;
      const changed = exported.slice();
      changed[at] ^= 1 << (i % 8);
      for (const bytes of [exported.slice(0, at), changed]) {
        const error: unknown = await split(bytes).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        if (error !== undefined) expect(error).toBeInstanceOf(AppError);
      }
    }
  });
});
