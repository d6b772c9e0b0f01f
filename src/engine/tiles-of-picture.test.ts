/** A picture that is painted over tile by tile, from the request to the pixels, with fakes. */
import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../core/errors';
import type { Pixels } from '../core/image';
import { madeRaster } from '../core/image/testing/made-bytes';
import { toRgba } from '../core/image/raster';
import type { GenerationRequest } from '../core/recipe/request';
import { redrawnSize } from '../core/recipe/redraw';
import { withDefaults } from '../core/recipe/request';
import { workflowOf } from '../core/workflow';
import type { EngineEvent } from './api';
import { Engine } from './engine';
import { createFake, FAKE_ENTRY, READING_PACK, toJson, type Fake } from './testing/fake-ports';

const START: Pixels = toRgba(madeRaster({ width: 96, height: 64 }, 3, 5));
const images = { start: START };
const request: GenerationRequest = {
  ...{ model: 'fake', prompt: 'a', negativePrompt: '', sampler: 'euler', schedule: 'karras', noise: 'cpu' },
  ...{ steps: 4, cfgScale: 1, seed: 7, width: 64, height: 64, initImage: 'start', denoisingStrength: 0.5 },
  ...{ redraw: 'linear', redrawScale: 2, redrawUpscaler: 'none', redrawTileWidth: 64, redrawPadding: 16 },
  ...{ redrawMaskBlur: 4 },
};

let fake: Fake;
let events: EngineEvent[];
function reading(): Fake {
  const made = createFake();
  made.replaced.set('pack.json', toJson(READING_PACK));
  return made;
}
beforeEach(() => {
  fake = reading();
  events = [];
});
const paint = (changes: Partial<GenerationRequest> = {}, engine = new Engine(fake.ports)) =>
  engine.generate({ ...request, ...changes }, FAKE_ENTRY, (event) => void events.push(event), { images });

describe('redrawnSize', () => {
  it('is so many times the picture, in steps of 64 or of 8, or what is asked for', () => {
    const asked = withDefaults({ ...request, redrawScale: 1.5 });
    const picture = { width: 500, height: 333 };
    expect(redrawnSize(asked, picture)).toEqual({ width: 768, height: 512 });
    expect(redrawnSize({ ...asked, redraw: 'overlap' }, picture)).toEqual({ width: 744, height: 496 });
    expect(redrawnSize({ ...asked, redrawScale: 0 }, picture)).toEqual({ width: 64, height: 64 });
  });
});

