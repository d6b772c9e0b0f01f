/** Units become operations: a hint is made where a preprocessor is named, at each pass's size only where that matters. */
import { describe, expect, it } from 'vitest';
import { FIELD_DEFAULTS, type GenerationRequest } from '../recipe/request';
import type { ControlUnit } from '../recipe/control/unit';
import { readWorkflow, workflowOf } from '.';

const PLAIN = { ...FIELD_DEFAULTS, model: 'm', prompt: 'a cat', seed: 7 } as unknown as GenerationRequest;

function nodesOf(unit: Partial<ControlUnit>, request: Partial<GenerationRequest> = {}) {
  const control = [{ model: 'canny', image: 'picture', ...unit }];
  return workflowOf({ ...PLAIN, control, ...request }).nodes;
}

const made = (...of: Parameters<typeof nodesOf>) => nodesOf(...of).filter(({ operation }) => operation === 'make_hint');

describe('units of a request', () => {
  it('give their picture as it is where nothing makes a hint of it', () => {
    expect(made({})).toEqual([]);
    expect(made({ module: 'None' })).toEqual([]);
    const fit = nodesOf({}).find(({ operation }) => operation === 'fit_hint');
    expect(fit?.inputs).toEqual({ image: { node: 'hint 0', output: 'image' } });
  });

  it('make their hint between the picture and its fitting, by any name of the preprocessor', () => {
    const unit = { module: 'CannyEdgePreprocessor', thresholdA: 40, resolution: 256 };
    const [hint, ...others] = made(unit);
    expect(others).toEqual([]);
    expect(hint).toMatchObject({
      id: 'hint 0, made',
      settings: { module: 'canny', thresholdA: 40, resolution: 256 },
      inputs: { image: { node: 'hint 0', output: 'image' } },
    });
    const fit = nodesOf(unit).find(({ operation }) => operation === 'fit_hint');
    expect(fit?.inputs).toEqual({ image: { node: 'hint 0, made', output: 'image' } });
  });

  it('look at it in the size of each pass where that is wanted', () => {
    const hires = { width: 128, height: 128, hiresScale: 2 };
    expect(made({ module: 'canny' }, hires).map(({ settings }) => settings)).toEqual([
      { module: 'canny' },
      { module: 'canny' },
    ]);
    expect(made({ module: 'canny', pixelPerfect: true }, hires).map(({ settings }) => settings['width'])).toEqual([
      128, 256,
    ]);
  });

  describe('that leave out what is masked', () => {
    const masked = { initImage: 'start', initMask: 'mask', maskBlur: 3, invertMask: true };
    const unit = { module: 'inpaint', image: 'start' };

    it('take the mask of the start picture as it is made ready for it', () => {
      expect(made(unit, masked)).toMatchObject([
        { settings: { module: 'inpaint_global_harmonious' }, inputs: { mask: { node: 'soften', output: 'mask' } } },
      ]);
      const fit = nodesOf(unit, masked).find(({ operation }) => operation === 'fit_hint');
      expect(fit?.settings['isMasked']).toBe(true);
    });

    it('make it ready for another picture that they see', () => {
      const nodes = nodesOf({ ...unit, image: 'other' }, masked);
      expect(nodes.find(({ id }) => id === 'hint 0, masked')).toMatchObject({
        operation: 'soften_mask',
        settings: { maskBlur: 3, invertMask: true },
        inputs: { mask: { node: 'mask', output: 'mask' }, image: { node: 'hint 0', output: 'image' } },
      });
      const hint = nodes.find(({ operation }) => operation === 'make_hint');
      expect(hint?.inputs['mask']).toEqual({ node: 'hint 0, masked', output: 'mask' });
      expect(() => readWorkflow({ version: 1, nodes })).not.toThrow();
    });

    it('are the only ones whose hints have a mask', () => {
      const nodes = nodesOf({ module: 'canny', image: 'start' }, masked);
      expect(nodes.find(({ operation }) => operation === 'make_hint')?.inputs['mask']).toBeUndefined();
      expect(nodes.find(({ operation }) => operation === 'fit_hint')?.settings['isMasked']).toBeUndefined();
    });
  });

  it('draw with the picture’s seed where a preprocessor draws', () => {
    expect(made({ module: 'shuffle' })[0]?.settings).toEqual({ module: 'shuffle', hintSeed: 7 });
    expect(made({ module: 'canny' })[0]?.settings).toEqual({ module: 'canny' });
  });

  it.each([
    [2 ** 32 - 1, 2 ** 32 - 1],
    [2 ** 32 + 5, 5],
    [Number.MAX_SAFE_INTEGER, 2 ** 32 - 1],
    ['18446744073709551614', 2 ** 32 - 2],
  ])('draw with the lower 32 bits of a long seed: %s', (seed, hintSeed) => {
    const control = [{ model: 'canny', image: 'picture', module: 'shuffle' }];
    const workflow = workflowOf({ ...PLAIN, control, seed });
    const hint = readWorkflow(workflow).nodes.find(({ operation }) => operation === 'make_hint');
    expect(hint?.settings).toEqual({ module: 'shuffle', hintSeed });
  });
});

