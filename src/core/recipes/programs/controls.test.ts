import { describe, expect, it } from 'vitest';
import { readControl } from '../../recipe/control/infotext';
import { readTextRecipe } from '..';

function read(json: object) {
  const found = readTextRecipe(JSON.stringify(json));
  const notes = (found?.notes ?? []).map(({ message }) => message).join(' ');
  return { recipe: found?.recipe, units: found ? readControl(found.recipe).units : [], notes };
}

const INVOKE = { positive_prompt: 'a cat', seed: 1, steps: 20, scheduler: 'euler', generation_mode: 'txt2img' };

describe('units of other programs', () => {
  it('InvokeAI’s lists, of both ways to name a model', () => {
    const { units, notes } = read({
      ...INVOKE,
      controlnets: [
        {
          image: { image_name: 'a.png' },
          control_model: { model_name: 'canny', base_model: 'sd-1' },
          ...{ control_weight: 0.75, begin_step_percent: 0.1, end_step_percent: 0.9 },
          ...{ control_mode: 'more_control', resize_mode: 'fill_resize' },
        },
      ],
      t2iAdapters: [
        { t2i_adapter_model: { key: 'k', name: 'sketch', base: 'sd-1' }, weight: 0.5, resize_mode: 'crop_resize' },
      ],
      ipAdapters: [
        {
          ip_adapter_model: { key: 'k', name: 'ip' },
          weight: 0.6,
          begin_step_percent: 0,
          end_step_percent: 1,
          method: 'style',
        },
      ],
    });
    expect(units).toEqual([
      {
        ...{ model: 'canny', module: 'none', weight: 0.75, start: 0.1, end: 0.9, pixelPerfect: false },
        ...{ mode: 'control', resizeMode: 'resize_and_fill', range: 'invokeai' },
      },
      {
        ...{ model: 'sketch', module: 'none', weight: 0.5, start: 0, end: 1, pixelPerfect: false },
        ...{ mode: 'balanced', resizeMode: 'crop_and_resize', range: 'invokeai' },
      },
      {
        ...{ model: 'ip', module: 'ip-adapter-auto', weight: 0.6, start: 0, end: 1, pixelPerfect: false },
        ...{ mode: 'balanced', resizeMode: 'just_resize', range: 'invokeai' },
      },
    ]);
    expect(notes).toMatch(/reads for "style" alone there/);
    expect(notes).not.toMatch(/Not carried over from InvokeAI/);
  });

  it('InvokeAI’s canvas: what is on, and what is of another kind is named', () => {
    const adapter = {
      type: 'controlnet',
      model: { name: 'scribble' },
      weight: 0.75,
      beginEndStepPct: [0, 0.75],
      controlMode: 'balanced',
    };
    const { units, notes } = read({
      ...INVOKE,
      canvas_v2_metadata: {
        controlLayers: [
          { isEnabled: true, controlAdapter: adapter },
          { isEnabled: false, controlAdapter: adapter },
        ],
        referenceImages: [
          {
            isEnabled: true,
            ipAdapter: {
              type: 'ip_adapter',
              model: { name: 'ip' },
              weight: 1,
              beginEndStepPct: [0, 1],
              method: 'full',
            },
          },
        ],
        inpaintMasks: [{}],
      },
      ref_images: [{ isEnabled: true, config: { type: 'flux_redux', model: { name: 'redux' } } }],
    });
    expect(units.map(({ model, end, range }) => [model, end, range])).toEqual([
      ['scribble', 0.75, 'invokeai'],
      ['ip', 1, 'invokeai'],
    ]);
    expect(notes).toMatch(/not carried over: masks\./);
    expect(notes).toMatch(/reference images\) are not carried over/);
  });

  it('InvokeAI’s canvas: what is empty, off or outside the frame did nothing', () => {
    const stroke = { type: 'brush_line', strokeWidth: 40, points: [1, 2, 30, 40] };
    const canvas = {
      controlLayers: [],
      inpaintMasks: [{ type: 'inpaint_mask', isEnabled: true, objects: [] }],
      rasterLayers: [{ type: 'raster_layer', isEnabled: true, objects: [stroke] }],
      regionalGuidance: [{ isEnabled: false, positivePrompt: 'a dog', objects: [stroke] }],
    };
    expect(read({ ...INVOKE, canvas_v2_metadata: canvas }).notes).not.toMatch(/canvas/);
    const inpainted = {
      ...canvas,
      inpaintMasks: [{ type: 'inpaint_mask', isEnabled: true, objects: [stroke], noiseLevel: 0.15 }],
      regionalGuidance: [
        { isEnabled: true, positivePrompt: 'a red cat', negativePrompt: 'fog', objects: [stroke] },
        { isEnabled: true, positivePrompt: 'x'.repeat(90), negativePrompt: null, objects: [stroke] },
      ],
    };
    const { notes } = read({ ...INVOKE, generation_mode: 'sdxl_inpaint', canvas_v2_metadata: inpainted });
    expect(notes).toContain(
      `not carried over: prompts of regions ("a red cat", not "fog", "${'x'.repeat(80)} …"), masks, raster layers.`,
    );
  });

  it('InvokeAI’s layers of version 4.2', () => {
    const control = { model: { name: 'canny' }, weight: 0.6, beginEndStepPct: [0.1, 0.9] };
    const layers = [
      { type: 'control_adapter_layer', isEnabled: true, controlAdapter: { ...control, type: 'controlnet' } },
      { type: 'ip_adapter_layer', isEnabled: true, ipAdapter: { ...control, type: 'ip_adapter', method: 'full' } },
      { type: 'regional_guidance_layer', positivePrompt: 'a hill', maskObjects: [{ type: 'vector_mask_rect' }] },
      { type: 'initial_image_layer', image: { name: 'a.png', width: 512, height: 512 }, denoisingStrength: 0.4 },
    ];
    const json = { ...INVOKE, generation_mode: 'img2img', control_layers: { layers, version: 3 } };
    const { units, notes, recipe } = read(json);
    expect(units.map(({ model, start, module }) => [model, start, module])).toEqual([
      ['canny', 0.1, 'none'],
      ['canny', 0.1, 'ip-adapter-auto'],
    ]);
    expect(recipe?.denoisingStrength).toBe(0.4);
    expect(notes).toMatch(/not carried over: prompts of regions \("a hill"\)\./);
  });

  it('SwarmUI’s three', () => {
    const { units, notes } = read({
      sui_image_params: {
        ...{ prompt: 'a cat', model: 'x', seed: 1, steps: 20, cfgscale: 7 },
        ...{ controlnetmodel: 'sd15/control_v11p_sd15_canny.safetensors', controlnetstrength: 0.8 },
        ...{ controlnetstart: 0.1, controlnetend: 0.9, controlnetpreprocessor: 'CannyEdgePreprocessor' },
        ...{ controlnettwomodel: 'union.safetensors', controlnettwouniontype: 'hed/pidi/scribble/ted' },
        controlnetthreemodel: '(None)',
      },
    });
    expect(units).toHaveLength(2);
    expect(units[0]).toMatchObject({
      ...{ model: 'control_v11p_sd15_canny', module: 'cannyedgepreprocessor', weight: 0.8 },
      ...{ start: 0.1, end: 0.9, range: 'comfyui' },
    });
    expect(units[1]).toMatchObject({ model: 'union', module: 'none', kind: 'softedge' });
    expect(notes).toMatch(/SwarmUI chose the preprocessor for union itself/);
    expect(notes).not.toMatch(/Not carried over/);
  });

  it('Draw Things’', () => {
    const control = {
      file: 'controlnet_canny_1.x_v1.1_f16.ckpt',
      weight: 0.7,
      guidanceStart: 0,
      guidanceEnd: 0.6,
      controlImportance: 'prompt',
    };
    const expected = { model: 'controlnet_canny_1.x_v1.1_f16', weight: 0.7, end: 0.6, mode: 'prompt' };
    expect(
      read({ c: 'a cat', uc: '', seed: 1, steps: 20, scale: 7, v2: { controls: [control] } }).units[0],
    ).toMatchObject(expected);
    expect(read({ guidanceScale: 7, steps: 20, sampler: 1, seed: 1, controls: [control] }).units[0]).toMatchObject(
      expected,
    );
  });

  it('Easy Diffusion’s', () => {
    const { units, notes } = read({
      ...{ prompt: 'a cat', seed: 1, num_inference_steps: 20, sampler_name: 'euler', use_stable_diffusion_model: 'x' },
      ...{ use_controlnet_model: 'control_v11p_sd15_canny', control_filter_to_apply: 'canny', control_alpha: 0.9 },
    });
    expect(units).toMatchObject([{ model: 'control_v11p_sd15_canny', module: 'canny', weight: 0.9 }]);
    expect(notes).not.toMatch(/control/);
  });

  it.each([
    [-0.5, 0],
    [3, 2],
  ])('a weight of %d is named, and %d taken', (weight, expected) => {
    const { units, notes } = read({ ...INVOKE, ipAdapters: [{ ip_adapter_model: { model_name: 'ip' }, weight }] });
    expect(units).toMatchObject([{ model: 'ip', weight: expected }]);
    expect(notes).toContain(`"ip" has the weight ${weight}; here it is from 0 to 2, and ${expected} is taken.`);
  });

  it('InvokeAI’s weights for each step, of which the first is taken', () => {
    const readWeight = (weight: unknown) =>
      read({ ...INVOKE, controlnets: [{ control_model: { name: 'canny' }, control_weight: weight }] });
    const { units, notes } = readWeight([0.8, 0.5, 0.2]);
    expect(units).toMatchObject([{ model: 'canny', weight: 0.8 }]);
    expect(notes).toContain('InvokeAI gave "canny" a weight for each step: the first is taken for all.');
    expect(readWeight([0.8, 0.8]).notes).not.toMatch(/each step/);
  });

  it('Draw Things’, with what is lost named', () => {
    const readControls = (...controls: object[]) =>
      read({ guidanceScale: 7, steps: 20, sampler: 1, seed: 1, controls });
    const plain = { noPrompt: false, globalAveragePooling: false, downSamplingRate: 1, targetBlocks: [] };
    const fine = readControls({ file: 'controlnet_tile_1.x_v1.1_f16.ckpt', ...plain, inputOverride: '' });
    expect(fine.units).toHaveLength(1);
    expect(fine.notes).not.toMatch(/carried over/);
    expect(readControls({ file: null }).notes).toMatch(/controls that name no file/);
    const others = { noPrompt: true, targetBlocks: ['up'], downSamplingRate: 2 };
    expect(readControls({ file: 'a.ckpt', ...plain, ...others }).notes).toContain(
      'Draw Things has settings of "a" that are not carried over: noPrompt, downSamplingRate, targetBlocks.',
    );
    const pools = { globalAveragePooling: true };
    expect(readControls({ file: 'controlnet_shuffle_1.x_v1.1_f16.ckpt', ...pools }).notes).not.toMatch(/carried/);
    expect(readControls({ file: 'a.ckpt', ...pools }).notes).toMatch(/: globalAveragePooling\./);
  });

  it('Draw Things’ IP-Adapters', () => {
    const { units } = read({
      ...{ guidanceScale: 7, steps: 20, sampler: 1, seed: 1 },
      controls: [{ file: 'ip_adapter_plus_1.5_f16.ckpt', weight: 0.5 }],
    });
    expect(units).toMatchObject([{ model: 'ip_adapter_plus_1.5_f16', module: 'ip-adapter-auto', weight: 0.5 }]);
  });

  it('Easy Diffusion’s lists', () => {
    const base = { prompt: 'a cat', seed: 1, num_inference_steps: 20, sampler_name: 'euler' };
    const readBoth = (more: object) => read({ ...base, use_controlnet_model: ['a', 'b'], ...more }).units;
    expect(readBoth({ control_alpha: [0.5, 0.6], control_filter_to_apply: ['canny', 'none'] })).toMatchObject([
      { model: 'a', module: 'canny', weight: 0.5 },
      { model: 'b', module: 'none', weight: 0.6 },
    ]);
    expect(readBoth({ control_alpha: 0.7 }).map(({ weight }) => weight)).toEqual([0.7, 0.7]);
  });

  it('nothing where nothing is named', () => {
    expect(read({ ...INVOKE, controlnets: [{ image: 'x' }, 3], ipAdapters: 'x', t2iAdapters: [] }).units).toEqual([]);
  });
});
