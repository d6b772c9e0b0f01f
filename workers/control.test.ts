/** Pictures under control, against diffusers' pipelines with the same ControlNets and adapters (make_control_pipelines.py). */
import { describe, expect, it, vi } from 'vitest';
import { fitHint } from '../src/core/control/fit-hint';
import { boxBlur } from '../src/core/control/keep-colours';
import { hintFor } from '../src/core/hints';
import type { Pixels } from '../src/core/image';
import { fromPixels, toRgb } from '../src/core/image/raster';
import type { ControlUnit } from '../src/core/recipe/control/unit';
import { relativeError } from '../src/core/weights/testing/numbers';
import cases from '../src/engine/fixtures/pipelines/cases.json';
import fixture from '../src/engine/fixtures/pipelines/control.json';
import { Model, type ControlBytes } from '../src/engine/models/model';
import { paintTiny, paintTinyPicture, TINY_ENTRY, tinyCase } from './testing/paint-tiny';
import { openTinyControls } from './testing/tiny-control';
import { openTinyPack } from './testing/tiny-pack';

/** Tolerance with float32 on both sides. */
const MAX_RELATIVE_ERROR = 1e-3;
/** What a unit changes is far more than what is left of the difference. */
const LEAST_CHANGE = 20;

const { width, height } = cases;

/** An opaque picture of these levels. */
function pixelsOf(levels: readonly number[]): Pixels {
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  levels.forEach((level, i) => (data[4 * Math.floor(i / 3) + (i % 3)] = level));
  return { width, height, data };
}

type Case = (typeof fixture.cases)[number];

function unitsOf(
  { units }: Case,
  changes: Partial<ControlUnit> = {},
): { units: ControlUnit[]; images: Record<string, Pixels> } {
  const images = Object.fromEntries(units.map(({ hint }, i) => [`hint ${i}`, pixelsOf(hint)]));
  const all = units.map(({ hint: _, ...unit }, i) => {
    const part = 'region' in unit ? { region: `region ${i}` } : {};
    return { ...unit, ...part, image: `hint ${i}`, range: 'diffusers', ...changes };
  });
  units.forEach((unit, i) => {
    const { region } = unit as { region?: readonly number[] };
    if (region) images[`region ${i}`] = pixelsOf(region.flatMap((level) => [level, level, level]));
  });
  return { units: all as ControlUnit[], images };
}

async function paint(one: Case, changes: Partial<ControlUnit> = {}): Promise<number[]> {
  const base = tinyCase(one.base);
  const source = await openTinyPack(base, 'float32');
  const { units, images } = unitsOf(one, changes);
  const controls = await openTinyControls([...new Set(units.map(({ model }) => model))]);
  const levels = 'picture' in one ? one.picture : undefined;
  const started = levels ? { initImage: 'picture', denoisingStrength: 0.5 } : {};
  if (levels) images['picture'] = pixelsOf(levels);
  return paintTiny(base, source, { control: units, images, controls, ...started });
}

describe('the last latent of a picture under control', () => {
  it.each(fixture.cases)('with $name is that of diffusers', async (one) => {
    const latent = await paint(one);
    const error = relativeError(latent, one.latent);
    expect(error).toBeLessThan(MAX_RELATIVE_ERROR);
    expect(error).toBeGreaterThan(0);
    const plain = await paint(one, { weight: 0 });
    expect(relativeError(plain, one.latent)).toBeGreaterThan(LEAST_CHANGE * error);
  });

  it('is that of two units of half the weight', async () => {
    const [one] = fixture.cases;
    const half = one.units[0].weight / 2;
    const twice = { ...one, units: [one.units[0], one.units[0]].map((unit) => ({ ...unit, weight: half })) } as Case;
    expect(relativeError(await paint(twice), await paint(one))).toBeLessThan(1e-5);
  });

  it('is that of the finished hint where a preprocessor makes it of the picture', async () => {
    const [one] = fixture.cases;
    const settings = { resolution: 64, thresholdA: 60, thresholdB: 120 };
    const wish = { ...settings, module: 'canny', pixelPerfect: false, resizeMode: 'crop_and_resize', seed: 0 } as const;
    const edges = one.units.map(({ hint }) =>
      hintFor(fromPixels(pixelsOf(hint)), { ...wish, target: { width, height } }),
    );
    const fitted = edges.map((hint) => toRgb(fitHint(hint, { width, height }, 'crop_and_resize')));
    expect(new Set(fitted[0].data)).toEqual(new Set([0, 255]));
    const finished = {
      ...one,
      units: one.units.map((unit, i) => ({ ...unit, hint: [...fitted[i].data] })),
    } as Case;
    expect(await paint(one, { module: 'canny', ...settings })).toEqual(await paint(finished));
  });

  it('is the model’s own to the bit where all units count for nothing, or act in no step', async () => {
    const [one] = fixture.cases;
    const base = tinyCase('sd15');
    const own = await paintTiny(base, await openTinyPack(base, 'float32'));
    expect(await paint(one, { weight: 0 })).toEqual(own);
    expect(await paint(one, { start: 0.3, end: 0.3 })).toEqual(own);
  });
});