describe('a picture in tiles', () => {
  it('becomes as large as asked for, and tells of each tile', async () => {
    // Shown at most every 400 ms.
    let at = 0;
    const { pixels } = await paint({}, new Engine({ ...fake.ports, now: () => (at += 500) }));
    expect([pixels.width, pixels.height]).toEqual([192, 128]);
    const steps = events.flatMap((event) => (event.type === 'step' ? [event] : []));
    expect(steps.map(({ pass }) => pass?.pass)).toEqual([1, 2, 3, 4, 5, 6].flatMap((tile) => [tile, tile, tile]));
    expect(steps.every(({ pass, preview }) => pass?.isTile && pass.passes === 6 && preview === undefined)).toBe(true);
    const shown = events.flatMap((event) => (event.type === 'painted' ? [event.preview] : []));
    expect(shown).toHaveLength(6);
    expect(shown.every(({ width, height }) => width === 192 && height === 128)).toBe(true);
  });

  it('asks the model for tiles alone, whatever the picture’s size', async () => {
    await paint({ redrawScale: 4 });
    const sizes = new Set(fake.unetCalls.map(({ sample }) => sample.dims.slice(2).join('x')));
    const [first] = sizes;
    expect(sizes.size).toBe(1);
    expect(first).toBe('64x64');
    expect(fake.unetCalls).toHaveLength(24 * 3);
  });

  it('has the same seed in each tile, as the script; SD upscale counts up', () => {
    const seeds = (changes: Partial<GenerationRequest>) =>
      workflowOf({ ...request, ...changes }, [], { picture: START }).nodes.flatMap(({ operation, settings }) =>
        operation === 'sample' ? [settings['seed']] : [],
      );
    expect(seeds({})).toEqual([7, 7, 7, 7, 7, 7]);
    expect(seeds({ redraw: 'overlap', redrawOverlap: 0 })).toEqual([7, 8, 9, 10, 11, 12]);
  });

  it('goes through the white fields of a chessboard first', () => {
    const { nodes } = workflowOf({ ...request, redraw: 'chess' }, [], { picture: START });
    const places = nodes.flatMap(({ operation, settings: { left = 0, top = 0 } }) =>
      operation === 'tile_mask' ? [`${String(left)} ${String(top)}`] : [],
    );
    expect(places).toEqual(['0 0', '128 0', '64 64', '64 0', '0 64', '128 64']);
  });

  it('mends seams with a denoising strength of their own', () => {
    const { nodes } = workflowOf({ ...request, seamFix: 'half_tile', seamFixDenoise: 0.25 }, [], { picture: START });
    const strengths = nodes.flatMap(({ operation, settings }) =>
      operation === 'sample' ? [settings['denoisingStrength']] : [],
    );
    expect(strengths).toEqual([...Array<number>(6).fill(0.5), ...Array<number>(7).fill(0.25)]);
  });

  it('is only made larger with a denoising strength of 0', async () => {
    const { pixels } = await paint({ denoisingStrength: 0 });
    expect([pixels.width, pixels.height]).toEqual([192, 128]);
    expect(fake.unetCalls).toEqual([]);
  });

  it('goes on with the tile that a lost device broke', async () => {
    const whole = await paint();
    fake = reading();
    let isLost = false;
    fake.onUnetCall = (call) => {
      if (call !== 7 || isLost) return;
      isLost = true;
      fake.loseDevice();
      throw new AppError('device-lost', 'fake');
    };
    const mended = await paint();
    expect(isLost).toBe(true);
    expect(mended.pixels.data).toEqual(whole.pixels.data);
    // One of eighteen calls was in vain.
    expect(fake.unetCalls).toHaveLength(19);
  });

  it('stops between tiles where somebody cancels', async () => {
    const engine = new Engine(fake.ports);
    fake.onUnetCall = (call) => void (call === 4 && engine.cancel());
    await expect(paint({}, engine)).rejects.toMatchObject({ code: 'cancelled' });
    expect(fake.unetCalls.length).toBeLessThan(8);
  });

  it.each<[Partial<GenerationRequest>, RegExp]>([
    [{ initMask: 'start' }, /take the mask away/],
    [{ hiresScale: 2 }, /Hires\. fix/],
    [{ redrawTileWidth: 0 }, /needs a width or a height/],
    [{ redrawTileWidth: 512 }, /painted at 576 × 576; this model paints 64 to 128/],
    [{ redraw: 'overlap', redrawTileWidth: 64, redrawOverlap: 64 }, /cannot share 64 pixels/],
  ])('refuses %o in a sentence', async (changes, sentence) => {
    await expect(paint(changes)).rejects.toThrow(sentence);
  });
});

describe('units of control in tiles', () => {
  const nodesOf = (unit: object, changes: Partial<GenerationRequest> = {}) => {
    const control = [{ model: 'c', module: 'tile_resample', ...unit }];
    return workflowOf({ ...request, ...changes, control }, [], { picture: START }).nodes;
  };

  it('take the tile as it is painted where they have no picture of their own', () => {
    const nodes = nodesOf({});
    const hints = nodes.filter(({ operation }) => operation === 'make_hint');
    expect(hints.map(({ inputs }) => inputs['image'].node)).toEqual([1, 2, 3, 4, 5, 6].map((i) => `tile ${i} fit`));
    expect(nodes.filter(({ operation }) => operation === 'load_image')).toHaveLength(1);
    const samples = nodes.filter(({ operation }) => operation === 'sample');
    expect(samples.map(({ inputs }) => inputs['control'].node)).toEqual(
      [1, 2, 3, 4, 5, 6].map((i) => `control 0 tile ${i}`),
    );
  });

  it('have their own picture cut by the tile’s mask', () => {
    const fits = nodesOf({ image: 'hint', module: 'none' }).filter(({ operation }) => operation === 'fit_hint');
    expect(fits.map(({ inputs }) => inputs['mask'].node)).toEqual([1, 2, 3, 4, 5, 6].map((i) => `tile ${i} mask`));
    expect(fits[0].settings).toMatchObject({ inpaintArea: 'masked', maskedPadding: 16, width: 128, height: 128 });
  });

  it('are refused in a sentence where SD upscale would give each tile the whole of their picture', async () => {
    const control = [{ model: 'c', image: 'start' }];
    await expect(paint({ redraw: 'overlap', redrawOverlap: 16, control })).rejects.toThrow(/take its own picture away/);
  });
});
