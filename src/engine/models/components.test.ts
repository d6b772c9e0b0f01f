/** What of a model is loaded when, and what is left. */
import { describe, expect, it } from 'vitest';
import { familyShapes } from '../../core/adapters';
import { floatSafetensors } from '../../core/formats/testing/safetensors-bytes';
import type { ComponentId } from '../../core/networks/components';
import type { GenerationRequest } from '../../core/recipe/request';
import type { ComponentLoad, EngineEvent } from '../api';
import { Components } from './components';
import { decodeLatent } from '../operations/decode';
import { imageCondition } from '../operations/sampling/image-condition';
import { Model } from './model';
import { createPreview } from '../operations/sampling/preview';
import { chooseResidency } from './residency';
import { createFakeSource, type FakeSourceOptions } from '../testing/fake-source';
import { inSoundPrecision } from '../operations/sound-precision';
import { paintWith } from '../testing/paint-with';
import { FAKE_ENTRY } from '../testing/fake-ports';

const GIB = 2 ** 30;
const latent = { height: 8, width: 8 };
const all: readonly ComponentId[] = ['text_encoder', 'text_encoder_2', 'unet', 'vae_decoder', 'taesd_decoder'];
const gpu = { provider: 'webgpu', adapter: 'fake' } as const;

describe('Components', () => {
  it('stay loaded, and are loaded anew for another shape alone', async () => {
    const fake = createFakeSource();
    const components = new Components({ source: fake.source, residency: 'resident', now: () => 0 });
    const first = await components.get('unet', {});
    await components.get('vae_decoder');
    expect(await components.get('unet')).toBe(first);
    await components.get('unet', { activations: 'float32' });
    expect(fake.opened).toEqual(['unet', 'vae_decoder', 'unet float32']);
    expect([...fake.alive]).toEqual(['vae_decoder', 'unet']);
    await components.dispose();
    expect(fake.alive.size).toBe(0);
  });

  it('are loaded one at a time where memory is short, but for the small decoder of previews', async () => {
    const fake = createFakeSource({ components: all });
    const components = new Components({ source: fake.source, residency: 'in_turn', now: () => 0 });
    await components.get('taesd_decoder');
    for (const id of ['text_encoder', 'text_encoder_2', 'unet', 'vae_decoder'] as const) await components.get(id);
    expect(fake.most).toBe(2);
    expect([...fake.alive]).toEqual(['taesd_decoder', 'vae_decoder']);
    await components.releaseLarge();
    expect([...fake.alive]).toEqual(['taesd_decoder']);
  });

  it('tell what was loaded, in which time', async () => {
    const times = [1000, 3500];
    const fake = createFakeSource({ bytes: () => 500 });
    const components = new Components({ source: fake.source, residency: 'resident', now: () => times.shift() ?? 0 });
    const loads: ComponentLoad[] = [];
    components.listener = { beforeLoad: () => (load) => void loads.push(load) };
    await components.get('unet');
    await components.get('unet');
    expect(loads).toEqual([{ component: 'unet', seconds: 2.5, bytes: 500 }]);
  });
});

describe('a model that just fits', () => {
  it('holds its parts in turn while LoRAs are used that leave no room, and says what they take', async () => {
    const layer = 'unet.down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q';
    const factor = (...shape: number[]) => ({ shape, values: new Array<number>(64 * 320).fill(0) });
    const lora = floatSafetensors({
      [`${layer}.lora_down.weight`]: factor(64, 320),
      [`${layer}.lora_up.weight`]: factor(320, 64),
    });
    const entries = [{ id: 'x', names: ['x'], revision: '1', file: new Blob([new Uint8Array(lora)]) }];
    const fake = createFakeSource({ bytes: () => 100, activations: 'float16' });
    const source = { ...fake.source, shapes: () => familyShapes('sd15') };
    const memoryBytes = 8e9;
    const model = (bytes: number) =>
      new Model({
        ...{ entry: FAKE_ENTRY, now: () => 0, device: { ...gpu, memoryBytes } },
        source: { ...source, loadedBytes: (id) => (id === 'unet' ? bytes : 0) },
      });
    // The largest with which all stay: found by halving.
    let [low, high] = [0, 8e9];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (model(middle).report.residency === 'resident') low = middle;
      else high = middle;
    }
    const full = model(low);
    await full.use([{ id: 'x', revision: '1', denoiser: 1, text: 1 }], entries);
    expect(full.report).toMatchObject({ residency: 'in_turn', bytes: low + 2 * 64 * 640 });
    await full.use([], []);
    expect(full.report).toMatchObject({ residency: 'resident', bytes: low });
  });
});