describe('a unit that keeps its picture’s colours', () => {
  const [one] = fixture.cases;

  /** How far two pictures of other noise are apart in what is coarse in them. */
  async function apart(changes: Partial<ControlUnit>): Promise<number> {
    const base = tinyCase(one.base);
    const { units, images } = unitsOf(one, changes);
    const paintSeed = async (seed: number) => {
      const source = await openTinyPack(base, 'float32');
      const controls = await openTinyControls([one.units[0].model]);
      const latent = await paintTiny({ ...base, seed }, source, { control: units, images, controls });
      const rows = Math.sqrt((latent.length * height) / (4 * width));
      return boxBlur(Float32Array.from(latent), { height: rows, width: (rows * width) / height }, 3);
    };
    const [first, second] = [await paintSeed(1), await paintSeed(2)];
    return first.reduce((sum, value, i) => sum + Math.abs(value - second[i]), 0) / first.length;
  }

  it('has them in whatever noise it was painted of, in the measure of its weight and in steps where it does not act', async () => {
    const without = await apart({ module: 'none' });
    const kept = await apart({ module: 'tile_colorfix', thresholdA: 3 });
    expect(kept).toBeLessThan(without / 2.5);
    expect(await apart({ module: 'tile_colorfix', thresholdA: 3, start: 0.3, end: 0.3 })).toBeLessThan(without / 2.5);
    const half = await apart({ module: 'tile_colorfix', thresholdA: 3, weight: 0.5 });
    expect(half).toBeGreaterThan(kept);
    expect(half).toBeLessThan(without);
  });

  it('blurs what is led away from where it sharpens', async () => {
    const plain = await paint(one, { module: 'tile_colorfix' });
    expect(await paint(one, { module: 'tile_colorfix+sharp', thresholdB: 0 })).toEqual(plain);
    expect(relativeError(await paint(one, { module: 'tile_colorfix+sharp', thresholdB: 2 }), plain)).toBeGreaterThan(
      1e-3,
    );
  });
});

describe('where memory is short', () => {
  it('units are counted: once each network, and the most of what runs alone', async () => {
    const [one] = fixture.cases;
    const base = tinyCase(one.base);
    const makeRoom = vi.spyOn(Model.prototype, 'makeRoom');
    await paint(one);
    const [[single]] = makeRoom.mock.calls;
    expect(single.beside).toBeGreaterThan(1e4);
    expect(single.alone).toBeGreaterThan(1e3);
    await paint({ ...one, units: [one.units[0], one.units[0]] } as Case);
    expect(makeRoom.mock.lastCall).toEqual([single]);
    await paint(one, { weight: 0 });
    expect(makeRoom.mock.lastCall).toEqual([{ beside: 0, alone: 0 }]);
    makeRoom.mockRestore();
    const source = await openTinyPack(base, 'float32');
    const device = { provider: 'webgpu', adapter: 'node', memoryBytes: 1e9 } as const;
    const model = new Model({ entry: TINY_ENTRY, source, device, now: () => 0 });
    const residencyWith = async (bytes: ControlBytes) => {
      await model.makeRoom(bytes);
      return model.report.residency;
    };
    const none = { beside: 0, alone: 0 };
    expect(await residencyWith(none)).toBe('resident');
    expect(await residencyWith({ beside: 9e8, alone: 0 })).toBe('in_turn');
    expect(await residencyWith({ beside: 0, alone: 9e8 })).toBe('in_turn');
    expect(await residencyWith({ beside: 4e8, alone: 1e8 })).toBe('resident');
    // the steps of the picture before are still loaded while the next one's hints are encoded
    expect(await residencyWith({ beside: 4e8, alone: 5e8 })).toBe('in_turn');
    expect(await residencyWith(none)).toBe('resident');
    await model.dispose();
  });

  it('a ControlNet is gone before the picture is developed', async () => {
    const [one] = fixture.cases;
    const base = tinyCase(one.base);
    const source = await openTinyPack(base, 'float32');
    const controls = await openTinyControls([one.units[0].model]);
    const alive = new Set<object>();
    const { createSession } = controls.runtime;
    const runtime: typeof controls.runtime = {
      ...controls.runtime,
      createSession: async (...given) => {
        const { dispose, ...session } = await createSession(...given);
        const key = {};
        alive.add(key);
        return { ...session, dispose: () => (alive.delete(key), dispose()) };
      },
    };
    const beside: number[] = [];
    const watched: typeof source = {
      ...source,
      open: (component, shape) => {
        if (component === 'vae_decoder') beside.push(alive.size);
        return source.open(component, shape);
      },
    };
    const { units, images } = unitsOf(one);
    const latent = await paintTiny(base, watched, {
      ...{ control: units, images, controls: { ...controls, runtime }, isTight: true },
    });
    expect(beside).toEqual([0]);
    expect(relativeError(latent, one.latent)).toBeLessThan(MAX_RELATIVE_ERROR);
  });
});

