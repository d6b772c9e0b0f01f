/** LoRAs and embeddings into the store, from files as people have them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { safetensorsBytes } from '../../core/formats/testing/safetensors-bytes';
import type { Pack } from '../../core/packs';
import { createAdapterStore } from '../storage/adapter-store';
import { memoryValues } from '../storage/testing/memory';
import { groupFiles } from './group-files';
import { isAddOnFile, partAddOns, sortPicked, storeAddOn } from './add-ons';

const fixture = (path: string): Blob =>
  new Blob([readFileSync(new URL(`../../core/adapters/fixtures/${path}`, import.meta.url))]);

const LORA = fixture('sd15-rank-2.safetensors');
const pick = (path: string, file: Blob) => ({ path, file });

function shelf() {
  const store = createAdapterStore(memoryValues());
  const add = (picked: { path: string; file: Blob }, all = [picked], packs: Pack[] = [], promptName?: string) =>
    storeAddOn(store, {
      picked,
      all,
      packs,
      promptName,
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });
  return { store, add };
}

describe('storeAddOn', () => {
  it('keeps a LoRA as it is, with what it says of itself and what lies beside it', async () => {
    const { store, add } = shelf();
    const file = pick('ink.v1.safetensors', LORA);
    const beside = [
      file,
      pick('ink.v1.png', new Blob(['png'])),
      pick('ink.v1.json', new Blob(['{"activation text": "inky", "preferred weight": 0.7}'])),
    ];
    const id = await add(file, beside);
    expect(await store.list()).toMatchObject([
      {
        ...{ id, kind: 'lora', name: 'ink.v1', fileName: 'ink.v1.safetensors', family: 'sd15', rank: 2 },
        ...{ bytes: LORA.size, weight: 0.7, hasPreview: true },
        hashes: { addnetShort: '806b0a379578' },
      },
    ]);
    expect((await store.list())[0].triggerWords[0]).toBe('inky');
    expect(await (await store.file(id)).bytes()).toEqual(await LORA.bytes());
    expect(await (await store.preview(id))?.text()).toBe('png');
  });

  it('keeps the same bytes once, and two of one name apart', async () => {
    const { store, add } = shelf();
    const ink = pick('ink.safetensors', LORA);
    const first = await add(ink, [ink, pick('ink.json', new Blob(['{"activation text": "inky"}']))]);
    expect(await add(pick('copy of ink.safetensors', LORA))).toBe(first);
    expect((await store.list())[0].triggerWords).toContain('inky');
    const other = new Uint8Array(await LORA.bytes());
    other[other.length - 1] ^= 1;
    await add(pick('Ink.safetensors', new Blob([other])));
    expect((await store.list()).map(({ name }) => name)).toEqual(['ink', 'Ink-2']);
    await store.delete(first);
    expect(await store.list()).toHaveLength(1);
    await expect(store.file(first)).rejects.toMatchObject({ code: 'missing-file' });
  });

  it('calls what is here under its published name as a catalogue does, and knows it by both', async () => {
    const { store, add } = shelf();
    const id = await add(pick('pytorch_lora_weights.safetensors', LORA));
    const got = pick('lcm-lora-sdv1-5.safetensors', LORA);
    expect(await add(got, [], [], 'lcm-lora-sdv1-5')).toBe(id);
    await add(pick('pytorch_lora_weights.safetensors', LORA));
    const all = await store.list();
    expect(all).toMatchObject([{ name: 'lcm-lora-sdv1-5', fileName: 'lcm-lora-sdv1-5.safetensors' }]);
    expect(all[0].aliases).toContain('pytorch_lora_weights');
  });

  it('keeps embeddings beside them', async () => {
    const { store, add } = shelf();
    await add(pick('pair.safetensors', fixture('embeddings/pair.safetensors')));
    expect(await store.list()).toMatchObject([{ kind: 'embedding', name: 'pair', family: 'sdxl' }]);
  });

  it('keeps a picture that an embedding lies in, under the name in it, as its own picture too', async () => {
    const { store, add } = shelf();
    const chunk = fixture('embeddings/chunk.png');
    const id = await add(pick('whatever.png', chunk));
    expect(await store.list()).toMatchObject([
      {
        id,
        kind: 'embedding',
        name: 'picture',
        fileName: 'whatever.png',
        family: 'sd15',
        vectors: 1,
        hasPreview: true,
      },
    ]);
    const sha256 = createHash('sha256')
      .update(await chunk.bytes())
      .digest('hex');
    expect((await store.list())[0].hashes).toMatchObject({ sha256, short: sha256.slice(0, 10) });
    expect(await (await store.file(id)).bytes()).toEqual(await chunk.bytes());
    await add(pick('copy.png', chunk));
    expect((await store.list()).map(({ name }) => name)).toEqual(['picture']);
    await expect(add(pick('cut.png', chunk.slice(0, 100)))).rejects.toMatchObject({ code: 'not-a-model' });
  });

  it('lays what fits no published model against those that are here', async () => {
    const { store, add } = shelf();
    const read = (path: string) => readFileSync(new URL(`../../engine/fixtures/pipelines/${path}`, import.meta.url));
    const lora = new Blob([read('lora-sd15.safetensors')]);
    const config = (name: string) => JSON.parse(read(`${name}/config.json`).toString()) as Record<string, unknown>;
    const components = { unet: { config: config('unet-sd15') }, text_encoder: { config: config('text-l') } };
    const pack = { id: 'tiny', name: 'Tiny', components } as unknown as Pack;
    await expect(add(pick('tiny.safetensors', lora))).rejects.toMatchObject({ code: 'bad-file' });
    await add(pick('tiny.safetensors', lora), undefined, [pack]);
    expect(await store.list()).toMatchObject([{ name: 'tiny', models: [pack.id] }]);
  });

  it('says of one of 6 GB that it is too large, reading its header alone', async () => {
    const rows = 4_700_000;
    const key = 'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q.lora_down.weight';
    const header = { [key]: { dtype: 'F32', shape: [rows, 320], data_offsets: [0, rows * 320 * 4] } };
    const head = safetensorsBytes(header, new Uint8Array(0));
    const file = Object.defineProperty(new Blob([head]), 'size', { value: head.length + rows * 320 * 4 });
    const huge = pick('huge.safetensors', file);
    expect((await sortPicked([huge])).addOns).toEqual([huge]);
    await expect(shelf().add(huge)).rejects.toThrow(
      "huge.safetensors: this LoRA has 6.0 GB, and more than 4 GB is not taken: resize it with kohya's resize_lora.py",
    );
  });

  it('says what is none', async () => {
    const { add } = shelf();
    const cut = LORA.slice(0, LORA.size - 10);
    await expect(add(pick('cut.safetensors', cut))).rejects.toMatchObject({ code: 'bad-file' });
  });
});

describe('partAddOns', () => {
  it('parts LoRAs from models, one file or a folder of them', async () => {
    const files = [
      pick('ink.safetensors', LORA),
      pick('loras/a.safetensors', LORA),
      pick('loras/b.safetensors', LORA),
      pick('loras/a.png', new Blob(['png'])),
      pick('model.safetensors', new Blob(['no tensors'])),
    ];
    const { addOns, models } = await partAddOns(await groupFiles(files));
    expect([addOns.length, models.map(({ name }) => name)]).toEqual([3, ['model']]);
    expect(await isAddOnFile(pick('x.txt', LORA))).toBe(false);
  });

  it('judges each file of a folder by itself, in whatever order they come', async () => {
    const other = new Blob(['no tensors']);
    const parted = async (...paths: [string, Blob][]) => {
      const { addOns, models } = await partAddOns(await groupFiles(paths.map(([path, file]) => pick(path, file))));
      return [addOns.map(({ path }) => path), models.map(({ name, files }) => [name, files.length])];
    };
    const mixed: [string, Blob][] = [
      ['mine/a.safetensors', other],
      ['mine/b.safetensors', LORA],
      ['mine/sub/c.pt', other],
      ['mine/notes.txt', other],
    ];
    const models = [
      ['a', 1],
      ['c', 1],
    ];
    expect(await parted(...mixed)).toEqual([['b.safetensors'], models]);
    expect(await parted(...mixed.toReversed())).toEqual([['b.safetensors'], models.toReversed()]);
    // Folders of a model and files in parts stay together.
    expect(
      await parted(
        ['model/unet/x.safetensors', other],
        ['model/unet/config.json', other],
        ['model/lora.safetensors', LORA],
      ),
    ).toEqual([['lora.safetensors'], [['model', 2]]]);
    expect(
      await parted(['big/m-00001-of-00002.safetensors', other], ['big/m-00002-of-00002.safetensors', other]),
    ).toEqual([[], [['big', 2]]]);
    expect(await parted(['unet/x.safetensors', other], ['unet/y.safetensors', other])).toEqual([[], [['unet', 2]]]);
  });
});

describe('sortPicked', () => {
  it('finds pictures with an embedding, also without any file of weights, and takes no picture beside one for it', async () => {
    const chunk = fixture('embeddings/chunk.png');
    const hidden = fixture('embeddings/hidden.png');
    const sorted = async (...files: [string, Blob][]) =>
      (await sortPicked(files.map(([path, file]) => pick(path, file)))).addOns.map(({ path }) => path);
    expect(await sorted(['a.png', chunk], ['b.png', hidden], ['c.preview.png', chunk])).toEqual(['a.png', 'b.png']);
    expect(await sorted(['x/ink.safetensors', LORA], ['x/ink.png', chunk], ['x/one.png', chunk])).toEqual([
      'ink.safetensors',
      'x/one.png',
    ]);
    await expect(sorted(['a.png', new Blob(['png'])])).rejects.toThrow(
      /^There is no model in a\.png, and no embedding\. Choose /,
    );
  });
});
