/** Text encoders of another file in place of a model's own. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bytesSource, type ByteSource } from '../src/core/formats';
import { importCheckpoint, type Pack } from '../src/core/packs';
import { memoryPacks, type MemoryPacks } from '../src/core/packs/testing/memory-packs';
import type { GenerationRequest } from '../src/core/recipe/request';
import { Model } from '../src/engine/models/model';
import { openPackSource } from '../src/engine/models/pack-source';
import { paintWith } from '../src/engine/testing/paint-with';
import { createNodePorts, createNodeRuntime } from './testing/node-ports';
import { TINY_ENTRY, tinyCase } from './testing/paint-tiny';
import { importTiny } from './testing/tiny-pack';
import { createWordTokenizer } from './testing/word-tokenizer';

const CHANGED = 'text_model.encoder.layers.0.mlp.fc1.weight';

const request: GenerationRequest = {
  ...{ model: 'tiny', prompt: 'a b', negativePrompt: 'c', sampler: 'euler', schedule: 'normal', noise: 'cpu' },
  ...{ steps: 2, cfgScale: 5, seed: 3, width: 16, height: 16 },
};

/** A fixture's encoder, some of whose weights have the other sign, as a person's file of it. */
async function filesOf(part: string, folder: string): Promise<ByteSource[]> {
  const read = (file: string): Promise<Buffer> =>
    readFile(fileURLToPath(new URL(`../src/engine/fixtures/pipelines/${part}/${file}`, import.meta.url)));
  const bytes = new Uint8Array(await read('weights.safetensors'));
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<
    string,
    { data_offsets: [number, number]; dtype: string }
  >;
  const { data_offsets: range, dtype } = header[CHANGED];
  const step = dtype === 'F16' ? 2 : 4;
  for (let at = 8 + length + range[0]; at < 8 + length + range[1]; at += step) bytes[at + step - 1] ^= 0x80;
  return [
    bytesSource(`${folder}/config.json`, await read('config.json')),
    bytesSource(`${folder}/model.safetensors`, bytes),
  ];
}

async function importText(store: MemoryPacks, id: string, sources: ByteSource[]): Promise<Pack> {
  return importCheckpoint({
    ...{ sources, id, name: id, plan: 'float16', isText: true },
    ...{ draft: store.create(id), onProgress: () => undefined },
  });
}

async function openModel(store: MemoryPacks, id: string): Promise<Model> {
  const runtime = createNodeRuntime();
  const ports = createNodePorts({
    createClipTokenizer: (padding) => Promise.resolve(createWordTokenizer(padding === 'zero' ? 0 : undefined)),
  });
  const source = await openPackSource({ open: store.open(id), runtime, ports, baseUrl: '' });
  return new Model({ entry: { ...TINY_ENTRY, id, name: id }, source, device: runtime.device, now: () => 0 });
}

const portsOf = (store: MemoryPacks) =>
  createNodePorts({ packs: { open: (id) => Promise.resolve().then(() => store.open(id)) } });

const TEXTS = ['l', 'g', 'h'].map((id) => ({ id, names: [id.toUpperCase()] }));

/** A model whose own encoders are those of these files. */
async function buildIn(store: MemoryPacks, id: string, texts: readonly Pack[]): Promise<Model> {
  await importTiny(tinyCase('sdxl'), { store, id, plan: 'float16' });
  const { pack } = store.open(id);
  const components = { ...pack.components };
  for (const text of texts) {
    Object.assign(components, text.components);
    for (const { file } of Object.values(text.components).flatMap(({ shards }) => shards)) {
      const bytes = store.files.get(`${text.id}/${file}`);
      if (bytes) store.files.set(`${id}/${file}`, bytes);
    }
  }
  store.packs.set(id, { ...pack, components });
  return openModel(store, id);
}

describe('other text encoders', () => {
  it('make the bytes of a checkpoint that has them built in, one or both, and are put away again', async () => {
    const store = memoryPacks();
    await importTiny(tinyCase('sdxl'), { store, id: 'plain', plan: 'float16' });
    const first = await importText(store, 'l', await filesOf('text-l', 'text_encoder'));
    const second = await importText(store, 'g', await filesOf('text-g', 'text_encoder_2'));
    expect([first.role, Object.keys(first.components)]).toEqual(['text', ['text_encoder']]);
    expect([second.role, Object.keys(second.components)]).toEqual(['text', ['text_encoder_2']]);

    const plain = await openModel(store, 'plain');
    const notices: string[] = [];
    const paint = async (model: Model, changes: Partial<GenerationRequest> = {}) => [
      ...(
        await paintWith(
          { ...request, ...changes },
          {
            ...{ model, ports: portsOf(store), texts: TEXTS },
            onEvent: (event) => void (event.type === 'notice' && notices.push(event.message)),
          },
        )
      ).pixels.data,
    ];
    const own = await paint(plain);
    const seen = [own];
    for (const [changes, texts] of [
      [{ textEncoder: 'L' }, [first]],
      [{ textEncoder: 'G' }, [second]],
      [{ textEncoder: 'l', secondTextEncoder: 'g' }, [first, second]],
    ] as const) {
      const builtIn = await buildIn(store, `built in ${Object.values(changes).join()}`, texts);
      const other = await paint(plain, changes);
      expect(other).toEqual(await paint(builtIn));
      expect(seen).not.toContainEqual(other);
      seen.push(other);
      await builtIn.dispose();
    }
    expect(await paint(plain)).toEqual(own);
    expect(notices).toEqual([]);
    expect(await paint(plain, { textEncoder: 'gone' })).toEqual(own);
    expect(notices).toEqual([
      'The text encoder gone is not here: the model’s own read the prompt. Drop its file on the page to use it.',
    ]);
    await plain.dispose();
  });

  it('are refused where the model has none of their kind, or one of another size', async () => {
    const store = memoryPacks();
    await importTiny(tinyCase('sd15'), { store, id: 'Plain', plan: 'float16' });
    const model = await openModel(store, 'Plain');
    const { packs } = portsOf(store);
    const use = (id: string) => model.changes.useTexts([{ id, revision: '' }], packs);
    await expect(use('gone')).rejects.toThrow(/gone/);
    await importText(store, 'g', await filesOf('text-g', 'text_encoder_2'));
    await expect(use('g')).rejects.toThrow(
      'Plain reads no prompt by g: the file holds a second text encoder, which the model does not have. Choose the model’s own.',
    );
    await importText(store, 'h', await filesOf('text-g', 'text_encoder'));
    await expect(use('h')).rejects.toThrow(
      /^The text encoder h has vectors of 24 numbers; the text encoder of Plain has vectors of 16 numbers\./,
    );
    const { pack } = store.open('g');
    const broken = pack.components.text_encoder_2;
    if (!broken) throw new Error('no encoder');
    store.packs.set('g', { ...pack, components: { text_encoder_2: { ...broken, weights: {} } } });
    await expect(use('g')).rejects.toThrow(/^The text encoder g/);
    await model.dispose();
  });
});
