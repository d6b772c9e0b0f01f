/** How much a second pass is larger, by the nodes between: a first pass has 576 × 704 here. */
import { describe, expect, it } from 'vitest';
import { byModel, decode, node, notesOf, read, second, type Inputs, type Nodes } from './testing/graphs';

const WAS: Inputs = {
  ...{ mode: 'resize', supersample: 'false', resampling: 'lanczos' },
  ...{ rescale_factor: 2, resize_width: 1024, resize_height: 1536 },
};
const COMFYROLL: Inputs = {
  ...{ upscale_model: '4x.pth', mode: 'resize', rescale_factor: 2, resize_width: 864 },
  ...{ resampling_method: 'lanczos', supersample: 'false', rounding_modulus: 8 },
};
const ESSENTIALS: Inputs = { interpolation: 'lanczos', method: 'stretch', condition: 'always', multiple_of: 0 };

/** A node behind a model that enlarges four times. */
const behind = (type: string, inputs: Inputs, name = '4x-Ultra.pth'): Nodes =>
  byModel(name, { '13': node(type, { image: ['11', 0], ...inputs }) }, '13');
/** A node on the picture of the first pass. */
const alone = (type: string, inputs: Inputs): Nodes =>
  second(
    {
      '10': decode(['5', 0]),
      '11': node(type, { image: ['10', 0], ...inputs }),
      '14': node('VAEEncode', { pixels: ['11', 0], vae: ['1', 2] }),
    },
    '14',
  );

const hiresOf = (nodes: Nodes) => {
  const { upscale, resizeWidth: width, resizeHeight: height } = read(nodes).recipe.hires ?? {};
  return width === undefined ? { upscale } : { width, height };
};

describe('behind a model', () => {
  it.each<[string, Inputs, number]>([
    ['ImageScaleToTotalPixels', { megapixels: 1.5 }, Math.sqrt((1.5 * 1024 ** 2) / (576 * 704))],
    ['ImageScaleToTotalPixels', { megapixels: 1.5, resolution_steps: 1 }, Math.sqrt((1.5 * 1024 ** 2) / (576 * 704))],
    ['ImageScaleToMaxDimension', { largest_size: 1056 }, 1.5],
    ['ResizeImageMaskNode', { resize_type: 'scale shorter dimension', 'resize_type.shorter_size': 864 }, 1.5],
    ['ResizeImageMaskNode', { resize_type: 'scale by multiplier', 'resize_type.multiplier': 0.5 }, 2],
    ['ResizeImageMaskNode', { resize_type: 'scale width', 'resize_type.width': 864 }, 1.5],
    ['ImageScale', { width: 0, height: 1056 }, 1.5],
    ['Image Resize', { ...WAS, mode: 'rescale', rescale_factor: 0.5 }, 2],
    ['Image Resize (rgthree)', { measurement: 'percentage', width: 50, height: 50 }, 2],
    ['ImageResize+', { ...ESSENTIALS, width: 1152, height: 1056, method: 'keep proportion' }, 1.5],
    ['ImageResizeKJ', { width: 1152, height: 1056, keep_proportion: true }, 1.5],
    ['ImageResize+', { ...ESSENTIALS, width: 3000, height: 3000, condition: 'downscale if bigger' }, 4],
    ['ImageToGrayscale', {}, 4],
  ])('%s %j is %d times the first pass', (type, inputs, upscale) => {
    expect(hiresOf(behind(type, inputs)).upscale).toBeCloseTo(upscale, 12);
    expect(notesOf(read(behind(type, inputs)))).not.toMatch(/factor is not sure/);
  });

  it.each<[string, Inputs, { width: number; height: number }]>([
    ['Image Resize', WAS, { width: 1024, height: 1536 }],
    ['Image Resize', { ...WAS, resize_width: 1001 }, { width: 1008, height: 1536 }],
    ['Image Resize (rgthree)', { measurement: 'pixels', width: 1024, height: 1536 }, { width: 1024, height: 1536 }],
    ['ResizeAndPadImage', { target_width: 1024, target_height: 1536 }, { width: 1024, height: 1536 }],
    ['ImageResize+', { ...ESSENTIALS, width: 1024, height: 1536 }, { width: 1024, height: 1536 }],
    ['ImageScaleToTotalPixels', { megapixels: 1.5, resolution_steps: 64 }, { width: 1152, height: 1408 }],
  ])('%s %j has a size of its own', (type, inputs, size) => {
    const found = hiresOf(behind(type, inputs));
    const { upscale } = found;
    expect(upscale === undefined ? found : { width: 576 * upscale, height: 704 * upscale }).toEqual(size);
  });

  it.each<[string, Inputs]>([
    ['ConstrainImage', { max_width: 1024, max_height: 1024, min_width: 0, min_height: 0, crop_if_required: 'no' }],
    ['easy imageScaleDownToSize', { size: 1024, mode: true }],
    ['ImageScaleToTotalPixels', { megapixels: ['99', 0] }],
    ['ImageScaleBy', { scale_by: ['99', 0] }],
    ['Some Resize', { scale: 2, width: 1024, height: 1024 }],
    ['EsesImageResize', { scaling_mode: 'megapixels', multiplier: 2, megapixels: 1.5, width: 1024, height: 1024 }],
    ['LayerUtility: ImageScaleRestore', { scale: 2, scale_by_longest_side: true, longest_side: 1024 }],
  ])('%s %j gives nobody knows what, which is said', (type, inputs) => {
    const found = read(behind(type, inputs));
    expect(hiresOf(behind(type, inputs))).toEqual({ upscale: undefined });
    expect(notesOf(found)).toContain(`By how much the node "${type}" enlarges is not in the graph`);
  });

  it.each([
    ['4x-Ultra.pth', 'of a known factor'],
    ['Ultra.pth', 'of an unknown one'],
  ])('%s %s, a size behind an unknown node counts', (name) => {
    const nodes = behind('ImageScale', { image: ['15', 0], width: 864, height: 1056 }, name);
    const found = read({ ...nodes, '15': node('ConstrainImage', { image: ['11', 0] }) });
    expect(found.recipe.hires).toMatchObject({ resizeWidth: 864, resizeHeight: 1056 });
    expect(notesOf(found)).not.toMatch(/factor is not sure/);
  });

  it('of an unknown factor, as many pixels as are said are known', () => {
    const nodes = behind('ImageScaleToMaxDimension', { largest_size: 1056 }, 'Ultra.pth');
    expect(read(nodes).recipe.hires).toMatchObject({ upscale: 1.5, upscaler: 'Ultra' });
    expect(notesOf(read(nodes))).not.toMatch(/factor is not sure/);
  });

  it('of an unknown factor, a size that depends on it is not known', () => {
    const inputs = { ...ESSENTIALS, width: 3000, height: 3000, condition: 'downscale if bigger' };
    const nodes = behind('ImageResize+', inputs, 'Ultra.pth');
    expect(hiresOf(nodes)).toEqual({ upscale: undefined });
    expect(notesOf(read(nodes))).toMatch(/By how much the model "Ultra" enlarges/);
  });
});