describe('chooseResidency', () => {
  it.each([
    ['a phone', 3 * GIB, { ...gpu, maxBufferBytes: GIB }, 'in_turn'],
    ['SD 1.5 in 8 bits on a phone', 1.6 * GIB, { ...gpu, maxBufferBytes: GIB }, 'in_turn'],
    ['SDXL in 8 bits on a desktop', 3.9 * GIB, { ...gpu, maxBufferBytes: 2 * GIB - 4 }, 'resident'],
    ['SD 1.5 on a desktop', 2.2 * GIB, { ...gpu, maxBufferBytes: 2 * GIB }, 'resident'],
    ['SDXL on a desktop', 6.9 * GIB, { ...gpu, maxBufferBytes: 4 * GIB }, 'in_turn'],
    [
      'SDXL on a GPU whose owner says 24 GB',
      6.9 * GIB,
      { ...gpu, maxBufferBytes: 2 * GIB, memoryBytes: 24e9 },
      'resident',
    ],
    [
      'SD 1.5 on a GPU whose owner says 4 GB',
      2.2 * GIB,
      { ...gpu, maxBufferBytes: 2 * GIB, memoryBytes: 4e9 },
      'in_turn',
    ],
    ['a GPU that says nothing', 6.9 * GIB, gpu, 'resident'],
    ['SD 1.5 in wasm', 4.1 * GIB, { provider: 'wasm', adapter: 'CPU' } as const, 'in_turn'],
    ['the starter in wasm', 0.05 * GIB, { provider: 'wasm', adapter: 'CPU' } as const, 'resident'],
  ])('%s', (_name, bytes, device, residency) => {
    const needs = { weightBytes: bytes, activationBytes: 1.9e9 };
    expect(chooseResidency(needs, device)).toBe(residency);
  });
});

const SMALL_ENTRY = { ...FAKE_ENTRY, size: { min: 16, max: 64, step: 4 } };

const modelOf = (options: FakeSourceOptions, device: ConstructorParameters<typeof Model>[0]['device'] = gpu) => {
  const fake = createFakeSource(options);
  return { fake, model: new Model({ entry: SMALL_ENTRY, source: fake.source, device, now: () => 0 }) };
};

describe('Model', () => {
  it('says how it is held', () => {
    const { model } = modelOf({ bytes: () => GIB }, { ...gpu, maxBufferBytes: GIB });
    expect(model.report).toEqual({ residency: 'in_turn', plan: 'float16', activations: 'float32', bytes: 3 * GIB });
  });

  it('refuses what no wasm heap holds, with a way out', async () => {
    const { model } = modelOf({ bytes: () => 9 * GIB }, { provider: 'wasm', adapter: 'CPU' });
    await expect(model.warm()).rejects.toThrow(/takes 9\.0 GB.*browser with WebGPU/);
  });
});

describe('inSoundPrecision', () => {
  const decoded = (activations: 'float16' | 'float32', isBroken: (wide: boolean) => boolean) => {
    const { fake, model } = modelOf({
      activations,
      run: (_component, shape) => ({
        sample: new Float32Array(3 * 16 * 16).fill(isBroken(shape.activations === 'float32') ? NaN : 1),
      }),
    });
    const notices: string[] = [];
    const run = {
      model,
      onEvent: (event: EngineEvent) => void (event.type === 'notice' && notices.push(event.message)),
      pause: () => Promise.resolve(),
    };
    const values = new Float32Array(4 * 64);
    const decode = () => inSoundPrecision(run, 'decoder', () => decodeLatent(run, values, latent));
    return { decode, fake, notices };
  };

  it('decodes again in full precision where half precision gives NaN, says so, and stays there', async () => {
    const { decode, fake, notices } = decoded('float16', (wide) => !wide);
    expect((await decode()).pixels.data[0]).toBe(255);
    await decode();
    expect(notices).toEqual([expect.stringMatching(/developed again in full precision/)]);
    expect(fake.opened).toEqual(['vae_decoder', 'vae_decoder float32']);
  });

  it.each<[string, number, readonly string[]]>([
    ['all of it is black in half precision', 0, ['vae_decoder', 'vae_decoder float32']],
    ['the latent has no more to it', 8, ['vae_decoder']],
  ])('decodes again exactly where it should: %s', async (_, same, opened) => {
    const { fake, model } = modelOf({
      activations: 'float16',
      run: (_component, { activations }) => ({
        sample: activations === 'float32' ? striped() : new Float32Array(3 * 16 * 16).fill(-1),
      }),
    });
    const notices: string[] = [];
    const run = {
      model,
      onEvent: (event: EngineEvent) => void (event.type === 'notice' && notices.push(event.message)),
      pause: () => Promise.resolve(),
    };
    const values = Float32Array.from({ length: 4 * 64 }, (_value, i) => (same === 8 ? 1 : Math.sin(i)));
    await inSoundPrecision(run, 'decoder', () => decodeLatent(run, values, latent));
    expect(fake.opened).toEqual(opened);
    expect(notices).toHaveLength(opened.length - 1);
    expect(notices.join()).toMatch(opened.length > 1 ? /came out in one colour/ : /^$/);
  });

  it.each(['float16', 'float32'] as const)('fails with a sentence where %s does not help', async (activations) => {
    await expect(decoded(activations, () => true).decode()).rejects.toMatchObject({ code: 'not-a-number' });
  });
});

/** A picture with something on it. */
const striped = (): Float32Array => new Float32Array(3 * 16 * 16).map((_, i) => (i % 2) / 2);

