/** Pictures that a model reads beside its prompt, against diffusers' pipelines with the same IP-Adapters (make_image_prompt_pipelines.py). */
import { describe, expect, it, vi } from 'vitest';
import type { Json } from '../src/core/comfyui/workflows/document';
import { PARTS, promptFrom, SAMPLER, TEXT_TO_PICTURE } from '../src/core/comfyui/workflows/testing/prompts';
import { asSeen } from '../src/core/hints/image-prompt';
import { raster, toRgba, type Raster } from '../src/core/image/raster';
import { sha256 } from '../src/core/math/sha256';
import type { ControlUnit } from '../src/core/recipe/control/unit';
import { relativeError } from '../src/core/weights/testing/numbers';
import sizes from '../src/engine/fixtures/pipelines/cases.json';
import fixture from '../src/engine/fixtures/pipelines/image-prompts.json';
import pairs from '../src/engine/fixtures/pipelines/image-prompt-pairs.json';
import { Model } from '../src/engine/models/model';
import { compiled } from './testing/compiled';
import { paintTiny, tinyCase } from './testing/paint-tiny';
import { openTinyControls } from './testing/tiny-control';
import { openTinyPack } from './testing/tiny-pack';

/** Tolerance with float32 on both sides. */
const MAX_RELATIVE_ERROR = 1e-3;
/** What a unit changes is far more than what is left of the difference. */
const LEAST_CHANGE = 20;

/** The same ramp as in the script that made the fixture. */
function ramp(width: number, height: number, start = 0): Raster<3> {
  const to = raster({ width, height }, 3);
  for (let i = 0; i < to.data.length; i++) {
    const [x, y, c] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3];
    to.data[i] = (start + 37 * c + 11 * x + 5 * y * (x % 3)) % 256;
  }
  return to;
}

type Nodes = Parameters<typeof promptFrom>[0];
type Case = (typeof fixture.cases)[number];
type Unit = { model: string; weight: number; end?: number; region?: readonly number[] };

/** A grey picture in the size that is painted. */
const greyOf = (levels: readonly number[]) =>
  toRgba(raster({ width: sizes.width, height: sizes.height }, 1, Uint8ClampedArray.from(levels)));

const MODULE = 'ip-adapter-auto';

async function paint(one: Case, changes: Partial<ControlUnit> = {}, files: readonly string[] = ['tower']) {
  const base = tinyCase(one.base);
  const source = await openTinyPack(base, 'float32');
  const images = Object.fromEntries(one.units.map((_, i) => [`picture ${i}`, toRgba(ramp(40, 30, 50 * i))]));
  const units = one.units.map(({ region, ...unit }: Unit, i): ControlUnit => {
    if (region) images[`region ${i}`] = greyOf(region);
    return {
      ...{ range: 'diffusers', module: MODULE, image: `picture ${i}` },
      ...unit,
      ...(region && { region: `region ${i}` }),
      ...changes,
    };
  });
  const controls = await openTinyControls([...new Set(units.map(({ model }) => model)), ...files]);
  const asked = { ...base, ...('cfgScale' in one && { cfgScale: one.cfgScale }) };
  return paintTiny(asked, source, { control: units, images, controls });
}

describe('what a tower is shown of a picture', () => {
  it.each(fixture.seen)('of $width × $height is transformers’ to the byte', ({ width, height, sha256: hash, row }) => {
    const seen = asSeen(ramp(width, height));
    expect([...seen.data.subarray(100 * 224 * 3, 100 * 224 * 3 + 24)]).toEqual(row);
    expect(sha256(new Uint8Array(seen.data))).toBe(hash);
  });
});

