/** Control-LoRAs on the weights of the model at hand, against diffusers' pipelines with what the two are together (make_control_loras.py). */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Pixels } from '../src/core/image';
import { tensor } from '../src/core/graph';
import { openOnBase, openWeights, type BaseWeights, type DtypePlanId } from '../src/core/packs';
import type { ControlUnit } from '../src/core/recipe/control/unit';
import type { GenerationRequest } from '../src/core/recipe/request';
import { valuesOf } from '../src/core/weights/merged-weights';
import { relativeError } from '../src/core/weights/testing/numbers';
import type { AdapterEntry } from '../src/engine/api';
import cases from '../src/engine/fixtures/pipelines/cases.json';
import fixture from '../src/engine/fixtures/pipelines/control-loras.json';
import { Control } from '../src/engine/models/control';
import type { ControlBase } from '../src/engine/models/control-base';
import { Model } from '../src/engine/models/model';
import { paintTiny, TINY_ENTRY, tinyCase, type TinyCase } from './testing/paint-tiny';
import { openTinyControls } from './testing/tiny-control';
import { openTinyPack } from './testing/tiny-pack';

/** Float32 on both sides. */
const MAX_RELATIVE_ERROR = 1e-3;
const LEAST_CHANGE = 20;

const { width, height } = cases;

type Case = (typeof fixture.cases)[number];

async function entryOf(name: string): Promise<AdapterEntry> {
  const at = new URL(`../src/engine/fixtures/pipelines/${name}.safetensors`, import.meta.url);
  return {
    id: name,
    names: [name],
    revision: '1',
    file: new Blob([new Uint8Array(await readFile(fileURLToPath(at)))]),
  };
}

/** Opaque. */
function pixelsOf(levels: readonly number[]): Pixels {
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  levels.forEach((level, i) => (data[4 * Math.floor(i / 3) + (i % 3)] = level));
  return { width, height, data };
}

/** Without LoRAs. */
const standing = (weights: BaseWeights): ControlBase => ({ weights, key: '', factors: {}, addedBytes: () => 0 });

interface Plans {
  model: DtypePlanId;
  control: DtypePlanId;
}

async function paint(
  { base, units: [{ hint, ...unit }] }: Case,
  changes: Partial<ControlUnit> = {},
  plans: Plans = { model: 'float32', control: 'float32' },
  more: Partial<GenerationRequest> & { adapters?: AdapterEntry[] } = {},
): Promise<number[]> {
  const one = tinyCase(base);
  const source = await openTinyPack(one, plans.model);
  const controls = await openTinyControls([unit.model], plans.control);
  const wish = { ...unit, image: 'hint', range: 'diffusers', ...changes } as ControlUnit;
  return paintTiny(one, source, { control: [wish], images: { hint: pixelsOf(hint) }, controls, ...more });
}

describe('the last latent of a picture under a Control-LoRA', () => {
  it.each(fixture.cases)('with $name is that of diffusers with the ControlNet that it stands for', async (one) => {
    const error = relativeError(await paint(one), one.latent);
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
    expect(error).toBeGreaterThan(0);
    const plain = await paint(one, { weight: 0 });
    expect(relativeError(plain, one.latent)).toBeGreaterThan(LEAST_CHANGE * error);
  });

  it.each<Plans>([
    { model: 'float16', control: 'float16' },
    { model: 'q8', control: 'q8' },
  ])('is near it over weights in $model', async (plans) => {
    const [one] = fixture.cases;
    const near = relativeError(await paint(one, {}, plans), one.latent);
    expect(near).toBeLessThan(0.1);
    expect(near).toBeGreaterThan(0);
  });
});

describe('a Control-LoRA under LoRAs of the prompt', () => {
  const under = (loras: Partial<Record<string, number>>): Partial<GenerationRequest> => ({
    prompt: `${tinyCase('sd15').prompt}${Object.entries(loras)
      .map(([name, strength]) => ` <lora:${name}:${strength}>`)
      .join('')}`,
  });
  const paintUnder = async (
    { case: at, loras }: Pick<(typeof fixture.under)[number], 'case' | 'loras'>,
    { model = 'float32', tag = loras }: { model?: DtypePlanId; tag?: Partial<Record<string, number>> } = {},
  ) => {
    const adapters = await Promise.all(Object.keys(loras).map(entryOf));
    return paint(fixture.cases[at], {}, { model, control: 'float32' }, { ...under(tag), adapters });
  };

  it.each(fixture.under)('with $name stands on the weights that they make', async (one) => {
    const error = relativeError(await paintUnder(one), one.latent);
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
    expect(error).toBeGreaterThan(0);
  });

  it('is near that over weights in q8', async () => {
    const one = fixture.under[2];
    const bare = fixture.cases[one.case];
    const plain = await paint(bare, {}, { model: 'q8', control: 'float32' });
    const error = relativeError(await paintUnder(one, { model: 'q8' }), one.latent);
    expect(error).toBeLessThan(3 * relativeError(plain, bare.latent) + 1e-3);
  });

  it('is as without them at strength 0', async () => {
    const [one] = fixture.under;
    const plain = await paint(fixture.cases[one.case]);
    expect(relativeError(await paintUnder(one, { tag: { 'lora-sd15': 0 } }), plain)).toBeLessThan(1e-6);
  });
});

