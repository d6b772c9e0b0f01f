/** LoRAs through the library: by address, by file, out again. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFixture, virtualSafetensors, type Shapes } from '../../core/checkpoints/testing/layouts';
import { importCheckpoint } from '../../core/packs';
import { createHub, type Hub } from '../../../e2e/support/hub-server';
import { safetensorsBytes } from '../../core/formats/testing/safetensors-bytes';
import { createComputer } from './testing/computer';

const REPO = 'owner/tiny';
let hub: Hub;
beforeAll(async () => void (hub = await createHub({})));
afterAll(() => hub.close());

describe('Library, of LoRAs', () => {
  const bytes = readFileSync(new URL('../../core/adapters/fixtures/sd15-rank-2.safetensors', import.meta.url));

  it('keeps what an address leads to as its file, and lists it no longer', async () => {
    hub.files.set(`${REPO}/loras/ink.safetensors`, bytes);
    const { tab } = createComputer(() => hub.url);
    const { library, now } = await tab();
    const { choices } = await library.lookUp(`${hub.url}/${REPO}/blob/main/loras/ink.safetensors`);
    const entry = choices[0].entry ?? expect.fail('not listed');
    expect(entry).toMatchObject({ role: 'lora', family: 'sd15', downloadBytes: bytes.length });
    const [added] = await library.add([entry]);
    await library.download(added);
    const { adapters, entries, models, transfers } = await now();
    expect(adapters).toMatchObject([{ kind: 'lora', name: 'ink', family: 'sd15' }]);
    expect([entries, models, transfers]).toEqual([[], [], []]);
    const [file] = await library.adapterFiles([adapters[0].id]);
    expect(Buffer.from(await file.arrayBuffer())).toEqual(bytes);
    await library.delete(adapters[0].id);
    expect((await now()).adapters).toEqual([]);
    await expect(library.adapterFiles([adapters[0].id])).rejects.toMatchObject({ code: 'missing-file' });
  });

  it('finds what lies beside it in a folder, and names no file as a prompt would not read it', async () => {
    const { tab } = createComputer(() => hub.url);
    const { library, now } = await tab();
    await library.importFiles([
      { path: 'Lora/styles/ink #2=a.safetensors', file: new Blob([bytes]) },
      { path: 'Lora/styles/ink #2=a.json', file: new Blob(['{"activation text": "inky"}']) },
    ]);
    const [{ name, triggerWords }] = (await now()).adapters;
    expect([name, triggerWords[0]]).toEqual(['ink -2-a', 'inky']);
  });

  it('takes several at once, and says of each that is none what it is', async () => {
    const { tab } = createComputer(() => hub.url);
    const { library, now } = await tab();
    const lora = { path: 'ink.safetensors', file: new Blob([bytes]) };
    const flux = safetensorsBytes(
      { 'lora_unet_double_blocks_0_img_mod.lora_down.weight': { dtype: 'F32', shape: [1], data_offsets: [0, 4] } },
      new Uint8Array(4),
    );
    const ids = await library.importFiles([lora, { path: 'flux.safetensors', file: new Blob([flux]) }]);
    const { adapters, transfers } = await now();
    expect(adapters.map(({ id }) => id)).toEqual(ids);
    expect(transfers).toMatchObject([
      { name: 'flux.safetensors', error: { message: expect.stringMatching(/this is a LoRA for Flux/) as string } },
    ]);
  });
});

describe('Library, of upscalers', () => {
  /** The import itself: what stores them as models is of no use here. */
  const computer = () => createComputer(() => hub.url).tab(importCheckpoint);
  const read = (path: string) =>
    readFileSync(new URL(`../../core/networks/fixtures/upscaler-${path}`, import.meta.url));

  it.each([
    ['rrdb-old/weights.safetensors', '4x-Sharp.safetensors'],
    ['compact/weights.pth', 'small x4.pth'],
  ])('keeps %s as one, by its name, and no model', async (path, file) => {
    const { library, now } = await computer();
    const [id] = await library.importFiles([{ path: file, file: new Blob([read(path)]) }]);
    const { models, entries, transfers } = await now();
    expect(models).toMatchObject([{ id, name: file.replace(/\.\w+$/, ''), isUpscaler: true, isHelper: true }]);
    expect(models[0].plan).toBe('float16');
    expect([entries, transfers]).toEqual([[], []]);
    await library.delete(id);
    expect((await now()).models).toEqual([]);
  });

  it('gets one by its address', async () => {
    hub.files.set(`${REPO}/span.safetensors`, read('span/weights.safetensors'));
    const { library, now } = await computer();
    const { choices } = await library.lookUp(`${hub.url}/${REPO}/blob/main/span.safetensors`);
    const entry = choices[0].entry ?? expect.fail('not listed');
    expect(entry).toMatchObject({ role: 'upscaler' });
    const [added] = await library.add([entry]);
    await library.download(added);
    expect(await now()).toMatchObject({ models: [{ isUpscaler: true }], entries: [], transfers: [] });
  });
});

