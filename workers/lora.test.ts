/** Pictures with LoRAs over every layer, against diffusers with the same LoRAs merged into its weights (make_lora_pipelines.py). */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { safetensorsBytes } from '../src/core/formats/testing/safetensors-bytes';
import { relativeError } from '../src/core/weights/testing/numbers';
import type { AdapterEntry } from '../src/engine/api';
import fixture from '../src/engine/fixtures/pipelines/lora.json';
import type { ModelSource } from '../src/engine/models/model-source';
import { Model } from '../src/engine/models/model';
import { paintAll, paintTiny, TINY_ENTRY, tinyCase } from './testing/paint-tiny';
import { openTinyPack } from './testing/tiny-pack';

/** Float32 on both sides; here the products stand beside the weights, there they are added to them. */
const MAX_RELATIVE_ERROR = 1e-3;

const bytesOf = (name: string): Promise<Buffer> =>
  readFile(fileURLToPath(new URL(`../src/engine/fixtures/pipelines/lora-${name}.safetensors`, import.meta.url)));

const entryOf = (id: string, bytes: Uint8Array<ArrayBuffer>): AdapterEntry => ({
  id,
  names: [id],
  revision: '1',
  file: new Blob([bytes]),
});

async function setUp(name: string) {
  const base = tinyCase(name);
  const adapters = [entryOf('all', new Uint8Array(await bytesOf(name)))];
  return { base, adapters, source: await openTinyPack(base, 'float32') };
}

const tagged = (prompt: string, tag: string): string => `${prompt} <lora:${tag}>`;

/** The source, and a list of what is opened of it. */
function counted(source: ModelSource): { source: ModelSource; opened: string[] } {
  const opened: string[] = [];
  const open: ModelSource['open'] = (component, shape) => {
    opened.push(component);
    return source.open(component, shape);
  };
  return { opened, source: { ...source, open } };
}

describe('the last latent of a picture with a LoRA', () => {
  it.each(fixture.cases)('$name is that of merged weights', async ({ name, unet, text, latent }) => {
    const { base, adapters, source } = await setUp(name);
    const prompt = tagged(base.prompt, `all:${text}:${unet}`);
    const error = relativeError(await paintTiny({ ...base, prompt }, source, { adapters }), latent);
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
    expect(error).toBeGreaterThan(0);
  });

  it('is the model’s own at strength 0, and adds up with two of them', async () => {
    const { base, adapters, source } = await setUp('sd15');
    const twice = [...adapters, { ...adapters[0], id: 'again', names: ['again'] }];
    const paint = (tags: string) =>
      paintTiny({ ...base, prompt: `${base.prompt}${tags}` }, source, { adapters: twice });
    const plain = await paintTiny(base, source);
    expect(relativeError(await paint(' <lora:all:0>'), plain)).toBeLessThan(1e-6);
    const whole = await paint(' <lora:all:0.8>');
    expect(relativeError(whole, plain)).toBeGreaterThan(0.1);
    expect(relativeError(await paint(' <lora:all:0.5> <lora:again:0.3>'), whole)).toBeLessThan(1e-4);
  });

  it('is near that of float weights over packed ones', async () => {
    const { base, adapters } = await setUp('sd15');
    const prompt = tagged(base.prompt, 'all:0.8');
    const [packed, wide] = [await openTinyPack(base, 'q8'), await openTinyPack(base, 'float32')];
    const own = relativeError(await paintTiny(base, packed), await paintTiny(base, wide));
    const error = relativeError(
      await paintTiny({ ...base, prompt }, packed, { adapters }),
      await paintTiny({ ...base, prompt }, wide, { adapters }),
    );
    expect(error).toBeLessThan(3 * own + 1e-3);
  });
});