describe('a unit that does not fit', () => {
  const [one] = fixture.cases;

  it('of another family is refused in a sentence that names both', async () => {
    await expect(paint({ ...one, units: [{ ...one.units[0], model: 'control-sdxl' }] } as Case)).rejects.toThrow(
      /^control-sdxl is a ControlNet for .*; Tiny is .*\. Choose one that was made for Tiny\.$/,
    );
  });

  it('with a kind of hint that its Union does not know is refused with those it knows', async () => {
    const union = fixture.cases.find(({ name }) => name.startsWith('a Union'));
    await expect(paint(union ?? one, { kind: 'tile' })).rejects.toThrow(
      /control-union knows no hints of the kind Tile; it knows OpenPose, Depth, Soft Edge, Hard Edge, Normal Map, Segmentation\./,
    );
  });

  it('is painted with, and said, where its hint is black, and where it has another size', async () => {
    const base = tinyCase('sd15');
    const controls = await openTinyControls(['control-sd15']);
    const black = { width: 5, height: 9, data: new Uint8ClampedArray(180).map((_, i) => (i % 4 === 3 ? 255 : 0)) };
    const said: string[] = [];
    const latent = await paintTiny(base, await openTinyPack(base, 'float32'), {
      control: [{ model: 'control-sd15', image: 'black' }],
      images: { black },
      controls,
      onEvent: (event) => void (event.type === 'notice' && said.push(event.message)),
    });
    expect(latent.every(Number.isFinite)).toBe(true);
    expect(said).toEqual(['The hint for control-sd15 is black everywhere, so that it says nothing of any shape.']);
  });
});

describe('the second pass of hires. fix', () => {
  it('gets the hint in its own size, and only the units that are for it', async () => {
    const [one] = fixture.cases;
    const base = tinyCase('sd15');
    const source = await openTinyPack(base, 'float32');
    const controls = await openTinyControls(['control-sd15']);
    const images = { hint: pixelsOf(one.units[0].hint) };
    const latents: number[][] = [];
    for (const hires of ['both', 'low', 'high'] as const)
      latents.push(
        await paintTiny(base, source, {
          control: [{ model: 'control-sd15', image: 'hint', hires }],
          images,
          controls,
          hiresScale: 1.5,
          denoisingStrength: 0.6,
        }),
      );
    for (const [i, a] of latents.entries())
      for (const b of latents.slice(i + 1)) expect(relativeError(a, b)).toBeGreaterThan(1e-3);
  });

  // 24 × 1.3 = 31.2 and 16 × 1.35 = 21.6 pixels are 15 and 10 cells of 2
  it.each([1.1, 1.3, 1.35, 1.65])('takes a hint whose last cells are not whole: at %f', async (hiresScale) => {
    const [one] = fixture.cases;
    const base = tinyCase('sd15');
    const [source, controls] = [await openTinyPack(base, 'float32'), await openTinyControls(['control-sd15'])];
    const control: ControlUnit[] = [{ model: 'control-sd15', image: 'hint' }];
    const images = { hint: pixelsOf(one.units[0].hint) };
    for (const size of [
      { width: 24, height: 16 },
      { width: 24, height: 24 },
    ]) {
      const changes = { ...size, images, hiresScale, denoisingStrength: 0.6 };
      const plain = await paintTiny(base, source, changes);
      const latent = await paintTiny(base, source, { ...changes, control, controls });
      expect(latent).toHaveLength(plain.length);
      expect(relativeError(latent, plain)).toBeGreaterThan(1e-3);
    }
  });

  it.each([
    ['recolor_luminance', { hiresScale: 1.3, denoisingStrength: 0.6 }],
    ['recolor_intensity', { hiresScale: 1.35, denoisingStrength: 0 }],
    ['recolor_luminance', { width: width + 1, height: height + 1, initImage: 'hint', denoisingStrength: 0.6 }],
  ])('recolors what is painted in whole cells: %s, %j', async (module, changes) => {
    const [one] = fixture.cases;
    const base = tinyCase('sd15');
    const source = await openTinyPack(base, 'float32');
    const inputs = {
      images: { hint: pixelsOf(one.units[0].hint) },
      controls: await openTinyControls(['control-sd15']),
    };
    const painted = (name: string) =>
      paintTinyPicture(base, source, {
        ...changes,
        ...inputs,
        control: [{ model: 'control-sd15', image: 'hint', module: name }],
      });
    const [recolored, plain] = [await painted(module), await painted('none')];
    expect([recolored.width, recolored.height]).toEqual([plain.width, plain.height]);
    expect(recolored.data).not.toEqual(plain.data);
  });

  it('takes one as large as a picture that the encoder reads without its last cells', async () => {
    const [one] = fixture.cases;
    const base = tinyCase('sd15');
    const latent = await paintTiny(base, await openTinyPack(base, 'float32'), {
      ...{ width: width + 1, height: height + 1, initImage: 'hint', denoisingStrength: 0.6 },
      images: { hint: pixelsOf(one.units[0].hint) },
      control: [{ model: 'control-sd15', image: 'hint' }],
      controls: await openTinyControls(['control-sd15']),
    });
    expect(latent).toHaveLength((4 * width * height) / 4);
  });
});