describe('units that keep their picture’s colours', () => {
  const kept = (...of: Parameters<typeof nodesOf>) =>
    nodesOf(...of).filter(({ settings, inputs }) => 'colourRadius' in settings || 'colours' in inputs);

  it('read it as a latent at each pass’s size, and average over twice as many cells in the second', () => {
    const hires = { width: 128, height: 128, hiresScale: 2 };
    const unit = { module: 'tile_colorfix+sharp', thresholdA: 5 };
    expect(kept(unit, hires)).toMatchObject([
      { id: 'control 0', settings: { colourRadius: 5, sharpness: 1 }, inputs: { colours: { node: 'colours 0' } } },
      { id: 'control 0 again', settings: { colourRadius: 10 }, inputs: { colours: { node: 'colours 0 again' } } },
    ]);
    const read = nodesOf(unit, hires).find(({ id }) => id === 'colours 0 again');
    expect(read).toMatchObject({ operation: 'encode_image', inputs: { image: { node: 'hint 0 again, fitted' } } });
    expect(kept({ module: 'tile_colorfix' })[0].settings).toMatchObject({ colourRadius: 8 });
    expect(kept({ module: 'tile_resample' })).toEqual([]);
  });
});

describe('units that recolor', () => {
  const last = (...of: Parameters<typeof nodesOf>) =>
    nodesOf(...of).filter(({ operation }) =>
      ['recolor_image', 'paste_back', 'keep', 'decode_latent'].includes(operation),
    );

  it('give the decoded picture their hint’s lightness, before it is pasted back', () => {
    const masked = { initImage: 'start', initMask: 'mask' };
    expect(last({ module: 'recolor_luminance' }, masked)).toMatchObject([
      { id: 'decode' },
      { settings: {}, inputs: { image: { node: 'decode' }, hint: { node: 'hint 0, fitted' } } },
      { id: 'paste', inputs: { image: { node: 'recolor 0' } } },
      { id: 'keep' },
    ]);
  });

  it('do so at the size of the last pass, also where they act in the first alone', () => {
    const hires = { width: 128, height: 128, hiresScale: 2 };
    const nodes = nodesOf({ module: 'recolor_intensity', hires: 'low' }, hires);
    expect(nodes.find(({ operation }) => operation === 'recolor_image')).toMatchObject({
      settings: { part: 'intensity' },
      inputs: { hint: { node: 'hint 0 again, fitted' } },
    });
    expect(nodes.find(({ id }) => id === 'hint 0 again, fitted')?.settings).toMatchObject({ width: 256, height: 256 });
    expect(() => readWorkflow({ version: 1, nodes })).not.toThrow();
    const ids = nodes.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('recolor one after another, and not at weight 0', () => {
    const two = ['recolor_luminance', 'recolor_intensity'].map((module) => ({ model: 'm', image: 'p', module }));
    const { nodes } = workflowOf({ ...PLAIN, control: [...two, { ...two[0], weight: 0 }] });
    expect(
      nodes.filter(({ operation }) => operation === 'recolor_image').map(({ inputs }) => inputs['image'].node),
    ).toEqual(['decode', 'recolor 0']);
    expect(nodes.at(-1)?.inputs['image'].node).toBe('recolor 1');
  });

  it('recolor each tile of a picture that is enlarged so', () => {
    const redraw = { initImage: 'start', redraw: 'linear', hiresScale: 1 } as Partial<GenerationRequest>;
    const { nodes } = workflowOf({ ...PLAIN, ...redraw, control: [{ model: 'm', module: 'recolor_luminance' }] }, [], {
      picture: { width: 512, height: 512 },
    });
    const pastes = nodes.filter(({ operation }) => operation === 'paste_back');
    expect(pastes.length).toBeGreaterThan(0);
    for (const { inputs } of pastes) expect(inputs['image'].node).toMatch(/^recolor 0 tile/);
    expect(() => readWorkflow({ version: 1, nodes })).not.toThrow();
  });
});
