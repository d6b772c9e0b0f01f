/** LoRAs through the library: by address, by file, out again. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFixture, virtualSafetensors, type Shapes } from '../../core/checkpoints/testing/layouts';
import { importCheckpoint } from '../../core/packs';
import { createHub, type Hub } from '../net/testing/hub-server';
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

/** A VAE as vae-ft-mse-840000-ema-pruned is: LDM's names without a prefix, and what is left of its training. */
async function bareVae(): Promise<Blob> {
  const { sd15 } = readFixture<Record<string, { stored: Shapes }>>('tiny.json.gz');
  const own = Object.entries(sd15.stored).flatMap(([key, shape]): [string, number[]][] =>
    key.startsWith('first_stage_model.') ? [[key.replace('first_stage_model.', ''), [...shape]]] : [],
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

describe('Library, of upscalers, VAEs and ControlNets of one name', () => {
  const tab = () => createComputer(() => hub.url).tab(importCheckpoint);
  const folder = new URL('../../core/networks/fixtures/', import.meta.url);
  const read = (path: string) => readFileSync(new URL(path, folder));
  const rrdb = read('upscaler-rrdb-old/weights.safetensors');
  const span = read('upscaler-span/weights.safetensors');
  const pick = (path: string, bytes: Buffer<ArrayBuffer> | Blob) => [{ path, file: new Blob([bytes]) }];
  const control = ['config.json', 'diffusion_pytorch_model.safetensors'].flatMap((file) =>
    pick(`x/${file}`, read(`controlnet-sd15/${file.replace('diffusion_pytorch_model', 'weights')}`)),
  );
  /** All that is here, by id and name. */
  const listed = ({ models }: { models: readonly { id: string; name: string }[] }) =>
    models.map(({ id, name }) => `${id}: ${name}`).sort();

  it('keeps each, and none of them goes for another', async () => {
    const { library, now } = await tab();
    for (const bytes of [rrdb, span, await bareVae()]) await library.importFiles(pick('x.safetensors', bytes));
    await library.importFiles(control);
    const { models, transfers } = await now();
    expect(transfers).toEqual([]);
    expect(listed({ models })).toEqual(['x-2: x-2', 'x-3: x-3', 'x-4: x-4', 'x: x']);
    expect(models.filter(({ isUpscaler }) => isUpscaler)).toHaveLength(2);
    expect(models.filter((one) => one.control)).toHaveLength(1);
    expect(models.filter(({ isVae }) => isVae)).toHaveLength(1);
  });

  it('takes a Control-LoRA for what it is, though it stands on another file', async () => {
    const { library, now } = await tab();
    const lora = new URL('../../engine/fixtures/pipelines/control-lora-sd15/', import.meta.url);
    const files = ['config.json', 'weights.safetensors'].flatMap((file) =>
      pick(`y/${file}`, readFileSync(new URL(file, lora))),
    );
    await library.importFiles(files);
    expect((await now()).models).toMatchObject([{ control: 'network', family: 'sd15' }]);
    // Picked as two files, without their folder: of its odd sizes the config alone tells.
    await library.importFiles(files.map(({ path, file }) => ({ path: path.replace('y/', ''), file })));
    expect((await now()).models).toMatchObject([{ control: 'network' }, { id: 'weights', control: 'network' }]);
  });

  it('takes the same file once, also where it was numbered, and as the tar that the library saves', async () => {
    const { library, now } = await tab();
    const ids: string[] = [];
    for (const bytes of [rrdb, span, span, rrdb])
      ids.push(...(await library.importFiles(pick('x.safetensors', bytes))));
    const tar = Buffer.from(await (await library.export('x-2')).arrayBuffer());
    ids.push(...(await library.importFiles(pick('x-2.tar', tar))));
    expect(ids).toEqual(['x', 'x-2', 'x-2', 'x', 'x-2']);
    expect(listed(await now())).toEqual(['x-2: x-2', 'x: x']);
  });

  it('numbers the name where ids differ by their endings', async () => {
    const { library, now } = await tab();
    await library.importFiles(pick('x.safetensors', rrdb));
    await library.importFiles(pick('x.pth', read('upscaler-compact/weights.pth')));
    expect((await now()).models.map(({ name }) => name).sort()).toEqual(['x', 'x-2']);
  });

  it('lists what comes by its address under a name of its own', async () => {
    hub.files.set(`${REPO}/other/x.safetensors`, span);
    const { library } = await tab();
    await library.importFiles(pick('x.safetensors', rrdb));
    const { choices } = await library.lookUp(`${hub.url}/${REPO}/blob/main/other/x.safetensors`);
    const entry = choices[0].entry ?? expect.fail('not listed');
    expect(await library.add([{ ...entry, id: 'x-2' }])).toMatchObject([{ id: 'x-2', name: 'x-2', role: 'upscaler' }]);
  });

  it('leaves a model where it is, and a VAE where a model comes', async () => {
    const computer = createComputer(() => hub.url);
    const models = await computer.tab(); // stores what it is given as a model
    const helpers = await computer.tab(importCheckpoint);
    const vae = await bareVae();
    const model = Buffer.from('no weights of any kind');
    await models.library.importFiles(pick('x.safetensors', model));
    await helpers.library.importFiles(pick('x.safetensors', vae));
    await helpers.library.importFiles(pick('y.safetensors', vae));
    await models.library.importFiles(pick('y.safetensors', model));
    await models.library.importFiles(pick('x.safetensors', Buffer.from('a newer one of this name')));
    models.library.refresh();
    const { models: all } = await models.now();
    expect(all.map(({ id, isVae = false }) => `${id} ${isVae ? 'VAE' : 'model'}`).sort()).toEqual([
      'x model',
      'x-2 VAE',
      'y VAE',
      'y-2 model',
    ]);
    expect(all.find(({ id }) => id === 'x')?.bytes).toBe(24);
  });
});

describe('Library, of VAEs', () => {
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
    expect(entry).toMatchObject({ role: 'autoencoder' });
    const [added] = await library.add([entry]);
    await library.download(added);
    expect(await now()).toMatchObject({ models: [{ isVae: true }], entries: [], transfers: [] });
  });
});
