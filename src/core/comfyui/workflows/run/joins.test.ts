/** Pictures beside others, with alpha and with noise, and noise on latents, as graphs compile them. */
import { describe, expect, it } from 'vitest';
import { compile, settingsOf, sound, type Nodes } from '../testing/compiled';
import { PARTS, SAMPLER } from '../testing/prompts';

const LOADED: Nodes = { '20': ['LoadImage', { image: 'a.png' }], '21': ['LoadImage', { image: 'b.png' }] };
const SAVED = (from: string, slot = 0): Nodes => ({
  '9': ['SaveImage', { images: [from, slot], filename_prefix: 'x' }],
});
const messages = (changes: Nodes) => compile(changes).problems.map(({ message }) => message);

describe('stitched pictures', () => {
  const stitch = (said: object = {}): Nodes => ({
    ...LOADED,
    '22': [
      'ImageStitch',
      {
        ...{ image1: ['20', 0], image2: ['21', 0], direction: 'down', match_image_size: true },
        ...{ spacing_width: 8, spacing_color: 'red', ...said },
      },
    ],
  });

  it('have a size that is known: that of both and what lies between', () => {
    const sized = {
      ...stitch(),
      '23': ['GetImageSize', { image: ['22', 0] }],
      '5': ['EmptyLatentImage', { width: ['23', 0], height: ['23', 1], batch_size: 1 }],
    } satisfies Nodes;
    expect(settingsOf(sized, 'empty_latent')).toEqual([{ width: 640, height: 808 }]);
    expect(settingsOf({ ...stitch(), ...SAVED('22') }, 'stitch_images')).toEqual([
      { side: 'down', matches: true, spacing: 8, colour: 'red' },
    ]);
  });

  it('are the first alone without a second, and the last of fewer again', () => {
    const alone: Nodes = { ...LOADED, '22': ['ImageStitch', { image1: ['20', 0] }], ...SAVED('22') };
    expect(settingsOf(alone, 'stitch_images')).toEqual([]);
    const batch: Nodes = {
      ...stitch({ image1: ['24', 0] }),
      '24': ['RepeatImageBatch', { image: ['20', 0], amount: 3 }],
      ...SAVED('22'),
    };
    expect(settingsOf(batch, 'keep')).toHaveLength(3);
  });
});

describe('KJNodes’ ImageConcanate', () => {
  const pair = (said: object = {}): Nodes => ({
    ...LOADED,
    '23': ['ImageScale', { image: ['21', 0], upscale_method: 'area', width: 320, height: 320, crop: 'disabled' }],
    '22': [
      'ImageConcanate',
      { image1: ['20', 0], image2: ['23', 0], direction: 'left', match_image_size: true, ...said },
    ],
    ...SAVED('22'),
  });

  it('puts nothing between, and is refused where sides of another length touch', () => {
    expect(settingsOf(pair(), 'stitch_images')).toEqual([{ side: 'left', matches: true, colour: 'black' }]);
    expect(messages(pair({ match_image_size: false }))).toEqual([
      expect.stringContaining('one is 400 and the other 320 pixels in height: turn match_image_size on.'),
    ]);
  });
});

describe('packs’ masks', () => {
  const shown = (node: Nodes[string], slot = 0): Nodes => ({
    ...LOADED,
    '22': node,
    '9': ['MaskPreview+', { mask: ['22', slot] }],
  });

  it('are blurred over no more than they are wide, with sigma as a share of it', () => {
    const blur = (kernel_size: number): Nodes =>
      shown(['ImpactGaussianBlurMask', { mask: ['20', 1], kernel_size, sigma: 5 }]);
    expect(settingsOf(blur(10), 'blur_image')).toEqual([{ radius: 10, sigma: 0.5 }]);
    expect(settingsOf(blur(0), 'blur_image')).toEqual([]);
    const small = {
      ...blur(10),
      '20': ['SolidMask', { value: 1, width: 16, height: 20 }],
      '22': ['ImpactGaussianBlurMask', { mask: ['20', 0], kernel_size: 10, sigma: 5 }],
    } satisfies Nodes;
    expect(settingsOf(small, 'blur_image')).toEqual([{ radius: 4, sigma: 1.25 }]);
  });

  it('are turned round, grown, and then blurred; what fills holes is refused', () => {
    const grow = (said: object = {}): Nodes =>
      shown([
        'GrowMaskWithBlur',
        {
          ...{ mask: ['20', 1], expand: -4, incremental_expandrate: 0, tapered_corners: true, flip_input: true },
          ...{ blur_radius: 2.5, lerp_alpha: 1, decay_factor: 1, ...said },
        },
      ]);
    expect(settingsOf(grow(), 'change_mask')).toEqual([
      {},
      { how: 'grow_tapered', amount: -4 },
      { how: 'blur', amount: 2.5 },
    ]);
    expect(messages(grow({ fill_holes: true }))).toEqual([expect.stringContaining('holes of masks are not filled')]);
  });
});