describe('without a model before them', () => {
  it('WAS’ sides count in their mode, not the factor beside them', () => {
    const nodes = alone('Image Resize', { ...WAS, resize_width: 864, resize_height: 1056 });
    expect(hiresOf(nodes)).toEqual({ width: 864, height: 1056 });
    expect(hiresOf(alone('Image Resize', { ...WAS, mode: 'rescale', rescale_factor: 1.5 }))).toEqual({ upscale: 1.5 });
  });

  it('Comfyroll’s width counts in its mode, and the model of another enlarges by its name', () => {
    expect(hiresOf(alone('CR Upscale Image', COMFYROLL))).toEqual({ upscale: 1.5 });
    expect(hiresOf(alone('CR Upscale Image', { ...COMFYROLL, mode: 'rescale' }))).toEqual({ upscale: 2 });
    expect(hiresOf(alone('ImageUpscaleWithModelBatched', { upscale_model: '4x.pth', per_batch: 4 }))).toEqual({
      upscale: 4,
    });
  });

  it.each<[string, object]>([
    ['by percentage', { upscale: 2 }],
    ['to Width/Height', { width: 1024, height: 1536 }],
    ['to longer side - maintain aspect', { upscale: 1.5 }],
  ])('Easy-Use’s second pass is enlarged %s', (rescale, expected) => {
    const said = { rescale, percent: 50, width: 1024, height: 1536, longer_side: 1056 };
    const hires = { model_name: '4x.pth', rescale_after_model: true, ...said };
    expect(hiresOf(alone('easy hiresFix', hires))).toEqual(expected);
    expect(hiresOf(alone('easy hiresFix', { ...hires, rescale_after_model: false }))).toEqual({ upscale: 4 });
  });
});
