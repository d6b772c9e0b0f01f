/** Ultimate SD Upscale's nodes: which tiles they paint, and what they refuse. Boxes and masks are held to Pillow's in core/redraw. */
import { describe, expect, it } from 'vitest';
import golden from '../../../redraw/fixtures/tiles.json' with { type: 'json' };
import { NODES, widgetSpecs } from '../nodes';
import { compile, settingsOf, sound, type Nodes } from '../testing/compiled';
import { SAMPLER } from '../testing/prompts';

const SAMPLED = Object.fromEntries(Object.entries(SAMPLER).filter(([name]) => name !== 'denoise'));
const TILED = {
  ...{ mode_type: 'Linear', tile_width: 128, tile_height: 128, mask_blur: 8, tile_padding: 32 },
  ...{ seam_fix_mode: 'None', seam_fix_denoise: 1, seam_fix_width: 64, seam_fix_mask_blur: 4, seam_fix_padding: 16 },
};
const PAINTED = { model: ['4', 0], positive: ['6', 0], negative: ['7', 0], vae: ['4', 2] };

function graph(type: string, inputs: Record<string, unknown> = {}, more: Nodes = {}): Nodes {
  const image =
    type === 'UltimateSDUpscaleNoUpscale' ? { upscaled_image: ['8', 0] } : { image: ['8', 0], upscale_by: 2 };
  const own = { ...SAMPLED, denoise: 0.2, ...TILED, ...PAINTED, ...image, ...inputs };
  return {
    ...{ '8': ['VAEDecode', { samples: ['3', 0], vae: ['4', 2] }] },
    '20': [type, own as never],
    '9': ['SaveImage', { images: ['20', 0], filename_prefix: 'x' }],
    ...more,
  };
}
const NETWORK: Nodes = { '21': ['UpscaleModelLoader', { model_name: 'four.pth' }] };
const enlarging = (inputs: Record<string, unknown> = {}): Nodes =>
  graph('UltimateSDUpscale', { upscale_model: ['21', 0], ...inputs }, NETWORK);

describe('UltimateSDUpscale', () => {
  it('enlarges by the network, makes that fit, and paints the tiles that ComfyUI does', () => {
    expect(settingsOf(enlarging(), 'upscale_image')).toEqual([{ upscaler: 'four.pth' }]);
    expect(settingsOf(enlarging(), 'fit_image')[0]).toMatchObject({
      width: 256,
      height: 256,
      resizeMode: 'just_resize',
    });
    const cuts = settingsOf(enlarging(), 'crop_image').map(({ x = 0, y = 0, width, height }) => [x, y, width, height]);
    const wanted = golden.cases.nodes.passes.map(({ box: [left, top, right, bottom] }) => [
      ...[left, top, right - left, bottom - top],
    ]);
    expect(cuts).toEqual(wanted);
    const samples = settingsOf(enlarging(), 'sample').slice(1);
    expect(samples.map(({ seed, isTile, denoisingStrength }) => [seed, isTile, denoisingStrength])).toEqual(
      wanted.map(() => [7, true, 0.2]),
    );
  });

  it('lays each tile into what those before it left', () => {
    const nodes = sound(enlarging());
    const laid = nodes.filter(({ operation }) => operation === 'lay_tile');
    const cuts = nodes.filter(({ operation }) => operation === 'crop_image');
    laid.slice(0, -1).forEach(({ id }, i) => {
      expect(cuts[i + 1].inputs['image'].node).toBe(id);
      expect(laid[i + 1].inputs['original'].node).toBe(id);
    });
    expect(nodes.find(({ operation }) => operation === 'keep')?.inputs['image'].node).toBe(laid.at(-1)?.id);
  });

  it('paints tiles of their own size where they are not to be uniform', () => {
    const nodes = graph('UltimateSDUpscaleNoUpscale', { force_uniform_tiles: false });
    expect(settingsOf(nodes, 'fit_image')).toEqual([]);
    expect(settingsOf(nodes, 'crop_image')).toEqual([{ width: 128, height: 128 }]);
  });

  it('repeats pixels where no network is joined, and mends seams with their own strength', () => {
    const seams = { seam_fix_mode: 'Half Tile', seam_fix_denoise: 0.4 };
    const nodes = graph('UltimateSDUpscaleCustomSample', seams);
    expect(settingsOf(nodes, 'scale_image')).toEqual([{ factor: 2 }]);
    const strengths = settingsOf(nodes, 'sample').map(({ denoisingStrength }) => denoisingStrength);
    expect(strengths).toEqual([undefined, 0.2, 0.2, 0.2, 0.2, 0.4, 0.4, 0.4, 0.4]);
  });

  it('cuts hints as the tiles are', () => {
    const control: Nodes = {
      '30': ['ControlNetLoader', { control_net_name: 'c' }],
      '31': ['LoadImage', { image: 'hint.png' }],
      '32': [
        'ControlNetApplyAdvanced',
        {
          ...{ positive: ['6', 0], negative: ['7', 0], control_net: ['30', 0], image: ['31', 0] },
          ...{ strength: 1, start_percent: 0, end_percent: 1 },
        },
      ],
    };
    const nodes = graph('UltimateSDUpscaleCustomSample', { positive: ['32', 0], negative: ['32', 1] }, control);
    const hints = settingsOf(nodes, 'cut_hint');
    expect(hints).toHaveLength(4);
    expect(hints[1]).toMatchObject({ wholeWidth: 256, wholeHeight: 256, width: 160, height: 160 });
    expect(settingsOf(nodes, 'apply_control')).toHaveLength(4);
  });

  it('says what does not run', () => {
    const unknown = graph(
      'UltimateSDUpscaleNoUpscale',
      { upscaled_image: ['22', 0] },
      {
        ...NETWORK,
        '22': ['ImageUpscaleWithModel', { upscale_model: ['21', 0], image: ['8', 0] }],
      },
    );
    expect(
      compile(unknown)
        .problems.map(({ message }) => message)
        .join(),
    ).toMatch(/not known before it is made/);
    const area: Nodes = {
      '33': ['ConditioningSetArea', { conditioning: ['6', 0], width: 64, height: 64, x: 0, y: 0, strength: 1 }],
    };
    const placed = graph('UltimateSDUpscaleCustomSample', { positive: ['33', 0] }, area);
    expect(
      compile(placed)
        .problems.map(({ message }) => message)
        .join(),
    ).toMatch(/part of the picture/);
    expect(compile(enlarging({ batch_size: 4 })).notices.join()).toMatch(/one by one/);
  });

  it('has its values in the pack’s order', () => {
    expect(widgetSpecs(NODES['UltimateSDUpscale']).map(([name]) => name)).toEqual([
      ...['upscale_by', 'seed', 'steps', 'cfg', 'sampler_name', 'scheduler', 'denoise', 'mode_type'],
      ...['tile_width', 'tile_height', 'mask_blur', 'tile_padding', 'seam_fix_mode', 'seam_fix_denoise'],
      ...[
        'seam_fix_width',
        'seam_fix_mask_blur',
        'seam_fix_padding',
        'force_uniform_tiles',
        'tiled_decode',
        'batch_size',
      ],
    ]);
  });
});