describe('the last latent of a model that reads pictures', () => {
  it.each(fixture.cases)('with $name is that of diffusers', async (one) => {
    const latent = await paint(one);
    const error = relativeError(latent, one.latent);
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
    expect(error).toBeGreaterThan(0);
    const plain = await paint(one, { weight: 0 });
    expect(relativeError(plain, one.latent)).toBeGreaterThan(LEAST_CHANGE * error);
  });

  it('is the model’s own to the bit where no picture counts, or acts in no step', async () => {
    const [one] = fixture.cases;
    const base = tinyCase('sd15');
    const own = await paintTiny(base, await openTinyPack(base, 'float32'));
    expect(await paint(one, { weight: 0 })).toEqual(own);
    expect(await paint(one, { start: 0.3, end: 0.3 })).toEqual(own);
  });

  it('is read once for all pictures that are painted with it', async () => {
    const [one] = fixture.cases;
    const base = tinyCase('sd15');
    const controls = await openTinyControls([one.units[0].model, 'tower']);
    let made = 0;
    const makeRoom = vi.spyOn(Model.prototype, 'makeRoom');
    const { createSession } = controls.runtime;
    const runtime: typeof controls.runtime = {
      ...controls.runtime,
      createSession: (...given) => {
        made += 1;
        return createSession(...given);
      },
    };
    await paintTiny(base, await openTinyPack(base, 'float32'), {
      control: [{ model: one.units[0].model, image: 'picture', module: MODULE }],
      images: { picture: toRgba(ramp(40, 30)) },
      controls: { ...controls, runtime },
      ...{ hiresScale: 1.5, denoisingStrength: 0.6 },
    });
    expect(made).toBe(2); // the tower and the adapter, not once more in the second pass
    const [[first], [second]] = makeRoom.mock.calls;
    makeRoom.mockRestore();
    expect(first.alone).toBeGreaterThan(1e3);
    expect(second.alone).toBe(0);
  });
});

describe('a unit with two pictures', () => {
  const paintPair = async (model: string, unit: Partial<ControlUnit>): Promise<number[]> => {
    const base = tinyCase('sd15');
    return paintTiny(base, await openTinyPack(base, 'float32'), {
      control: [{ model, module: MODULE, range: 'diffusers', image: 'picture 0', ...unit }],
      images: { 'picture 0': toRgba(ramp(40, 30)), 'picture 1': toRgba(ramp(40, 30, 50)) },
      controls: await openTinyControls([model, 'tower']),
    });
  };

  // tools/fixtures/make_image_prompt_pairs.py
  it.each(pairs.cases)('reads them by $model as diffusers does, $join', async ({ model, join, weight, latent }) => {
    const unit = { weight, join } as Partial<ControlUnit>;
    const made = await paintPair(model, { ...unit, more: ['picture 1'] });
    const error = relativeError(made, latent);
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
    const alone = await paintPair(model, unit);
    expect(relativeError(alone, latent)).toBeGreaterThan(LEAST_CHANGE * error);
  });

  it('reads one that is there twice as that one', async () => {
    for (const join of ['concat', 'average'] as const) {
      const twice = await paintPair('ip-plus', { join, more: ['picture 0'] });
      expect(relativeError(twice, await paintPair('ip-plus', {}))).toBeLessThan(1e-5);
    }
  });
});