describe('a Control-LoRA', () => {
  const open = async (folder: string) => {
    const { entries, packs, runtime } = await openTinyControls([folder]);
    return new Control({ entry: entries[0], open: await packs.open(entries[0].id), runtime });
  };
  const baseOf = async (name: string) => {
    const { pack: weights } = await openTinyPack(tinyCase(name), 'float32');
    return standing({ open: weights ?? expect.fail('no pack'), component: 'unet' });
  };

  it('is smaller than what it becomes, and counted as that', async () => {
    const control = await open('control-lora-sd15');
    const alone = control.bytes('float32').beside;
    await control.standOn(await baseOf('sd15'));
    expect(control.bytes('float32').beside).toBeGreaterThan(2 * alone);
  });

  it('loads anew for another model, and not for the same', async () => {
    const control = await open('control-lora-sd15');
    const form = { activations: 'float32', addsUp: false, hasRegion: false } as const;
    const base = await baseOf('sd15');
    await control.standOn(base);
    const { session } = await control.load(form);
    await control.standOn(base);
    expect((await control.load(form)).session).toBe(session);
    await control.standOn(await baseOf('sd15'));
    expect((await control.load(form)).session).not.toBe(session);
    await control.dispose();
  });

  it('loads anew under another LoRA, which is counted, and not for another strength', async () => {
    const { base, units } = fixture.cases[0];
    const control = await open(units[0].model);
    const source = await openTinyPack(tinyCase(base), 'float32');
    const model = new Model({ entry: TINY_ENTRY, source, device: { provider: 'wasm', adapter: '' }, now: () => 0 });
    const entries = [await entryOf('lora-sd15')];
    const form = { activations: 'float32', addsUp: false, hasRegion: false } as const;
    const loaded = async (...strengths: number[]) => {
      await model.use(
        strengths.map((denoiser) => ({ id: 'lora-sd15', revision: '1', denoiser, text: 0 })),
        entries,
      );
      await control.standOn(model.controlBase);
      return { ...(await control.load(form)), bytes: control.bytes('float32').beside };
    };
    const [none, half, whole] = [await loaded(), await loaded(0.5), await loaded(1)];
    expect(half.session).not.toBe(none.session);
    expect(whole.session).toBe(half.session);
    expect(half.bytes).toBeGreaterThan(none.bytes);
    expect(whole.bytes).toBe(half.bytes);
    await control.dispose();
    await model.dispose();
  });

  it('takes of a model that sees more than the latent what is of the latent', async () => {
    const { packs } = await openTinyControls(['control-lora-sd15']);
    const sd15 = tinyCase('sd15');
    const seesMore = { ...sd15, parts: { ...sd15.parts, unet: 'unet-inpaint' } } as TinyCase;
    const { pack: wide } = await openTinyPack(seesMore, 'float32');
    const base = { open: wide ?? expect.fail('no pack'), component: 'unet' } as const;
    const [narrow, all] = [tensor('conv_in.weight', 8, 4, 3, 3), tensor('conv_in.weight', 8, 9, 3, 3)];
    const both = await openOnBase(await packs.open('control-lora-sd15'), 'control_step', base);
    const own = valuesOf(all, (await openWeights(base.open, 'unet')).read);
    const expected = Array.from({ length: 8 }, (_, out) => [...own.slice(out * 81, out * 81 + 36)]).flat();
    expect([...valuesOf(narrow, both.read)]).toEqual(expected);
    const control = await open('control-lora-sd15');
    await control.standOn(standing(base));
    await control.load({ activations: 'float32', addsUp: false, hasRegion: false });
    await control.dispose();
  });

  it('says so in a sentence where the model is of another shape', async () => {
    const control = await open('control-lora-sd15');
    await control.standOn(await baseOf('sdxl'));
    await expect(control.load({ activations: 'float32', addsUp: false, hasRegion: false })).rejects.toThrow(
      /control-lora-sd15 is a Control-LoRA, which stands on a model’s weights, and x is of another shape/,
    );
  });
});