describe('Library, of VAEs', () => {
  /** As vae-ft-mse-840000-ema-pruned is: LDM's names without a prefix, and what is left of its training. */
  async function bareVae(): Promise<Blob> {
    const { sd15 } = readFixture<Record<string, { stored: Shapes }>>('tiny.json.gz');
    const own = Object.entries(sd15.stored).flatMap(([key, shape]): [string, number[]][] =>
      key.startsWith('first_stage_model.') ? [[key.replace('first_stage_model.', ''), shape]] : [],
    );
    expect(own.length).toBeGreaterThan(50);
    const leftovers: Shapes = {
      'loss.logvar': [],
      'loss.discriminator.main.0.weight': [8, 3, 4, 4],
      'model_ema.decay': [],
    };
    const source = virtualSafetensors('ft-mse.safetensors', { ...Object.fromEntries(own), ...leftovers });
    return new Blob([await source.read(0, source.size)]);
  }
  const tab = () => createComputer(() => hub.url).tab(importCheckpoint);

  it('keeps one that comes alone, by its name, and no model', async () => {
    const { library, now } = await tab();
    const [id] = await library.importFiles([{ path: 'ft-mse.safetensors', file: await bareVae() }]);
    const { models, entries, transfers } = await now();
    expect(models).toMatchObject([{ id, name: 'ft-mse', isVae: true, isHelper: true, plan: 'float16' }]);
    expect(models[0].sha256).toHaveLength(64);
    expect([entries, transfers]).toEqual([[], []]);
    await library.delete(id);
    expect((await now()).models).toEqual([]);
  });

  it('keeps the hub’s folder of one', async () => {
    const { library, now } = await tab();
    const folder = new URL('../../engine/fixtures/pipelines/vae/', import.meta.url);
    const file = (name: string): Blob => new Blob([readFileSync(new URL(name, folder))]);
    await library.importFiles([
      { path: 'sd-vae-ft-mse/vae/config.json', file: file('config.json') },
      { path: 'sd-vae-ft-mse/vae/diffusion_pytorch_model.safetensors', file: file('weights.safetensors') },
    ]);
    expect((await now()).models).toMatchObject([{ name: 'sd-vae-ft-mse', isVae: true }]);
  });

  it('gets one by its address', async () => {
    hub.files.set(`${REPO}/ft-mse.safetensors`, Buffer.from(await (await bareVae()).arrayBuffer()));
    const { library, now } = await tab();
    const { choices } = await library.lookUp(`${hub.url}/${REPO}/blob/main/ft-mse.safetensors`);
    const entry = choices[0].entry ?? expect.fail('not listed');
    expect(entry).toMatchObject({ role: 'vae' });
    const [added] = await library.add([entry]);
    await library.download(added);
    expect(await now()).toMatchObject({ models: [{ isVae: true }], entries: [], transfers: [] });
  });
});
