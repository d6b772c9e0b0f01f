import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../errors';
import { ProtobufWriter } from '../../graph/protobuf';
import { Chance, mutated } from '../testing/mutations';
import { planCuts, splitOnnx, type SplitOptions } from '.';

/** Made by onnx's own library (tools/fixtures/make_onnx_split.py). */
const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`./fixtures/${name}`, import.meta.url)));

async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

interface Shard {
  location: string;
  bytes: Uint8Array;
}

async function split(bytes: Uint8Array, { chunk = 1000, ...options }: Partial<SplitOptions> & { chunk?: number } = {}) {
  const shards: Shard[] = [];
  const { onnx, external } = await splitOnnx(chunked(bytes, chunk), {
    file: 'unet.onnx',
    nameOf: (i) => `unet-${i}.bin`,
    async addShard(location, pieces, byteLength) {
      shards.push({ location, bytes: Buffer.concat(pieces) });
      expect(shards.at(-1)?.bytes.length).toBe(byteLength);
    },
    ...options,
  });
  return { onnx, external, shards };
}

describe('splitOnnx', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gesso-onnx-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function run(onnx: Uint8Array, files: readonly Shard[]): Promise<Float32Array> {
    writeFileSync(join(folder, 'model.onnx'), onnx);
    for (const { location, bytes } of files) writeFileSync(join(folder, location), bytes);
    const session = await ort.InferenceSession.create(join(folder, 'model.onnx'));
    const x = new ort.Tensor(
      'float32',
      Float32Array.from({ length: 400 }, (_, i) => Math.sin(i)),
      [40, 10],
    );
    const { y } = await session.run({ x });
    await session.release();
    return y.data as Float32Array;
  }

  it.each([1, 7, 1000, 1_000_000])(
    'changes nothing of what a model computes, from chunks of %i bytes',
    async (chunk) => {
      const inline = fixture('inline.onnx');
      const { onnx, external, shards } = await split(inline, { chunk, shardBytes: 20_000 });
      expect(external).toEqual([]);
      // the second matrix alone is longer than a shard
      expect(shards.map(({ location, bytes }) => [location, bytes.length])).toEqual([
        ['unet-0.bin', 13_232],
        ['unet-1.bin', 60_000],
        ['unet-2.bin', 2000],
      ]);
      expect(onnx.length).toBeLessThan(11_000);
      expect(await run(onnx, shards)).toEqual(await run(inline, []));
    },
  );

  it('moves weights that lie outside already', async () => {
    const external = fixture('external.onnx');
    const data = fixture('external.onnx_data');
    const first = await split(external, { minBytes: Infinity });
    expect(first.shards).toEqual([]);
    const plan = planCuts(first.external, { shardBytes: 20_000, nameOf: (i) => `cut-${i}.bin` });
    expect(plan.cuts.length).toBeGreaterThan(2);
    const { onnx, shards } = await split(external, { place: plan.place });
    // onnx leaves floats that are listed one by one inside
    expect(shards.map(({ bytes }) => bytes.length)).toEqual([1200]);
    const cuts = plan.cuts.map(({ location, from }) => ({
      location,
      bytes: data.subarray(from.offset, from.offset + from.byteLength),
    }));
    expect(await run(onnx, [...cuts, ...shards])).toEqual(await run(fixture('inline.onnx'), []));
    expect(new TextDecoder('latin1').decode(onnx)).not.toContain('external.onnx_data');
  });

  it('holds a shard at most, however long the stream is', async () => {
    const [tensors, bytes] = [40, 8 * 2 ** 20];
    let held = 0;
    let most = 0;
    let total = 0;
    const { onnx } = await splitOnnx(longModel(tensors, bytes), {
      file: 'long.onnx',
      nameOf: String,
      shardBytes: 4 * bytes,
      async addShard(_, pieces, byteLength) {
        held = pieces.reduce((sum, piece) => sum + piece.length, 0);
        most = Math.max(most, held);
        total += byteLength;
      },
    });
    expect([total, most]).toEqual([tensors * bytes, 4 * bytes]);
    expect(onnx.length).toBeLessThan(10_000);
  });

  it.each<[string, Uint8Array, RegExp]>([
    [
      'a file cut short',
      fixture('inline.onnx').subarray(0, 50_000),
      /^unet\.onnx: byte 50000: .*the download is incomplete/,
    ],
    ['an empty file', new Uint8Array(0), /it has 0 graphs/],
    ['another kind of file', new TextEncoder().encode('<!DOCTYPE html>'), /this is no field of an ONNX file/],
    ['a number without end', new Uint8Array(20).fill(0xff), /more than ten bytes/],
    ['a graph of 10 GB', Uint8Array.of(0x3a, 0x80, 0xc8, 0xaf, 0xa0, 0x25, 0x0a, 0x00), /the file ends here/],
    [
      'a node of 10 GB',
      graphOf(Uint8Array.of(0x12, 0x80, 0xc8, 0xaf, 0xa0, 0x25)),
      /more than 128 MB without the weights/,
    ],
    ['weights above the folder', graphOf(externalTensor('../secret', '0', '4')), /lies outside at "\.\.\/secret"/],
    [
      'weights at a negative place',
      graphOf(externalTensor('data', '-4', '4')),
      /lies outside at "data", bytes -4 \+ 4/,
    ],
  ])('refuses %s', async (_what, bytes, message) => {
    const error = await split(bytes).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).message).toMatch(message);
  });

  it('answers damaged files with a graph or a sentence', async () => {
    const inline = fixture('inline.onnx').subarray(0, 3000);
    for (let i = 0; i < 2000; i++) {
      const bytes = mutated(inline, new Chance(i), [Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x7f), Uint8Array.of(0x2a)]);
      const error = await split(bytes).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error !== undefined) expect(error).toBeInstanceOf(AppError);
    }
  });
});

const graphOf = (graph: Uint8Array): Uint8Array => new ProtobufWriter().bytes(7, graph).finish();

function externalTensor(location: string, offset: string, length: string): Uint8Array {
  const entry = (key: string, value: string) => (to: ProtobufWriter) => void to.text(1, key).text(2, value);
  return new ProtobufWriter()
    .message(5, (tensor) =>
      tensor
        .integer(2, 1)
        .message(13, entry('location', location))
        .message(13, entry('offset', offset))
        .message(13, entry('length', length))
        .integer(14, 1),
    )
    .finish();
}

/** A model whose weights are many times as long as what is in memory: each chunk is the same zeros. */
async function* longModel(tensors: number, bytes: number): AsyncGenerator<Uint8Array> {
  const head = new ProtobufWriter().integer(2, 10).text(8, 'w').finish();
  const rawTag = Uint8Array.of((9 << 3) | 2, ...varint(bytes));
  const tensorLength = head.length + rawTag.length + bytes;
  const tag = Uint8Array.of((5 << 3) | 2, ...varint(tensorLength));
  yield Uint8Array.of((7 << 3) | 2, ...varint(tensors * (tag.length + tensorLength)));
  const zeros = new Uint8Array(2 ** 20);
  for (let i = 0; i < tensors; i++) {
    yield tag;
    yield head;
    yield rawTag;
    for (let left = bytes; left > 0; left -= zeros.length) yield zeros.subarray(0, Math.min(left, zeros.length));
  }
}

function varint(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128);
  return [...out, rest];
}