describe('alpha', () => {
  const joined: Nodes = {
    ...LOADED,
    '22': ['JoinImageWithAlpha', { image: ['20', 0], alpha: ['21', 1] }],
  };

  it('is laid on where a picture leaves', () => {
    const nodes = sound({ ...joined, ...SAVED('22') });
    const alpha = nodes.find(({ operation }) => operation === 'add_alpha');
    expect(alpha?.inputs).toEqual({
      image: { node: '20', output: 'image' },
      mask: { node: '21 mask', output: 'mask' },
    });
    expect(nodes.find(({ operation }) => operation === 'keep')?.inputs['image']).toEqual({
      node: alpha?.id,
      output: 'image',
    });
  });

  const batches = (image: [string, number], alpha: [string, number]): Nodes => ({
    ...LOADED,
    '23': ['ImageBatch', { image1: ['20', 0], image2: ['21', 0] }],
    '24': ['RepeatImageBatch', { image: ['23', 0], amount: 2 }],
    '25': ['ImageToMask', { image: ['24', 0], channel: 'red' }],
    '22': ['JoinImageWithAlpha', { image, alpha }],
    ...SAVED('22'),
  });
  const joinedOf = (nodes: Nodes, input: string) =>
    sound(nodes).flatMap(({ operation, inputs }) => (operation === 'add_alpha' ? (inputs[input]?.node ?? '') : []));

  it('is the same for all of a batch where it is one', () => {
    const nodes = batches(['24', 0], ['21', 1]);
    expect(joinedOf(nodes, 'mask')).toEqual(Array.from({ length: 4 }, () => '21 mask'));
    expect(settingsOf(nodes, 'keep')).toHaveLength(4);
  });

  it('of a batch makes as many of fewer pictures, from the first on', () => {
    expect(joinedOf(batches(['23', 0], ['25', 0]), 'image')).toEqual(['20', '23', '20', '23']);
    expect(new Set(joinedOf(batches(['20', 0], ['25', 0]), 'mask')).size).toBe(4);
  });

  it('is a mask again where it is split off', () => {
    const split: Nodes = {
      ...joined,
      '23': ['SplitImageWithAlpha', { image: ['22', 0] }],
      '24': ['MaskToImage', { mask: ['23', 1] }],
      ...SAVED('24'),
    };
    expect(settingsOf(split, 'image_to_mask')).toEqual([{ channel: 'hidden' }]);
    const seen: Nodes = {
      ...joined,
      '23': ['ImageToMask', { image: ['22', 0], channel: 'alpha' }],
      '24': ['MaskToImage', { mask: ['23', 0] }],
      ...SAVED('24'),
    };
    expect(settingsOf(seen, 'change_mask')).toEqual([{}]); // to invert is the default
  });

  it('is lost in other nodes, which is said', () => {
    const { notices, problems } = compile({ ...joined, '23': ['ImageInvert', { image: ['22', 0] }], ...SAVED('23') });
    expect(problems).toEqual([]);
    expect(notices).toEqual([
      '"Invert Image" (node 23): what shows through of its picture is not seen here, and goes no further.',
    ]);
  });
});

describe('noise', () => {
  it('of a picture is drawn with its batch', () => {
    const grained: Nodes = {
      ...LOADED,
      '22': ['RepeatImageBatch', { image: ['20', 0], amount: 2 }],
      '23': ['ImageAddNoise', { image: ['22', 0], seed: 5n, strength: 0.25 }],
      ...SAVED('23'),
    };
    expect(settingsOf(grained, 'grain_image')).toEqual([
      { seed: 5, strength: 0.25, batchSize: 2 },
      { seed: 5, strength: 0.25, batchIndex: 1, batchSize: 2 },
    ]);
  });

  const added = (noise: Nodes[string]): Nodes => ({
    '20': noise,
    '21': ['ManualSigmas', { sigmas: '3, 1' }],
    '22': ['AddNoise', { model: ['4', 0], noise: ['20', 0], sigmas: ['21', 0], latent_image: ['5', 0] }],
    '3': ['KSampler', { ...SAMPLER, ...PARTS, latent_image: ['22', 0] }],
  });

  it('of a latent is that of its seed; without one it stays empty', () => {
    expect(settingsOf(added(['RandomNoise', { noise_seed: 3 }]), 'noise_latent')).toEqual([{ seed: 3 }]);
    const silent = added(['DisableNoise', {}]);
    expect(settingsOf(silent, 'noise_latent')).toEqual([]);
    expect(messages(silent)).toEqual([]);
  });

  it('and frames are of the size that is said', () => {
    const framed: Nodes = {
      ...LOADED,
      '22': [
        'ResizeAndPadImage',
        { image: ['20', 0], target_width: 300, target_height: 200, padding_color: 'black', interpolation: 'lanczos' },
      ],
      ...SAVED('22'),
    };
    expect(settingsOf(framed, 'frame_image')).toEqual([{ width: 300, height: 200, mode: 'lanczos' }]);
  });
});