describe('IPAdapter_plus’ nodes', () => {
  const base = tinyCase('sd15');
  const [{ width, height }] = [sizes];
  const images = {
    'picture 0': toRgba(ramp(40, 30)),
    'picture 1': toRgba(ramp(40, 30, 50)),
    half: greyOf(Array.from({ length: width * height }, (_, i) => (i % width < width / 2 ? 255 : 0))),
  };

  async function paintGraph(read: Nodes): Promise<number[]> {
    const workflow = compiled(
      promptFrom({
        ...TEXT_TO_PICTURE,
        ...read,
        '4': ['CheckpointLoaderSimple', { ckpt_name: 'tiny' }],
        '5': ['EmptyLatentImage', { width, height, batch_size: 1 }],
        '6': ['CLIPTextEncode', { text: base.prompt, clip: ['4', 1] }],
        '7': ['CLIPTextEncode', { text: base.negativePrompt, clip: ['4', 1] }],
        '3': ['KSampler', { ...SAMPLER, ...PARTS, seed: base.seed, model: ['23', 0] }],
      }),
    );
    const changes = { images, controls: await openTinyControls(['ip-plus', 'tower']) };
    return paintTiny(base, await openTinyPack(base, 'float32'), { ...changes, change: () => workflow });
  }

  const paintForm = async (unit: Partial<ControlUnit>): Promise<number[]> =>
    paintTiny({ ...base, steps: SAMPLER.steps, cfgScale: SAMPLER.cfg }, await openTinyPack(base, 'float32'), {
      ...{ images, noise: 'comfyui', conventions: 'comfyui', schedule: 'normal', prompt: base.prompt },
      control: [{ model: 'ip-plus', module: MODULE, range: 'comfyui', image: 'picture 0', weight: 0.8, ...unit }],
      controls: await openTinyControls(['ip-plus', 'tower']),
    });

  const adapter = (more: Record<string, Json>): Nodes => ({
    '20': ['IPAdapterModelLoader', { ipadapter_file: 'ip-plus' }],
    '22': ['LoadImage', { image: 'picture 0' }],
    '23': [
      'IPAdapterAdvanced',
      {
        ...{ model: ['4', 0], ipadapter: ['20', 0], image: ['22', 0], weight: 0.8, weight_type: 'linear' },
        ...{ combine_embeds: 'concat', start_at: 0, end_at: 1, embeds_scaling: 'V only', ...more },
      },
    ],
  });

  it('paint what a unit of the form paints: one picture, and two joined', async () => {
    const one = await paintGraph(adapter({}));
    expect(relativeError(one, await paintForm({}))).toBeLessThan(1e-6);
    for (const join of ['concat', 'average'] as const) {
      const two = await paintGraph({
        ...adapter({ image: ['30', 0], combine_embeds: join }),
        '29': ['LoadImage', { image: 'picture 1' }],
        '30': ['ImageBatch', { image1: ['22', 0], image2: ['29', 0] }],
      });
      expect(relativeError(two, await paintForm({ join, more: ['picture 1'] }))).toBeLessThan(1e-6);
      expect(relativeError(two, one)).toBeGreaterThan(1e-3);
    }
  });

  it('read where a mask says alone', async () => {
    const masked = await paintGraph({
      ...adapter({ attn_mask: ['31', 0] }),
      '31': ['LoadImageMask', { image: 'half', channel: 'red' }],
    });
    expect(relativeError(masked, await paintForm({ region: 'half' }))).toBeLessThan(1e-6);
    expect(relativeError(masked, await paintForm({}))).toBeGreaterThan(1e-3);
  });
});

describe('a unit that cannot read', () => {
  const [one] = fixture.cases;

  it('says which tower it needs where none is here', async () => {
    await expect(paint(one, {}, [])).rejects.toThrow(
      /^ip-base looks at pictures with a CLIP vision encoder whose result is 20 numbers wide, which is not here/,
    );
  });

  it('of another family is refused in a sentence', async () => {
    const other = { ...one, units: [{ ...one.units[0], model: 'ip-sdxl' }] } as Case;
    await expect(paint(other)).rejects.toThrow(/^ip-sdxl is a.* IP-Adapter for .*\. Choose/);
  });

  it('is refused with a preprocessor that makes hints, and a ControlNet with one that does not', async () => {
    await expect(paint(one, { module: 'canny' })).rejects.toThrow(
      'ip-base is an IP-Adapter, which looks at the picture itself: choose "ip-adapter-auto" as its preprocessor, not "canny".',
    );
    const other = { ...one, units: [{ ...one.units[0], model: 'control-sd15' }] } as Case;
    await expect(paint(other)).rejects.toThrow(/^control-sd15 is no IP-Adapter/);
  });
});
