/** LoRAs whose factors are given with each run, as on a GPU: one takes another's place, and what comes of it is the same to the bit. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { safetensorsBytes } from '../src/core/formats/testing/safetensors-bytes';
import { relativeError } from '../src/core/weights/testing/numbers';
import type { AdapterEntry } from '../src/engine/api';
import type { ModelSource } from '../src/engine/models/model-source';
import { paintAll, tinyCase } from './testing/paint-tiny';
import { openTinyPack } from './testing/tiny-pack';

const base = tinyCase('sd15');
const bytes = new Uint8Array(
  await readFile(fileURLToPath(new URL('../src/engine/fixtures/pipelines/lora-sd15.safetensors', import.meta.url))),
);

interface Tensor {
  dtype: string;
  shape: number[];
  data: Uint8Array<ArrayBuffer>;
}

function tensorsOf(file: Uint8Array): Map<string, Tensor> {
  const length = Number(new DataView(file.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const { __metadata__: _, ...tensors } = header;
  return new Map(
    Object.entries(tensors).map(
      ([
        key,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => [key, { dtype, shape, data: new Uint8Array(file.slice(8 + length + from, 8 + length + to)) }],
    ),
  );
}

/** Another file of the same layers: its tensors, changed. */
function changed(change: (key: string, tensor: Tensor) => Tensor | undefined): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = {};
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [key, tensor] of tensorsOf(bytes)) {
    const made = change(key, tensor);
    if (!made) continue;
    header[key] = { dtype: made.dtype, shape: made.shape, data_offsets: [end, (end += made.data.length)] };
    parts.push(made.data);
  }
  return safetensorsBytes(header, Uint8Array.from(parts.flatMap((part) => [...part])));
}

const isUp = (key: string): boolean => /lora_up|lora_B/.test(key);
const isDown = (key: string): boolean => /lora_down|lora_A/.test(key);

const times = (by: number) => (key: string, tensor: Tensor) => {
  if (!isUp(key)) return tensor;
  const values = new Float32Array(tensor.data.buffer).map((value, i) => value * by + (i % 3) * 1e-3);
  return { ...tensor, data: new Uint8Array(values.buffer) };
};

/** Its ranks cut to the first. */
function ofRankOne(key: string, { dtype, shape, data }: Tensor): Tensor {
  const values = new Float32Array(data.buffer);
  const [out, rank, ...kernel] = shape;
  if (isDown(key)) {
    const kept = values.slice(0, values.length / out);
    return { dtype, shape: [1, ...shape.slice(1)], data: new Uint8Array(kept.buffer) };
  }
  if (!isUp(key)) return { dtype, shape, data };
  const kept = values.filter((_, i) => i % rank === 0);
  return { dtype, shape: [out, 1, ...kernel], data: new Uint8Array(kept.buffer) };
}

const entry = (id: string, file: Uint8Array<ArrayBuffer>): AdapterEntry => ({
  id,
  names: [id],
  revision: '1',
  file: new Blob([file]),
});

const adapters = [
  entry('first', bytes),
  entry('second', changed(times(-0.7))),
  entry('low', changed(ofRankOne)),
  entry(
    'fewer',
    changed((key, tensor) => (/mid_block/.test(key) ? undefined : tensor)),
  ),
];

/** Tells what is opened of it, and what came of each swap. */
function heard(source: ModelSource): { source: ModelSource; events: string[] } {
  const events: string[] = [];
  const open: ModelSource['open'] = async (component, shape) => {
    events.push(component);
    const opened = await source.open(component, shape);
    const { swap } = opened;
    if (!swap) return opened;
    return {
      ...opened,
      swap: async (placed) => {
        const swapped = await swap(placed);
        events.push(`${component} ${swapped ? 'swapped' : 'kept'}`);
        return swapped;
      },
    };
  };
  return { events, source: { ...source, open } };
}

const lending = await openTinyPack(base, 'float32', { lendsFactors: true });
const holding = await openTinyPack(base, 'float32');

const paint = (source: ModelSource, ...tags: string[]) =>
  paintAll(
    tags.map((tag) => ({ ...base, prompt: `${base.prompt} ${tag}`, steps: 2 })),
    source,
    { adapters },
  );

describe('a LoRA whose factors are given with each run', () => {
  it('paints what it paints beside the weights', async () => {
    const tags = ['<lora:first:0.8>', '<lora:first:0.5> <lora:second:-0.4>', '<lora:low:1>'];
    const [lent, held] = [await paint(lending, ...tags), await paint(holding, ...tags)];
    for (const [i, latent] of lent.entries()) expect(relativeError(latent, held[i]), tags[i]).toBeLessThan(1e-5);
  });

  it('takes the place of another without a load, to the bit as if it had been loaded', async () => {
    const { source, events } = heard(lending);
    const [, second, again] = await paint(source, '<lora:first:0.8>', '<lora:second:0.6>', '<lora:first:0.8>');
    expect(events.filter((event) => event.startsWith('unet'))).toEqual(['unet', 'unet swapped', 'unet swapped']);
    expect(events.filter((event) => event.startsWith('text'))).toEqual([
      'text_encoder',
      'text_encoder swapped',
      'text_encoder swapped',
    ]);
    expect(second).toEqual((await paint(lending, '<lora:second:0.6>'))[0]);
    expect(again).toEqual((await paint(lending, '<lora:first:0.8>'))[0]);
    expect(relativeError(second, again)).toBeGreaterThan(0.01);
  });

  it('takes one of several places, and each its own', async () => {
    const { source, events } = heard(lending);
    const tags = ['<lora:first:0.5> <lora:second:0.3>', '<lora:second:0.5> <lora:first:0.3>'];
    const latents = await paint(source, ...tags);
    expect(events).toContain('unet swapped');
    for (const [i, tag] of tags.entries()) expect(latents[i]).toEqual((await paint(lending, tag))[0]);
  });

  it('of a lower rank takes the place of one with the same room: four is the least', async () => {
    const { source, events } = heard(lending);
    const [, low] = await paint(source, '<lora:first:0.8>', '<lora:low:0.8>');
    expect(events.filter((event) => event.startsWith('unet'))).toEqual(['unet', 'unet swapped']);
    expect(low).toEqual((await paint(lending, '<lora:low:0.8>'))[0]);
  });

  it.each([
    ['changes fewer layers', '<lora:first:0.8>', '<lora:fewer:0.8>'],
    ['changes more layers', '<lora:fewer:0.8>', '<lora:first:0.8>'],
    ['is one more', '<lora:first:0.8>', '<lora:first:0.8> <lora:second:0.2>'],
    ['is gone', '<lora:first:0.8>', ''],
  ])('that %s is loaded', async (_, before, after) => {
    const { source, events } = heard(lending);
    const [, latent] = await paint(source, before, after);
    expect(events.filter((event) => event === 'unet')).toHaveLength(2);
    expect(events).not.toContain('unet swapped');
    expect(latent).toEqual((await paint(lending, after))[0]);
  });
});