describe('a picture', () => {
  const tokenizer = { encode: () => [], startId: 1, endId: 2, padId: 2, commaId: undefined, contextLength: 6 };
  const paint = async (isBroken: (wide: boolean) => boolean, inChannels = 4) => {
    const { fake, model } = modelOf({
      activations: 'float16',
      traits: { texts: [{ component: 'text_encoder', tokenizer, width: 1 }], inChannels },
      run: (component, { activations }): Record<string, Float32Array> => {
        if (component === 'text_encoder') return { last_hidden_state: new Float32Array(6) };
        if (component === 'vae_decoder') return { sample: striped() };
        return { out_sample: new Float32Array(2 * 4 * 64).fill(isBroken(activations === 'float32') ? NaN : 0.1) };
      },
    });
    const events: EngineEvent[] = [];
    const request: GenerationRequest = {
      model: 'fake',
      prompt: '',
      negativePrompt: '',
      sampler: 'euler_ancestral',
      schedule: 'normal',
      noise: 'cpu',
      steps: 3,
      cfgScale: 2,
      seed: 1,
      width: 16,
      height: 16,
    };
    const packs = { open: () => Promise.reject(new Error('no pack is asked for')) };
    const ports = { now: () => 0, breathe: () => Promise.resolve(), packs };
    const made = await paintWith(request, { model, ports, onEvent: (event) => void events.push(event) });
    const notices = events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
    return { made, fake, notices, calls: events.filter(({ type }) => type === 'call').length };
  };

  it('begins again in full precision where the U-Net gives NaN in half, and says so', async () => {
    const { made, fake, notices, calls } = await paint((wide) => !wide);
    expect(notices).toEqual([expect.stringMatching(/begun again in full precision/)]);
    expect(fake.opened).toEqual(['text_encoder 1', 'unet', 'unet float32', 'vae_decoder']);
    expect(calls).toBe(4);
    expect(made.pixels).toEqual((await paint(() => false)).made.pixels);
  });

  it('makes what the U-Net reads beside the latent once, and says once what it lacks', async () => {
    const { notices } = await paint((wide) => !wide, 8);
    expect(notices).toEqual([expect.stringMatching(/begun again/), expect.stringMatching(/edits a picture/)]);
  });

  it('fails with a sentence where that does not help', async () => {
    await expect(paint(() => true)).rejects.toMatchObject({ code: 'not-a-number' });
  });
});

const UNHEARD = { onEvent: () => undefined, pause: () => Promise.resolve() };

describe('imageCondition', () => {
  it('is nothing for a plain U-Net, and zeros with a notice for one that edits', async () => {
    expect(await imageCondition(modelOf({}).model, latent, UNHEARD)).toBeUndefined();
    const edit = await imageCondition(modelOf({ traits: { inChannels: 8 } }).model, latent, UNHEARD);
    expect(edit?.channels).toEqual(new Float32Array(4 * 64));
    expect(edit?.notice).toMatch(/edits a picture/);
  });

  it('masks everything and hides grey from one that inpaints, and releases the encoder', async () => {
    const without = await imageCondition(modelOf({ traits: { inChannels: 9 } }).model, latent, UNHEARD);
    expect([0, 64, 128, 192, 256].map((i) => without?.channels[i])).toEqual(
      [1, 0.8223, -0.6876, 0.6364, 0.138].map(Math.fround),
    );
    const { fake, model } = modelOf({
      traits: { inChannels: 9 },
      components: ['vae_encoder'],
      run: (_component, _shape, { sample }) => {
        expect(sample.dims).toEqual([1, 3, 16, 16]);
        return { latent_sample: new Float32Array(4 * 64).fill(3) };
      },
    });
    expect((await imageCondition(model, latent, UNHEARD))?.channels[64]).toBe(1.5);
    expect(fake.alive.size).toBe(0);
  });
});

describe('createPreview', () => {
  const traits = {
    latentRgb: { factors: Array.from({ length: 4 }, () => [1, 1, 1] as const), bias: [0, 0, 0] as const },
  };
  const run: FakeSourceOptions['run'] = () => ({ sample: new Float32Array(3 * 16 * 16) });
  const denoised = new Float32Array(4 * 64);

  it('is TAESD’s whole picture on a GPU, not at every step of a quick one', async () => {
    let now = 0;
    const { model } = modelOf({ traits, run, components: all });
    const preview = await createPreview(model, latent, () => now);
    expect(await preview(denoised)).toMatchObject({ width: 16, height: 16 });
    now = 100;
    expect(await preview(denoised)).toBeUndefined();
    now = 600;
    expect(await preview(denoised)).toMatchObject({ width: 16 });
  });

  it('is a colour a cell without TAESD, without a GPU, and where TAESD gives NaN', async () => {
    const cpu = { provider: 'wasm', adapter: 'CPU' } as const;
    const broken: FakeSourceOptions['run'] = () => ({ sample: new Float32Array(3 * 16 * 16).fill(NaN) });
    for (const { model } of [
      modelOf({ traits, run }),
      modelOf({ traits, run, components: all }, cpu),
      modelOf({ traits, run: broken, components: all }),
    ])
      expect(await (await createPreview(model, latent, () => 0))(denoised)).toMatchObject({ width: 8, height: 8 });
  });
});