describe('a LoRA', () => {
  it('is named in a sentence where it is damaged, and painted without where it is not here', async () => {
    const { base, source } = await setUp('sd15');
    const missing = entryOf('all', new Uint8Array(8));
    const paint = (adapters: AdapterEntry[]) =>
      paintTiny({ ...base, prompt: tagged(base.prompt, 'all') }, source, { adapters });
    await expect(paint([missing])).rejects.toMatchObject({ code: 'bad-file' });
    const off = { ...base, prompt: tagged(base.prompt, 'all:0') };
    await expect(paintTiny(off, source, { adapters: [missing] }), 'off').resolves.toHaveLength(4 * 8 * 12);
    const gone = paintTiny({ ...base, prompt: tagged(base.prompt, 'all') }, source, {});
    await expect(gone, 'left out with a notice: see conditioning').resolves.toHaveLength(4 * 8 * 12);
  });

  it('says how much of it fits nothing in the model', async () => {
    const { source } = await setUp('sd15');
    const model = new Model({ entry: TINY_ENTRY, source, device: { provider: 'wasm', adapter: '' }, now: () => 0 });
    const use = { id: 'all', revision: '1', denoiser: 1, text: 1 };
    const [own, other] = await Promise.all(['sd15', 'sdxl'].map(bytesOf));
    await model.use([use], [entryOf('all', new Uint8Array(own))]);
    expect(model.changes.notices).toEqual([]);
    const strange = { ...entryOf('all', new Uint8Array(other)), revision: '2' };
    await model.use([{ ...use, revision: '2' }], [strange]);
    expect(model.changes.notices).toEqual([
      expect.stringMatching(/^\d+ of the LoRA all’s tensors fit nothing in Tiny/),
    ]);
  });

  it('loads the parts that it changes anew, once; another strength loads nothing', async () => {
    const { base, adapters, source } = await setUp('sd15');
    const heard = counted(source);
    await paintAll(
      ['', ' <lora:all:0.5>', ' <lora:all:0.7>', ' <lora:all:0>'].map((tag) => ({
        ...base,
        prompt: base.prompt + tag,
      })),
      heard.source,
      { adapters },
    );
    expect(heard.opened).toEqual(['text_encoder', 'unet', 'vae_decoder', 'text_encoder', 'unet']);
  });

  it('is one of a hundred, which are as the sum of them', async () => {
    const { base, adapters, source } = await setUp('sd15');
    const names = Array.from({ length: 100 }, (_, i) => `no${i}`);
    const hundred = names.map((name) => ({ ...adapters[0], id: name, names: [name] }));
    const paint = (tags: string) =>
      paintTiny({ ...base, prompt: base.prompt + tags }, source, { adapters: [...adapters, ...hundred] });
    const whole = await paint(' <lora:all:0.8>');
    // half of them two steps up, half one down
    const all = await paint(names.map((name, i) => ` <lora:${name}:${i % 2 ? 0.032 : -0.016}>`).join(''));
    expect(relativeError(all, whole)).toBeLessThan(1e-4);
    const four = await paint(names.map((name, i) => (i < 4 ? ` <lora:${name}:0.2>` : '')).join(''));
    expect(relativeError(four, whole)).toBeLessThan(1e-4);
  });

  it('is used in each block as much as lbw= says', async () => {
    const { base, adapters, source } = await setUp('sd15');
    const [whole] = adapters;
    const bytes = new Uint8Array(await whole.file.slice(0, whole.file.size).arrayBuffer());
    const middle = entryOf('middle', onlyKeys(bytes, /mid_block|time_embed|conv_out/));
    const paint = (tag: string) =>
      paintTiny({ ...base, prompt: tagged(base.prompt, tag) }, source, { adapters: [whole, middle] });
    const numbers = (at: number): string => Array.from({ length: 26 }, (_, i) => Number(i === at)).join();
    const found = await paint(`all:0.8:lbw=${numbers(13)}`);
    expect(relativeError(found, await paint('middle:0.8'))).toBeLessThan(1e-5);
    expect(relativeError(found, await paint('all:0.8'))).toBeGreaterThan(0.01);
    expect(
      relativeError(await paint('all:0.8:lbw=ALL'), await paint('all:0.8')),
      'other blocks get nothing',
    ).toBeGreaterThan(1e-3);
    expect(await paint('all:0.8:lbw=many')).toEqual(await paint('all:0.8'));
  });
});

/** A file without its other tensors. */
function onlyKeys(bytes: Uint8Array, keys: RegExp): Uint8Array<ArrayBuffer> {
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<string, StoredEntry>;
  let end = 0;
  const kept = Object.entries(header).flatMap(([key, entry]) => {
    if (!keys.test(key)) return [];
    const [start, stop] = entry.data_offsets;
    const data = bytes.slice(8 + length + start, 8 + length + stop);
    end += data.length;
    return [{ key, data, entry: { ...entry, data_offsets: [end - data.length, end] } }];
  });
  const data = Uint8Array.from(kept.flatMap((one) => [...one.data]));
  return safetensorsBytes(Object.fromEntries(kept.map(({ key, entry }) => [key, entry])), data);
}

interface StoredEntry {
  data_offsets: [start: number, end: number];
}
